"""Levels of a surface: where contour lines are drawn, by even steps of the value or of the logarithm of its distance from the best one."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kernels.types import Floats

SHADES, LINES = 256, 16
UNDEFINED = SHADES * LINES
"""The tone of a pixel whose value is not finite."""

WANTED = 14
"""Contour lines in a picture, about."""

STRIP = 2**17
"""Pixels that are toned at a time."""

LEAST_DECADES = 0.7
"""Where values span fewer decades than this, even steps of the value tell more."""


@dataclass(frozen=True)
class Levels:
    """t = log10 |f - best| (`log`) or f (else): lines where t is a multiple of `spacing`; shades from `low` to `high`.

    `flip`: the best is at the greatest t, as it is uphill on a linear scale.
    """

    log: bool
    best: float
    spacing: float
    low: float
    high: float
    flip: bool = False

    def of(self, values: Floats) -> Floats:
        """T at these values."""
        if not self.log:
            return values
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            t: Floats = np.log10(np.abs(values - self.best))
        return t


def levels(values: Floats, best: float, uphill: bool, log: bool) -> Levels:
    """Levels that suit the values of a view. `best`: the value that the logarithm counts from, NaN if it is not known."""
    some = values[:: max(1, values.shape[0] // 200), :: max(1, values.shape[1] // 200)]
    some = some[np.isfinite(some)]
    if not some.size:
        return Levels(False, 0.0, 1.0, 0.0, 1.0)
    extreme = float(some.max() if uphill else some.min())
    # What is seen may be better than what is known.
    if not math.isfinite(best) or (extreme > best if uphill else extreme < best):
        best = extreme
    if log:
        found = _spaced(Levels(True, best, 1.0, 0.0, 1.0), some)
        if found.high - found.low >= LEAST_DECADES:
            return found
    return _spaced(Levels(False, 0.0, 1.0, 0.0, 1.0, flip=uphill), some)


def _spaced(scale: Levels, some: Floats) -> Levels:
    t = scale.of(some)
    t = t[np.isfinite(t)]
    if not t.size:
        return scale
    low, high = (float(q) for q in np.quantile(t, (0.002, 0.998)))
    if not high > low:
        low, high = low - 0.5, low + 0.5
    return Levels(scale.log, scale.best, nice((high - low) / WANTED), low, high, scale.flip)


def nice(step: float) -> float:
    """The least of 1, 2 and 5 times a power of ten that is not below `step`."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= step * (1 - 1e-12))


def toned(values: Floats, found: Levels, out: NDArray[np.uint16], width: float = 1.0) -> Iterator[None]:
    """Write the tones of a picture, lines `width` pixels wide, strip by strip. Shapes (rows, columns)."""
    rows, columns = values.shape
    step = max(2, STRIP // columns)
    base = math.floor(found.low / found.spacing)
    for start in range(0, rows, step):
        first, last = max(0, start - 1), min(rows, start + step + 1)
        t = found.of(values[first:last])
        # Counted from the lowest line on, so that single precision is enough.
        with np.errstate(invalid="ignore"):
            place = (t / found.spacing - base).astype(np.float32)
            shade = np.clip((t - found.low) * (SHADES / (found.high - found.low)), 0, SHADES - 1)
        shade = SHADES - 1 - shade if found.flip else shade
        mine = slice(start - first, start - first + min(step, rows - start))
        _write(place, shade, mine, width, out[start : start + step])
        yield


def _write(place: NDArray[np.float32], shade: Floats, mine: slice, width: float, out: NDArray[np.uint16]) -> None:
    with np.errstate(invalid="ignore", over="ignore"):
        down, across = (np.gradient(place, axis=axis) if place.shape[axis] > 1 else np.zeros_like(place) for axis in (0, 1))
        slope, place = np.hypot(down, across)[mine], place[mine]
        gap = np.abs(place - np.rint(place))
        # The line's share of a pixel, from how far its middle is; where lines would crowd they fade.
        cover = np.clip(width / 2 + 0.5 - gap / np.maximum(slope, 1e-9), 0, 1) * np.clip((0.4 - slope) * 5, 0, 1)
        good = np.isfinite(shade[mine])
        lines = np.nan_to_num(cover * (LINES - 1) + 0.5).astype(np.uint16)
        out[:] = np.where(good, np.nan_to_num(shade[mine]).astype(np.uint16) * LINES + lines, UNDEFINED)
