"""Exported page of a network's training: the outputs over the data, with loss and accuracy beside them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from PySide6.QtGui import QPainter

from funjax_gui.export import ExportJob, Labels, Layout, LegendEntry, Page, Parts, SheetPage, Size, Style, lay_out, sketch
from funjax_gui.figures import method_style
from funjax_gui.tabs.newton.network import figures
from kernels.geometry import Viewport
from kernels.network import DATA, NETWORK_METHODS, NetworkFrame, NetworkRequest, OwnData
from kernels.validation import grouped

PANELS = {"loss": "Loss", "test": "Test accuracy", "eigenvalues": "Eigenvalues", "legend": "Legend"}
"""Parts of the page besides the main plot, by name."""

CAPTION = 170
"""About how many characters a line of the caption has."""


@dataclass(frozen=True)
class NetworkPicture:
    """The training and the page that it is for; `method`: whose outputs are shown."""

    training: NetworkRequest
    size: Size
    style: Style
    method: str
    view: Viewport

    @classmethod
    def of(cls, export: ExportJob) -> "NetworkPicture":
        """The request for an export."""
        shown = export.session.newton.network
        method = shown.method if shown is not None and shown.method in export.request.methods else export.request.methods[0]
        (left, right), (bottom, top) = export.request.sample.view
        return cls(export.request, export.pixels, export.style, method, Viewport.from_limits(left, right, bottom, top))

    @property
    def layout(self) -> Layout:
        """Layout of the page."""
        beside = (1.0,) * sum(self.style.setup.has(name) for name in ("loss", "test", "eigenvalues"))
        legend = sum(len(NETWORK_METHODS[name][0]) + 5 for name in self.training.methods) + 50
        captions = (CAPTION,) * (len(self.training.methods) + 1)
        return lay_out(self.size, self.view, self.style, Parts(0.0, beside, heading(self.training), legend, captions, False))

    def frames(self) -> Iterator["NetworkPictureFrame | None"]:
        """Frames with the progress; the last one is complete."""
        for frame in self.training.frames():
            yield NetworkPictureFrame(self, frame, 1.0 if frame.done else min(0.99, frame.progress)) if frame else None


@dataclass(frozen=True, eq=False)
class NetworkPictureFrame:
    """The training so far."""

    request: NetworkPicture
    training: NetworkFrame = field(repr=False)
    progress: float


def heading(request: NetworkRequest) -> tuple[str, str]:
    """Title and the network in words."""
    return data_title(request), network_text(request)


def data_title(request: NetworkRequest) -> str:
    """The data in words."""
    return request.data.name if isinstance(request.data, OwnData) else DATA[request.data][0]


def network_text(request: NetworkRequest) -> str:
    """The network in a line, such as 2–16–16–1."""
    sizes = "–".join(str(size) for size in request.network.sizes)
    return f"{sizes}, {request.activation}, {grouped(request.network.parameters)} parameters, seed {request.seed}"


def sheet(frame: NetworkPictureFrame, style: Style) -> SheetPage:
    """The page."""
    made, training = frame.request, frame.training
    layout = made.layout
    figure, _ = figures.picture(training, made.method, style.colours)
    runs, fits = training.runs, made.training.network.fits
    run = next(run for run in runs if run.method == made.method)
    pixels = None if fits else figures.pixels(run.picture, style.colours, layout.grid)

    def paint(painter: QPainter) -> None:
        sketch(painter, layout, style, made.view, layout.plot, figure.items)
        if layout.font:
            page = Page(painter, layout, style)
            page.write(Labels(*heading(made.training), figure.x_label, figure.y_label, captions(training)), keys(frame))
            drawn = {
                "loss": figures.loss(runs, "evaluations", made.method),
                "test": figures.accuracy(runs, "evaluations", made.method, fits),
                "eigenvalues": figures.third(runs, "eigenvalues", made.method),
            }
            page.write_beside([each for name, each in drawn.items() if style.setup.has(name)])

    return SheetPage(layout, style, ": ".join(heading(made.training)), "  ·  ".join(captions(training)), pixels, paint)


def keys(frame: NetworkPictureFrame) -> list[LegendEntry]:
    """Legend of the methods and of the data."""
    found = []
    for run in frame.training.runs:
        look = method_style(run.method)
        found.append(LegendEntry(NETWORK_METHODS[run.method][0], look.role, look.shape, dash=look.dash))
    names = frame.training.sample.names
    for name, role, shape in zip(names, figures.ROLES, ("circle", "triangle"), strict=False):
        found.append(LegendEntry(f"class {name}", role, shape))
    return [*found, LegendEntry("test data", "muted", "circle", filled=False)]


def captions(frame: NetworkFrame) -> list[str]:
    """Caption, a line for each method."""
    lines = [f"{NETWORK_METHODS[run.method][0]}: {run.sentence}" for run in frame.runs]
    return [*lines, f"{frame.memory}  ·  float64, funjax"]
