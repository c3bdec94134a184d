"""Periodic orbits of a map: the roots of f^p(x) - x, found, polished and classified."""
