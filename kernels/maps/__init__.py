"""The registry of iterated maps."""

from kernels.maps.registry import MAPS, Map

__all__ = ["MAPS", "Map"]
