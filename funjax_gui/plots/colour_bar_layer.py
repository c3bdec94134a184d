"""The layer of a colour bar, above the plot area at the right."""

from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from funjax_gui.figures import ColourBar
from funjax_gui.plots.overlays import GAP, LEFT, Overlay

WIDTH = 110.0
"""Width of the strip in pixels."""


class ColourBarLayer(Overlay):
    """A thin colour bar with its title, the values at its ends and a note; what has no room is left out, the note first."""

    def __init__(self, font: QFont) -> None:
        super().__init__()
        self._font = font
        self.bar: ColourBar | None = None

    def set_bar(self, bar: ColourBar | None) -> None:
        """Show this bar; hide for None."""
        self.bar = bar
        self.setVisible(bar is not None)
        self.update()

    def place(self) -> None:
        """Cover the margin above the plot area, up to the mark of the help in the corner."""
        self._move(QRectF(self.area.left(), 0, self.area.width() - 1.5 * GAP, self.area.top() - 2))

    def paint(self, painter: QPainter, option: Any, widget: QWidget | None = None) -> None:
        """Draw it; called by Qt."""
        if self.bar is None:
            return
        bar, metrics, rect = self.bar, QFontMetricsF(self._font), self._rect
        painter.setFont(self._font)
        painter.setPen(QColor(self.colours.muted))
        right = self._write(painter, bar.high, rect.right())
        height = round(min(8.0, 0.5 * rect.height()))
        left, top = round(right - 0.5 * GAP - WIDTH), round(rect.center().y() - height / 2)
        paint_strip(painter, bar, QRectF(left, top, WIDTH, height))
        right = self._write(painter, bar.low, left - 0.5 * GAP)
        for text in (bar.title, bar.note):
            if text and right - 2 * GAP - metrics.horizontalAdvance(text) >= rect.left():
                right = self._write(painter, text, right - GAP)

    def _write(self, painter: QPainter, text: str, right: float) -> float:
        """Write a text that ends at `right`; return where it begins."""
        width = QFontMetricsF(self._font).horizontalAdvance(text)
        painter.drawText(QRectF(right - width, self._rect.top(), width + 1, self._rect.height()), LEFT, text)
        return right - width


def paint_strip(painter: QPainter, bar: ColourBar, area: QRectF) -> None:
    """Fill the area with the bar's colours from left to right, as rectangles without gaps."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(Qt.PenStyle.NoPen)
    edges = [round(area.left() + area.width() * k / len(bar.colours)) for k in range(len(bar.colours) + 1)]
    for k, colour in enumerate(bar.colours.tolist()):
        painter.fillRect(QRectF(edges[k], area.top(), edges[k + 1] - edges[k], area.height()), QColor.fromRgb(colour))
    painter.restore()
