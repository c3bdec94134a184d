"""What a poster takes, estimated from small tiles of it that are computed, coloured and packed here."""

import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from funjax_gui.posters.formats import PYRAMIDS
from funjax_gui.posters.poster import PosterJob
from kernels.labelled import COLUMN, ROW
from kernels.posters import Computed, Cut, arrays_of, duration

PLACES = (0.2, 0.5, 0.8)
"""Where the tiles lie, as shares of the picture's width and height."""

SIDE, STRIP = 128, 64
"""Columns and rows of a tile, or columns where it has all rows, at most."""

LONG = 10.0
"""Seconds of all measuring, from which no further tile is computed."""


@dataclass(frozen=True, eq=False)
class PosterEstimate:
    """Measures small tiles of a poster; the first one twice, since its kernels may have to be compiled."""

    job: PosterJob

    def frames(self) -> Iterator["PosterEstimateFrame | None"]:
        """A frame after each tile; None where the caller may stop. Raises ValueError, in one line, as `PosterJob.plan` does."""
        whole = yield from self.job.plan().prepared()
        began, measured = time.perf_counter(), []
        for place in (PLACES[1], *PLACES):
            tile = _tile(whole, place)
            frame, seconds = None, 0.0
            parts = iter(tile.frames())
            while True:  # what else the worker does between two parts is not counted
                start = time.perf_counter()
                part = next(parts, END)
                seconds += time.perf_counter() - start
                if part is END:
                    break
                frame = part or frame
                yield None
            measured.append(self._measured(tile, arrays_of(frame), seconds))
            if (is_slow := time.perf_counter() - began > LONG) or len(measured) > 1:
                some = measured[1:] or measured
                means = (sum(values) / len(some) for values in zip(*some, strict=True))
                yield self._frame(whole, *means)
            if is_slow:
                return

    def _measured(self, tile: Any, found: Computed, seconds: float) -> tuple[float, float, float]:
        """(seconds, bytes of the store, bytes of the file) for each pixel."""
        bands = {name for name, axes in found.dimensions.items() if ROW in axes}
        painter = self.job.painters[type(tile)](tile, self.job.style, {n: array for n, array in found.arrays.items() if n not in bands})
        start = time.perf_counter()
        arrays = [found.arrays[name] for name in painter.arrays]
        painter.look(*arrays)
        colours = painter.paint(*arrays)
        file = len(zlib.compress(colours.tobytes(), 6)) if self.job.path != self.job.place else 0
        seconds += time.perf_counter() - start
        store = sum(len(zlib.compress(np.ascontiguousarray(array).tobytes(), 1)) for array in found.arrays.values())
        return seconds / colours.size, store / colours.size, file / colours.size

    def _frame(self, whole: Cut, seconds: float, store: float, file: float) -> "PosterEstimateFrame":
        pixels = whole.grid.columns * whole.grid.rows
        levels = 4 / 3 if self.job.path.suffix.lower() in PYRAMIDS else 1.0
        return PosterEstimateFrame(self, len(whole), pixels * seconds, pixels * store, pixels * file * levels)


END = object()


def _tile(whole: Cut, place: float) -> Any:
    """The request of a small tile at this share of the width and the height."""
    grid, in_squares = whole.grid, ROW in whole.request.cut_along
    columns = min(grid.columns, SIDE if in_squares else STRIP)
    rows = min(grid.rows, SIDE) if in_squares else grid.rows
    assert COLUMN in whole.request.cut_along
    small = Cut(whole.request, grid, columns, rows)
    down, across = int(place * -(-grid.rows // rows)), int(place * -(-grid.columns // columns))
    return small.tile(down * -(-grid.columns // columns) + across)


@dataclass(frozen=True, eq=False)
class PosterEstimateFrame:
    """Number of tiles, seconds on this machine alone, and bytes of the store and of the file."""

    request: PosterEstimate
    tiles: int
    seconds: float
    store: float
    file: float

    def __str__(self) -> str:
        time_ = f"about {duration(max(1.0, self.seconds))} on this machine alone"
        file = f"{_sized(self.file)}, and {_sized(self.store)} beside it until it is done" if self.file else _sized(self.store)
        return f"{self.tiles} tile{'s' * (self.tiles != 1)}, {time_}; about {file}"


def _sized(count: float) -> str:
    """So many bytes in the unit that suits them."""
    units = ["bytes", "kB", "MB", "GB", "TB"]
    while count >= 999.5 and len(units) > 1:
        count /= 1000
        del units[0]
    return f"{count:.0f} {units[0]}" if count >= 9.95 or units[0] == "bytes" else f"{count:.1f} {units[0]}"
