"""Cameras that misbehave: a table of behaviours, each a few lines over one small RTSP server."""
