"""The least and the greatest eigenvalue of the Hessian of many variables, with their errors, and the kind of point that they prove.

Lanczos's method on Hessian-vector products, or all eigenvalues of the Hessian in full where it fits. Generators yield None between calls
that are short enough to stop at.
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
"""Up to so many variables all eigenvalues are computed at each iterate; of more, so many Lanczos steps are taken there."""

MODERATE = 200
"""Up to so many variables all eigenvalues are computed at a run's last iterate."""

LONG = 2560
"""Lanczos steps at most at a run's last iterate, to decide the kind; of more than WHOLE variables a quarter for the digits alone."""

FIRST = 160
"""Steps after which the last iterate's eigenvalues are looked at first; then after four times as many, and so on."""

BORNE = 1e-6
"""Relative errors of the two eigenvalues at which they need no more steps."""

FAILURE = 1e-6
"""The probability, over random start vectors, that an eigenvalue lies beyond the bounds that a kind is concluded from."""

ROUNDING = float(np.finfo(float).eps)


class Extremes(NamedTuple):
    """The least and the greatest eigenvalue, each within its error of an eigenvalue, and the kind of point that they prove.

    values, errors: shape (2,), NaN where the Hessian is not finite. kind: UNDECIDED where the sign of one of them is open, None where
    nothing is known.
    """

    values: Floats
    errors: Floats
    kind: str | None


UNKNOWN = Extremes(np.full(2, np.nan), np.full(2, np.nan), None)
"""At an iterate where they were not computed."""


def kind_of(eigenvalues: Floats) -> str | None:
    """The kind of a stationary point with these eigenvalues of its Hessian, all of them; None where they are not finite."""
    if not np.isfinite(eigenvalues).all():
        return None
    sizes = np.abs(eigenvalues)
    if sizes.min() <= len(sizes) * ROUNDING * sizes.max():
        return DEGENERATE
    return MINIMUM if eigenvalues.min() > 0 else MAXIMUM if eigenvalues.max() < 0 else SADDLE


def extremes_at(runner: Runner, point: Any) -> Generator[None, None, Extremes]:
    """What a short computation tells of an iterate: a generator that returns it."""
    if runner.n <= FEW:
        return _from_all(runner, point)
    state = linear.lanczos_start(runner.n, FEW)
    state = yield from _lanczos(runner, point, state, FEW)
    return _from_lanczos(runner.n, state)


def decided_extremes(runner: Runner, point: Any) -> Generator[None, None, Extremes]:
    """The same, going on until the kind is decided and the values are known to BORNE, if that takes at most LONG steps.

    Where Lanczos's method does not decide and the Hessian fits, its eigenvalues are all computed.
    """
    if runner.n <= MODERATE:
        return _from_all(runner, point)
    state, steps = linear.lanczos_start(runner.n, LONG), FIRST
    while True:
        state = yield from _lanczos(runner, point, state, steps)
        found = _from_lanczos(runner.n, state)
        precise = bool((found.errors <= BORNE * np.abs(found.values)).all())
        enough = steps >= (LONG if runner.n <= WHOLE else LONG // 4)
        if found.kind != UNDECIDED and (precise or found.kind is None or enough):
            return found
        if steps >= LONG or int(state.steps) < steps:
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
    """Go on to `most` steps in all, or until the vectors span all that they reach."""
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
    # Where the vectors span all that they reach, a random one has reached every eigenvalue.
    beyond = _beyond(n, int(state.steps)) * (high - low) if np.isfinite(state.vector[0]) else 0.0
    # A Ritz value is the curvature along some direction, so each sign that one shows is that of an eigenvalue too.
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
    """How far beyond the Ritz values an eigenvalue may lie, as a share of their distance, but for a probability of FAILURE.

    Kuczyński and Woźniakowski, SIAM J. Matrix Anal. Appl. 13 (1992), theorem 3.2. inf where so few steps tell nothing.
    """
    share = (math.log(1.648 * math.sqrt(n) / FAILURE) / (2 * steps - 1)) ** 2
    # The theorem's share is of the whole spectrum, which may be wider than what the Ritz values span by twice as much.
    return share / (1 - 2 * share) if share < 0.25 else math.inf
