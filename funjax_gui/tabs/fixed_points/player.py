"""The player: which step of the orbit is shown, moved by buttons, keys and a timer."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

SPEEDS = (1, 2, 5, 10, 20, 50)
"""Steps a second."""

USUAL = 2

BUTTONS = (
    ("reset", "«", "Back to the start (R)"),
    ("back", "◀", "One step back (B)"),
    ("play", "▶", "Play and pause (Space)"),
    ("step", "▶❙", "One step on (N)"),
    ("run", "»", "Run to the end (E)"),
)


class Player(QWidget):
    """`at` is the step shown, 0 to `length`. At the end it stays there when the orbit changes: a dragged start shows all of it."""

    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.at = self.length = 0
        self._at_end = True
        self.timer = QTimer(self, interval=round(1000 / SPEEDS[USUAL]))
        self.timer.timeout.connect(self._tick)
        self.buttons: dict[str, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 8, 2)
        row.setSpacing(4)
        for name, text, tip in BUTTONS:
            button = QPushButton(text)
            button.setToolTip(tip)
            button.setAccessibleName(tip.partition(" (")[0])
            button.setFixedWidth(34)
            button.clicked.connect(getattr(self, name))
            self.buttons[name] = button
            row.addWidget(button)
        self._label = QLabel()
        self._label.setProperty("role", "quiet")
        self._label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self._label, 1)
        self.speed = QComboBox()
        self.speed.setToolTip("Speed of playing, in steps a second")
        self.speed.setAccessibleName("Speed of playing")
        for speed in SPEEDS:
            self.speed.addItem(f"{speed} / s", speed)
        self.speed.setCurrentIndex(USUAL)
        self.speed.activated.connect(lambda _: self.timer.setInterval(round(1000 / self.speed.currentData())))
        row.addWidget(self.speed)
        self._show()

    @property
    def playing(self) -> bool:
        """Whether the timer moves it."""
        return self.timer.isActive()

    def set_length(self, length: int) -> None:
        """The orbit has so many steps."""
        self.length = length
        self.at = length if self._at_end else min(self.at, length)
        self._show()

    def go(self, at: int) -> None:
        """Show step `at`."""
        at = min(max(at, 0), self.length)
        if at != self.at:
            self.at, self._at_end = at, at == self.length
            self._show()
            self.moved.emit()

    def step(self) -> None:
        """Show the next step."""
        self.go(self.at + 1)

    def back(self) -> None:
        """Show the step before."""
        self._pause()
        self.go(self.at - 1)

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

    def _tick(self) -> None:
        self.step()
        if self.at >= self.length:
            self._pause()

    def _pause(self) -> None:
        self.timer.stop()
        self._show()

    def _show(self) -> None:
        self._label.setText(f"{self.at} of {self.length}")
        self.buttons["play"].setText("❚❚" if self.playing else "▶")
        for name in ("reset", "back"):
            self.buttons[name].setEnabled(self.at > 0)
        for name in ("step", "run"):
            self.buttons[name].setEnabled(self.at < self.length)
