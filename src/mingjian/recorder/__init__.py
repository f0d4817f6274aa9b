"""The processes that record: a keeper per volume, and workers that carry cameras to its files."""
