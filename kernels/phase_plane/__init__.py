"""The phase plane of maps of the plane: many orbits, fixed points and cycles, basins of attraction, Lyapunov exponents, dimensions."""

from kernels.phase_plane.attractors import MOST_ATTRACTORS, Attractor
from kernels.phase_plane.basins import DIVERGED, UNDEFINED, UNRESOLVED, PlaneBasinsFrame, PlaneBasinsRequest
from kernels.phase_plane.cycles import LONGEST, Continuum, Cycle, CyclesFrame, CyclesRequest
from kernels.phase_plane.dimension import Scaling, dimensions
from kernels.phase_plane.manifolds import LONGEST_SADDLE, Branch, ManifoldsFrame, ManifoldsRequest, size_of, usual_length
from kernels.phase_plane.numbers import OrbitNumbersFrame, OrbitNumbersRequest
from kernels.phase_plane.orbit import LONGEST_DRAWN, MOST_DRAWN, PlaneOrbitsFrame, PlaneOrbitsRequest
from kernels.phase_plane.plane import Point, plane_map
from kernels.phase_plane.request import MOST_ORBITS, MOST_STEPS, PhasePlaneFrame, PhasePlaneRequest
from kernels.phase_plane.rotation import Rotation
from kernels.phase_plane.spectrum import SpectrumFrame, SpectrumRequest

__all__ = [
    "DIVERGED",
    "LONGEST",
    "LONGEST_DRAWN",
    "LONGEST_SADDLE",
    "MOST_ATTRACTORS",
    "MOST_DRAWN",
    "MOST_ORBITS",
    "MOST_STEPS",
    "UNDEFINED",
    "UNRESOLVED",
    "Attractor",
    "Branch",
    "Continuum",
    "Cycle",
    "CyclesFrame",
    "CyclesRequest",
    "ManifoldsFrame",
    "ManifoldsRequest",
    "OrbitNumbersFrame",
    "OrbitNumbersRequest",
    "PhasePlaneFrame",
    "PhasePlaneRequest",
    "PlaneBasinsFrame",
    "PlaneBasinsRequest",
    "PlaneOrbitsFrame",
    "PlaneOrbitsRequest",
    "Point",
    "Rotation",
    "Scaling",
    "SpectrumFrame",
    "SpectrumRequest",
    "dimensions",
    "plane_map",
    "size_of",
    "usual_length",
]
