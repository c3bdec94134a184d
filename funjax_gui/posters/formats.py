"""The formats of posters: their writers by suffix, and what is refused before anything is computed."""

import errno
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from funjax_gui.export import Size, write_arrays
from funjax_gui.files import FileError, atomic_write, failure_reason, png
from funjax_gui.posters import deep_zoom, tiff
from funjax_gui.posters.picture import Poster
from kernels.posters import Store
from kernels.validation import grouped

LARGEST_ARRAYS = 2**31
"""Bytes of an npz, whose arrays are in memory whole; a Zarr store is read part by part."""

COLOURS = 4
"""Bytes of a pixel's colours with a pyramid."""


def _write_png(path: Path, poster: Poster) -> None:
    with atomic_write(path) as file:
        png.write_bands(file, poster.size, poster.bands(), poster.texts, poster.dpi)


def _write_npz(path: Path, poster: Poster) -> None:
    store = poster.store
    columns = store.column_arrays()
    pictures = {name: np.concatenate(list(store.bands(name))) for name in store.names if name not in columns}
    with atomic_write(path) as file:
        write_arrays(file, {**pictures, **columns, **_axes(store)}, dict(poster.metadata))


def _axes(store: Store) -> dict[str, Any]:
    grid = store.cut.grid
    return {"columns": grid.column_values(), "rows": grid.row_values()}


def _keep(path: Path, poster: Poster) -> None:
    poster.store.note(poster.metadata, _axes(poster.store))


WRITERS: dict[str, Callable[[Path, Poster], None]] = {
    ".png": _write_png,
    ".tif": tiff.write,
    ".tiff": tiff.write,
    ".dzi": deep_zoom.write,
    ".npz": _write_npz,
    ".zarr": _keep,
}
"""Writers of posters by suffix. The store itself has the suffix .zarr."""

PYRAMIDS = (".tif", ".tiff", ".dzi")
"""The suffixes of pictures with smaller ones of themselves."""

PICTURES = (".png", ".tif", ".tiff", ".dzi")
"""The suffixes of pictures."""


def check_output(path: Path, size: Size, stored: int) -> None:
    """Raise ValueError in one line where a poster of that size, with so many bytes of a pixel in the store, cannot be written to `path`."""
    suffix = path.suffix.lower()
    if suffix not in WRITERS:
        named = f"{suffix!r} is not one" if suffix else "it has none"
        raise ValueError(f"{str(path)!r}: the suffix chooses the format, and {named} of a picture in tiles: {', '.join(WRITERS)}")
    pixels = size[0] * size[1]
    if suffix == ".npz" and stored * pixels > LARGEST_ARRAYS:
        bytes_ = f"{grouped(stored * pixels)} bytes, more than {grouped(LARGEST_ARRAYS)}"
        raise ValueError(f"an npz of {size[0]} x {size[1]} would take {bytes_}; write a .zarr, which is read part by part")
    folder = path.absolute().parent
    if not folder.is_dir():
        raise failure_reason(FileNotFoundError(errno.ENOENT, ""), path, "written")
    free = shutil.disk_usage(folder).free
    if (most := (stored + COLOURS) * pixels) > free:
        needs = f"needs up to {grouped(most)} bytes, and {grouped(free)} are free in {folder}"
        raise FileError(f"a picture of {size[0]} x {size[1]} {needs}; choose another folder or fewer pixels")
