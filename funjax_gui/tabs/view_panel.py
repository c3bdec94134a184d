"""Base class of the panels of tabs with a view: limits, view history, parameter sliders, and signals for edits."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from funjax_gui.formatting import minus_sign, plain_decimal
from funjax_gui.formulas import FormulaControl, SavedFormula, SavedParameter, saved_parameters
from funjax_gui.widgets import Control, NumberControl, Panel, ParameterSlider, ParameterSliders, PlayButton, button
from kernels.geometry import Viewport
from kernels.parameters import Parameter
from kernels.validation import brief

LIMITS = ("left", "right", "bottom", "top")
"""The limits of a view, in the order in which `Viewport.from_limits` takes them."""

NAME_WIDTH = 20
"""Width of the name of a coordinate before its limits, in pixels at the default font size."""

COLOURS_TIP = "Colour map; all are perceptually uniform, also for colour-blind users"

PARAMETER = "parameter:"
"""Prefix of a parameter's name where it is edited like a field."""


def limits_of(view: Viewport) -> dict[str, Decimal]:
    """The limits of a view by name."""
    return dict(zip(LIMITS, (*view.x_limits, *view.y_limits), strict=True))


class ViewPanel(Panel):
    """Controls by name; they show the current values and emit edits, which the tab applies."""

    edited = Signal(str, object)
    """The name of a control and the value wanted: a field, one of LIMITS, or PARAMETER and a parameter's name."""
    back = Signal()
    forward = Signal()
    home = Signal()

    def __init__(self, controls: Mapping[str, Control], whole: str) -> None:
        """`controls` by name, to which the limits are added; `whole`: tip of the button that shows the whole view."""
        super().__init__()
        tip = "A limit of the view, with all its digits; press Enter to apply it"
        self._controls: dict[str, Control] = {}
        for name, control in (dict(controls) | {name: NumberControl(name, tip) for name in LIMITS}).items():
            self._add_control(name, control)
        self._view: Viewport | None = None
        self._typed: tuple[Viewport | None, dict[str, Decimal]] = None, {}
        self._is_behind: Callable[[], bool] = lambda: False
        self._sliders: dict[str, ParameterSlider] = {}
        self.parameters = ParameterSliders()
        self.parameters.edited.connect(lambda name, value: self.edited.emit(PARAMETER + name, value))
        self._back = button("◀", "Previous view (Alt+Left)", self.back.emit, "Back")
        self._forward = button("▶", "Next view (Alt+Right)", self.forward.emit, "Forward")
        self._view_buttons = in_a_row(self._back, self._forward, button("Whole", f"{whole} (Home, or double click)", self.home.emit))

    def _add_control(self, name: str, control: Control) -> None:
        control.edited.connect(lambda value: self.edited.emit(name, value))
        self._controls[name] = control

    @property
    def _pairs(self) -> tuple[tuple[Control, Control], tuple[Control, Control]]:
        left, right, bottom, top = (self._controls[name] for name in LIMITS)
        return (left, right), (bottom, top)

    def _limit_rows(self) -> list[QWidget]:
        """The limits, from and to in one line."""
        for low, high in self._pairs:
            low.set_label_width(NAME_WIDTH)
            high.set_label_width(0)
        return [_above(in_a_row(low, high), low.lend_complaint(), high.lend_complaint()) for low, high in self._pairs]

    def control(self, name: str) -> Control:
        """The control of that name."""
        return self._sliders[name.removeprefix(PARAMETER)] if name.startswith(PARAMETER) else self._controls[name]

    @property
    def is_changing(self) -> bool:
        """Whether a change is under way, such as the typing of a formula, which is to be undone as one."""
        return any(control.is_changing for control in (*self._controls.values(), *self._sliders.values()))

    def stop_playing(self) -> bool:
        """Stop the sliders that are played; returns whether there was one."""
        playing = [player for player in self.findChildren(PlayButton) if player.is_playing]
        for player in playing:
            player.stop()
        return bool(playing)

    def set_behind(self, is_behind: Callable[[], bool]) -> None:
        """Drop frames of played sliders while `is_behind` returns true."""
        self._is_behind = is_behind
        for player in self.findChildren(PlayButton):
            player.is_behind = is_behind

    def set_history(self, back: bool, forward: bool) -> None:
        """Enable the Back and Forward buttons."""
        self._back.setEnabled(back)
        self._forward.setEnabled(forward)

    def label_limits(self, x: str, y: str) -> None:
        """Set the labels of the limits: the names of the horizontal and the vertical coordinate."""
        for (low, high), name in zip(self._pairs, (x, y), strict=True):
            low.set_label(name, f"{name} from")
            high.set_label("to", f"{name} to")

    def check_order(self, limits: Mapping[str, Decimal]) -> None:
        """Raise ValueError where a lower limit of these, by name, is not below its upper one."""
        for (low, high), name in zip((LIMITS[:2], LIMITS[2:]), (pair[0].label for pair in self._pairs), strict=True):
            if not limits[low] < limits[high]:
                below, above = (minus_sign(brief(plain_decimal(limits[side]))) for side in (low, high))
                raise ValueError(f"'{name} from' ({below}) must be below '{name} to' ({above})")

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show these values, by name of the control, and clear its error."""
        for name, value in values.items():
            self.control(name).set_value(value)

    def show_view(self, view: Viewport) -> None:
        """Show the view's limits."""
        self._view = view
        self.show_values(self.limits(view))

    def limits(self, view: Viewport) -> dict[str, Decimal]:
        """The limits of a view by name: as they were typed, with all their digits, while the view is the one that they have made."""
        return limits_of(view) | (self._typed[1] if self._typed[0] == view else {})

    def keep_limits(self, view: Viewport, limits: Mapping[str, Decimal]) -> None:
        """Note the limits that make this view. One in a wide view needs few digits, but the next one typed may make it narrow."""
        self._typed = view, dict(limits)

    def make_sliders(self, parameters: Sequence[Parameter], forget: bool) -> None:
        """Make a slider for each parameter; `forget`: discard the edited ranges, which belong to other parameters."""
        self._sliders = self.parameters.follow(parameters, forget)
        self.set_behind(self._is_behind)

    def kept(self, parameters: Sequence[Parameter], values: Mapping[str, float]) -> tuple[SavedParameter, ...]:
        """The parameters to be saved: with these values, and the ranges of their sliders."""
        return saved_parameters(self.parameters.ranged(parameters), values)

    def _save_from(self, name: str, describe: Callable[[], SavedFormula]) -> None:
        """Let the control of that name save its formula, with the values from `describe`."""
        control = self._controls[name]
        assert isinstance(control, FormulaControl)
        control.describe = describe

    def show_parameters(self, values: Sequence[tuple[str, float]]) -> None:
        """Show the values of parameters that have a slider, by name."""
        self.show_values({PARAMETER + name: value for name, value in values})


def _above(*widgets: QWidget) -> QWidget:
    """Widgets from top to bottom."""
    stack = QWidget()
    layout = QVBoxLayout(stack)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2)
    for widget in widgets:
        layout.addWidget(widget)
    return stack


def in_a_row(*widgets: QWidget) -> QWidget:
    """Widgets from left to right, of equal widths."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        layout.addWidget(widget, 1, Qt.AlignmentFlag.AlignTop)  # an error below one widget leaves the others where they are
    return row
