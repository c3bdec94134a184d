"""The registry of iterated maps."""
