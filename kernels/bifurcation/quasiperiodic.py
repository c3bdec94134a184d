"""Quasi-periodic columns of a diagram, distinguished from chaotic ones, and their rotation numbers.

Along a quasi-periodic orbit means weighted by a bump function converge faster than any power of the number of steps, along a chaotic one
as slowly as a random walk's; and the largest Lyapunov exponent is 0. See `kernels.iteration.rotation`. An orbit that comes slowly to a
cycle, and one near where doublings accumulate, are distinguished from these by their rotation numbers, which are fractions.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.iteration import orbits, rotation
from kernels.types import Bools, Floats, Rule

STEPS = 2048
"""Steps that means and rotation numbers are found from."""

CHUNK = 64
"""Columns that are looked at in one go."""

STEADY = 1e-4
"""Largest difference of the means over both halves of the steps, relative to the spread of the states."""

FEWEST = 96
"""Points of a piece of an orbit that are enough to find how it turns."""

NEAR_RETURNS, WINDOW = 48, 256
"""Longest period of near-returns that are looked at, and steps at the beginning and at the end in which they are."""

FEW = 8
"""Steps in which the nearest period is sought first."""

CLOSE, SHRINKING = 1e-4, 1.2
"""Near-returns that are closer than this share of the spread, or so many times closer at the end, are of an orbit still settling."""

Circles = tuple[float | None, ...]


def error_of_zero(samples: int) -> float:
    """The error of an exponent of 0 that is a mean over so many steps: what a tangent vector grows by is bounded, or a power of these."""
    return (3 + math.log(samples)) / samples


def is_candidate(period: Any, spectrum: Floats, samples: int, keeps_areas: bool) -> Bools:
    """Columns whose orbit is on no cycle and has the largest exponent 0, the other one below it unless areas are preserved."""
    slack = error_of_zero(samples)
    with np.errstate(invalid="ignore"):
        found: Bools = (np.asarray(period) == 0) & (np.abs(spectrum[:, 0]) <= slack)
        return found if keeps_areas else found & (spectrum[:, 1] < -2 * slack)


def look(
    rule: Rule, state: Floats, parameters: tuple[Floats, ...], circles: Circles, wanted: Bools, steady: Bools, turns: Floats
) -> Iterator[None]:
    """Whether the orbits from `state` (coordinates, columns) are quasi-periodic, in `steady`, and their rotation numbers, in `turns`.

    Only of the columns wanted; the others stay as they are. circles: the circumference of each coordinate that is an angle.
    """
    columns = np.flatnonzero(wanted)
    for first in range(0, len(columns), CHUNK):
        some = columns[first : first + CHUNK]
        padded = np.resize(some, CHUNK)  # one size, so that one kernel is compiled
        states = orbits.orbit(rule, tuple(x[padded] for x in state), tuple(value[padded] for value in parameters), STEPS)
        # Each orbit's steps side by side in memory: all that follows goes along these.
        orbit = np.array([np.asarray(x)[:, : len(some)].T for x in states], np.float64, order="C").swapaxes(1, 2)
        yield None
        passed = _is_steady(orbit, circles)
        yield None
        # What has failed one test is not looked at by the next.
        passed[passed] = ~_is_settling(_only(orbit, passed), circles)
        yield None
        rest = _only(orbit, passed)
        found, errors = rotation.rotation_numbers(rest, circles)
        fills = _fills_curves(rest, circles, found, errors)
        passed[passed] = fills
        steady[some], turns[some] = passed, np.nan
        turns[some[passed]] = found[fills]
        yield None


def _only(orbit: Floats, chosen: Bools) -> Floats:
    """The chosen of orbits (coordinates, steps, columns), each one's steps side by side in memory."""
    return orbit.swapaxes(1, 2)[:, chosen].swapaxes(1, 2)


def _is_steady(orbit: Floats, circles: Circles) -> Bools:
    """Whether the weighted means of both halves of orbits (coordinates, steps, columns) agree. Shape (columns,)."""
    half, parts = orbit.shape[1] // 2, []
    for x, around in zip(orbit, circles, strict=True):
        parts += [x] if around is None else [np.cos(2 * math.pi * x / around), np.sin(2 * math.pi * x / around)]
    found: Bools = np.array(np.isfinite(orbit).all((0, 1)))
    with np.errstate(invalid="ignore"):
        for part in parts:
            gap = np.abs(rotation.weighted_mean(part[:half]) - rotation.weighted_mean(part[half:]))
            found &= gap <= STEADY * np.ptp(part, axis=0) + 1e-12
    return found


def _fills_curves(orbit: Floats, circles: Circles, turns: Floats, errors: Floats) -> Bools:
    """Whether orbits (coordinates, steps, columns) turn by irrational shares of a turn, or the pieces of those that turn by a fraction do.

    A chain of circles that are mapped to one another, as around a cycle, turns by a fraction; each of its pieces comes back to itself
    after as many steps as the denominator says, and then turns about its own middle. Shape (columns,).
    """
    parts = rotation.denominators(turns, errors)
    found: Bools = np.isfinite(turns) & (parts == 0)
    for q in np.unique(parts[parts > 1]):
        if len(orbit) > 1 and orbit.shape[1] >= FEWEST * q:
            piece = _only(orbit[:, ::q], parts == q)
            found[parts == q] = _fills_curves(piece, circles, *rotation.rotation_numbers(piece, circles))
    return found


def _is_settling(orbit: Floats, circles: Circles) -> Bools:
    """Whether orbits (coordinates, steps, columns) are still coming to a cycle, as they do slowly at a bifurcation. Shape (columns,)."""
    close = CLOSE * (np.ptp(orbit, axis=1).max(0) + 1e-300)
    end = orbit[:, -WINDOW:]
    # Most that are left here settle, which one period shows: the one that is nearest in a few steps.
    found: Bools = _returns(end, _all_returns(end, circles, FEW).argmin(0), circles) <= close
    if not found.all():
        rest = ~found
        begin, end = _only(orbit[:, :WINDOW], rest), _only(end, rest)
        last = _all_returns(end, circles, WINDOW - NEAR_RETURNS)
        nearest = last.argmin(0)
        last = last[nearest, np.arange(len(nearest))]
        found[rest] = (last <= close[rest]) | (_returns(begin, nearest, circles) > SHRINKING * last)
    return found


def _all_returns(orbit: Floats, circles: Circles, steps: int) -> Floats:
    """The mean distances of the last `steps` states of orbits from those 1, 2, … NEAR_RETURNS steps before. Shape (periods, columns)."""
    total = np.zeros((NEAR_RETURNS, orbit.shape[2]))
    for x, around in zip(orbit[:, -steps - NEAR_RETURNS :], circles, strict=True):
        before = np.lib.stride_tricks.sliding_window_view(x.T, steps, axis=1)[:, NEAR_RETURNS - 1 :: -1]
        total += _distance(x.T[:, None, NEAR_RETURNS:] - before, around).mean(2).T
    return total


def _returns(orbit: Floats, nearest: NDArray[np.intp], circles: Circles) -> Floats:
    """The same of one period each, nearest + 1, over all steps that have NEAR_RETURNS before them. Shape (columns,)."""
    steps, columns = np.arange(NEAR_RETURNS, orbit.shape[1])[:, None], np.arange(orbit.shape[2])
    total = np.zeros(orbit.shape[2])
    for x, around in zip(orbit, circles, strict=True):
        total += _distance(x[NEAR_RETURNS:] - x[steps - nearest - 1, columns], around).mean(0)
    return total


def _distance(gap: Floats, around: float | None) -> Floats:
    """The size of a difference, of angles the shorter way round; in its place."""
    if around is not None:
        gap -= around * np.round(gap / around)
    return np.abs(gap, out=gap)
