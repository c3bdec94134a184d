"""Band mergings and crises of maps of the line: parameters at which a critical orbit falls onto a repelling cycle, solved for.

Let f^p be unimodal on an interval about a critical point c, which its images return to, disjoint meanwhile. At a crisis f^p maps the
interval onto itself, from an end that is a point of the cycle: f^(p+1)(c) is on the cycle. At a merging of 2p bands into p the bands of
f^p meet at its inner fixed point, where its slope is negative: f^(2p+1)(c) is on the cycle. Both are claimed only where the collision is
solved for and the interval is found to be as described.
"""

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from kernels.execution import jax, jit, jnp, lax
from kernels.skeleton.branch import Box, Branch
from kernels.skeleton.composition import Family, composed, step
from kernels.skeleton.critical import CriticalPoints, critical_point
from kernels.skeleton.named import NamedPoint
from kernels.types import Array, Floats, Rule

PARTS = 8
"""Parts of a branch's step, at the ends of which collisions are looked for."""

STEPS = 12
"""Newton steps."""

BEYOND, LATE = 0.02, 2048
"""Share of the interval by which f^p(c) leaves it beyond a crisis, where it is looked at whether the orbit returns after so many steps."""

LANES = 64, 1024
"""Numbers of guesses in a call."""

SOME = 64
"""Solutions that are looked at between two places where a caller may stop."""

SIZES = (4096, 32768)
"""Numbers of lanes in a call, as of Family.run."""


@jit(static_argnames=("rule", "index", "most"))
def _arrivals(rule: Rule, index: int, most: int, others: Any, lanes: Any, shared: Any) -> tuple[Array, ...]:
    """The critical point c between low and high, f^p(c), f^2p(c), and its image after `steps` steps. Shapes (n,)."""
    low, high, side, a, period, steps = lanes
    c = critical_point(rule, index, others, low, high, side, a)

    def once(images: Any, k: Array) -> Any:
        y, *kept = images
        later = step(rule, index, others, y, a)[0]
        kept = [jnp.where(k + 1 == number, later, old) for number, old in zip((period, 2 * period, steps), kept, strict=True)]
        return (later, *kept), None

    return c, *lax.scan(once, (c, c, c, c), jnp.arange(2 * most + 1))[0][1:]


def _image(rule: Rule, index: int, most: int, others: Any, x: Array, a: Array, steps: Array) -> Array:
    """f^steps(x), of at most 2 most + 1 steps."""

    def once(y: Array, k: Array) -> tuple[Array, None]:
        return jnp.where(k < steps, step(rule, index, others, y, a)[0], y), None

    return lax.scan(once, x, jnp.arange(2 * most + 1))[0]


@jit(static_argnames=("rule", "index", "most"))
def _solved(rule: Rule, index: int, most: int, others: Any, lanes: Any, shared: Any) -> tuple[Array, ...]:
    """Solve f'(c) = 0, f^p(x) = x and f^steps(c) = x from (c, x, a).

    (c, x, a, their last changes, what remains of the equations, the derivative of f^steps(c) - x along the solutions of the others in a,
    the noise of f^p(x), the orbit from x, the orbit from c (3 most, n)).
    """
    c, x, a, period, steps = lanes

    def equations(c: Array, x: Array, a: Array) -> tuple[Array, Array, Array]:
        cycle = composed(rule, index, most, others, x, a, period).value - x
        return step(rule, index, others, c, a)[1], cycle, _image(rule, index, most, others, c, a, steps) - x

    def slopes(c: Array, x: Array, a: Array) -> Any:
        one, none = jnp.ones_like(c), jnp.zeros_like(c)
        ways = (one, none, none), (none, one, none), (none, none, one)
        columns = [jax.jvp(equations, (c, x, a), way) for way in ways]
        return columns[0][0], tuple(column[1] for column in columns)

    def changes(c: Array, x: Array, a: Array) -> tuple[Array, ...]:
        (r, s, t), ((r_c, _, t_c), (_, s_x, t_x), (r_a, s_a, t_a)) = slopes(c, x, a)
        along = t_a - t_c * r_a / r_c - t_x * s_a / s_x
        da = (t - t_c * r / r_c - t_x * s / s_x) / along
        return (r - r_a * da) / r_c, (s - s_a * da) / s_x, da, along

    def improve(_: Any, state: Any) -> Any:
        c, x, a, *_rest = state
        dc, dx, da, _ = changes(c, x, a)
        return c - dc, x - dx, a - da, jnp.abs(dx), jnp.abs(da)

    none = jnp.zeros_like(c)
    c, x, a, dx, da = lax.fori_loop(0, STEPS, improve, (c, x, a, none, none))
    cycle = composed(rule, index, most, others, x, a, period)

    def once(y: Array, _: Any) -> Any:
        return step(rule, index, others, y, a)[0], y

    orbit = lax.scan(once, c, None, length=3 * most)[1]
    _, rest, apart = equations(c, x, a)
    return c, x, a, dx, da, rest, apart, changes(c, x, a)[3], cycle.noise, cycle.value_x, cycle.states, orbit


@jit(static_argnames=("rule", "index", "most"))
def _visits(rule: Rule, index: int, most: int, others: Any, lanes: Any, shared: Any) -> tuple[Array, Array]:
    """How many of the last half of 2 LATE states from x lie between low and high, and whether the orbit stays finite."""
    x, a, low, high = lanes

    def once(k: Array, state: Any) -> Any:
        y, number = state
        y = step(rule, index, others, y, a)[0]
        return y, number + ((k >= LATE) & (y > low) & (y < high))

    y, number = lax.fori_loop(0, 2 * LATE, once, (x, jnp.zeros(x.shape, jnp.int32)))
    return number, jnp.isfinite(y)


def collisions(family: Family, branches: Sequence[Branch], critical: CriticalPoints, box: Box) -> Generator[None, None, list[NamedPoint]]:
    """The band mergings and crises at cycles of these branches, by parameter. A generator: it yields where a caller may stop."""
    found: list[NamedPoint] = []
    looked: list[tuple[float, ...]] = []
    for rank in range(critical.number):
        guesses = yield from _guesses(family, branches, critical, rank)
        if not guesses.shape[1]:
            continue
        parts = []
        for k in range(0, guesses.shape[1], LANES[-1]):
            parts.append(family.run(_solved, *guesses[:, k : k + LANES[-1]], sizes=LANES))
            yield
        solved = [np.concatenate(arrays, axis=-1) for arrays in zip(*parts, strict=True)]
        for n in range(guesses.shape[1]):
            if n % SOME == SOME - 1:
                yield
            point = _point([array[..., n] for array in solved], guesses[:, n], box)
            if point is None or any(_is_same(point[0], other, box) for other in found):
                continue
            named, hulls, away = point
            c = float(solved[0][n])
            if _is_unimodal(c, hulls, critical.at(named.parameter), box):
                found.append(named)
                looked.append((c, named.parameter, away, *hulls[0].tolist()))
            yield
    is_crisis = [point.kind == "crisis" for point in found]
    if any(is_crisis):
        forms = iter(_beyond(family, np.array(looked)[is_crisis].T))
        found = [replace(point, form_found=next(forms)) if so else point for point, so in zip(found, is_crisis, strict=True)]
        yield
    return sorted(found, key=lambda point: point.parameter)


def _is_same(one: NamedPoint, other: NamedPoint, box: Box) -> bool:
    return (one.kind, one.period) == (other.kind, other.period) and abs(one.parameter - other.parameter) <= 1e-9 * box.width


def _guesses(family: Family, branches: Sequence[Branch], critical: CriticalPoints, rank: int) -> Generator[None, None, Floats]:
    """Where the image of a critical point passes a point of a repelling cycle: rows c, x, a, period, steps."""
    lanes: list[Floats] = []
    for branch in branches:
        a, states, multiplier = _refined(branch)
        for crosses, steps in ((multiplier > 1, branch.period + 1), (multiplier < -1, 2 * branch.period + 1)):
            at = np.flatnonzero(crosses[:-1] & crosses[1:])
            if len(at):
                lanes.append(np.stack([a[at], a[at + 1], *(np.full(len(at), float(n)) for n in (branch.period, steps, len(lanes)))]))
                lanes[-1] = np.concatenate([lanes[-1], _padded(states[:, at], family.most), _padded(states[:, at + 1], family.most)])
    if not lanes:
        return np.empty((5, 0))
    table = np.concatenate(lanes, axis=1)
    yield
    first, last, period, steps = table[:4]
    before, after = table[5 : 5 + family.most], table[5 + family.most :]
    arrivals = []
    for a in (first, last):
        part = yield from _images(family, critical, rank, a, period, steps)
        arrivals.append(part)
    (c, once, twice, y), (*_, later) = arrivals
    gap, then = y - before, later - after
    passed = ((gap >= 0) != (then >= 0)) & np.isfinite(gap) & np.isfinite(then)
    # The interval about c: from the point of the cycle before that which is hit, or between both images; roughly.
    previous = _previous(before, period)
    is_crisis = steps == period + 1
    sides = np.where(is_crisis, np.sign(previous - c) * np.sign(once - c), np.sign(once - previous) * np.sign(twice - previous))
    row, lane = np.nonzero(passed & (sides < 0))
    share = gap[row, lane] / (gap[row, lane] - then[row, lane])
    x = before[row, lane] + share * (after[row, lane] - before[row, lane])
    return np.stack([c[lane], x, first[lane] + share * (last[lane] - first[lane]), period[lane], steps[lane]])


def _previous(states: Floats, period: Floats) -> Floats:
    """The point of each cycle (most, n) that is mapped to each of its points."""
    rows = np.arange(len(states))[:, None]
    found: Floats = np.take_along_axis(states, np.where(rows == 0, period.astype(np.int64) - 1, rows - 1), axis=0)
    return found


def _images(
    family: Family, critical: CriticalPoints, rank: int, a: Floats, period: Floats, steps: Floats
) -> Generator[None, None, list[Floats]]:
    """Critical points at many parameters, their images after p, 2p and these steps; NaN where there is none."""
    low, high, side, has = critical.brackets(rank, a)
    parts = []
    for k in range(0, len(a), SIZES[-1]):
        cut = slice(k, k + SIZES[-1])
        parts.append(family.run(_arrivals, low[cut], high[cut], side[cut], a[cut], period[cut], steps[cut], sizes=SIZES))
        yield
    c, *images = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    has = has & (c > low) & (c < high)
    return [np.where(has, array, np.nan) for array in (c, *images)]


def _refined(branch: Branch) -> tuple[Floats, Floats, Floats]:
    """Parameter, states and multiplier along a branch, between whose points they are interpolated."""
    count = len(branch.parameter)
    at = np.linspace(0, count - 1, PARTS * (count - 1) + 1)
    arrays = [branch.parameter, *branch.states, branch.multiplier]
    a, *states, multiplier = (np.interp(at, np.arange(count), array) for array in arrays)
    return a, np.stack(states), multiplier


def _padded(states: Floats, most: int) -> Floats:
    return np.concatenate([states, np.full((most - len(states), states.shape[1]), np.nan)])


@np.errstate(all="ignore")
def _point(solved: list[Any], guess: Floats, box: Box) -> tuple[NamedPoint, Floats, float] | None:
    """The point of a solution, the interval and its images (p, 2), disjoint, and how far beyond a crisis to look; None if it is none."""
    c, x, a, dx, da, rest, apart, along, noise, multiplier, states, orbit = solved
    period, is_crisis = int(guess[3]), guess[4] == guess[3] + 1
    # The image of c is as uncertain as the parameter is, times how fast it moves.
    arrived = abs(rest) <= 64 * noise + 1e-13 * box.height and abs(apart) <= (abs(along) + 64) * np.spacing(abs(a)) * 16
    if not (np.isfinite([c, x, a, along, multiplier]).all() and arrived and box.left <= a <= box.right and da <= 1e-9 * box.width):
        return None
    cycle = states[:period]
    last = cycle[-1]  # the point before x on the cycle
    bands: list[tuple[float, ...]]
    if is_crisis:
        bands = [(last, orbit[period])] + [(cycle[k - 1], orbit[k]) for k in range(1, period)]
    else:
        bands = [(orbit[period], orbit[2 * period])] + [(orbit[k], orbit[period + k], orbit[2 * period + k]) for k in range(1, period)]
    hulls = np.array([(min(band), max(band)) for band in bands])
    slack = 1e-9 * box.height
    ordered = hulls[np.argsort(hulls[:, 0])]
    disjoint = (ordered[1:, 0] >= ordered[:-1, 1] - slack).all()
    wanted = multiplier > 1 if is_crisis else multiplier < -1 and hulls[0, 0] < last < hulls[0, 1]
    if not (disjoint and wanted and hulls[0, 0] < c < hulls[0, 1]):
        return None
    error, x_error = 4 * da + 2 * np.spacing(abs(a)), 4 * (dx + np.spacing(np.abs(cycle).max()))
    kind, away = "crisis" if is_crisis else "band-merging", BEYOND * abs((orbit[1] - x) / along)
    numbers = period, float(a), float(x), float("nan")
    return NamedPoint(kind, *numbers, tuple(cycle.tolist()), float(error), float(x_error)), hulls, float(away)


def _is_unimodal(c: float, hulls: Floats, critical: Floats, box: Box) -> bool:
    """Whether of all critical points c alone lies in the interval, and none in its images."""
    slack = 1e-9 * box.height
    inside = (critical[:, None] > hulls[:, 0] + slack) & (critical[:, None] < hulls[:, 1] - slack)
    mine = np.abs(critical - c) <= 1e-6 * box.height
    return bool(mine.sum() == 1 and inside[:, 0].sum() == 1 and inside[mine, 0].all() and not inside[:, 1:].any())


def _beyond(family: Family, crises: Floats) -> list[str]:
    """`interior` if beyond the crisis the critical orbit comes back to the interval again and again, `boundary` if it diverges, or neither.

    It may also be drawn to another attractor: one that the old attractor is then beside, or a window's of the larger one. crises: rows c,
    parameter, how far beyond to look, and the ends of the interval.
    """
    c, a, away, low, high = (np.tile(row, 2) for row in crises)
    a = a + away * np.repeat([-1.0, 1.0], crises.shape[1])
    number, finite = (array.reshape(2, -1) for array in family.run(_visits, c, a, low, high, sizes=(64, 1024)))
    returns = np.where((number > 0).all(axis=0), "interior", "")
    return np.where(finite.all(axis=0), returns, "boundary").tolist()
