"""Where a view lies on a ladder: the return map that draws it, and the view in that level's coordinates."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from flint import arb

from kernels.deep.address import address, coordinate
from kernels.deep.ladder import Ladder, ladders
from kernels.deep.level import Level
from kernels.deep.perturbation import Reference, reference
from kernels.deep.precision import from_decimal, middle, working
from kernels.deep.rules import SmoothRule, why_not_smooth
from kernels.execution import batching
from kernels.geometry import Grid
from kernels.types import Floats

ROUGHEST = 2.0**-44
"""A row is at least as high as this, in units of the level's interval: float64 tells such rows apart, and orbits are right to that."""


@dataclass(frozen=True, eq=False)
class DeepView:
    """A view on a level. seen: None, or the coordinate of the view from -1 to 1 as a polynomial [i][m] of s^i u^m.

    high, low: the view's centre in u as an unevaluated sum of two floats, where nothing else is seen; half_height: likewise.
    critical: the critical point whose orbits these are, where the map has several.
    """

    level: Level
    high: float
    low: float
    half_height: float
    seen: Floats | None = None
    critical: float | None = None


def views(rule: SmoothRule, grid: Grid) -> Iterator[DeepView | Reference | None]:
    """None where a caller may stop, then the view on the deepest level that holds it and tells its columns apart, or else a reference.

    Raises ValueError, in one line, where the map is not smooth or its critical orbits diverge.
    """
    best, built = None, []
    for ladder in _ladders(rule, grid):
        if ladder is None:
            yield None
            continue
        built.append(ladder)
        for found in _on(ladder, grid):
            if found is None:
                yield None
            elif best is None or found.level.iterations > best.level.iterations:
                best = replace(found, critical=ladder.critical)
    if best is not None:
        yield best if len(built) > 1 else replace(best, critical=None)
    else:
        yield from _reference(built, grid)


def references(rule: SmoothRule, grid: Grid) -> Iterator[Reference | None]:
    """None where a caller may stop, then the critical orbit on the deepest level whose interval has the view in it. Raises as `views`."""
    built = []
    for ladder in _ladders(rule, grid):
        if ladder is None:
            yield None
        else:
            built.append(ladder)
    yield from _reference(built, grid)


def _ladders(rule: SmoothRule, grid: Grid) -> Iterator[Ladder | None]:
    reason = why_not_smooth(rule.map)
    if reason:
        raise ValueError(reason)
    view = grid.viewport
    extra = max(0, int(math.log2(view.half_width) - math.log2(view.half_height)))
    return ladders(rule, view.x, view.half_width, grid.columns, extra)


def _reference(built: list[Ladder], grid: Grid) -> Iterator[Reference | None]:
    """None where a caller may stop, then the critical orbit on the deepest level whose interval has the view in it."""
    view = grid.viewport
    holding = []
    for ladder in built:
        for level in ladder.levels[: -1 if ladder.partial else None]:
            with working(level.fine + max(0, -int(math.log2(view.half_height)))):
                centre = middle((from_decimal(view.y) - level.origin) / level.scale)
                half = middle(arb(view.half_height) / level.scale)
                if level is ladder.levels[0] or abs(centre - level.critical) + half <= 1:
                    holding.append((level, centre, half, ladder.critical))
    deepest = max(holding, key=lambda each: each[0].iterations)
    found = yield from batching.last_of(reference(*deepest[:3], deepest[3] if len(built) > 1 else None))
    assert found is not None
    others = []
    for level, centre, half, critical in holding:
        if level is not found.level and level.iterations == found.level.iterations == 1:
            each = yield from batching.last_of(reference(level, centre, half, critical))
            assert each is not None
            others.append(each)
    yield replace(found, others=tuple(others))


def _on(ladder: Ladder, grid: Grid) -> Iterator[DeepView | None]:
    """None where a caller may stop; then the view on the deepest level with it, if that tells its columns and rows apart."""
    view, lowest = grid.viewport, ladder.levels[0]
    with working(lowest.fine + max(0, -int(math.log2(view.half_height)))):
        place = middle((from_decimal(view.y) - lowest.origin) / lowest.scale)
        half = middle(arb(view.half_height) / lowest.scale)
    found = None
    for found in address(ladder.levels, place, half):
        if found is None:
            yield None
    if found is None:
        return
    level = ladder.levels[len(found.images)]
    if not level.resolves(grid.columns) or float(found.half) / grid.rows < ROUGHEST:
        return
    if any(found.images):
        yield DeepView(level, 0.0, 0.0, 1.0, coordinate(ladder.levels, found.images, place, half))
        return
    with working(level.fine):
        high = float(found.place)
        low = float(found.place - high)
    yield DeepView(level, high, low, float(found.half))
