"""Pictures that are computed in tiles: a label and a number of steps for each pixel, coarse first, then in full, part by part.

The pixels are sharded over the devices like the columns of a bifurcation diagram.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from kernels import validation
from kernels.execution import Layout, batching, devices
from kernels.geometry import Grid
from kernels.newton.basin_kernel import BLOCK, ELSEWHERE, TABLE, Shared, Tiles, gather, replicated, spread
from kernels.types import Array, Floats

CALL = 512
"""Maximum number of tiles in a call, over all devices."""

EXPECTED = 1000
"""Steps of a pixel as long as nothing was measured: more than most take, so that the first call is short."""

COARSE = 8
"""Side, in pixels of the grid, of a pixel of the coarse picture."""

SHOW_EVERY = 0.1
"""Seconds between frames."""

Frame = TypeVar("Frame")


class TiledPicture(ABC, Generic[Frame, Shared]):
    """The computation of one picture.

    Attributes:
        kind: of the work, for the number of tiles in a call; the pictures of one kind take equally long for each tile.
        dtype: of the labels and the numbers of steps.

    """

    dtype: type[np.generic] = np.int16

    def __init__(self, grid: Grid, kind: tuple[Hashable, ...]) -> None:
        self.grid, self.began = grid, time.perf_counter()
        self.layout = Layout(devices.mesh(), -(-CALL // devices.mesh().size), 1)
        self.kind = (*kind, self.layout)
        self._kept: tuple[tuple[int, int], Shared] | None = None

    @abstractmethod
    def known(self) -> Floats:
        """The limits known so far, in the order of their labels, shape (limits, 2)."""

    @abstractmethod
    def named(self, places: Floats) -> NDArray[np.int16]:
        """Labels of limits that are not in the kernel's table, shape (count,); new ones become known."""

    @abstractmethod
    def shared(self, tiles: Tiles, table: Floats) -> Shared:
        """The arguments of the kernel that all tiles share. `table`: the first TABLE known limits, padded with infinity."""

    @abstractmethod
    def kernel(self, numbers: Array, shared: Shared) -> tuple[Array, Array, Array, Array]:
        """Labels, numbers of steps, and the two coordinates of the limits of the tiles with these numbers."""

    @abstractmethod
    def frame(self, tiles: Tiles, progress: float) -> Frame:
        """The picture so far."""

    @property
    def seconds(self) -> float:
        """Since the picture was begun."""
        return time.perf_counter() - self.began

    def frames(self) -> Iterator[Frame | None]:
        """Frames of the picture, coarse first; None where the caller may stop. ValueError: float64 does not resolve the view."""
        grid = self.grid
        if not all(grid.is_resolved()):
            raise ValueError("float64 cannot tell neighbouring columns or rows apart in this view; zoom out")
        coarse = Tiles(Grid(grid.viewport, -(-grid.columns // COARSE), -(-grid.rows // COARSE)), self.dtype)
        tiles = Tiles(grid, self.dtype)
        for name in ("xs", "ys"):  # of one length, so that both pictures need one compilation
            few, many = getattr(coarse, name), getattr(tiles, name)
            setattr(coarse, name, np.pad(few, (0, len(many) - len(few)), constant_values=np.nan))
        yield from batching.yield_points(self._fill(coarse))
        rows = np.arange(grid.rows) * coarse.grid.rows // grid.rows
        columns = np.arange(grid.columns) * coarse.grid.columns // grid.columns
        tiles.pictures[:] = coarse.pictures.take(rows, axis=1).take(columns, axis=2)
        yield self.frame(tiles, 0.0)
        shown = time.perf_counter()
        for share in self._fill(tiles):
            due = share < 1.0 and time.perf_counter() - shown > SHOW_EVERY
            yield self.frame(tiles, share) if due else None
            shown = time.perf_counter() if due else shown
        yield self.frame(tiles, 1.0)

    def _fill(self, tiles: Tiles) -> Iterator[float]:
        """Compute the tiles, as many in a call as its time allows; yield the share that is done."""
        at = 0
        while at < len(tiles):
            count = min(len(tiles) - at, CALL, batching.batch_size(self.kind, EXPECTED * BLOCK))
            with batching.record_duration(self.kind, count, lambda: EXPECTED * BLOCK):
                tiles.put(at, count, *self._call(tiles, at, count))
            at += count
            yield at / len(tiles)

    def _call(self, tiles: Tiles, first: int, count: int) -> tuple[NDArray[np.generic], NDArray[np.generic]]:
        """Labels and numbers of steps of the pixels of `count` tiles, each of shape (count * BLOCK,)."""
        ended = self.kernel(spread(self.layout, first, count), self._shared(tiles))
        labels, steps = (gather(self.layout, array, count) for array in ended[:2])
        new = labels == ELSEWHERE
        if new.any():
            x, y = (gather(self.layout, array, count)[new] for array in ended[2:])
            labels = labels.copy()
            labels[new] = self.named(np.stack([x, y], axis=1))
        return labels, steps

    def _shared(self, tiles: Tiles) -> Shared:
        """The kernel's shared arguments, transferred to the devices once, and again when a new limit was found."""
        known = self.known()
        key = (id(tiles), len(known))
        if self._kept is None or self._kept[0] != key:
            table = np.full((TABLE, 2), np.inf)
            table[: len(known)] = known[:TABLE]
            self._kept = key, replicated(self.layout, self.shared(tiles, table))
        return self._kept[1]


def check_steps(damping: float, max_steps: int) -> None:
    """Raise ValueError, in one line, where the scaling of the steps or their number is out of its domain."""
    validation.positive("damping", damping, 2.0)
    validation.count("max_steps", max_steps, 1, 1000)


def check_pixels(grid: Grid, each: int) -> None:
    """Raise ValueError, in one line, where a picture with `each` bytes for a pixel does not fit into the memory."""
    devices.check_picture(grid.columns, grid.rows, each * grid.columns * grid.rows)
