"""One side of an invariant manifold of a saddle, grown piece by piece from the saddle until it has a given arc length.

The manifold begins along an eigenvector: z(s) = p + e exp(s ln mu) v for s in [0, 1] is taken by the map, of multiplier mu > 1 there, to
the next piece, whose s lies in the same interval. Where neighbouring points of a piece come to lie far apart, or a corner is sharp, points
between them are iterated from the first piece on, as in D. Hobson, An efficient method for computing invariant manifolds of planar maps,
J. Comput. Phys. 104 (1993).
"""

import math
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kernels.execution import jit, lax
from kernels.phase_plane.counting import Wraps
from kernels.types import Array, Bools, Floats, Rule

CHUNK = 1024
"""Points of one call, so that a kernel is compiled once."""

BEGIN = 1e-5
"""Length of the first piece's distance from the saddle, relative to the first view: it lies off the manifold by about the square."""

FINE, COARSE = 1 / 400, 1 / 100
"""Largest distance of neighbouring points relative to the view in and near it, and relative to the first view elsewhere."""

SHARP, SHORTEST = 0.15, 1 / 20
"""Angle in radians from which a corner is divided further, and the part of the largest distance at which it no longer is."""

MOST_POINTS = 12_000
"""Most points of a branch."""

MOST_PARTS = 16
"""Most parts into which a gap is divided in one go."""

CLOSEST = 1e-13
"""Difference of s that is not divided further: the map jumps there, or float64 does not tell the points apart."""


@jit(static_argnames=("rule",))
def carried(rule: Rule, x: Array, y: Array, values: tuple[Any, ...], times: Array) -> Any:
    """The states `times` steps on. Shape (n,) each coordinate."""
    return lax.fori_loop(0, times, lambda _, state: rule(*state, *values), (x, y))


@dataclass(frozen=True)
class Space:
    """How distances are measured: the centre and the half-widths (2,) of the view, the half-widths of the first view, periods of angles."""

    centre: Floats
    half: Floats
    first: Floats
    wraps: Wraps

    def turned(self, differences: Floats) -> Floats:
        """Differences of states (n, 2), of angles the shorter way round."""
        columns = zip(differences.T, self.wraps, strict=True)
        with np.errstate(invalid="ignore"):
            return np.stack([d - period * np.round(d / period) if period else d for d, period in columns], axis=1)

    def gaps(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """(steps (n - 1, 2), lengths of these in units of the state, lengths over the longest that are wanted) from points (n, 2)."""
        with np.errstate(over="ignore", invalid="ignore"):
            steps = self.turned(np.diff(points, axis=0))
            off = np.abs(self.turned(points[:-1] + steps / 2 - self.centre))
            fine, coarse = (np.hypot(*(steps / (2 * half)).T) for half in (self.half, self.first))
            near = (off <= 1.2 * self.half + np.abs(steps)).all(1)
            return steps, np.hypot(*steps.T), np.fmax(coarse / COARSE, np.where(near, fine / FINE, 0.0))


@dataclass
class Branch:
    """A branch of a manifold. saddle: the index of its cycle. side: 1 or -1, along the eigenvector or against it.

    points: shape (n, 2), angles as the map gives them. end: why it is shorter than wanted: empty, or `diverges`, `jump`, `points`, or
    `preimage` where the next piece has no preimage that goes on.
    """

    saddle: int
    is_stable: bool
    side: int
    points: Floats = field(default_factory=lambda: np.empty((0, 2)), repr=False)
    length: float = 0.0
    end: str = ""

    def add(self, piece: Floats, space: Space, most: float) -> None:
        """Add the points of a piece, whose first point is the last one so far, up to the length `most`, which is then met exactly."""
        steps, lengths, _ = space.gaps(piece)
        total = self.length + np.concatenate([[0.0], np.cumsum(lengths)])
        kept = int(np.searchsorted(total, most, "right"))
        added, self.length = piece[:kept], float(total[kept - 1])
        if kept < len(piece) and np.isfinite(total[kept]):
            last = piece[kept - 1] + steps[kept - 1] * ((most - self.length) / lengths[kept - 1])
            added, self.length = np.vstack([added, last]), most
        self.points = np.concatenate([self.points, added[min(1, len(self.points)) :]])


@dataclass(frozen=True)
class Seed:
    """Where a branch begins: at the saddle `point`, along `direction` (both (2,)), multiplied by `multiplier` > 1 in `steps` steps."""

    point: Floats
    direction: Floats
    multiplier: float
    steps: int

    def places(self, s: Floats) -> Floats:
        """The first piece at each s in [0, 1]. Shape (n, 2)."""
        return self.point + np.exp(s * math.log(self.multiplier))[:, None] * self.direction


def images(rule: Rule, values: tuple[Any, ...], points: Floats, times: int) -> Floats:
    """The states `times` steps on from points (n, 2)."""
    found = np.empty_like(points)
    for first in range(0, len(points), CHUNK):
        part = points[first : first + CHUNK]
        padded = np.full((2, CHUNK), np.nan)
        padded[:, : len(part)] = part.T
        found[first : first + CHUNK] = np.stack(carried(rule, *padded, values, np.int32(times)), axis=1)[: len(part)]
    return found


def grow(branch: Branch, seed: Seed, rule: Rule, values: tuple[Any, ...], space: Space, most: float) -> Generator[None, None, None]:
    """Grow a branch to the length `most`; None where a caller may stop."""
    s = np.linspace(0.0, 1.0, 9)
    piece, times = seed.places(s), 0
    while True:
        piece, s, end = yield from _refined(piece, s, seed, times, rule, values, space, most - branch.length)
        room = MOST_POINTS - len(branch.points)
        branch.add(piece[:room], space, most)
        if branch.length >= most:
            return
        if end or len(piece) >= room:
            branch.end = end or "points"
            return
        times += seed.steps
        piece = images(rule, values, piece, seed.steps)
        yield None


def _refined(
    piece: Floats, s: Floats, seed: Seed, times: int, rule: Rule, values: tuple[Any, ...], space: Space, left: float
) -> Generator[None, None, tuple[Floats, Floats, str]]:
    """(points, their s, why they end) of a piece, divided as far as wanted, up to the arc length `left`."""
    while True:
        steps, lengths, over = space.gaps(piece)
        with np.errstate(invalid="ignore"):
            reached = np.concatenate([[0.0], np.cumsum(lengths)[:-1]])
            within = reached <= left  # false from where a point is not finite
        over = np.where(np.isfinite(lengths), over, np.inf)
        sharp = _corners(steps, lengths, over)
        parts = np.where(over > 1, np.minimum(np.ceil(np.minimum(over, MOST_PARTS)), MOST_PARTS), np.where(sharp, 2, 1)).astype(int)
        parts = np.where(within, parts, 1)
        stuck = (parts > 1) & (np.diff(s) <= CLOSEST)
        if stuck.any():
            first = int(np.argmax(stuck))
            end = "jump" if np.isfinite(piece[first + 1]).all() else "diverges"
            piece, s = piece[: first + 1], s[: first + 1]
            if (parts[:first] == 1).all():
                return piece, s, end
            continue
        if (parts == 1).all():
            last = int(np.count_nonzero(within)) + 1
            return piece[:last], s[:last], ""
        if len(s) + (parts - 1).sum() > MOST_POINTS:
            whole = int(np.argmax(parts > 1)) + 1
            return piece[:whole], s[:whole], "points"
        new, at = _between(s, parts)
        piece = np.insert(piece, at, images(rule, values, seed.places(new), times), axis=0)
        s = np.insert(s, at, new)
        yield None


def _between(s: Floats, parts: Any) -> tuple[Floats, Any]:
    """(new s that divide each gap into so many parts, the places at which they are inserted)."""
    gap = np.repeat(np.arange(len(parts)), parts - 1)
    number = np.arange(len(gap)) - np.repeat(np.cumsum(parts - 1) - (parts - 1), parts - 1) + 1
    return s[gap] + (s[gap + 1] - s[gap]) * number / parts[gap], gap + 1


def _corners(steps: Floats, lengths: Floats, over: Floats) -> Bools:
    """Of each gap whether it lies at a sharp corner and is long enough to be divided. Shape (n - 1,)."""
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        unit = steps / lengths[:, None]
        turn = np.hypot(*(np.diff(unit, axis=0)).T)
    is_sharp = np.zeros(len(steps), np.bool_)
    sharp = turn > SHARP
    is_sharp[:-1] |= sharp
    is_sharp[1:] |= sharp
    return is_sharp & (over > SHORTEST)
