"""Box-counting and correlation dimension of a set of points of the plane, each as the slope of a line with an error estimate.

The plane is cut into boxes whose sides are shares of the set's extent along each coordinate. The number N of boxes with a point grows as
(1/side) to the power of the box-counting dimension, the share C of pairs of points that lie in one box falls as side to the power of the
correlation dimension. Boxes that no point happened to fall into are made up for by A. Chao's estimate (1984) from those with one or two.
See P. Grassberger and I. Procaccia, Measuring the strangeness of strange attractors, Physica D 9 (1983).
"""

import math
from collections.abc import Generator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kernels.types import Bools, Floats

FINEST = 13
"""Boxes are halved so many times."""

BASES = 1, 3
"""Boxes along each side of the extent before they are halved: so all sizes cover it exactly, and there are two in an octave."""

COARSEST = 2.0
"""A line is fitted to boxes of 2**-COARSEST of the extent and smaller ones."""

FEWEST_POINTS = 8
"""Fewest points a box, on average, at which the number of boxes is used."""

FEWEST_PAIRS = 2000
"""Fewest pairs in one box at which their share is used."""

FEWEST_SIZES = 8
"""Fewest sizes to which a line is fitted; with fewer the dimension is unresolved."""

LARGEST_ERROR = 0.1
"""Dimensions with a larger error are unresolved."""

MARGIN = 1e-7
"""Share of the extent by which boxes begin before it: points in the middle of a symmetric set then lie on no edge."""

PIECE = 2**18
"""Points whose boxes are found in one go."""

POINT = 1e-9
"""A set whose extent is less than this share of its coordinates is one point."""


@dataclass(frozen=True, eq=False)
class Scaling:
    """A dimension: `value` with its `error`, both NaN where unresolved, and the line that it is the slope of.

    sides: logarithms to base 2 of the sides of boxes, as shares of the extent. logs: those of 1/N, or of C. Shape (sizes,).
    used: the sizes that the line is fitted to. at_zero: the line's value at side 1.
    """

    value: float
    error: float
    sides: Floats = field(repr=False)
    logs: Floats = field(repr=False)
    used: Bools = field(repr=False)
    at_zero: float = math.nan

    @property
    def is_resolved(self) -> bool:
        """Whether the points tell the dimension."""
        return math.isfinite(self.value)


def dimensions(points: Floats) -> Generator[None, None, tuple[Scaling, Scaling]]:
    """(box-counting, correlation) dimension of finite points (2, n); None where a caller may stop."""
    low, extent = points.min(1), np.ptp(points, axis=1)
    if extent.max() <= POINT * (1 + np.abs(points).max()):
        nothing = np.empty(0)
        point = Scaling(0.0, 0.0, nothing, nothing, nothing.astype(np.bool_))
        return point, point
    scale = np.maximum(extent, POINT * extent.max())
    rows: list[tuple[float, float, float, float]] = []
    for base in BASES:
        rows += yield from _counted((points - low[:, None]) / scale[:, None], base)
    sides, boxes, seen, pairs = np.array(sorted(rows, reverse=True)).T
    count = points.shape[1]
    with np.errstate(divide="ignore"):
        shares = np.log2(pairs / (count / 2 * (count - 1)))
    fitting = sides <= -COARSEST
    if (seen[-FEWEST_SIZES:] == seen[-1]).all():  # a cycle, or a few points
        fitting &= seen == seen[-1]
    return (
        _fitted(sides, -np.log2(boxes), fitting & (seen * FEWEST_POINTS <= count)),
        _fitted(sides, shares, fitting & (pairs >= FEWEST_PAIRS)),
    )


def _counted(shares: Floats, base: int) -> Generator[None, None, list[tuple[float, float, float, float]]]:
    """(log2 of the side, boxes with a point as estimated, those seen, pairs in one box) for sides of 1/base and smaller.

    `shares`: the points in [0, 1], (2, n).
    """
    code = np.zeros(shares.shape[1], np.uint32)
    for first in range(0, len(code), PIECE):
        for axis, part in enumerate(shares[:, first : first + PIECE]):
            place = ((MARGIN + part * (1 - 2 * MARGIN)) * (base * 2**FINEST)).astype(np.uint32)
            code[first : first + PIECE] |= _spread(place) << np.uint32(axis)
        yield None
    # Sorted by interleaved bits, the points of a box of any size follow one another.
    code.sort()
    yield None
    rows = []
    for halved in range(FINEST + 1):
        box = code >> np.uint32(2 * (FINEST - halved))
        ends = np.flatnonzero(box[1:] != box[:-1]) + 1
        sizes = np.diff(np.concatenate([[0], ends, [len(box)]])).astype(np.float64)
        single, double = float((sizes == 1).sum()), float((sizes == 2).sum())
        estimated = len(sizes) + single * (single - 1) / 2 / (double + 1)
        rows.append((-halved - math.log2(base), estimated, float(len(sizes)), float((sizes * (sizes - 1) / 2).sum())))
        yield None
    return rows


def _spread(value: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The lower 16 bits of each number with a 0 between neighbouring ones."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        value = (value | (value << np.uint32(shift))) & np.uint32(mask)
    return value


def _fitted(sides: Floats, logs: Floats, used: Bools) -> Scaling:
    """The line through the values used, by least squares.

    The slope over an octave varies, for most fractals about periodically in the logarithm, so the error is that of its mean, or half the
    difference between the slopes of the larger and of the smaller boxes where that is more.
    """
    x, y = sides[used], logs[used]
    if len(x) < FEWEST_SIZES:
        return Scaling(math.nan, math.nan, sides, logs, used)
    slope, at_zero = _line(x, y)
    octave, half = len(BASES), len(x) // 2
    local = (y[octave:] - y[:-octave]) / (x[octave:] - x[:-octave])
    bend = abs(_line(x[: half + 1], y[: half + 1])[0] - _line(x[half:], y[half:])[0]) / 2
    error = max(float(local.std(ddof=1)) / math.sqrt(len(local) / octave), bend)
    return Scaling(slope, error, sides, logs, used, at_zero) if error <= LARGEST_ERROR else Scaling(math.nan, math.nan, sides, logs, used)


def _line(x: Floats, y: Floats) -> tuple[float, float]:
    """(slope, value at 0) of the line of least squares."""
    from_mean = x - x.mean()
    slope = float((from_mean * (y - y.mean())).sum() / (from_mean**2).sum())
    return slope, float(y.mean() - slope * x.mean())
