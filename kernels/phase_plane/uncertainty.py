"""The uncertainty exponent of a basin boundary, from a picture of basins.

An initial condition is uncertain at a distance e if a point within that distance along an axis leads elsewhere. Their share grows as a
power of e, whose exponent is 2 less the boundary's box-counting dimension: 1 of a smooth boundary, less of a fractal one. See C. Grebogi,
S. W. McDonald, E. Ott and J. A. Yorke, Final state sensitivity, Physics Letters A 99 (1983).
"""

import math

import numpy as np
from numpy.typing import NDArray

from kernels.types import Bools

FEWEST, LARGEST = 200, 0.3
"""Uncertain pixels, and share of them, between which a distance is used."""

SCALES = 4
"""Fewest distances, each twice the one before, from which an exponent is determined."""

SPREAD = 0.1
"""Largest standard error of an exponent that is given."""


def exponent(labels: NDArray[np.int16]) -> tuple[float, float]:
    """(the exponent, its standard error) from labels (rows, columns); NaN where the picture does not tell it."""
    points, distance = [], 1
    near = [mask | _shifted(mask, axis, 1) for axis, mask in enumerate(_differ(labels, each) for each in (0, 1))]
    while distance <= min(labels.shape) // 4:
        uncertain = near[0] | near[1]
        # Of all pixels: those near the picture's edge have neighbours on one side only, and the others do not make up for them.
        share = float(uncertain.mean())
        if uncertain.sum() >= FEWEST and share <= LARGEST:
            points.append((math.log(distance), math.log(share)))
        near = [mask | _shifted(mask, axis, distance) | _shifted(mask, axis, -distance) for axis, mask in enumerate(near)]
        distance *= 2
    if len(points) < SCALES:
        return math.nan, math.nan
    x, y = np.transpose(points)
    x = x - x.mean()
    slope = float((x * y).sum() / (x * x).sum())
    rest = y - y.mean() - slope * x
    error = float(math.sqrt((rest**2).sum() / (len(x) - 2) / (x * x).sum()))
    return (slope, error) if error <= SPREAD else (math.nan, math.nan)


def _differ(labels: NDArray[np.int16], axis: int) -> Bools:
    """Whether each pixel and the one after it along an axis differ; False for the last. Shape (rows, columns)."""
    differ = np.zeros(labels.shape, np.bool_)
    ahead = np.split(labels, [1], axis)[1]
    part: tuple[slice, ...] = tuple(slice(0, size) for size in ahead.shape)
    differ[part] = ahead != labels[part]
    return differ


def _shifted(mask: Bools, axis: int, distance: int) -> Bools:
    """A mask moved along an axis, False from beyond the edge."""
    moved = np.roll(mask, distance, axis)
    edge = [slice(None), slice(None)]
    edge[axis] = slice(0, distance) if distance > 0 else slice(distance, None)
    moved[tuple(edge)] = False
    return moved
