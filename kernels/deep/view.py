"""Where a view lies on a ladder: the return map that draws it, and the view in that level's coordinates."""

from collections.abc import Iterator
from dataclasses import dataclass

from flint import arb

from kernels.deep.ladder import Ladder, ladders
from kernels.deep.level import Level
from kernels.deep.precision import from_decimal, middle, working
from kernels.deep.rules import SmoothRule, why_not_smooth
from kernels.geometry import Grid

MARGIN = 1.0
"""The view's far edge lies within this of the critical point, in units of the level's interval."""


@dataclass(frozen=True, eq=False)
class DeepView:
    """A view on a level: its centre in u as an unevaluated sum of two floats, and its half-height in u."""

    level: Level
    critical: float
    high: float
    low: float
    half_height: float


def views(rule: SmoothRule, grid: Grid) -> Iterator[DeepView | None]:
    """None where a caller may stop, then the view on the deepest level that holds it. Raises ValueError, in one line, where none does."""
    reason = why_not_smooth(rule.map)
    if reason:
        raise ValueError(reason)
    view, best, built = grid.viewport, None, []
    for ladder in ladders(rule, view.x, view.half_width, grid.columns):
        if ladder is None:
            yield None
            continue
        built.append(ladder)
        found = _on(ladder, grid)
        if found is not None and (best is None or found.level.iterations > best.level.iterations):
            best = found
    if best is None:
        raise ValueError(_why_none(built, grid))
    yield best


def _on(ladder: Ladder, grid: Grid) -> DeepView | None:
    """The view on the deepest level of the ladder that holds it and tells its columns and rows apart."""
    view = grid.viewport
    for level in reversed(ladder.levels):
        if not level.resolves(grid.columns):
            return None
        with working(level.fine):
            place = middle(level.place(from_decimal(view.y)))
            half = middle(arb(view.half_height) / level.scale)
            high = float(place)
            inside = abs(high) + float(half) <= MARGIN
            low = float(place - high) if inside else 0.0
        if inside and float(half) / grid.rows > 2.0**-52:
            return DeepView(level, float(level.origin), high, low, float(half))
    return None


def _why_none(built: list[Ladder], grid: Grid) -> str:
    """Why no level shows the view, and what to do."""
    shown = [ladder.levels[-1] for ladder in built if ladder.levels[-1].resolves(grid.columns)]
    if not shown:
        return (
            "no window of periodic orbits wider than a pixel lies in this view: neighbouring columns differ only by sampling, and float64 "
            "cannot tell them apart; zoom out, or move to a cascade or a window"
        )
    places = " or ".join(f"x = {float(level.origin):.12g} with a height of {2 * float(level.scale):.3g}" for level in shown)
    return f"what tells the columns of this view apart is smaller or lies elsewhere: show {places}"
