"""Base class of players: the current step, moved by buttons, keys and a timer. Each tab lays out the widgets."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from funjax_gui.widgets.buttons import button

TRANSPORT = (
    ("reset", "«", "Rewind to the start (R)"),
    ("back", "◀", "One step back (B)"),
    ("play", "▶", "Play and pause (Space)"),
    ("step", "▶❙", "One step forward, from the end to the start (N)"),
    ("run", "»", "Run to the end (E)"),
)
"""(slot, text, tip) of the buttons of every player."""

PLAY, PAUSE = "▶", "❚❚"


class Player(QWidget):
    """`at`: the step shown, 0 to `length`; `inner`: number of inner iterations shown of the next step, None for none.

    At the end it stays at the end when the length changes, so that dragging an initial point shows whole runs.
    """

    moved = Signal()

    def __init__(self, buttons: Sequence[tuple[str, str, str]], speeds: Sequence[int], usual: int) -> None:
        """`buttons`: (slot, text, tip); speeds in steps per second.

        Subclasses lay out the widgets and then call `_show`.
        """
        super().__init__()
        self.at = self.length = 0
        self.inner: int | None = None
        self._inner_length = 0
        self._at_end = True
        self._wanted: int | None = None
        self.timer = QTimer(self, interval=round(1000 / usual))
        self.timer.timeout.connect(self._tick)
        self.buttons = {name: button(text, tip, getattr(self, name), tip.partition(" (")[0]) for name, text, tip in buttons}
        self.label = QLabel()
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.speed = QComboBox()
        self.speed.setToolTip("Playback speed, in steps per second")
        self.speed.setAccessibleName("Playback speed")
        for speed in speeds:
            self.speed.addItem(f"{speed} / s", speed)
        self.speed.setCurrentIndex(self.speed.findData(usual))
        self.speed.activated.connect(lambda _: self.timer.setInterval(round(1000 / self.speed.currentData())))

    def _write(self) -> None:
        """Show the current step."""
        raise NotImplementedError

    @property
    def playing(self) -> bool:
        """Whether the timer is running."""
        return self.timer.isActive()

    @property
    def at_end(self) -> bool:
        """Whether it stays at the end of the run."""
        return self._at_end

    def set_length(self, length: int) -> None:
        """Set the number of steps."""
        self.length = length
        self.at = length if self._at_end else min(self.at if self._wanted is None else self._wanted, length)
        self._show()

    def set_inner_length(self, length: int) -> None:
        """Set the number of inner iterations of the next step, 0 for none."""
        self._inner_length = length
        if self.inner is not None:
            self.inner = min(self.inner, length) or None
        self.buttons["inner_step"].setEnabled(length > 0)

    def go(self, at: int) -> None:
        """Show step `at`."""
        at, self._wanted = min(max(at, 0), self.length), None
        if at == self.at and self.inner is None:
            return
        self.at, self.inner, self._at_end = at, None, at == self.length
        self._show()
        self.moved.emit()

    def resume(self, at: int | None) -> None:
        """Show step `at` as soon as the run has that many steps; None: its end."""
        self._pause()
        self.inner, self._wanted, self._at_end = None, at, at is None
        self.set_length(self.length)
        self.moved.emit()

    @property
    def kept(self) -> int | None:
        """The step to be saved, None for the end."""
        return None if self._at_end else self.at if self._wanted is None else self._wanted

    def step(self) -> None:
        """Show the next step; at the end, begin again at step 0."""
        if self.at >= self.length and self.inner is None:
            self.reset()
        else:
            self.go(self.at + 1)

    def back(self) -> None:
        """Show the previous step; first hide inner iterations, if any are shown."""
        self._pause()
        self.go(self.at if self.inner is not None else self.at - 1)

    def reset(self) -> None:
        """Show step 0."""
        self._pause()
        self.go(0)
        self._at_end = False

    def run(self) -> None:
        """Show the end."""
        self._pause()
        self.go(self.length)
        self._at_end = True

    def play(self) -> None:
        """Play, from step 0 if at the end; or pause."""
        if self.playing:
            self._pause()
            return
        if self.at >= self.length:
            self.go(0)
            self._at_end = False
        self.timer.start()
        self._show()

    def inner_step(self) -> None:
        """Show one more inner iteration of the next step; after the last one, the step."""
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
        self.go(self.at + 1)
        if self.at >= self.length:
            self._pause()

    def _pause(self) -> None:
        self.timer.stop()
        self._show()

    def _show(self) -> None:
        self._write()
        self.buttons["play"].setText(PAUSE if self.playing else PLAY)
        for name in ("reset", "back"):
            self.buttons[name].setEnabled(self.at > 0 or self.inner is not None)
        self.buttons["step"].setEnabled(self.length > 0)
        self.buttons["run"].setEnabled(self.at < self.length)
