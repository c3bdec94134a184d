"""The player: which step of the run is shown, moved by buttons, keys and a timer."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLayout, QPushButton, QSlider, QWidget

SPEEDS = (1, 2, 5, 10, 20)
"""Steps a second."""

BUTTONS = (
    ("reset", "Reset", "Reset: back to the start (R)"),
    ("back", "Back", "One step back (B or ,)"),
    ("play", "Play", "Play and pause (Space or P)"),
    ("step", "Step", "One step on (N or .)"),
    ("inner", "CG step", "One inner iteration of conjugate gradients on (I)"),
    ("run", "Run", "Run to the end (E)"),
)


class Player(QWidget):
    """`at` is the step shown, 0 to `length`; `inner` how many inner iterations of the next step are shown, None for none.

    At the end it stays at the end when the run grows or shrinks, so that a start that is dragged shows all of its run.
    """

    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.at = self.length = 0
        self.inner: int | None = None
        self._inner_length = 0
        self._at_end = True
        self.timer = QTimer(self, interval=500)
        self.timer.timeout.connect(self._tick)
        self.buttons: dict[str, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        row.setContentsMargins(76, 2, 22, 2)
        row.setSpacing(6)
        for name, text, tip in BUTTONS:
            button = QPushButton(text)
            button.setToolTip(tip)
            button.setAccessibleName(tip.partition(" (")[0])
            button.setMinimumWidth(46)
            button.clicked.connect(getattr(self, "inner_step" if name == "inner" else name))
            self.buttons[name] = button
            row.addWidget(button)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setToolTip("The step shown")
        self._slider.setMinimumWidth(24)
        self._slider.setAccessibleName("Step shown")
        self._slider.valueChanged.connect(self.go)
        row.addWidget(self._slider, 6)
        self._label = QLabel()
        self._label.setMinimumWidth(96)
        self._label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._label)
        self.speed = QComboBox()
        self.speed.setToolTip("Speed of playing, in steps a second")
        self.speed.setAccessibleName("Speed of playing")
        for speed in SPEEDS:
            self.speed.addItem(f"{speed} / s", speed)
        self.speed.setCurrentIndex(1)
        self.speed.activated.connect(lambda _: self.timer.setInterval(round(1000 / self.speed.currentData())))
        row.addWidget(self.speed)
        self._show()

    def minimumSizeHint(self) -> QSize:
        """Return the least size: that of the buttons; asked by Qt."""
        return QSize(400, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what there is no room for."""
        self._slider.setVisible(self.width() > 740)
        self.speed.setVisible(self.width() > 600)
        self._label.setVisible(self.width() > 520)

    @property
    def playing(self) -> bool:
        """Whether the timer moves it."""
        return self.timer.isActive()

    @property
    def at_end(self) -> bool:
        """Whether it stays at the end of the run."""
        return self._at_end

    def set_length(self, length: int) -> None:
        """The longest run on show has so many steps."""
        self.length = length
        self.at = length if self._at_end else min(self.at, length)
        self._show()

    def set_inner_length(self, length: int) -> None:
        """The next step has so many inner iterations to look at, 0 where there are none."""
        self._inner_length = length
        if self.inner is not None:
            self.inner = min(self.inner, length) or None
        self.buttons["inner"].setEnabled(length > 0)

    def go(self, at: int) -> None:
        """Show step `at`."""
        at = min(max(at, 0), self.length)
        if at == self.at and self.inner is None:
            return
        self.at, self.inner, self._at_end = at, None, at == self.length
        self._show()
        self.moved.emit()

    def step(self) -> None:
        """Show the next step."""
        self.go(self.at + 1)

    def back(self) -> None:
        """Show the step before; where inner iterations are shown, take those away first."""
        self._pause()
        self.go(self.at if self.inner is not None else self.at - 1)

    def reset(self) -> None:
        """Show the start alone."""
        self._pause()
        self.go(0)
        self._at_end = False

    def run(self) -> None:
        """Show the end."""
        self._pause()
        self.go(self.length)
        self._at_end = True

    def play(self) -> None:
        """Go on by itself, from the start if it is at the end; or pause."""
        if self.playing:
            self._pause()
            return
        if self.at >= self.length:
            self.go(0)
            self._at_end = False
        self.timer.start()
        self._show()

    def inner_step(self) -> None:
        """Show one inner iteration more of the next step; after the last one, the step."""
        self._pause()
        if not self._inner_length:
            return
        if self.inner == self._inner_length:
            self.step()
            return
        self.inner = (self.inner or 0) + 1
        self._show()
        self.moved.emit()

    def _tick(self) -> None:
        self.step()
        if self.at >= self.length:
            self._pause()

    def _pause(self) -> None:
        self.timer.stop()
        self._show()

    def _show(self) -> None:
        self._slider.blockSignals(True)
        self._slider.setRange(0, self.length)
        self._slider.setValue(self.at)
        self._slider.blockSignals(False)
        inner = f" · CG {self.inner}" if self.inner is not None else ""
        self._label.setText(f"step {self.at} of {self.length}{inner}")
        self.buttons["play"].setText("Pause" if self.playing else "Play")
        for name in ("reset", "back"):
            self.buttons[name].setEnabled(self.at > 0 or self.inner is not None)
        for name in ("step", "run"):
            self.buttons[name].setEnabled(self.at < self.length)
