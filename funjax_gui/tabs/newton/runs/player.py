"""The player beneath the picture: buttons, a slider where there is room, and the step that is shown."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QSlider

from funjax_gui.style import scaled, with_font
from funjax_gui.widgets import TRANSPORT, Player

INNER = ("inner_step", "CG step", "One conjugate-gradient iteration forward (I)")


class ComparisonPlayer(Player):
    """The player of a comparison; as long as its longest run."""

    def __init__(self) -> None:
        super().__init__((*TRANSPORT[:-1], INNER, TRANSPORT[-1]), speeds=(1, 2, 5, 10, 20), usual=2)
        self._buttons, self._rest = QHBoxLayout(), QHBoxLayout()
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._both.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        for part, share in ((self._buttons, 0), (self._rest, 1)):
            part.setSpacing(6)
            self._both.addLayout(part, share)
        for button in self.buttons.values():
            self._buttons.addWidget(button)
        self._buttons.addStretch()
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setToolTip("The step shown, from the start to the end of the longest run")
        self._slider.setMinimumWidth(scaled(60))
        self._slider.setAccessibleName("Step shown")
        self._slider.valueChanged.connect(self.go)
        self._rest.addWidget(self._slider, 1)
        with_font(self.label, lambda: self.label.setMinimumWidth(scaled(96)))
        self._rest.addWidget(self.label)
        self._rest.addWidget(self.speed)
        self._show()

    def minimumSizeHint(self) -> QSize:
        """Return the least size, below which buttons are cut off; asked by Qt."""
        return QSize(scaled(300), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the slider out where there is no room for it, or take a second row where there is none for the rest either."""
        for button in self.buttons.values():
            button.setMinimumWidth(min(button.sizeHint().width(), (self.width() - 40) // len(self.buttons)))
        sides = scaled(76), scaled(22)
        buttons = self._buttons.minimumSize().width() + 12
        rest = self.label.minimumWidth() + self.speed.sizeHint().width() + 12
        room = self.width() - sum(sides) - buttons
        two_rows = room < rest
        left = min(sides[0], max(4, self.width() - sides[1] - buttons)) if two_rows else sides[0]
        self._both.setContentsMargins(left, 2, sides[1] if room > 0 else 4, 2)
        self._both.setDirection(QBoxLayout.Direction.TopToBottom if two_rows else QBoxLayout.Direction.LeftToRight)
        self._slider.setVisible(two_rows or room > rest + self._slider.minimumWidth() + 6)

    def _write(self) -> None:
        self._slider.blockSignals(True)
        self._slider.setRange(0, self.length)
        self._slider.setValue(self.at)
        self._slider.blockSignals(False)
        inner = f" · CG {self.inner}" if self.inner is not None else ""
        self.label.setText(f"Step {self.at} of {self.length}{inner}")
