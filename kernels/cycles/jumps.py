"""Zeros of g(x) = f^p(x) - x at jumps of f, where one branch comes to zero in the limit and f itself takes the value of the other."""

import numpy as np

from kernels.cycles.iterate import Iterate, Jet
from kernels.cycles.root_polishing import blurred, is_zero
from kernels.types import Bools, Floats

REACH = 8.0
"""A jump is looked for within this many times the error of the zero."""

LEAST = 1e-7
"""Smallest change of g that is a jump, relative to 1 + |x|."""


def attained(iterate: Iterate, jets: Jet, period: int) -> Floats:
    """The zeros, those at a jump put at the jump itself, a number of few digits, if they are zeros there; NaN for the others. Shape (n,).

    2x mod 1 comes to 1 as x does, and is 0 there: the zero of its branch, which rounding puts at 1 - 2^-53, is not a fixed point.
    """
    x = jets.x.copy()
    if not iterate.may_jump or not len(x):
        return x
    away = REACH * np.fmax(np.fmin(blurred(iterate, jets, period), 1e-6 * (1 + np.abs(x))), np.spacing(np.abs(x)))
    beside = np.abs(iterate.jets(np.concatenate([x - away, x + away]), period).value.reshape(2, -1))
    smooth = 100 * (jets.noise + np.abs(jets.slope) * away) + np.nan_to_num(np.abs(jets.bend)) * away**2
    jumps = np.flatnonzero((beside > smooth + LEAST * (1 + np.abs(x))).any(axis=0))
    if len(jumps):
        found = np.array([_shortest(at, near) for at, near in zip(x[jumps].tolist(), away[jumps].tolist(), strict=True)])
        x[jumps] = np.where(is_zero(iterate.jets(found, period)), found, np.nan)
    return x


def follow(iterate: Iterate, rows: Floats) -> Bools:
    """Whether f takes each point of the orbits to the next, as it need not at jumps, where both are limits. Shape (orbits,)."""
    jets = iterate.jets(rows.ravel(), 1)
    missed = iterate.differences(jets.x + jets.value, np.roll(rows, -1, axis=1).ravel())
    on: Bools = np.abs(missed) <= LEAST * (1 + np.abs(jets.x)) + 100 * jets.noise
    kept: Bools = np.asarray(on.reshape(rows.shape).all(axis=1))
    return kept


def _shortest(x: float, near: float) -> float:
    """The number of fewest digits that is as near to x."""
    rounded = (float(f"{x:.{digits}e}") for digits in range(17))
    return 0.0 if abs(x) <= near else next(number for number in rounded if abs(number - x) <= near)
