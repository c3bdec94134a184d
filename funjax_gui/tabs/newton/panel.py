"""Panel of the Newton tab: shows the settings and emits edits, which the tab applies."""

import math
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QCheckBox, QLabel

from funjax_gui.figures import method_icon
from funjax_gui.formatting import MINUS, minus_sign, plain_decimal
from funjax_gui.formulas import (
    MOST_COORDINATES,
    OBJECTIVE,
    PlainOrTypesetLabel,
    SavedFormula,
    find_objective,
    is_typed,
    latex_of,
    objective_control,
)
from funjax_gui.style import COLOUR_MAPS, Colours
from funjax_gui.tabs.view_panel import COLOURS_TIP, ViewPanel
from funjax_gui.widgets import ChoiceControl, Control, CountControl, LogSlider, TextControl, WholeSlider, button
from kernels.geometry import decimal
from kernels.newton import GOALS, NewtonRequest
from kernels.newton.solvers import METHODS
from kernels.objectives import MOST_DIMENSION

FOUND = {"stationary": "stationary point"}
"""Titles of goals that differ from their names."""

SHOWN = (("surface", "Surface"), ("basins", "Newton’s basins"))

TYPED = 8
"""Maximum number of coordinates in the field of the initial point; of a longer one it shows the first two."""


class PointControl(TextControl):
    """A point, as numbers separated by commas; a tuple of floats."""

    def _write(self, value: Sequence[float]) -> str:
        shown = value if len(value) <= TYPED else value[:2]
        return minus_sign(", ".join(plain_decimal(decimal(v)) for v in shown))

    def _parse(self, text: str) -> tuple[float, ...]:
        parts = [part for part in text.strip("()[] ").replace(";", ",").replace(MINUS, "-").split(",") if part.strip()]
        if len(parts) == 1:
            parts = parts[0].split()
        if not parts:
            raise ValueError("the initial point has no coordinates; give numbers such as -1.2, 1")
        values = tuple(float(decimal(part.strip())) for part in parts)
        if not all(map(math.isfinite, values)):
            raise ValueError(f"{text} is out of range; give finite numbers such as -1.2, 1")
        return values


class NewtonPanel(ViewPanel):
    """Controls for objective, run, methods, their settings, and what is shown."""

    method_switched = Signal(str, bool)
    scaling_requested = Signal()
    """The user opens the scaling dialog."""

    def __init__(self) -> None:
        super().__init__(_make_controls(), "The whole picture")
        self._formula, self._meaning, self.legend = PlainOrTypesetLabel(), QLabel(), QLabel()
        self._formula.setProperty("role", "formula")
        self._meaning.setProperty("role", "quiet")
        for label in (self._meaning, self.legend):
            label.setWordWrap(True)
        self.legend.hide()
        self.methods = {name: self._method_box(name) for name in METHODS}
        self._shown_for: tuple[str, str, int] | None = None
        self._request: NewtonRequest | None = None
        self._save_from("objective", self._described)
        self._arrange()

    def _method_box(self, name: str) -> QCheckBox:
        box = QCheckBox(METHODS[name].title)
        box.setToolTip(METHODS[name].meaning)
        box.setIconSize(QSize(30, 14))
        box.clicked.connect(lambda on, name=name: self.method_switched.emit(name, on))
        return box

    def _arrange(self) -> None:
        c = self._controls
        self.add_group("Function", c["objective"], self._formula, self._meaning, self.parameters, c["n"])
        self.add_group("Run", c["goal"], c["start"])
        self.add_group("Methods", *self.methods.values())
        tip = "Time and memory of the explicit Hessian against conjugate gradients, for growing numbers of variables"
        scaling = button("Scaling with n…", tip, self.scaling_requested.emit)
        scaling.setObjectName("scaling")
        self.add_group("View", c["shown"], c["colour_map"], self.legend, *self._limit_rows(), self._view_buttons, scaling)
        self.add_group("Settings", *(c[name] for name in ("damping", "step", "radius", "cg_steps", "tolerance", "max_steps")), folded=True)

    def set_theme(self, colours: Colours) -> None:
        """Draw the icons of the methods in these colours."""
        for name, box in self.methods.items():
            box.setIcon(method_icon(name, colours))

    def set_legend(self, text: str) -> None:
        """Show the legend; empty to hide it."""
        if text != self.legend.text():
            self.legend.setText(text)
        self.legend.setVisible(bool(text))

    def show_request(self, request: NewtonRequest, methods: Sequence[str], shown: str, colour_map: str) -> None:
        """Show the settings and clear errors."""
        n = len(request.start)
        self._request, objective = request, find_objective(request.objective)
        showing = (request.objective, objective.title, n)
        if showing != self._shown_for:
            another = self._shown_for is None or self._shown_for[:2] != showing[:2]
            self._shown_for = showing
            self._follow_objective(request.objective, n)
            if another:
                self.make_sliders(objective.parameters, forget=not is_typed(objective))
        names = ("objective", "start", "goal", "max_steps", "tolerance", "step", "damping", "radius", "cg_steps")
        values = {name: getattr(request, name) for name in names}
        self.show_values(values | {"n": n, "shown": shown, "colour_map": colour_map})
        self._controls["colour_map"].set_unused("Not used now: each stationary point has a colour" if shown == "basins" else "")
        self.show_parameters(request.parameters)
        for name, box in self.methods.items():
            box.setChecked(name in methods)
        heeded = {setting for name in methods for setting in METHODS[name].settings}
        for name in ("damping", "step", "radius", "cg_steps"):
            self._controls[name].setEnabled(name in heeded)

    def _follow_objective(self, name: str, n: int) -> None:
        objective = find_objective(name)
        x, y = ("x", "f") if n == 1 else ("x", "y") if n <= 4 else ("x1", "x2")
        self.label_limits(x, y)
        self._formula.set_formula(objective.formula, latex_of(objective))
        self._formula.setToolTip(objective.reference)
        self._meaning.setText(objective.meaning)
        self._controls["n"].setVisible(objective.any_dimension)
        basins = objective.dimension == 2 and n == 2
        self._controls["shown"].set_choices(SHOWN if basins else SHOWN[:1])  # type: ignore[attr-defined]
        self._controls["shown"].setVisible(basins)
        self._controls["colour_map"].setVisible(n > 1)
        for method, box in self.methods.items():
            box.setVisible(n == 1 or not METHODS[method].one_dimensional)

    def _described(self) -> SavedFormula:
        """The current objective, to be saved."""
        assert self._request is not None and self._view is not None
        r = self._request
        parameters = self.kept(find_objective(r.objective).parameters, dict(r.parameters))
        start = r.start if len(r.start) <= MOST_COORDINATES else ()
        return SavedFormula(OBJECTIVE, "", r.objective, parameters, "", start, self._view.x_limits, self._view.y_limits)


def _make_controls() -> dict[str, Control]:
    def about(name: str) -> Any:
        return NewtonRequest.__dataclass_fields__[name].metadata

    made: dict[str, Control] = {
        "objective": objective_control(about("objective")["tip"]),
        "n": CountControl("Variables", 1, MOST_DIMENSION, "Number of variables; with more than two a slice is drawn"),
        "start": PointControl("Start", "Initial point, numbers separated by commas; or drag the ring in the picture"),
        "goal": ChoiceControl("Find", [(goal, FOUND.get(goal, goal)) for goal in GOALS], about("goal")["tip"]),
        "max_steps": WholeSlider("Max. iterations", 1, 1000, about("max_steps")["tip"]),
        "shown": ChoiceControl("Show", SHOWN, "Surface of the function, or the basins of attraction of full Newton steps"),
        "colour_map": ChoiceControl(
            "Colours",
            [(name, m.title) for name, m in COLOUR_MAPS.items()],
            COLOURS_TIP,
        ),
    }
    for name in ("tolerance", "step", "damping", "radius"):
        meta = about(name)
        made[name] = LogSlider(meta["label"], meta["low"], meta["high"], meta["tip"])
    made["cg_steps"] = WholeSlider(about("cg_steps")["label"], 1, 100, about("cg_steps")["tip"])
    return made
