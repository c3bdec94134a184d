"""Convergence of single orbits to their attractors: the distance step by step, the measured and the predicted rate."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from kernels import validation
from kernels.catalog import find_line_map, find_map
from kernels.cycles import Iterate, PeriodicOrbit, Registry, periodic_orbits
from kernels.execution import batching, jax
from kernels.fixed_point import starts
from kernels.fixed_point.outcomes import Outcome, outcomes_of
from kernels.iteration import difference, orbits
from kernels.types import Floats, Rule

MOST_FOLLOWED = 64
"""The maximum number of initial conditions in one request."""

MOST_SHOWN = 4096
"""Maximum number of states kept of each orbit; its attractor is determined after any number of steps."""

LENGTHS = (64, 256, 1024, MOST_SHOWN + 1)
"""The number of states computed is one of these, so that few lengths are compiled."""

FIRST, LAST = 1e-2, 1e3
"""A rate is measured where the distance, relative to 1 + |x|, is below FIRST and above LAST roundings: nonlinearity and rounding out."""


@dataclass(frozen=True)
class ConvergenceRequest:
    """The orbits of a few starts. Raises ValueError, in one line, where a field is out of its domain.

    map, parameters, steps, tolerance: as of a FixedPointRequest. starts: the chosen one and those pinned, up to MOST_STARTS.
    """

    map: str
    parameters: tuple[tuple[str, float], ...]
    starts: tuple[float, ...]
    steps: int = 500
    tolerance: float = 1e-9

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", find_line_map(self.map).completed(self.parameters))
        object.__setattr__(self, "starts", tuple(self.starts))
        validation.count("the number of initial conditions", len(self.starts), 1, MOST_FOLLOWED)
        for start in self.starts:
            validation.finite("initial condition", start)
        validation.count("steps", self.steps, 1, 2**31 - 2)
        validation.positive("tolerance", self.tolerance, 1)

    @property
    def values(self) -> tuple[float, ...]:
        """The parameters in the rule's order."""
        return find_map(self.map).values(dict(self.parameters))

    def frames(self) -> Iterator["ConvergenceFrame | None"]:
        """One frame; None before it where a caller may stop."""
        return batching.throttle_yields(self._frames())

    def _frames(self) -> Iterator["ConvergenceFrame | None"]:
        rule, x = find_map(self.map).rule, np.array(self.starts, np.float64)
        composed = Iterate(rule, self.values)
        states = series(composed, x, min(self.steps, MOST_SHOWN))
        low, high = _range(states)
        composed = Iterate(rule, self.values, high - low)
        registry = Registry(composed, (low, high))
        iteration = starts.Iteration(rule, self.values, self.steps)
        settled = yield from iteration.settled(x, registry)
        if (np.isfinite(settled.finals) & (settled.orbit < 0)).any():
            # Neutral points are approached too slowly, and repelling ones not at all, to be known by where the starts are.
            found = yield from periodic_orbits.search(composed, low, high, 1, registry.orbits)
            registry.add(found.orbits)
            which, phase = registry.assign(settled.finals, settled.period)
            settled = replace(settled, orbit=which, phase=phase)
        outcomes = outcomes_of(rule, settled, registry.orbits, self.tolerance, np.zeros(len(x), np.bool_))
        curves = []
        for n in range(len(x)):
            orbit = registry.orbits[settled.orbit[n]] if settled.orbit[n] >= 0 else _approached(rule, states[n], registry.orbits)
            curves.append(_convergence(composed, states[n], Outcome(int(outcomes[n])), orbit))
        yield ConvergenceFrame(self, tuple(curves))


@dataclass(frozen=True, eq=False)
class Convergence:
    """The orbit of one initial condition.

    states: x_0 on, shape (n + 1,). outcome: what became of it. orbit: what it goes to, or seems to go to if it is unresolved; None if
    nothing is known. errors: |x_k - x*| for the point x* of the orbit that is in phase, shape (n + 1,); NaN throughout without an orbit.
    predicted: |multiplier|, the factor by which the distance shrinks in one turn of the orbit; measured: the same from the errors,
    NaN if they are too few or super-attracted.
    order: 2 or more if super-attracting, else 1; measured_order: from the errors, NaN where too few of them are clean.
    """

    start: float
    outcome: Outcome
    orbit: PeriodicOrbit | None
    predicted: float
    measured: float
    order: float
    measured_order: float
    states: Floats = field(repr=False)
    errors: Floats = field(repr=False)


@dataclass(frozen=True, eq=False)
class ConvergenceFrame:
    """The curves, in the order of the request's starts."""

    request: ConvergenceRequest
    curves: tuple[Convergence, ...]
    done: bool = True


def series(composed: Iterate, x: Floats, steps: int) -> Floats:
    """The states x_0 ... x_steps of each start. Shape (starts, steps + 1)."""
    length = next(size for size in LENGTHS if size > steps)
    padded = np.full(-(-len(x) // 8) * 8, np.nan)
    padded[: len(x)] = x
    with jax.default_device(jax.local_devices(backend="cpu")[0]):
        states: Floats = np.asarray(orbits.orbit(composed.rule, (padded,), composed.values, length)[0]).T
    return states[: len(x), : steps + 1]


def _range(states: Floats) -> tuple[float, float]:
    """The range of the states that do not escape to infinity, with a margin."""
    usual = states[np.abs(states) < 1e6]
    low, high = (float(usual.min()), float(usual.max())) if len(usual) else (-1.0, 1.0)
    margin = 0.1 * (high - low) + 1e-6 * (1 + abs(low))
    return low - margin, high + margin


def _approached(rule: Rule, states: Floats, known: list[PeriodicOrbit]) -> PeriodicOrbit | None:
    """The neutral fixed point that the orbit seems to come to: it is near, and was further away half as many steps ago."""
    last, before = states[-1], states[len(states) // 2]
    for orbit in known:
        if orbit.period == 1 and orbit.stability == "neutral":
            away = abs(difference(rule, last, orbit.x))
            if away < 0.1 * (1 + abs(orbit.x)) and away < 0.9 * abs(difference(rule, before, orbit.x)):
                return orbit
    return None


def _convergence(composed: Iterate, states: Floats, outcome: Outcome, orbit: PeriodicOrbit | None) -> Convergence:
    if orbit is None:
        errors = np.full(len(states), np.nan)
        return Convergence(float(states[0]), outcome, None, math.nan, math.nan, math.nan, math.nan, states, errors)
    errors = _errors(composed.rule, states, orbit)
    turns = _clean(errors[(len(states) - 1) % orbit.period :: orbit.period], orbit)
    order = _order(composed, orbit) if orbit.super_attracting else 1.0
    return Convergence(
        start=float(states[0]),
        outcome=outcome,
        orbit=orbit,
        predicted=abs(orbit.multiplier),
        measured=math.nan if orbit.super_attracting else _rate(turns),
        order=order,
        measured_order=_measured_order(turns),
        states=states,
        errors=errors,
    )


def _errors(rule: Rule, states: Floats, orbit: PeriodicOrbit) -> Floats:
    """The distance from the point of the orbit that is in phase: the phase in which the last states are nearest to it."""
    points, steps = np.array(orbit.points), np.arange(len(states))
    with np.errstate(over="ignore", invalid="ignore"):
        distances = [np.abs(difference(rule, states, points[(steps + shift) % orbit.period])) for shift in range(orbit.period)]
        return min(distances, key=lambda distance: float(np.nan_to_num(distance[-orbit.period :], nan=np.inf).sum()))


def _clean(errors: Floats, orbit: PeriodicOrbit) -> Floats:
    """The last stretch of errors, one a turn, in which neither the map's bend nor rounding counts for much."""
    scale = 1 + max(abs(x) for x in orbit.points)
    large = np.flatnonzero(~(errors < FIRST * scale))
    after = errors[large[-1] + 1 if len(large) else 0 :]
    small = np.flatnonzero(after <= LAST * float(np.finfo(np.float64).eps) * scale)
    return after[: small[0]] if len(small) else after


def _rate(turns: Floats) -> float:
    """The factor per turn of the cycle, by least squares on the logarithms of the later half, three at least; NaN where there are fewer."""
    if len(turns) < 3:
        return math.nan
    later = np.log(turns[-max(3, len(turns) // 2) :])
    n = np.arange(len(later)) - (len(later) - 1) / 2
    return float(np.exp(n @ later / (n @ n)))


def _measured_order(turns: Floats) -> float:
    """The exponent q of e_(k+1) ~ e_k^q, from the last three errors; NaN where there are fewer."""
    if len(turns) < 3 or not (np.diff(turns[-3:]) < 0).all():
        return math.nan
    first, second, third = np.log(turns[-3:])
    return float((third - second) / (second - first))


def _order(composed: Iterate, orbit: PeriodicOrbit) -> float:
    """2 where the second derivative of f^p does not vanish at a super-attracting orbit, else 3: the third or a higher one leads."""
    bend = composed.jets(np.array(orbit.points), orbit.period).bend
    return 2.0 if (np.abs(bend) > 1e-6).any() else 3.0
