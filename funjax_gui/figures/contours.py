"""Contour lines of a surface as polylines, for vector files."""

import math
from collections.abc import Generator

import contourpy
import numpy as np
from numpy.typing import NDArray

from kernels.newton import SurfaceFrame

Floats = NDArray[np.float64]

CROWDED = 0.3
"""Largest density of lines, per line width; denser lines are left out (in pixels they fade)."""

SHORTEST = 6.0
"""Smallest extent of a line in line widths; shorter ones are left out."""

MOST_LEVELS = 300
TOLERANCE = 0.05
"""Tolerance of the simplification of lines, in line widths."""


def contour_lines(frame: SurfaceFrame, width: float = 1.0) -> Generator[None, None, list[Floats]]:
    """Compute the contour lines, each an array of points of shape (k, 2). `width`: line width in pixels, which sets the tolerance.

    A generator: it yields between the levels and returns the lines.
    """
    grid, found, step = frame.request.grid, frame.levels, max(1, round(width))
    x, y = grid.column_values()[::step], grid.row_values()[::step]
    place = found.of(frame.values[::step, ::step]) / found.spacing
    lines: list[Floats] = []
    if min(place.shape) < 2:
        return lines
    with np.errstate(invalid="ignore", over="ignore"):
        slope = np.hypot(*np.gradient(place))
        seen = np.isfinite(place) & (slope < CROWDED)
    if not seen.any():
        return lines
    made = contourpy.contour_generator(x, y, np.ma.masked_array(place, ~seen))
    pixel = np.array([2 * grid.viewport.half_width / grid.columns, 2 * grid.viewport.half_height / grid.rows]) * width
    first, last = math.ceil(place[seen].min()), math.floor(place[seen].max())
    for level in range(first, min(last, first + MOST_LEVELS) + 1):
        found_here = [np.asarray(line) for line in made.lines(level)]
        lines += [thinned(line, pixel) for line in found_here if (np.ptp(line, axis=0) / pixel).max() > SHORTEST]
        yield
    return lines


def thinned(line: Floats, unit: Floats) -> Floats:
    """Simplify a line by dropping points that lie on straight segments to within the tolerance; `unit`: line width across and up."""
    for _ in range(6):
        if len(line) < 5:
            break
        before, middle, after = line[:-2:2], line[1:-1:2], line[2::2]
        along, aside = (after - before) / unit, (middle - before) / unit
        length = np.hypot(along[:, 0], along[:, 1])
        away = np.abs(along[:, 0] * aside[:, 1] - along[:, 1] * aside[:, 0]) / np.maximum(length, 1e-300)
        kept = np.ones(len(line), bool)
        kept[1:-1:2] = (away > TOLERANCE) | (length == 0)
        line = line[kept]
    return line
