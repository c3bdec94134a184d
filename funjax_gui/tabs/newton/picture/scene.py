"""The picture of the tab: a surface, its basins or the curves of an objective of one variable, with the paths of the methods over it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from funjax_gui.figures import comparison_items, stationary_items, surface_bar, surface_pixels, surface_shades
from funjax_gui.figures import newton_basins as basins
from funjax_gui.formatting import point, significant, to_spacing
from funjax_gui.formulas import find_objective
from funjax_gui.plots import ImagePlot
from funjax_gui.style import DARK, Colours
from funjax_gui.tabs.base import Status
from funjax_gui.tabs.newton import help_text, status_text
from funjax_gui.tabs.newton.equations import FRACTAL, PARAMETERS
from funjax_gui.tabs.newton.page import picture_request
from funjax_gui.tabs.newton.picture.curve_view import LinePicture
from funjax_gui.tabs.newton.picture.equation_plot import EquationPlot
from funjax_gui.tabs.newton.session import Newton
from kernels.equations import EquationRequest
from kernels.geometry import Viewport
from kernels.newton import (
    MOST_DIMENSION,
    LineFrame,
    NewtonBasinFrame,
    NewtonRequest,
    SurfaceFrame,
)
from kernels.objectives import StationaryPoint
from kernels.validation import grouped

NO_PICTURE = f"Pictures are drawn for up to {grouped(MOST_DIMENSION)} variables; paths show the first two coordinates"

NEAR = 12.0
"""Largest distance in pixels between the cursor and a stationary point in the read-out."""


class Scene(QStackedWidget):
    """The plots of the picture; `shown` is "surface" or "basins" for two variables."""

    grid_changed = Signal(object)
    start_moved = Signal(float, float)
    parameters_chosen = Signal()
    """A click in the plane of parameters chose them; `start_moved` gave them before."""
    home_requested = Signal()
    refused = Signal(str)
    view_changed = Signal(object)
    """The Viewport of the visible plot, however it was changed."""

    def __init__(self) -> None:
        super().__init__()
        self.plane, self.curves = ImagePlot(has_handle=True, has_equal_scale=True), LinePicture()
        self.addWidget(self.plane)
        self.addWidget(self.curves)
        self.shown, self.colour_map = "surface", "viridis"
        self.frame: Any = None
        self.equation = EquationPlot(self.plane, self.curves.values)
        self._solves = False
        self._colours = DARK
        self._objective, self._n = "", 0
        self._known: tuple[StationaryPoint, ...] = ()
        self.plane.set_labels("x", "y")
        self.plane.explain(*help_text.SURFACE)
        for plot in (self.plane, self.curves.values):
            plot.grid_changed.connect(lambda grid, plot=plot: self.grid_changed.emit(grid) if plot is self.plot else None)
            plot.home_requested.connect(lambda: self.home_requested.emit())
            plot.refused.connect(lambda text: self.refused.emit(text))
            plot.hovered.connect(self._show_readout)
            plot.view_changed.connect(lambda view, plot=plot: self.view_changed.emit(view) if plot is self.plot else None)
            plot.left.connect(lambda plot=plot: plot.set_readout(None))
        self.plane.place_clicked.connect(lambda: self.parameters_chosen.emit() if self.chooses_parameters else None)
        for moved in (self.plane.handle_moved, self.curves.handle_moved):
            moved.connect(self._move)

    @property
    def plot(self) -> ImagePlot:
        """The plot that has the view."""
        return self.curves.values if self.currentWidget() is self.curves else self.plane

    @property
    def chooses_parameters(self) -> bool:
        """Whether the plane of an equation's parameters is shown, whose ring is at the parameters in use."""
        return self._solves and self.equation.of_parameters

    @property
    def display(self) -> str:
        """What is shown of the objective, or of the equation."""
        return self.equation.shown if self._solves else self.shown

    def set_equations(self, request: EquationRequest) -> None:
        """Show the whole view of the equations, without the old picture."""
        self._solves, self._n = True, len(request.start)
        self.equation.begin(request)
        self.setCurrentWidget(self.curves if self.equation.is_graph else self.plane)
        self.curves.set_slopes_shown(False)
        self.frame = None
        self.plot.set_message(None)
        self.plot.clear()
        self.plot.set_overlay([])
        self.plot.set_viewport(self.home())

    def set_objective(self, request: NewtonRequest) -> None:
        """Show the whole view of the run's objective, without the old picture."""
        self._solves = False
        self._objective, self._n = request.objective, len(request.start)
        n = self._n
        if n != 2 or find_objective(request.objective).dimension != 2:
            self.shown = "surface"
        # Of another size than the last plot, it requests its picture now.
        self.setCurrentWidget(self.curves if n == 1 else self.plane)
        self.curves.set_slopes_shown(True)
        self.frame, self.plot.strip = None, 0.0
        self.plot.set_message(None)
        self.plane.clear()
        self.plane.set_overlay([])
        self.plane.set_labels(*(("x", "y") if n <= 4 else ("x1", "x2")))
        self.plane.explain(*help_text.PLANE[self.shown])
        self.curves.fit_anew()
        self.plot.set_viewport(self.home())

    def home(self) -> Viewport:
        """The whole picture's view."""
        if self._solves:
            return self.equation.home
        self.curves.fit_anew()
        return find_objective(self._objective).view

    def set_style(self, shown: str = "", colour_map: str = "", critical_orbits: bool | None = None) -> None:
        """Set display and colour map, and of equations whether the orbits of critical points are shown."""
        self.colour_map = colour_map or self.colour_map
        if self._solves:
            self._show_of_equation(shown or self.equation.shown)
            shown = ""
        self.equation.critical = self.equation.critical if critical_orbits is None else critical_orbits
        if shown and shown != self.shown:
            self.shown = shown
            self.plane.explain(*help_text.PLANE[shown])
        self._paint()

    def _show_of_equation(self, shown: str) -> None:
        """Show the fractal or the plane of parameters, with its whole view, without the old picture."""
        if shown != self.equation.shown:
            self.equation.begin(self.equation.request, shown)
            self.frame = None
            self.plot.clear()
            self.plot.set_overlay([])
            self.plot.set_viewport(self.home())

    def kept(self, table: Newton) -> Newton:
        """`table` with the view, display and colour map of the picture."""
        view, n = self.plot.given_view, self._n
        if self._solves:
            shown = PARAMETERS if self.chooses_parameters else Newton.show
            return replace(table, x=view.x_limits, y=view.y_limits, critical_orbits=self.equation.critical, show=shown)
        y, slopes = (self.curves.heights or (None, None)) if n == 1 else (view.y_limits, None)
        return replace(table, x=view.x_limits, y=y, slopes=slopes, show=self.shown, colour_map=self.colour_map)

    def restore(self, table: Newton) -> None:
        """Restore the picture from a session's table, with the whole view and the current colours as defaults."""
        if self._solves:
            self.equation.critical = table.critical_orbits
            self._show_of_equation(PARAMETERS if table.show == PARAMETERS else FRACTAL)
            self.plot.set_viewport(table.appearance["view"] or self.home())
            return
        both = find_objective(self._objective).dimension == self._n == 2
        self.set_style(table.show if both else "surface", table.colour_map or "")
        self.curves.fit_anew()
        self.plot.set_viewport(table.appearance["view"] or self.home())
        if self._n == 1 and table.y and table.slopes:
            self.curves.set_heights(self._objective, table.slopes)

    def wanted(self, request: NewtonRequest | EquationRequest) -> Any:
        """The picture's request; None where there is no picture."""
        if isinstance(request, EquationRequest):
            return self.equation.wanted(request)
        made = picture_request(request, self.plot.grid, self.shown == "basins")
        if isinstance(self.frame, LineFrame) and self.frame.request == made:
            self.curves.show_line(self.frame)  # choose new vertical limits from the current curves
        if made is None:
            self._paint()
        return made

    def show_frame(self, frame: Any) -> None:
        """Show a picture."""
        self.frame = frame
        if self._solves:
            self.equation.frame = frame
        self._paint()

    def _paint(self) -> None:
        if self._solves:
            self.equation.paint(self._colours)
            return
        frame = self.frame
        undrawn = self._n > MOST_DIMENSION
        self.plot.set_message(NO_PICTURE if undrawn else status_text.trouble(frame), low=undrawn)
        if isinstance(frame, LineFrame):
            self.curves.show_line(frame)
        elif isinstance(frame, SurfaceFrame):
            view = frame.request.grid.viewport
            bar = surface_bar(frame.levels, frame.request.uphill, surface_shades(self.colour_map, self._colours))
            self.plane.set_pixels(surface_pixels(frame.tones, self.colour_map, self._colours), view, bar)
        elif isinstance(frame, NewtonBasinFrame):
            self.plane.set_pixels(basins.pixels(frame, self._colours), frame.request.grid.viewport)

    def show_runs(self, runs: Sequence[Any], at: int, inner: int | None, focus: str, at_end: bool) -> None:
        """Draw the paths up to step `at`."""
        if self._solves:
            self.equation.show_runs(runs, at, focus, at_end)
            return
        if self._n == 1:
            self.curves.show_runs(runs, at, inner, focus, at_end, self._known)
            return
        items = stationary_items(self._known)
        items += comparison_items(runs, at, inner, focus, at_end)
        self.plane.set_overlay(items)

    def legend(self) -> str:
        """Legend as rich text; empty if none is needed."""
        if self._solves:
            return self.equation.legend(self._colours)
        return basins.legend(self.frame, self._colours) if isinstance(self.frame, NewtonBasinFrame) else ""

    def set_run(self, request: NewtonRequest | EquationRequest) -> None:
        """Update the known stationary points and the handle of the initial point."""
        if isinstance(request, EquationRequest):
            self.equation.set_run(request)
            return
        self._known = request.known
        if self._n > 1:
            self.plane.set_handle(request.start[0], request.start[1])

    def _move(self, u: float, v: float) -> None:
        self.start_moved.emit(*status_text.start_at(self.plot.grid, u, v))

    def _show_readout(self, u: float, v: float) -> None:
        plot = self.plot
        if self._solves:
            plot.set_readout(self.equation.readout(u, v))
            return
        grid, view = plot.grid, plot.grid.viewport
        lines = [f"{plot.x_axis.label} = {to_spacing(view.x_at(u), 2 * view.half_width / grid.columns)}"]
        second = "f" if self._n == 1 else plot.y_axis.label
        lines.append(f"{second} = {to_spacing(view.y_at(v), 2 * view.half_height / grid.rows)}")
        frame = self.frame
        if isinstance(frame, SurfaceFrame) and frame.request.grid.viewport == view:
            rows, columns = frame.values.shape
            value = frame.values[min(int((1 - v) * rows), rows - 1), min(int(u * columns), columns - 1)]
            lines.append(f"f = {significant(float(value), 5)}")
        elif isinstance(frame, NewtonBasinFrame) and frame.request.grid.viewport == view:
            rows, columns = frame.labels.shape
            lines.append(basins.readout(frame, min(int((1 - v) * rows), rows - 1), min(int(u * columns), columns - 1)))
        near = self._nearest(u, v)
        if near is not None:
            lines.append(near.kind + " " + point(near.point, 8))
        plot.set_readout(lines)

    def _nearest(self, u: float, v: float) -> StationaryPoint | None:
        """The stationary point under the cursor."""
        if self._n == 1 or not self._known:
            return None
        places = self.plane.overlay.pixels(np.array([p.point[:2] for p in self._known]))
        area = self.plane.plot_rect
        gaps = np.hypot(places[:, 0] - area.left() - u * area.width(), places[:, 1] - area.bottom() + v * area.height())
        return self._known[int(gaps.argmin())] if gaps.min() < NEAR else None

    def status(self, running: bool) -> Status | None:
        """Status of the picture, `running` if more frames will come; None if there is no picture."""
        if self._solves:
            return self.equation.status(running)
        if isinstance(self.frame, SurfaceFrame):
            return status_text.surface_status(self.frame, running)
        if isinstance(self.frame, LineFrame):
            return Status(f"f and f′ of {find_objective(self._objective).title}", ("float64",))
        if isinstance(self.frame, NewtonBasinFrame):
            facts = (self.frame.device, "float64", f"{grouped(round(1e3 * self.frame.seconds))} ms")
            return Status(basins.sentence(self.frame, running), facts, self.frame.progress if running else None)
        return Status(NO_PICTURE) if self._n > MOST_DIMENSION else None

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self._colours = colours
        self.plane.set_theme(colours)
        self.curves.set_theme(colours)
        self._paint()
