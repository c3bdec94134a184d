"""Lines through the points of branches, (k, 2) each: parameter and state, NaN where they are interrupted."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from kernels.skeleton.branch import Box, Branch
from kernels.types import Bools, Floats

NEAR = 1.0
"""Heights of the view beside it within which the points of a cycle are drawn."""


def branch_lines(branches: Sequence[Branch], box: Box, circumference: float | None) -> tuple[Floats, Floats]:
    """(lines of attracting cycles, lines of repelling ones); both have the point between two of a branch at which it changes."""
    attracting, repelling = [np.empty((0, 2))], [np.empty((0, 2))]
    for branch in branches:
        multiplier = branch.multiplier
        attracts = np.abs(multiplier) < 1
        at = np.flatnonzero(np.diff(attracts))
        aim = np.copysign(1.0, multiplier[np.where(attracts[at], at + 1, at)])
        share = (aim - multiplier[at]) / (multiplier[at + 1] - multiplier[at])
        states = branch.states if circumference is None else _wrapped(branch.states, circumference)
        seen = (np.abs(states - box.middle) <= (0.5 + NEAR) * box.height).any(axis=1)
        parameter, states = (_with_changes(array, at, share) for array in (branch.parameter[None], states[seen]))
        for lines, on in ((attracting, np.insert(attracts, at + 1, True)), (repelling, np.insert(~attracts, at + 1, True))):
            lines.append(_lines(parameter, np.where(on, states, np.nan)))
    return np.concatenate(attracting), np.concatenate(repelling)


def _with_changes(values: Floats, at: Any, share: Floats) -> Floats:
    """Values at the points of a branch, and between those and the next at these shares. Shapes (rows, m)."""
    inserted: Floats = np.insert(values, at + 1, values[:, at] + share * (values[:, at + 1] - values[:, at]), axis=1)
    return inserted


def _lines(parameter: Floats, states: Floats) -> Floats:
    """A line for each row of states, one after the other."""
    rows = len(states)
    gap = np.full((rows, 1), np.nan)
    across = np.concatenate([np.broadcast_to(parameter, states.shape), gap], axis=1)
    lines = np.stack([across.ravel(), np.concatenate([states, gap], axis=1).ravel()], axis=1)
    # Of the points that are not finite one interrupts a line.
    void = np.isnan(lines[:, 1])
    kept: Bools = ~void
    kept[1:] |= void[1:] & ~void[:-1]
    return lines[kept]


def _wrapped(states: Floats, turn: float) -> Floats:
    """States on a circle, interrupted where they come round."""
    x = states % turn
    x[:, 1:][np.abs(np.diff(x, axis=1)) > turn / 2] = np.nan
    return x
