"""Plots of an objective of one variable: f with the local model, and f′ with its tangent, whose zero is Newton's next iterate."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter

from funjax_gui.figures import graph_items, views
from funjax_gui.formulas import find_objective, is_typed
from funjax_gui.plots import ImagePlot
from funjax_gui.style import Colours
from funjax_gui.tabs.newton.help_text import EXPLAINED
from kernels.geometry import Viewport
from kernels.newton import LineFrame, NewtonFrame
from kernels.objectives import StationaryPoint

Limits = tuple[Decimal, Decimal]


class LinePicture(QSplitter):
    """Two plots over one axis; the initial point can be dragged in either."""

    handle_moved = Signal(float, float)

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self.values, self.slopes = ImagePlot(has_handle=True), ImagePlot(has_handle=True)
        for plot in (self.values, self.slopes):
            plot.setMinimumHeight(120)
            self.addWidget(plot)
        self.values.set_x_labels_shown(False)
        self.setSizes([560, 380])
        self.setChildrenCollapsible(False)
        self.values.set_labels("x", "f")
        self.slopes.set_labels("x", "f′")
        self._frame: LineFrame | None = None
        self._fitted = ""
        self._fitted_views: tuple[Viewport, Viewport] | None = None
        self.values.view_changed.connect(lambda view: self._share(view, self.slopes))
        self.slopes.view_changed.connect(lambda view: self._share(view, self.values))
        self.slopes.grid_changed.connect(lambda _: self.values.grid_changed.emit(self.values.grid))
        self.slopes.home_requested.connect(self.values.home_requested)
        self.slopes.refused.connect(self.values.refused)
        for plot in (self.values, self.slopes):
            plot.handle_moved.connect(self.handle_moved)

    def _share(self, view: Viewport, other: ImagePlot) -> None:
        theirs = other.grid.viewport
        if (theirs.x, theirs.half_width) != (view.x, view.half_width):
            other.set_viewport(replace(theirs, x=view.x, half_width=view.half_width))

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self.values.set_theme(colours)
        self.slopes.set_theme(colours)

    def set_slopes_shown(self, shown: bool) -> None:
        """Show both plots, as of an objective, or only the upper one, which is then without an old picture and explained as it was."""
        if shown == self.slopes.isHidden():
            self.slopes.setVisible(shown)
            self.values.set_x_labels_shown(not shown)
            if shown:
                self.values.clear()
                self.values.set_overlay([])
                self.values.set_labels("x", "f")
                self.values.explain(*EXPLAINED["values"])

    def fit_anew(self) -> None:
        """Choose the vertical limits from the next curves."""
        self._fitted = ""

    @property
    def heights(self) -> tuple[Limits, Limits] | None:
        """Vertical limits of f and of f′; None if they are chosen automatically."""
        if not self._fitted or self._views == self._fitted_views:
            return None
        return self.values.grid.viewport.y_limits, self.slopes.grid.viewport.y_limits

    def set_heights(self, objective: str, slopes: Limits) -> None:
        """Set the vertical limits instead of choosing them from the next curves."""
        self._fitted, self._fitted_views = objective, None
        view = self.slopes.grid.viewport
        self.slopes.set_viewport(Viewport.from_limits(*view.x_limits, *slopes))

    @property
    def _views(self) -> tuple[Viewport, Viewport]:
        return self.values.grid.viewport, self.slopes.grid.viewport

    def show_line(self, frame: LineFrame) -> None:
        """Show these curves."""
        self._frame = frame
        if self._fitted != frame.request.objective:
            self._fitted = frame.request.objective
            whole, slopes = views(frame, self.values.grid.viewport, is_typed(find_objective(frame.request.objective)))
            if whole != self.values.grid.viewport:
                self.values.set_viewport(whole)
            self.slopes.set_viewport(slopes)
            self._fitted_views = self._views

    def show_runs(
        self, runs: Sequence[NewtonFrame], at: int, inner: int | None, focus: str, at_end: bool, known: Sequence[StationaryPoint]
    ) -> None:
        """Draw curves and runs at step `at`."""
        above, below = graph_items(self._frame, runs, at, focus, at_end, known)
        if runs:
            start = float(runs[0].iterates[0, 0])
            self.values.set_handle(start, float(runs[0].values[0]))
            self.slopes.set_handle(start, float(runs[0].curvature.gradients[0, 0]))
        self.values.set_overlay(above)
        self.slopes.set_overlay(below)
