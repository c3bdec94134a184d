"""Marker shapes, distinguishable without colour."""

import functools
import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPolygonF

SHAPES = ("circle", "square", "triangle", "triangle-down", "diamond", "cross", "plus", "star")

OPEN = ("cross", "plus")
"""The SHAPES without an interior."""

PATTERNS = (
    Qt.BrushStyle.SolidPattern,
    Qt.BrushStyle.BDiagPattern,
    Qt.BrushStyle.FDiagPattern,
    Qt.BrushStyle.DiagCrossPattern,
    Qt.BrushStyle.HorPattern,
    Qt.BrushStyle.VerPattern,
)
"""Hatch patterns of areas, the first of them plain, distinguishable without colour."""

_SLANTS: tuple[tuple[tuple[int, int], ...], ...] = ((), ((1, 1),), ((1, -1),), ((1, 1), (1, -1)), ((0, 1),), ((1, 0),))
"""Coefficients (a, b) of the lines a x + b y = constant of each of PATTERNS."""


def hatching(pattern: int, area: QRectF, gap: float) -> QPainterPath:
    """Lines of one of PATTERNS in `area`, `gap` apart and in phase with those of other areas."""
    path = QPainterPath()
    left, right, top, bottom = area.left(), area.right(), area.top(), area.bottom()
    for a, b in _SLANTS[pattern]:
        ends = [a * x + b * y for x in (left, right) for y in (top, bottom)]
        for k in range(math.ceil(min(ends) / gap), math.floor(max(ends) / gap) + 1):
            if not b:
                first, last = (k * gap, top), (k * gap, bottom)
            elif not a:
                first, last = (left, k * gap), (right, k * gap)
            else:
                span = sorted(((k * gap - b * top) * a, (k * gap - b * bottom) * a))
                x0, x1 = max(left, span[0]), min(right, span[1])
                first, last = (x0, (k * gap - a * x0) * b), (x1, (k * gap - a * x1) * b)
            path.moveTo(*first)
            path.lineTo(*last)
    return path


@functools.lru_cache(maxsize=64)
def outline(shape: str, size: float) -> QPainterPath:
    """Outline of a shape about (0, 0), `size` pixels wide; of "none" an empty one. The path is cached: do not modify it."""
    path = QPainterPath()
    r = size / 2
    if shape == "circle":
        path.addEllipse(QRectF(-r, -r, size, size))
    elif shape in OPEN:
        s = r * (0.75 if shape == "cross" else 1.0)
        first, second = (((-s, -s), (s, s)), ((-s, s), (s, -s))) if shape == "cross" else (((-s, 0), (s, 0)), ((0, -s), (0, s)))
        for start, end in (first, second):
            path.moveTo(*start)
            path.lineTo(*end)
    elif shape != "none":
        path.addPolygon(QPolygonF([QPointF(r * x, r * y) for x, y in _CORNERS[shape]]))
        path.closeSubpath()
    return path


def _turned(count: int, first: float, inner: float | None = None) -> list[tuple[float, float]]:
    """Corners of a regular polygon (with `inner`, of a star), the first at `first` degrees."""
    radii = [1.15] if inner is None else [1.25, inner]
    steps = count * len(radii)
    corners = []
    for k in range(steps):
        radius, angle = radii[k % len(radii)], math.radians(first + 360 * k / steps)
        corners.append((radius * math.cos(angle), radius * math.sin(angle)))
    return corners


_CORNERS = {
    "square": _turned(4, 45),
    "triangle": _turned(3, -90),
    "triangle-down": _turned(3, 90),
    "diamond": _turned(4, 0),
    "star": _turned(5, -90, 0.5),
}
