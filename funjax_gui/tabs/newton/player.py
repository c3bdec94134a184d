"""The player beneath the picture: buttons, a slider where there is room, and which step of the race is shown."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSlider

from funjax_gui.player import Player

BUTTONS = (
    ("reset", "Reset", "Reset: back to the start (R)"),
    ("back", "Back", "One step back (B or ,)"),
    ("play", "Play", "Play and pause (Space or P)"),
    ("step", "Step", "One step on (N or .)"),
    ("inner_step", "CG step", "One inner iteration of conjugate gradients on (I)"),
    ("run", "Run", "Run to the end (E)"),
)


class RacePlayer(Player):
    """Which step of the race is shown; its length is that of the longest run."""

    def __init__(self) -> None:
        super().__init__(BUTTONS, ("Play", "Pause"), speeds=(1, 2, 5, 10, 20), usual=2)
        row = QHBoxLayout(self)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        row.setContentsMargins(76, 2, 22, 2)
        row.setSpacing(6)
        for button in self.buttons.values():
            button.setMinimumWidth(46)
            row.addWidget(button)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setToolTip("The step shown")
        self._slider.setMinimumWidth(24)
        self._slider.setAccessibleName("Step shown")
        self._slider.valueChanged.connect(self.go)
        row.addWidget(self._slider, 6)
        self.label.setMinimumWidth(96)
        row.addWidget(self.label)
        row.addWidget(self.speed)
        self._show()

    def minimumSizeHint(self) -> QSize:
        """Return the least size: that of the buttons; asked by Qt."""
        return QSize(400, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what there is no room for."""
        self._slider.setVisible(self.width() > 740)
        self.speed.setVisible(self.width() > 600)
        self.label.setVisible(self.width() > 520)

    def _write(self) -> None:
        self._slider.blockSignals(True)
        self._slider.setRange(0, self.length)
        self._slider.setValue(self.at)
        self._slider.blockSignals(False)
        inner = f" · CG {self.inner}" if self.inner is not None else ""
        self.label.setText(f"step {self.at} of {self.length}{inner}")
