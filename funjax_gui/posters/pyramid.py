"""A picture at each half of its size, from bands of rows, so that none of the levels is in memory whole."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from funjax_gui.export import Size
from funjax_gui.files import Pixels

TILE = 256
"""Side of the tiles of a level, and rows of a band that is handed on."""

Rows = NDArray[np.uint8]
"""Rows of a picture, of shape (rows, columns, 3)."""


def sizes(size: Size, smallest: int = 1) -> list[Size]:
    """(width, height) of the levels, from the whole picture until both are at most `smallest`, each half of the one before, rounded up."""
    found = [size]
    while max(found[-1]) > smallest:
        width, height = found[-1]
        found.append((-(-width // 2), -(-height // 2)))
    return found


def colours(band: Pixels) -> Rows:
    """The red, green and blue of rows of 0xffRRGGBB."""
    rows: Rows = np.stack([band >> shift & 255 for shift in (16, 8, 0)], axis=-1).astype(np.uint8)
    return rows


def halved(rows: Rows) -> Rows:
    """Means of 2 x 2 pixels, half a level rounded up; a last row or column without a neighbour counts twice."""
    odd = [(0, side % 2) for side in rows.shape[:2]]
    whole = np.pad(rows, (*odd, (0, 0)), mode="edge").astype(np.uint16)
    total = whole[::2, ::2] + whole[1::2, ::2] + whole[::2, 1::2] + whole[1::2, 1::2]
    return ((total + 2) >> 2).astype(np.uint8)


def build(bands: Iterable[Pixels], levels: int, put: Callable[[int, int, Rows], None]) -> None:
    """Call `put` with (level, number, rows) for each TILE rows of each level, numbered from the top; level 0 is the whole picture."""
    waiting: list[list[Rows]] = [[] for _ in range(levels)]
    numbers = [0] * levels

    def emit(level: int, rows: Rows) -> None:
        put(level, numbers[level], rows)
        numbers[level] += 1
        if level + 1 < levels:
            add(level + 1, halved(rows))

    def add(level: int, rows: Rows) -> None:
        waiting[level].append(rows)
        if sum(map(len, waiting[level])) >= TILE:
            joined = np.concatenate(waiting[level])
            whole = len(joined) - len(joined) % TILE
            waiting[level] = [joined[whole:]] if len(joined) > whole else []
            for top in range(0, whole, TILE):
                emit(level, joined[top : top + TILE])

    for band in bands:
        add(0, colours(band))
    for level in range(levels):
        if waiting[level]:
            rows, waiting[level] = np.concatenate(waiting[level]), []
            emit(level, rows)
