"""Mingjian: a campus video surveillance system that is itself under the rule."""

__version__ = "0.1.0"
