"""A small plot in one description: its items, the ranges of its axes, and what is written at it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funjax_gui.figures.items import Item, Polyline
from kernels.geometry import FARTHEST, Viewport

Values = NDArray[np.float64]
Range = tuple[float, float]

PADDING = 0.04
"""What is left free on either side of values that fill an axis, in parts of their range."""

FLATTEST = 1e-9
"""A range narrower than this part of its numbers' size is no range but rounding."""


@dataclass(frozen=True, eq=False)
class Figure:
    """Items within the ranges (low, high) of two axes.

    `x_label` and `y_label` name the axes. On a logarithmic axis range and items are logarithms to the base 10, and the ticks say powers.
    """

    items: Sequence[Item]
    x: Range = (0.0, 1.0)
    y: Range = (0.0, 1.0)
    title: str = ""
    x_label: str = ""
    y_label: str = ""
    logarithmic_x: bool = False
    logarithmic_y: bool = False

    @property
    def view(self) -> Viewport:
        """The part of the plane that the axes show."""
        return Viewport.from_limits(*self.x, *self.y)

    @property
    def is_empty(self) -> bool:
        """Whether no line has a point that can be drawn."""
        return not any(np.isfinite(item.points).all(axis=1).any() for item in self.items if isinstance(item, Polyline))


def fitted(arrays: Sequence[Values], padding: float = PADDING) -> Range:
    """The range of the finite numbers in `arrays`, with `padding` of it on either side; never empty."""
    finite = [array[np.isfinite(array)] for array in arrays]
    finite = [array for array in finite if array.size]
    if not finite:
        return 0.0, 1.0
    low, high = float(min(array.min() for array in finite)), float(max(array.max() for array in finite))
    least = FLATTEST * max(abs(low), abs(high), 1.0)
    if high - low < least:
        middle = (low + high) / 2.0
        low, high = middle - least, middle + least
    more = (high - low) * padding
    return max(low - more, -FARTHEST), min(high + more, FARTHEST)


def whole_decades(arrays: Sequence[Values]) -> Range:
    """The range of the finite logarithms in `arrays`, from a power of ten to another one."""
    low, high = fitted(arrays, 0.0)
    return float(np.floor(low)), float(max(np.ceil(high), np.floor(low) + 1))


def logarithms(values: Values) -> Values:
    """The logarithms to the base 10, NaN of what is not positive."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Values = np.where(values > 0, np.log10(values), np.nan)
    return found


def points(x: Values, y: Values) -> Values:
    """The points (x, y), shape (n, 2), of arrays (n,)."""
    return np.stack([x, y], axis=1)


def against_steps(values: Values) -> Values:
    """The points (n, value of step n). Shape (n, 2)."""
    return points(np.arange(len(values), dtype=np.float64), values)
