"""This machine: the data folder, its secrets and ports, the private PostgreSQL, and the one supervisor."""
