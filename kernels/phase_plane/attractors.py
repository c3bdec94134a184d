"""The attractors of a map of the plane, found from states that orbits have come to: cycles by their points, others by the cells they visit.

After G. Datseris and A. Wagemakers, Effortless estimation of basins of attraction, Chaos 32 (2022): an attractor is what orbits come
back to. Here a cycle is recognised by its return, and whatever does not return exactly by the cells of a grid that a long orbit visits.
"""

import functools
import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.iteration import orbits
from kernels.maps import Map
from kernels.parameters import Pairs
from kernels.phase_plane.cycles import Continua, Mapping, mapping_of
from kernels.phase_plane.plane import Point, plane_map, wraps_of
from kernels.phase_plane.spectrum import SpectrumRequest
from kernels.types import Bools, Floats

LONGEST_CYCLE = 64
"""Longest period of a cycle that is distinguished from other attractors."""

NEAR = 1e-6
"""Distance from a cycle, relative to the extent of the attractors, at which a state has come to it."""

EXACT = 1e-9
"""Distance at which an orbit has returned."""

CELLS = 256
"""Cells along each side of the grid on which attractors that are not cycles are told apart."""

FOLLOWED = 64
"""States that are followed in one go to find attractors."""

FOLLOWED_STEPS = 4096
"""Steps of each."""

SINGULAR = 1e-4
"""Determinant of a Jacobian, relative to 1 and its square, up to which a state may be near a known curve of fixed points."""

TINY = 1e-15
"""Rounding of a step, relative to the extent."""

SHARED = 0.2
"""Share of the smaller one's cells from which two sets of cells are one attractor's."""

MOST_ATTRACTORS = 100
"""Attractors that are told apart."""

SPECTRUM_STEPS = 20_000


@dataclass(frozen=True)
class Attractor:
    """kind: `fixed point`, `cycle`, `curve`, `area`, `invariant circle`, `chaotic` or `unresolved`.

    A curve or an area consists of fixed points or cycles, all of them one attractor. points: of a cycle, else one state on it.
    period: of a cycle or of these, else 0. exponent: the larger Lyapunov exponent of what is not a cycle, else NaN.
    """

    kind: str
    points: tuple[Point, ...]
    period: int = 0
    exponent: float = math.nan


@dataclass(eq=False)
class Attractors:
    """The attractors found so far. scale: the extent (2,) of the region that they lie in; corner: its lower left.

    Other processes can be sent them.
    """

    chosen: Map
    parameters: Pairs
    corner: Floats
    scale: Floats
    found: list[Attractor] = field(default_factory=list)
    cells: list[set[int]] = field(default_factory=list)
    """Of each attractor the cells that it visits; none of a cycle."""
    grid: NDArray[np.int16] = field(init=False)
    """The attractor of each cell, -1 for none. Shape (CELLS * CELLS + 1,), the last for what lies outside."""

    def __post_init__(self) -> None:
        self.grid = np.full(CELLS * CELLS + 1, -1, np.int16)
        self.wraps = wraps_of(self.chosen)
        self.values = tuple(np.float64(value) for value in self.chosen.values(dict(self.parameters)))

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.chosen.name, self.parameters, self.corner, self.scale, self.found, self.cells, self.grid)

    def come_to(self, states: Floats) -> NDArray[np.int16]:
        """Index of the cycle that each state (2, n) has come to, -1 where it has come to none. Shape (n,)."""
        labels = np.full(states.shape[1], -1, np.int16)
        for n, attractor in enumerate(self.found):
            if attractor.kind in ("curve", "area"):
                labels[self._on_continuum(states, attractor.period)] = n
        for n, attractor in enumerate(self.found):
            for point in attractor.points if attractor.kind in ("fixed point", "cycle") else ():
                labels[self._near(states, point, NEAR)] = n
        return labels

    def visited(self, states: Floats) -> NDArray[np.int16]:
        """Index of the attractor in whose cell each state (2, n) lies, -1 where there is none. Shape (n,)."""
        return self.grid[self._cells(states)]

    def look(self, states: Floats) -> Iterator[None]:
        """Find the attractors that these states (2, n), FOLLOWED at most, lead to; None where a caller may stop."""
        padded = np.full((2, FOLLOWED), np.nan)
        padded[:, : states.shape[1]] = states[:, :FOLLOWED]
        orbit = np.stack([np.asarray(x) for x in orbits.orbit(self.chosen.rule, tuple(padded), self.values, FOLLOWED_STEPS)])
        yield None
        for n in range(min(states.shape[1], FOLLOWED)):
            if n % 8 == 7:
                yield None
            mine = orbit[:, :, n]
            if len(self.found) < MOST_ATTRACTORS and np.isfinite(mine[:, -1]).all():
                yield from self._add(mine)

    def put_in_order(self, labels: NDArray[np.int16]) -> NDArray[np.int16]:
        """Number the attractors from left to right, so that a picture of another size has the same colours; the labels as they are then."""
        order = sorted(range(len(self.found)), key=self._place)
        self.found, self.cells = [self.found[n] for n in order], [self.cells[n] for n in order]
        places = np.argsort(order).astype(np.int16)

        def renumbered(old: NDArray[np.int16]) -> NDArray[np.int16]:
            return np.where(old >= 0, places[np.maximum(old, 0)], old) if len(places) else old

        self.grid = renumbered(self.grid)
        return renumbered(labels)

    def _place(self, n: int) -> tuple[float, ...]:
        """The leftmost cell of an attractor, or of a cycle its leftmost point to within rounding; then the lowest of several."""
        if cells := self.cells[n]:
            column, row = min((cell % CELLS, cell // CELLS) for cell in cells)
            return column, row
        return tuple(np.round((np.asarray(self.found[n].points[0]) - self.corner) / self.scale * CELLS, 3))

    def _add(self, orbit: Floats) -> Iterator[None]:
        """Add the attractor that an orbit (2, steps) has come to, unless it is known; None where a caller may stop."""
        last = orbit[:, -1]
        if self.come_to(last[:, None])[0] >= 0:
            return
        returns = np.flatnonzero(self._near(orbit[:, -1 - LONGEST_CYCLE : -1][:, ::-1], (float(last[0]), float(last[1])), EXACT))
        if len(returns):
            period = int(returns[0]) + 1
            points = [(float(x), float(y)) for x, y in orbit[:, -period:].T]
            first = points.index(min(points))
            kind = "fixed point" if period == 1 else "cycle"
            continua = Continua(self._mapping, period, self.scale)
            if continua.on_curve(last[:, None])[0]:
                kind, points, first = "area" if continua.is_area else "curve", points[-1:], 0
            self._put(Attractor(kind, tuple(points[first:] + points[:first]), period), set())
            return
        cells = set(self._cells(orbit[:, orbit.shape[1] // 2 :]).tolist()) - {CELLS * CELLS}
        for n, known in enumerate(self.cells):
            if known and len(known & cells) >= SHARED * min(len(known), len(cells)):
                known |= cells
                self.grid[list(cells)] = n
                return
        if cells:
            told = yield from self._told(last)
            self._put(told, cells)

    def _told(self, state: Floats) -> Generator[None, None, Attractor]:
        """What kind of attractor a state lies on, which is not a short cycle: by its Lyapunov exponents."""
        start = float(state[0]), float(state[1])
        request = SpectrumRequest(self.chosen.name, self.parameters, start, transient=0, steps=SPECTRUM_STEPS)
        spectrum: Any = None
        for frame in request.frames():
            spectrum = frame
            yield None
        sign = spectrum.signs[0]
        kind = "unresolved" if sign is None or sign < 0 else "chaotic" if sign else "invariant circle"
        return Attractor(kind, (start,), 0, spectrum.exponents[0])

    def _put(self, attractor: Attractor, cells: set[int]) -> None:
        self.grid[list(cells)] = len(self.found)
        self.found.append(attractor)
        self.cells.append(cells)

    @functools.cached_property
    def _mapping(self) -> Mapping:
        return mapping_of(self.chosen, tuple(map(float, self.values)))

    def _on_continuum(self, states: Floats, period: int) -> Bools:
        """Which states (2, n) are near a curve of points of this period, or in an area of them, where one is known. Shape (n,)."""
        dx, dy, a, b, c, d, _ = self._mapping.differences(states, period)
        ratio = self.scale[0] / self.scale[1]
        dx, dy = dx / self.scale[0], dy / self.scale[1]
        first, second = np.stack([a - 1, c * ratio]), np.stack([b / ratio, d - 1])
        with np.errstate(invalid="ignore", over="ignore"):
            # Where the Jacobian is singular, its columns are parallel, and the size of both is its larger singular value.
            size = np.sqrt((first**2 + second**2).sum(0))
            along = np.where((first**2).sum(0) >= (second**2).sum(0), first, second)
            across = np.abs(dx * along[1] - dy * along[0])
            singular = np.abs(first[0] * second[1] - first[1] * second[0]) <= SINGULAR * (1 + size**2)
            near: Bools = (np.hypot(dx, dy) <= NEAR * size + TINY) & (across <= EXACT * np.sqrt((along**2).sum(0)) + TINY)
        return near & singular

    def _near(self, states: Floats, point: Point, share: float) -> Bools:
        away = np.ones(states.shape[1], np.bool_)
        for x, at, period, scale in zip(states, point, self.wraps, self.scale, strict=True):
            gap = x - at
            away &= np.abs(gap - period * np.round(gap / period) if period else gap) <= share * scale
        return away

    def _cells(self, states: Floats) -> NDArray[np.intp]:
        with np.errstate(all="ignore"):
            across, up = ((x - low) / scale * CELLS for x, low, scale in zip(states, self.corner, self.scale, strict=True))
            inside = (across >= 0) & (across < CELLS) & (up >= 0) & (up < CELLS)
        column, row = (np.where(inside, place, 0).astype(np.intp) for place in (across, up))
        return np.where(inside, row * CELLS + column, CELLS * CELLS)


def _again(name: str, parameters: Pairs, corner: Floats, scale: Floats, found: list[Attractor], cells: Any, grid: Any) -> Attractors:
    """The attractors in another process, whose map is found by its name or formula."""
    made = Attractors(plane_map(name), parameters, corner, scale, found, cells)
    made.grid = grid
    return made


def region_of(states: Floats) -> tuple[Floats, Floats]:
    """(corner, scale) of a region about the finite ones of states (2, n)."""
    finite = states[:, np.isfinite(states).all(0)]
    if not finite.shape[1]:
        return np.zeros(2), np.ones(2)
    # A few orbits on their way out should not make the rest a cell.
    low, high = np.percentile(finite, [1, 99], axis=1)
    scale = np.maximum(high - low, 1e-3 * np.maximum(1.0, np.abs(high)))
    return low - 0.1 * scale, 1.2 * scale
