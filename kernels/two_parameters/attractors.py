"""How many attractors the orbits of several initial conditions at one pair of parameters come to.

Cycles are told apart by their period and their extent, what is no cycle by the cells that it visits. Where a pair of orbits can be told
neither to be on one attractor nor to be on two, as orbits that have not settled, the number is left open.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.execution import jax
from kernels.iteration import DIVERGED, UNDEFINED
from kernels.maps import Map
from kernels.two_parameters import kernels
from kernels.two_parameters.orbits import Found, StateOrbits
from kernels.types import Bools, Floats

MOST_STARTS = 32
"""Maximum number of initial conditions at each pixel."""

UNRESOLVED = 0
"""In the place of a number of attractors: at least two of the orbits are not told apart, or found to be on one attractor."""

SAME = 1e-6
"""Largest difference between the extents of one cycle as two orbits have it, relative to its states."""

SHARED = 0.5
"""Share of the smaller one's cells above which two sets of cells are one attractor's."""

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
        """`error`: up to this an exponent is not told from 0."""
        self._orbits, self._starts = orbits, starts
        self.period, multiplier = self._of_pixels(found.period), self._of_pixels(orbits.cycles[1])
        self.cycle = (self.period > 0) & ~(np.abs(multiplier) > REPELLING)
        chaotic = (self.period == 0) & (self._of_pixels(found.lyapunov) > error)
        self.settled, self.seen = self.cycle | chaotic, self.cycle | (self.period == 0)

    def run(self) -> Iterator[None]:
        """Follow the orbits a little further; None between two calls of the device. Then `number` is known."""
        orbits = self._orbits
        ends = kernels.extents(orbits.rule, orbits.layout, orbits.state, orbits.parameters)
        jax.block_until_ready(ends)
        yield
        lows, highs = (np.stack([self._of_pixels(orbits.gather(part)) for part in side]) for side in ends)
        cells = np.zeros(self.period.shape, np.uint64)
        if (self.seen & ~self.cycle).any():
            low, high = self._hull(lows, np.inf, np.minimum), self._hull(highs, -np.inf, np.maximum)
            cells = self._of_pixels(orbits.gather(kernels.cells(orbits.rule, orbits.layout, orbits.state, orbits.parameters, low, high)))
            yield
        self.number = self._count(np.where(self.cycle, np.concatenate([lows, highs]), 0.0), cells)

    def _of_pixels(self, array: NDArray[Any]) -> NDArray[Any]:
        return array.reshape(-1, self._starts)

    def _hull(self, sides: Floats, none: float, outermost: np.ufunc) -> tuple[Any, ...]:
        """The outermost of the ends (coordinates, pixels, starts) of a pixel's orbits, for each orbit, on the devices."""
        ends = outermost.reduce(np.where(self.seen, sides, none), axis=-1)
        ends = np.where(np.isfinite(ends), ends, 0.0)
        return self._orbits.shard(*np.repeat(ends, self._starts, axis=-1))

    def _count(self, extents: Floats, cells: NDArray[np.uint64]) -> NDArray[np.int32]:
        """The number of each pixel; with none, what its orbits come to. `extents`: (ends, pixels, starts)."""
        fresh, doubtful = self.seen.copy(), np.zeros(len(self.seen), np.bool_)
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
