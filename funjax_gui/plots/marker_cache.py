"""Cache of rendered markers: each kind is drawn once, at a few subpixel offsets, and painted at all positions in a single call.

A path of a thousand outlines takes the painter a tenth of a second, a thousand dots of a wide pen two milliseconds, and cached
markers a tenth of a millisecond. Texts with a halo are cached too, each at the subpixel offset where it was needed: a fifth of a
millisecond each otherwise.

pyqtgraph's ScatterPlotItem does the same with an atlas of symbols; to set and paint 1,000 marks
of four kinds takes it 3 to 5 times as long.
"""

import math
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPixmap

from funjax_gui.figures import OPEN, Marks, outline

Values = NDArray[np.float64]

FINE = 4
"""Number of subpixel offsets, across and down."""

MOST = 64
"""Maximum number of cached kinds, which change with theme and size."""

MOST_TEXTS = 256
"""Maximum number of cached texts; the least recently used ones are discarded."""

FIELDS = 10
"""The numbers of a QPainter.PixmapFragment: its middle, its part of the sheet (left, top, width, height), two scales, turn, opacity."""


class Stamps:
    """The kinds drawn so far."""

    def __init__(self) -> None:
        self._sheets: dict[Hashable, QPixmap] = {}
        self._texts: dict[Hashable, tuple[QPixmap, float, float]] = {}

    def put(self, painter: QPainter, places: Values, kind: Hashable, half: float, draw: Callable[[QPainter], None]) -> None:
        """Put a mark at each of `places`, shape (2, n), in the painter's units, which are pixels of the view and not turned or scaled.

        `draw` draws the mark about (0, 0), no farther than `half` from there; `kind` tells all that the drawing depends on.
        """
        ratio = painter.device().devicePixelRatio()
        side = 2 * math.ceil(half * ratio + 1)
        key = kind, ratio
        if key not in self._sheets:
            if len(self._sheets) >= MOST:
                self._sheets.clear()
            self._sheets[key] = _sheet(side, ratio, draw)
        whole, part = np.divmod(np.round(places * (ratio * FINE)), FINE)
        fragments = np.zeros((places.shape[1], FIELDS))
        fragments[:, 0:2], fragments[:, 2:4] = whole.T, side * part.T
        fragments[:, 4:6], fragments[:, 6:8], fragments[:, 9] = side, 1.0, 1.0
        if len(fragments):
            painter.save()
            painter.scale(1 / ratio, 1 / ratio)
            first: Any = shiboken6.wrapInstance(fragments.ctypes.data, QPainter.PixmapFragment)
            painter.drawPixmapFragments(first, len(fragments), self._sheets[key])
            painter.restore()

    def put_dots(self, painter: QPainter, places: Values, size: float, colour: QColor) -> None:
        """Put a disc of this diameter at each of `places`, as `put` does."""

        def disc(on: QPainter) -> None:
            on.setPen(Qt.PenStyle.NoPen)
            on.setBrush(colour)
            on.drawEllipse(QPointF(0, 0), size / 2, size / 2)

        self.put(painter, places, ("dot", size, colour.rgba()), size / 2 + 1.0, disc)

    def put_text(self, painter: QPainter, x: float, y: float, font: QFont, text: str, colour: QColor, halo: QPen) -> None:
        """Write a text as `write` does, to a quarter of a pixel."""
        ratio = painter.device().devicePixelRatio()
        (column, across), (row, down) = (divmod(round(place * ratio * FINE), FINE) for place in (x, y))
        key = text, font.key(), colour.rgba(), halo.color().rgba(), halo.widthF(), ratio, across, down
        found = self._texts.pop(key, None) or _text(ratio, across / FINE, down / FINE, font, text, colour, halo)
        self._texts[key] = found
        if len(self._texts) > MOST_TEXTS:
            del self._texts[next(iter(self._texts))]
        picture, left, top = found
        painter.drawPixmap(QPointF((column + left) / ratio, (row + top) / ratio), picture)


def paint_together(painter: QPainter, item: Marks, places: Values, colour: QColor) -> None:
    """Marks of one kind as one path: discs are the ends of a round pen's lines of no length."""
    disc, path, shape = item.shape == "circle" and item.filled, QPainterPath(), outline(item.shape, item.size)
    path.setFillRule(Qt.FillRule.WindingFill)
    for x, y in places.tolist():
        if disc:
            path.moveTo(x - 0.05, y)
            path.lineTo(x + 0.05, y)
        else:
            path.addPath(shape.translated(x, y))
    if disc:
        painter.strokePath(path, QPen(colour, item.size, c=Qt.PenCapStyle.RoundCap))
    elif item.filled and item.shape not in OPEN:
        painter.fillPath(path, colour)
    else:
        painter.strokePath(path, QPen(colour, 1.4))


def write(painter: QPainter, x: float, y: float, font: QFont, text: str, colour: QColor, halo: QPen) -> None:
    """Write a text that begins at x, on the line y, with an outline."""
    path = QPainterPath()
    path.addText(x, y, font, text)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(halo)
    painter.drawPath(path)
    painter.fillPath(path, colour)


def _text(ratio: float, across: float, down: float, font: QFont, text: str, colour: QColor, halo: QPen) -> tuple[QPixmap, float, float]:
    """A text that begins at parts of a pixel of the screen: its picture, and where that has its corner in pixels of the screen."""
    path = QPainterPath()
    path.addText(0, 0, font, text)
    more = halo.widthF() / 2 + 1
    needed = path.boundingRect().adjusted(-more, -more, more, more)
    left, top = math.floor(needed.left() * ratio), math.floor(needed.top() * ratio)
    picture = QPixmap(math.ceil(needed.right() * ratio) + 1 - left, math.ceil(needed.bottom() * ratio) + 1 - top)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as on:
        on.setRenderHint(QPainter.RenderHint.Antialiasing)
        write(on, (across - left) / ratio, (down - top) / ratio, font, text, colour, halo)
    return picture, left, top


def _sheet(side: int, ratio: float, draw: Callable[[QPainter], None]) -> QPixmap:
    """The mark in squares of `side` pixels of the screen, in each of them a part of a pixel further to the right, or down."""
    sheet = QPixmap(FINE * side, FINE * side)
    sheet.fill(Qt.GlobalColor.transparent)
    painter = QPainter(sheet)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for column in range(FINE):
        for row in range(FINE):
            painter.resetTransform()
            painter.translate((column + 0.5) * side + column / FINE, (row + 0.5) * side + row / FINE)
            painter.scale(ratio, ratio)
            draw(painter)
    painter.end()
    return sheet
