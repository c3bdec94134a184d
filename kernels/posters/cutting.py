"""Cutting a request into tiles: each is the same request with a part of the grid."""

from collections.abc import Generator
from dataclasses import dataclass, fields, replace
from typing import Any

from kernels.geometry import Grid
from kernels.labelled import ROW

TILE = 2**24
"""Pixels of a tile, about: seconds of work, against which the scheduler's 0.2 ms do not count, and some 300 MB on a worker."""

SQUARE = 2**20
"""Pixels of a tile, about, where each is an orbit of its own."""

ROUND, WIDEST = 64, 4096
"""Sides of tiles are multiples of ROUND, so that they fill blocks of the kernels, and at most WIDEST."""

EACH = 4
"""Tiles for each worker, at least, where the picture is small: the last ones then keep few workers waiting."""


@dataclass(frozen=True)
class Cut:
    """A request cut into tiles of `width` x `height` pixels, numbered along the rows; those at the edges are smaller.

    `request` has a grid of any size in its view; `grid` is that of the whole picture.
    """

    request: Any
    grid: Grid
    width: int
    height: int

    def __len__(self) -> int:
        return self._across * -(-self.grid.rows // self.height)

    @property
    def _across(self) -> int:
        return -(-self.grid.columns // self.width)

    def place(self, number: int) -> tuple[slice, slice]:
        """(rows, columns) of a tile."""
        down, across = divmod(number, self._across)
        top, left = down * self.height, across * self.width
        return slice(top, min(top + self.height, self.grid.rows)), slice(left, min(left + self.width, self.grid.columns))

    def tile(self, number: int) -> Any:
        """The request of a tile."""
        rows, columns = self.place(number)
        part = self.grid.part(columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start)
        return replace(self.request, grid=part)

    def prepared(self) -> Generator[None, None, "Cut"]:
        """None, where a caller may stop; returns the cut whose tiles share what is found of all of the picture, such as roots."""
        if not hasattr(self.request, "prepared"):
            return self
        request = yield from self.request.prepared(self.grid)
        return replace(self, request=request)

    def facts(self) -> dict[str, str]:
        """All that the picture depends on, by name, and how it is cut; for a store to compare."""
        view = self.grid.viewport
        told = [each.name for each in fields(self.request) if each.name not in ("grid", "keep_refining") and "shared" not in each.metadata]
        named = {name: str(getattr(self.request, name)) for name in told}
        limits = {"view": f"{_span(view.x_limits)} x {_span(view.y_limits)}", "centre": f"{view.x} {view.y}"}
        return {"kind": type(self.request).__name__, **named, **limits, "size": f"{self.grid.columns} x {self.grid.rows}"}


def _span(limits: tuple[Any, Any]) -> str:
    return f"[{limits[0]}, {limits[1]}]"


def cut(request: Any, columns: int, rows: int, workers: int = 1) -> Cut:
    """Cut `request`, at `columns` x `rows` pixels, into enough tiles for so many workers.

    Raises ValueError in one line where its pixels depend on one another, as those of a density of orbits in the plane do.
    """
    along = getattr(request, "cut_along", ())
    if not along:
        kind = type(request).__name__
        raise ValueError(f"a picture of {kind} cannot be cut into tiles: its pixels depend on one another; render it without --workers")
    pixels = min(SQUARE if ROW in along else TILE, columns * rows // (EACH * workers))
    if ROW in along:
        side = _rounded(int(pixels**0.5), columns)
        return Cut(request, Grid(request.grid.viewport, columns, rows), side, min(side, rows))
    return Cut(request, Grid(request.grid.viewport, columns, rows), _rounded(pixels // rows, columns), rows)


def _rounded(side: int, most: int) -> int:
    return min(most, WIDEST, max(ROUND, side // ROUND * ROUND))
