"""Cache of rendered markers: each kind is drawn once, at a few subpixel offsets, and painted at all positions in a single call.

A path of a thousand outlines takes the painter a tenth of a second, a thousand dots of a wide pen two milliseconds, and cached
markers a tenth of a millisecond.

pyqtgraph's ScatterPlotItem does the same with an atlas of symbols; to set and paint 1,000 marks
of four kinds takes it 3 to 5 times as long.
"""

import math
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap

Values = NDArray[np.float64]

FINE = 4
"""Number of subpixel offsets, across and down."""

MOST = 64
"""Maximum number of cached kinds, which change with theme and size."""

FIELDS = 10
"""The numbers of a QPainter.PixmapFragment: its middle, its part of the sheet (left, top, width, height), two scales, turn, opacity."""


class Stamps:
    """The kinds drawn so far."""

    def __init__(self) -> None:
        self._sheets: dict[Hashable, QPixmap] = {}

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
