"""Basins of attraction of Newton's method: each pixel of a view is an initial point, labelled by its limit.

The tiles stop when all of their pixels have ended.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from kernels import validation
from kernels.catalog import find_objective
from kernels.execution import batching, devices
from kernels.geometry import Grid
from kernels.labelled import PICTURE, SHARED, Labelled
from kernels.newton.arrival import small_arrivals
from kernels.newton.basin_kernel import DIVERGED, ELSEWHERE, NEAR, OUTSIDE, SINGULAR, UNRESOLVED, Plane, Tiles, basins
from kernels.newton.tiled_picture import TiledPicture, check_pixels, check_steps
from kernels.objectives import StationaryPoint
from kernels.parameters import Pairs
from kernels.types import Array, Floats

__all__ = ["DIVERGED", "ELSEWHERE", "OUTSIDE", "SINGULAR", "UNRESOLVED", "NewtonBasinFrame", "NewtonBasinRequest"]

MOST_POINTS = 512
"""Maximum number of stationary points that are distinguished."""

STRIP = 4096
"""Places whose distances from all points are looked at together."""

PIXEL = 8
"""Bytes for each pixel of the picture and of the copy that is shown."""


@dataclass(frozen=True)
class NewtonBasinRequest:
    """Basins of attraction of Newton's method, with steps scaled by `damping`, for an objective of two variables.

    Raises ValueError, in one line, where a field is out of its domain.

    Attributes:
        grid: the view; its pixels are the initial points.
        objective, parameters, damping: as in a NewtonRequest.
        max_steps: number of steps after which an initial point is unresolved.
        tolerance: gradient norm at which it has converged.
        points: the stationary points that labels count, None for the known ones and all that are found; what comes to another one is then
            labelled ELSEWHERE.

    """

    cut_along: ClassVar[tuple[str, ...]] = PICTURE

    grid: Grid
    objective: str = "himmelblau"
    damping: float = 1.0
    max_steps: int = 40
    tolerance: float = 1e-8
    parameters: Pairs = ()
    points: tuple[StationaryPoint, ...] | None = field(default=None, repr=False, metadata=SHARED)

    def __post_init__(self) -> None:
        objective = find_objective(self.objective)
        object.__setattr__(self, "parameters", objective.completed(self.parameters))
        if objective.dimension != 2:
            raise ValueError(f"{objective.called} is not of two variables; basins are drawn of those that are, such as himmelblau")
        check_steps(self.damping, self.max_steps)
        validation.positive("tolerance", self.tolerance, 1e10)
        check_pixels(self.grid, PIXEL)

    def frames(self) -> Iterator["NewtonBasinFrame | None"]:
        """Frames of the picture, coarse first; None where the caller may stop. No step takes longer than about 50 ms."""
        return _Picture(self).frames()

    def prepared(self, grid: Grid) -> Generator[None, None, Self]:
        """Returns the request for parts of `grid`, whose labels count the points that are found from a few pixels of all of it."""
        frame: Any = yield from batching.last_of(replace(self, grid=grid.overview).frames())
        return replace(self, points=frame.points)


@dataclass(frozen=True, eq=False)
class NewtonBasinFrame(Labelled, labels=PICTURE, steps=PICTURE):
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


class _Picture(TiledPicture["NewtonBasinFrame", Plane]):
    """The computation of one request."""

    def __init__(self, request: NewtonBasinRequest) -> None:
        objective = find_objective(request.objective)
        self.request, self.function = request, objective.at(request.parameters)
        self.is_complete = request.points is not None
        self.points = list(objective.known(2, request.parameters) if request.points is None else request.points)
        self.settings = (np.float64(request.damping), np.float64(request.tolerance), np.int32(request.max_steps))
        super().__init__(request.grid, ("basins", self.function.rule))

    def known(self) -> Floats:
        """The stationary points known so far."""
        return np.reshape([point.point for point in self.points], (-1, 2))

    def shared(self, tiles: Tiles, table: Floats) -> Plane:
        """The Plane of these tiles."""
        return Plane(self.function, tiles.xs, tiles.ys, np.int32(tiles.across), table, *self.settings)

    def kernel(self, numbers: Array, shared: Plane) -> tuple[Array, Array, Array, Array]:
        """Outcomes of the tiles with these numbers."""
        return basins(self.layout, numbers, shared)

    def named(self, places: Floats) -> NDArray[np.int16]:
        """Labels of limits that are not in the kernel's table, shape (count,); new stationary points are added to `points`."""
        firsts, group = _groups(places)
        labels = self._labels(places[firsts])
        finite = np.isfinite(places[firsts]).all(1)
        labels[~finite] = DIVERGED  # the gradient fell below the tolerance while the iterates diverged
        new = np.flatnonzero((labels == ELSEWHERE) & finite)
        if len(new):
            found = places[firsts[new]]
            away = np.zeros(len(new), bool)
            for number, (place, arrival) in enumerate(zip(found, small_arrivals(self.function, found), strict=True)):
                away[number] = arrival.runs_away
                is_open = not self.is_complete and len(self.points) < MOST_POINTS
                if arrival.kind and is_open and self._labels(place[None])[0] == ELSEWHERE:
                    self.points.append(StationaryPoint(tuple(map(float, place)), arrival.kind))
            labels[new] = np.where(away, DIVERGED, self._labels(found))
        if self.is_complete:  # a label does not depend on the other places
            return np.where((mine := self._labels(places)) == ELSEWHERE, np.minimum(labels[group], DIVERGED), mine)
        return labels[group]

    def _labels(self, places: Floats) -> NDArray[np.int16]:
        """Index of the known point near each place, ELSEWHERE where there is none."""
        found = np.full(len(places), ELSEWHERE, np.int16)
        known = self.known()
        for at in range(0, len(places) if self.points else 0, STRIP):
            some = places[at : at + STRIP]
            gaps = np.abs(known - some[:, None]).max(2) / (1 + np.abs(known).max(1))
            nearest = gaps.argmin(1)
            near = gaps[np.arange(len(some)), nearest] <= NEAR
            found[at : at + STRIP] = np.where(near, nearest, ELSEWHERE)
        return found

    def frame(self, tiles: Tiles, progress: float) -> NewtonBasinFrame:
        """The picture so far."""
        return NewtonBasinFrame(
            request=self.request,
            points=tuple(self.points),
            device=devices.describe(),
            seconds=self.seconds,
            progress=progress,
            done=progress == 1.0,
            labels=tiles.pictures[0].copy(),
            steps=tiles.pictures[1].copy(),
        )


def _groups(places: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Group places that round to the same numbers: (index of the first place of each group, group of each place)."""
    rounded = np.round(places / NEAR)
    _, firsts, group = np.unique(rounded[:, 0] + 1j * rounded[:, 1], return_index=True, return_inverse=True)
    return firsts, group.reshape(-1)
