"""Capture intervals: neighbourhoods of attracting points from which every orbit provably converges, up to sampling.

About a point x* of an attracting cycle of period p let F be f^p, or f^2p where the multiplier is negative or there is none (at a kink),
and t the distance from x*. Where F(x) is closer to x* than x all the way out to t = r on both sides, the interval of radius r is
captured. Beyond r one side goes on as long as F moves inwards and does not overshoot what is captured on the other side. Convergence may
be as slow as it likes: no step of it has to be waited for. Between samples F is its Hermite cubic to within a measured error, as in the
search for roots.
"""

from typing import NamedTuple

import numpy as np

from kernels.cycles import Iterate, Jet, PeriodicOrbit, bend_error
from kernels.types import Bools, Floats

NODES = 128
"""Samples on each side of a point."""

WARY = 32.0
"""Times the error of the cubic that the inequalities must be kept by."""

MOST_WORK = 2_000_000
"""Evaluations of f at most; the intervals about longer cycles have the radius NEAR."""

NEAR = 1e-6
"""The radius, relative to 1 + |x*|, that is taken for captured where nothing is evaluated."""


class Captured(NamedTuple):
    """Points of attracting orbits: index of the orbit, index of the point in it, the point, and the captured interval. Shapes (rows,)."""

    orbit: list[int]
    phase: list[int]
    point: Floats
    low: Floats
    high: Floats


def capture(iterate: Iterate, orbits: list[PeriodicOrbit], reach: float, most: int) -> Captured:
    """The captured intervals of all points of the attracting orbits, `most` of them at most, not wider than `reach` on either side."""
    rows = [(n, k) for n, orbit in enumerate(orbits) if orbit.stability == "attracting" for k in range(orbit.period)][:most]
    which, phase = [n for n, _ in rows], [k for _, k in rows]
    points = np.array([orbits[n].points[k] for n, k in rows])
    turn = iterate.circumference
    others = np.sort(np.array([x for orbit in orbits if orbit.stability != "attracting" for x in orbit.points]))
    if turn is not None:
        others, reach = np.concatenate([others - turn, others, others + turn]), min(reach, turn / 2)
    radius = np.zeros((len(rows), 2))
    steps = [orbits[n].period * (1 if orbits[n].multiplier >= 0 else 2) for n in which]
    work = sum(steps) * 2 * NODES
    for times in set(steps):
        mine = np.array(steps) == times
        if work > MOST_WORK and times > 2:
            radius[mine] = NEAR * (1 + np.abs(points[mine, None]))
        else:
            radius[mine] = _radii(iterate, points[mine], times, others, reach)
    return Captured(which, phase, points, points - radius[:, 0], points + radius[:, 1])


@np.errstate(all="ignore")
def _radii(iterate: Iterate, points: Floats, times: int, others: Floats, reach: float) -> Floats:
    """How far below and above each point everything is captured under f^times; a few roundings at least. Shape (points, 2)."""
    t = np.stack([_distances(points, others, side, reach) for side in (-1, 1)], axis=1)
    side = np.array([-1.0, 1.0])[None, :, None]
    x = points[:, None, None] + side * t
    jets = Jet(*(array.reshape(t.shape) for array in iterate.jets(x.ravel(), times)))
    # Outwards: the displacement F(x) - x and its derivatives, as functions of the distance.
    outward = Jet(side * (jets.x - points[:, None, None]), side * jets.value, jets.slope, side * jets.bend, jets.noise)
    inner, outer = (Jet(*(array[..., cut] for array in outward)) for cut in (slice(None, -1), slice(1, None)))
    third = (outer.x - inner.x) / 3
    moved = np.stack([inner.value, inner.value + third * inner.slope, outer.value - third * outer.slope, outer.value])
    away = np.stack([inner.x, inner.x + third, outer.x - third, outer.x])
    margin = WARY * bend_error(inner, outer) + np.maximum(inner.noise, outer.noise)
    at = iterate.jets(points, times)
    # Nearer than rounding lets the point itself be known, the multiplier alone speaks.
    blurred = at.noise / np.abs(at.slope)
    core = outer.x <= np.maximum(16 * blurred, t[..., 1].max(axis=1))[:, None, None]
    inwards = (moved.max(axis=0) < -margin) | core
    landing = np.where(core, 0.0, (moved + away).min(axis=0) - margin)
    closer = ((moved + 2 * away).min(axis=0) > margin) | core
    # Where the map is undefined on one side, as at the end of its domain, the other side must not be left.
    void: Bools = np.asarray(~np.isfinite(outward.value[..., :8]).any(axis=2))
    closer = np.where(void[:, ::-1, None], (landing >= 0) | core, closer)
    first = _reached(inwards & closer, outer.x, core)
    radius = np.where(void, 0.0, np.where(void.any(axis=1), first.max(axis=1), first.min(axis=1))[:, None])
    for _ in range(2):
        for this, other in ((1, 0), (0, 1)):
            held = (outer.x[:, this] <= radius[:, this, None]) | (inwards[:, this] & (landing[:, this] > -radius[:, other, None]))
            farther = _reached(held, outer.x[:, this], core[:, this])
            radius[:, this] = np.where(radius[:, this] > 0, np.maximum(radius[:, this], farther), 0.0)
    # What rounding cannot tell from the point itself is there in any case.
    at_point = np.where(np.isfinite(blurred), 4 * blurred, 0.0)
    return np.maximum(radius, at_point[:, None])


def _distances(points: Floats, others: Floats, side: int, reach: float) -> Floats:
    """Where one side of each point is sampled: denser towards the point and towards the next known orbit that does not attract.

    Shape (points, NODES), ascending.
    """
    place = np.searchsorted(others, points, "right" if side > 0 else "left") + (0 if side > 0 else -1)
    there = (place >= 0) & (place < len(others))
    gap = np.full(len(points), np.inf)
    gap[there] = np.abs(others[place[there]] - points[there])
    free = np.exp2(np.arange(1 - NODES, 1) / 4)
    half = np.exp2(np.arange(1 - NODES // 2, 1) / 2) / 2
    bounded = np.concatenate([half, 1 - half[::-1][1:], [1.0]])
    bounded[-1] = (bounded[-2] + 1) / 2
    found: Floats = np.where(gap[:, None] < reach, gap[:, None] * bounded, reach * free)
    return found


def _reached(held: Bools, outer: Floats, core: Bools) -> Floats:
    """The outer end of the last of the leading intervals for which `held` is true; 0 unless one beyond the core is among them."""
    leading = np.logical_and.accumulate(held, axis=-1)
    reached: Floats = np.where((leading & ~core).any(axis=-1), np.where(leading, outer, 0.0).max(axis=-1), 0.0)
    return reached
