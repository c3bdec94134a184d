"""Posters as BigTIFF, with a pyramid, for viewers and programs of image processing."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from funjax_gui.export import Size
from funjax_gui.posters import pyramid
from funjax_gui.posters.picture import Poster
from funjax_gui.posters.pyramid import TILE, Rows
from kernels.posters import needed

SMALLEST = 1024
"""Pixels of the larger side from which there is no smaller level."""


def write(path: Path, poster: Poster) -> None:
    """Write the poster. Its smaller levels lie in temporary files beside it until they are in their places."""
    tifffile = needed("tifffile")
    levels = pyramid.sizes(poster.size, SMALLEST)
    common: dict[str, Any] = {"dtype": np.uint8, "tile": (TILE, TILE), "photometric": "rgb", "compression": "zlib", "metadata": None}
    if poster.dpi:
        common |= {"resolution": (poster.dpi, poster.dpi), "resolutionunit": "INCH"}
    with tempfile.TemporaryDirectory(dir=path.absolute().parent, prefix=".funjax-") as folder:
        draft = Path(folder) / "poster.tif"
        smaller = _smaller(Path(folder), poster, levels)
        with tifffile.TiffWriter(draft, bigtiff=True) as tiff:
            bands: Iterator[Rows] = map(pyramid.colours, poster.bands())
            description = poster.texts["funjax-session"].encode("ascii", "backslashreplace")
            whole = common | {"subifds": len(smaller), "description": description, "software": "funjax"}
            tiff.write(_tiles(bands), shape=_shape(levels[0]), **whole)
            for size, picture in zip(levels[1:], smaller, strict=True):
                rows = (picture[top : top + TILE] for top in range(0, size[1], TILE))
                tiff.write(_tiles(rows), shape=_shape(size), subfiletype=1, **common)
        os.replace(draft, path)
        del smaller


def _smaller(folder: Path, poster: Poster, levels: list[Size]) -> list[Any]:
    """The levels below the whole picture, on disk."""
    pictures = [np.memmap(folder / f"{number}.raw", np.uint8, "w+", shape=_shape(size)) for number, size in enumerate(levels[1:], 1)]

    def put(level: int, number: int, rows: Rows) -> None:
        if level:
            pictures[level - 1][number * TILE : number * TILE + len(rows)] = rows

    if pictures:
        pyramid.build(poster.bands(), len(levels), put)
    return pictures


def _shape(size: Size) -> tuple[int, int, int]:
    return size[1], size[0], 3


def _tiles(bands: Iterable[Rows]) -> Iterator[Rows]:
    """The tiles of bands of TILE rows, filled up with black at the right and at the bottom, as the format wants."""
    for band in bands:
        for left in range(0, band.shape[1], TILE):
            part = band[:, left : left + TILE]
            yield np.pad(part, ((0, TILE - part.shape[0]), (0, TILE - part.shape[1]), (0, 0)))
