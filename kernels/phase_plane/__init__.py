"""The phase plane of maps of the plane: the points of many orbits, fixed points and cycles."""

from kernels.phase_plane.cycles import Cycle, CyclesFrame, CyclesRequest
from kernels.phase_plane.plane import Point, plane_map
from kernels.phase_plane.request import PhasePlaneFrame, PhasePlaneRequest

__all__ = ["Cycle", "CyclesFrame", "CyclesRequest", "PhasePlaneFrame", "PhasePlaneRequest", "Point", "plane_map"]
