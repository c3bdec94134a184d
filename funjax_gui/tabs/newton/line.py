"""An objective of one variable: f with the local model above, f′ and its tangent, whose root is Newton's next iterate, below."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter

from funjax_gui.formula import is_typed
from funjax_gui.library import find_objective
from funjax_gui.newton_look.sketch import run_on_graph
from funjax_gui.newton_look.styles import KIND_SHAPES, style_of
from funjax_gui.plots import Arrow, Item, Marks, Path, SketchPlot
from funjax_gui.theme import Colours
from kernels.functions import StationaryPoint
from kernels.geometry import Viewport, decimal
from kernels.newton import NewtonFrame
from kernels.newton_surface import LineFrame

Floats = NDArray[np.float64]
Limits = tuple[Decimal, Decimal]


class LinePicture(QSplitter):
    """Two plots over one axis; a start that is dragged in either keeps its other coordinate."""

    handle_moved = Signal(float, float)

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self.values, self.slopes = SketchPlot(), SketchPlot()
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
            plot.picked.connect(self.handle_moved)

    def _share(self, view: Viewport, other: SketchPlot) -> None:
        theirs = other.grid.viewport
        if (theirs.x, theirs.half_width) != (view.x, view.half_width):
            other.set_viewport(replace(theirs, x=view.x, half_width=view.half_width))

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self.values.set_theme(colours)
        self.slopes.set_theme(colours)

    def fit_anew(self) -> None:
        """Choose the heights by the next curves, as for the whole picture."""
        self._fitted = ""

    @property
    def heights(self) -> tuple[Limits, Limits] | None:
        """The limits of f and of f′; None where they are the ones chosen for the curves, or are yet to be chosen."""
        if not self._fitted or self._views == self._fitted_views:
            return None
        return self.values.grid.viewport.y_limits, self.slopes.grid.viewport.y_limits

    def set_heights(self, objective: str, slopes: Limits) -> None:
        """Keep the limits of f, and have these of f′, rather than choose them by the next curves."""
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
            objective = find_objective(frame.request.objective)
            # A typed formula's own view is for parameters of 1.
            if objective.dimension > 1 or is_typed(objective):
                _fit(self.values, frame.values, 0.0)
            # f′ grows fast towards the ends; what matters is near its roots.
            _fit(self.slopes, frame.slopes, 0.15)
            self._fitted_views = self._views

    def show_runs(
        self, runs: Sequence[NewtonFrame], at: int, inner: int | None, focus: str, at_end: bool, known: Sequence[StationaryPoint]
    ) -> None:
        """Draw curves and runs at step `at`."""
        above: list[Item] = []
        below: list[Item] = []
        if self._frame is not None:
            frame = self._frame
            above.append(Path(np.stack([frame.x, frame.values], axis=1), "text", 1.6))
            below.append(Path(np.stack([frame.x, frame.slopes], axis=1), "text", 1.6))
            below.insert(0, Path(np.array([[frame.x[0], 0.0], [frame.x[-1], 0.0]]), "muted", 1.0))
            below += _roots(known)
        for run in sorted(runs, key=lambda run: run.request.method == focus):
            k = min(at, run.steps)
            if run.request.method == focus and len(run.curvature.hessians):
                above += self._parabola(run, k)
                below += self._tangents(run, k, at_end)
            _add_iterates(run, k, run.request.method == focus, above, below)
        if runs:
            start = float(runs[0].iterates[0, 0])
            slope = float(runs[0].curvature.gradients[0, 0])
            above.append(Marks(np.array([[start, runs[0].values[0]]]), "circle", "text", 13.0, filled=False))
            below.append(Marks(np.array([[start, slope]]), "circle", "text", 13.0, filled=False))
            self.values.set_handle(start, float(runs[0].values[0]))
            self.slopes.set_handle(start, slope)
        self.values.set_sketch(above)
        self.slopes.set_sketch(below)

    def _parabola(self, run: NewtonFrame, k: int) -> list[Item]:
        """The quadratic model about iterate k, over the view."""
        x, g, h = run.iterates[k, 0], run.curvature.gradients[k, 0], run.curvature.hessians[k, 0, 0]
        if self._frame is None or not np.isfinite([x, g, h]).all():
            return []
        d = self._frame.x - x
        items: list[Item] = [Path(np.stack([self._frame.x, run.values[k] + g * d + h * d**2 / 2], axis=1), "muted", 1.4, "dash")]
        centre = run.curvature.model_points[k, 0]
        kind = run.curvature.kinds[k] or "degenerate"
        if np.isfinite(centre):
            d = centre - x
            height = run.values[k] + g * d + h * d * d / 2
            items.append(Marks(np.array([[centre, height]]), KIND_SHAPES[kind], "text", 9.0, filled=False, label=f"model’s {kind}"))
        return items

    def _tangents(self, run: NewtonFrame, k: int, at_end: bool) -> list[Item]:
        """From each iterate so far up to f′, and along the tangent to where that is 0; the last one across the view."""
        role = style_of(run.request.method).role
        x, g = run.iterates[: k + 1, 0], run.curvature.gradients[: k + 1, 0]
        h, roots = run.curvature.hessians[: k + 1, 0, 0], run.curvature.model_points[: k + 1, 0]
        items: list[Item] = []
        for i in range(max(0, k - 40), k + 1):
            last = i == k
            if last and at_end:
                break
            corners = np.array([[x[i], 0.0], [x[i], g[i]], [roots[i], 0.0]])
            items.append(Path(corners[:2], role, 1.0, "dot", 0.9 if last else 0.45))
            items.append(Path(corners[1:], role, 1.6 if last else 1.0, "solid", 1.0 if last else 0.45))
            if last and np.isfinite(roots[i]):
                if self._frame is not None:
                    ends = self._frame.x[[0, -1]]
                    items.append(Path(np.stack([ends, g[i] + h[i] * (ends - x[i])], axis=1), "muted", 1.0, "dash"))
                items.append(Arrow(corners[1], corners[2], role))
        return items


def _fit(plot: SketchPlot, values: Floats, left_out: float) -> None:
    """Choose the plot's height for these values, a share of them on either side left out, with room around."""
    values = values[np.isfinite(values)]
    if not values.size:
        return
    low, high = (float(q) for q in np.quantile(values, (left_out, 1 - left_out)))
    room = (0.08 + 2 * left_out) * max(high - low, 1e-9)
    view = plot.grid.viewport
    plot.set_viewport(Viewport.from_limits(*view.x_limits, decimal(f"{low - room:.3g}"), decimal(f"{high + room:.3g}")))


def _roots(known: Sequence[StationaryPoint]) -> list[Item]:
    return [
        Marks(np.array([[p.point[0], 0.0] for p in known if p.kind == kind]), shape, "text", 8.0, filled=kind == "minimum")
        for kind, shape in KIND_SHAPES.items()
        if any(p.kind == kind for p in known)
    ]


def _add_iterates(run: NewtonFrame, k: int, chosen: bool, above: list[Item], below: list[Item]) -> None:
    style = style_of(run.request.method)
    above += run_on_graph(run, k, chosen)
    if len(run.curvature.gradients):
        places = np.stack([run.iterates[: k + 1, 0], run.curvature.gradients[: k + 1, 0]], axis=1)
        below.append(Marks(places, style.shape, style.role, 7.0 if chosen else 5.0))
