"""Where unstable and stable branches of manifolds cross in a view: homoclinic and heteroclinic points, located to the size of a pixel."""

from collections.abc import Generator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kernels.phase_plane.manifolds.branch import FINE, Branch, Space
from kernels.types import Bools, Floats

PAIRS, MEETINGS = 1000, 50_000
"""Segments of unstable branches whose neighbours are looked up in one go, and pairs of neighbours that are compared in one go."""

FLAT = 0.1
"""Sine of the angle between two segments below which they might only touch: a polygon's direction is known to about so much."""

MOST_CROSSINGS = 5000


class Segments(NamedTuple):
    """Segments of branches: where they begin and how they go on, (n, 2), and the index of their branch."""

    begin: Floats
    step: Floats
    branch: NDArray[np.intp]


class Crossings(NamedTuple):
    """points: (n, 2). homoclinic: whether both manifolds are of one saddle. flat: how many were left out, as the lines might only touch."""

    points: Floats
    homoclinic: Bools
    flat: int


def crossings(branches: Sequence[Branch], space: Space) -> Generator[None, None, Crossings]:
    """The crossings in the view; None where a caller may stop."""
    unstable = _segments(branches, space, False)
    yield None
    stable = _segments(branches, space, True)
    yield None
    # A cell is as wide as the longest segment, so that segments that cross lie in the same cell or in neighbouring ones.
    across = int(0.5 / FINE)
    keys, own = (_cells(each, space, across) for each in (stable, unstable))
    yield None
    order = np.argsort(keys)
    keys, found, flat = keys[order], [], 0
    yield None
    for first in range(0, len(own), PAIRS):
        mine = np.arange(first, min(first + PAIRS, len(own)))
        pairs = []
        for row in (-across, 0, across):
            # Three cells of a row are neighbours in the order of the keys.
            low = np.searchsorted(keys, own[mine] + row - 1, "left")
            high = np.searchsorted(keys, own[mine] + row + 1, "right")
            count = high - low
            at = np.repeat(low, count) + np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
            pairs.append(np.stack([np.repeat(mine, count), order[at]]))
        both = np.concatenate(pairs, axis=1)
        yield None
        for begin in range(0, both.shape[1], MEETINGS):
            one, other = both[:, begin : begin + MEETINGS]
            hit, touching, place = _meeting(unstable, stable, one, other, space)
            flat += int(touching.sum())
            each_at = (unstable, one), (stable, other)
            saddles = [np.array([branches[n].saddle for n in each.branch[at[hit]]], np.intp) for each, at in each_at]
            found.append((place, saddles[0] == saddles[1]))
            yield None
        if sum(len(place) for place, _ in found) > MOST_CROSSINGS:
            break
    if not found:
        return Crossings(np.empty((0, 2)), np.empty(0, np.bool_), flat)
    return Crossings(np.concatenate([place for place, _ in found]), np.concatenate([same for _, same in found]), flat)


def _segments(branches: Sequence[Branch], space: Space, is_stable: bool) -> Segments:
    """The segments of the stable or the unstable branches in the view, but those that are too long to be distinguished from their curve."""
    chosen = [n for n, branch in enumerate(branches) if branch.is_stable == is_stable and len(branch.points) > 1]
    begin = np.concatenate([np.empty((0, 2)), *(branches[n].points[:-1] for n in chosen)])
    step = np.concatenate([np.empty((0, 2)), *(space.turned(np.diff(branches[n].points, axis=0)) for n in chosen)])
    branch = np.concatenate([np.empty(0, np.intp), *(np.full(len(branches[n].points) - 1, n) for n in chosen)])
    low, size, edge = space.centre - space.half, 2 * space.half, np.zeros(2)
    begin = begin - _turns(begin + step / 2 - low, space)
    for axis, period in enumerate(space.wraps):
        if period and is_stable:
            # Images beyond the edges: a segment of an unstable branch may stand out of the view there.
            edge[axis] = 4 * FINE * space.half[axis]
            shift = np.where(np.arange(2) == axis, period, 0.0)
            begin = np.concatenate([begin, begin - shift, begin + shift])
            step, branch = np.tile(step, (3, 1)), np.tile(branch, 3)
    inside = (np.abs(begin + step / 2 - space.centre) <= space.half + edge).all(1)
    kept = inside & (np.hypot(*(step / size).T) <= 2 * FINE)
    return Segments(begin[kept], step[kept], branch[kept])


def _turns(offsets: Floats, space: Space) -> Floats:
    """Whole turns in offsets (n, 2) from the view's lower left corner; 0 of what is not an angle."""
    columns = zip(offsets.T, space.wraps, strict=True)
    return np.stack([period * np.floor(x / period) if period else np.zeros_like(x) for x, period in columns], axis=1)


def _cells(segments: Segments, space: Space, across: int) -> NDArray[np.intp]:
    """The cell of each segment's middle: row * across + column."""
    shares = (segments.begin + segments.step / 2 - (space.centre - space.half)) / (2 * space.half)
    column, row = np.clip((shares * (across - 2)).astype(np.intp), 0, across - 3).T + 1
    found: NDArray[np.intp] = row * across + column
    return found


def _meeting(
    unstable: Segments, stable: Segments, one: NDArray[np.intp], other: NDArray[np.intp], space: Space
) -> tuple[Bools, Bools, Floats]:
    """(which pairs of segments cross, which of them too flatly to be decided, places of those that cross)."""
    size = 2 * space.half
    p, r = unstable.begin[one] / size, unstable.step[one] / size
    q, t = stable.begin[other] / size, stable.step[other] / size
    cross, gap = r[:, 0] * t[:, 1] - r[:, 1] * t[:, 0], q - p
    with np.errstate(divide="ignore", invalid="ignore"):
        along = (gap[:, 0] * t[:, 1] - gap[:, 1] * t[:, 0]) / cross
        beside = (gap[:, 0] * r[:, 1] - gap[:, 1] * r[:, 0]) / cross
        inside = (along >= 0) & (along < 1) & (beside >= 0) & (beside < 1)
        sine = np.abs(cross) / (np.hypot(*r.T) * np.hypot(*t.T))
    hit = inside & (sine >= FLAT)
    place = unstable.begin[one[hit]] + along[hit, None] * unstable.step[one[hit]]
    return hit, inside & (sine < FLAT), place - _turns(place - (space.centre - space.half), space)
