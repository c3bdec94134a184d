"""Where Newton's iterates go from many initial points at once, in NumPy: the roots that they find, and basins on a line."""

import functools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kernels.equations.system import COMPLEX, REAL, Equations, Problem
from kernels.newton import DIVERGED, ELSEWHERE, OUTSIDE, SINGULAR, UNRESOLVED
from kernels.types import Bools, Floats

CYCLE = -6
"""Label of initial points whose iterates come to a cycle; the other labels are those of the basins of an objective."""

FAR = 1e12
NEAR = 1e-3
"""Limits within this distance, relative to 1 + |x|, are one root."""

RETURN, MOVES = 1e-9, 1e-3
"""A cycle: an iterate returns to within the first, while steps are at least the second, relative to 1 + |x|."""

TOLERANCE = 1e-6
"""Length of Newton's step, relative to 1 + |x|, at which an initial point has converged."""

SMALL, SHORT = 1e-6, 1e-9
"""A limit is a root if its residual is at most the first, or Newton's step there the second, relative to 1 + |x|."""

MOST_ROOTS = 500

ACROSS, DOWN = 24, 16
"""Initial points from which roots are sought over the usual view, so that their order does not depend on the view that is shown."""

SEARCH_STEPS = 60


class Ends(NamedTuple):
    """Where initial points end, each of shape (points,), `places` (points, coordinates).

    labels: an outcome; ELSEWHERE where a point has converged. counts: smooth number of steps.
    """

    places: Floats
    labels: NDArray[np.int16]
    counts: NDArray[np.float32]


@np.errstate(all="ignore")
def follow(problem: Problem, starts: Floats, damping: float, most: int) -> Ends:
    """Follow Newton's iterates with steps scaled by `damping` from starts of shape (points, coordinates)."""
    places, n = starts.copy(), len(starts)
    labels, counts = np.full(n, UNRESOLVED, np.int16), np.full(n, most, np.float32)
    active, before = np.arange(n), np.full(n, np.inf)
    reference = places.copy()
    for k in range(most + 1):
        x = places[active]
        value, step, good, singular = _newton_steps(problem, x)
        size = 1 + np.abs(x).sum(1)
        share = np.sqrt((step**2).sum(1)) / size
        found = (share <= TOLERANCE) & good | (value == 0)
        far = (np.abs(x).max(1) > FAR) & (k > 0)
        back = (np.abs(x - reference[active]).sum(1) <= RETURN * size) & (share >= MOVES) & (k > 0)
        kinds = ((far, DIVERGED), (found, ELSEWHERE), (~good, OUTSIDE), (singular, SINGULAR), (back, CYCLE))
        label = np.select([mask for mask, _ in kinds], [kind for _, kind in kinds], UNRESOLVED)
        ended = label != UNRESOLVED
        labels[active[ended]] = label[ended]
        counts[active[ended]] = np.where(found, k - 1 + smooth(before[active], share), k)[ended]
        if k == most or ended.all():
            break
        if k & (k - 1) == 0:
            reference[active] = x
        before[active] = share
        active, moved = active[~ended], (x + damping * step)[~ended]
        places[active] = moved
    return Ends(places, labels, counts)


def smooth(before: Floats, share: Floats) -> Floats:
    """The part of the last step at which its length passed the tolerance, from the lengths of the last two steps, in [0, 1]."""
    part = (np.log(TOLERANCE) - np.log(before)) / (np.log(np.maximum(share, 1e-150)) - np.log(before))
    return np.where(np.isfinite(before), np.clip(np.nan_to_num(part, nan=1.0), 0, 1), 1.0)


def _newton_steps(problem: Problem, x: Floats) -> tuple[Floats, Floats, Bools, Bools]:
    """(largest residual, Newton's steps, where they are defined, where the Jacobian is singular) at points of shape (k, coordinates)."""
    trees = problem.trees
    variables = (x[:, 0] + 1j * x[:, 1],) if trees.kind == COMPLEX else tuple(x.T)
    flat = [tree for row in trees.jacobian for tree in row]
    found = trees.evaluate("numpy", (*trees.functions, *flat), variables, problem.parameters)
    values = [np.broadcast_to(value, len(x)) for value in found]
    good = np.isfinite(np.array(values)).all(0)
    if len(values) == 2:
        value, slope = values
        step = -value / slope
        parts = np.stack([step.real, step.imag], axis=1) if trees.kind == COMPLEX else step[:, None]
        return np.abs(value), parts, good, slope == 0
    f, g, a, b, c, d = values
    determinant = a * d - b * c
    steps = np.stack([b * g - d * f, c * f - a * g], axis=1) / determinant[:, None]
    return np.maximum(np.abs(f), np.abs(g)), steps, good, determinant == 0


class Roots:
    """The roots of equations as far as they are known, in the order of their labels; only those that are `given`, if any are."""

    def __init__(self, equations: Equations, problem: Problem, given: Sequence[Sequence[float]] | None = None) -> None:
        self.problem, self.is_complete = problem, given is not None
        if given is not None:
            self.points = np.reshape(np.asarray(given, np.float64), (-1, equations.coordinates))
            return
        self.points = _usual_roots(equations, problem)

    def add(self, places: Floats) -> None:
        """Add the roots near these limits, refined and in order: around 0, or along the line."""
        first, _ = _groups(places)
        found, is_root = self._refined(places[np.sort(first)[: MOST_ROOTS - len(self.points)]])
        found = found[is_root]
        found = found[self.labels(found) == ELSEWHERE]
        new: list[Floats] = []
        while len(found):
            root = found[0]
            new.append(root)
            found = found[np.abs(found - root).max(1) > NEAR * (1 + np.abs(root).max())]
        new.sort(key=_order)
        self.points = np.concatenate([self.points, np.array(new).reshape(-1, self.points.shape[1])])

    @np.errstate(all="ignore")
    def _refined(self, places: Floats) -> tuple[Floats, Bools]:
        """Where Newton's steps from limits come to, and whether that is a root; at a pole it is none. Shapes (k, coordinates), (k,)."""
        x = places.copy()
        value, step, good, singular = _newton_steps(self.problem, x)
        good &= ~singular & np.isfinite(step).all(1)
        going = good.copy()
        for _ in range(8):
            moved = x + step
            after = _newton_steps(self.problem, moved)
            going &= after[0] < value
            if not going.any():
                break
            x[going], value[going], step[going] = moved[going], after[0][going], after[1][going]
            good[going] = (after[2] & ~after[3] & np.isfinite(after[1]).all(1))[going]
            going &= good
        # Of a function of large values the residual at a root is rounding, but Newton's step is short; at a pole it grows.
        is_short = good & (np.abs(step).max(1) <= SHORT * (1 + np.abs(x).max(1)))
        if self.problem.trees.kind == COMPLEX:  # a part of rounding beside the other one is 0
            clear = np.where(np.abs(x) <= np.finfo(np.float64).eps * np.abs(x).max(1, keepdims=True), 0.0, x)
            is_root = _newton_steps(self.problem, clear)[0] <= value
            x[is_root] = clear[is_root]
        return x, np.isfinite(value) & ((value <= SMALL) | is_short)

    def labels(self, places: Floats) -> NDArray[np.int16]:
        """The index of the root near each place, ELSEWHERE where there is none. `places`: shape (k, coordinates)."""
        if not len(self.points):
            return np.full(len(places), ELSEWHERE, np.int16)
        found = np.empty(len(places), np.int16)
        for at in range(0, len(places), 4096):
            some = places[at : at + 4096]
            gaps = np.abs(self.points - some[:, None]).max(2) / (1 + np.abs(self.points).max(1))
            nearest = gaps.argmin(1)
            found[at : at + 4096] = np.where(gaps[np.arange(len(some)), nearest] <= NEAR, nearest, ELSEWHERE)
        return found

    def named(self, places: Floats) -> NDArray[np.int16]:
        """Labels of limits, whose roots are added where they are new; DIVERGED of those that are near no root.

        Where none is added, those near another root are ELSEWHERE.
        """
        # Of limits that round to the same numbers one is looked at: there are thousands near a root.
        first, group = _groups(places)
        places = places[first]
        labels = self.labels(places)
        new = labels == ELSEWHERE
        if new.any() and self.is_complete:
            labels[new] = np.where(self._refined(places[new])[1], ELSEWHERE, DIVERGED)
        elif new.any():
            self.add(places[new])
            labels = self.labels(places)
            labels[labels == ELSEWHERE] = DIVERGED
        return labels[group]


@functools.lru_cache(maxsize=8)
def _usual_roots(equations: Equations, problem: Problem) -> Floats:
    """The roots found from all over the usual view; kept, since to drag the relaxation does not change them."""
    (left, right), (bottom, top) = equations.view.x_limits, equations.view.y_limits
    xs = np.linspace(float(left), float(right), ACROSS * (10 if equations.kind == REAL else 1) + 1)
    ys = np.linspace(float(bottom), float(top), DOWN + 1)
    starts = xs[:, None] if equations.kind == REAL else np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    ends, roots = follow(problem, starts, 1.0, SEARCH_STEPS), Roots(equations, problem, ())
    roots.add(ends.places[ends.labels == ELSEWHERE])
    return roots.points


def _groups(places: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """(first of each group of places that round to the same numbers, the group of each place)."""
    rounded = np.round(places / NEAR)
    _, first, group = np.unique(rounded[:, 0] + 1j * rounded[:, -1], return_index=True, return_inverse=True)
    return first, group.reshape(-1)


def _order(root: Floats) -> tuple[float, ...]:
    if len(root) == 1:
        return (float(root[0]),)
    angle = round(float(np.arctan2(root[1], root[0])), 6)
    return (angle if angle > -3.141592 else 3.141593, float(np.hypot(*root)))
