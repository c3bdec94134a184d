"""The registry of objective functions."""
