"""Base class of the layers of a plot, and the layers pin, rubber band, read-out, message and title."""

from decimal import Decimal
from typing import Any

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QWidget

from funjax_gui.style import DARK, Colours
from kernels.geometry import Viewport

PAD = 8
GAP = 10
WIDEST = 460.0
"""Maximum width of the lines of a message in pixels."""

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
PARAGRAPH = int(CENTRE) | Qt.TextFlag.TextWordWrap.value


class Overlay(QGraphicsItem):
    """A layer of a plot: an item over the plot area `area`, which shows `view`; `rect` is where it draws."""

    def __init__(self) -> None:
        super().__init__()
        self.area = self._rect = QRectF()
        self.colours: Colours = DARK
        self.view: Viewport | None = None
        self.setZValue(100)
        self.setVisible(False)

    @property
    def rect(self) -> QRectF:
        """Where it is drawn, in the view's pixels."""
        return self._rect

    def boundingRect(self) -> QRectF:
        """Return the rectangle it may draw in; asked by Qt."""
        return self._rect.adjusted(-1, -1, 1, 1)

    def place(self) -> None:
        """Set the rectangle of the layer, by default the plot area."""
        self._move(QRectF(self.area))

    def set_colours(self, colours: Colours) -> None:
        """Draw in these colours."""
        self.colours = colours
        self.update()

    def set_thickness(self, thickness: float) -> None:
        """Draw lines so many times as wide, where the layer has lines."""

    def show_in(self, view: Viewport) -> None:
        """Update the layer to this view."""
        self.view = view
        self.update()

    def _move(self, rect: QRectF) -> None:
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = rect
        self.update()


class PinLine(Overlay):
    """A vertical line at an abscissa, exact at any depth of the view."""

    def __init__(self) -> None:
        super().__init__()
        self.at: Decimal | None = None
        self.setZValue(10)

    def set_at(self, x: Decimal | None) -> None:
        """Mark the abscissa `x`, in view or not; None hides the line."""
        self.at = x
        self.setVisible(self.u is not None)
        self.update()

    def show_in(self, view: Viewport) -> None:
        """Mark it in `view`."""
        super().show_in(view)
        self.set_at(self.at)

    @property
    def u(self) -> float | None:
        """Position of the line in window coordinates; None if it is not in view."""
        u = -1.0 if self.at is None or self.view is None else self.view.u_of(self.at)
        return u if 0.0 <= u <= 1.0 else None

    def paint(self, painter: QPainter, option: Any, widget: QWidget | None = None) -> None:
        """Draw it; called by Qt."""
        if self.u is not None:
            x = self.area.left() + self.u * self.area.width()
            painter.setPen(QPen(QColor(self.colours.accent), 1))
            painter.drawLine(QLineF(x, self.area.top(), x, self.area.bottom()))


class RubberBand(Overlay):
    """The box that is being dragged."""

    def place(self) -> None:
        """Stay where it is dragged."""

    def show_between(self, first: QPointF, second: QPointF) -> None:
        """Draw it from corner to corner."""
        self._move(QRectF(first, second).normalized())
        self.setVisible(True)

    def paint(self, painter: QPainter, option: Any, widget: QWidget | None = None) -> None:
        """Draw it; called by Qt."""
        accent = QColor(self.colours.accent)
        painter.setPen(QPen(accent, 1))
        accent.setAlphaF(0.15)
        painter.setBrush(accent)
        painter.drawRect(self._rect)


class Readout(Overlay):
    """Lines of text in a corner of the plot area, away from the cursor; `corner` is the preferred one."""

    def __init__(self, font: QFont) -> None:
        super().__init__()
        self._font = font
        self._lines: tuple[str, ...] = ()
        self._away = False
        self.corner = (False, False)
        """Whether it is at the bottom and at the right, unless the cursor is near."""

    @property
    def lines(self) -> tuple[str, ...]:
        """What it shows."""
        return self._lines

    def set_lines(self, lines: list[str] | None) -> None:
        """Show these lines; hide for None or none."""
        self._lines = tuple(lines or ())
        self.setVisible(bool(self._lines))
        self.place()

    def place(self) -> None:
        """Fit the box to its lines, within the plot area."""
        metrics = QFontMetricsF(self._font)
        width = max((metrics.horizontalAdvance(line) for line in self._lines), default=0.0) + 2 * PAD
        height = len(self._lines) * metrics.height() + 2 * PAD - 4
        width, height = min(round(width), self.area.width()), min(round(height), self.area.height())
        bottom, right = self.corner
        left = self.area.right() - GAP - width if right != self._away else self.area.left() + GAP
        left = max(self.area.left(), min(left, self.area.right() - width))
        top = self.area.bottom() - GAP - height if bottom else self.area.top() + GAP
        self._move(QRectF(left, max(self.area.top(), min(top, self.area.bottom() - height)), width, height))

    def avoid(self, position: QPointF) -> None:
        """Move to the other corner when the cursor is near."""
        if self.isVisible() and self._rect.adjusted(-GAP, -GAP, GAP, GAP).contains(position):
            self._away = not self._away
            self.place()

    def paint(self, painter: QPainter, option: Any, widget: QWidget | None = None) -> None:
        """Draw it; called by Qt."""
        ground = QColor(self.colours.panel)
        ground.setAlphaF(0.88)
        painter.fillRect(self._rect, ground)
        painter.setFont(self._font)
        step = QFontMetricsF(self._font).height()
        for row, line in enumerate(self._lines):
            painter.setPen(QColor(self.colours.text if row < 2 else self.colours.muted))
            line_rect = QRectF(self._rect.left() + PAD, self._rect.top() + PAD - 2 + row * step, self._rect.width() - PAD, step)
            painter.drawText(line_rect, LEFT, line)


class Message(Overlay):
    """A sentence in the middle of the plot area, on a background that separates it from the picture."""

    def __init__(self, font: QFont) -> None:
        super().__init__()
        self._font = font
        self._low = False
        self.text = ""

    def set_text(self, text: str | None, low: bool = False) -> None:
        """Show this text, in the middle or low in the plot area; hide for None."""
        self.text, self._low = text or "", low
        self.setVisible(bool(self.text))
        self.place()

    def place(self) -> None:
        """Fit the rectangle to the text."""
        room = self.area.adjusted(PAD, 0, -PAD, 0)
        widest = QRectF(0, 0, min(room.width() - 2 * PAD, WIDEST), 1e4)
        wanted = QFontMetricsF(self._font).boundingRect(widest, PARAGRAPH, self.text)
        box = QRectF(0, 0, min(wanted.width() + 2 * PAD, room.width()), min(wanted.height() + 2 * PAD, room.height()))
        box.moveCenter(room.center())
        if self._low:
            box.moveBottom(room.bottom() - GAP)
        self._move(box)

    def paint(self, painter: QPainter, option: Any, widget: QWidget | None = None) -> None:
        """Draw it; called by Qt."""
        ground = QColor(self.colours.panel)
        ground.setAlphaF(0.92)
        painter.fillRect(self._rect, ground)
        painter.setFont(self._font)
        painter.setPen(QColor(self.colours.muted))
        painter.drawText(self._rect.adjusted(PAD, PAD, -PAD, -PAD), PARAGRAPH, self.text)


class Title(Overlay):
    """A name above the plot area, in as many lines as it needs."""

    def __init__(self) -> None:
        super().__init__()
        self.font = QFont()
        self.text = ""
        self.right = 0.0
        """Right end of the room for the lines, which begins at 0, in pixels."""

    def set_text(self, text: str) -> None:
        """Show this text."""
        self.text = text
        self.setVisible(bool(text))
        self.update()

    @property
    def added_height(self) -> float:
        """Height of the lines after the first in pixels."""
        metrics = QFontMetricsF(self.font)
        lines = metrics.boundingRect(QRectF(0, 0, max(1.0, self.right), 0), PARAGRAPH, self.text)
        return max(0.0, lines.height() - metrics.height())

    def place(self) -> None:
        """Cover the margin above the plot area, and that beside it if the text is wider."""
        is_wide = QFontMetricsF(self.font).horizontalAdvance(self.text) > self.area.width()
        left, right = (0.0, self.right) if is_wide else (self.area.left(), self.area.right())
        self._move(QRectF(left, 0, right - left, self.area.top() - 2))

    def paint(self, painter: QPainter, option: Any, widget: QWidget | None = None) -> None:
        """Draw it; called by Qt."""
        painter.setFont(self.font)
        painter.setPen(QColor(self.colours.muted))
        painter.drawText(self._rect, PARAGRAPH, self.text)
