"""What can be said of a run's iterates beside the solver's own numbers: curvature, kinds, Newton's own next point, order of convergence.

All in NumPy, from gradients and Hessians, or for many variables from their extreme eigenvalues.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.execution import batching
from kernels.newton.run import LENGTH, WHOLE, Runner, look
from kernels.newton.solvers import linear
from kernels.objectives import DEGENERATE, MAXIMUM, MINIMUM, SADDLE, Bound
from kernels.types import Floats

LANCZOS = 40
"""Steps of Lanczos for the extreme eigenvalues of a large Hessian."""

ROUNDING = float(np.finfo(float).eps)

SETTLED = 0.25
"""Between a stationary point's estimate and the iterate the Hessian's eigenvalues change by at most this share, or it is degenerate."""


@dataclass(frozen=True, eq=False)
class Curvature:
    """Of each iterate, first axis k: gradients (k, n), hessians (k, n, n), eigenvalues in ascending order (k, n), eigenvectors, as columns.

    Of more than SMALL variables only the two extreme eigenvalues are known, (k, 2), to `errors`, NaN at iterates that nothing was
    asked of; the rest is of length 0. `model_points` (k, n) are where Newton's full step would lead: the stationary points of the
    local quadratic models; not finite where the Hessian is singular.
    """

    eigenvalues: Floats
    errors: Floats
    gradients: Floats = field(repr=False)
    hessians: Floats = field(repr=False)
    eigenvectors: Floats = field(repr=False)
    model_points: Floats = field(repr=False)

    @property
    def conditions(self) -> Floats:
        """|largest| / |smallest| eigenvalue by size; with only the extremes known, a lower bound. inf where singular."""
        sizes = np.abs(self.eigenvalues)
        with np.errstate(divide="ignore", invalid="ignore"):
            return sizes.max(1) / sizes.min(1)

    @property
    def kinds(self) -> tuple[str | None, ...]:
        """What the local model's stationary point is at each iterate: where a full Newton step heads. None where it is not known."""
        return tuple(kind_of(values) for values in self.eigenvalues)


def kind_of(eigenvalues: Floats) -> str | None:
    """The kind of a stationary point with these eigenvalues of its Hessian; None where they are not finite."""
    if not np.isfinite(eigenvalues).all():
        return None
    sizes = np.abs(eigenvalues)
    if sizes.min() <= len(sizes) * ROUNDING * sizes.max():
        return DEGENERATE
    return MINIMUM if eigenvalues.min() > 0 else MAXIMUM if eigenvalues.max() < 0 else SADDLE


def small_curvature(function: Bound, points: Floats) -> Curvature:
    """Of points of shape (k, n), n at most SMALL."""
    n = points.shape[1]
    gradients, hessians = np.empty_like(points), np.empty((len(points), n, n))
    for at in range(0, len(points), LENGTH):
        some = points[at : at + LENGTH]
        padded = np.concatenate([some, np.zeros((LENGTH - len(some), n))])
        for kept, seen in zip((gradients, hessians), look(function, padded), strict=True):
            kept[at : at + LENGTH] = np.asarray(seen)[: len(some)]
    good: NDArray[np.bool_] = np.asarray(np.isfinite(hessians).all((1, 2)))
    values, vectors = np.linalg.eigh(np.where(good[:, None, None], hessians, 0.0))
    values[~good] = np.nan
    return Curvature(values, np.zeros_like(values), gradients, hessians, vectors, _model_points(points, gradients, values, vectors))


def _model_points(points: Floats, gradients: Floats, values: Floats, vectors: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        along = np.einsum("kij,ki->kj", vectors, gradients)
        # A direction in which there is neither slope nor curvature is no matter.
        steps = np.where(along == 0, 0.0, along / values)
        moved: Floats = points - np.einsum("kij,kj->ki", vectors, steps)
    return moved


def large_curvature(extremes: list[tuple[Floats, Floats]]) -> Curvature:
    """Of more variables, from the extreme eigenvalues and their errors at each iterate."""
    values, errors = (np.array([pair[i] for pair in extremes]).reshape(-1, 2) for i in range(2))
    none = np.zeros((0, 0))
    return Curvature(values, errors, none, np.zeros((0, 0, 0)), np.zeros((0, 0, 0)), none)


def lanczos_extremes(runner: Runner, points: list[Any]) -> Iterator[tuple[Floats, Floats] | None]:
    """The extreme eigenvalues at each of the points; None between calls that are short enough to stop at."""
    rows = min(runner.n, LANCZOS)
    for point in points:
        state = linear.lanczos_start(runner.n, rows)
        while int(state.steps) < rows and bool(np.isfinite(state.vector[0])):
            state = _lanczos_call(runner, point, state)
            if runner.n > WHOLE:
                yield None
        yield linear.extremes(state)


def _lanczos_call(runner: Runner, point: Any, state: linear.LanczosState) -> linear.LanczosState:
    """As many Lanczos steps as fit into one call."""
    kind, size, before = ("lanczos", runner.function.rule), 8 * runner.n, int(state.steps)
    with runner.device(), batching.record_duration(kind, 1, lambda: size * max(1, int(after.steps) - before)):
        after = linear.lanczos(runner.function, point, state, np.int32(batching.batch_size(kind, size)))
        int(after.steps)
    return after


def settled_kinds(function: Bound, points: Floats) -> list[str]:
    """The kinds of the stationary points that these iterates, shape (k, n) with n at most SMALL, have converged to.

    The Hessian is judged where Newton's next step would lead too: towards a point with a singular one the eigenvalues shrink on,
    step by step, though they never reach 0.
    """
    curvature = small_curvature(function, points)
    there = curvature.model_points
    known: NDArray[np.bool_] = np.asarray(np.isfinite(there).all(1))
    values, closer = curvature.eigenvalues, small_curvature(function, np.where(known[:, None], there, points)).eigenvalues
    # Rounding in the eigenvalues is relative to the largest one.
    slack = SETTLED * np.abs(values) + 10 * ROUNDING * np.abs(values).max(1, keepdims=True)
    settled = known & (np.abs(closer - values) <= slack).all(1)
    return [(kind or DEGENERATE) if good else DEGENERATE for kind, good in zip(curvature.kinds, settled, strict=True)]


def orders(norms: Floats, noise: Floats) -> Floats:
    """The order of convergence at each iterate: log(r'/r) / log(r/r0) of three gradient norms in a row, r' the iterate's own.

    NaN where they do not fall, where the last is 0 or below the `noise` that rounding makes. Same shape as `norms`.
    """
    found = np.full(len(norms), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        falls = np.log(norms[1:] / norms[:-1])
        found[2:] = falls[1:] / falls[:-1]
    good = (norms[2:] < norms[1:-1]) & (norms[1:-1] < norms[:-2]) & (norms[2:] > noise[2:])
    found[2:][~(good & np.isfinite(found[2:]))] = np.nan
    return found


def gradient_noise(points: Floats, curvature: Curvature) -> Floats:
    """How large rounding may make the gradient at each iterate: the place is only known to rounding of the one before."""
    sizes = np.linalg.norm(points, axis=1)
    before = np.concatenate([sizes[:1], sizes[:-1]])
    largest = np.abs(curvature.eigenvalues).max(1) if len(points) else sizes
    noise: Floats = 4 * ROUNDING * np.nan_to_num(largest) * np.maximum(sizes, before)
    return noise


def repeats(points: Floats, most: int = 8) -> int:
    """The length of the cycle that the last iterates are on, at least 2 and at most `most`; 0 where there is none."""
    for length in range(2, most + 1):
        if len(points) > 2 * length:
            gap = np.abs(points[-length:] - points[-2 * length : -length]).max()
            if gap <= 1e-9 * (np.abs(points[-length:]).max() + 1e-300) and np.ptp(points[-length:], axis=0).max() > 1e3 * gap:
                return length
    return 0
