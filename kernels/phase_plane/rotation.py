"""The rotation number of an orbit: the mean of the turns that an angle goes on by in a step, modulo whole turns.

The mean is weighted by a bump function, with which it converges faster than any power of the number of steps where the orbit is
quasi-periodic. See S. Das, Y. Saiki, E. Sander and J. A. Yorke, Quantitative quasiperiodicity, Nonlinearity 30 (2017).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kernels.phase_plane.plane import Point
from kernels.types import Floats

GAP = 0.02
"""Turns that no step may go on by, at least, so that turns and whole turns can be told apart."""

LARGEST_ERROR = 1e-3
"""Rotation numbers with a larger error are unresolved."""

ROUNDING = 1e-15


@dataclass(frozen=True)
class Rotation:
    """turns a step, with its error, both NaN where unresolved. about: the name of the coordinate that turns, or the point wound about.

    Of a coordinate it is in [0, 1). Of a point in [0, 1/2]: the sense in which an orbit winds about it depends on the axes' order.
    """

    turns: float = math.nan
    error: float = math.nan
    about: str | Point | None = None


def mean_turn(angles: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(rotation numbers in [0, 1), errors) of angles (steps, n) in turns; NaN where unresolved. Shapes (n,).

    A step's turn is known up to whole turns. It is lifted so that all turns of the orbit lie between those of the largest gap: as long
    as there is one, the lift is continuous along the orbit, and the mean is the rotation number.
    """
    turns = np.diff(angles, axis=0) % 1.0
    ranked = np.sort(turns, axis=0)
    gaps = np.diff(np.concatenate([ranked, ranked[:1] + 1]), axis=0)
    widest, orbit = gaps.argmax(0), np.arange(turns.shape[1])
    gap = gaps[widest, orbit]
    cut = ranked[widest, orbit] + gap / 2
    lifted = (turns - cut) % 1.0 + cut
    half = len(turns) // 2
    whole, first, second = (_weighted(part) for part in (lifted, lifted[:half], lifted[half:]))
    error = np.maximum(np.maximum(np.abs(first - second), np.abs(whole - first)), ROUNDING)
    is_known = (gap >= GAP) & (error <= LARGEST_ERROR)
    value = whole % 1.0
    # What differs from a whole turn by rounding is none.
    value = np.where(np.minimum(value, 1 - value) <= 2 * ROUNDING, 0.0, value)
    return np.where(is_known, value, np.nan), np.where(is_known, error, np.nan)


def _weighted(values: Floats) -> Floats:
    """Means of values (steps, n), the steps weighted by a bump. Shape (n,)."""
    t = (np.arange(len(values)) + 1) / (len(values) + 1)
    weights = np.exp(-1 / (t * (1 - t)))
    # About a value of each: the mean of equal numbers is then exact.
    start: Floats = values[0] + (weights[:, None] * (values - values[0])).sum(0) / weights.sum()
    return start


def winding(states: Floats, centre: Point, jacobian: Floats, wraps: tuple[float, ...]) -> Rotation:
    """The rotation number of an orbit (2, steps) about a focus or centre, a fixed point with this Jacobian (2, 2)."""
    values, vectors = np.linalg.eig(jacobian)
    if abs(values[0].imag) < 1e-12:
        return Rotation()
    away = [x - c for x, c in zip(states, centre, strict=True)]
    away = [d - period * np.round(d / period) if period else d for d, period in zip(away, wraps, strict=True)]
    if max(np.abs(d).max() for d in away) <= 1e-9 * (1 + np.abs(states).max()):
        return Rotation()
    # In coordinates in which the linearised map turns circles.
    x, y = np.linalg.solve(np.stack([vectors[:, 0].real, vectors[:, 0].imag], axis=1), np.stack(away))
    angles = np.arctan2(y, x) / (2 * math.pi)
    if not goes_round(angles):
        return Rotation()
    (turns,), (error,) = mean_turn(angles[:, None])
    return Rotation(min(float(turns), 1 - float(turns)), float(error), centre) if math.isfinite(turns) else Rotation()


def goes_round(angles: Floats) -> bool:
    """Whether angles (steps,), in turns, leave no half of the circle empty."""
    ranked = np.sort(angles % 1.0)
    return bool(np.diff(np.concatenate([ranked, ranked[:1] + 1])).max() < 0.4999)
