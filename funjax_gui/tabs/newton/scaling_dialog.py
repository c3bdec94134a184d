"""The scaling dialog: time and memory of one Newton system against the number of variables, by the inverse and by conjugate gradients."""

import math
from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from funjax_gui.figures import Figure, Item, Marks, Polyline, fitted, logarithms, method_style
from funjax_gui.formatting import significant
from funjax_gui.formulas import find_objective
from funjax_gui.plots import CurvePlot, Margins
from funjax_gui.style import DARK, Colours, fitting, scaled
from funjax_gui.tabs.newton import help_text
from funjax_gui.tabs.request_slots import RequestSlots
from funjax_gui.widgets import ChoiceControl, CountControl, LogSlider, button
from kernels.newton import INNER, MOST, NAIVE, NewtonRequest, NewtonScalingFrame, NewtonScalingRequest, ScalingPoint
from kernels.objectives import OBJECTIVES
from kernels.validation import grouped

CHOICES = [(o.name, o.title) for o in OBJECTIVES.values() if o.any_dimension]
DASHES = {NAIVE: "●──", INNER: "∙╌╌"}
"""Line samples in the legend."""

TITLES = {NAIVE: "explicit Hessian and its inverse", INNER: "conjugate gradients"}


class ScalingDialog(QDialog):
    """A modeless dialog that requests a NewtonScalingRequest and shows its points."""

    requested = Signal(object)
    stopped = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Scaling with the number of variables")
        self.resize(fitting(760, 560))
        self.request = NewtonScalingRequest()
        self.frame: NewtonScalingFrame | None = None
        self._colours = DARK
        self._slots = RequestSlots((NewtonScalingRequest,))
        self.seconds, self.memory = (CurvePlot(margins=Margins(left=58, top=26, right=14)) for _ in range(2))
        self.seconds.explain(*help_text.TIME)
        self.memory.explain(*help_text.MEMORY)
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.summary.setMinimumHeight(scaled(72))
        self.summary.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.summary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.controls = self._make_controls()
        tip = "Solve one Newton system of each size, up to the largest n or the time limit; or stop"
        self.button = button("Measure", tip, self.toggle)
        self.button.setMinimumWidth(scaled(84))
        self._lay_out()
        self._show()

    def _make_controls(self) -> dict[str, ChoiceControl | CountControl | LogSlider]:
        made: dict[str, ChoiceControl | CountControl | LogSlider] = {
            "objective": ChoiceControl("Function", CHOICES, "A function of any number of variables"),
            "largest": CountControl("Largest n", 2, MOST, "Largest number of variables; each point doubles the one before"),
            "seconds": LogSlider("Seconds", 0.01, 10.0, "Time limit of one solve"),
        }
        for name, control in made.items():
            control.set_value(getattr(self.request, name))
            control.edited.connect(lambda value, name=name: self._edit(name, value))
        return made

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        row = QHBoxLayout()
        row.setSpacing(16)
        for control in self.controls.values():
            row.addWidget(control, 1)
        row.addWidget(self.button)
        plots = QHBoxLayout()
        plots.addWidget(self.seconds, 1)
        plots.addWidget(self.memory, 1)
        column.addLayout(row)
        column.addLayout(plots, 1)
        column.addWidget(self.summary)

    def follow(self, run: NewtonRequest) -> None:
        """Select the objective of the run with its parameters, if it is defined for any n."""
        objective = find_objective(run.objective)
        wanted = (run.objective, run.parameters)
        if not objective.any_dimension or wanted == (self.request.objective, self.request.parameters):
            return
        chosen = self.controls["objective"]
        assert isinstance(chosen, ChoiceControl)
        own = [] if run.objective in OBJECTIVES else [(run.objective, objective.formula)]
        chosen.set_choices(CHOICES + own)
        chosen.set_value(run.objective)
        self.halt()
        self.request = replace(self.request, objective=run.objective, parameters=run.parameters)
        self.frame = None
        self._show()

    def _edit(self, name: str, value: object) -> None:
        usual: dict[str, object] = {"parameters": ()} if name == "objective" else {}
        try:
            wanted = replace(self.request, **(usual | {name: value}))  # type: ignore[arg-type]
        except ValueError as error:
            self.controls[name].complain(str(error))
            return
        self.halt()
        self.request, self.frame = wanted, None
        self._show()
        self.controls[name].set_value(value)  # type: ignore[arg-type]

    def toggle(self) -> None:
        """Start or stop the measurement."""
        if self._slots.is_running():
            self.halt()
            return
        self._slots.drop(NewtonScalingRequest)
        self._slots.submit(self.request)
        sent = self._slots.due()
        self.frame = None
        self._show()
        for request in sent:
            self.requested.emit(request)

    def halt(self) -> None:
        """Stop the measurement; its points stay."""
        if self._slots.drop(NewtonScalingRequest):
            self.stopped.emit()
            self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the measurement of a hidden dialog."""
        self.halt()
        super().hideEvent(event)

    def show_frame(self, frame: NewtonScalingFrame) -> None:
        """Show a frame, if it answers the current request."""
        if self._slots.accept(frame):
            self.frame = frame
            self._show()

    def fail(self, request: NewtonScalingRequest, message: str) -> None:
        """Show why the measurement failed."""
        if self._slots.fail(request):
            self._show()
            self.summary.setText(message)

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self._colours = colours
        self.seconds.set_theme(colours)
        self.memory.set_theme(colours)
        self._show()

    def _show(self) -> None:
        self.button.setText("Stop" if self._slots.is_running() else "Measure")
        self.summary.setText(self._words())
        points = self.frame.points if self.frame else ()
        for plot, title, row in ((self.seconds, "seconds per solve", 1), (self.memory, "bytes", 2)):
            items: list[Item] = []
            for method in (NAIVE, INNER):
                style = method_style(method)
                curve = self.frame.curve(method) if self.frame else np.zeros((3, 0))
                places = logarithms(curve[[0, row]].T)
                items.append(Polyline(places, style.role, 1.6, style.dash))
                items.append(Marks(places, "circle", style.role, 6.0 if method == NAIVE else 4.0, halo=False))
            x = math.log10(2), math.log10(self.request.largest if points else 1e6)
            y = fitted([item.points[:, 1] for item in items if isinstance(item, Polyline)]) if points else (-6.0, 0.0)
            plot.show_figure(Figure(items, x, y, title, "variables n", logarithmic_x=True, logarithmic_y=True))

    def _words(self) -> str:
        if self.frame is None:
            begun = "Measuring the first point" if self._slots.is_running() else "One solve of H d = −g at the standard initial point"
            return f"{begun}, {self._at()}n = 2, 4, 8, …"
        lines = []
        for method in (NAIVE, INNER):
            points = [p for p in self.frame.points if p.method == method]
            if points:
                role = getattr(self._colours, method_style(method).role)
                lines.append(f'<span style="color:{role}">{DASHES[method]}</span> {TITLES[method]}: {_described(points[-1])}')
        if self.frame.stopped:
            lines.append(self.frame.stopped)
        state = "measuring" if self._slots.is_running() else "done" if self.frame.done else "stopped"
        return "<br>".join([*lines, f"{self._at()}{self.frame.device}, float64 · {state}"])

    def _at(self) -> str:
        """The parameters as text."""
        objective = find_objective(self.request.objective)
        return "".join(f"{objective.parameter(name).symbol} = {significant(value)}, " for name, value in self.request.parameters)


def _described(point: ScalingPoint) -> str:
    steps = f", {grouped(point.steps)} inner steps" if point.steps else ""
    return (
        f"n = {grouped(point.n)} in {significant(1e3 * point.seconds, 3)} ms, {significant(point.bytes / 2**20, 3)} MiB{steps},"
        f" residual {significant(point.residual, 2)}"
    )
