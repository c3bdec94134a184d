"""The kind of the stationary point that a run has converged to, judged at its last iterate and where Newton's next step leads.

Towards a point with a singular Hessian the eigenvalues shrink on, step by step, though they never reach 0.
"""

from collections.abc import Generator
from typing import Any

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

LOST = 1e-8
"""A step this small beside the iterate may be rounding."""

MOST_PRODUCTS = 1000
"""Steps of conjugate gradients at most that find Newton's next step where there are many variables."""

SOLVED = 1e-3
"""The relative residual at which that step is good enough to judge by."""


def settled_kinds(function: Bound, points: Floats) -> list[str]:
    """The kinds of the stationary points that these iterates, shape (k, n) with n at most SMALL, have converged to."""
    curvature = small_curvature(function, points)
    there = curvature.model_points
    known: NDArray[np.bool_] = np.asarray(np.isfinite(there).all(1))
    closer = small_curvature(function, np.where(known[:, None], there, points))
    values = curvature.eigenvalues
    # Rounding in the eigenvalues is relative to the largest one.
    slack = SETTLED * np.abs(values) + 10 * ROUNDING * np.abs(values).max(1, keepdims=True)
    settled = known & (np.abs(closer.eigenvalues - values) <= slack).all(1)
    return [(kind or DEGENERATE) if good else DEGENERATE for kind, good in zip(curvature.kinds, settled, strict=True)]


def large_kind(runner: Runner, found: Extremes) -> Generator[None, None, str | None]:
    """The kind of the point that a run of more variables has converged to, its Hessian's extremes `found`: a generator that returns it."""
    if found.kind in (None, DEGENERATE, UNDECIDED):
        return found.kind
    point = runner.run.state.x
    first = yield from _newton_step(runner, point)
    if first is None or _norm(first) <= LOST * _norm(point):
        return found.kind
    second = yield from _newton_step(runner, point + first)
    shrinks = second is None or _norm(second) <= SHRINKING * _norm(first)
    return found.kind if shrinks else DEGENERATE


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
