"""Sliders for numbers over several powers of ten, and for whole numbers."""

import math

from funjax_gui.widgets.controls import SliderControl


class LogSlider(SliderControl):
    """A logarithmic slider from `low` to `high`, both above 0; values have two significant digits."""

    def set_value(self, value: float) -> None:
        """Show this value; the slider is clamped to its range."""
        super().set_value(value)
        share = math.log(min(max(value, self._low), self._high) / self._low) / math.log(self._high / self._low)
        self._slider.blockSignals(True)
        self._slider.setValue(round(share * self.STEPS))
        self._slider.blockSignals(False)

    def _slide(self, place: int) -> None:
        value = float(f"{self._low * (self._high / self._low) ** (place / self.STEPS):.1e}")
        self.set_value(value)
        self.edited.emit(value)


class WholeSlider(LogSlider):
    """A logarithmic slider of whole numbers from 1."""

    def _slide(self, place: int) -> None:
        value = max(1, round(self._low * (self._high / self._low) ** (place / self.STEPS)))
        self.set_value(value)
        self.edited.emit(value)

    def _parse(self, text: str) -> int:  # type: ignore[override]
        number = super()._parse(text)
        if number != int(number) or number < 1:
            raise ValueError(f"{text} is not a whole number from 1; give one such as 10")
        return int(number)
