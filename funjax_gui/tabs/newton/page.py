"""Exported page of Newton's runs: over a surface, basins or the curves of one variable, with the convergence beside them."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPainter

from funjax_gui.export import ExportJob, Labels, Layout, LegendEntry, Page, Parts, SheetPage, Style, lay_out, sketch
from funjax_gui.figures import (
    KIND_SHAPES,
    ColourBar,
    Floats,
    Item,
    Polyline,
    comparison_items,
    contour_lines,
    graph_items,
    line_strength,
    stationary_items,
    surface_bar,
    surface_pixels,
    surface_shades,
    views,
)
from funjax_gui.figures import newton_basins as basins
from funjax_gui.files import Pixels
from funjax_gui.formatting import point, significant
from funjax_gui.formulas import find_objective, is_typed
from funjax_gui.tabs.newton.runs_picture import BESIDE, RunsPicture, RunsPictureFrame, method_keys
from kernels.geometry import Grid, Viewport
from kernels.newton import (
    MOST_DIMENSION,
    LineRequest,
    NewtonBasinFrame,
    NewtonBasinRequest,
    NewtonRequest,
    SurfaceRequest,
    toned,
)
from kernels.newton.solvers import find_method
from kernels.objectives import MINIMUM

BELOW = 0.4
"""Share of the height for f′ below f."""

PANELS = {"slope": "f′ (one variable)", "gradient": "Gradient norm", "value": "Value", "colour-bar": "Colour bar", "legend": "Legend"}
"""Parts of the page besides the main plot, by name."""

CAPTION = 130
"""About how many characters a line of the caption has."""

BASINS_LEGEND, KINDS_LEGEND = 340, 60
"""About how many characters the legends of basins and of markers have."""

MOST_BASINS = 24
"""Largest number of basins in the legend."""


PictureRequest = SurfaceRequest | NewtonBasinRequest | LineRequest


def picture_request(run: NewtonRequest, grid: Grid, basins: bool) -> PictureRequest | None:
    """The picture under a run: curves of one variable, basins of two if wanted, else the surface; None of too many variables for one."""
    n = len(run.start)
    if n == 1:
        return LineRequest(grid, run.objective, run.parameters)
    if basins and n == 2:
        steps, tolerance = min(1000, run.max_steps), max(run.tolerance, 1e-12)
        return NewtonBasinRequest(grid, run.objective, run.damping, steps, tolerance, run.parameters)
    return SurfaceRequest(grid, run.objective, run.start[2:], run.parameters) if n <= MOST_DIMENSION else None


def pictured(export: ExportJob) -> Any:
    """The picture of a poster, of a single pixel; the comparison itself of too many variables for one."""
    run, style = export.request.runs[0], export.style
    view = style.view or find_objective(run.objective).view
    if not style.stretch:
        view = view.with_equal_scale(*export.pixels)
    return picture_request(run, Grid(view, 1, 1), style.basins) or export.request


class SurfacePainter:
    """Colours of a surface in parts; its levels are the request's."""

    arrays, stored = ("values",), 8

    def __init__(self, request: SurfaceRequest, style: Style, columns: Mapping[str, NDArray[Any]]) -> None:
        self.request, self.style = request, style

    def look(self, values: Floats) -> None:
        """Nothing of the whole picture is needed."""

    def paint(self, values: Floats) -> Pixels:
        """The colours of rows of the picture. Shape (rows, columns), both."""
        assert self.request.levels is not None
        tones = np.empty(values.shape, np.uint16)
        for _ in toned(values, self.request.levels, tones):
            pass
        return surface_pixels(tones, self.style.colour_map, self.style.colours, lines=False)


class BasinsPainter:
    """Colours of basins in parts; the points that labels count are the request's."""

    arrays, stored = ("labels", "steps"), 4

    def __init__(self, request: NewtonBasinRequest, style: Style, columns: Mapping[str, NDArray[Any]]) -> None:
        self._table, self._row = basins.table(request.points or (), style.colours), 0

    def look(self, labels: NDArray[np.int16], steps: NDArray[np.int16]) -> None:
        """Nothing of the whole picture is needed."""

    def paint(self, labels: NDArray[np.int16], steps: NDArray[np.int16]) -> Pixels:
        """The colours of the next rows of the picture. Shape (rows, columns), all."""
        first, self._row = self._row, self._row + len(labels)
        return basins.coloured(labels, steps, self._table, first)


@dataclass(frozen=True)
class ComparisonPicture(RunsPicture):
    """A comparison of methods over its surface, basins or curves; without a picture where there are too many variables for one."""

    RUNS_SHARE = 0.5

    @classmethod
    def of(cls, export: ExportJob) -> "ComparisonPicture":
        """The request for an export. Raises ValueError in one line."""
        comparison, style = export.request, export.style
        run = comparison.runs[0]
        view = style.view or find_objective(run.objective).view
        made = cls(comparison, export.pixels, style, export.session.newton, view)
        if len(run.start) > 1 and not style.stretch:
            made = made.with_equal_scale()
        return replace(made, picture=picture_request(run, Grid(made.view, *made.layout(made.view).grid), style.basins))

    def layout(self, view: Viewport) -> Layout:
        """Layout of the page with this view."""
        runs, setup = self.comparison.runs, self.style.setup
        below = BELOW if len(runs[0].start) == 1 and setup.has("slope") else 0.0
        beside = (1.0,) * sum(setup.has(quantity) for quantity in BESIDE)
        legend = sum(len(find_method(run.method).title) + 5 for run in runs) if len(runs) > 1 else 0
        legend += BASINS_LEGEND if self.style.basins and len(runs[0].start) == 2 else KINDS_LEGEND
        bar = len(runs[0].start) > 1 and not (self.style.basins and len(runs[0].start) == 2)
        heading = find_objective(runs[0].objective).title, formula(runs[0])
        return lay_out(self.size, view, self.style, Parts(below, beside, heading, legend, (CAPTION,) * len(runs), bar))

    def lines(self, picture: Any) -> Generator[None, None, Sequence[Floats]]:
        """The contour lines of a surface."""
        if not isinstance(self.picture, SurfaceRequest):
            return []
        return (yield from contour_lines(picture, self.layout(self.view).scale))


def sheet(frame: RunsPictureFrame, style: Style) -> SheetPage:
    """The page."""
    objective = find_objective(frame.comparison.runs[0].request.objective)
    is_line = isinstance(frame.request.picture, LineRequest)
    view, below = _views(frame) if is_line else (frame.request.view, frame.request.view)
    layout = frame.request.layout(view)
    over, under = _items(frame, style)

    def paint(painter: QPainter) -> None:
        sketch(painter, layout, style, view, layout.plot, over)
        if layout.font:
            page = Page(painter, layout, style)
            words = Labels(objective.title, formula(frame.comparison.request.runs[0]), "x", "f" if is_line else "y", captions(frame))
            page.write(words, keys(frame, style), bar=_bar(frame, style))
            page.write_below(below, under, "f′")
            page.write_beside(frame.beside())

    about = "  ·  ".join(captions(frame))
    title = f"{objective.title}: {formula(frame.comparison.request.runs[0])}"
    return SheetPage(layout, style, title, about, _pixels(frame, style), paint)


def _views(frame: RunsPictureFrame) -> tuple[Viewport, Viewport]:
    """Views of f and of f′."""
    table, view = frame.request.table, frame.request.view
    whole, slopes = views(frame.picture, view, is_typed(find_objective(frame.picture.request.objective)))
    chosen = Viewport.from_limits(*view.x_limits, *table.slopes) if table.slopes else slopes
    return (view if table.y else whole), chosen


def _bar(frame: RunsPictureFrame, style: Style) -> ColourBar | None:
    if not isinstance(frame.request.picture, SurfaceRequest):
        return None
    return surface_bar(frame.picture.levels, frame.request.picture.uphill, surface_shades(style.colour_map, style.colours))


def _pixels(frame: RunsPictureFrame, style: Style) -> Pixels | None:
    if isinstance(frame.request.picture, SurfaceRequest):
        return surface_pixels(frame.picture.tones, style.colour_map, style.colours, lines=False)
    if isinstance(frame.request.picture, NewtonBasinRequest):
        return basins.pixels(frame.picture, style.colours)
    return None


@np.errstate(over="ignore", invalid="ignore", divide="ignore")  # a run that overflows is drawn as far as it can be
def _items(frame: RunsPictureFrame, style: Style) -> tuple[list[Item], list[Item]]:
    """Items of the main plot and of the plot below it."""
    runs, step = frame.comparison.runs, frame.request.table.at_step
    first = runs[0].request
    at, focus = max(run.steps for run in runs) if step is None else step, first.method
    if isinstance(frame.request.picture, LineRequest):
        return graph_items(frame.picture, runs, at, focus, step is None, first.known)
    strength = line_strength(style.colours)
    items: list[Item] = [Polyline(line, "text", 1.0, opacity=strength) for line in frame.lines]
    return items + stationary_items(first.known) + comparison_items(runs, at, None, focus, step is None), []


def keys(frame: RunsPictureFrame, style: Style) -> list[LegendEntry]:
    """Legend of the methods if there are several, of the basins if they are shown, and of the markers of stationary points."""
    runs = frame.comparison.runs
    found = method_keys(runs if len(runs) > 1 else (), lambda name: find_method(name).title)
    if isinstance(frame.request.picture, NewtonBasinRequest):
        found += _basin_keys(frame.picture, style)
    if len(runs[0].request.start) > 1:
        kinds = {point.kind for point in runs[0].request.known}
        found += [LegendEntry(kind, "text", shape, filled=kind == MINIMUM) for kind, shape in KIND_SHAPES.items() if kind in kinds]
    return [*found, LegendEntry("start", "text", filled=False, shape="circle")]


def _basin_keys(frame: NewtonBasinFrame, style: Style) -> list[LegendEntry]:
    """Legend of the basins in the picture, the largest first, and of the outcomes without a limit."""
    labels, counts = np.unique(frame.labels, return_counts=True)
    share = dict(zip(labels.tolist(), counts.tolist(), strict=True))
    shades = basins.hues(frame.points, style.colours)
    found = []
    order = sorted((label for label in share if label >= 0), key=lambda label: -share[label])
    for label in order[:MOST_BASINS]:
        place = frame.points[label]
        colour = QColor(*(round(channel) for channel in shades[label].tolist())).name()
        text = f"{place.kind or 'degenerate'} {point(place.point, 4)}"
        found.append(LegendEntry(text, colour, pattern=int(place.kind != MINIMUM)))
    more = len(order) - MOST_BASINS
    found += [LegendEntry(f"and {more} more", style.colours.background)] if more > 0 else []
    for label, text in basins.OUTCOMES.items():
        if label in share:
            role, hatched = basins.OUTCOME_LOOKS[label]
            found.append(LegendEntry(text, role, pattern=int(hatched)))
    return [*found, LegendEntry("fainter: more steps", style.colours.background)]


def formula(run: NewtonRequest) -> str:
    """Formula and parameters of the objective in one line."""
    objective = find_objective(run.objective)
    given = [f"{objective.parameter(name).symbol} = {significant(value)}" for name, value in run.parameters]
    return ",   ".join([objective.formula, *given])


def captions(frame: RunsPictureFrame) -> list[str]:
    """Caption, a line for each run."""
    runs = frame.comparison.runs
    ends = [f"{find_method(run.request.method).title}: {run.sentence}" for run in runs]
    step, start = frame.request.table.at_step, runs[0].request.start
    begin = [f"from {point(start) if len(start) > 1 else significant(start[0])}"]
    begin += [] if step is None else [f"at step {min(step, runs[0].steps)}"]
    ends[0] = "  ·  ".join([*begin, ends[0]])
    return [*ends[:-1], "  ·  ".join([ends[-1], "float64", "funjax"])]
