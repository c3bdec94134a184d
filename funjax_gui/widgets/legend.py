"""Legends in a panel, and their copy below the picture while the panel is hidden, as in a presentation."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QLabel, QWidget


class Legend(QLabel):
    """Signs with their meaning, as rich text."""

    changed = Signal()
    """Another text, or shown or hidden."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)

    def setText(self, text: str) -> None:
        """Show this text."""
        if text != self.text():
            super().setText(text)
            self.changed.emit()

    def setVisible(self, visible: bool) -> None:
        """Show or hide it; called by Qt too."""
        super().setVisible(visible)
        self.changed.emit()


class LegendBelow(QLabel):
    """The legends of a panel in one paragraph, shown while the panel's area is hidden."""

    def __init__(self, area: QWidget, legends: Sequence[Legend]) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setContentsMargins(12, 2, 12, 6)
        self._area, self._legends = area, legends
        area.installEventFilter(self)
        for legend in legends:
            legend.changed.connect(self._follow)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the visibility of the area; called by Qt."""
        if watched is self._area and event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._follow()
        return False

    def _follow(self) -> None:
        shown = [legend.text() for legend in self._legends if legend.text() and not legend.isHidden()] if self._area.isHidden() else []
        text = " &nbsp; ".join(shown).replace("<br>", " &nbsp; ")
        if text != self.text():
            self.setText(text)
        if self.isHidden() == bool(text):
            self.setVisible(bool(text))
