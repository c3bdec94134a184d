"""Fixed points and cycles: found as zeros of f^p(x) - x, grouped into orbits, with their multipliers and what these say of them."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kernels.cycles import root_search
from kernels.cycles.iterate import Iterate, Jet
from kernels.cycles.root_polishing import EPSILON, canonical, is_double, is_zero, same_zero, within, zeros
from kernels.iteration import LONGEST_PERIOD
from kernels.types import Bools, Floats

LONGEST = 8
"""Cycles are searched for up to this period; longer ones are known only where starts lead to them."""

APART = 1e-9
"""Orbits whose least points differ by less, relative to 1 + |x|, are one; rounding keeps zeros that are truly two further apart."""

ALIKE = 1e-8
"""A settled state this near a known orbit, relative to 1 + |x|, is on it."""


@dataclass(frozen=True)
class PeriodicOrbit:
    """A fixed point (period 1) or a cycle.

    points: in the order in which they are visited, the least first. multiplier: the derivative of f^p along them. stability:
    `attracting`, `repelling` or `neutral`, the last where |multiplier| is 1 to within rounding. super_attracting: multiplier 0 to within
    rounding, so that convergence is quadratic or better. double: a multiple zero of f^p(x) - x, as at a tangency. inside: whether
    one of the points lies in the range that was searched; others are known because starts lead to them.
    """

    points: tuple[float, ...]
    multiplier: float
    stability: str
    super_attracting: bool
    double: bool
    inside: bool

    @property
    def period(self) -> int:
        """The number of points."""
        return len(self.points)

    @property
    def x(self) -> float:
        """The least of the points."""
        return self.points[0]


@dataclass(frozen=True)
class Found:
    """The orbits of one period, and in words what the search could not resolve (empty if nothing)."""

    orbits: tuple[PeriodicOrbit, ...]
    stretches: tuple[tuple[float, float], ...]
    note: str


def search(
    composed: Iterate, low: float, high: float, period: int, shorter: Iterable[PeriodicOrbit], before: Iterable["Found"] = ()
) -> Generator[None, None, Found]:
    """All orbits of that period with a point in [low, high]; returned by the generator, which yields where the caller may stop.

    `shorter`: the orbits of smaller periods, whose points are not counted again; `before`: what was found of the periods that divide this
    one, whose stretches of nothing but zeros are not told again.
    """
    found = yield from root_search.find(composed, low, high, period)
    new = ~_known(composed, found.x, [o for o in shorter if period % o.period == 0], period)
    yield
    orbits = _grouped(composed, found.x[new], found.double[new], period)
    yield
    described = describe(composed, orbits, (low, high), found.jets.at(new) if period == 1 else None)
    ordered = tuple(sorted(described, key=lambda orbit: orbit.points))
    told = [stretch for one in before for stretch in one.stretches]
    new_stretches = tuple(stretch for stretch in found.stretches if not any(_overlap(stretch, other) for other in told))
    return Found(ordered, found.stretches, _note(found, new_stretches, period))


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


@np.errstate(all="ignore")
def describe(composed: Iterate, points: Floats, search: tuple[float, float], jets: Jet | None = None) -> list[PeriodicOrbit]:
    """Multipliers and stability of orbits given by their points, shape (orbits, period); `jets`: of f^period there, if known."""
    count, period = points.shape
    jets = jets or composed.jets(points.ravel(), period)
    slopes = (jets if period == 1 else composed.jets(points.ravel(), 1)).slope.reshape(points.shape) + 1
    # How far rounding may have moved a point, as a simple zero and as a double one, and so the multiplier.
    moved = np.fmin(jets.noise / np.abs(jets.slope), np.sqrt(jets.noise / np.abs(jets.bend)))
    shaken = (moved * np.abs(jets.bend)).reshape(points.shape).max(axis=1)
    multipliers: Floats = slopes.prod(axis=1)
    unsure: Floats = np.where(np.isfinite(multipliers), 4 * (np.nan_to_num(shaken) + EPSILON * period * np.abs(multipliers)), 0.0)
    double: Bools = is_double(jets, period).reshape(points.shape).max(axis=1)
    inside: Bools = within(points, *search, composed.circumference).max(axis=1)
    rows = []
    for n in range(count):
        least = int(np.argmin(points[n]))
        rows.append(
            PeriodicOrbit(
                points=tuple(np.roll(points[n], -least).tolist()),
                multiplier=float(multipliers[n]),
                stability=_stability(float(multipliers[n]), float(unsure[n]), bool(double[n])),
                super_attracting=abs(float(multipliers[n])) <= float(unsure[n]),
                double=bool(double[n]),
                inside=bool(inside[n]),
            )
        )
    return rows


def _stability(multiplier: float, unsure: float, double: bool) -> str:
    if double or abs(abs(multiplier) - 1) <= unsure:
        return "neutral"
    return "attracting" if abs(multiplier) < 1 else "repelling"


@np.errstate(all="ignore")
def _known(composed: Iterate, x: Floats, shorter: list[PeriodicOrbit], period: int) -> Bools:
    """Whether each zero is a point of one of the shorter orbits: rounding hides what lies between it and the nearest such point."""
    points = np.sort(np.array([point for orbit in shorter for point in orbit.points]))
    if not len(points) or not len(x):
        return np.zeros(len(x), np.bool_)
    return same_zero(composed, x, nearest_of(points, x), period)


def nearest_of(points: Floats, x: Floats) -> Floats:
    """For each x the nearest of the points, which are sorted and not none."""
    after = np.clip(np.searchsorted(points, x), 1, len(points) - 1) if len(points) > 1 else np.zeros(len(x), np.int64)
    before = np.maximum(after - 1, 0)
    nearest: Floats = np.where(np.abs(points[after] - x) < np.abs(points[before] - x), points[after], points[before])
    return nearest


@np.errstate(all="ignore")
def _grouped(composed: Iterate, x: Floats, double: Bools, period: int) -> Floats:
    """One row of points for each orbit among the zeros. Shape (orbits, period)."""
    if not len(x) or period == 1:
        return x[:, None]
    orbits = composed.orbits(x, LONGEST)[:period].T
    least = orbits.min(axis=1)
    # Of one orbit's zeros the double ones come first, for they are not to be polished further.
    order = np.lexsort((~double, np.round(least / (APART * (1 + np.abs(least))))))
    order = order[np.argsort(least[order], kind="stable")]
    first = np.concatenate([[True], np.diff(least[order]) > APART * (1 + np.abs(least[order][1:]))])
    chosen = order[first]
    rows = refined(composed, orbits[chosen], period, ~double[chosen])
    true = _proper(rows) & _on_zeros(composed, rows, period)
    return rows[true]


@np.errstate(all="ignore")
def refined(composed: Iterate, orbits: Floats, period: int, simple: Bools) -> Floats:
    """The points of orbits that are all but right, each polished to the last digit where the zero is simple. Shape (orbits, period)."""
    polished = composed.last_digit(composed.newton(orbits.ravel(), period), period).reshape(orbits.shape)
    near: Bools = np.abs(polished - orbits) <= ALIKE * (1 + np.abs(orbits))
    rows: Floats = np.where(simple[:, None] & near, polished, orbits)
    return canonical(composed, rows.ravel(), period).reshape(rows.shape)


def _proper(rows: Floats) -> Bools:
    """Whether the points of each orbit differ, so that the period is no smaller one."""
    gaps = np.diff(np.sort(rows, axis=1), axis=1)
    proper: Bools = (gaps > APART * (1 + np.abs(rows[:, 1:]))).min(axis=1, initial=True)
    return proper


def _on_zeros(composed: Iterate, rows: Floats, period: int) -> Bools:
    """Whether the first point of each orbit is a zero; where one of a discontinuous map jumps, it is none."""
    kept = zeros(composed, rows[:, 0], period)
    on: Bools = np.isin(rows[:, 0], kept)
    return on


def _note(found: root_search.Roots, stretches: tuple[tuple[float, float], ...], period: int) -> str:
    """In words, what the search left open."""
    power = "f(x)" if period == 1 else f"f composed {period} times"
    said = [
        f"from about {low:.6g} to {high:.6g} {power} equals x to within rounding: every point there"
        f" is {'fixed' if period == 1 else f'of period {period} or a divisor of it'}"
        for low, high in stretches
    ]
    if found.short:
        what = "fixed points" if period == 1 else f"cycles of period {period}"
        said.append(
            f"the search for {what} stopped at {found.points:,} points with {found.left:,} intervals undecided: there may be more;"
            " narrow the range to find them"
        )
    return "; ".join(said)


def _same(one: PeriodicOrbit, other: PeriodicOrbit) -> bool:
    return one.period == other.period and abs(one.x - other.x) <= APART * (1 + abs(one.x))


class Registry:
    """The orbits known so far; new ones are added, settled states are assigned to them."""

    def __init__(self, composed: Iterate, search: tuple[float, float]) -> None:
        self._composed, self._search = composed, search
        self.orbits: list[PeriodicOrbit] = []

    def add(self, orbits: Iterable[PeriodicOrbit]) -> None:
        """Take in orbits; one that is known already takes the place of what was known of it, and keeps its index."""
        before = list(enumerate(self.orbits))
        for orbit in orbits:
            same = next((n for n, known in before if _same(known, orbit)), None)
            if same is None:
                self.orbits.append(orbit)
            else:
                self.orbits[same] = orbit

    def of_period(self, period: int) -> list[PeriodicOrbit]:
        """The known orbits of one period."""
        return [orbit for orbit in self.orbits if orbit.period == period]

    def assign(self, x: Floats, periods: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """(index of the orbit, index of its point nearest x) for states that have settled on a cycle of that period; -1 for others.

        An attracting orbit that states have settled on and that was not known is taken in.
        """
        index, phase = np.full(len(x), -1, np.int32), np.full(len(x), -1, np.int32)
        for period in np.unique(periods[periods > 0]).tolist():
            mine = np.flatnonzero(periods == period)
            for _ in range(32):
                index[mine], phase[mine] = self._match(x[mine], period)
                lost = mine[index[mine] < 0]
                if not len(lost) or not self._discover(float(x[lost[0]]), period):
                    break
        return index, phase

    def _match(self, x: Floats, period: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        rows = [(point, n, k) for n, o in enumerate(self.orbits) if o.period == period for k, point in enumerate(o.points)]
        if not rows:
            return np.full(len(x), -1, np.int32), np.full(len(x), -1, np.int32)
        points = np.array([row[0] for row in rows])
        if (turn := self._composed.circumference) is not None:
            # Across 0 the nearest point may be a turn away.
            rows, points = rows * 3, np.concatenate([points, points - turn, points + turn])
        order = np.argsort(points)
        nearest = nearest_of(points[order], x)
        which = order[np.searchsorted(points[order], nearest)]
        near = np.abs(nearest - x) <= ALIKE * (1 + np.abs(x))
        owner, phase = (np.array([row[column] for row in rows], np.int32)[which] for column in (1, 2))
        return np.where(near, owner, -1), np.where(near, phase, -1)

    def _discover(self, x: float, period: int) -> bool:
        """Take in the orbit that x is on, if it attracts; returns whether it was taken in."""
        length = LONGEST if period <= LONGEST else LONGEST_PERIOD
        # The state that is given is the one that is known to be near; along the orbit it may be further off.
        start = self._composed.newton(np.array([x]), period)
        points = self._composed.orbits(start, length)[:period].T if period > 1 else start[:, None]
        points = refined(self._composed, points, period, np.ones(1, np.bool_))
        jets = self._composed.jets(points.ravel(), period)
        if not is_zero(jets).all() or not _proper(points).all():
            return False
        orbit = describe(self._composed, points, self._search, jets)[0]
        known = any(_same(other, orbit) for other in self.orbits)
        if known or orbit.stability != "attracting":
            return False
        self.add([orbit])
        return True
