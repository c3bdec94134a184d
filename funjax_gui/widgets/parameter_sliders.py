"""Sliders of the parameters of a map or objective, with editable ends below each."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from funjax_gui.formatting import minus_sign, plain_decimal
from funjax_gui.style import scaled
from funjax_gui.widgets.controls import SliderControl
from funjax_gui.widgets.editors import Line
from funjax_gui.widgets.numbers import finite
from funjax_gui.widgets.panel import Stack
from kernels.geometry import decimal
from kernels.parameters import FARTHEST, Parameter, check_range

END_WIDTH = 24
"""Minimum width of an end in pixels at the default font size."""

ENDS = f"write both ends of the slider as numbers from {minus_sign(f'{-FARTHEST:g}')} to {FARTHEST:g}, the lower one first"
"""What to do where an end is not valid."""


Ranges = tuple[tuple[str, tuple[float, float]], ...]
"""Ranges of sliders by name of the parameter."""


class ParameterSlider(SliderControl):
    """A slider with editable ends below it."""

    ranged = Signal()
    """The user edited the range."""

    def __init__(self, about: Parameter) -> None:
        super().__init__(about.symbol, about.low, about.high, about.meaning)
        self.usual = about.low, about.high
        self.given = about.usual_range or self.usual
        self._ends = self._end("from", Qt.AlignmentFlag.AlignLeft), self._end("to", Qt.AlignmentFlag.AlignRight)
        ends = QHBoxLayout()
        ends.setSpacing(4)
        for end in self._ends:
            ends.addWidget(end)
        self._below.addLayout(ends)
        self._show_ends()

    def _end(self, which: str, side: Qt.AlignmentFlag) -> Line:
        end = Line(alignment=side)
        end.setProperty("role", "end")
        end.setMinimumWidth(scaled(END_WIDTH))
        end.setAccessibleName(f"{self.label} {which}")
        end.setToolTip("An end of the slider's range; click to edit")
        end.editingFinished.connect(self._take_ends)
        end.abandoned.connect(self._give_up_ends)
        return end

    @property
    def range(self) -> tuple[float, float]:
        """The slider's ends."""
        return self._low, self._high

    def set_range(self, low: float, high: float) -> None:
        """The slider's ends; the value stays."""
        super().set_range(low, high)
        self._show_ends()
        if self._shown:
            self.set_value(float(self._parse(self._shown)))

    def _show_ends(self) -> None:
        for end, value in zip(self._ends, self.range, strict=True):
            end.setText(minus_sign(plain_decimal(decimal(value))))
            end.setCursorPosition(0)

    def _give_up_ends(self) -> None:
        self._show_ends()
        self.complain("")

    def _take_ends(self) -> None:
        """Apply the typed range, or show why it is not valid."""
        try:
            low, high = (finite(end.text(), ENDS) for end in self._ends)
            check_range(low, high)
        except ValueError as error:
            self.complain(str(error))
            return
        if (low, high) != self.range:
            self.set_range(low, high)
            self.ranged.emit()
        else:
            self.complain("")


class ParameterSliders(Stack):
    """A slider for each parameter. Edited ranges are kept by name until they are discarded."""

    edited = Signal(str, object)
    """(name of the parameter, new value)."""
    range_edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._sliders: dict[str, ParameterSlider] = {}
        self._ranges: dict[str, tuple[float, float]] = {}

    def follow(self, parameters: Sequence[Parameter], forget: bool) -> dict[str, ParameterSlider]:
        """Make sliders for these parameters; `forget`: discard the edited ranges."""
        self._ranges = {} if forget else self._edited_ranges()
        self._sliders = {about.name: self._slider(about) for about in parameters}
        self.replace(list(self._sliders.values()))
        return self._sliders

    def _slider(self, about: Parameter) -> ParameterSlider:
        slider = ParameterSlider(about)
        if about.name in self._ranges:
            slider.set_range(*self._ranges[about.name])
        slider.edited.connect(lambda value: self.edited.emit(about.name, value))
        slider.ranged.connect(self.range_edited)
        return slider

    @property
    def ends(self) -> dict[str, tuple[float, float]]:
        """The range of each slider, by name."""
        return {name: slider.range for name, slider in self._sliders.items()}

    @property
    def ranges(self) -> Ranges:
        """Ranges that differ from the defaults, sorted by name."""
        return tuple((name, slider.range) for name, slider in sorted(self._sliders.items()) if slider.range != slider.given)

    def set_ranges(self, ranges: Ranges) -> None:
        """Set these ranges, and defaults for the others."""
        for name, slider in self._sliders.items():
            slider.set_range(*dict(ranges).get(name, slider.given))

    def _edited_ranges(self) -> dict[str, tuple[float, float]]:
        gone = {name: kept for name, kept in self._ranges.items() if name not in self._sliders}
        return gone | {name: slider.range for name, slider in self._sliders.items() if slider.range != slider.usual}

    def ranged(self, parameters: Sequence[Parameter]) -> tuple[Parameter, ...]:
        """The parameters with their edited ranges."""
        ranges = self._edited_ranges()
        return tuple(
            replace(about, low=ranges[about.name][0], high=ranges[about.name][1]) if about.name in ranges else about for about in parameters
        )
