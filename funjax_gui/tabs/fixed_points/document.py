"""The entry of the fixed-point explorer among the tabs."""

from funjax_gui.tabs.document import LIMITS, Document
from funjax_gui.tabs.fixed_points.branches import BranchesRequest
from funjax_gui.tabs.fixed_points.export import EXPORTERS
from funjax_gui.tabs.fixed_points.plane import EXPORTERS as PLANE_EXPORTERS
from funjax_gui.tabs.fixed_points.plane import PlaneBasinsPainter, pictured
from funjax_gui.tabs.fixed_points.session import FixedPoints
from kernels.fixed_point import ConvergenceRequest, FixedPointRequest
from kernels.phase_plane import (
    CyclesRequest,
    ManifoldsRequest,
    OrbitNumbersRequest,
    PhasePlaneRequest,
    PlaneBasinsRequest,
    PlaneOrbitsRequest,
    SpectrumRequest,
)
from kernels.single_orbit import CobwebRequest

DOCUMENT = Document(
    title="Fixed points",
    table=FixedPoints,
    formats=EXPORTERS,
    labels={
        **{FixedPointRequest: "the initial conditions", CobwebRequest: "the cobweb", ConvergenceRequest: "the convergence"},
        **{PhasePlaneRequest: "the orbits", CyclesRequest: "the cycles", PlaneOrbitsRequest: "the chosen orbits"},
        **{PlaneBasinsRequest: "the basins", SpectrumRequest: "the Lyapunov exponents", ManifoldsRequest: "the manifolds"},
        **{OrbitNumbersRequest: "the dimensions", BranchesRequest: "the branches"},
    },
    targets=(
        *("map", "starts", "steps", "start", "power", *LIMITS),
        *("picture", "table", "cobweb", "player", "branches", "time-series", "convergence", "legend"),
    ),
    view=("x", "final"),
    has_player=True,
    other_formats={PhasePlaneRequest: PLANE_EXPORTERS},
    painters={PlaneBasinsRequest: PlaneBasinsPainter},
    pictured=pictured,
)
