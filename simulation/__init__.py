"""A deterministic simulation of the recording plane: real code, simulated world, one seeded loop."""
