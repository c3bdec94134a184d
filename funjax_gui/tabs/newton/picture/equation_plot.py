"""The picture of equations on the scene's plots: the fractal, or the graph of one variable, with the paths of the methods over it."""

from collections.abc import Sequence

import numpy as np

from funjax_gui.formatting import significant, to_spacing
from funjax_gui.formulas import find_equations
from funjax_gui.plots import ImagePlot
from funjax_gui.style import Colours
from funjax_gui.tabs.base import Status
from funjax_gui.tabs.newton import help_text
from funjax_gui.tabs.newton.equations import family, figures, picture_request
from kernels.equations import (
    REAL,
    EquationCurveFrame,
    EquationCurveRequest,
    EquationFrame,
    EquationRequest,
    NewtonFamilyFrame,
    NewtonFamilyRequest,
    NewtonFractalFrame,
    NewtonFractalRequest,
)
from kernels.geometry import Viewport
from kernels.validation import grouped

Frame = NewtonFractalFrame | NewtonFamilyFrame | EquationCurveFrame


class EquationPlot:
    """What is shown of equations: on `plane` a fractal, on `graph` the graph of one variable.

    `frame` is the last picture, None before the first one. `critical`: whether the orbits of critical points are shown. `shown` of a
    family: its fractal, or the plane of its parameters.
    """

    def __init__(self, plane: ImagePlot, graph: ImagePlot) -> None:
        self._plane, self._graph = plane, graph
        self.request = EquationRequest()
        self.frame: Frame | None = None
        self.critical, self.shown = False, family.FRACTAL

    @property
    def is_graph(self) -> bool:
        """Whether the equation is of one real variable."""
        return self.request.found.kind == REAL

    @property
    def _plot(self) -> ImagePlot:
        return self._graph if self.is_graph else self._plane

    @property
    def home(self) -> Viewport:
        """The whole picture's view."""
        equations = find_equations(self.request.equations)
        return family.plane_view(equations) if self.of_parameters else equations.view

    @property
    def of_parameters(self) -> bool:
        """Whether the plane of parameters is shown."""
        return self.shown == family.PARAMETERS

    def begin(self, request: EquationRequest, shown: str = family.FRACTAL) -> None:
        """Show other equations, or something else of them, without the old picture."""
        self.request, self.frame, self.shown = request, None, shown
        kind = request.found.kind
        self._plot.strip = figures.STRIP if kind == REAL else 0.0
        self._plot.set_labels(*family.axes_of(request.found, shown))
        self._plot.explain(*(help_text.GRAPH if kind == REAL else help_text.FAMILY if self.of_parameters else help_text.FRACTAL))

    def set_run(self, request: EquationRequest) -> None:
        """Move the handle of the initial point."""
        self.request = request
        if request.found.kind != REAL:
            self._plot.set_handle(*(family.chosen_point(request) if self.of_parameters else request.start))
            return
        height = float(request.found.at(request.parameters).values(np.array(request.start))[0])
        self._plot.set_handle(request.start[0], height if np.isfinite(height) else 0.0)

    def wanted(self, request: EquationRequest) -> NewtonFractalRequest | NewtonFamilyRequest | EquationCurveRequest:
        """The picture's request."""
        return picture_request(request, self._plot.grid, self.critical, self.shown)

    def paint(self, colours: Colours) -> None:
        """Draw the last picture."""
        frame = self.frame
        if isinstance(frame, NewtonFractalFrame | NewtonFamilyFrame):
            self._plot.set_pixels(figures.fractal_pixels(frame, colours), frame.request.grid.viewport)
        elif frame is not None:
            rows = frame.request.grid.rows
            self._plot.set_pixels(figures.strip_pixels(frame, rows, colours), frame.request.grid.viewport)

    def show_runs(self, runs: Sequence[EquationFrame], at: int, focus: str, at_end: bool) -> None:
        """Draw the runs at step `at`."""
        frame = self.frame
        if self.is_graph:
            curve = frame if isinstance(frame, EquationCurveFrame) else None
            self._plot.set_overlay(figures.graph_items_of(curve, runs, at, focus, at_end))
        elif self.of_parameters:
            self._plot.set_overlay(family.plane_marks(self.request))
        else:
            picture = frame if isinstance(frame, NewtonFractalFrame) else None
            self._plot.set_overlay(figures.plane_items(picture, runs, at, focus, at_end))

    def legend(self, colours: Colours) -> str:
        """Legend as rich text; empty before the first picture."""
        return figures.legend(self.frame, colours) if self.frame is not None else ""

    def readout(self, u: float, v: float) -> list[str]:
        """Lines about the place under the cursor."""
        plot, frame = self._plot, self.frame
        grid, view = plot.grid, plot.grid.viewport
        lines = [f"{plot.x_axis.label} = {to_spacing(view.x_at(u), 2 * view.half_width / grid.columns)}"]
        if isinstance(frame, EquationCurveFrame):
            value = self.request.found.at(self.request.parameters).values(np.array([float(view.x_at(u))]))[0]
            return [*lines, f"f(x) = {significant(float(value), 5)}"]
        lines.append(f"{plot.y_axis.label} = {to_spacing(view.y_at(v), 2 * view.half_height / grid.rows)}")
        if frame is not None and frame.request.grid.viewport == view:
            rows, columns = frame.labels.shape
            at = min(int((1 - v) * rows), rows - 1), min(int(u * columns), columns - 1)
            lines.append(figures.readout(frame, *at))
        return lines

    def status(self, running: bool) -> Status | None:
        """Status of the picture; None before the first one."""
        frame = self.frame
        if isinstance(frame, NewtonFractalFrame | NewtonFamilyFrame):
            facts = (frame.device, "float64", f"{grouped(round(1e3 * frame.seconds))} ms")
            return Status(figures.sentence(frame, running), facts, frame.progress if running else None)
        if frame is not None:
            equations = find_equations(frame.request.equations)
            return Status(f"Graph of {equations.formula.removesuffix(' = 0')}, below it Newton’s basins", ("float64",))
        return None
