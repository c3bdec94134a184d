"""The phase plane of maps of the plane: the points of many orbits."""

from kernels.phase_plane.plane import Point, plane_map
from kernels.phase_plane.request import PhasePlaneFrame, PhasePlaneRequest

__all__ = ["PhasePlaneFrame", "PhasePlaneRequest", "Point", "plane_map"]
