"""An outline around a highlighted widget, which fades and takes no input."""

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollArea, QWidget

from funjax_gui.style import Colours

HELD, FADED = 2600, 1200
"""Milliseconds of its display and of its fading."""

TICK = 40
MARGIN = 4


class Outline(QWidget):
    """The outline of `target`, drawn over its window; deletes itself after fading."""

    def __init__(self, target: QWidget, colours: Colours) -> None:
        super().__init__(target.window())
        self._target, self._colours, self._age = target, colours, 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self, interval=TICK)
        self._timer.timeout.connect(self._grow_old)
        # Its owner goes first where a panel replaces its controls.
        target.destroyed.connect(self.end)
        bring_into_view(target)
        self._follow()
        self.show()
        self.raise_()
        self._timer.start()

    def end(self) -> None:
        """Remove the outline."""
        self._timer.stop()
        self.hide()
        self.deleteLater()

    @property
    def opacity(self) -> float:
        """Opacity, from 1 to 0."""
        return min(1.0, (HELD + FADED - self._age) / FADED)

    def _grow_old(self) -> None:
        self._age += TICK
        if self._age >= HELD + FADED or not self._target.isVisible():
            self.end()
        else:
            self._follow()

    def _follow(self) -> None:
        """Move to the visible part of the target."""
        window = self.window()
        place = _shown(self._target).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        self.setGeometry(place & window.rect())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw; called by Qt."""
        colour = QColor(self._colours.accent)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(self.opacity)
            for width, share in ((5.0, 0.25), (2.0, 1.0)):  # a glow, which is visible on any background
                colour.setAlphaF(share)
                painter.setPen(QPen(colour, width))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5), 5, 5)


def _shown(target: QWidget) -> QRect:
    """Rectangle of the widget in its window, clipped by its ancestors."""
    place, widget = target.rect(), target
    while (parent := widget.parentWidget()) is not None and not widget.isWindow():
        place.translate(widget.pos())
        place &= parent.rect()
        widget = parent
    return place


def bring_into_view(target: QWidget) -> None:
    """Scroll the widget into view."""
    parent = target.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea) and (inside := parent.widget()) is not None:
            place = target.mapTo(inside, QPoint(target.width() // 2, target.height() // 2))
            parent.ensureVisible(place.x(), place.y(), 0, target.height() // 2 + 20)
        parent = parent.parentWidget()
