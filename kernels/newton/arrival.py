"""Whether a run with a small gradient has come to a stationary point, and to one of which kind: judged by Newton's next steps.

Towards a point with a singular Hessian the eigenvalues shrink on, step by step, though they never reach 0. Where the gradient
vanishes only at infinity, as that of log x, the steps do not shrink.
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
"""Between a stationary point's estimate and the iterate the Hessian's eigenvalues change by at most this share, or it is degenerate."""

SHRINKING = 0.4
"""Newton's next step but one is at most this share of the next one, or the point is degenerate: towards a zero of order m + 1 of the
gradient each is m / (m + 1) of the one before, m at least 1."""

STEADY = 0.85
"""Newton's steps that shrink by less than this factor may lead to infinity."""

TRAIL = 8
"""Newton's steps that are followed to see whether they do."""

AWAY = 5.0
"""They do if so many of them lead at least so many times as far as the first one."""

LOST = 1e-8
"""A step this small beside the iterate may be rounding."""

MOST_PRODUCTS = 1000
"""Steps of conjugate gradients at most that find Newton's next step where there are many variables."""

SOLVED = 1e-3
"""The relative residual at which that step is good enough to judge by."""


class Arrival(NamedTuple):
    """What a small gradient means. kind: of the stationary point, None where it is not known. runs_away: there is none nearby."""

    kind: str | None
    runs_away: bool = False


def small_arrivals(function: Bound, points: Floats) -> list[Arrival]:
    """Of the last iterates of some runs, shape (k, n) with n at most SMALL."""
    curvature = small_curvature(function, points)
    there = curvature.model_points
    known: NDArray[np.bool_] = np.asarray(np.isfinite(there).all(1))
    closer = small_curvature(function, np.where(known[:, None], there, points))
    values = curvature.eigenvalues
    # Rounding in the eigenvalues is relative to the largest one.
    slack = SETTLED * np.abs(values) + 10 * ROUNDING * np.abs(values).max(1, keepdims=True)
    settled = known & (np.abs(closer.eigenvalues - values) <= slack).all(1)
    away = known.copy()
    away[known] = _run_away(function, points[known], there[known], closer.model_points[known])
    return [
        Arrival(None, True) if gone else Arrival((kind or DEGENERATE) if good else DEGENERATE)
        for kind, good, gone in zip(curvature.kinds, settled, away, strict=True)
    ]


def _run_away(function: Bound, points: Floats, first: Floats, second: Floats) -> NDArray[np.bool_]:
    """Whether Newton's steps from these points lead to infinity; `first` and `second` are where the first two lead. Shapes (k, n)."""
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
    """Whether Newton's steps, of these two lengths from a point of this size, may lead far away: as a geometric series they would."""
    if not step > LOST * size + LOST**2 or not following >= STEADY * step:
        return False
    return following >= step or step / (1 - following / step) > (1 + size) / 2


def large_arrival(runner: Runner, found: Extremes) -> Generator[None, None, Arrival]:
    """Of a run of more variables, its Hessian's extremes `found`: a generator that returns it."""
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
    # Not numpy's norm: of many variables it takes threads of its own, which spin for a while beside ours.
    return float(np.sqrt(np.square(np.asarray(vector)).sum()))


def _newton_step(runner: Runner, point: Any) -> Generator[None, None, Any]:
    """Newton's step from a point by conjugate gradients; None where they do not solve its system."""
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
