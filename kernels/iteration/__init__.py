"""Iterating a map: orbits, products of derivatives, periods; sin(pi x) and cos(pi x)."""
