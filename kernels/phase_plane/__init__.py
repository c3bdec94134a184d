"""The phase plane of maps of the plane: the points of many orbits, fixed points and cycles."""

from kernels.phase_plane.cycles import LONGEST, Cycle, CyclesFrame, CyclesRequest
from kernels.phase_plane.orbit import LONGEST_DRAWN, MOST_DRAWN, PlaneOrbitsFrame, PlaneOrbitsRequest
from kernels.phase_plane.plane import Point, plane_map
from kernels.phase_plane.request import MOST_ORBITS, MOST_STEPS, PhasePlaneFrame, PhasePlaneRequest
from kernels.phase_plane.spectrum import SpectrumFrame, SpectrumRequest

__all__ = [
    "LONGEST",
    "LONGEST_DRAWN",
    "MOST_DRAWN",
    "MOST_ORBITS",
    "MOST_STEPS",
    "Cycle",
    "CyclesFrame",
    "CyclesRequest",
    "PhasePlaneFrame",
    "PhasePlaneRequest",
    "PlaneOrbitsFrame",
    "PlaneOrbitsRequest",
    "Point",
    "SpectrumFrame",
    "SpectrumRequest",
    "plane_map",
]
