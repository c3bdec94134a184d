"""Curves of folds, period doublings and superstable cycles in the plane of two parameters, by continuation; maps of the line and the plane.

A point of a curve is w = (z, a, b) in window units: f^p(z) = z and one more equation, which is that an eigenvalue of the Jacobian J of f^p
is 1 or -1, or 0. The curve is followed by pseudo-arclength steps, many curves at once. Where a test function changes its sign between two
points, Newton's method finds the point of codimension 2.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from kernels.execution import jax, jit, jnp, lax
from kernels.iteration import difference, differences
from kernels.skeleton.curve import CLOSED, GOING, LONG, LOST, MOST_STEPS, RANGE, Curve, CurvePoint
from kernels.types import Array, Floats, Rule

FOLD, FLIP, SUPERSTABLE = KINDS = ("fold", "period-doubling", "superstable")
"""What curves are of."""

TESTS = {
    FOLD: ("cusp", "fold-flip", "resonance 1:1"),
    FLIP: ("degenerate doubling", "fold-flip", "resonance 1:2"),
    SUPERSTABLE: (),
}
"""Points of codimension 2 on each kind of curve; of maps of the line the first alone, of maps of the plane no degenerate doublings."""

STEPS = 16
"""Steps in a call of the kernel."""

FIRST, LONGEST, SHORTEST = 2e-3, 0.02, 1e-7
"""First, longest and shortest step, in window units."""

TURN, MOST_TURN = 0.08, 0.3
"""Angle between successive tangents that is aimed at, and the largest."""

FAR = 30.0
"""Sizes of the window of states beyond which a cycle is no longer followed."""

SAME = 4e-4
"""A curve goes through a point if it is as near, in window units."""

SINGULAR = 1e-9
"""Ratio of singular values from which the equations of a point of codimension 2 determine it."""

LANES = (16, 64)


@dataclass(frozen=True)
class Plane:
    """The maps rule(*z, *parameters) with the parameters number `indices` on the axes, and `others`: the values of the rest, in order.

    low, size: of the window of z and both parameters, by which w = (value - low) / size. Shapes (d + 2,), d the number of coordinates.
    """

    rule: Rule
    indices: tuple[int, int]
    others: tuple[float, ...]
    low: Floats
    size: Floats

    def run(self, kernel: Any, *lanes: Floats, sizes: tuple[int, ...] = LANES) -> list[Any]:
        """Call a kernel on arrays whose first axis is that of the lanes, on one CPU core."""
        count = len(lanes[0])
        size = next((size for size in sizes if size >= count), sizes[-1])
        if count > size:
            parts = [self.run(kernel, *(a[i : i + size] for a in lanes), sizes=sizes) for i in range(0, count, size)]
            return [np.concatenate(arrays) for arrays in zip(*parts, strict=True)]
        padded = tuple(np.concatenate([a, np.repeat(a[:1], size - count, axis=0)]) for a in lanes)
        shared = tuple(map(np.float64, self.others)), self.low, self.size
        with jax.default_device(jax.local_devices(backend="cpu")[0]):
            return [np.asarray(array)[:count] for array in kernel(self.rule, self.indices, shared, padded)]


class _Equations(NamedTuple):
    """The equations of a curve for one lane; w has shape (d + 2,)."""

    rule: Rule
    indices: tuple[int, int]
    kind: Array
    shared: Any
    period: Array

    def values(self, w: Array) -> Array:
        """Z and both parameters."""
        return self.shared[1] + w * self.shared[2]

    def parameters(self, u: Array) -> tuple[Array, ...]:
        """All parameters in the rule's order."""
        others = self.shared[0]
        rest, given = iter(others), dict(zip(self.indices, (u[-2], u[-1]), strict=True))
        return tuple(given[k] if k in given else next(rest) for k in range(len(others) + 2))

    def whole(self, u: Array) -> tuple[Array, Array]:
        """(f^p(z) - z, J)."""
        d, parameters = len(u) - 2, self.parameters(u)

        def once(z: Array) -> Array:
            later = self.rule(*z, *parameters)
            return jnp.stack(later) if isinstance(later, tuple) else later[None]

        def compose(_: Any, state: Any) -> Any:
            z, jacobian = state
            columns = [jax.jvp(once, (z,), (unit,)) for unit in jnp.eye(d)]
            return columns[0][0], jnp.stack([column[1] for column in columns], axis=1) @ jacobian

        z, jacobian = lax.fori_loop(0, self.period, compose, (u[:d], jnp.eye(d)))
        if d == 1:
            return difference(self.rule, z[0], u[0])[None], jacobian
        return jnp.stack(differences(self.rule, tuple(z), tuple(u[:d]))), jacobian

    def shifted(self, u: Array, eigenvalue: Any) -> Array:
        """The determinant of J less the eigenvalue."""
        m = self.whole(u)[1] - eigenvalue * jnp.eye(len(u) - 2)
        return m[0, 0] if m.shape[0] == 1 else m[0, 0] * m[1, 1] - m[0, 1] * m[1, 0]

    def residual(self, w: Array) -> Array:
        """f^p(z) - z in window units, and the curve's equation."""
        u, d = self.values(w), len(w) - 2
        second = self.shifted(u, jnp.where(self.kind == KINDS.index(FLIP), -1.0, 1.0))
        if d == 1:  # of a superstable cycle the state is that at which f' is 0
            parameters = self.parameters(u)
            slope = jax.jvp(lambda x: self.rule(x, *parameters), (u[0],), (jnp.ones_like(u[0]),))[1]
            second = jnp.where(self.kind == KINDS.index(SUPERSTABLE), slope, second)
        return jnp.concatenate([self.whole(u)[0] / self.shared[2][:d], second[None]])

    def tests(self, w: Array) -> Array:
        """The test functions of TESTS, 1 where there are fewer."""
        u, d, is_fold = self.values(w), len(w) - 2, self.kind == KINDS.index(FOLD)
        if d == 1:
            found = self._of_line(u, is_fold)[None]
        else:
            jacobian = self.whole(u)[1]
            # How fast the eigenvalue leaves 1 along its own direction, the vector that J - 1 takes to 0.
            null = jnp.stack([-jacobian[0, 1], jacobian[0, 0] - 1, jnp.zeros(()), jnp.zeros(())])
            cusp = jax.jvp(lambda u: self.shifted(u, 1.0), (u,), (null,))[1]
            other = self.shifted(u, jnp.where(is_fold, -1.0, 1.0))
            found = jnp.stack([jnp.where(is_fold, cusp, 1.0), other, self.shifted(u, 0.0) - 1])
        return jnp.where(self.kind == KINDS.index(SUPERSTABLE), 1.0, found)

    def _of_line(self, u: Array, is_fold: Array) -> Array:
        way, size = jnp.array([1.0, 0.0, 0.0]), self.shared[2][0]

        def bend(u: Array) -> Array:
            return jax.jvp(lambda u: self.whole(u)[1][0, 0], (u,), (way,))[1]

        curvature, third = jax.jvp(bend, (u,), (way,))
        return jnp.where(is_fold, curvature * size, (curvature**2 / 4 + third / 6) * size**2)


def _tangent(slopes: Array, before: Array) -> Array:
    """The unit vector that the residual's derivative takes to 0, on the side of the one before."""
    way = jnp.linalg.solve(jnp.concatenate([slopes, before[None]]), jnp.zeros(len(before)).at[-1].set(1.0))
    return way / jnp.linalg.norm(way)


@jit(static_argnames=("rule", "indices"))
def _at(rule: Rule, indices: tuple[int, int], shared: Any, lanes: Any) -> Any:
    """The residual, its derivative in w, the test functions and their derivatives at each w."""

    def lane(w: Array, kind: Array, period: Array) -> Any:
        equations = _Equations(rule, indices, kind, shared, period)
        return equations.residual(w), jax.jacfwd(equations.residual)(w), equations.tests(w), jax.jacfwd(equations.tests)(w)

    return jax.vmap(lane)(*lanes)


@jit(static_argnames=("rule", "indices"))
def _advanced(rule: Rule, indices: tuple[int, int], shared: Any, lanes: Any) -> Any:
    """STEPS steps of each front (w, tangent, step, stop, first w, steps) of cycles of a period."""

    def lane(w: Array, way: Array, length: Array, stop: Array, first: Array, count: Array, kind: Array, period: Array) -> Any:
        equations = _Equations(rule, indices, kind, shared, period)
        residual, tests = equations.residual, equations.tests

        def step(front: Any, _: Any) -> Any:
            w, way, length, stop, count = front
            wanted = w + length * way

            def correct(_: Any, state: Any) -> Any:
                v, _change = state
                slopes = jnp.concatenate([jax.jacfwd(residual)(v), way[None]])
                change = jnp.linalg.solve(slopes, jnp.concatenate([residual(v), ((v - wanted) @ way)[None]]))
                return v - change, jnp.abs(change).max()

            v, change = lax.fori_loop(0, 4, correct, (wanted, jnp.ones(())))
            turned = _tangent(jax.jacfwd(residual)(v), way)
            angle = jnp.arccos(jnp.clip(turned @ way, -1, 1))
            fine = jnp.isfinite(v).all() & (change <= 1e-9) & (angle <= MOST_TURN) & (jnp.linalg.norm(v - wanted) <= 0.5 * length)
            going = stop == GOING
            good = going & fine
            out = good & ((jnp.abs(v[-2:] - 0.5) > 0.53).any() | (jnp.abs(v[:-2] - 0.5) > FAR).any())
            closed = good & (count > 8) & (jnp.abs(v - first).max() < 0.5 * length)
            longer = jnp.where(good, jnp.minimum(length * jnp.clip(TURN / angle, 0.5, 1.6), LONGEST), length * 0.4)
            stop = jnp.where(out, RANGE, jnp.where(closed, CLOSED, stop))
            stop = jnp.where(going & ~good & (longer < SHORTEST), LOST, stop)
            stop = jnp.where((stop == GOING) & (count >= MOST_STEPS), LONG, stop)
            new = jnp.where(good, v, w), jnp.where(good, turned, way), longer, stop, count + 1
            return new, (good, v, tests(v))

        front, points = lax.scan(step, (w, way, length, stop, count), None, length=STEPS)
        return (*front, *points)

    return jax.vmap(lane)(*lanes)


class CurveTracing:
    """The curves of one kind through given points; those that a curve found before goes through are not followed again."""

    def __init__(self, plane: Plane, kind: str, period: int) -> None:
        self.plane, self.kind, self.period = plane, kind, period
        self.curves: list[Curve] = []
        self.points: list[CurvePoint] = []
        self._known: list[Floats] = []

    @np.errstate(all="ignore")
    def _is_known(self, w: Floats) -> bool:
        """Whether a curve goes through a point, whatever the state of the cycle: only parameters are compared."""
        return any(_distance(line, w) < SAME for line in self._known)

    def follow(self, seeds: Floats) -> Generator[None, None, None]:
        """Follow the curves through seeds (n, d + 2), in the units of the map. A generator: it yields where a caller may stop."""
        w = (seeds - self.plane.low) / self.plane.size
        w = np.array([each for each in w if not self._is_known(each)]).reshape(-1, w.shape[1])
        if not len(w):
            return
        w, way, tests = self._begun(w)
        yield
        count = len(w)
        if not count:
            return
        fronts = [np.tile(w, (2, 1)), np.concatenate([way, -way]), np.full(2 * count, FIRST), np.zeros(2 * count, np.int64)]
        fronts += [np.tile(w, (2, 1)), np.zeros(2 * count, np.int64)]
        places, parts = np.arange(2 * count), [[(w[n % count][None], tests[n % count][None])] for n in range(2 * count)]
        ends = np.zeros(2 * count, np.int64)
        while len(places):
            *new, good, v, found = self.plane.run(_advanced, *fronts, *self._of(len(places)))
            for n, place in enumerate(places.tolist()):
                parts[place].append((v[n][good[n]], found[n][good[n]]))
            ends[places] = new[3]
            going = new[3] == GOING
            places = places[going]
            fronts = [array[going] for array in (*new[:4], fronts[4], new[4])]
            yield
        for n in range(count):
            if self._is_known(w[n]):
                continue
            forward, backward = (_joined(parts[k]) for k in (n, n + count))
            line = np.concatenate([backward[0][:0:-1], forward[0]])
            tests_along = np.concatenate([backward[1][:0:-1], forward[1]])
            self._known.append(line)
            points = self.plane.low[-2:] + line[:, -2:] * self.plane.size[-2:]
            self.curves.append(Curve(self.kind, self.period, points, (int(ends[n + count]), int(ends[n]))))
            self._locate(line, tests_along)
            yield

    def _of(self, count: int) -> tuple[Floats, Floats]:
        """Kind and period for so many lanes."""
        return np.full(count, KINDS.index(self.kind)), np.full(count, self.period)

    @np.errstate(all="ignore")
    def _begun(self, w: Floats) -> tuple[Floats, Floats, Floats]:
        """The points of the curve nearest to w, as far as Newton's method arrives: (w, unit tangent, test functions)."""
        for _ in range(8):
            rest, slopes, *_others = self.plane.run(_at, w, *self._of(len(w)))
            usable = np.isfinite(slopes).all(axis=(1, 2)) & np.isfinite(rest).all(axis=1)
            change = np.einsum("nij,nj->ni", np.linalg.pinv(np.where(usable[:, None, None], slopes, 0.0)), rest)
            w = w - change
        _, slopes, tests, _ = self.plane.run(_at, w, *self._of(len(w)))
        good = usable & (np.abs(change).max(axis=1) <= 1e-9) & np.isfinite(slopes).all(axis=(1, 2))
        return w[good], np.linalg.svd(slopes[good])[2][:, -1], tests[good]

    @np.errstate(all="ignore")
    def _solved(self, w: Floats, number: int) -> tuple[Floats, Floats]:
        """Newton's method for the points of the curve at which a test function is 0: (w, the last change)."""
        for _ in range(10):
            rest, slopes, tests, bends = self.plane.run(_at, w, *self._of(len(w)))
            both = np.concatenate([slopes, bends[:, [number]]], axis=1)
            usable = np.isfinite(both).all(axis=(1, 2))
            values = np.concatenate([rest, tests[:, [number]]], axis=1)
            step = np.einsum("nij,nj->ni", np.linalg.pinv(np.where(usable[:, None, None], both, 0.0)), values)
            w = w - step
        # Where the equations do not determine the point, as at the tip of a tongue, where the map is the identity, it is none of that name.
        sizes = np.linalg.svd(np.where(usable[:, None, None], both, 0.0), compute_uv=False)
        usable &= sizes[:, -1] > SINGULAR * sizes[:, 0]
        return w, np.where(usable, np.abs(step).max(axis=1), np.inf)

    @np.errstate(all="ignore")
    def _locate(self, line: Floats, tests: Floats) -> None:
        """The points of codimension 2 on a curve."""
        for number in range(min(tests.shape[1], len(TESTS[self.kind]))):
            at = np.flatnonzero(np.sign(tests[:-1, number]) * np.sign(tests[1:, number]) < 0)
            if not len(at) or np.abs(tests[:, number]).max() < 1e-9:  # 0 but for rounding: of area-preserving maps
                continue
            share = (tests[at, number] / (tests[at, number] - tests[at + 1, number]))[:, None]
            guess = line[at] + share * (line[at + 1] - line[at])
            w, change = self._solved(guess, number)
            near = np.abs(w - guess).max(axis=1) <= 3 * np.abs(line[at + 1] - line[at]).max(axis=1) + 1e-4
            seen = np.asarray((np.abs(w[:, -2:] - 0.5) <= 0.5).all(axis=1))
            for place in w[near & seen & (change <= 1e-9)]:
                a, b = (self.plane.low[-2:] + place[-2:] * self.plane.size[-2:]).tolist()
                point = CurvePoint(TESTS[self.kind][number], self.period, a, b)
                sizes = self.plane.size[-2:]
                if all(abs(p.a - a) > 1e-6 * sizes[0] or abs(p.b - b) > 1e-6 * sizes[1] for p in self.points if p.kind == point.kind):
                    self.points.append(point)


def _joined(parts: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    line, tests = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return line, tests


def _distance(line: Floats, w: Floats) -> float:
    """Distance of the parameters of w from a curve's line, in window units."""
    start, along = line[:-1, -2:], np.diff(line[:, -2:], axis=0)
    if not len(start):
        return float(np.abs(line[:, -2:] - w[-2:]).max(axis=1).min())
    square = np.maximum((along**2).sum(axis=1), 1e-300)
    share = np.clip(((w[-2:] - start) * along).sum(axis=1) / square, 0, 1)
    return float(np.hypot(*(start + share[:, None] * along - w[-2:]).T).min())
