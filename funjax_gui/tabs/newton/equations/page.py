"""Exported page of runs for a root: over the fractal or the graph, with the convergence beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainter

from funjax_gui.export import ExportJob, Labels, Layout, LegendEntry, Page, Parts, SheetPage, Style, lay_out, sketch
from funjax_gui.figures import Item
from funjax_gui.files import Pixels
from funjax_gui.formatting import significant
from funjax_gui.formulas import find_equations
from funjax_gui.tabs.newton.equations import family, figures
from funjax_gui.tabs.newton.runs_picture import BESIDE, RunsPicture, RunsPictureFrame, method_keys
from kernels.equations import (
    COMPLEX,
    REAL,
    EquationCurveRequest,
    EquationRequest,
    NewtonFamilyRequest,
    NewtonFractalRequest,
    find_equation_method,
)
from kernels.geometry import Grid, Viewport

CAPTION, LEGEND = 130, 300
"""About how many characters a line of the caption and the legend of roots have."""


PictureRequest = NewtonFractalRequest | NewtonFamilyRequest | EquationCurveRequest


def picture_request(run: EquationRequest, grid: Grid, critical: bool, shown: str = family.FRACTAL) -> PictureRequest:
    """The picture under the runs: the graph of one real variable, else the fractal, or what is `shown` of a family.

    `critical`: in z, with the critical points' orbits.
    """
    if shown == family.PARAMETERS:
        return NewtonFamilyRequest(grid, run.equations, max(family.STEPS, run.max_steps), family.others(run))
    kind = run.found.kind
    common = grid, run.equations, run.damping, min(1000, run.max_steps), run.parameters
    return EquationCurveRequest(*common) if kind == REAL else NewtonFractalRequest(*common, critical=critical and kind == COMPLEX)


def equation_pictured(export: ExportJob) -> PictureRequest:
    """The picture of a poster, of a single pixel."""
    run, table, view = export.request.runs[0], export.session.newton, _view(export)
    if run.found.kind != REAL and not export.style.stretch:
        view = view.with_equal_scale(*export.pixels)
    return picture_request(run, Grid(view, 1, 1), False, table.show)


def _view(export: ExportJob) -> Viewport:
    """The view that is given, or the usual one."""
    equations = find_equations(export.request.runs[0].equations)
    of_plane = export.session.newton.show == family.PARAMETERS
    return export.style.view or (family.plane_view(equations) if of_plane else equations.view)


class FractalPainter:
    """Colours of a fractal, or of a plane of parameters, in parts; the roots that labels count are the request's."""

    arrays, stored = ("labels", "counts"), 6

    def __init__(self, request: NewtonFractalRequest | NewtonFamilyRequest, style: Style, columns: Mapping[str, NDArray[Any]]) -> None:
        self._roots = len(request.roots or ()) if isinstance(request, NewtonFractalRequest) else 1
        self._colours = style.colours

    def look(self, labels: NDArray[np.int16], counts: NDArray[np.float32]) -> None:
        """Nothing of the whole picture is needed."""

    def paint(self, labels: NDArray[np.int16], counts: NDArray[np.float32]) -> Pixels:
        """The colours of rows of the picture. Shape (rows, columns), all."""
        return figures.coloured(labels, counts, self._roots, self._colours)


@dataclass(frozen=True)
class EquationPicture(RunsPicture):
    """The runs and the picture under them."""

    RUNS_SHARE = 0.2

    @classmethod
    def of(cls, export: ExportJob) -> "EquationPicture":
        """The request for an export. Raises ValueError in one line."""
        run = export.request.runs[0]
        made = cls(export.request, export.pixels, export.style, export.session.newton, _view(export))
        if run.found.kind != REAL and not export.style.stretch:
            made = made.with_equal_scale()
        grid = Grid(made.view, *made.layout(made.view).grid)
        return replace(made, picture=picture_request(run, grid, made.table.critical_orbits, made.table.show))

    def layout(self, view: Viewport) -> Layout:
        """Layout of the page with this view."""
        runs, setup = self.comparison.runs, self.style.setup
        beside = (1.0,) * sum(setup.has(quantity) for quantity in BESIDE)
        legend = LEGEND + sum(len(find_equation_method(run.method).title) + 5 for run in runs)
        heading = find_equations(runs[0].equations).title, formula(runs[0])
        return lay_out(self.size, view, self.style, Parts(0.0, beside, heading, legend, (CAPTION,) * len(runs), False))


def equation_sheet(frame: RunsPictureFrame, style: Style) -> SheetPage:
    """The page."""
    run = frame.comparison.request.runs[0]
    equations, view = find_equations(run.equations), frame.request.view
    layout = frame.request.layout(view)
    of_plane = isinstance(frame.request.picture, NewtonFamilyRequest)
    axes = family.axes_of(equations, family.PARAMETERS if of_plane else family.FRACTAL)
    items = _items(frame)

    def paint(painter: QPainter) -> None:
        sketch(painter, layout, style, view, layout.plot, items)
        if layout.font:
            page = Page(painter, layout, style)
            page.write(Labels(equations.title, formula(run), *axes, captions(frame)), keys(frame, style))
            page.write_beside(frame.beside())

    about = "  ·  ".join(captions(frame))
    return SheetPage(layout, style, f"{equations.title}: {formula(run)}", about, _pixels(frame, style), paint)


def _pixels(frame: RunsPictureFrame, style: Style) -> Pixels:
    if isinstance(frame.request.picture, NewtonFractalRequest | NewtonFamilyRequest):
        return figures.fractal_pixels(frame.picture, style.colours)
    assert frame.request.picture is not None
    return figures.strip_pixels(frame.picture, frame.request.picture.grid.rows, style.colours)


@np.errstate(over="ignore", invalid="ignore", divide="ignore")  # a run that overflows is drawn as far as it can be
def _items(frame: RunsPictureFrame) -> list[Item]:
    runs, step = frame.comparison.runs, frame.request.table.at_step
    if isinstance(frame.request.picture, NewtonFamilyRequest):
        return family.plane_marks(runs[0].request)
    at, focus = max(run.steps for run in runs) if step is None else step, runs[0].request.method
    if isinstance(frame.request.picture, NewtonFractalRequest):
        return figures.plane_items(frame.picture, runs, at, focus, step is None)
    return figures.graph_items_of(frame.picture, runs, at, focus, step is None)


def keys(frame: RunsPictureFrame, style: Style) -> list[LegendEntry]:
    """Legend of the methods, of the roots with their colours, and of the outcomes without a root."""
    found = method_keys(frame.comparison.runs, lambda name: find_equation_method(name).title)
    found += [
        LegendEntry(f"{text}, {share:.0%}" if share >= 0.005 else f"{text}, under 1%", colour)
        for text, colour, share in figures.listed(frame.picture, style.colours)
    ]
    if getattr(frame.picture, "critical_orbits", ()):
        found.append(LegendEntry("critical point’s orbit", "text", shape="diamond", dash="dot"))
    ring = "parameters" if isinstance(frame.request.picture, NewtonFamilyRequest) else "start"
    return [*found, LegendEntry("fainter: more steps", style.colours.background), LegendEntry(ring, "text", filled=False, shape="circle")]


def formula(run: EquationRequest) -> str:
    """The equations and their parameters in one line."""
    equations = find_equations(run.equations)
    given = [f"{equations.parameter(name).symbol} = {significant(value)}" for name, value in run.parameters]
    return ",   ".join([equations.formula, *given])


def captions(frame: RunsPictureFrame) -> list[str]:
    """Caption, a line for each run."""
    runs, step = frame.comparison.runs, frame.request.table.at_step
    ends = [f"{find_equation_method(run.request.method).title}: {run.sentence}" for run in runs]
    first = runs[0].request
    begin = [f"from {figures.place(first.start, first.found.kind == COMPLEX)}"]
    begin += [] if step is None else [f"at step {min(step, runs[0].steps)}"]
    if isinstance(frame.request.picture, NewtonFamilyRequest):
        begin.insert(0, family.plane_caption(first))
    ends[0] = "  ·  ".join([*begin, ends[0]])
    return [*ends[:-1], "  ·  ".join([ends[-1], "float64", "funjax"])]
