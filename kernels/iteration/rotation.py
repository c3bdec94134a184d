"""Rotation numbers: the mean of the turns that an angle goes on by in a step, modulo whole turns.

The mean is weighted by a bump function, with which it converges faster than any power of the number of steps where the orbit is
quasi-periodic. See S. Das, Y. Saiki, E. Sander and J. A. Yorke, Quantitative quasiperiodicity, Nonlinearity 30 (2017).
"""

import functools
import math

import numpy as np
from numpy.typing import NDArray

from kernels.types import Floats

GAP = 0.02
"""Turns that no step may go on by, at least, so that turns and whole turns can be told apart."""

LARGEST_ERROR = 1e-3
"""Rotation numbers with a larger error are unresolved."""

ROUNDING = 1e-15

DENOMINATORS = 512
"""Largest denominator of the fractions that rotation numbers are compared with."""

BY_CHANCE = 0.02
"""About the share of numbers that are within their error of a fraction that is compared with."""

SHARPEST = 1e-8
"""Least distance from a fraction that counts."""


def mean_turn(angles: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(rotation numbers in [0, 1), errors) of angles (steps, n) in turns; NaN where unresolved. Shapes (n,).

    A step's turn is known up to whole turns. It is lifted so that all turns of the orbit lie between those of the largest gap: as long
    as there is one, the lift is continuous along the orbit, and the mean is the rotation number.
    """
    turns = _fraction(np.diff(angles, axis=0))
    ranked = np.sort(turns, axis=0)
    gaps = np.diff(np.concatenate([ranked, ranked[:1] + 1]), axis=0)
    widest, orbit = gaps.argmax(0), np.arange(turns.shape[1])
    gap = gaps[widest, orbit]
    cut = ranked[widest, orbit] + gap / 2
    lifted = _fraction(turns - cut) + cut
    half = len(turns) // 2
    whole, first, second = (weighted_mean(part) for part in (lifted, lifted[:half], lifted[half:]))
    error = np.maximum(np.maximum(np.abs(first - second), np.abs(whole - first)), ROUNDING)
    is_known = (gap >= GAP) & (error <= LARGEST_ERROR)
    value = whole % 1.0
    # What differs from a whole turn by rounding is none.
    value = np.where(np.minimum(value, 1 - value) <= 2 * ROUNDING, 0.0, value)
    return np.where(is_known, value, np.nan), np.where(is_known, error, np.nan)


def _fraction(turns: Floats) -> Floats:
    """What is left of turns without the whole ones, in [0, 1]; several times faster than a remainder."""
    left: Floats = turns - np.floor(turns)
    return left


def weighted_mean(values: Floats) -> Floats:
    """Means of values (steps, n), the steps weighted by a bump. Shape (n,)."""
    weights = _bump(len(values))
    # About the first values: the mean of equal numbers is then exact.
    mean: Floats = values[0] + np.einsum("s,sn->n", weights, values - values[0]) / weights.sum()
    return mean


@functools.lru_cache(16)
def _bump(count: int) -> Floats:
    t = (np.arange(count) + 1) / (count + 1)
    found: Floats = np.exp(-1 / (t * (1 - t)))
    return found


def rotation_numbers(orbit: Floats, circles: tuple[float | None, ...]) -> tuple[Floats, Floats]:
    """(rotation numbers, errors) of orbits (coordinates, steps, n), NaN where unresolved. Shapes (n,).

    Of the first coordinate that is an angle, `circles` being their circumferences. Of a map of the plane where that is 0, or where none
    is an angle, in [0, 1/2] about the middle of the orbit: about any point inside an invariant circle it is the same, up to its sense.
    """
    found = error = np.full(orbit.shape[2], np.nan)
    for x, around in zip(orbit, circles, strict=True):
        if around is not None:
            found, error = mean_turn(x / around)
            break
    if len(orbit) == 1:
        return found, error
    away = [_from_middle(x, around) for x, around in zip(orbit, circles, strict=True)]
    angles = np.arctan2(away[1], away[0]) / (2 * math.pi)
    about, about_error = mean_turn(angles)
    about = np.where(goes_round(angles), np.minimum(about, 1 - about), np.nan)
    is_angle = np.isnan(about)
    if not np.isnan(found).all():
        is_angle |= (denominators(found, error) != 1) & ~np.isnan(found)
    return np.where(is_angle, found, about), np.where(is_angle, error, about_error)


def denominators(numbers: Floats, errors: Floats) -> NDArray[np.intp]:
    """The least denominators of fractions that numbers (n,) are equal to within their errors, 0 where there is none. Shape (n,).

    Errors are estimates, so that larger ones count too. Denominators are tried up to where a number by chance would be as near to one.
    """
    near = np.maximum(16 * errors, SHARPEST)
    q = np.arange(1, DENOMINATORS + 1)[:, None]
    with np.errstate(invalid="ignore"):
        is_equal = (np.abs(numbers - np.round(q * numbers) / q) <= near) & (q * q * near <= BY_CHANCE)
    found: NDArray[np.intp] = np.where(is_equal.any(0), is_equal.argmax(0) + 1, 0)
    return found


def _from_middle(x: Floats, around: float | None) -> Floats:
    """The distances of values (steps, n) from their mean, as shares of their spread; of angles the shorter way round."""
    if around is None:
        away = x - x.mean(0)
    else:
        angle = 2 * math.pi * x / around
        middle = np.arctan2(np.sin(angle).mean(0), np.cos(angle).mean(0))
        away = np.remainder(angle - middle + math.pi, 2 * math.pi) - math.pi
    share: Floats = away / np.maximum(np.abs(away).max(0), 1e-300)
    return share


def goes_round(angles: Floats) -> NDArray[np.bool_]:
    """Whether angles (steps, n), in turns, leave no half of the circle empty. Shape (n,)."""
    ranked = np.sort(_fraction(angles), axis=0)
    found: NDArray[np.bool_] = np.diff(np.concatenate([ranked, ranked[:1] + 1]), axis=0).max(0) < 0.4999
    return found
