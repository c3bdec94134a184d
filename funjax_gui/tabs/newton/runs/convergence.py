"""Side panel of the Newton tab: convergence of the runs, and the linear algebra of the method in focus at the step shown."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from funjax_gui.figures import EQUATION_QUANTITIES, QUANTITIES, newton_convergence
from funjax_gui.formatting import significant
from funjax_gui.plots import CurvePlot
from funjax_gui.style import Colours, scaled
from funjax_gui.tabs.newton.equations import equation_numbers
from funjax_gui.widgets import ChoiceControl
from kernels.equations import EquationFrame
from kernels.newton import NewtonFrame
from kernels.newton.solvers import find_method
from kernels.validation import grouped

Floats = NDArray[np.float64]


NO_CG = "No method with conjugate gradients is on. Switch on Newton-CG."
NO_STEPS = "No run takes a step from here, so there is nothing to plot. Move the initial point, or choose the gradient."


class Aside(QWidget):
    """The convergence plot with the numbers below it."""

    def __init__(self) -> None:
        super().__init__()
        self.quantity = "gradient"
        self._runs: Sequence[Any] = ()
        self._solves = False
        self._at, self._focus = 0, ""
        self._inner: int | None = None
        self._choice = ChoiceControl("Plot", [(key, title) for key, (title, _) in QUANTITIES.items()], "Quantity plotted against the step")
        self._choice.edited.connect(self._choose)
        self.plot = CurvePlot()
        self.plot.set_labels("step", "")
        self.plot.setMinimumHeight(scaled(170))
        self.numbers = QLabel()
        self.numbers.setTextFormat(Qt.TextFormat.RichText)
        self.numbers.setWordWrap(True)
        self.numbers.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.numbers.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.numbers.setContentsMargins(14, 6, 10, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(4)
        choice_row = QVBoxLayout()
        choice_row.setContentsMargins(14, 0, 12, 0)
        choice_row.addWidget(self._choice)
        column.addLayout(choice_row)
        column.addWidget(self.plot, 2)
        column.addWidget(self.numbers, 3)

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self.plot.set_theme(colours)

    def _choose(self, quantity: str) -> None:
        self.quantity = quantity
        self._draw()

    def set_subject(self, solves: bool) -> None:
        """Offer the quantities of runs for a root, if the tab `solves` equations, or of those on an objective."""
        offered = EQUATION_QUANTITIES if solves else QUANTITIES
        if solves != self._solves:
            self._solves = solves
            self.quantity = self.quantity if self.quantity in offered else "gradient"
            self._choice.set_choices([(key, title) for key, (title, _) in offered.items()])
            self._choice.set_value(self.quantity)

    def show_runs(self, runs: Sequence[NewtonFrame | EquationFrame], at: int, inner: int | None, focus: str) -> None:
        """Show the runs at step `at`, with the numbers of the method in focus."""
        self._runs, self._at, self._inner, self._focus = runs, at, inner, focus
        self._draw()
        chosen = next((run for run in runs if run.request.method == focus), None)
        k = min(at, chosen.steps) if chosen is not None else 0
        text = "" if chosen is None else equation_numbers(chosen, k) if isinstance(chosen, EquationFrame) else algebra(chosen, k)
        if text != self.numbers.text():
            self.numbers.setText(text)

    def _draw(self) -> None:
        if self.quantity == "cg":
            self._draw_residuals()
            return
        figure = newton_convergence.convergence(self._runs, self.quantity, self._at, self._focus)
        self.plot.show_figure(figure)
        self.plot.set_message(NO_STEPS if self._runs and figure.is_empty else None)

    def _draw_residuals(self) -> None:
        run = next((run for run in self._runs if run.request.method == self._focus and len(run.cg_residuals)), None)
        run = run or next((run for run in self._runs if len(run.cg_residuals)), None)
        if run is None:
            self.plot.show_figure(replace(self.plot.figure, items=(), title="CG residuals of the step", x_label="inner iteration"))
            inner = any("cg_steps" in find_method(each.request.method).settings for each in self._runs)
            self.plot.set_message(NO_STEPS if inner else NO_CG)
            return
        self.plot.set_message(None)
        self.plot.show_figure(newton_convergence.residuals(run, min(self._at, run.steps - 1), self._inner))


def algebra(run: NewtonFrame, k: int) -> str:
    """Numbers at iterate k as rich text: the whole system for two variables, a part for more."""
    rows = [("x", _column(run.iterates[k])), ("f", significant(run.values[k], 10)), ("|g|", significant(run.gradient_norms[k]))]
    curvature = run.curvature
    if k < len(curvature.hessians):
        if curvature.gradients.shape[1] <= 3:
            rows += [("gradient g", _column(curvature.gradients[k])), ("Hessian H", _matrix(curvature.hessians[k]))]
        rows.append(("−H⁻¹g", _column(curvature.model_points[k] - run.iterates[k])))
    if k < len(curvature.eigenvalues):
        values = curvature.rounded_eigenvalues(k)
        rows.append(("eigenvalues", ", ".join(significant(v, 5) for v in values[:4]) + (", …" if len(values) > 4 else "")))
        condition = float(curvature.conditions[k])
        rows.append(("condition", significant(condition, 4) if math.isfinite(condition) else "∞: singular"))
    if k < run.steps:
        rows.append(("step taken", _column(run.iterates[k + 1] - run.iterates[k])))
        rows.append(("Δf predicted", significant(run.predicted[k])))
        rows.append(("Δf actual", significant(run.actual[k])))
        if math.isfinite(run.ratios[k]):
            rows.append(("ratio, radius", f"{significant(run.ratios[k], 4)}, {significant(run.radii[k], 4)}"))
        if run.shifts[k] > 0:
            rows.append(("added to H", f"{significant(run.shifts[k], 4)} I"))
    if math.isfinite(run.orders[k]):
        rows.append(("order", f"{run.orders[k]:.2f}"))
    if k == run.steps:
        rows.append(("H·v products", grouped(run.hessian_vector_products)))
    cells = "".join(f"<tr><td style='padding-right:10px'>{name}</td><td>{value}</td></tr>" for name, value in rows)
    return f"<p style='margin-bottom:4px'><b>Step {k}</b></p><table cellspacing='3'>{cells}</table>"


def _column(values: Floats) -> str:
    return "<br>".join(significant(float(v), 8) for v in values[:4]) + ("<br>…" if len(values) > 4 else "")


def _matrix(matrix: Floats) -> str:
    return "<br>".join("&nbsp;&nbsp;".join(significant(float(v)) for v in row) for row in matrix)
