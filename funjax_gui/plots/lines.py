"""Lines of many points as paths: cut where they leave the plot, thinned to what a screen can show, interrupted where they have gaps.

pyqtgraph's PlotDataItem with setDownsampling(auto=True, method="peak") takes 1.3 to 1.5 times as long to set and paint a line of 2,000 or
100,000 points.
"""

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath

from funjax_gui.figures import Points

DOT = 0.5
"""Largest extent in pixels of a part of a line that is drawn as a dot."""


def path_through(pixels: Points, area: QRectF) -> QPainterPath:
    """The line through pixels (k, 2) without what lies outside `area`, interrupted at points that are not finite."""
    made: QPainterPath = pg.arrayToQPath(*cut(pixels, area), connect="finite")
    return made


def filled(pixels: Points, level: float, area: QRectF) -> QPainterPath:
    """What lies between the line through pixels (k, 2), ascending in x, and the ordinate `level`, nowhere above or below `area`."""
    x = np.concatenate([pixels[:1, 0], pixels[:, 0], pixels[-1:, 0]])
    y = np.clip(np.nan_to_num(pixels[:, 1], nan=level), area.top(), area.bottom())
    made: QPainterPath = pg.arrayToQPath(x, np.concatenate([[level], y, [level]]))
    return made


def decimated(pixels: Points, columns: int) -> Points:
    """The line through pixels (k, 2) with at most two points a pixel column, the lowest and the highest there; no spike or gap is lost.

    A line of no more than two points for each of `columns`, or whose abscissae do not ascend, comes back as it is.
    """
    x, y = pixels[:, 0], pixels[:, 1]
    if len(x) <= 2 * columns or not np.all(np.diff(x) >= 0):
        return pixels
    gap = np.isnan(y)
    starts = np.concatenate([[0], np.flatnonzero((np.diff(np.floor(x)) != 0) | (gap[1:] != gap[:-1])) + 1])
    heights = np.stack([np.fmin.reduceat(y, starts), np.fmax.reduceat(y, starts)], axis=1)
    return np.stack([np.repeat(x[starts], 2), heights.ravel()], axis=1)


def seen_parts(pixels: Points, area: QRectF, width: float) -> tuple[Points, Points]:
    """The line through pixels (k, 2) without its parts outside `area`, and apart from it the middles (m, 2) of those that are dots.

    Parts end at points that are not finite. `width`: of the line, of which a part beside the area shows half.
    """
    x, y = np.ascontiguousarray(pixels[:, 0]), np.ascontiguousarray(pixels[:, 1])  # reduceat takes ten times as long across rows
    ends = np.flatnonzero(np.diff(np.isfinite(x) & np.isfinite(y), prepend=False, append=False))
    if not len(ends):
        return pixels[:0], pixels[:0]
    padded = [np.concatenate([values, values[:1]]) for values in (x, y)]  # reduceat takes no end beyond the last point
    (left, top), (right, bottom) = ([each.reduceat(values, ends)[::2] for values in padded] for each in (np.minimum, np.maximum))
    beside = area.adjusted(-width / 2, -width / 2, width / 2, width / 2)
    is_seen = (right >= beside.left()) & (left <= beside.right()) & (bottom >= beside.top()) & (top <= beside.bottom())
    is_dot = is_seen & (right - left <= DOT) & (bottom - top <= DOT)
    lengths = np.diff(ends, append=len(pixels))  # of each part, and of the gap behind it
    kept = np.zeros(len(pixels), np.bool_)
    kept[ends[0] :] = np.repeat(is_seen & ~is_dot, lengths[::2] + lengths[1::2])
    middles = np.stack([left + right, top + bottom], axis=1) / 2
    return np.stack([x[kept], y[kept]], axis=1), middles[is_dot]


def cut(pixels: Points, area: QRectF) -> tuple[Points, Points]:
    """The line through pixels (k, 2) without what lies outside `area`: x and y, NaN where it is broken."""
    low, high = np.array([area.left(), area.top()]), np.array([area.right(), area.bottom()])
    if (((pixels >= low) & (pixels <= high)) | np.isnan(pixels)).all() or len(pixels) < 2:
        return np.ascontiguousarray(pixels[:, 0]), np.ascontiguousarray(pixels[:, 1])
    start, way = pixels[:-1], np.diff(pixels, axis=0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        near, far = (low - start) / way, (high - start) / way
        still = way == 0
        inside = (start >= low) & (start <= high)
        enter = np.where(still, np.where(inside, 0.0, np.inf), np.fmin(near, far)).max(axis=1).clip(0, None)
        leave = np.where(still, 1.0, np.fmax(near, far)).min(axis=1).clip(None, 1)
        seen = (enter < leave) & np.isfinite(way).all(axis=1)
        first, last = start + enter[:, None] * way, start + leave[:, None] * way
    begins = seen.copy()  # where the part before did not come to its end
    begins[1:] &= ~(seen[:-1] & (leave[:-1] == 1) & (enter[1:] == 0))
    parts = np.stack([np.full_like(first, np.nan), first, last], axis=1)
    line = parts[np.stack([begins, begins, seen], axis=1)]
    return np.ascontiguousarray(line[:, 0]), np.ascontiguousarray(line[:, 1])


def spaced(places: Points, gap: float) -> Points:
    """The first and the last place, and between them those that are at least `gap` from the one kept before. Shapes (k, 2), (m, 2)."""
    kept: list[int] = []
    for number, place in enumerate(places.tolist()):
        if not kept or not math.dist(place, places[kept[-1]].tolist()) < gap:
            kept.append(number)
    return places[kept if not len(places) or kept[-1] == len(places) - 1 else [*kept, len(places) - 1]]


def between(area: QRectF, top: float, bottom: float) -> QRectF:
    """The part of an area between two heights."""
    return QRectF(area.left(), top, area.width(), bottom - top)


def shares_of(values: Points, high: float, low: float, half: float) -> Points:
    """Where numbers lie in window units of a view with the centre high + low."""
    with np.errstate(over="ignore", invalid="ignore"):
        shares: Points = ((values - high) - low) / (2 * half) + 0.5
    return shares
