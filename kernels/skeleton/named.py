"""Named points on branches of cycles: folds, period doublings, branch points, superstable parameters, solved for in state and parameter.

Between two points of a branch at which the multiplier is on either side of 1, of -1, or f' at one of the states on either side of 0, there
is one. It is found by Newton's method on f^p(x) = x and a second equation, from the place at which the quantity interpolates to its value.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kernels.execution import jax, jit, jnp, lax
from kernels.iteration import difference
from kernels.skeleton.branch import DOUBLING, Box, Branch, PlaneBranch
from kernels.skeleton.composition import Family, composed, step
from kernels.types import Array, Floats, Rule

FOLD, FLIP, SUPERSTABLE, CROSSING = range(4)
"""The second equation: f^p has slope 1, or -1, or f has slope 0 at x, or f^p(x) - x is stationary in the parameter as well."""

STEPS = 12
"""Newton steps: half of them would do from a good start."""

STRAYED = 3.0
"""A solution is that of its interval if it is nearer than this many of its lengths, or than UNSEEN of the view."""

UNSEEN = 1e-3
SAME = 1e-7
"""Points of one kind and period whose parameters differ by less, relative to the view, and states likewise, are one."""

STILL = 1e-5
"""Derivatives in window units below which they are 0 to within rounding, at a point whose kind they decide."""


@dataclass(frozen=True)
class NamedPoint:
    """A bifurcation or a superstable parameter.

    kind: `fold`, `period-doubling`, `transcritical`, `pitchfork`, `superstable`, `neimark-sacker`, `band-merging` or `crisis`. period: of
    the cycle (of a doubling, that which doubles; of a merging or a crisis, that which the critical orbit falls onto). parameter, x: the
    swept parameter, and the state of the cycle for which it was solved. states: the cycle, x first.
    coefficient: that of the normal form of f^p at x: f''/2 of folds, transcritical and superstable points, f'''/6 of pitchforks, and of
    doublings f''²/4 + f'''/6, positive where they are supercritical; of a Neimark-Sacker point that of the cube of the radius, negative
    where it is supercritical. error, x_error: estimates of the rounding errors. beside: of maps of the plane the other coordinate of
    `states`. The coefficient is NaN where the eigenvalue is double, as at those of area-preserving maps, and of mergings and crises.
    form_found: of a crisis `interior` where beyond it the critical orbit still returns, `boundary` where it diverges, else empty.
    """

    kind: str
    period: int
    parameter: float
    x: float
    coefficient: float
    states: tuple[float, ...]
    error: float
    x_error: float
    beside: tuple[float, ...] = ()
    form_found: str = ""

    @property
    def form(self) -> str:
        """Of doublings, pitchforks and Neimark-Sacker points `supercritical` or `subcritical`, of crises `form_found`; empty otherwise."""
        if self.form_found:
            return self.form_found
        if self.kind not in ("period-doubling", "pitchfork", "neimark-sacker") or self.coefficient != self.coefficient:
            return ""
        stable = self.coefficient > 0 if self.kind == "period-doubling" else self.coefficient < 0
        return "supercritical" if stable else "subcritical"


@jit(static_argnames=("rule", "index", "most"))
def _newton(rule: Rule, index: int, most: int, others: Any, lanes: tuple[Array, ...], shared: Any) -> tuple[Array, ...]:
    """Solve from (x, a), each lane the equation of its `kind`: x, a, their last changes, what remains, and derivatives of f^p there."""
    x, a, period, kind = lanes

    def value(x: Array, a: Array) -> Array:
        return composed(rule, index, most, others, x, a, period).value

    def in_x(function: Any, x: Array, a: Array) -> tuple[Array, Array]:
        return jax.jvp(lambda x: function(x, a), (x,), (jnp.ones_like(x),))

    def second(x: Array, a: Array) -> Array:
        slope = in_x(value, x, a)[1]
        critical = step(rule, index, others, x, a)[1]
        return jnp.where(kind == FLIP, slope + 1, jnp.where(kind == SUPERSTABLE, critical, slope - 1))

    def first(x: Array, a: Array) -> Array:
        c = composed(rule, index, most, others, x, a, period)
        return jnp.where(kind == CROSSING, c.value_a, difference(rule, c.value, x))

    def both(x: Array, a: Array) -> tuple[Array, Array]:
        return first(x, a), second(x, a)

    def improve(_: Any, state: Any) -> Any:
        x, a, _, _ = state
        one, none = jnp.ones_like(x), jnp.zeros_like(x)
        (r, s), (r_x, s_x) = jax.jvp(both, (x, a), (one, none))
        _, (r_a, s_a) = jax.jvp(both, (x, a), (none, one))
        size = r_x * s_a - r_a * s_x
        dx, da = (r * s_a - s * r_a) / size, (s * r_x - r * s_x) / size
        return x - dx, a - da, jnp.abs(dx), jnp.abs(da)

    x, a, dx, da = lax.fori_loop(0, STEPS, improve, (x, a, jnp.zeros_like(x), jnp.zeros_like(x)))
    c = composed(rule, index, most, others, x, a, period)

    def slope(x: Array, a: Array) -> Array:
        return in_x(value, x, a)[1]

    def bend(x: Array, a: Array) -> Array:
        return in_x(slope, x, a)[1]

    curvature, third = in_x(bend, x, a)
    return x, a, dx, da, difference(rule, c.value, x), c.noise, second(x, a), c.value_a, curvature, third, c.states


@dataclass(frozen=True)
class _Guess:
    """Where a point is looked for: its equation, period, state and parameter, and the length of the interval in window units."""

    kind: int
    period: int
    x: float
    a: float
    length: float


def _between(values: Floats, a: Floats, states: Floats, kind: int, box: Box, row: int = -1) -> list[_Guess]:
    """A guess for each sign change of `values` along a branch; the state of `row`, or the one for which f' is nearest to 0."""
    found = []
    for k in np.flatnonzero(np.diff(values >= 0)).tolist():
        share = values[k] / (values[k] - values[k + 1])
        x = states[:, k] + share * (states[:, k + 1] - states[:, k])
        parts = abs(a[k + 1] - a[k]) / box.width, float(np.abs(states[:, k + 1] - states[:, k]).max()) / box.height
        inside = np.abs(x - box.middle)
        at = row if row >= 0 else int(np.argmin(inside))
        found.append(_Guess(kind, len(states), float(x[at]), float(a[k] + share * (a[k + 1] - a[k])), max(parts)))
    return found


def _guesses(branch: Branch, box: Box) -> list[_Guess]:
    a, states, multiplier = branch.parameter, branch.states, branch.multiplier
    found = _between(multiplier + 1, a, states, FLIP, box)
    crossings = _between(multiplier - 1, a, states, FOLD, box)
    # At a pitchfork's own branch the multiplier touches 1, and the branch turns back.
    turns = _between(branch.turning, a, states, CROSSING, box)
    found += crossings + turns + [_Guess(CROSSING, g.period, g.x, g.a, g.length) for g in crossings]
    for row in np.flatnonzero(np.diff(branch.slopes >= 0, axis=1).any(axis=1)).tolist():
        found += _between(branch.slopes[row], a, states, SUPERSTABLE, box, row)
    return found


def named_points(family: Family, branches: Sequence[Branch], box: Box) -> Generator[None, None, list[NamedPoint]]:
    """All named points of the branches, by parameter; of each kind and cycle one. A generator: it yields where a caller may stop."""
    guesses: list[_Guess] = []
    for branch in branches:
        guesses += _guesses(branch, box)
        yield
    if not guesses:
        return []
    found = _solved(family, guesses, box)
    yield
    # A branch point is better known by its own equations than by those of a fold or a zero beside it.
    return distinct([point for guess, point in found if guess.kind == CROSSING] + [p for g, p in found if g.kind != CROSSING], box)


@np.errstate(all="ignore")
def _solved(family: Family, guesses: list[_Guess], box: Box) -> list[tuple[_Guess, NamedPoint]]:
    """The points that Newton's method finds, each with its guess."""
    x, a, period, kind = (np.array([getattr(g, name) for g in guesses], np.float64) for name in ("x", "a", "period", "kind"))
    *solved, states = family.run(_newton, x, a, period, kind)
    rows = np.stack(solved, axis=1)
    found: list[tuple[_Guess, NamedPoint]] = []
    for guess, row, orbit in zip(guesses, rows.tolist(), states.T, strict=True):
        point = _point(guess, row, orbit[: guess.period], box)
        if point is not None:
            found.append((guess, point))
    return found


def _point(guess: _Guess, row: list[float], orbit: Floats, box: Box) -> NamedPoint | None:
    """The point that Newton's method has arrived at; None if it is none, or not the one that was looked for."""
    x, a, dx, da, rest, noise, second, in_a, bend, third = row
    moved = max(abs(x - guess.x) / box.height, abs(a - guess.a) / box.width)
    scale = max(abs(bend) * box.height, abs(in_a) * box.width / box.height, 1.0)
    arrived = abs(rest) <= 64 * noise + 1e-13 * box.height and abs(second) <= 1e-7 * scale
    if not (np.isfinite(row).all() and arrived and moved <= max(STRAYED * guess.length, UNSEEN)):
        return None
    if max(dx / box.height, da / box.width) > 1e-6 or not _is_minimal(orbit, box):
        return None
    still = abs(in_a) * box.width <= STILL * box.height
    if (guess.kind == CROSSING and not still) or (guess.kind == FOLD and still):
        return None
    if not box.left <= a <= box.right:
        return None
    name, coefficient = {
        FLIP: ("period-doubling", bend * bend / 4 + third / 6),
        SUPERSTABLE: ("superstable", bend / 2),
        FOLD: ("fold", bend / 2),
        CROSSING: ("transcritical", bend / 2),
    }[guess.kind]
    if guess.kind == CROSSING and abs(bend) * box.height <= STILL * max(1.0, abs(third) * box.height**2):
        name, coefficient = "pitchfork", third / 6
    errors = 4 * da + 2 * np.spacing(abs(a)), 4 * (dx + np.spacing(np.abs(orbit).max()))
    return NamedPoint(name, guess.period, a, x, coefficient, tuple(orbit.tolist()), float(errors[0]), float(errors[1]))


def _is_minimal(orbit: Floats, box: Box) -> bool:
    """Whether the cycle has no shorter period."""
    period = len(orbit)
    return all(np.abs(orbit[k] - orbit[0]) > 1e-6 * box.height for k in range(1, period) if period % k == 0)


def distinct(points: list[NamedPoint], box: Box) -> list[NamedPoint]:
    """Each once, by parameter; the state given is that in the middle of the view."""
    kept: list[NamedPoint] = []
    for point in sorted(points, key=lambda p: (p.parameter, p.period)):
        if not any(_is_same(point, other, box) for other in kept[-16:]):
            kept.append(point)
    return kept


def _is_same(one: NamedPoint, other: NamedPoint, box: Box) -> bool:
    if (one.kind, one.period) != (other.kind, other.period) or abs(one.parameter - other.parameter) > SAME * box.width:
        return False
    return min(abs(one.x - x) for x in other.states) <= 1e-4 * box.height


def completed(branch: Branch, points: Sequence[NamedPoint], box: Box) -> Branch:
    """The branch, led on to the period doublings that it ends in, where the points of the cycle meet in pairs."""
    parts = [[branch.parameter, branch.states, branch.slopes, branch.turning]]
    more = [branch.beside] if isinstance(branch, PlaneBranch) else []
    for end, at in enumerate((0, -1)):
        if branch.ends[end] != DOUBLING:
            continue
        last = branch.states[:, at]
        near = [_led(branch, p, last, at, box) for p in points if p.kind == "period-doubling" and 2 * p.period == branch.period]
        best = min((pair for pair in near if pair is not None), key=lambda pair: pair[0], default=None)
        if best is not None:
            doubled, beside = best[1]
            tip = [np.array([best[2]]), doubled[:, None], branch.slopes[:, [at]], np.zeros(1)]
            parts = [tip, *parts] if end == 0 else [*parts, tip]
            more = [beside[:, None], *more] if end == 0 else [*more, beside[:, None]]
    parameter, states, slopes, turning = (np.concatenate(each, axis=-1) for each in zip(*parts, strict=True))
    led = replace(branch, parameter=parameter, states=states, slopes=slopes, turning=turning)
    return replace(led, beside=np.concatenate(more, axis=-1)) if isinstance(led, PlaneBranch) else led


def _led(branch: Branch, point: NamedPoint, last: Floats, at: int, box: Box) -> tuple[float, tuple[Floats, Floats], float] | None:
    """(distance, the doubled cycle in the branch's order, both coordinates, its parameter), if the branch ends near this doubling."""
    apart = abs(point.parameter - branch.parameter[at]) / box.width
    cycle = np.array(point.states * 2)
    turned = [np.roll(cycle, -k) for k in range(point.period)]
    beside = np.array(point.beside * 2)
    distances = [float(np.abs(each - last).max()) / box.height for each in turned]
    best = int(np.argmin(distances))
    distance = max(apart, distances[best])
    return (distance, (turned[best], np.roll(beside, -best)), point.parameter) if distance < 0.05 else None
