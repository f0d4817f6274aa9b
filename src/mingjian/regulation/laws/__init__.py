"""National rules that bind this system, one module per subject; read them through `articles`."""
