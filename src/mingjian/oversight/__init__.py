"""监督: what the regulation asks and what this system does about it, for everybody to read."""
