"""Analysis of a run's iterates: curvature, kinds of stationary points, full Newton steps, order of convergence. In NumPy.

It uses gradients and Hessians or, for many variables, the extreme eigenvalues of the Hessians.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kernels.newton.run import LENGTH, look
from kernels.newton.spectrum import ROUNDING, Extremes, kind_of
from kernels.objectives import Bound
from kernels.types import Floats


@dataclass(frozen=True, eq=False)
class Curvature:
    """Derivatives at k iterates.

    Attributes:
        eigenvalues: of the Hessian, ascending, shape (k, n); above SMALL variables the two extreme ones, shape (k, 2), NaN where they
            were not computed.
        errors: bounds on the errors of the eigenvalues, same shape.
        gradients, hessians, eigenvectors: shapes (k, n), (k, n, n), (k, n, n), eigenvectors as columns; empty above SMALL variables.
        model_points: stationary points of the local quadratic models, to which full Newton steps lead, shape (k, n); not finite where
            the Hessian is singular, empty above SMALL variables.
        kinds: of these stationary points; None where not known, UNDECIDED where the sign of an extreme eigenvalue is open.

    """

    eigenvalues: Floats
    errors: Floats
    gradients: Floats = field(repr=False)
    hessians: Floats = field(repr=False)
    eigenvectors: Floats = field(repr=False)
    model_points: Floats = field(repr=False)
    kinds: tuple[str | None, ...] = field(repr=False)

    @property
    def conditions(self) -> Floats:
        """Condition numbers, shape (k,): a lower bound where only the extreme eigenvalues are known, inf where the Hessian is singular."""
        sizes = np.abs(self.eigenvalues)
        with np.errstate(divide="ignore", invalid="ignore"):
            return sizes.max(1) / sizes.min(1)

    def rounded_eigenvalues(self, k: int) -> Floats:
        """The eigenvalues at iterate k, rounded to their reliable decimals."""
        pairs = zip(self.eigenvalues[k], self.errors[k], strict=True)
        return np.array([round(value, -math.ceil(math.log10(2 * error))) + 0.0 if error > 0 else value for value, error in pairs])


def small_curvature(function: Bound, points: Floats) -> Curvature:
    """Curvature at points of shape (k, n), n at most SMALL."""
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
    models = _model_points(points, gradients, values, vectors)
    return Curvature(values, np.zeros_like(values), gradients, hessians, vectors, models, tuple(map(kind_of, values)))


def _model_points(points: Floats, gradients: Floats, values: Floats, vectors: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        along = np.einsum("kij,ki->kj", vectors, gradients)
        # A direction with neither slope nor curvature does not contribute.
        steps = np.where(along == 0, 0.0, along / values)
        moved: Floats = points - np.einsum("kij,kj->ki", vectors, steps)
    return moved


def large_curvature(extremes: Sequence[Extremes]) -> Curvature:
    """Curvature in more than SMALL variables, from the extreme eigenvalues at each iterate."""
    values, errors = (np.array([found[i] for found in extremes]).reshape(-1, 2) for i in range(2))
    none = np.zeros((0, 0))
    kinds = tuple(found.kind for found in extremes)
    return Curvature(values, errors, none, np.zeros((0, 0, 0)), np.zeros((0, 0, 0)), none, kinds)


def orders(norms: Floats, noise: Floats) -> Floats:
    """Order of convergence at each iterate: log(r2/r1) / log(r1/r0) of three consecutive gradient norms, r2 the iterate's own.

    NaN where the norms do not decrease and where the last one is below the rounding `noise`. Shape as `norms`.
    """
    found = np.full(len(norms), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        falls = np.log(norms[1:] / norms[:-1])
        found[2:] = falls[1:] / falls[:-1]
    good = (norms[2:] < norms[1:-1]) & (norms[1:-1] < norms[:-2]) & (norms[2:] > noise[2:])
    found[2:][~(good & np.isfinite(found[2:]))] = np.nan
    return found


def settled_order(found: Floats) -> float:
    """The last of these orders that agrees with its predecessor to within a quarter, since the norms fall to the end; NaN where none does.

    Orders of an earlier stretch, from where the iterates still wander, say nothing.
    """
    known = np.flatnonzero(np.isfinite(found))
    if not len(known):
        return float("nan")
    gaps = np.flatnonzero(np.isnan(found[: known[-1]]))
    last = found[gaps[-1] + 1 if len(gaps) else 0 : known[-1] + 1]
    agreed = last[1:][np.abs(np.diff(last)) <= np.abs(last[1:]) / 4]
    return float(agreed[-1]) if len(agreed) else float("nan")


def gradient_noise(points: Floats, curvature: Curvature) -> Floats:
    """Bound on the rounding error of the gradient at each iterate, from the rounding of the iterate before. Shape (k,)."""
    sizes = np.linalg.norm(points, axis=1)
    before = np.concatenate([sizes[:1], sizes[:-1]])
    largest = np.abs(curvature.eigenvalues).max(1) if len(points) else sizes
    noise: Floats = 4 * ROUNDING * np.nan_to_num(largest) * np.maximum(sizes, before)
    return noise


def repeats(points: Floats, most: int = 8) -> int:
    """Length, from 2 to `most`, of the cycle that the last iterates form; 0 where they form none."""
    for length in range(2, most + 1):
        if len(points) > 2 * length:
            gap = np.abs(points[-length:] - points[-2 * length : -length]).max()
            if gap <= 1e-9 * (np.abs(points[-length:]).max() + 1e-300) and np.ptp(points[-length:], axis=0).max() > 1e3 * gap:
                return length
    return 0
