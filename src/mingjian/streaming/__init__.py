"""Process: a grant in, bytes of footage out, and a receipt in the ledger for every look. No Django."""
