"""Branches of a diagram: the cycles of neighbouring columns as lines, as thick as wanted at any size, and the periods written over them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from funjax_gui.figures.figure import points
from funjax_gui.figures.items import Item, Label, Points, Polyline
from funjax_gui.style import Counts, Packed

MOST_PIXELS = 4
"""Largest number of pixels for each point of a cycle; columns with more have not settled."""

LONGEST_PERIOD = 32
"""Largest period of the columns whose points are drawn as lines; those of longer ones lie too close to one another."""

WIDTHS = {1: 1.2, 2: 2.2, 3: 3.4}
"""Width of a branch in pixels of the window by its thickness."""

FARTHEST_JOIN = 0.04
"""Largest distance, relative to the height, over which a branch is continued by those that it divides into."""

WIDEST_GAP = 5
"""Largest number of unsettled columns, at a bifurcation, over which branches are continued."""

NARROWEST = 0.025
"""Least width of a band with a label, relative to the picture."""

HEIGHT = 0.955
"""Height of the labels, relative to the picture."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Branch:
    """A branch as a line through points (k, 2) in the unit square of the view, and the pixel (row, column) that has its colour."""

    points: Points
    row: int
    column: int


def branches(counts: Counts, period: Counts, pixels: Packed, width: float) -> list[Item]:
    """The branches of the columns with a period, each in its colour in `pixels`, as lines in the unit square of the view.

    counts, pixels: (rows, columns), top row first; period: (columns,).
    """
    return coloured(traced(counts, period), pixels, width)


def coloured(found: Sequence[Branch], pixels: Packed, width: float) -> list[Item]:
    """The branches as lines in the colours of their pixels."""
    shades = pixels[[each.row for each in found], [each.column for each in found]] if found else np.empty(0, np.uint32)
    return [Polyline(each.points, f"#{shade & 0xFFFFFF:06x}", width) for each, shade in zip(found, shades.tolist(), strict=True)]


def traced(counts: Counts, period: Counts) -> list[Branch]:
    """The branches of the columns with a period. Takes up to some tenths of a second for a large picture of many cycles."""
    rows, columns = counts.shape
    chosen = np.flatnonzero((period > 0) & (period <= LONGEST_PERIOD))
    reached = np.count_nonzero(counts[:, chosen], axis=0)
    chosen = chosen[reached <= MOST_PIXELS * period[chosen]]
    if not len(chosen):
        return []
    column, centre, peak = _groups(counts, chosen)
    number = np.bincount(column, minlength=columns)
    number[number > np.maximum(period, 0)] = 0  # not settled: more points than the cycle has
    first = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=columns))])
    found: list[Branch] = []
    ended, ends = 0, np.empty(0)
    for start, stop in _runs(number, period):
        picked = first[start] + np.arange(stop - start)[:, None] * number[start] + np.arange(number[start])
        jumps = np.flatnonzero((np.abs(np.diff(centre[picked], axis=0)) > FARTHEST_JOIN * rows).any(axis=1)) + 1
        for part in np.split(picked, jumps):
            heights = centre[part]
            if start > ended and not _is_gap_bridged(period, ended, start):
                ends = np.empty(0)
            joins = _joins(ends, heights[0], FARTHEST_JOIN * rows)
            middle = len(part) // 2
            for height, joined, row in zip(heights.T, joins.tolist(), peak[part[middle]].tolist(), strict=True):
                x, y = _thinned(start, height)
                if np.isfinite(joined):
                    x, y = np.append(ended, x), np.append(joined, y)
                found.append(Branch(points(x / columns, 1.0 - y / rows), row, start + middle))
            start += len(part)
            ended, ends = start, heights[-1]
    return found


def _groups(counts: Counts, chosen: NDArray[np.intp]) -> tuple[NDArray[np.intp], Floats, NDArray[np.intp]]:
    """The groups of neighbouring pixels with counts in these columns: their columns, centres and rows with most counts."""
    part = counts.T[chosen]
    place, row = np.nonzero(part)
    weight = part[place, row].astype(np.float64)
    new = np.ones(len(row), bool)
    new[1:] = (np.diff(place) != 0) | (np.diff(row) > 1)
    group = np.cumsum(new) - 1
    total = np.bincount(group, weight)
    centre = np.bincount(group, weight * (row + 0.5)) / total
    order = np.lexsort((weight, group))
    last = np.flatnonzero(np.append(np.diff(group[order]) != 0, True))
    return chosen[place[new]], centre, row[order[last]]


def _runs(number: NDArray[np.intp], period: Counts) -> list[tuple[int, int]]:
    """Neighbouring columns, from first to beyond the last, with the same number of points and the same period."""
    edges = np.flatnonzero((np.diff(number) != 0) | (np.diff(period) != 0)) + 1
    limits = np.concatenate([[0], edges, [len(number)]])
    return [(a, b) for a, b in pairwise(limits.tolist()) if number[a] > 0]


def _is_gap_bridged(period: Counts, ended: int, start: int) -> bool:
    """Whether branches go on beyond a gap of columns that had not settled: a few, before the same period, its double or its half."""
    before, after = int(period[max(0, ended - 1)]), int(period[start])
    return start - ended <= WIDEST_GAP and (before == after or before == 2 * after or after == 2 * before)


def _thinned(start: int, height: Floats) -> tuple[Floats, Floats]:
    """A branch from the left edge of column `start` on: the middles of its level parts, between which it rises evenly.

    A curve through pixels is level as long as it is in one row, and in the middle of the row half-way.
    """
    edges = np.concatenate([[0], np.flatnonzero(np.diff(height)) + 1, [len(height)]])
    middle = start + (edges[:-1] + edges[1:]) / 2.0
    level = height[edges[:-1]]
    x = np.concatenate([[start], middle, [start + len(height)]])
    return x, np.concatenate([level[:1], level, level[-1:]])


def _joins(before: Floats, after: Floats, farthest: float) -> Floats:
    """For each height at which a branch begins the nearest one at which one ended, NaN if none is near. Shapes (m,), (n,) -> (n,)."""
    if not len(before):
        return np.full(len(after), np.nan)
    apart = np.abs(after[:, None] - before)
    nearest = apart.argmin(axis=1)
    return np.where(apart.min(axis=1) <= farthest, before[nearest], np.nan)


def period_labels(period: Counts) -> list[Item]:
    """A label for each band of neighbouring columns (columns,) with the same period, in the unit square of the view."""
    columns = len(period)
    edges = np.concatenate([[0], np.flatnonzero(np.diff(period)) + 1, [columns]])
    items: list[Item] = []
    for first, last in pairwise(edges.tolist()):
        if period[first] > 0 and last - first >= NARROWEST * columns:
            items.append(Label(np.array([(first + last) / 2 / columns, HEIGHT]), str(period[first])))
    return items
