"""How many attractors the orbits of several initial conditions at one pair of parameters come to.

Cycles are told apart by their period and their extent, what is not a cycle by the cells that it visits. Where a pair of orbits can be told
neither to be on one attractor nor to be on two, as orbits that have not settled, or where an orbit is still moving away from where it was,
the number is left open.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.execution import jax
from kernels.iteration import DIVERGED, UNDEFINED, circumferences
from kernels.maps import Map
from kernels.two_parameters import kernels
from kernels.two_parameters.orbits import Found, StateOrbits
from kernels.types import Bools, Floats, State

MOST_STARTS = 32
"""Maximum number of initial conditions at each pixel."""

UNRESOLVED = 0
"""In the place of a number of attractors: at least two of the orbits are not told apart, or found to be on one attractor."""

SAME = 1e-6
"""Largest difference between the extents of one cycle as two orbits have it, relative to its states."""

SHARED = 0.5
"""Share of the smaller one's cells above which two sets of cells are one attractor's."""

WINDOWS = 8
"""Windows of LONGEST_PERIOD states for which an orbit that goes beyond those before is followed: one that does so still is moving away."""

BEYOND, FAR_BEYOND = 1e-3, 0.5
"""How far beyond its extent before, relative to that, an orbit has to go; a chaotic one has records now and then."""

REPELLING = 1 + 1e-9
"""Size of a multiplier above which a cycle repels: only an orbit that began on it stays there."""

SPREAD = ((0.6180339887498949,), (0.7548776662466927, 0.5698402909980532))
"""Steps, for one coordinate and for two, of sequences that fill an interval and a square evenly, however many points they have."""


def spread(chosen: Map, origin: tuple[float, ...], count: int) -> tuple[Floats, ...]:
    """`origin`, then points spread evenly over the map's usual states: an array of shape (count,) for each coordinate."""
    found = []
    for at, (first, step) in enumerate(zip(origin, SPREAD[len(origin) - 1], strict=True)):
        low, high = chosen.states_of(at)
        found.append(np.append(first, low + (high - low) * ((0.5 + step * np.arange(1, count)) % 1.0)))
    return tuple(found)


class Counting:
    """The count of one batch: orbits that have run, those of the starts of a pixel one after the other."""

    def __init__(self, orbits: StateOrbits, found: Found, starts: int, error: float) -> None:
        """`error`: up to this an exponent is not distinguished from 0."""
        self._orbits, self._starts = orbits, starts
        self.period, multiplier = self._of_pixels(found.period), self._of_pixels(orbits.cycles[1])
        self.cycle = (self.period > 0) & ~(np.abs(multiplier) > REPELLING)
        self._chaotic = (self.period == 0) & (self._of_pixels(found.lyapunov) > error)
        self.settled, self.seen = self.cycle | self._chaotic, self.cycle | (self.period == 0)
        self.away = np.zeros(self.period.shape, np.bool_)

    def run(self) -> Iterator[None]:
        """Follow the orbits a little further; None between two calls of the device. Then `number` is known."""
        orbits = self._orbits
        lows, highs, later = self._extents(orbits.state)
        yield
        cells = np.zeros(self.period.shape, np.uint64)
        if (self.seen & ~self.cycle).any():
            yield from self._look_for_growth(lows, highs, later)
            low, high = self._hull(lows, np.inf, np.minimum), self._hull(highs, -np.inf, np.maximum)
            cells = self._of_pixels(orbits.gather(kernels.cells(orbits.rule, orbits.layout, orbits.state, orbits.parameters, low, high)))
            yield
        self.number = self._count(np.where(self.cycle, np.concatenate([lows, highs]), 0.0), cells)

    def _extents(self, state: State) -> tuple[Floats, Floats, State]:
        """The ends (coordinates, pixels, starts) of the orbits' next window, and the states after it, on the devices."""
        orbits = self._orbits
        *ends, later = jax.block_until_ready(kernels.extents(orbits.rule, orbits.layout, state, orbits.parameters))
        lows, highs = (np.stack([self._of_pixels(orbits.gather(part)) for part in side]) for side in ends)
        return lows, highs, later

    def _look_for_growth(self, lows: Floats, highs: Floats, state: State) -> Iterator[None]:
        """Find the orbits that are `away`: in each window they go beyond those before, of which these are the ends of the first one.

        One on an attractor that is seen slowly, as near a fold, comes back within some windows. An angle goes nowhere.
        """
        orbits = self._orbits
        suspect: Bools = self.seen & ~self.cycle
        straight = np.array([turn is None for turn in circumferences(orbits.rule, len(lows))])
        lows, highs = lows[straight], highs[straight]
        for _ in range(WINDOWS):
            state = orbits.shard(*(np.where(suspect.ravel(), orbits.gather(part), np.nan) for part in state))
            low, high, state = self._extents(state)
            low, high = low[straight], high[straight]
            suspect = suspect & self._is_beyond(low, high, lows, highs)
            if not suspect.any():
                return
            lows, highs = np.fmin(lows, low), np.fmax(highs, high)
            yield
        self.away = suspect

    @np.errstate(invalid="ignore", over="ignore")
    def _is_beyond(self, low: Floats, high: Floats, lows: Floats, highs: Floats) -> Bools:
        """Whether orbits went beyond their ends before, or are no longer finite. Shape (pixels, starts)."""
        room = np.where(self._chaotic, FAR_BEYOND, BEYOND) * (highs - lows) + SAME * (1 + np.abs(lows))
        within: Bools = np.logical_and.reduce((low >= lows - room) & (high <= highs + room), axis=0)
        return ~within

    def _of_pixels(self, array: NDArray[Any]) -> NDArray[Any]:
        return array.reshape(-1, self._starts)

    def _hull(self, sides: Floats, none: float, outermost: np.ufunc) -> tuple[Any, ...]:
        """The outermost of the ends (coordinates, pixels, starts) of a pixel's orbits, for each orbit, on the devices."""
        ends = outermost.reduce(np.where(self.seen, sides, none), axis=-1)
        ends = np.where(np.isfinite(ends), ends, 0.0)
        return self._orbits.shard(*np.repeat(ends, self._starts, axis=-1))

    def _count(self, extents: Floats, cells: NDArray[np.uint64]) -> NDArray[np.int32]:
        """The number of each pixel; with none, what its orbits come to. `extents`: (ends, pixels, starts)."""
        fresh, doubtful = self.seen.copy(), self.away.any(axis=1)
        sizes = np.bitwise_count(cells)
        for second in range(1, self._starts):
            for first in range(second):
                same, apart = self._compare(first, second, extents, cells, sizes)
                doubtful |= self.seen[:, first] & self.seen[:, second] & ~same & ~apart
                fresh[:, second] &= ~same
        number = np.where(doubtful, UNRESOLVED, fresh.sum(axis=1))
        lost = (self.period < 0).all(axis=1)
        number[lost] = np.where((self.period[lost] == UNDEFINED).any(axis=1), UNDEFINED, DIVERGED)
        return number.astype(np.int32)

    def _compare(self, i: int, j: int, extents: Floats, cells: NDArray[np.uint64], sizes: NDArray[np.uint8]) -> tuple[Bools, Bools]:
        """(on one attractor, on two of them) of the orbits of two starts at each pixel."""
        cycles = self.cycle[:, i] & self.cycle[:, j]
        distance = np.abs(extents[..., i] - extents[..., j]) / (1 + np.abs(extents[..., i]))
        one = (self.period[:, i] == self.period[:, j]) & (distance <= SAME).all(axis=0)
        common = np.bitwise_count(cells[:, i] & cells[:, j])
        others = self.seen[:, i] & self.seen[:, j] & ~self.cycle[:, i] & ~self.cycle[:, j]
        same = np.where(cycles, one, others & (common > SHARED * np.minimum(sizes[:, i], sizes[:, j])))
        return same, np.where(cycles, ~one, self.settled[:, i] & self.settled[:, j] & (common == 0))


def error_of(samples: int) -> float:
    """About how far an average over the samples is from the exponent."""
    return 1.0 / math.sqrt(samples)
