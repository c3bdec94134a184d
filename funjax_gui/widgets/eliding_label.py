"""A label whose text is cut with "…" where it does not fit."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel


class ElidingLabel(QLabel):
    """A label of one line of plain text, cut at its end to the width of the label.

    `text()` is the whole text, also for assistive technology. (superqt has such a label too; importing superqt takes 0.16 s.)
    """

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def shown_text(self) -> str:
        """The text as it is painted."""
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())

    def minimumSizeHint(self) -> QSize:
        """The size of the "…" alone."""
        margins = self.contentsMargins()
        return QSize(self.fontMetrics().horizontalAdvance("…") + margins.left() + margins.right(), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the part that fits."""
        with QPainter(self) as painter:
            self.drawFrame(painter)
            place = self.contentsRect()
            self.style().drawItemText(
                painter, place, self.alignment(), self.palette(), self.isEnabled(), self.shown_text(), self.foregroundRole()
            )
