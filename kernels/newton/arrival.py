"""Classification of the last iterate of a run with a small gradient, by the next Newton steps from it.

Towards a stationary point with a singular Hessian the eigenvalues keep shrinking but never reach 0. Where the gradient vanishes only at
infinity, as that of log x, the steps do not shrink and there is no stationary point.
"""

from collections.abc import Generator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kernels.execution import batching
from kernels.newton.curvature import small_curvature
from kernels.newton.run import Runner
from kernels.newton.solvers import linear
from kernels.newton.spectrum import ROUNDING, Extremes
from kernels.objectives import DEGENERATE, UNDECIDED, Bound
from kernels.types import Floats

SETTLED = 0.25
"""Largest relative change of the Hessian's eigenvalues over one Newton step at a point that is not degenerate."""

SHRINKING = 0.4
"""Largest ratio of consecutive Newton steps at a point that is not degenerate: towards a zero of order m + 1 of the gradient the ratio
is m / (m + 1), with m at least 1."""

STEADY = 0.85
"""Ratio of consecutive Newton steps above which these may lead to infinity."""

TRAIL = 8
"""Number of Newton steps that are followed to decide this."""

AWAY = 5.0
"""They lead to infinity if these steps together reach at least this many times as far as the first one."""

LOST = 1e-8
"""Steps below this, relative to the iterate, may be rounding."""

MOST_PRODUCTS = 1000
"""Maximum number of conjugate-gradient iterations for a Newton step in many variables."""

SOLVED = 1e-3
"""Relative residual at which such a step is accurate enough."""


class Arrival(NamedTuple):
    """Classification of a point with a small gradient: its `kind` (None: not known), or `runs_away` if no stationary point is near."""

    kind: str | None
    runs_away: bool = False


def small_arrivals(function: Bound, points: Floats) -> list[Arrival]:
    """Classify the last iterates of k runs, shape (k, n), n at most SMALL."""
    curvature = small_curvature(function, points)
    there = curvature.model_points
    known: NDArray[np.bool_] = np.asarray(np.isfinite(there).all(1))
    closer = small_curvature(function, np.where(known[:, None], there, points))
    values = curvature.eigenvalues
    # The rounding error of every eigenvalue is relative to the largest one.
    slack = SETTLED * np.abs(values) + 10 * ROUNDING * np.abs(values).max(1, keepdims=True)
    settled = known & (np.abs(closer.eigenvalues - values) <= slack).all(1)
    away = known.copy()
    away[known] = _run_away(function, points[known], there[known], closer.model_points[known])
    return [
        Arrival(None, True) if gone else Arrival((kind or DEGENERATE) if good else DEGENERATE)
        for kind, good, gone in zip(curvature.kinds, settled, away, strict=True)
    ]


def _run_away(function: Bound, points: Floats, first: Floats, second: Floats) -> NDArray[np.bool_]:
    """Whether Newton steps from these points lead to infinity; `first`, `second`: the iterates after one and two steps. Shapes (k, n)."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        steps, following = np.linalg.norm(first - points, axis=1), np.linalg.norm(second - first, axis=1)
        sizes = np.linalg.norm(points, axis=1)
        away: NDArray[np.bool_] = np.array([doubtful(*three) for three in zip(sizes, steps, following, strict=True)], bool)
        trail = second[away]
        for _ in range(TRAIL - 2 if away.any() else 0):
            trail = np.where(np.isfinite(trail), small_curvature(function, trail).model_points, trail)
        travelled = np.linalg.norm(trail - points[away], axis=1)
    away[away] = ~(travelled < AWAY * steps[away])
    return away


def doubtful(size: float, step: float, following: float) -> bool:
    """Whether two consecutive Newton steps of these lengths, continued as a geometric series, lead far away from a point of this norm."""
    if not step > LOST * size + LOST**2 or not following >= STEADY * step:
        return False
    return following >= step or step / (1 - following / step) > (1 + size) / 2


def large_arrival(runner: Runner, found: Extremes) -> Generator[None, None, Arrival]:
    """Classify the last iterate of a run in more variables, given the extreme eigenvalues `found`. A generator that returns an Arrival."""
    point = runner.run.state.x
    places: list[Any] = []
    for number in range(TRAIL):
        step = yield from _newton_step(runner, places[-1] if places else point)
        if step is None:
            break
        places.append((places[-1] if places else point) + step)
        if number == 0 and _norm(step) <= LOST * _norm(point):
            return Arrival(found.kind)
        if number == 1 and not doubtful(_norm(point), _norm(places[0] - point), _norm(step)):
            break
    if not places:
        return Arrival(found.kind)
    first = places[0] - point
    if len(places) == TRAIL and not _norm(places[-1] - point) < AWAY * _norm(first):
        return Arrival(None, True)
    shrinks = len(places) == 1 or _norm(places[1] - places[0]) <= SHRINKING * _norm(first)
    return Arrival(found.kind if shrinks or found.kind in (None, UNDECIDED) else DEGENERATE)


def _norm(vector: Any) -> float:
    # Not numpy's norm: for many variables BLAS starts threads that keep spinning beside ours.
    return float(np.sqrt(np.square(np.asarray(vector)).sum()))


def _newton_step(runner: Runner, point: Any) -> Generator[None, None, Any]:
    """The Newton step from a point by conjugate gradients; None where they do not converge."""
    function, kind, size = runner.function, ("arrival", runner.function.rule), 8 * runner.n
    with runner.device():
        state, _ = linear.system_start(function, point)
        target = SOLVED * float(state.residuals[0])
    while int(state.outcome) == linear.RUNNING:
        times, before = np.int32(batching.batch_size(kind, size)), int(state.steps)
        with runner.device(), batching.record_duration(kind, 1, lambda: size * max(1, int(state.steps) - before)):  # noqa: B023
            state = linear.system_steps(function, point, state, target, times, np.int32(MOST_PRODUCTS))
            int(state.steps)
        yield None
    return state.solution if int(state.outcome) == linear.SOLVED else None
