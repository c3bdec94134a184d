"""The smallest and the largest eigenvalue of the Hessian of many variables, with error bounds, and the kind of point that they prove.

By Lanczos's method on Hessian-vector products, or from the full Hessian where it fits in memory. Generators yield None between short
calls, where the caller may stop.
"""

import math
from collections.abc import Generator
from typing import Any, NamedTuple

import numpy as np

from kernels.execution import batching
from kernels.newton.run import WHOLE, Runner
from kernels.newton.solvers import linear
from kernels.objectives import DEGENERATE, MAXIMUM, MINIMUM, SADDLE, UNDECIDED
from kernels.types import Floats

FEW = 40
"""Largest number of variables for which all eigenvalues are computed at each iterate; number of Lanczos steps for more variables."""

MODERATE = 200
"""Largest number of variables for which all eigenvalues are computed at the last iterate."""

MOST_LANCZOS_STEPS = 2560
"""Maximum number of Lanczos steps at the last iterate to decide the kind; above WHOLE variables a quarter of these for accuracy alone."""

FIRST = 160
"""Lanczos steps before the first test at the last iterate; the number is quadrupled for each further test."""

ACCURATE = 1e-6
"""Relative errors of the two eigenvalues at which no more steps are needed."""

FAILURE = 1e-6
"""Probability, over random initial vectors, that an eigenvalue lies outside the bounds from which a kind is concluded."""

ROUNDING = float(np.finfo(float).eps)


class Extremes(NamedTuple):
    """Estimates of the smallest and the largest eigenvalue, and the kind of point that they prove.

    `values`, `errors`: shape (2,); an eigenvalue lies within `errors` of each value; NaN where the Hessian is not finite. `kind`:
    UNDECIDED where the sign of one of them is open, None where nothing is known.
    """

    values: Floats
    errors: Floats
    kind: str | None


UNKNOWN = Extremes(np.full(2, np.nan), np.full(2, np.nan), None)
"""Extremes at an iterate where they were not computed."""


def kind_of(eigenvalues: Floats) -> str | None:
    """Kind of a stationary point from all eigenvalues of its Hessian; None where these are not finite."""
    if not np.isfinite(eigenvalues).all():
        return None
    sizes = np.abs(eigenvalues)
    if sizes.min() <= len(sizes) * ROUNDING * sizes.max():
        return DEGENERATE
    return MINIMUM if eigenvalues.min() > 0 else MAXIMUM if eigenvalues.max() < 0 else SADDLE


def extremes_at(runner: Runner, point: Any) -> Generator[None, None, Extremes]:
    """Estimate the extreme eigenvalues at an iterate in a few steps. A generator that returns the Extremes."""
    if runner.n <= FEW:
        return _from_all(runner, point)
    state = linear.lanczos_start(runner.n, FEW)
    state = yield from _lanczos(runner, point, state, FEW)
    return _from_lanczos(runner.n, state)


def decided_extremes(runner: Runner, point: Any) -> Generator[None, None, Extremes]:
    """Estimate the extreme eigenvalues until the kind is decided and the values are accurate, within MOST_LANCZOS_STEPS steps.

    Where Lanczos's method does not decide and the Hessian fits in memory, all its eigenvalues are computed.
    """
    if runner.n <= MODERATE:
        return _from_all(runner, point)
    state, steps = linear.lanczos_start(runner.n, MOST_LANCZOS_STEPS), FIRST
    while True:
        state = yield from _lanczos(runner, point, state, steps)
        found = _from_lanczos(runner.n, state)
        precise = bool((found.errors <= ACCURATE * np.abs(found.values)).all())
        enough = steps >= (MOST_LANCZOS_STEPS if runner.n <= WHOLE else MOST_LANCZOS_STEPS // 4)
        if found.kind != UNDECIDED and (precise or found.kind is None or enough):
            return found
        if steps >= MOST_LANCZOS_STEPS or int(state.steps) < steps:
            break
        steps *= 4
    if runner.n > WHOLE:
        return found
    yield None
    return _from_all(runner, point)


def _from_all(runner: Runner, point: Any) -> Extremes:
    with runner.device():
        values = np.asarray(linear.eigenvalues(runner.function, point))
    error = runner.n * ROUNDING * float(np.abs(values).max())
    return Extremes(values[[0, -1]], np.full(2, error), kind_of(values))


def _lanczos(runner: Runner, point: Any, state: linear.LanczosState, most: int) -> Generator[None, None, linear.LanczosState]:
    """Continue to `most` steps in total, or until the Krylov space is exhausted."""
    kind, size = ("lanczos", runner.function.rule), 8 * runner.n
    while (before := int(state.steps)) < most and bool(np.isfinite(state.vector[0])):
        times = min(most - before, batching.batch_size(kind, size))
        with runner.device(), batching.record_duration(kind, 1, lambda: size * max(1, int(state.steps) - before)):  # noqa: B023
            state = linear.lanczos(runner.function, point, state, np.int32(times))
            int(state.steps)
        if runner.n > WHOLE:
            yield None
    return state


def _from_lanczos(n: int, state: linear.LanczosState) -> Extremes:
    values, errors = linear.extremes(state)
    if not np.isfinite(values).all():
        return UNKNOWN
    low, high = values
    rounding = n * ROUNDING * float(np.abs(values).max())
    # An exhausted Krylov space of a random vector contains every eigenvalue.
    beyond = _beyond(n, int(state.steps)) * (high - low) if np.isfinite(state.vector[0]) else 0.0
    # A Ritz value is the curvature along some direction, so that its sign occurs among the eigenvalues.
    if low < -rounding and high > rounding:
        kind = SADDLE
    elif low - beyond > rounding:
        kind = MINIMUM
    elif high + beyond < -rounding:
        kind = MAXIMUM
    elif beyond == 0.0:
        kind = DEGENERATE
    else:
        kind = UNDECIDED
    return Extremes(values, np.maximum(errors, rounding), kind)


def _beyond(n: int, steps: int) -> float:
    """Bound on the distance of an eigenvalue beyond the Ritz values, relative to their spread, except with probability FAILURE.

    inf where the number of steps is too small for a bound. Kuczyński and Woźniakowski, SIAM J. Matrix Anal. Appl. 13 (1992), theorem 3.2.
    """
    share = (math.log(1.648 * math.sqrt(n) / FAILURE) / (2 * steps - 1)) ** 2
    # The theorem's bound is relative to the whole spectrum, which exceeds the spread of the Ritz values by up to twice the bound.
    return share / (1 - 2 * share) if share < 0.25 else math.inf
