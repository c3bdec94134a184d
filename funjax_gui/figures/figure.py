"""A figure: the items of a small plot, the ranges of its axes, and its labels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from funjax_gui.figures.items import Item, Polyline
from kernels.geometry import FARTHEST, Viewport

Values = NDArray[np.float64]
Range = tuple[float, float]

PADDING = 0.04
"""Padding on either side of the values of an axis, relative to their range."""

FLATTEST = 1e-9
"""Ranges narrower than this, relative to their numbers, are due to rounding."""


@dataclass(frozen=True, eq=False)
class Figure:
    """Items within the ranges (low, high) of two axes.

    `x_label` and `y_label` name the axes. `has_equal_scale`: both axes show the same quantity, so a unit is to have the same length on
    both. On a logarithmic axis, ranges and items are decimal logarithms and tick labels are powers.
    """

    items: Sequence[Item]
    x: Range = (0.0, 1.0)
    y: Range = (0.0, 1.0)
    title: str = ""
    x_label: str = ""
    y_label: str = ""
    logarithmic_x: bool = False
    logarithmic_y: bool = False
    has_equal_scale: bool = False

    @property
    def view(self) -> Viewport:
        """The rectangle that the axes show."""
        return Viewport.from_limits(*self.x, *self.y)

    @property
    def is_empty(self) -> bool:
        """Whether no item has a finite point."""
        return not any(np.isfinite(item.points).all(axis=1).any() for item in self.items if isinstance(item, Polyline))


def equally_scaled(room: QRectF, figure: Figure, grain: int = 1) -> QRectF:
    """The largest part of `room`, in the middle of its width, in which a unit of the figure has the same length on both axes.

    Its sides and place are multiples of `grain`, as those of `room` are.
    """
    across, up = figure.x[1] - figure.x[0], figure.y[1] - figure.y[0]
    scale = min(room.width() / across, room.height() / up)
    width, height = (max(1, round(scale * side) // grain) * grain for side in (across, up))
    return QRectF(room.left() + (room.width() - width) // (2 * grain) * grain, room.top(), width, height)


def fitted(arrays: Sequence[Values], padding: float = PADDING) -> Range:
    """Range of the finite numbers in `arrays`, padded on either side; never empty."""
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
    """Range of the finite logarithms in `arrays`, extended to whole decades."""
    low, high = fitted(arrays, 0.0)
    return float(np.floor(low)), float(max(np.ceil(high), np.floor(low) + 1))


def logarithms(values: Values) -> Values:
    """Decimal logarithms, NaN for numbers that are not positive. Shape as the values."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Values = np.where(values > 0, np.log10(values), np.nan)
    return found


def points(x: Values, y: Values) -> Values:
    """Points (x, y) from two arrays of shape (n,). Shape (n, 2)."""
    return np.stack([x, y], axis=1)


def against_steps(values: Values) -> Values:
    """Points (step number, value). Shape (n, 2)."""
    return points(np.arange(len(values), dtype=np.float64), values)
