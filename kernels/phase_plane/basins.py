"""Basins of attraction of a map of the plane: each pixel of a view is an initial condition, labelled by the attractor of its orbit.

The attractors are found without being told, from the states that the orbits of a coarse picture have come to and from whatever orbits of
the fine one come to none of these.
"""

import math
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from kernels import validation
from kernels.execution import batching, devices, jax
from kernels.geometry import Grid
from kernels.iteration import orbits
from kernels.labelled import PICTURE, SHARED, Labelled
from kernels.parameters import Pairs
from kernels.phase_plane import counting
from kernels.phase_plane.attractors import FOLLOWED, Attractor, Attractors, region_of
from kernels.phase_plane.plane import axes_of, plane_map
from kernels.phase_plane.uncertainty import exponent
from kernels.types import Bools, Floats

UNRESOLVED, DIVERGED, UNDEFINED = -1, -2, -3
"""Labels of initial conditions whose orbit has come to no attractor: not within the steps, grown beyond float64, no value of the map."""

BATCH = 32_768
"""Pixels that are iterated together."""

ROUND = 32
"""Steps between two looks at what orbits have come to."""

COARSE = 8
"""Side, in pixels of the grid, of a pixel of the coarse picture."""

LOOKS = 4
"""Looks in a row at which an orbit is in a cell of the same attractor, from which it is taken to have come to it."""

SECOND_LOOKS = 8
"""Rounds after the last one in which an orbit may come to a cell of a known attractor."""

SHOW_EVERY = 0.1
"""Seconds between frames."""

FAR = 1e30
"""A state beyond this has diverged where its image is NaN: infinity minus infinity."""

MOST_STEPS = 1_000_000


@dataclass(frozen=True)
class PlaneBasinsRequest:
    """The basins of attraction over a view. Raises ValueError, in one line, where a field is out of its domain.

    grid: the view; its pixels are the initial conditions. steps: those after which an orbit that has come to no attractor is unresolved.
    attractors: those that labels count, None for all that are found; what comes to another one is then unresolved.
    """

    cut_along: ClassVar[tuple[str, ...]] = PICTURE

    grid: Grid
    map: str = "henon"
    parameters: Pairs = ()
    steps: int = 1000
    attractors: Attractors | None = field(default=None, repr=False, metadata=SHARED)

    def __post_init__(self) -> None:
        chosen = plane_map(self.map)
        object.__setattr__(self, "parameters", chosen.completed(self.parameters))
        if chosen.area_preserving:
            raise ValueError(f"the map {chosen.called} preserves areas, so it has no attractors and no basins; show its orbits")
        validation.count("steps", self.steps, 1, MOST_STEPS)
        devices.check_picture(self.grid.columns, self.grid.rows, self.bytes)

    @property
    def bytes(self) -> int:
        """Memory of the picture and of the copy that is shown."""
        return 4 * self.grid.columns * self.grid.rows

    def frames(self) -> Iterator["PlaneBasinsFrame | None"]:
        """The picture, coarse first; None where a caller may stop. No step takes longer than about 50 ms.

        Raises ValueError, in one line, where float64 does not resolve the view.
        """
        return devices.or_on_cpu(self._frames)

    def prepared(self, grid: Grid) -> Generator[None, None, Self]:
        """Returns the request for parts of `grid`, whose labels count the attractors that are found from a few pixels of all of it."""
        picture = _Picture(replace(self, grid=grid.overview))
        yield from batching.yield_points(picture.frames())
        return replace(self, attractors=picture.attractors)

    def _frames(self) -> Iterator["PlaneBasinsFrame | None"]:
        if not all(self.grid.is_resolved()):
            raise ValueError("float64 cannot tell neighbouring columns or rows apart in this view; zoom out")
        return _Picture(self).frames()


@dataclass(frozen=True, eq=False)
class PlaneBasinsFrame(Labelled, labels=PICTURE):
    """The picture so far.

    labels: for each pixel the index in `attractors`, or UNRESOLVED, DIVERGED or UNDEFINED; int16, shape (rows, columns), top row first.
    Pixels that are not computed yet have the value of a neighbour. uncertainty: of the whole picture the uncertainty exponent of the
    basins' boundary and its standard error, NaN where it is not determined.
    """

    request: PlaneBasinsRequest
    attractors: tuple[Attractor, ...]
    device: str
    seconds: float
    progress: float
    done: bool
    labels: NDArray[np.int16] = field(repr=False)
    uncertainty: tuple[float, float] = (math.nan, math.nan)

    @property
    def axes(self) -> tuple[str, str]:
        """The map's coordinates."""
        return axes_of(self.request.map)

    @property
    def shares(self) -> dict[int, float]:
        """Share of the view of each label that occurs, the largest first."""
        labels, counts = np.unique(self.labels, return_counts=True)
        found = sorted(zip(labels.tolist(), counts.tolist(), strict=True), key=lambda entry: -entry[1])
        return {label: count / self.labels.size for label, count in found}

    @property
    def precision(self) -> str:
        """The floating-point type."""
        return "float64"


class _Picture:
    """The computation of one request."""

    def __init__(self, request: PlaneBasinsRequest) -> None:
        self.request, self.began = request, time.perf_counter()
        self.chosen = plane_map(request.map)
        self.rule = self.chosen.rule
        self.values = tuple(np.float64(value) for value in self.chosen.values(dict(request.parameters)))
        self.layout = devices.layout(BATCH)
        self.attractors, self.is_complete = request.attractors, request.attractors is not None

    def frames(self) -> Iterator[PlaneBasinsFrame | None]:
        grid = self.request.grid
        few = Grid(grid.viewport, -(-grid.columns // COARSE), -(-grid.rows // COARSE))
        coarse = np.full((few.rows, few.columns), UNRESOLVED, np.int16)
        yield from batching.yield_points(self._fill(few, coarse))
        if self.attractors is not None and not self.is_complete:
            coarse = self.attractors.put_in_order(coarse)
        rows = np.arange(grid.rows) * few.rows // grid.rows
        columns = np.arange(grid.columns) * few.columns // grid.columns
        labels = coarse.take(rows, axis=0).take(columns, axis=1)
        yield self._frame(labels, 0.0)
        shown = time.perf_counter()
        for share in self._fill(grid, labels):
            due = time.perf_counter() - shown > SHOW_EVERY
            yield self._frame(labels, share) if due else None
            shown = time.perf_counter() if due else shown
        yield self._frame(labels, 1.0)

    def _fill(self, grid: Grid, labels: NDArray[np.int16]) -> Iterator[float]:
        """Label the grid's pixels, batch by batch; the share that is done, where a caller may stop."""
        x, y = grid.column_values(), grid.row_values()
        flat = labels.reshape(-1)
        for first in range(0, flat.size, BATCH):
            row, column = np.divmod(np.arange(first, min(first + BATCH, flat.size)), grid.columns)
            found = np.full(len(row), UNRESOLVED, np.int16)
            for part in self._labelled(np.stack([x[column], y[row]]), found):
                yield (first + part * len(row)) / flat.size
            flat[first : first + len(row)] = found

    def _labelled(self, states: Floats, labels: NDArray[np.int16]) -> Iterator[float]:
        """Label the orbits of initial conditions (2, n) in `labels` (n,); the share of the steps that is done."""
        left, steps = np.arange(states.shape[1]), self.request.steps
        seen, times = np.full(len(left), -1, np.int16), np.zeros(len(left), np.int16)
        done = 0
        while done < steps and len(left):
            count = min(ROUND, steps - done)
            states = self._advanced(states, count, labels, left)
            done += count
            on = np.isfinite(states).all(0)
            if self.attractors is not None:
                ended, now = self.attractors.come_to(states), self.attractors.visited(states)
                times = np.where((now >= 0) & (now == seen), times + 1, (now >= 0).astype(np.int16))
                ended, seen = np.where((ended < 0) & (times >= LOOKS), now, ended), now
                labels[left[ended >= 0]] = ended[ended >= 0]
                on &= ended < 0
            states, left, seen, times = states[:, on], left[on], seen[on], times[on]
            yield done / steps
        yield from self._told_apart(states, labels, left)

    def _told_apart(self, states: Floats, labels: NDArray[np.int16], left: NDArray[np.intp]) -> Iterator[float]:
        """Label the orbits that have come to no known cycle: by cells of known attractors, and by attractors that are new."""
        if self.attractors is None:
            self.attractors = Attractors(self.chosen, self.request.parameters, *region_of(states))
        for look in range(SECOND_LOOKS):
            if not len(left):
                return
            ended = self.attractors.come_to(states)
            ended = np.where(ended < 0, self.attractors.visited(states), ended)
            labels[left[ended >= 0]] = ended[ended >= 0]
            states, left = states[:, ended < 0], left[ended < 0]
            if len(left) and look < SECOND_LOOKS - 1:
                known = len(self.attractors.found)
                # Some from all over the picture: neighbours tend to end alike.
                for _ in () if self.is_complete else self.attractors.look(states[:, :: -(-len(left) // FOLLOWED)]):
                    yield 1.0
                if len(self.attractors.found) == known:
                    states = self._advanced(states, ROUND, labels, left)
                    on = np.isfinite(states).all(0)
                    states, left = states[:, on], left[on]
            yield 1.0

    def _advanced(self, states: Floats, count: int, labels: NDArray[np.int16], left: NDArray[np.intp]) -> Floats:
        """The states `count` steps on; orbits that are no longer finite are labelled."""
        sharded = self.layout.shard_all(*states)
        later = orbits.advance(self.rule, self.layout, sharded, (), np.int32(count), self.values)
        jax.block_until_ready(later)
        found = np.stack([self.layout.gather(x, states.shape[1]) for x in later])
        lost = ~np.isfinite(found).all(0)
        labels[left[lost]] = DIVERGED
        odd: Bools = np.any(np.isnan(found), axis=0)
        if odd.any():
            start = self.layout.shard_all(*np.where(odd, states, np.nan))
            ends = counting.last_finite(self.rule, self.layout, start, self.values, np.int32(count))
            last, image = (np.stack([self.layout.gather(x, states.shape[1]) for x in state]) for state in ends)
            with np.errstate(invalid="ignore"):
                labels[left[odd & np.isnan(image).any(0) & (np.abs(last) < FAR).all(0)]] = UNDEFINED
        return found

    def _frame(self, labels: NDArray[np.int16], progress: float) -> PlaneBasinsFrame:
        return PlaneBasinsFrame(
            request=self.request,
            attractors=tuple(self.attractors.found) if self.attractors is not None else (),
            device=devices.describe(),
            seconds=time.perf_counter() - self.began,
            progress=progress,
            done=progress == 1.0,
            labels=labels.copy(),
            uncertainty=exponent(labels) if progress == 1.0 else (math.nan, math.nan),
        )
