"""Cameras, volumes and holds as the control plane knows them, and the plan that recorders follow."""
