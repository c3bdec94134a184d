"""Editors of a request's fields. `edited` emits a new value; the receiver applies it, or refuses it with one line by `complain`."""

from collections.abc import Sequence
from dataclasses import Field, fields
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from funjax_gui.formatting import MINUS, minus_sign, plain_decimal
from funjax_gui.style import scaled, with_font
from funjax_gui.widgets.editors import Box, Line, Slider
from funjax_gui.widgets.numbers import finite
from funjax_gui.widgets.play_button import PlayButton
from kernels.geometry import decimal
from kernels.validation import brief, grouped

LABEL_WIDTH = 74
"""Width of labels in pixels at the default font size, so that editors are aligned."""

FIELD_WIDTH = 100
"""Width of a field with a slider, in pixels at the default font size; less beside a long label."""

TIP_LINE, TIP_MOST = 60, 600
"""Characters of a line of such a tip, and of the whole number in it at most."""

LONG = 9
"""Number of characters above which a field may be too narrow, so that its tip has all of them."""

Choices = Sequence[tuple[str, str]]
"""(key, title) of the choices, in order."""


class Control(QWidget):
    """A labelled editor with an error line. `edited` is emitted for edits by the user only, not for `set_value`."""

    edited = Signal(object)

    def __init__(self, label: str, tip: str = "", allowed: str = "") -> None:
        """`tip`: meaning of the value; `allowed`: its allowed range."""
        super().__init__()
        self.editor: QWidget | None = None
        """The widget with the keyboard focus. Not a focus proxy, which would change the tab order."""
        self._tip = tip
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(2)
        self._label_width = LABEL_WIDTH
        with_font(self, self._align)
        self._grid.setColumnStretch(1, 1)
        self._label = QLabel(label)
        self._grid.addWidget(self._label, 0, 0)
        self._complaint = QLabel()
        self._complaint.setProperty("role", "complaint")
        self._complaint.setWordWrap(True)
        self._complaint.hide()
        self._grid.addWidget(self._complaint, 1, 0, 1, 2)
        self._allow(allowed)

    def _allow(self, allowed: str) -> None:
        """Add the allowed range to tip and description."""
        self._allowed = allowed
        self.setToolTip("\n".join(filter(None, (self._tip, allowed))))
        self.setWhatsThis(self.toolTip())
        if (editor := self.editor) is not None:
            editor.setAccessibleDescription(self.toolTip())

    def set_tip(self, tip: str) -> None:
        """Say another meaning of the value; the allowed range stays."""
        self._tip = tip
        self._allow(self._allowed)

    def set_unused(self, reason: str) -> None:
        """Disable the control where its value has no effect now, and say why in its tip; empty to enable it."""
        self.setEnabled(not reason)
        self._allow(reason)

    def _put(self, editor: QWidget) -> None:
        self._grid.addWidget(editor, 0, 1)
        self._label.setBuddy(editor)
        editor.setAccessibleName(self._label.text())
        editor.setAccessibleDescription(self.toolTip())
        self.editor = editor

    @property
    def label(self) -> str:
        """The label."""
        return self._label.text()

    def set_label(self, label: str, name: str = "") -> None:
        """Set the label; `name`: what the value is, for screen readers, where the label is shorter."""
        self._label.setText(label)
        if (editor := self.editor) is not None:
            editor.setAccessibleName(name or label)

    def set_label_width(self, pixels: int) -> None:
        """Set the width of the label, at the default font size, so that editors are aligned with others."""
        self._label_width = pixels
        if not pixels and not self.label:
            self._grid.setHorizontalSpacing(0)
        self._align()

    def _align(self) -> None:
        self._grid.setColumnMinimumWidth(0, scaled(self._label_width))

    @property
    def complaint(self) -> str:
        """The error under the editor, empty if there is none."""
        return self._complaint.text() if not self._complaint.isHidden() else ""

    @property
    def is_changing(self) -> bool:
        """Whether a change is under way, which is to be undone as one."""
        return False

    def complain(self, text: str) -> None:
        """Show an error under the editor, or hide it if empty."""
        self._complaint.setText(text)
        self._complaint.setVisible(bool(text))
        editor = self.editor
        if editor is not None and editor.property("wrong") != bool(text):
            editor.setProperty("wrong", bool(text))
            editor.style().polish(editor)

    def lend_complaint(self) -> QLabel:
        """Return the error's label, to be laid out elsewhere."""
        self._grid.removeWidget(self._complaint)
        return self._complaint

    def set_value(self, value: Any) -> None:
        """Show this value."""
        raise NotImplementedError


class TextControl(Control):
    """A text field; `_parse` converts its text to a value or raises ValueError."""

    def __init__(self, label: str, tip: str = "", allowed: str = "") -> None:
        super().__init__(label, tip, allowed)
        self._shown = ""
        self._editor = Line()
        self._editor.editingFinished.connect(self._finish)
        self._editor.abandoned.connect(self._restore)
        self._editor.textEdited.connect(self._forgive)
        self._put(self._editor)

    def set_value(self, value: Any) -> None:
        """Show this value; what is being typed is left alone unless it differs."""
        self._shown = self._write(value)
        self._restore()

    def _restore(self) -> None:
        if self._editor.text() != self._shown:
            self._editor.setText(self._shown)
            self._editor.setCursorPosition(0)
        self._editor.setToolTip(f"{_in_lines(self._shown)}\n{self.toolTip()}" if len(self._shown) > LONG else "")
        self._editor.forget_edits()
        self.complain("")

    def _forgive(self, text: str) -> None:
        """Drop the error where the text is the value's again, as by undo."""
        if text == self._shown:
            self.complain("")

    def _finish(self) -> None:
        if self._editor.text() == self._shown:
            self.complain("")
            return
        try:
            value = self._parse(self._editor.text().strip())
        except ValueError as error:
            self.complain(str(error))
            return
        self.complain("")
        self.edited.emit(value)

    def _write(self, value: Any) -> str:
        return str(value)

    def _parse(self, text: str) -> Any:
        raise NotImplementedError


class NumberControl(TextControl):
    """A number with all its digits, as a Decimal."""

    def _write(self, value: Decimal | float) -> str:
        return minus_sign(plain_decimal(decimal(value)))

    def _parse(self, text: str) -> Decimal:
        return decimal("".join(text.split()).replace(MINUS, "-"))


def _in_lines(text: str) -> str:
    text = brief(text, TIP_MOST)
    return "\n".join(text[at : at + TIP_LINE] for at in range(0, len(text), TIP_LINE))


class CountControl(TextControl):
    """A whole number from `least` to `most`; 10000, 10 000 and 1e4 are the same."""

    def __init__(self, label: str, least: int, most: int, tip: str = "") -> None:
        super().__init__(label, tip, f"A whole number from {grouped(least)} to {grouped(most)}")
        self._least, self._most = least, most

    def _write(self, value: int) -> str:
        return grouped(value)

    def _parse(self, text: str) -> int:
        allowed = f"give a whole number from {grouped(self._least)} to {grouped(self._most)}"
        try:
            number = decimal("".join(text.split()).replace(MINUS, "-"))
        except ValueError:
            what = f"{brief(repr(text))} is not a number" if text.strip() else "a number is missing"
            raise ValueError(f"{what}; {allowed}") from None
        if number != number.to_integral_value():
            raise ValueError(f"{brief(text)} is not a whole number; {allowed}")
        if not self._least <= number <= self._most:
            raise ValueError(f"{brief(text)} is out of range; {allowed}")
        return int(number)


class SliderControl(NumberControl):
    """A field that accepts any number, and below it a slider over the usual range, as wide as the panel. Values are floats.

    The button before the field plays the slider until it stops, or the slider or the field is touched.
    """

    STEPS = 1000

    def __init__(self, label: str, low: float, high: float, tip: str = "") -> None:
        super().__init__(label, tip)
        self._slider = Slider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, self.STEPS)
        self._slider.setPageStep(self.STEPS // 20)
        self._slider.setAccessibleName(f"{label}, slider")
        self._slider.setMinimumWidth(scaled(40))
        self._slider.valueChanged.connect(self._slide)
        with_font(self._editor, self._limit_width)
        self.player = PlayButton(label, lambda: self._slider.value() / self.STEPS)
        self.player.moved.connect(lambda place: self._slider.setValue(round(place * self.STEPS)))
        for touched in (self._slider.sliderPressed, self._slider.actionTriggered, self._editor.textEdited):
            touched.connect(self.player.stop)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addStretch(1)
        row.addWidget(self.player)
        row.addWidget(self._editor)
        self._grid.addLayout(row, 0, 1)
        self._below = QVBoxLayout()
        self._below.setSpacing(1)
        self._below.addWidget(self._slider)
        self._grid.addLayout(self._below, 1, 0, 1, 2)
        self._grid.addWidget(self._complaint, 2, 0, 1, 2)
        SliderControl.set_range(self, low, high)

    def _limit_width(self) -> None:
        self._editor.setMinimumWidth(scaled(0.6 * FIELD_WIDTH))
        self._editor.setMaximumWidth(scaled(FIELD_WIDTH))

    @property
    def is_changing(self) -> bool:
        """Whether the slider is played."""
        return self.player.is_playing

    def set_label(self, label: str, name: str = "") -> None:
        """Set the label."""
        super().set_label(label, name)
        self.player.set_name(name or label)

    def set_range(self, low: float, high: float) -> None:
        """Set the ends of the slider."""
        self._low, self._high = low, high
        ends = (minus_sign(plain_decimal(decimal(end))) for end in (low, high))
        self._allow("The slider covers {} to {} (Shift: finely); the field accepts numbers outside that range".format(*ends))
        self._slider.setAccessibleDescription(self.toolTip())

    def set_value(self, value: float) -> None:
        """Show this value; the slider is clamped to its range."""
        super().set_value(value)
        share = (min(max(value, self._low), self._high) - self._low) / (self._high - self._low)
        self._slider.blockSignals(True)
        self._slider.setValue(round(share * self.STEPS))
        self._slider.blockSignals(False)

    def _slide(self, place: int) -> None:
        step = (self._high - self._low) / self.STEPS
        rounded = float(round(decimal(self._low + place * step), max(0, -decimal(step).adjusted())))
        super().set_value(rounded)
        self.edited.emit(rounded)

    def _parse(self, text: str) -> float:  # type: ignore[override]
        low, high = (minus_sign(plain_decimal(decimal(end))) for end in (self._low, self._high))
        return finite(text, f"write one such as 3.57 or 1e-9, usually from {low} to {high}")


class ChoiceControl(Control):
    """A combo box of choices by key."""

    def __init__(self, label: str, choices: Choices, tip: str = "") -> None:
        super().__init__(label, tip)
        self._box = Box()
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(8)
        self._put(self._box)
        self.set_choices(choices)
        self._box.activated.connect(lambda _: self.edited.emit(self._box.currentData()))

    def set_choices(self, choices: Choices) -> None:
        """Set the choices, by key and title."""
        self._box.clear()
        for key, title in choices:
            self._box.addItem(title, key)

    def set_value(self, value: str) -> None:
        """Show the choice with this key."""
        self._box.setCurrentIndex(self._box.findData(value))


class SwitchControl(Control):
    """A check box."""

    def __init__(self, label: str, tip: str = "") -> None:
        super().__init__("", tip)
        self._box = QCheckBox(label)
        self._label.hide()
        self._put(self._box)
        self._box.setAccessibleName(label)
        self._box.clicked.connect(lambda checked: self.edited.emit(checked))

    def set_value(self, value: bool) -> None:
        """Check or uncheck the box."""
        self._box.setChecked(value)


def control_for(request: type, name: str) -> Control:
    """The control for a request's field, from the field's type and metadata: label, tip, and least and most or low and high."""
    spec: Field[Any] = next(f for f in fields(request) if f.name == name)
    about = spec.metadata
    label, tip = about["label"], about["tip"]
    if isinstance(spec.default, bool):
        return SwitchControl(label, tip)
    if isinstance(spec.default, int):
        return CountControl(label, about["least"], about["most"], tip)
    if isinstance(spec.default, float):
        return SliderControl(label, about.get("low", 0.0), about.get("high", 1.0), tip)
    return ChoiceControl(label, about.get("choices", ()), tip)
