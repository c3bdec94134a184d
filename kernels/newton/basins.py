"""Basins of attraction of Newton's method: each pixel of a view is an initial point, labelled by its limit.

The pixels are sharded over the devices like the columns of a bifurcation diagram and computed in tiles that stop when all of their pixels
have ended. A coarse picture comes first, then the full one, part by part.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kernels import validation
from kernels.catalog import find_objective
from kernels.execution import Layout, batching, devices
from kernels.geometry import Grid
from kernels.newton.arrival import small_arrivals
from kernels.newton.basin_kernel import (
    BLOCK,
    DIVERGED,
    ELSEWHERE,
    NEAR,
    OUTSIDE,
    SINGULAR,
    TABLE,
    UNRESOLVED,
    Plane,
    Tiles,
    basins,
    gather,
    replicated,
    spread,
)
from kernels.objectives import StationaryPoint
from kernels.parameters import Pairs

__all__ = ["DIVERGED", "ELSEWHERE", "OUTSIDE", "SINGULAR", "UNRESOLVED", "NewtonBasinFrame", "NewtonBasinRequest"]

CALL = 512
"""Maximum number of tiles in a call, over all devices."""

COARSE = 8
"""Side, in pixels of the grid, of a pixel of the coarse picture."""

MOST_POINTS = 512
"""Maximum number of stationary points that are distinguished."""

SHOW_EVERY = 0.1
"""Seconds between frames."""


@dataclass(frozen=True)
class NewtonBasinRequest:
    """Basins of attraction of Newton's method, with steps scaled by `damping`, for an objective of two variables.

    Raises ValueError, in one line, where a field is out of its domain.

    Attributes:
        grid: the view; its pixels are the initial points.
        objective, parameters, damping: as in a NewtonRequest.
        max_steps: number of steps after which an initial point is unresolved.
        tolerance: gradient norm at which it has converged.

    """

    grid: Grid
    objective: str = "himmelblau"
    damping: float = 1.0
    max_steps: int = 40
    tolerance: float = 1e-8
    parameters: Pairs = ()

    def __post_init__(self) -> None:
        objective = find_objective(self.objective)
        object.__setattr__(self, "parameters", objective.completed(self.parameters))
        if objective.dimension != 2:
            raise ValueError(f"{objective.called} is not of two variables; basins are drawn of those that are, such as himmelblau")
        validation.positive("damping", self.damping, 2.0)
        validation.positive("tolerance", self.tolerance, 1e10)
        validation.count("max_steps", self.max_steps, 1, 1000)
        devices.check_memory(f"a picture of {self.grid.columns} x {self.grid.rows}", self.bytes, "ask for fewer columns or rows")

    @property
    def bytes(self) -> int:
        """Memory of the picture and of the copy that is shown."""
        return 8 * self.grid.columns * self.grid.rows

    def frames(self) -> Iterator["NewtonBasinFrame | None"]:
        """Frames of the picture, coarse first; None where the caller may stop. No step takes longer than about 50 ms."""
        if not all(self.grid.is_resolved()):
            raise ValueError("float64 cannot tell neighbouring columns or rows apart in this view; zoom out")
        return _Picture(self).frames()


@dataclass(frozen=True, eq=False)
class NewtonBasinFrame:
    """The picture so far.

    Attributes:
        points: the stationary points, first the known ones of the objective, then those that were found.
        labels: for each pixel the index in `points` of its limit, or UNRESOLVED, DIVERGED, SINGULAR, OUTSIDE or ELSEWHERE; int16, shape
            (rows, columns), top row first. Pixels that are not computed yet have the value of a neighbour.
        steps: the number of steps, int16, same shape.
        progress: share of the picture that is done, in [0, 1].
        seconds: since the request was begun.

    """

    request: NewtonBasinRequest
    points: tuple[StationaryPoint, ...]
    device: str
    seconds: float
    progress: float
    done: bool
    labels: NDArray[np.int16] = field(repr=False)
    steps: NDArray[np.int16] = field(repr=False)


class _Picture:
    """The computation of one request."""

    def __init__(self, request: NewtonBasinRequest) -> None:
        self.request, self.began = request, time.perf_counter()
        objective = find_objective(request.objective)
        self.function = objective.at(request.parameters)
        self.points = list(objective.known(2, request.parameters))
        size = devices.mesh().size
        self.layout = Layout(devices.mesh(), -(-CALL // size), 1)
        self.shared: tuple[tuple[int, int], Plane] | None = None
        self.settings = (np.float64(request.damping), np.float64(request.tolerance), np.int32(request.max_steps))

    def frames(self) -> Iterator[NewtonBasinFrame | None]:
        grid = self.request.grid
        coarse = Tiles(Grid(grid.viewport, -(-grid.columns // COARSE), -(-grid.rows // COARSE)))
        yield from batching.yield_points(self._fill(coarse))
        rows = np.arange(grid.rows) * coarse.grid.rows // grid.rows
        columns = np.arange(grid.columns) * coarse.grid.columns // grid.columns
        tiles = Tiles(grid)
        tiles.pictures[:] = coarse.pictures.take(rows, axis=1).take(columns, axis=2)
        yield self._frame(tiles, 0.0)
        shown = time.perf_counter()
        for share in self._fill(tiles):
            due = share < 1.0 and time.perf_counter() - shown > SHOW_EVERY
            yield self._frame(tiles, share) if due else None
            shown = time.perf_counter() if due else shown
        yield self._frame(tiles, 1.0)

    def _fill(self, tiles: Tiles) -> Iterator[float]:
        """Compute the tiles, as many in a call as its time allows; yield the share that is done."""
        at = 0
        kind = ("basins", self.function.rule, self.layout)
        while at < len(tiles):
            count = min(len(tiles) - at, CALL, batching.batch_size(kind, 16 * BLOCK))
            with batching.record_duration(kind, count, lambda: 16 * BLOCK):
                tiles.put(at, count, *self._call(tiles, at, count))
            at += count
            yield at / len(tiles)

    def _call(self, tiles: Tiles, first: int, count: int) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
        """Labels and steps of the pixels of `count` tiles, each of shape (count * BLOCK,)."""
        ended = basins(self.layout, spread(self.layout, first, count), self._shared(tiles))
        labels, steps = (gather(self.layout, array, count) for array in ended[:2])
        new = labels == ELSEWHERE
        if new.any():
            x, y = (gather(self.layout, array, count)[new] for array in ended[2:])
            labels = labels.copy()
            labels[new] = self._named(np.stack([x, y], axis=1))
        return labels, steps

    def _shared(self, tiles: Tiles) -> Plane:
        """The Plane of these tiles, transferred to the devices once, and again when a new point was found."""
        key = (id(tiles), len(self.points))
        if self.shared is None or self.shared[0] != key:
            table = np.full((TABLE, 2), np.inf)
            known = [point.point for point in self.points[:TABLE]]
            table[: len(known)] = np.reshape(known, (-1, 2))
            plane = Plane(self.function, tiles.xs, tiles.ys, np.int32(tiles.across), table, *self.settings)
            self.shared = key, replicated(self.layout, plane)
        return self.shared[1]

    def _named(self, places: NDArray[np.float64]) -> NDArray[np.int16]:
        """Labels of limits that are not in the kernel's table, shape (count,); new stationary points are added to `points`."""
        firsts, group = _groups(places)
        labels = self._known(places[firsts])
        finite = np.isfinite(places[firsts]).all(1)
        labels[~finite] = DIVERGED  # the gradient fell below the tolerance while the iterates diverged
        new = np.flatnonzero((labels == ELSEWHERE) & finite)
        if len(new):
            found = places[firsts[new]]
            away = np.zeros(len(new), bool)
            for number, (place, arrival) in enumerate(zip(found, small_arrivals(self.function, found), strict=True)):
                away[number] = arrival.runs_away
                if arrival.kind and len(self.points) < MOST_POINTS and self._known(place[None])[0] == ELSEWHERE:
                    self.points.append(StationaryPoint(tuple(map(float, place)), arrival.kind))
            labels[new] = np.where(away, DIVERGED, self._known(found))
        return labels[group]

    def _known(self, places: NDArray[np.float64]) -> NDArray[np.int16]:
        """Index of the known point near each place, ELSEWHERE where there is none."""
        if not self.points:
            return np.full(len(places), ELSEWHERE, np.int16)
        known = np.array([point.point for point in self.points])
        gaps = np.abs(known - places[:, None]).max(2) / (1 + np.abs(known).max(1))
        nearest = gaps.argmin(1)
        near = gaps[np.arange(len(places)), nearest] <= NEAR
        return np.where(near, nearest, ELSEWHERE).astype(np.int16)

    def _frame(self, tiles: Tiles, progress: float) -> NewtonBasinFrame:
        return NewtonBasinFrame(
            request=self.request,
            points=tuple(self.points),
            device=devices.describe(),
            seconds=time.perf_counter() - self.began,
            progress=progress,
            done=progress == 1.0,
            labels=tiles.pictures[0].copy(),
            steps=tiles.pictures[1].copy(),
        )


def _groups(places: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Group places that round to the same numbers: (index of the first place of each group, group of each place)."""
    rounded = np.round(places / NEAR)
    _, firsts, group = np.unique(rounded[:, 0] + 1j * rounded[:, 1], return_index=True, return_inverse=True)
    return firsts, group.reshape(-1)
