"""A label whose text is cut with "…" where it does not fit, or at the end of a clause."""

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel

_CLAUSE = re.compile(r"(?<=\.)(?= )|[;:](?= )|,(?= [^\W\d])")
"""Ends of clauses; a comma between numbers is none."""


class ElidingLabel(QLabel):
    """A label of one line of plain text, cut at its end to the width of the label; with `clauses`, behind the last clause that fits.

    `text()` is the whole text, also for assistive technology. (superqt has such a label too; importing superqt takes 0.16 s.)
    """

    def __init__(self, text: str = "", clauses: bool = False) -> None:
        super().__init__(text)
        self._clauses = clauses
        self.setTextFormat(Qt.TextFormat.PlainText)

    def shown_text(self) -> str:
        """The text as it is painted."""
        metrics, text, width = self.fontMetrics(), self.text(), self.contentsRect().width()
        if self._clauses and metrics.horizontalAdvance(text) > width:
            parts = (text[: found.start()] for found in reversed(list(_CLAUSE.finditer(text))))
            if fitting := next((part for part in parts if metrics.horizontalAdvance(part) <= width), ""):
                return fitting
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)

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
