"""The fixed-point explorer: outcomes of many initial conditions, fixed points and cycles, and their basins of attraction.

A request is all that the tab's picture depends on; its `frames` come with the starts' outcomes and the fixed points first, then with
the basins, then with the cycles.
"""

import functools
import math
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels import validation
from kernels.catalog import find_line_map, find_map
from kernels.cycles import Found, Iterate, PeriodicOrbit, Registry, notes_of, periodic_orbits
from kernels.execution import batching, devices
from kernels.fixed_point import basins, starts
from kernels.fixed_point.basins import Basin
from kernels.fixed_point.classifier import BasinClassifier
from kernels.fixed_point.outcomes import Outcome, Settled, outcomes_of
from kernels.geometry import Viewport, decimal
from kernels.types import Floats
from kernels.validation import setting

MOST_STEPS = 2**31 - 2
"""The most steps: they are counted in 32 bits."""

MOST_STARTS = 10_000_000
"""The most starts; a window shows a few thousand."""

FEW = 2048
"""Up to so many starts there is no rough picture first."""

ROUGH = 1000
"""Starts of the rough picture."""

AT_ONCE = 0.1
"""Seconds after which a picture is shown before its basins are there: usually they follow sooner than is visible."""

SAMPLES = 1025
"""Starts that basins are looked for from, in the view and in the searched range."""


@dataclass(frozen=True)
class FixedPointRequest:
    """Outcomes of initial conditions, and the orbits that attract them. Raises ValueError, in one line, where a field is out of its domain.

    map, parameters: the map's name and its parameters as (name, value) pairs (or a mapping); defaults are filled in, pairs sorted.
    x: the lowest and the highest start, as Decimals of any length (or floats or text); with `starts` of them, evenly spaced, both ends
    among them. steps: iterations. tolerance: the distance from an attractor within which a start has arrived (four floats at least).
    max_period: cycles are searched for up to this period. search: the range searched for fixed points and cycles, None for that of the
    starts; a view zoomed in keeps its search range, so that the attractors stay known.
    """

    map: str = setting("post", "Map", "The map that is iterated")
    parameters: tuple[tuple[str, float], ...] = ()
    x: tuple[Decimal, Decimal] = (Decimal(-9), Decimal(10))
    starts: int = setting(401, "Starts", "Number of initial conditions, evenly spaced over the range", least=1, most=MOST_STARTS)
    steps: int = setting(500, "Steps", "Iterations from each initial condition", least=1, most=MOST_STEPS)
    tolerance: float = setting(1e-9, "Tolerance", "An orbit has converged when it is this close to its attractor")
    max_period: int = setting(
        periodic_orbits.LONGEST, "Periods", "Cycles are searched for up to this period", least=1, most=periodic_orbits.LONGEST
    )
    search: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", find_line_map(self.map).completed(self.parameters))
        low, high = (decimal(limit) for limit in self.x)
        object.__setattr__(self, "x", (low, high))
        Viewport.from_limits(low, high, 0, 1)
        validation.counts(self, "starts", "steps", "max_period")
        validation.positive("tolerance", self.tolerance, 1)
        if self.search is not None:
            object.__setattr__(self, "search", tuple(float(limit) for limit in self.search))
            validation.interval("search range", *self.search)

    @property
    def values(self) -> tuple[float, ...]:
        """The parameters in the rule's order."""
        return find_map(self.map).values(dict(self.parameters))

    @property
    def searched(self) -> tuple[float, float]:
        """The range searched for fixed points and cycles."""
        return self.search or (float(self.x[0]), float(self.x[1]))

    def start_values(self) -> Floats:
        """The starts, in order, each the float64 nearest to low + k (high - low) / (starts - 1). Shape (starts,).

        ValueError where neighbouring starts are the same float64.
        """
        low, high = self.x
        if self.starts == 1:
            return np.array([float((low + high) / 2)])
        values = _evenly_spaced(Fraction(low), Fraction(high), self.starts)
        if not (np.diff(values) > 0).all():
            raise ValueError("float64 cannot tell neighbouring initial conditions apart in this view; zoom out or use fewer")
        return values

    def frames(self) -> Iterator["FixedPointFrame | None"]:
        """Frames as described above; None where a caller may stop but nothing new is to be seen. The last one is `done`.

        No call into XLA takes longer than about 50 ms. If a GPU fails, the CPU starts over.
        """
        return batching.throttle_yields(devices.or_on_cpu(lambda: _Run(self).frames()))


@dataclass(frozen=True, eq=False)
class FixedPointFrame:
    """What is known so far.

    starts, finals: x_0 and the state after the last step, which may be infinite or NaN. outcomes: int8 of `Outcome`. attractor: the index
    in `orbits` of what the start is attracted to or lies on, -1 for none or unknown. period: of that orbit, 0 for none. steps: after how
    many steps the start is within the tolerance of its orbit for good, or its state no longer finite; -1 for never. All of
    shape (starts,); in a rough first frame fewer starts than asked for.

    fixed_points by x, cycles by period, then by x. basins: in order; empty until looked for. search_note: in words, what could not be
    resolved; empty if nothing. progress in [0, 1]; seconds since the request was begun.
    """

    request: FixedPointRequest
    fixed_points: tuple[PeriodicOrbit, ...]
    cycles: tuple[PeriodicOrbit, ...]
    basins: tuple[Basin, ...]
    search_note: str
    precision: str
    device: str
    seconds: float
    progress: float
    done: bool
    starts: Floats = field(repr=False)
    finals: Floats = field(repr=False)
    outcomes: NDArray[np.int8] = field(repr=False)
    attractor: NDArray[np.int32] = field(repr=False)
    period: NDArray[np.int32] = field(repr=False)
    steps: NDArray[np.int64] = field(repr=False)

    @property
    def orbits(self) -> tuple[PeriodicOrbit, ...]:
        """What `attractor` and the basins' `orbit` count through: the fixed points, then the cycles."""
        return self.fixed_points + self.cycles

    @functools.cached_property
    def counts(self) -> dict[str, int]:
        """How many starts have each outcome, by its label."""
        return {outcome.label: int(np.count_nonzero(self.outcomes == outcome)) for outcome in Outcome}


def _evenly_spaced(low: Fraction, high: Fraction, count: int) -> Floats:
    """`count` numbers from `low` to `high`, each rounded once: 0.05 among them is 0.05, and 0 is 0. Shape (count,)."""
    whole = math.lcm(low.denominator, high.denominator)
    first, step = int(low * whole) * (count - 1), int((high - low) * whole)
    scale = whole * (count - 1)
    if max(abs(first), abs(first + step * (count - 1)), scale) <= 2**53:
        # Quotients of whole numbers that are floats: the division rounds, and nothing else does.
        return (first + step * np.arange(count)) / scale
    return np.array([(first + step * k) / scale for k in range(count)])


class _Run:
    """The computation of one request."""

    def __init__(self, request: FixedPointRequest) -> None:
        self.request, self.began = request, time.perf_counter()
        rule, values = find_map(request.map).rule, request.values
        low, high = request.searched
        self.all = request.start_values()
        self.composed = Iterate(rule, values, high - low)
        self.registry = Registry(self.composed, (low, high))
        self.iteration = starts.Iteration(rule, values, request.steps)
        self.found: dict[int, Found] = {}
        self.basins: tuple[Basin, ...] = ()
        self.basin_note = ""
        self.settled: Settled
        self.steps: NDArray[np.int64]

    def frames(self) -> Iterator[FixedPointFrame | None]:
        yield from self._search(1)
        many = len(self.all) > FEW
        if many:
            yield from self._settle(self.all[np.linspace(0, len(self.all) - 1, ROUGH).astype(np.int64)])
            yield self._frame(0.1)
        yield from self._settle(self.all)
        if time.perf_counter() - self.began > AT_ONCE:
            yield self._frame(0.4)
        yield from self._divide()
        yield self._frame(0.6)
        attractors = self._attracting()
        for period in range(2, self.request.max_period + 1):
            yield from self._search(period)
        if self._attracting() != attractors:
            # A basin that contains no initial condition of the picture.
            yield from self._divide()
        yield self._frame(1.0)

    def _search(self, period: int) -> Generator[None, None, None]:
        divisors = [found for p, found in self.found.items() if period % p == 0]
        found = yield from periodic_orbits.search(self.composed, *self.request.searched, period, self.registry.orbits, divisors)
        self.found[period] = found
        self.registry.add(found.orbits)
        yield

    def _settle(self, x: Floats) -> Generator[None, None, None]:
        self.settled = yield from self.iteration.settled(x, self.registry)
        self.steps = yield from self.iteration.steps(self.settled, self.registry.orbits, self.request.tolerance)

    def _divide(self) -> Generator[None, None, None]:
        known, samples = self.registry.orbits, self._samples()
        values, reach = self.request.values, float(samples[-1] - samples[0])
        classifier = BasinClassifier(self.composed, values, known, self.request.steps, reach)
        repelling = [orbit for orbit in known if orbit.stability != "attracting" and orbit.period < 3]
        self.basins, self.basin_note = yield from basins.find(classifier, self.composed, samples, repelling)

    def _samples(self) -> Floats:
        low, high = float(self.request.x[0]), float(self.request.x[1])
        view = self.all[:: -(-len(self.all) // FEW)]
        points = [x for orbit in self.registry.orbits if orbit.stability == "attracting" for x in orbit.points]
        outer = self.request.searched
        # Zero is a start of its own: it is a pole, an end or an attractor of many maps.
        zero = np.zeros(int(min(low, outer[0]) < 0 < max(high, outer[1])))
        parts = [view, zero, np.array([low, high]), np.linspace(low, high, SAMPLES), np.linspace(*outer, SAMPLES)]
        inside = [x for x in points if min(low, outer[0]) < x < max(high, outer[1])]
        return np.unique(np.concatenate([*parts, np.array(inside)]))

    def _attracting(self) -> set[tuple[float, ...]]:
        return {orbit.points for orbit in self.registry.orbits if orbit.stability == "attracting"}

    def _frame(self, progress: float) -> FixedPointFrame:
        known, settled = self.registry.orbits, self.settled
        order = sorted(range(len(known)), key=lambda n: (known[n].period, known[n].points))
        place = np.empty(len(known) + 1, np.int32)
        place[order], place[-1] = np.arange(len(known)), -1
        outcomes = outcomes_of(self.composed.rule, settled, known, self.request.tolerance, self._flat())
        there = np.isin(outcomes, (Outcome.ATTRACTED, Outcome.CYCLE, Outcome.ON_POINT))
        return FixedPointFrame(
            request=self.request,
            fixed_points=tuple(known[n] for n in order if known[n].period == 1),
            cycles=tuple(known[n] for n in order if known[n].period > 1),
            basins=tuple(basins.renumbered(self.basins, place)),
            search_note="; ".join(filter(None, (*notes_of(self.found), self.basin_note))),
            precision="float64",
            device=devices.describe(),
            seconds=time.perf_counter() - self.began,
            progress=progress,
            done=progress == 1.0,
            starts=settled.starts,
            finals=settled.finals,
            outcomes=outcomes,
            attractor=np.where(there, place[settled.orbit], -1).astype(np.int32),
            period=np.where(there, settled.period, 0).astype(np.int32),
            steps=np.where(there | np.isin(outcomes, (Outcome.DIVERGED, Outcome.UNDEFINED)), self.steps, -1),
        )

    def _flat(self) -> NDArray[np.bool_]:
        """Which states lie in a stretch where every point is of their period."""
        x, period = self.settled.finals, np.maximum(self.settled.period, 1)
        flat = np.zeros(len(x), np.bool_)
        for p, found in self.found.items():
            for low, high in found.stretches:
                flat |= (x >= low) & (x <= high) & (period % p == 0)
        return flat


def as_json(frame: FixedPointFrame) -> dict[str, Any]:
    """The numbers as data for a JSON file, at full precision; what is infinite or undefined is None.

    The outcomes are attracted, cycle, diverged, unresolved; `on-point`: the start lies, or lands, exactly on an orbit that does not
    attract; and `undefined`: the map has no value at a state that it comes to. `attractor` counts through the fixed points and then the
    cycles, as in the other formats: the orbit that a start is attracted to or lies on, None for none; `cycle` is that orbit's index among
    the cycles, None where it is none. `inside` says of an orbit whether a point of it lies in the range `searched`; others are known
    because starts lead to them.
    """
    fixed = len(frame.fixed_points)
    at = frame.attractor.tolist()
    return {
        "map": frame.request.map,
        "parameters": dict(frame.request.parameters),
        "searched": list(frame.request.searched),
        "fixed_points": [{"x": orbit.x, **_about(orbit)} for orbit in frame.fixed_points],
        "cycles": [{"period": orbit.period, "x": list(orbit.points), **_about(orbit)} for orbit in frame.cycles],
        "basins": [
            {
                "x": [basin.low, basin.high],
                "fixed_point": basin.orbit if basin.orbit < fixed else None,
                "cycle": basin.orbit - fixed if basin.orbit >= fixed else None,
                "immediate": basin.immediate,
                "cut": list(basin.cut),
            }
            for basin in frame.basins
        ],
        "starts": frame.starts.tolist(),
        "finals": [_number(x) for x in frame.finals.tolist()],
        "outcomes": [Outcome(code).label for code in frame.outcomes.tolist()],
        "attractor": [n if n >= 0 else None for n in at],
        "cycle": [n - fixed if n >= fixed else None for n in at],
        "period": frame.period.tolist(),
        "steps": [n if n >= 0 else None for n in frame.steps.tolist()],
        "iterations": frame.request.steps,
        "tolerance": frame.request.tolerance,
        "note": frame.search_note,
    }


def _about(orbit: PeriodicOrbit) -> dict[str, Any]:
    return {
        "multiplier": _number(orbit.multiplier),
        "multiplier_error": _number(orbit.multiplier_error),
        "stability": orbit.stability,
        "super_attracting": orbit.super_attracting,
        "double": orbit.double,
        "inside": orbit.inside,
        "error": _number(orbit.error),
    }


def _number(x: float) -> float | None:
    return x if math.isfinite(x) else None
