"""Ladders of return maps for views that float64 does not resolve: built step by step, kept, and carried on while one zooms."""

import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from flint import arb

from kernels.deep.climb import climbed, contained, moved
from kernels.deep.level import Level
from kernels.deep.lowest import critical_points, lowest, precision
from kernels.deep.precision import from_decimal, log2, middle, working
from kernels.deep.rules import SmoothRule
from kernels.execution import devices
from kernels.types import Bools

SPARE = 44
"""Bits beyond the window's that a ladder is built with, so that it serves deeper windows too."""

SERVED = 23.0
"""log2 of how much narrower than the window for which a ladder was built those may be: some seven decades."""

WIDER = 8.0
"""A ladder is built for a window wider than the view by this, so that the views beside it are served too, and those a little above."""

NARROW = 1e-6
"""But only of a view whose half-width is below this: in a much wider one the map itself changes."""

MOST_KEPT = 12
"""Windows whose ladders are kept, those used last: one takes some megabytes at a width of 1e-300."""

LEVELS_A_BIT, TABLES, OVERHEAD = 1, 8, 64
"""Of a ladder's memory: levels a bit of precision, tables of Chebyshev's transform that are kept, bytes of a number beyond its digits."""

SHORT = 64
"""Where a window's edges are seen, the return map of a period up to this is iterated as often; of a longer one, the return itself."""


@dataclass(eq=False)
class Ladder:
    """The levels of one critical point of a map at a0, for a window of the sweep of half-width `half`. The last one may lose columns.

    root: half-width of the window for which the lowest levels were built.
    """

    rule: SmoothRule
    a0: arb
    half: arb
    root: arb
    levels: list[Level]
    spare: int = SPARE
    complete: bool = False
    partial: bool = field(default=False)
    """Whether the last level's interval does not hold the critical orbits of all columns."""

    @property
    def critical(self) -> float:
        """The critical point x that is followed."""
        lowest = self.levels[0]
        with working(64):
            return float(lowest.origin + lowest.scale * lowest.critical)

    def grow(self, columns: int) -> Iterator[None]:
        """Add levels as long as one renormalises over the whole window; None where a caller may stop, and go on later.

        Another caller, who was left behind within a step, may have added the level meanwhile.
        """
        while not self.complete:
            last, found = self.levels[-1], None
            resolved = last.resolves(columns)
            for found in climbed(last, self.spare, lambda period: period > SHORT or not resolved):  # noqa: B023
                if found is None:
                    yield None
            with _lock:
                self._add(last, resolved, found)
                _progress[:] = len(self.levels), 1 - log2(self.levels[-1].sigma) / min(log2(self.half), -1.0)
            yield None

    def _add(self, last: Level, resolved: bool, found: tuple[Level, Bools] | None) -> None:
        if self.levels[-1] is not last or self.complete:
            return
        if found is None:
            self.complete = True
            return
        level, stays = found
        self.complete = not stays.all()
        if not self.complete or level.period > SHORT or not resolved:
            self.levels.append(level)
            self.partial = self.complete

    def serves(self, a0: arb, half: arb, spare: int) -> bool:
        """Whether levels for that window can be had from these."""
        if spare > self.spare:
            return False
        with working(precision(half, self.spare) + 64):
            inside = abs(a0 - self.a0) + half <= self.half
        return bool(inside) and log2(self.root) - log2(half) <= SERVED

    def about(self, a0: arb, half: arb) -> "Ladder":
        """The ladder of a window within this one's, to be grown from the levels of this one."""
        with working(precision(half, self.spare) + 64):
            away = middle(a0 - self.a0)
            levels = [moved(level, middle(away / level.reach), middle(half / level.reach)) for level in self.levels]
        stays = contained(levels[-1], math.inf) if self.partial else np.array([True])
        if not stays.any():
            levels.pop()
        partial = bool(stays.any() and not stays.all())
        return Ladder(self.rule, a0, half, self.root, levels, self.spare, partial, partial)


Ladders = tuple[Ladder, ...]
"""One of each critical point, for the same window."""

_progress: list[float] = [0, 0.0]

_kept: list[Ladders] = []
_lock = threading.Lock()


def ladders(rule: SmoothRule, centre: Decimal, half_width: float, columns: int, extra: int = 0) -> Iterator[Ladder | None]:
    """The ladder of each critical point, as it is complete; None in between, where a caller may stop.

    extra: bits beyond those that the columns need, for views that are less high than wide. Raises ValueError, in one line, where the
    memory does not hold a new one.
    """
    half, spare = middle(arb(half_width)), SPARE + extra
    bits = precision(half, spare)
    with working(bits + 60):
        a0 = middle(from_decimal(centre))
    base = _serving(rule, a0, half, spare)
    if base is None:
        # Only now: to ask how much is left takes as long as some parts of a picture.
        devices.check_memory(f"a ladder of return maps for a width of {2 * half_width:.1g}", ladder_size(half_width), "zoom out")
        wide = middle(half * WIDER) if half < NARROW else half
        points = critical_points(rule, a0, bits)
        built = []
        for point in points:
            yield None
            built.append(Ladder(rule, a0, wide, wide, [lowest(rule, a0, wide, point, spare)], spare))
        base = tuple(built)
        _keep(base)  # now: what a superseded view has built is carried on by the next
    for ladder in base:
        yield from ladder.grow(columns)
    if all(ladder.a0 == a0 and ladder.half == half for ladder in base):
        yield from base
        return
    found = []
    for ladder in base:
        yield None
        found.append(ladder.about(a0, half))
        yield from found[-1].grow(columns)
        yield found[-1]
    _keep(tuple(found))


def ladder_size(half_width: float) -> int:
    """Bytes that a ladder for a view of that half-width takes at most, about: its levels' coefficients, and tables to find them by."""
    bits = precision(middle(arb(half_width)), SPARE)
    coefficients = bits // 5
    return (LEVELS_A_BIT * bits * coefficients + TABLES * coefficients**2) * (bits // 8 + OVERHEAD)


def _serving(rule: SmoothRule, a0: arb, half: arb, spare: int) -> Ladders | None:
    """Of the ladders that are kept and serve those of the narrowest window, complete ones first."""
    with _lock:
        fitting = [each for each in _kept if each[0].rule == rule and each[0].serves(a0, half, spare)]
        found = min(fitting, key=lambda each: (not all(ladder.complete for ladder in each), float(each[0].half)), default=None)
        if found is not None:
            _kept.remove(found)
            _kept.insert(0, found)
    return found


def _keep(found: Ladders) -> None:
    with _lock:
        _kept.insert(0, found)
        del _kept[MOST_KEPT:]


def progress() -> tuple[int, float]:
    """The levels of the ladder that was built last, and the share of the depth that they reach, from 0 to 1."""
    with _lock:
        levels, share = _progress
    return int(levels), min(1.0, max(0.0, share))


def forget() -> None:
    """Drop all that is kept."""
    with _lock:
        _kept.clear()
