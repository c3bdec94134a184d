"""Contour levels of a surface, equidistant in the value or in the logarithm of its distance from the best value."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kernels.types import Floats

SHADES, LINES = 256, 16
UNDEFINED = SHADES * LINES
"""Tone of a pixel without a finite value."""

WANTED = 14
"""Approximate number of contour lines in a picture."""

STRIP = 2**17
"""Pixels processed at a time."""

LEAST_DECADES = 0.7
"""Smallest number of decades for which logarithmic levels are used."""


@dataclass(frozen=True)
class Levels:
    """Contour lines at the multiples of `spacing` of t = log10 |f - best| (if `log`) or t = f; shades range from `low` to `high`.

    `flip`: the best value has the largest t, as for a maximum on a linear scale.
    """

    log: bool
    best: float
    spacing: float
    low: float
    high: float
    flip: bool = False

    def of(self, values: Floats) -> Floats:
        """Values of t. Shape as `values`."""
        if not self.log:
            return values
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            t: Floats = np.log10(np.abs(values - self.best))
        return t


def levels(values: Floats, best: float, uphill: bool, log: bool) -> Levels:
    """Choose levels for the values of a view. `best`: the best known value, NaN if it is not known."""
    some = values[:: max(1, values.shape[0] // 200), :: max(1, values.shape[1] // 200)]
    some = some[np.isfinite(some)]
    if not some.size:
        return Levels(False, 0.0, 1.0, 0.0, 1.0)
    extreme = float(some.max() if uphill else some.min())
    # The view may contain a better value than the best known one.
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
    """The smallest number of the form 1, 2 or 5 times a power of ten that is at least `step`."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= step * (1 - 1e-12))


def toned(values: Floats, found: Levels, out: NDArray[np.uint16], width: float = 1.0) -> Iterator[None]:
    """Write the tones of a picture into `out` strip by strip, with lines `width` pixels wide. Shapes (rows, columns)."""
    rows, columns = values.shape
    step = max(2, STRIP // columns)
    base = math.floor(found.low / found.spacing)
    for start in range(0, rows, step):
        first, last = max(0, start - 1), min(rows, start + step + 1)
        t = found.of(values[first:last])
        # Relative to the lowest line, so that single precision suffices.
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
        # Coverage of a pixel by a line, from the distance to its centre; lines fade where they would be too dense.
        cover = np.clip(width / 2 + 0.5 - gap / np.maximum(slope, 1e-9), 0, 1) * np.clip((0.4 - slope) * 5, 0, 1)
        good = np.isfinite(shade[mine])
        lines = np.nan_to_num(cover * (LINES - 1) + 0.5).astype(np.uint16)
        out[:] = np.where(good, np.nan_to_num(shade[mine]).astype(np.uint16) * LINES + lines, UNDEFINED)
