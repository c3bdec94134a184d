"""Critical points of Newton's map of an equation in a complex variable, and their orbits.

Each attracting cycle of the map attracts one of them (P. Fatou, Bull. SMF 47 (1919)), so that their orbits find it where there is any.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.equations.system import Problem
from kernels.formulas import Node, derivative
from kernels.geometry import Viewport
from kernels.types import Floats

Complex = NDArray[np.complex128]

SIDE = 12
"""Rows and columns of the points from which critical points are sought, in a square of twice the usual view's size."""

MOST_STEPS = 60
"""Maximum number of steps of the search."""

MOST_POINTS = 12
"""Maximum number of critical points, those nearest to 0."""

LONGEST = 200
"""Maximum number of steps of an orbit."""

FAR = 1e12
"""An iterate farther from 0 has diverged."""

CLOSE = 1e-9
"""Steps of at most this, relative to 1 + |z|, have converged; points at most 1,000 times as far from one another are the same."""


@np.errstate(all="ignore")
def critical_orbits(problem: Problem, view: Viewport, damping: float, steps: int) -> tuple[Floats, ...]:
    """Orbits of the critical points of z - damping f/f′ other than roots, each of shape (k + 1, 2), real and imaginary parts.

    An orbit ends where it has converged, where it leaves the domain, or after `steps` steps, LONGEST at most. The critical points are those
    that Newton's method finds from a square about the `view`.
    """
    trees = problem.trees
    first, second = trees.jacobian[0][0], trees.second
    at = _evaluator(problem, (trees.functions[0], first, second, derivative(second, "z")))
    z = _critical_points(at, view, damping)
    path = [z]
    for _ in range(min(steps, LONGEST)):
        f, slope, *_ = at(z)
        z = z - damping * f / slope
        path.append(z)
        if not (np.abs(path[-1] - path[-2]) > CLOSE**1.5 * (1 + np.abs(z))).any():
            break
    return tuple(_orbit(np.array(points)) for points in zip(*path, strict=True))


def _evaluator(problem: Problem, trees: Sequence[Node]) -> Callable[[Complex], list[Complex]]:
    def at(z: Complex) -> list[Complex]:
        found: list[Any] = problem.trees.evaluate("numpy", trees, (z,), problem.parameters)
        return [np.broadcast_to(value, z.shape) for value in found]

    return at


def _critical_points(at: Callable[[Complex], list[Complex]], view: Viewport, damping: float) -> Complex:
    """Zeros of the derivative of Newton's map, (1 - damping) f′² + damping f f″ over f′², without the roots of f."""
    (left, right), (bottom, top) = (tuple(map(float, limits)) for limits in (view.x_limits, view.y_limits))
    half = max(right - left, top - bottom)
    line = np.linspace(-half, half, SIDE) + half / 997  # not symmetric about an axis, on which the search could stay
    z = ((left + right) / 2 + line[None, :] + 1j * ((bottom + top) / 2 + line[:, None])).ravel()
    move = np.full(z.shape, np.inf, complex)
    for _ in range(MOST_STEPS):
        f, slope, bend, third = at(z)
        if damping == 1:
            move = bend / third
        else:
            move = ((1 - damping) * slope**2 + damping * f * bend) / ((2 - damping) * slope * bend + damping * f * third)
        z = z - move
        if not (np.abs(move) > CLOSE**1.5 * (1 + np.abs(z))).any():
            break
    f, slope, *_ = at(z)
    sizes = 1 + np.abs(z)
    good = (np.abs(move) <= CLOSE * sizes) & np.isfinite(z) & ~(np.abs(f) <= CLOSE * sizes * np.abs(slope))
    chosen: list[complex] = []
    for one in sorted(z[good].tolist(), key=lambda one: (round(abs(one), 6), one.imag)):
        if all(abs(one - other) > 1e3 * CLOSE * (1 + abs(one)) for other in chosen):
            chosen.append(one)
    return np.array(chosen[:MOST_POINTS], complex)


def _orbit(points: Complex) -> Floats:
    """The points up to the first one that no longer moves, without those that are far away or not finite."""
    away = ~(np.abs(points[1:]) < FAR)
    ends = np.flatnonzero(away | (np.abs(np.diff(points)) <= CLOSE * (1 + np.abs(points[1:]))))
    last = len(points) if not len(ends) else int(ends[0]) + 1 + int(not away[ends[0]])
    return np.stack([points[:last].real, points[:last].imag], axis=1)
