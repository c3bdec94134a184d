"""funjax's kernels: iterated maps, their bifurcation diagrams, and what can be said of them, in JAX. No Qt, no files, no threads.

For example::

    from kernels import MAPS, BifurcationRequest, Grid, Viewport

    view = Viewport.from_limits("3.54", "3.58", "0.3", "0.6")
    request = BifurcationRequest(Grid(view, columns=1280, rows=800), samples=10_000)
    *_, frame = filter(None, request.frames())  # coarse first, then finer; the last one is the picture asked for
    frame.counts, frame.period, frame.lyapunov
"""

from kernels.bifurcation import BifurcationFrame, BifurcationRequest
from kernels.equations import EQUATIONS, EquationFrame, EquationRequest
from kernels.fixed_point import FixedPointFrame, FixedPointRequest
from kernels.geometry import Grid, Viewport
from kernels.maps import MAPS, Map, add_map
from kernels.network import NetworkFrame, NetworkRequest, OwnData, parse_points
from kernels.newton import ComparisonFrame, ComparisonRequest, NewtonBasinFrame, NewtonBasinRequest, NewtonFrame, NewtonRequest
from kernels.newton.solvers import METHODS
from kernels.objectives import OBJECTIVES, Objective
from kernels.parameters import Parameter
from kernels.phase_plane import CyclesFrame, CyclesRequest, PhasePlaneFrame, PhasePlaneRequest, PlaneBasinsFrame, PlaneBasinsRequest
from kernels.single_orbit import ColumnFrame, ColumnRequest
from kernels.skeleton import SkeletonFrame, SkeletonRequest
from kernels.two_parameters import TwoParametersFrame, TwoParametersRequest

__all__ = [
    "EQUATIONS",
    "MAPS",
    "METHODS",
    "OBJECTIVES",
    "BifurcationFrame",
    "BifurcationRequest",
    "ColumnFrame",
    "ColumnRequest",
    "ComparisonFrame",
    "ComparisonRequest",
    "CyclesFrame",
    "CyclesRequest",
    "EquationFrame",
    "EquationRequest",
    "FixedPointFrame",
    "FixedPointRequest",
    "Grid",
    "Map",
    "NetworkFrame",
    "NetworkRequest",
    "NewtonBasinFrame",
    "NewtonBasinRequest",
    "NewtonFrame",
    "NewtonRequest",
    "Objective",
    "OwnData",
    "Parameter",
    "PhasePlaneFrame",
    "PhasePlaneRequest",
    "PlaneBasinsFrame",
    "PlaneBasinsRequest",
    "SkeletonFrame",
    "SkeletonRequest",
    "TwoParametersFrame",
    "TwoParametersRequest",
    "Viewport",
    "add_map",
    "parse_points",
]
