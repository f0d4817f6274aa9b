"""录像: volumes, files, the index, gaps, the retention floor, holds, the one deletion gate, check and repair."""
