"""The entry of the Newton solver among the tabs."""

from funjax_gui.tabs.document import LIMITS, Document
from funjax_gui.tabs.newton.equations import FractalPainter
from funjax_gui.tabs.newton.export import EXPORTERS, pictured
from funjax_gui.tabs.newton.network import NETWORK_EXPORTERS
from funjax_gui.tabs.newton.page import BasinsPainter, SurfacePainter
from funjax_gui.tabs.newton.session import Newton
from kernels.equations import EQUATION_METHODS, EquationCurveRequest, NewtonFamilyRequest, NewtonFractalRequest
from kernels.network import NetworkRequest
from kernels.newton import ComparisonRequest, LineRequest, NewtonBasinRequest, NewtonScalingRequest, SurfaceRequest
from kernels.newton.solvers import METHODS

DOCUMENT = Document(
    title="Newton",
    table=Newton,
    formats=EXPORTERS,
    labels={
        ComparisonRequest: "the runs",
        SurfaceRequest: "the surface",
        LineRequest: "the curves",
        NewtonBasinRequest: "the basins",
        EquationCurveRequest: "the graph",
        NewtonFractalRequest: "the fractal",
        NewtonFamilyRequest: "the plane of parameters",
        NewtonScalingRequest: "scaling with the number of variables",
        NetworkRequest: "the network",
    },
    targets=(
        *(
            "objective",
            "goal",
            "start",
            "damping",
            "multiplicity",
            "step-size",
            "momentum",
            "trust-radius",
            "cg-steps",
            "tolerance",
            "max-steps",
            "show",
            "critical-orbits",
            *LIMITS,
        ),
        *dict.fromkeys((*METHODS, *EQUATION_METHODS)),
        *("picture", "player", "method-status", "table", "convergence", "numbers", "scaling", "network"),
    ),
    view=("x", "y"),
    aliases={"show": "shown", "step-size": "step", "trust-radius": "radius"},
    has_player=True,
    other_formats={NetworkRequest: NETWORK_EXPORTERS},
    painters={
        **{SurfaceRequest: SurfacePainter, NewtonBasinRequest: BasinsPainter},
        **{NewtonFractalRequest: FractalPainter, NewtonFamilyRequest: FractalPainter},
    },
    pictured=pictured,
)
