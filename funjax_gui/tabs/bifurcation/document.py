"""The entry of the bifurcation diagram among the tabs."""

from funjax_gui.tabs.bifurcation import parameter_plane
from funjax_gui.tabs.bifurcation.export import EXPORTERS
from funjax_gui.tabs.bifurcation.page import DiagramPainter
from funjax_gui.tabs.bifurcation.session import Bifurcation
from funjax_gui.tabs.document import LIMITS, Document
from kernels.bifurcation import BifurcationRequest, JourneyRequest
from kernels.single_orbit import ColumnRequest
from kernels.skeleton import CurvesRequest, SkeletonRequest
from kernels.two_parameters import TwoParametersRequest

DOCUMENT = Document(
    title="Bifurcation",
    table=Bifurcation,
    formats=EXPORTERS,
    labels={
        BifurcationRequest: "the diagram",
        ColumnRequest: "the pinned column",
        JourneyRequest: "the search for the next view",
        SkeletonRequest: "the overlays",
        CurvesRequest: "the curves",
        TwoParametersRequest: "the plane of two parameters",
    },
    targets=(
        *("map", "sweep", "start", "follow", "transient", "samples", "keep-refining", "show", "colour-map", "tone", "thickness", *LIMITS),
        *("picture", "lyapunov", "cobweb", "time-series", "density"),
    ),
    view=("range", "x"),
    aliases={"show": "shown"},
    other_formats={TwoParametersRequest: parameter_plane.EXPORTERS},
    painters={BifurcationRequest: DiagramPainter, TwoParametersRequest: parameter_plane.PlanePainter},
    patience=1.0,  # the diagram continues to be refined
)
