"""Fixed points and cycles: zeros of f^p(x) - x grouped into orbits, with multipliers and stability."""

import math
from collections.abc import Generator, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kernels.cycles import root_search
from kernels.cycles.iterate import Iterate, Jet
from kernels.cycles.jumps import attained, follow
from kernels.cycles.kinks import one_sided, stability
from kernels.cycles.root_polishing import EPSILON, blurred, canonical, is_double, is_zero, same_zero, within, zeros
from kernels.iteration import LONGEST_PERIOD
from kernels.types import Bools, Floats

LONGEST = 8
"""Longest period that is searched for; longer cycles are known only where an orbit converges to them."""

APART = 1e-9
"""Orbits whose smallest points differ by less, relative to 1 + |x|, are identified; distinct zeros are computed farther apart."""

BLURRED = 1e-6
"""Orbits whose smallest points differ by less, relative to 1 + |x|, are identified if g is zero to within rounding between these."""

UNSEEN = 1e-7
"""A cycle this near the orbit from which it bifurcated by period doubling, relative to 1 + |x|, may be missed."""

ALIKE = 1e-8
"""A stationary state within this distance of a known orbit, relative to 1 + |x|, belongs to it."""


@dataclass(frozen=True)
class PeriodicOrbit:
    """A fixed point (period 1) or a cycle.

    Attributes:
        points: in the order in which they are visited, the smallest first.
        multiplier: the derivative of f^p at any of the points; NaN at a kink, where it differs from side to side.
        stability: `attracting`, `repelling`, or `neutral` where |multiplier| is 1 to within rounding, or one side attracts only.
        super_attracting: whether the multiplier is 0 to within rounding, so that convergence is faster than linear.
        double: whether the points are multiple zeros of f^p(x) - x, as at a tangent bifurcation.
        inside: whether one of the points lies in the range that was searched; other orbits are known because initial conditions
            converge to them.
        error: bound on the rounding error of a point; infinite where it is not known.
        multiplier_error: likewise of the multiplier.

    """

    points: tuple[float, ...]
    multiplier: float
    stability: str
    super_attracting: bool
    double: bool
    inside: bool
    error: float = 0.0
    multiplier_error: float = 0.0

    @property
    def period(self) -> int:
        """The number of points."""
        return len(self.points)

    @property
    def x(self) -> float:
        """The smallest of the points."""
        return self.points[0]


@dataclass(frozen=True)
class Found:
    """The orbits of one period.

    `stretches`: intervals on which every point is periodic to within rounding. `note`: what the search could not resolve, as text.
    `left`: intervals that were undecided when it stopped; `points`: of the grid, then.
    """

    orbits: tuple[PeriodicOrbit, ...]
    stretches: tuple[tuple[float, float], ...]
    note: str
    left: int = 0
    points: int = 0


def search(
    composed: Iterate, low: float, high: float, period: int, shorter: Iterable[PeriodicOrbit], before: Iterable["Found"] = ()
) -> Generator[None, None, Found]:
    """Find all orbits of a period with a point in [low, high]. A generator: it yields where the caller may stop, and returns a Found.

    `shorter`: the orbits of smaller periods, whose points are zeros too and are left out. `before`: the results for the divisors of
    the period, whose `stretches` are not reported again.
    """
    found = yield from root_search.find(composed, low, high, period)
    new = ~_known(composed, found.x, [o for o in shorter if period % o.period == 0], period)
    yield
    orbits = _grouped(composed, found.x[new], found.double[new], period)
    yield
    described = describe(composed, orbits, (low, high), found.jets.at(new) if period == 1 else None)
    ordered = tuple(sorted(described, key=lambda orbit: orbit.points))
    reported = [stretch for one in before for stretch in one.stretches]
    new_stretches = tuple(stretch for stretch in found.stretches if not any(_overlap(stretch, other) for other in reported))
    notes = (*_flat(new_stretches, period), *_merged(composed, ordered, shorter, period))
    return Found(ordered, found.stretches, "; ".join(note for note in notes if note), found.left, found.points)


def _merged(composed: Iterate, found: tuple[PeriodicOrbit, ...], shorter: Iterable[PeriodicOrbit], period: int) -> list[str]:
    """A note for each orbit so near a period doubling that a cycle of twice the period could not be distinguished from it."""
    notes = []
    for orbit in shorter:
        if 2 * orbit.period == period and orbit.multiplier < 0 and orbit.stability != "neutral":
            blur = float(blurred(composed, composed.jets(np.array(orbit.points), period), period).max())
            if blur > UNSEEN * (1 + abs(orbit.x)) and not any(abs(other.x - orbit.x) < 1e4 * blur for other in found):
                what = "fixed point" if orbit.period == 1 else f"{orbit.period}-cycle"
                notes.append(f"within {blur:.1g} of the {what} at {orbit.x:.6g} float64 cannot resolve cycles of period {period}")
    return notes


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


@np.errstate(all="ignore")
def describe(composed: Iterate, points: Floats, search: tuple[float, float], jets: Jet | None = None) -> list[PeriodicOrbit]:
    """Multipliers and stability of orbits given by their points, shape (orbits, period).

    `search`: the range that was searched. `jets`: f^period and its derivatives at the points, if they are known already.
    """
    count, period = points.shape
    jets = jets or composed.jets(points.ravel(), period)
    slopes = (jets if period == 1 else composed.jets(points.ravel(), 1)).slope.reshape(points.shape) + 1
    slopes = _limits(composed, points, slopes)
    moved = blurred(composed, jets, period)
    error = np.nan_to_num(moved, nan=np.inf).reshape(points.shape).max(axis=1)
    shaken = _shaken(composed, jets, moved, period).reshape(points.shape).max(axis=1)
    multipliers: Floats = slopes.prod(axis=1)
    unsure: Floats = np.where(np.isfinite(multipliers), 4 * (np.nan_to_num(shaken) + EPSILON * period * np.abs(multipliers)), 0.0)
    double: Bools = is_double(jets, period).reshape(points.shape).max(axis=1)
    inside: Bools = within(points, *search, composed.circumference).max(axis=1)
    firsts = points[:, 0]
    below, above, kink = one_sided(composed, firsts, error, period) if composed.may_kink else (firsts, firsts, np.zeros(count, np.bool_))
    multipliers[kink] = np.nan
    rows = []
    for n in range(count):
        least = int(np.argmin(points[n]))
        rows.append(
            PeriodicOrbit(
                points=tuple(np.roll(points[n], -least).tolist()),
                multiplier=float(multipliers[n]),
                stability=stability(float(below[n]), float(above[n]))
                if kink[n]
                else _stability(float(multipliers[n]), float(unsure[n]), bool(double[n])),
                super_attracting=abs(float(multipliers[n])) <= float(unsure[n]),
                double=bool(double[n]),
                inside=bool(inside[n]),
                error=float(error[n]),
                multiplier_error=float(unsure[n]),
            )
        )
    return rows


def _limits(composed: Iterate, points: Floats, slopes: Floats) -> Floats:
    """The slopes; where a formula has none, as exp(-1/x²) at 0, their common one-sided limit, NaN if there is none."""
    for place in zip(*np.nonzero(np.isnan(slopes)), strict=True):
        x = points[place]
        away = (1 + abs(x)) * np.logspace(-9, -3, 13)
        below, above = composed.jets(np.concatenate([x - away, x + away]), 1).slope.reshape(2, -1) + 1
        known = np.flatnonzero(np.isfinite(below) & np.isfinite(above) & (np.abs(above - below) <= 1e-6 * (1 + np.abs(above))))
        slopes[place] = (below[known[0]] + above[known[0]]) / 2 if len(known) else np.nan
    return slopes


def _shaken(composed: Iterate, jets: Jet, moved: Floats, period: int) -> Floats:
    """Change of the multiplier when the points move by `moved`: from the second derivative, else from the slopes on either side."""
    shaken: Floats = np.nan_to_num(moved * np.abs(jets.bend), nan=0.0, posinf=np.inf)
    steep = np.flatnonzero(~np.isfinite(jets.bend) & np.isfinite(jets.slope))
    if len(steep):
        x, away = jets.x[steep], moved[steep]
        around = composed.jets(np.concatenate([x - away, x + away]), period).slope.reshape(2, -1)
        shaken[steep] = np.nan_to_num(np.abs(around - jets.slope[steep]), nan=0.0).max(axis=0)
    return shaken


def _stability(multiplier: float, unsure: float, double: bool) -> str:
    if double or math.isnan(multiplier) or abs(abs(multiplier) - 1) <= unsure:
        return "neutral"
    return "attracting" if abs(multiplier) < 1 else "repelling"


@np.errstate(all="ignore")
def _known(composed: Iterate, x: Floats, shorter: list[PeriodicOrbit], period: int) -> Bools:
    """Whether each zero is a point of a shorter orbit: g is zero to within rounding between it and the nearest such point."""
    points = np.sort(np.array([point for orbit in shorter for point in orbit.points]))
    if not len(points) or not len(x):
        return np.zeros(len(x), np.bool_)
    return same_zero(composed, x, nearest_of(points, x), period)


def nearest_of(points: Floats, x: Floats) -> Floats:
    """For each x the nearest of the points, which are sorted; there is at least one. Shape as `x`."""
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
    # Among the zeros of one orbit the double ones come first, since they must not be polished further.
    order = np.lexsort((~double, np.round(least / (APART * (1 + np.abs(least))))))
    order = order[np.argsort(least[order], kind="stable")]
    first = np.concatenate([[True], np.diff(least[order]) > APART * (1 + np.abs(least[order][1:]))])
    chosen = order[first]
    rows = refined(composed, orbits[chosen], period, ~double[chosen])
    true = _proper(rows) & _on_zeros(composed, rows, period)
    rows = rows[true]
    rows = rows[np.argsort(rows.min(axis=1))]
    # Orbits that rounding cannot distinguish are one, however far their computed points are apart.
    again = np.zeros(len(rows), np.bool_)
    if len(rows) > 1:
        one, other = rows[:-1].min(axis=1), rows[1:].min(axis=1)
        again[1:] = (other - one <= BLURRED * (1 + np.abs(one))) & same_zero(composed, one, other, period)
    return rows[~again]


@np.errstate(all="ignore")
def refined(composed: Iterate, orbits: Floats, period: int, simple: Bools) -> Floats:
    """Polish the points of nearly exact orbits to the last digit where their zero is simple. Shape (orbits, period)."""
    polished = composed.last_digit(composed.newton(orbits.ravel(), period), period).reshape(orbits.shape)
    near: Bools = np.abs(polished - orbits) <= ALIKE * (1 + np.abs(orbits))
    rows: Floats = np.where(simple[:, None] & near, polished, orbits)
    return canonical(composed, rows.ravel(), period).reshape(rows.shape)


def _proper(rows: Floats) -> Bools:
    """Whether the points of each orbit are distinct, so that `period` is its least period. Shape (orbits,)."""
    gaps = np.diff(np.sort(rows, axis=1), axis=1)
    proper: Bools = (gaps > APART * (1 + np.abs(rows[:, 1:]))).min(axis=1, initial=True)
    return proper


def _on_zeros(composed: Iterate, rows: Floats, period: int) -> Bools:
    """Whether the first point of each orbit is a zero of g, and not a jump of a discontinuous map. Shape (orbits,)."""
    kept = zeros(composed, rows[:, 0], period)
    on: Bools = np.isin(rows[:, 0], kept)
    return on & follow(composed, rows) if composed.may_jump else on


def _flat(stretches: tuple[tuple[float, float], ...], period: int) -> list[str]:
    """A note for each of these intervals of periodic points."""
    power = "f(x)" if period == 1 else f"f composed {period} times"
    return [
        f"from about {low:.6g} to {high:.6g} {power} equals x to within rounding: every point there"
        f" is {'fixed' if period == 1 else f'of period {period} or a divisor of it'}"
        for low, high in stretches
    ]


def _same(one: PeriodicOrbit, other: PeriodicOrbit) -> bool:
    return one.period == other.period and abs(one.x - other.x) <= APART * (1 + abs(one.x)) + min(one.error + other.error, ALIKE)


class Registry:
    """The orbits known so far, and the assignment of stationary states to them."""

    def __init__(self, composed: Iterate, search: tuple[float, float]) -> None:
        self._composed, self._search = composed, search
        self.orbits: list[PeriodicOrbit] = []

    def add(self, orbits: Iterable[PeriodicOrbit]) -> None:
        """Add orbits; one that is known already replaces its earlier version and keeps its index."""
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
        """(index of the orbit, index of its point nearest x) of states on a cycle of that period. Shapes as `x`; -1 for others.

        An attracting orbit that is not known yet is added.
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
            # On a circle the nearest point may lie across 0, one circumference away.
            rows, points = rows * 3, np.concatenate([points, points - turn, points + turn])
        order = np.argsort(points)
        nearest = nearest_of(points[order], x)
        which = order[np.searchsorted(points[order], nearest)]
        near = np.abs(nearest - x) <= ALIKE * (1 + np.abs(x))
        owner, phase = (np.array([row[column] for row in rows], np.int32)[which] for column in (1, 2))
        return np.where(near, owner, -1), np.where(near, phase, -1)

    def _discover(self, x: float, period: int) -> bool:
        """Add the orbit of x if it is attracting and not known; returns whether it was added."""
        length = LONGEST if period <= LONGEST else LONGEST_PERIOD
        # Polish x itself, which is known to be near the orbit; its iterates may be farther away.
        start = self._composed.newton(np.array([x]), period)
        points = self._composed.orbits(start, length)[:period].T if period > 1 else start[:, None]
        points = refined(self._composed, points, period, np.ones(1, np.bool_))
        jets = self._composed.jets(points.ravel(), period)
        at = attained(self._composed, jets, period).reshape(points.shape)
        if not is_zero(jets).all() or np.isnan(at).any() or not _proper(at).all():
            return False
        if (at != points).any():
            points, jets = at, self._composed.jets(at.ravel(), period)
        orbit = describe(self._composed, points, self._search, jets)[0]
        known = any(_same(other, orbit) for other in self.orbits)
        if known or orbit.stability != "attracting":
            return False
        self.add([orbit])
        return True
