"""授权: short-lived, signed media grants, and the named keys that sign papers."""
