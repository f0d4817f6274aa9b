"""值班: shifts, and live view for the operator on shift."""
