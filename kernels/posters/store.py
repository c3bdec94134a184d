"""The store of a picture: a Zarr group with an array for each of a frame's, filled tile by tile, from which work can be resumed."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from kernels.labelled import COLUMN, ROW
from kernels.posters.cutting import Cut
from kernels.posters.optional import needed
from kernels.posters.tile import Computed, differing, versions

BAND = 256
"""Rows of a chunk, at most: so many rows of the whole picture are read at once."""

DONE = "done"
"""The array with a number for each tile: 1 once all of it is in the store."""


class StoreError(ValueError):
    """A store cannot be used; the text is one line with the reason and the remedy."""


def kept_in(path: Path) -> tuple[str, tuple[int, int]]:
    """(`Store.text`, (columns, rows) of the picture) of the store at `path`. Raises StoreError, in one line, where there is none."""
    try:
        kept = json.loads(json.loads((path / "zarr.json").read_text(encoding="utf-8"))["attributes"]["funjax"])
        columns, rows = map(int, kept["facts"]["size"].split(" x "))
        return str(kept["text"]), (columns, rows)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        raise StoreError(f"{path} is not a store of a picture; give a session or a picture that funjax made") from None


class Store:
    """The store of a cut picture at `path`: the first tile makes it, `resume` opens one that is there.

    `text` is kept in it from the beginning, such as the session from which the picture can be resumed.
    """

    def __init__(self, path: Path, cut: Cut, text: str = "") -> None:
        self.path, self.cut, self.text = path, cut, text
        self._group: Any = None
        self._found: dict[str, Any] = {}

    @classmethod
    def resume(cls, path: Path, cut: Cut, text: str = "") -> Self:
        """The store at `path` of the same picture, cut as it was; an empty one where there is none.

        Raises StoreError, naming both, where it is of another picture or was computed by other versions.
        """
        zarr = needed("zarr")
        if not path.exists():
            return cls(path, cut, text)
        try:
            group = zarr.open_group(path, mode="r+")
            kept = json.loads(group.attrs["funjax"])
            found, made, (width, height) = kept["facts"], kept["versions"], kept["tile"]
        except Exception as error:  # whatever zarr raises of a folder that is none of its stores
            raise StoreError(f"{path} is not a store of a picture ({type(error).__name__}); remove it, or write elsewhere by -o") from None
        wanted = cut.facts()
        if other := next((name for name in {**wanted, **found} if found.get(name) != wanted.get(name)), ""):
            named = f"has {other} {found.get(other)}, and the picture asked for has {wanted.get(other)}"
            raise StoreError(f"{path} is of another picture: it {named}; remove it, or write elsewhere by -o")
        if other := differing(made, versions()):
            named = f"{other} {made.get(other)}, and here it is {versions()[other]}"
            raise StoreError(f"{path} was computed with {named}; install the same, or remove the store")
        store = cls(path, Cut(cut.request, cut.grid, width, height), text)
        store._group = group
        return store

    @classmethod
    def new(cls, path: Path, cut: Cut, text: str = "") -> Self:
        """A store to be made at `path`. Raises StoreError where there is something."""
        needed("zarr")
        if path.exists():
            raise StoreError(f"{path} is there already; continue it with --resume, or remove it")
        return cls(path, cut, text)

    def prepare(self) -> None:
        """Find what the tiles share. So it is known in the process that resumes a store and in the one that reads it."""
        preparing = self.cut.prepared()
        while True:
            try:
                next(preparing)
            except StopIteration as end:
                self.cut = end.value
                return

    @property
    def missing(self) -> list[int]:
        """Numbers of the tiles that are not in the store yet."""
        if self._group is None:
            return list(range(len(self.cut)))
        return [int(number) for number in np.flatnonzero(self._group[DONE][:] == 0)]

    @property
    def devices(self) -> list[str]:
        """The kinds of devices that computed the tiles."""
        return [] if self._group is None else list(json.loads(self._group.attrs["devices"]))

    def put(self, number: int, tile: Computed) -> None:
        """Write a tile, and that it is done. Raises StoreError where the worker's versions are others than here."""
        if other := differing(tile.versions, versions()):
            named = f"{other} {tile.versions.get(other)}, and here it is {versions()[other]}"
            raise StoreError(f"a worker has {named}; install the same versions on all machines")
        if self._group is None:
            self._begin(tile)
        places = dict(zip((ROW, COLUMN), self.cut.place(number), strict=True))
        for name, array in tile.arrays.items():
            self._array(name)[tuple(places.get(axis, slice(None)) for axis in tile.dimensions[name])] = array
        if tile.device not in (known := self.devices):
            self._group.attrs["devices"] = json.dumps([*known, tile.device])
        self._array(DONE)[number : number + 1] = np.ones(1, np.uint8)

    def _array(self, name: str) -> Any:
        """An array that tiles are written to, looked up once: each time its metadata would be read from its file."""
        if name not in self._found:
            self._found[name] = self._group[name]
        return self._found[name]

    def _begin(self, tile: Computed) -> None:
        self._group = needed("zarr").create_group(self.path)
        cut, grid = self.cut, self.cut.grid
        sides = {ROW: (grid.rows, min(BAND, cut.height)), COLUMN: (grid.columns, cut.width)}
        for name, array in tile.arrays.items():
            axes = tile.dimensions[name]
            shape, chunks = zip(*(sides.get(axis, (n, n)) for axis, n in zip(axes, array.shape, strict=True)), strict=True)
            chunks = tuple(max(1, side) for side in chunks)  # a fractal may have no roots
            # What has no rows is small: to compress it takes longer than to write it.
            packed = {} if ROW in axes else {"compressors": None}
            self._group.create_array(name, shape=shape, chunks=chunks, dtype=array.dtype, fill_value=0, dimension_names=axes, **packed)
        self._group.create_array(DONE, shape=(len(cut),), chunks=(1,), dtype=np.uint8, fill_value=0, compressors=None)
        self._group.attrs["devices"] = "[]"
        kept = {"facts": cut.facts(), "versions": versions(), "tile": [cut.width, cut.height], "text": self.text}
        self._group.attrs["funjax"] = json.dumps(kept)

    def note(self, metadata: Mapping[str, Any], axes: Mapping[str, NDArray[Any]]) -> None:
        """Keep how the picture was made, as text, and the values along its axes, by their names."""
        self._group.attrs["metadata"] = json.dumps(dict(metadata))
        group = self._group.require_group("axes")
        for name, values in axes.items():
            group.require_array(name, shape=values.shape, dtype=values.dtype)[:] = values

    def column_arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays that have no rows, whole."""
        return {name: self._group[name][:] for name in self.names if ROW not in self._axes(name)}

    def bands(self, name: str) -> Iterator[NDArray[Any]]:
        """The rows of a picture from the top, at most BAND at a time, each of shape (rows, columns)."""
        array = self._group[name]
        for top in range(0, self.cut.grid.rows, BAND):
            yield array[top : top + BAND]

    @property
    def names(self) -> list[str]:
        """Names of the arrays, but for DONE."""
        return sorted(name for name in self._group.array_keys() if name != DONE)

    def _axes(self, name: str) -> tuple[str, ...]:
        return tuple(self._group[name].metadata.dimension_names)

    def remove(self) -> None:
        """Delete the store."""
        shutil.rmtree(self.path)
