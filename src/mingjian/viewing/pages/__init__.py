"""HTTP and nothing more: each page reads through queries, each form goes to one use-case."""
