"""The rules of the regulation, one module per chapter; read them through `articles`."""
