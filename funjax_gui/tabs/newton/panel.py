"""Panel of the Newton tab: shows the settings and emits edits, which the tab applies."""

import math
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QCheckBox, QLabel

from funjax_gui.figures import method_icon
from funjax_gui.formatting import MINUS, minus_sign, plain_decimal
from funjax_gui.formulas import (
    EQUATION,
    MOST_COORDINATES,
    OBJECTIVE,
    PlainOrTypesetLabel,
    SavedFormula,
    find_equations,
    find_objective,
    is_typed,
    latex_of,
    objective_control,
)
from funjax_gui.style import COLOUR_MAPS, Colours
from funjax_gui.tabs.newton.equations import family, method_title
from funjax_gui.tabs.newton.session import ALL_METHODS
from funjax_gui.tabs.view_panel import COLOURS_TIP, ViewPanel, in_a_row
from funjax_gui.widgets import (
    ChoiceControl,
    Control,
    CountControl,
    Legend,
    LogSlider,
    SliderControl,
    SwitchControl,
    TextControl,
    WholeSlider,
    button,
)
from kernels.equations import COMPLEX, EQUATION_METHODS, REAL, EquationRequest, equation_text, is_family
from kernels.geometry import decimal
from kernels.newton import GOALS, NewtonRequest
from kernels.newton.solvers import METHODS
from kernels.objectives import MOST_DIMENSION

FOUND = {"stationary": "stationary point"}
"""Titles of goals that differ from their names."""

SHOWN = (("surface", "Surface"), ("basins", "Newton’s basins"))

SHOWN_TIP = (
    "Surface of the function, or the basins of attraction of full Newton steps; of a family of equations in z the fractal, or the plane "
    "of its parameters"
)

TYPED = 8
"""Maximum number of coordinates in the field of the initial point; of a longer one it shows the first two."""


SETTINGS = ("damping", "multiplicity", "step", "momentum", "radius", "cg_steps", "tolerance", "max_steps")
OF_OBJECTIVES = ("goal", "shown", "colour_map", "step", "momentum", "radius", "cg_steps")
"""Controls without a meaning for equations."""


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
    map_requested = Signal()
    """The user opens Newton's map in the fixed-point explorer."""
    scaling_requested = Signal()
    """The user opens the scaling dialog."""
    network_requested = Signal()
    """The user opens the network dialog."""

    def __init__(self) -> None:
        super().__init__(_make_controls(), "The whole picture")
        self._formula, self._meaning, self.legend = PlainOrTypesetLabel(), QLabel(), Legend()
        self._formula.setProperty("role", "formula")
        self._meaning.setProperty("role", "quiet")
        self._meaning.setWordWrap(True)
        self.legend.hide()
        self.methods = {name: self._method_box(name) for name in ALL_METHODS}
        self._shown_for: tuple[str, str, int] | None = None
        self._request: NewtonRequest | EquationRequest | None = None
        self._save_from("objective", self._described)
        self._arrange()

    def _method_box(self, name: str) -> QCheckBox:
        box = QCheckBox(method_title(name))
        box.setIconSize(QSize(30, 14))
        box.clicked.connect(lambda on, name=name: self.method_switched.emit(name, on))
        return box

    def _arrange(self) -> None:
        c = self._controls
        self.add_group("Function", c["objective"], self._formula, self._meaning, self.parameters, c["n"])
        self.add_group("Run", c["goal"], c["start"])
        rivals = {name for name, method in METHODS.items() if method.rival}
        self.add_group("Methods", *(box for name, box in self.methods.items() if name not in rivals))
        self.add_group("Rivals", *(box for name, box in self.methods.items() if name in rivals), folded=True)
        tip = "Time and memory of the explicit Hessian against conjugate gradients, for growing numbers of variables"
        self._scaling = scaling = button("Scaling…", tip, self.scaling_requested.emit, "Scaling with n")
        scaling.setObjectName("scaling")
        there = "Open x − f/f′, whose fixed points are the roots, in the fixed-point explorer: its cobweb is Newton’s method"
        deep = "A small network, trained by Hessian-free Newton, L-BFGS, Adam and gradient descent side by side"
        network = button("Train a network…", deep, self.network_requested.emit)
        network.setObjectName("network")
        self._map = button("Show Newton’s map there", there, self.map_requested.emit)
        self._map.setObjectName("newton-map")
        self._map.hide()
        shown = c["shown"], c["colour_map"], c["critical_orbits"], self.legend
        self.add_group("View", *shown, *self._limit_rows(), self._view_buttons, in_a_row(scaling, network), self._map)
        self.add_group("Settings", *(c[name] for name in SETTINGS), folded=True)

    def set_theme(self, colours: Colours) -> None:
        """Draw the icons of the methods in these colours."""
        for name, box in self.methods.items():
            box.setIcon(method_icon(name, colours))

    def set_legend(self, text: str) -> None:
        """Show the legend; empty to hide it."""
        if text != self.legend.text():
            self.legend.setText(text)
        self.legend.setVisible(bool(text))

    def show_request(
        self, request: NewtonRequest | EquationRequest, methods: Sequence[str], shown: str, colour_map: str, critical: bool
    ) -> None:
        """Show the settings and clear errors."""
        if isinstance(request, EquationRequest):
            self._show_equations(request, methods)
            self.label_limits(*family.axes_of(request.found, shown))
            self.show_values({"critical_orbits": critical} | ({"shown": shown} if is_family(request.found) else {}))
            return
        n = len(request.start)
        self._request, objective = request, find_objective(request.objective)
        showing = (request.objective, objective.title, n)
        if showing != self._shown_for:
            another = self._shown_for is None or self._shown_for[:2] != showing[:2]
            self._shown_for = showing
            self._follow_objective(request.objective, n)
            if another:
                self.make_sliders(objective.parameters, forget=not is_typed(objective))
        names = ("objective", "start", "goal", "max_steps", "tolerance", "step", "momentum", "damping", "radius", "cg_steps")
        values = {name: getattr(request, name) for name in names}
        self.show_values(values | {"n": n, "shown": shown, "colour_map": colour_map})
        self._controls["colour_map"].set_unused("Not used now: each stationary point has a colour" if shown == "basins" else "")
        self.show_parameters(request.parameters)
        for name, box in self.methods.items():
            if name in methods and not box.isChecked():
                self.reveal(box)
            box.setChecked(name in methods)
        heeded = {setting for name in methods for setting in METHODS[name].settings}
        for name in ("damping", "step", "momentum", "radius", "cg_steps"):
            self._controls[name].setEnabled(name in heeded)

    def _show_equations(self, request: EquationRequest, methods: Sequence[str]) -> None:
        """Show the settings of runs for a root; what has no meaning for them is hidden."""
        self._request, equations = request, find_equations(request.equations)
        showing = (equation_text(equations), equations.title, len(request.start))
        if showing != self._shown_for:
            self._shown_for = showing
            self._switch(True)
            self._formula.set_formula(equations.formula, latex_of(equations))
            self._formula.setToolTip(equations.reference)
            self._meaning.setText(equations.meaning)
            for name, box in self.methods.items():
                method = EQUATION_METHODS.get(name)
                box.setVisible(method is not None and equations.kind in method.kinds)
                box.setToolTip(method.meaning if method else "")
            self.make_sliders(equations.parameters, forget=not is_typed(equations))
            if is_family(equations):
                self._controls["shown"].set_choices(family.SHOWN)  # type: ignore[attr-defined]
                self._controls["shown"].show()
        names = ("start", "max_steps", "tolerance", "damping", "multiplicity")
        self.show_values({"objective": showing[0]} | {name: getattr(request, name) for name in names})
        self.show_parameters(request.parameters)
        for name, box in self.methods.items():
            box.setChecked(name in methods)
        # The picture is that of Newton's method, whatever methods are on.
        self._controls["damping"].setEnabled(True)
        self._controls["multiplicity"].setEnabled(any("multiplicity" in EQUATION_METHODS[name].settings for name in methods))

    def _switch(self, solves: bool) -> None:
        """Show the controls of equations, or of objectives."""
        for name in OF_OBJECTIVES:
            self._controls[name].setVisible(not solves)
        self.set_group_visible(self.methods["bfgs"], not solves)
        self._controls["n"].setVisible(False)
        self._controls["multiplicity"].setVisible(solves)
        self._scaling.setVisible(not solves)
        self._controls["critical_orbits"].setVisible(isinstance(self._request, EquationRequest) and self._request.found.kind == COMPLEX)
        self._map.setVisible(isinstance(self._request, EquationRequest) and self._request.found.kind == REAL)

    def _follow_objective(self, name: str, n: int) -> None:
        objective = find_objective(name)
        self._switch(False)
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
            box.setVisible(method in METHODS and not METHODS[method].misfit(objective, n))
            box.setToolTip(METHODS[method].meaning if method in METHODS else "")

    def _described(self) -> SavedFormula:
        """The current objective or equations, to be saved."""
        assert self._request is not None and self._view is not None
        r = self._request
        chosen: Any = r.found if isinstance(r, EquationRequest) else find_objective(r.objective)
        kind, text = (EQUATION, equation_text(chosen)) if isinstance(r, EquationRequest) else (OBJECTIVE, r.objective)
        start = r.start if len(r.start) <= MOST_COORDINATES else ()
        parameters = self.kept(chosen.parameters, dict(r.parameters))
        return SavedFormula(kind, "", text, parameters, "", start, self._view.x_limits, self._view.y_limits)


def _make_controls() -> dict[str, Control]:
    def about(name: str) -> Any:
        return NewtonRequest.__dataclass_fields__[name].metadata

    made: dict[str, Control] = {
        "objective": objective_control(about("objective")["tip"]),
        "n": CountControl("Variables", 1, MOST_DIMENSION, "Number of variables; with more than two a slice is drawn"),
        "start": PointControl("Start", "Initial point, numbers separated by commas; or drag the ring in the picture"),
        "goal": ChoiceControl("Find", [(goal, FOUND.get(goal, goal)) for goal in GOALS], about("goal")["tip"]),
        "max_steps": WholeSlider("Max. iterations", 1, 1000, about("max_steps")["tip"]),
        "shown": ChoiceControl("Show", SHOWN, SHOWN_TIP),
        "colour_map": ChoiceControl(
            "Colours",
            [(name, m.title) for name, m in COLOUR_MAPS.items()],
            COLOURS_TIP,
        ),
    }
    for name in ("tolerance", "step", "damping", "radius"):
        meta = about(name)
        made[name] = LogSlider(meta["label"], meta["low"], meta["high"], meta["tip"])
    tip = "Orbits of the points where the derivative of Newton’s map vanishes: each attracting cycle attracts at least one of them"
    made["critical_orbits"] = SwitchControl("Critical orbits", tip)
    meta = about("momentum")
    made["momentum"] = SliderControl(meta["label"], 0.0, meta["most"], meta["tip"])
    made["multiplicity"] = LogSlider("Multiplicity m", 1.0, 10.0, "The factor of Newton’s step for a root of multiplicity m")
    made["cg_steps"] = WholeSlider(about("cg_steps")["label"], 1, 100, about("cg_steps")["tip"])
    return made
