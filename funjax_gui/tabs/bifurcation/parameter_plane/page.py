"""Exported page of a plane of two parameters: with axes, colour bar or legend, and a caption, or the picture alone."""

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray
from PySide6.QtGui import QPainter

from funjax_gui.export import ExportJob, Labels, Layout, LegendEntry, Page, Parts, SheetPage, Style, lay_out, sketch
from funjax_gui.figures import Label, Marks
from funjax_gui.files import Pixels
from funjax_gui.formatting import limit
from funjax_gui.formulas import find_map
from funjax_gui.tabs.bifurcation.parameter_plane import figures
from funjax_gui.tabs.bifurcation.parameter_plane.curves import curve_items
from funjax_gui.tabs.bifurcation.parameter_plane.requests import symbols
from funjax_gui.tabs.bifurcation.parameter_plane.status_text import census, formula
from kernels.skeleton import CurvesFrame
from kernels.two_parameters import TwoParametersFrame, TwoParametersRequest
from kernels.validation import grouped

PANELS = {"colour-bar": "Colour bar", "legend": "Legend"}
"""Parts of the page besides the picture, by name."""

SMALL = 400
"""Width in pixels below which a picture, such as a thumbnail, has no room for points with names."""

LEGEND, PERIODS, CAPTION = 100, 290, 150
"""About how many characters have a legend of outcomes, one of periods too, and a caption."""


def layout(export: ExportJob) -> Layout:
    """Layout of the page of an export."""
    request: TwoParametersRequest = export.request
    style = export.style
    heading = find_map(request.map).title, formula(request)
    legend = PERIODS if style.show in figures.NUMBERED else LEGEND
    captions = (CAPTION, *([len(key(style.curves))] if style.curves else ()))
    parts = Parts(0.0, (), heading, legend, captions, bar=style.show == "exponent")
    return lay_out(export.pixels, request.grid.viewport, style, parts)


def sheet(frame: TwoParametersFrame, over: CurvesFrame | None, layout: Layout, style: Style) -> SheetPage:
    """The page, with the curves of `over`. `frame` has the grid of the layout."""
    request = frame.request
    chosen = find_map(request.map)

    def paint(painter: QPainter) -> None:
        if over is not None:
            shown = [item for item in curve_items(over) if layout.plot.width() >= SMALL or not isinstance(item, Label | Marks)]
            sketch(painter, layout, style, request.grid.viewport, layout.plot, shown)
        if not layout.font:
            return
        page = Page(painter, layout, style)
        x, y = symbols(request)
        keys = [LegendEntry(text, colour) for text, colour in figures.entries(frame, style.show, style.colours)]
        bar = figures.bar(style.colours) if style.show == "exponent" else None
        words = [caption(frame), *([key(over.request.period)] if over is not None else ())]
        page.write(Labels(chosen.title, formula(request), x, y, words), keys, "", bar)

    title = f"{chosen.title}: {formula(request)}"
    picture = figures.pixels(frame, style.show, style.colours)
    return SheetPage(layout, style, title, caption(frame), picture, paint if layout.font or over is not None else None)


class PlanePainter:
    """Colours of the picture, which may come in parts: each pixel's depend on it alone."""

    stored = 24

    def __init__(self, request: TwoParametersRequest, style: Style, columns: Mapping[str, NDArray[Any]]) -> None:
        self.request, self.style = request, style
        more = {"second": len(request.origin) == 2, "attractors": request.starts > 1}
        self.arrays = ("lyapunov", "period", *(name for name, has in more.items() if has))

    def look(self, *band: NDArray[Any]) -> None:
        """Nothing of the whole picture is needed."""

    def paint(self, lyapunov: NDArray[Any], period: NDArray[Any], *more: NDArray[Any]) -> Pixels:
        """The colours of rows of the picture, 0xffRRGGBB. Shape (rows, columns), all."""
        frame = TwoParametersFrame(self.request, "", 0.0, 1.0, True, 1, lyapunov, period, **dict(zip(self.arrays[2:], more, strict=True)))
        return figures.pixels(frame, self.style.show, self.style.colours)


def key(period: int) -> str:
    """What the lines over the picture mean."""
    return f"cycles of period {period}: folds solid, period doublings dashed, superstable ones of maps of the line dotted"


def caption(frame: TwoParametersFrame) -> str:
    """Caption in one line."""
    request = frame.request
    view = request.grid.viewport
    limits = [
        f"{symbol} from {limit(low)} to {limit(high)}"
        for symbol, (low, high) in zip(symbols(request), (view.x_limits, view.y_limits), strict=True)
    ]
    each = f"start, {request.starts} starts per pixel" if request.starts > 1 else "pixel"
    steps = f"{grouped(request.transient)} transient + {grouped(request.samples)} samples per {each}"
    return "  ·  ".join([steps, *census(frame), frame.precision, *limits, "funjax"])
