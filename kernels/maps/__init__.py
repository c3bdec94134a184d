"""The registry of iterated maps."""

from kernels.maps.map import Map
from kernels.maps.own import add_map
from kernels.maps.plane import PLANE_MAPS
from kernels.maps.registry import LINE_MAPS, MAPS

__all__ = ["LINE_MAPS", "MAPS", "PLANE_MAPS", "Map", "add_map"]
