"""A picture that is computed coarse first: the middle pixel of each square, then those of smaller squares in it, none of them twice."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.execution import devices
from kernels.geometry import Grid
from kernels.two_parameters.attractors import Counting, error_of
from kernels.two_parameters.forced import Forced, ForcedOrbits
from kernels.two_parameters.orbits import Found, PlaneOrbits, StateOrbits
from kernels.types import Floats, Rule

SIDES = (15, 5, 1)
"""Sides of the squares in pixels, odd and each a multiple of the next: so the middle of a square is the middle of one in it."""

BATCH, WIDE_BATCH = 8192, 131_072
"""Pixels that are iterated together, on a CPU and on a GPU."""

SHOW_EVERY = 0.1
"""Seconds between frames."""


class Picture:
    """The computation of one picture.

    Attributes:
        found: arrays of shape (rows, columns), top row first; pixels not computed yet have the values of a neighbour.
        side: of the squares whose middle pixels are all known, in pixels.

    """

    def __init__(
        self,
        grid: Grid,
        rule: Rule,
        origins: tuple[Floats, ...],
        values: Callable[[Any, Any], tuple[Any, ...]],
        transient: int,
        samples: int,
    ) -> None:
        """`origins`: the initial conditions at each pixel, an array for each coordinate; with several the attractors are counted."""
        self.began = time.perf_counter()
        self.across, self.up = grid.column_values(), grid.row_values()
        self.rule, self.origins, self.starts, self.values, self.lengths = rule, origins, len(origins[0]), values, (transient, samples)
        orbits = BATCH if devices.platform() == "cpu" else WIDE_BATCH
        self.layout, self.batch = devices.layout(orbits), orbits // self.starts
        self.found = Found.unknown((grid.rows, grid.columns), len(origins) == 2, self.starts > 1)
        self._known = np.zeros((grid.rows, grid.columns), np.bool_)
        self.side = 0

    @property
    def seconds(self) -> float:
        """Since the picture was begun."""
        return time.perf_counter() - self.began

    @property
    def progress(self) -> float:
        """Share of the pixels that is known."""
        return float(np.count_nonzero(self._known)) / self._known.size

    def steps(self) -> Iterator[bool]:
        """Compute; where a caller may stop, whether there is something new to be shown."""
        shown = 0.0
        for side in SIDES:
            rows, columns = self._left(side)
            for first in range(0, len(rows), self.batch):
                part = slice(first, first + self.batch)
                for _ in self._compute(rows[part], columns[part], side):
                    yield False
                if self.side and first + self.batch < len(rows) and self.seconds - shown > SHOW_EVERY:
                    yield True
                    shown = self.seconds
            self.side = side
            yield True
            shown = self.seconds

    def _left(self, side: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The pixels of this side's squares that are not known: (rows, columns), from the top."""
        wanted = np.zeros_like(self._known)
        middles = [self._middles(side, 0, -(-length // side), length) for length in self._known.shape]
        wanted[np.ix_(*middles)] = True
        rows, columns = np.nonzero(wanted & ~self._known)
        return rows, columns

    def _compute(self, rows: NDArray[np.intp], columns: NDArray[np.intp], side: int) -> Iterator[None]:
        made = PlaneOrbits if len(self.origins) == 2 else ForcedOrbits if isinstance(self.rule, Forced) else StateOrbits
        values = self.values(self.across[columns], self.up[rows])
        repeated = tuple(np.repeat(np.broadcast_to(value, rows.shape), self.starts) for value in values)
        orbits = made(self.rule, self.layout, tuple(np.tile(part, len(rows)) for part in self.origins), repeated)
        yield from orbits.run(*self.lengths)
        found = orbits.found(self.lengths[1])
        if self.starts > 1:
            counting = Counting(orbits, found, self.starts, error_of(self.lengths[1]))
            yield from counting.run()
            found = replace(found.at(slice(None, None, self.starts)), attractors=counting.number)
        self._known[rows, columns] = True
        self.found.put(rows, columns, found)
        self._spread(rows, side)

    def _spread(self, rows: NDArray[np.intp], side: int) -> None:
        """Show the values at the middles of these rows' squares in the whole of them, but where pixels are known."""
        height, width = self._known.shape
        first, last = int(rows[0]) // side, int(rows[-1]) // side + 1
        band = slice(first * side, min(last * side, height))
        middles = np.ix_(self._middles(side, first, last, height), self._middles(side, 0, -(-width // side), width))
        unknown = ~self._known[band]
        for array in self.found.arrays:
            squares = array[middles].repeat(side, axis=0).repeat(side, axis=1)
            np.copyto(array[band], squares[: len(unknown), :width], where=unknown)

    @staticmethod
    def _middles(side: int, first: int, last: int, length: int) -> NDArray[np.intp]:
        """The middle pixels, along an axis of `length`, of the squares from `first` to before `last`."""
        return np.minimum(np.arange(first, last) * side + side // 2, length - 1)
