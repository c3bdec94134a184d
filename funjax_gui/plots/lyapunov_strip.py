"""A curve about zero, filled and coloured differently above and below it."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

LADDER = (0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0)
"""Limits that a strip may have: few, so that it does not jump while the view moves."""


def strip_limits(values: NDArray[np.float64]) -> tuple[float, float]:
    """The numbers at the bottom and the top: round, room for all chaos, and for nine tenths of what is periodic."""
    finite = values[np.isfinite(values)]
    top = float(finite.max(initial=0.0))
    negative = -finite[finite < 0]
    deep = float(np.quantile(negative, 0.9)) if negative.size else 0.0
    return -_rung(max(deep, top / 2)), _rung(top * 1.05)


def _rung(value: float) -> float:
    return next((rung for rung in LADDER if rung >= value), 2.0 * value)


class SplitCurve(pg.GraphicsObject):
    """The curve, in window units."""

    def __init__(self) -> None:
        super().__init__()
        self.above, self.below = QColor(), QColor()
        self._line, self._area = QPainterPath(), QPainterPath()
        self._zero = 0.5

    def boundingRect(self) -> QRectF:
        """Return the whole window."""
        return QRectF(0, 0, 1, 1)

    def set_data(self, x: NDArray[np.float64], y: NDArray[np.float64], zero: float) -> None:
        """Show y (n,) over x (n,), ascending, both in window units, gaps where NaN; `zero` is where zero lies."""
        self._line = pg.arrayToQPath(x, y, connect="finite")
        level = np.where(np.isfinite(y), y, zero)
        if len(x):
            ends = np.array([zero])
            area_x, area_y = np.concatenate([x[:1], x, x[-1:]]), np.concatenate([ends, level, ends])
            self._area = pg.arrayToQPath(area_x, area_y)
        self._zero = zero
        self.update()

    def paint(self, painter: QPainter, option: Any, widget: QWidget | None = None) -> None:
        """Draw what is above zero, then what is below it."""
        whole = QRectF(0, -1, 1, 3)
        for colour, part in (
            (self.above, QRectF(0, self._zero, 1, whole.bottom() - self._zero)),
            (self.below, QRectF(0, -1, 1, 1 + self._zero)),
        ):
            painter.save()
            painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
            faint = QColor(colour)
            faint.setAlphaF(0.3)
            painter.fillPath(self._area, faint)
            pen = QPen(colour, 1)
            pen.setCosmetic(True)
            painter.strokePath(self._line, pen)
            painter.restore()
