"""An outline about a widget that a tour points at; it fades, and takes no input."""

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollArea, QWidget

from funjax_gui.style import Colours

HELD, FADED = 2600, 1200
"""Milliseconds that it is there, and that it takes to fade."""

TICK = 40
MARGIN = 4


class Outline(QWidget):
    """About `target`, over its window, until it has faded; then it deletes itself."""

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
        """Be gone."""
        self._timer.stop()
        self.hide()
        self.deleteLater()

    @property
    def opacity(self) -> float:
        """From 1, fading, to 0."""
        return min(1.0, (HELD + FADED - self._age) / FADED)

    def _grow_old(self) -> None:
        self._age += TICK
        if self._age >= HELD + FADED or not self._target.isVisible():
            self.end()
        else:
            self._follow()

    def _follow(self) -> None:
        """Lie about the target, wherever it is by now, as far as it can be seen."""
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
            for width, share in ((5.0, 0.25), (2.0, 1.0)):  # a glow, so that it shows on any ground
                colour.setAlphaF(share)
                painter.setPen(QPen(colour, width))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5), 5, 5)


def _shown(target: QWidget) -> QRect:
    """Where the widget is in its window, as far as nothing that it lies in cuts it off."""
    place, widget = target.rect(), target
    while (parent := widget.parentWidget()) is not None and not widget.isWindow():
        place.translate(widget.pos())
        place &= parent.rect()
        widget = parent
    return place


def bring_into_view(target: QWidget) -> None:
    """Scroll to the widget, where it is in something that scrolls."""
    parent = target.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea) and (inside := parent.widget()) is not None:
            place = target.mapTo(inside, QPoint(target.width() // 2, target.height() // 2))
            parent.ensureVisible(place.x(), place.y(), 0, target.height() // 2 + 20)
        parent = parent.parentWidget()
