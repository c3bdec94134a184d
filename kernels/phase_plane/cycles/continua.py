"""Where solutions of f^p(z) = z are not isolated: curves of them, and areas.

A point lies on a curve of solutions if the Jacobian of f^p(z) - z is singular there and continuation goes on from it: steps along the
kernel, each corrected across it, lead to further solutions, at each of which the Jacobian is singular. At a double solution that is
isolated, the first step leads to none. See E. L. Allgower and K. Georg, Introduction to Numerical Continuation Methods (2003),
chapter 2. In float64 a map that moves points by less than its own rounding looks like one that leaves them where they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kernels.phase_plane.cycles.intervals import EPSILON
from kernels.phase_plane.cycles.mapping import Mapping
from kernels.types import Bools, Floats

SINGULAR = 1e-6
"""Smaller singular value up to which a Jacobian is taken for singular."""

ROUNDINGS = 64
"""Roundings of a step that a solution is allowed, which grow with the Jacobian."""

LARGEST = 1e-10
"""Distance from its image, relative to the scale, from which a point is not a solution, however large the Jacobian is."""

TOWARDS, ALONG, CORRECTIONS = 40, 4, 6
"""Steps towards a curve; steps along it, each way; and corrections of each."""

STRIDE = 1 / 128
"""Length of a step along a curve, relative to the scale, whatever the view: so near to an isolated multiple solution that rounding hides
the difference, a shorter one would come to none but solutions."""

PART = 256
"""Boxes that are looked at in one go."""


@dataclass(frozen=True, eq=False)
class Continuum:
    """Solutions of one period that are not isolated. points: some of those on a curve, shape (2, n); is_area: whether they fill an area."""

    period: int
    points: Floats
    is_area: bool = False


class Continua:
    """Looks for curves and areas of solutions of one period. scale (2,): the size of the view or of the numbers in it, along each axis."""

    def __init__(self, mapping: Mapping, period: int, scale: Floats) -> None:
        self.mapping, self.period, self.scale = mapping, period, scale
        self.points = np.empty((2, 0))
        self.is_area = False

    def beside(self, low: Floats, high: Floats, held: Bools) -> Iterator[None]:
        """Set `held` (n,) where a box (2, n) has a curve of solutions in it or beside it, or lies in an area of them.

        None where a caller may stop.
        """
        for first in range(0, low.shape[1], PART):
            some = np.s_[:, first : first + PART]
            centre, sides = 0.5 * (low + high)[some], (high - low)[some]
            held[some[1]], points = self._looked_at(centre, sides)
            self.points = np.concatenate([self.points, points], axis=1)
            yield None

    def on_curve(self, points: Floats) -> Bools:
        """Which solutions (2, n) lie on a curve or in an area of solutions. Shape (n,)."""
        return self._looked_at(points, np.broadcast_to(STRIDE * self.scale[:, None], points.shape))[0]

    def _looked_at(self, centre: Floats, sides: Floats) -> tuple[Bools, Floats]:
        """(which boxes are beside a curve or in an area of solutions, solutions on a curve that are of no shorter period)."""
        full = self._filled(centre)
        self.is_area |= bool(self._new(centre[:, full]).any())
        on, points = np.zeros_like(full), centre
        if not full.all():
            points, on = self._projected(centre)
            with np.errstate(invalid="ignore"):
                on &= (np.abs(self.mapping.turned(points - centre)) <= 2 * sides).all(0) & ~full
        points = points[:, on]
        return full | on, points[:, self._new(points)]

    def _filled(self, centre: Floats) -> Bools:
        """About which points (2, n) there are nothing but solutions, at which the Jacobian vanishes. Shape (n,)."""
        full = np.ones(centre.shape[1], bool)
        for offset in ((0, 0), (1, 0), (0, 1), (-1, -1)):
            at = centre + STRIDE * np.array([offset]).T * self.scale[:, None]
            difference, jacobian = self._scaled(at)
            with np.errstate(invalid="ignore"):
                full &= self.solved(at, difference, jacobian) & (np.abs(jacobian).max((1, 2), initial=0.0) <= SINGULAR)
        return full

    def _projected(self, points: Floats) -> tuple[Floats, Bools]:
        """(the solutions (2, n) that lie nearest to points, whether a curve of solutions goes on from there, one way at least)."""
        points = self._corrected(points, TOWARDS)
        on, kernel = self._singular(points)
        goes_on = np.zeros_like(on)
        stride = STRIDE * self.scale[:, None]
        for sign in (1.0, -1.0):
            at, along, still = points, sign * kernel, on.copy()
            for _ in range(ALONG):
                if not still.any():
                    break
                before, at = at, self._corrected(at + along * stride, CORRECTIONS)
                found, ahead = self._singular(at)
                with np.errstate(invalid="ignore"):
                    moved = np.abs((at - before) / stride).max(0)
                    still &= found & (moved >= 0.5) & (moved <= 2.0)
                along = ahead * np.where((ahead * along).sum(0) < 0, -1.0, 1.0)
            goes_on |= still
        return points, on & goes_on

    def solved(self, points: Floats, difference: Floats, jacobian: Floats) -> Bools:
        """At which points (2, n) the differences, in units of the scale, vanish to rounding. Shape (n,)."""
        slack = np.minimum(ROUNDINGS * self.period * EPSILON * (2.0 + np.abs(jacobian).max((1, 2), initial=0.0)), LARGEST)
        with np.errstate(invalid="ignore"):
            zero: Bools = (np.abs(difference) <= slack * np.maximum(1.0, np.abs(points / self.scale[:, None]).max(0))).all(0)
        return zero

    def returning(self, points: Floats) -> Bools:
        """Which points (2, n) are solutions to rounding. Shape (n,)."""
        return self.solved(points, *self._scaled(points))

    def _new(self, points: Floats) -> Bools:
        """Which points are of no shorter period."""
        new = np.ones(points.shape[1], bool)
        for shorter in (d for d in range(1, self.period) if self.period % d == 0):
            new &= ~Continua(self.mapping, shorter, self.scale).returning(points)
        return new

    def _scaled(self, points: Floats) -> tuple[Floats, Floats]:
        """(f^p(z) - z (2, n), its Jacobians (n, 2, 2)), in units of the scale."""
        found = self.mapping.differences(points, self.period)
        ratio = self.scale[0] / self.scale[1]
        a, b, c, d = found[2:6]
        jacobian = np.stack([np.stack([a - 1, b / ratio], axis=1), np.stack([c * ratio, d - 1], axis=1)], axis=1)
        return found[:2] / self.scale[:, None], jacobian

    def _corrected(self, points: Floats, times: int) -> Floats:
        """Points after some steps of Newton's method along the only direction in which the difference changes much. Shape (2, n)."""
        for _ in range(times):
            difference, jacobian = self._scaled(points)
            left, size, right = _svd(jacobian)
            with np.errstate(all="ignore"):
                step = np.einsum("ni,in->n", left[:, :, 0], difference) / size[:, 0]
            step = np.where(np.isfinite(step), step, 0.0)
            points = points - right[:, 0].T * step * self.scale[:, None]
            if (np.abs(step) <= EPSILON).all():
                break
        return points

    def _singular(self, points: Floats) -> tuple[Bools, Floats]:
        """(which points are solutions with a singular Jacobian, unit vectors of its kernel in units of the scale (2, n))."""
        difference, jacobian = self._scaled(points)
        _, size, right = _svd(jacobian)
        return self.solved(points, difference, jacobian) & (size[:, 1] <= SINGULAR), right[:, 1].T


def _svd(matrices: Floats) -> tuple[Floats, Floats, Floats]:
    """The singular value decompositions of matrices (n, 2, 2), of zero where one is not finite."""
    finite = np.isfinite(matrices).all((1, 2), keepdims=True)
    left, size, right = np.linalg.svd(np.where(finite, matrices, 0.0))
    return left, size, right
