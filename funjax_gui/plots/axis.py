"""An axis of a plot: a spine, ticks and labels, painted in the view's pixels."""

from decimal import Decimal
from typing import Any, NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem, QWidget

from funjax_gui.figures import Ticks, decade_ticks, horizontal_ticks, vertical_ticks
from funjax_gui.plots.overlays import CENTRE, LEFT, RIGHT
from funjax_gui.style import DARK, Colours

TICK = 5
MINOR = 3
GAP = 8
SPINE = 0.75
"""Opacity of spines and ticks relative to the labels."""


def base_text(ticks: Ticks) -> str:
    """The part common to all labels, as it is written at the end of an axis."""
    return ticks.base if ticks.base.endswith("…") else f"{ticks.base} +"


class _Laid(NamedTuple):
    """The cached layout of an axis: ticks, and labels with their alignment."""

    strokes: list[QRectF]
    labels: list[tuple[QRectF, Qt.AlignmentFlag, str]]
    base: tuple[QRectF, Qt.AlignmentFlag, str] | None = None
    """The part common to all labels, if there is one."""
    name: tuple[float, QRectF] | None = None
    """Of a vertical axis with a name the row of its middle, and its rectangle about that, along the axis."""


class Axis(QGraphicsItem):
    """A spine, its ticks and their labels, in the view's pixels. The left axis or the one at the bottom."""

    def __init__(self, vertical: bool) -> None:
        super().__init__()
        self._vertical = vertical
        self._limits = (Decimal(0), Decimal(1))
        self._plot = self._bounds = QRectF(0, 0, 1, 1)
        self._found: Ticks | None = None
        self._laid: _Laid | None = None
        self.label = ""
        self.labels_shown = True
        self.logarithmic = False
        self.colours: Colours = DARK
        self.focused = False
        self.font = QFont()

    def boundingRect(self) -> QRectF:
        """Return the rectangle it may draw in; asked by Qt."""
        return self._bounds

    def place(self, plot: QRectF, bounds: QRectF) -> None:
        """Place the axis at the edge of the rectangle `plot`; it may draw in all of `bounds`."""
        self.prepareGeometryChange()
        self._plot, self._bounds, self._found, self._laid = plot, bounds, None, None

    def set_limits(self, low: Decimal, high: Decimal) -> None:
        """The numbers at the axis' ends; the logarithms of base ten of them where it is logarithmic."""
        if self._limits != (low, high):
            self._limits, self._found, self._laid = (low, high), None, None
            self.update()

    @property
    def ticks(self) -> Ticks:
        """The ticks shown."""
        if self._found is None:
            if self.logarithmic:
                low, high = (float(limit) for limit in self._limits)
                self._found = decade_ticks(low, high, self._plot.height() if self._vertical else self._plot.width())
            elif self._vertical:
                wanted = max(1.9 * QFontMetricsF(self.font).height(), min(48.0, self._plot.height() / 5))
                self._found = vertical_ticks(*self._limits, self._plot.height(), wanted)
            else:
                digit = QFontMetricsF(self.font).horizontalAdvance("0")
                wanted = max(50.0, 6.0 * digit, min(100.0, self._plot.width() / 6))
                self._found = horizontal_ticks(*self._limits, self._plot.width(), digit, wanted, shorten=bool(self.label))
        return self._found

    def paint(self, painter: QPainter, option: Any, widget: QWidget | None = None) -> None:
        """Draw it; called by Qt."""
        if self._laid is None:
            metrics = QFontMetricsF(self.font)
            self._laid = self._lay_out(metrics)._replace(base=self._base(metrics), name=self._name(metrics))
        spine = QColor(self.colours.accent if self.focused else self.colours.muted)
        spine.setAlphaF(1.0 if self.focused else SPINE)
        painter.fillRect(self._spine(), spine)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(spine)
        painter.drawRects(self._laid.strokes)
        painter.setFont(self.font)
        painter.setPen(QColor(self.colours.muted))
        for rect, alignment, text in self._laid.labels:
            painter.drawText(rect, alignment, text)
        if self._laid.base is not None:
            painter.setPen(QColor(self.colours.text))
            painter.drawText(*self._laid.base)
        if self._laid.name is not None:
            middle, room = self._laid.name
            painter.setPen(QColor(self.colours.muted))
            painter.translate(room.height() / 2 + 2, middle)
            painter.rotate(-90)
            painter.drawText(room, CENTRE, self.label)

    def _base(self, metrics: QFontMetricsF) -> tuple[QRectF, Qt.AlignmentFlag, str] | None:
        return self.base_box(metrics) if self.ticks.base and self.labels_shown else None

    def _name(self, metrics: QFontMetricsF) -> tuple[float, QRectF] | None:
        if not (self.label and self._vertical):
            return None
        long, height = self._plot.height(), metrics.height()
        return self.name_row(metrics), QRectF(-long / 2, -height / 2, long, height)

    def base_box(self, metrics: QFontMetricsF) -> tuple[QRectF, Qt.AlignmentFlag, str]:
        """Rectangle, alignment and text of the part common to all labels, without its middle digits where there is no room for all."""
        if self._vertical:
            box, alignment = QRectF(self._plot.left(), 0, self._plot.width(), self._plot.top() - 2), LEFT
        else:
            box, alignment = self._label_row(metrics.height()), RIGHT
            box.setLeft(box.center().x() + metrics.horizontalAdvance(self.label) / 2 + GAP)
        return box, alignment, metrics.elidedText(base_text(self.ticks), Qt.TextElideMode.ElideMiddle, box.width())

    def name_row(self, metrics: QFontMetricsF) -> float:
        """The row of the middle of a vertical axis' name: halfway up, or below a label there that is long enough to reach the name."""
        middle, height = self._plot.center().y(), metrics.height()
        half = (metrics.horizontalAdvance(self.label) + height) / 2
        room = self._plot.left() - TICK - height - GAP
        long = [top + height / 2 for top, label in self.label_rows(height) if metrics.horizontalAdvance(label) > room]
        return next((row + half for row in long if abs(row - middle) < half), middle)

    def _spine(self) -> QRectF:
        plot, thick = self._plot, 2 if self.focused else 1
        if self._vertical:
            return QRectF(plot.left() - thick, plot.top(), thick, plot.height() + 1)
        return QRectF(plot.left() - 1, plot.bottom(), plot.width() + 1, thick)

    def _lay_out(self, metrics: QFontMetricsF) -> "_Laid":
        plot, height, ticks = self._plot, metrics.height(), self.ticks
        majors = [at for at, _ in ticks.majors]
        if self._vertical:
            edge = plot.left() - 1
            strokes = [
                QRectF(edge - long, self._row(at), long, 1) for long, places in ((MINOR, ticks.minors), (TICK, majors)) for at in places
            ]
            rows = self.label_rows(height) if self.labels_shown else []
            return _Laid(strokes, [(QRectF(0, top, edge - TICK - 3, height), RIGHT, label) for top, label in rows])
        edge = plot.bottom() + 1
        strokes = [QRectF(self._column(at), edge, 1, long) for long, places in ((MINOR, ticks.minors), (TICK, majors)) for at in places]
        labels = [(rect, CENTRE, label) for rect, label in self.label_boxes(metrics)] if self.labels_shown else []
        if self.label and self.labels_shown:
            labels.append((self._label_row(height), CENTRE, self.label))
        return _Laid(strokes, labels)

    def _label_row(self, height: float) -> QRectF:
        """The row of the name of a horizontal axis."""
        plot = self._plot
        return QRectF(plot.left(), plot.bottom() + 1 + TICK + 4 + height, plot.width(), height)

    def label_rows(self, height: float) -> list[tuple[float, str]]:
        """Tops of the labels of a vertical axis, `height` pixels high, without clipping or overlap."""
        rows: list[tuple[float, str]] = []
        for at, label in self.ticks.majors:
            top = min(max(self._row(at) - height / 2, self._bounds.top()), self._bounds.bottom() - height)
            if not rows or top + 0.8 * height <= rows[-1][0]:
                rows.append((top, label))
        return rows

    def label_boxes(self, metrics: QFontMetricsF) -> list[tuple[QRectF, str]]:
        """Rectangles of the labels of a horizontal axis, without clipping or overlap."""
        boxes: list[tuple[QRectF, str]] = []
        for at, label in self.ticks.majors:
            width = metrics.horizontalAdvance(label) + 2
            middle = self._column(at) - width / 2
            left = min(max(middle, 0.0), self._bounds.right() - width)
            if boxes and left < boxes[-1][0].right() + 4:
                continue
            boxes.append((QRectF(left, self._plot.bottom() + TICK + 2, width, metrics.height()), label))
        return boxes

    def needed(self) -> int:
        """The pixels that a horizontal axis needs below the plot area."""
        height = QFontMetricsF(self.font).height()
        return round(TICK + 5 + (height if self.labels_shown else 0) + (height + 4 if self.labels_shown and self.label else 0))

    def _row(self, at: float) -> int:
        return round(self._plot.bottom() - at * self._plot.height())

    def _column(self, at: float) -> int:
        return round(self._plot.left() + at * self._plot.width()) - (1 if at >= 1.0 else 0)
