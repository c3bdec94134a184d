"""Ladders of return maps for views that float64 does not resolve: built step by step, kept, and carried on while one zooms."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from flint import arb

from kernels.deep.climb import climbed, moved
from kernels.deep.level import Level
from kernels.deep.lowest import critical_points, lowest, precision
from kernels.deep.precision import from_decimal, log2, middle, working
from kernels.deep.rules import SmoothRule

SPARE = 44
"""Bits beyond the window's that a ladder is built with, so that it serves deeper windows too."""

SERVED = 20.0
"""log2 of how much narrower those may be: some six decades."""

MOST_KEPT = 8
"""Ladders that are kept, those used last: one takes some megabytes at a width of 1e-300."""

SHORT = 64
"""Where a window's edges are seen, the return map of a period up to this is iterated as often; of a longer one, the return itself."""


@dataclass(eq=False)
class Ladder:
    """The levels of one critical point of a map at a0, for a window of the sweep of half-width `half`. The last one may lose columns."""

    rule: SmoothRule
    a0: arb
    half: arb
    levels: list[Level]
    spare: int = SPARE
    complete: bool = False
    partial: bool = field(default=False)
    """Whether the last level's interval does not hold the critical orbits of all columns."""

    def grow(self, columns: int) -> Iterator[None]:
        """Add levels as long as one renormalises over the whole window; None where a caller may stop, and go on later."""
        while not self.complete:
            found = None
            for found in climbed(self.levels[-1], self.spare):
                if found is None:
                    yield None
            if found is None:
                self.complete = True
                return
            level, stays = found
            self.complete = not stays.all()
            if not self.complete or level.period > SHORT or not self.levels[-1].resolves(columns):
                self.levels.append(level)
                self.partial = self.complete
            yield None

    def serves(self, a0: arb, half: arb, spare: int) -> bool:
        """Whether levels for that window can be had from these."""
        if spare > self.spare:
            return False
        with working(precision(half, self.spare) + 64):
            inside = abs(a0 - self.a0) + half <= self.half
        return bool(inside) and log2(self.half) - log2(half) <= SERVED

    def about(self, a0: arb, half: arb) -> "Ladder":
        """The ladder of a window within this one's, grown from the levels of this one."""
        whole = self.levels[:-1] if self.partial else self.levels
        with working(precision(half, self.spare) + 64):
            away = middle(a0 - self.a0)
            levels = [moved(level, middle(away / level.reach), middle(half / level.reach)) for level in whole]
        return Ladder(self.rule, a0, half, levels, self.spare)


_kept: OrderedDict[tuple[SmoothRule, int], list[Ladder]] = OrderedDict()
_lock = threading.Lock()


def ladders(rule: SmoothRule, centre: Decimal, half_width: float, columns: int, extra: int = 0) -> Iterator[Ladder | None]:
    """The ladder of each critical point, as it is complete; None in between, where a caller may stop.

    extra: bits beyond those that the columns need, for views that are less high than wide.
    """
    half, spare = middle(arb(half_width)), SPARE + extra
    bits = precision(half, spare)
    with working(bits + 60):
        a0 = middle(from_decimal(centre))
    points = critical_points(rule, a0, bits)
    for number, point in enumerate(points):
        key = (rule, number)
        with _lock:
            kept = _kept.setdefault(key, [])
            _kept.move_to_end(key)
            base = next((ladder for ladder in kept if ladder.complete and ladder.serves(a0, half, spare)), None)
        if base is None:
            ladder = Ladder(rule, a0, half, [lowest(rule, a0, half, point, spare)], spare)
        else:
            ladder = base.about(a0, half)
        yield None
        yield from ladder.grow(columns)
        with _lock:
            if base is None:
                kept.insert(0, ladder)
                del kept[MOST_KEPT:]
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
        yield ladder


def forget() -> None:
    """Drop all that is kept."""
    with _lock:
        _kept.clear()
