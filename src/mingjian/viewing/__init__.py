"""查阅: sessions in which a person may play a named window of named cameras."""
