"""Branches of cycles by pseudo-arclength continuation, many at once: through folds, with steps as the branch bends.

A front is one end of a branch: a point (x_0, a) of the curve f^p(x_0) = x_0 and the direction in which it is followed. Distances are
measured in window units, over the parameter and all points of the cycle, those far outside the view counting less. Of maps of the line x_0
has shape (n,), of maps of the plane (2, n), the observed coordinate first, and states (most, n) or (most, 2, n).
"""

from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from kernels.execution import jit, jnp, lax
from kernels.skeleton import line_curve, plane_curve
from kernels.skeleton.branch import CLOSED, DOUBLING, FOLLOWED, LONG, LOST, MOST_STEPS, RANGE, VIEW, Box, Branch, PlaneBranch
from kernels.skeleton.composition import Family
from kernels.types import Array, Floats, Rule

STEPS = 16
"""Steps in a call of the kernel."""

FIRST, LONGEST, SHORTEST = 2e-3, 0.02, 1e-10
"""First, longest and shortest step, in window units."""

TURN, MOST_TURN, SHARP_TURN = 0.06, 0.2, 1.0
"""Angle between successive points that is aimed at, the largest, and the largest of steps below UNSEEN."""

UNSEEN = 1e-3
"""Steps that are shorter than a pixel may turn more."""

AWAY = 1.5
"""Heights outside the view beyond which a cycle is no longer followed, if all its points lie there."""


class Front(NamedTuple):
    """Fronts: place, states (most, n), unit direction in a and of the states, step, x_{p/2} - x_0, why each has stopped.

    begin_a, begin, begin_way: parameter, states and direction in a where it began. steps: made so far.
    """

    x: Any
    a: Any
    states: Any
    along_a: Any
    along: Any
    step: Any
    side: Any
    stop: Any
    begin_a: Any
    begin: Any
    begin_way: Any
    steps: Any


class Point(NamedTuple):
    """A step's results: whether it is a point of the branch, its parameter, states, slopes f' at them, and direction in a."""

    accepted: Any
    a: Any
    states: Any
    slopes: Any
    along_a: Any


def _curve(x: Array) -> ModuleType:
    """The equations of cycles of maps of the line or of the plane, by the shape of states."""
    return line_curve if x.ndim == 1 else plane_curve


def _along(lanes: Array, other: Array) -> Array:
    """Numbers of shape (n,) with as many axes as another array with the lanes on the last one."""
    return lanes.reshape((1,) * (other.ndim - 1) + lanes.shape)


def _largest(states: Array) -> Array:
    """The largest number of each cycle. Shape (n,)."""
    return jnp.nanmax(jnp.abs(states), axis=tuple(range(states.ndim - 1)))


@jit(static_argnames=("rule", "index", "most"))
def _begun(rule: Rule, index: int, most: int, others: Any, lanes: Any, shared: Any) -> Any:
    """Fronts at cycles, in the direction of growing a for sign 1; those at which the branch turns back go either way."""
    (x, a, period, sign), box = lanes, Box(*shared)
    curve = _curve(x)
    c = curve.composed(rule, index, most, others, x, a, period)
    along_a, along = curve.direction(c, box)
    way = jnp.where(along_a < 0, -sign, sign)
    side = curve.away(rule, c.half, x)
    return c.states, along_a * way, along * _along(way, along), side, c.slopes


@jit(static_argnames=("rule", "index", "most"))
def _advance(rule: Rule, index: int, most: int, others: Any, lanes: Any, shared: Any) -> Any:
    """STEPS steps of each front that has not stopped."""
    period, box = lanes[0], Box(*shared)
    curve = _curve(lanes[1])
    heights = curve.heights(box)

    def step(front: Front, _: Any) -> tuple[Front, Point]:
        wanted = front.states + _along(front.step, front.along) * front.along
        x, a, c, found = curve.solved((rule, index, most), others, wanted[0], front.a + front.step * front.along_a, period, box)
        along_a, along = curve.direction(c, box)
        weight = curve.weights(c.states, box) / heights
        missed = _largest(weight * curve.away(rule, c.states, wanted))

        def product(one_a: Array, one: Array, other_a: Array, other: Array) -> Array:
            axes = tuple(range(one.ndim - 1))
            return one_a * other_a / box.width**2 + jnp.nansum(weight**2 * one * other, axis=axes)

        cosine = product(front.along_a, front.along, along_a, along)
        way = jnp.where(cosine < 0, -1.0, 1.0)
        sizes = product(front.along_a, front.along, front.along_a, front.along) * product(along_a, along, along_a, along)
        angle = jnp.arccos(jnp.clip(jnp.abs(cosine) / jnp.sqrt(sizes), -1, 1))
        smooth = (angle <= jnp.where(front.step > UNSEEN, MOST_TURN, SHARP_TURN)) & (missed <= 0.5 * front.step)
        going = front.stop == FOLLOWED
        good = going & found & smooth & jnp.isfinite(missed) & jnp.isfinite(angle)
        half = curve.away(rule, c.half, x)
        passed = good & curve.is_halved(half, front.side)
        out = good & ((a < box.left) | (a > box.right))
        away = good & (jnp.nanmin(jnp.abs(curve.seen(c.states) - box.middle), axis=0) > (0.5 + AWAY) * box.height)
        back = _largest(weight * curve.away(rule, c.states, front.begin))
        near = jnp.maximum(back, jnp.abs(a - front.begin_a) / box.width) < 0.5 * front.step
        closed = good & near & (front.steps > 8) & (along_a * way * front.begin_way > 0)
        reasons = ((passed, DOUBLING), (out, RANGE), (away, VIEW), (closed, CLOSED))
        stop = front.stop
        for is_so, reason in reasons[::-1]:
            stop = jnp.where(is_so, reason, stop)
        size = jnp.where(good, jnp.minimum(front.step * jnp.clip(TURN / angle, 0.5, 2), LONGEST), front.step * 0.4)
        stop = jnp.where(going & ~good & (size < SHORTEST), LOST, stop)
        steps = front.steps + going
        stop = jnp.where((stop == FOLLOWED) & (steps >= MOST_STEPS), LONG, stop)
        kept = good & ~passed
        begun = front.begin_a, front.begin, front.begin_way
        new = Front(x, a, c.states, along_a * way, along * _along(way, along), size, half, stop, *begun, steps)
        always = {"step": new.step, "stop": new.stop, "steps": new.steps}
        chosen = (jnp.where(_along(kept, one), one, other) for one, other in zip(new, front, strict=True))
        front = Front(*chosen)._replace(**always)
        return front, Point(kept, a, c.states, c.slopes, along_a * way)

    front, points = lax.scan(step, Front(*lanes[1:]), None, length=STEPS)
    return (*front, *points)


class Tracing:
    """The continuation of branches from cycles, in both directions; `advance` makes some steps of all of them."""

    def __init__(self, family: Family, box: Box, period: Any, a: Floats, states: Floats) -> None:
        self._family, self._box = family, box
        self._count = len(a)
        x, a, self._period = np.tile(states[0], 2), np.tile(a, 2), np.tile(period, 2)
        sign = np.repeat([1.0, -1.0], self._count)
        begun = family.run(_begun, x, a, self._period.astype(np.float64), sign, shared=box)
        self._first, self._start = begun, a
        size = len(a)
        stop, steps = np.zeros(size, np.int32), np.zeros(size, np.int32)
        self._fronts = [x, a, *begun[:3], np.full(size, FIRST), begun[3], stop, a, begun[0], begun[1], steps]
        self._places = np.arange(size)
        self._parts: list[list[Any]] = [[] for _ in range(size)]
        self._ends = np.zeros(size, np.int64)

    @property
    def going(self) -> bool:
        """Whether any front has not stopped."""
        return bool(len(self._places))

    @np.errstate(all="ignore")
    def advance(self) -> None:
        """Make STEPS steps of each front."""
        done = self._family.run(_advance, self._period[self._places].astype(np.float64), *self._fronts, shared=self._box)
        fronts, points = done[: len(Front._fields)], done[len(Front._fields) :]
        accepted = points[0]
        for n, place in enumerate(self._places.tolist()):
            rows = np.flatnonzero(accepted[:, n])
            self._parts[place].append([array[rows, ..., n] for array in points[1:]])
        stop = fronts[Front._fields.index("stop")]
        self._ends[self._places] = stop
        going = stop == FOLLOWED
        self._places = self._places[going]
        self._fronts = [array[..., going] for array in fronts]

    def branches(self) -> list[Branch]:
        """The branches, each from its end towards smaller parameters over the cycle that it began from to the other one."""
        return [self._branch(n) for n in range(self._count)]

    def _branch(self, n: int) -> Branch:
        period, other = int(self._period[n]), n + self._count
        states, along_a, _, _, slopes = (array[..., n] for array in self._first)
        first = [self._start[n : n + 1], states[None], slopes[None], np.array([along_a])]
        forward, backward = ([np.concatenate(arrays) for arrays in zip(*self._parts[k], strict=True)] for k in (n, other))
        backward[3] = -backward[3]
        a, states, slopes, turning = (
            np.concatenate([back[::-1], middle, front]) for back, middle, front in zip(backward, first, forward, strict=True)
        )
        ends = int(self._ends[other]), int(self._ends[n])
        if states.ndim == 3:
            first, beside = np.moveaxis(states[:, :period], 0, -1).swapaxes(0, 1)
            return PlaneBranch(period, a, first, slopes.T, turning, ends, beside)
        return Branch(period, a, states[:, :period].T, slopes[:, :period].T, turning, ends)
