"""The player below the cobweb: small buttons and the current step."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout

from funjax_gui.style import scaled
from funjax_gui.widgets import TRANSPORT, Player


class OrbitPlayer(Player):
    """The player of an orbit."""

    def __init__(self) -> None:
        super().__init__(TRANSPORT, speeds=(1, 2, 5, 10, 20, 50), usual=5)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 8, 2)
        row.setSpacing(4)
        for button in self.buttons.values():
            button.setProperty("role", "sign")
            row.addWidget(button)
        self.label.setProperty("role", "quiet")
        row.addWidget(self.label, 1)
        row.addWidget(self.speed)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the buttons narrower if the other widgets need the width."""
        longest = self.fontMetrics().horizontalAdvance("000 of 000")
        room = self.width() - 36 - longest - self.speed.sizeHint().width()
        for button in self.buttons.values():
            button.setFixedWidth(max(20, min(scaled(34), room // len(self.buttons))))

    def _write(self) -> None:
        self.label.setText(f"{self.at} of {self.length}")
