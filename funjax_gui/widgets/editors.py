"""Line edit, combo box and slider of all panels, which leave keys and wheel events that they do not need to the tab."""

import re

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QCursor,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QListView,
    QSlider,
    QStyle,
    QStyleOptionFrame,
    QStylePainter,
    QWidget,
)

from funjax_gui.formatting import MINUS
from funjax_gui.style import scaled

CHOOSING = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F4}
"""The keys of a closed combo box."""


EXPONENT = re.compile(r"(?<=\d)[eE][+\-−]?\d+$")
"""The exponent of a number in scientific notation."""

TEXT_MARGIN = 2
"""Pixels that Qt keeps free on both sides of a line's text."""


class Line(QLineEdit):
    """A line edit that selects its text when it gets the focus by key, and reverts with Esc.

    Without the focus a text that is too long ends in an ellipsis, so that its first digits are not taken for the whole number.
    """

    abandoned = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select the text when the focus comes by key."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, or what there is room for; an exponent is kept."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self).adjusted(TEXT_MARGIN, 0, -TEXT_MARGIN, 0)
        shown = shortened(self.text(), self.fontMetrics(), room.width())
        if self.hasFocus() or shown == self.text():
            super().paintEvent(event)
            return
        painter = QStylePainter(self)
        painter.drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option)
        painter.drawItemText(room, Qt.AlignmentFlag.AlignVCenter, self.palette(), self.isEnabled(), shown, self.foregroundRole())

    def event(self, event: QEvent) -> bool:
        """Claim Esc, undo and redo if there is an edit to revert, undo or redo; otherwise they are the window's."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            for key, is_own in (
                (QKeySequence.StandardKey.Cancel, self.isModified()),
                (QKeySequence.StandardKey.Undo, self.isUndoAvailable()),
                (QKeySequence.StandardKey.Redo, self.isRedoAvailable()),
            ):
                if event.matches(key):
                    event.setAccepted(is_own)
                    return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Emit `abandoned` on Esc. Letters and digits with Alt are not text."""
        if event.key() == Qt.Key.Key_Escape:
            self.abandoned.emit()
        if event.modifiers() == Qt.KeyboardModifier.AltModifier and event.text().isprintable() and event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)
            if event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.Cut):
                clipboard = QGuiApplication.clipboard()
                clipboard.setText(clipboard.text().replace(MINUS, "-"))  # other programs read no true minus sign

    def forget_edits(self) -> None:
        """Clear the undo history after the edit was applied; undo is then the window's."""
        if self.isUndoAvailable() or self.isRedoAvailable():
            place = self.cursorPosition()
            self.setText(self.text())
            self.setCursorPosition(place)
        self.setModified(False)


def shortened(text: str, metrics: QFontMetrics, room: int) -> str:
    """The text, shortened by an ellipsis to a width in pixels if it is wider; of a number with an exponent the digits before that."""
    if metrics.horizontalAdvance(text) <= room:
        return text
    exponent = found.group() if (found := EXPONENT.search(text)) else ""
    digits = text.removesuffix(exponent)
    return metrics.elidedText(digits, Qt.TextElideMode.ElideRight, room - metrics.horizontalAdvance(exponent)) + exponent


class Box(QComboBox):
    """A combo box whose list is as wide as its items; the wheel scrolls the panel instead of changing the choice.

    A click gives it no keyboard focus, and letters, Home and End select only in the open list, so that keys keep acting on the plot.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ignore the wheel, which scrolls the panel."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle keys that open the list or step through it; others are the tab's."""
        if event.key() in CHOOSING:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def showPopup(self) -> None:
        """Show the list, with spacing between its items."""
        view = self.view()
        assert isinstance(view, QListView)
        view.setSpacing(scaled(3))
        view.setMinimumWidth(view.sizeHintForColumn(0) + scaled(16))
        super().showPopup()

    def hidePopup(self) -> None:
        """Hide the list. Where the mouse chose an entry beside the box, Qt would go on drawing the box as if it were there."""
        super().hidePopup()
        if not self.rect().contains(self.mapFromGlobal(QCursor.pos())):
            self.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
            self.update()


FINE = 0.1
"""How far a slider moves with the mouse while Shift is held, beside its usual way."""


class Slider(QSlider):
    """A slider that moves finely while Shift is held; the wheel scrolls the panel instead of moving it."""

    def __init__(self, orientation: Qt.Orientation) -> None:
        super().__init__(orientation)
        self._held_at: tuple[float, int] | None = None
        """Where the mouse was, and the slider, when Shift was pressed."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel."""
        event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse, a tenth as far while Shift is held."""
        if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier or not self.isSliderDown():
            self._held_at = None
            super().mouseMoveEvent(event)
            return
        x = event.position().x()
        if self._held_at is None:
            self._held_at = x, self.sliderPosition()
        began, place = self._held_at
        steps = (self.maximum() - self.minimum()) / max(1, self.width())
        self.setSliderPosition(round(place + FINE * steps * (x - began)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the slider."""
        self._held_at = None
        super().mouseReleaseEvent(event)
