"""Button that plays a slider: it moves through its range at a constant speed, once, in a loop, or back and forth."""

import time
from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QMenu, QToolButton

from funjax_gui.widgets.menus import choice

ONCE, LOOP, BOTH_WAYS = "once", "loop", "both"
WAYS = {ONCE: "Once", LOOP: "In a loop", BOTH_WAYS: "Back and forth"}

SPEEDS = {"0.25": "Quarter speed", "0.5": "Half speed", "1": "Normal speed", "2": "Double speed", "4": "Four times"}

SECONDS = 12.0
"""Seconds through the range at normal speed."""

INTERVAL = 33
"""Milliseconds between two frames at most."""

LONGEST = 0.5
"""Longest time in seconds that a frame makes up for: a slider does not leap after a long wait, as for a compilation."""


class PlayButton(QToolButton):
    """Plays while pressed. `moved` emits the place in the range, from 0 to 1. Frames are dropped while `is_behind` returns true."""

    moved = Signal(float)

    def __init__(self, name: str, place: Callable[[], float], clock: Callable[[], float] = time.monotonic) -> None:
        """`place`: where the slider is, from 0 to 1."""
        super().__init__()
        self.is_behind: Callable[[], bool] = lambda: False
        self.way, self.speed = BOTH_WAYS, 1.0
        self._name, self._place, self._clock = name, place, clock
        self._phase = self._last = 0.0
        self.timer = QTimer(self, interval=INTERVAL)
        self.timer.timeout.connect(self._advance)
        menu = QMenu(self)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.setProperty("role", "play")
        self.setToolTip("Play: move the slider through its range (the arrow: speed, once, in a loop, back and forth; Esc stops)")
        self.setWhatsThis(self.toolTip())
        self.clicked.connect(lambda _: self.stop() if self.is_playing else self.play())
        self._show()

    def _show(self) -> None:
        self.setText("❚❚" if self.is_playing else "▶")
        self.setAccessibleName(f"{'Pause' if self.is_playing else 'Play'} {self._name}")

    def _fill(self, menu: QMenu) -> None:
        if menu.isEmpty():  # many sliders are never played
            choice(menu, WAYS, self.way, self._set_way)
            menu.addSeparator()
            choice(menu, SPEEDS, f"{self.speed:g}", self._set_speed)

    def set_name(self, name: str) -> None:
        """Set what is played, for the accessible name."""
        self._name = name
        self._show()

    def _set_way(self, way: str) -> None:
        self.way = way
        self._begin()

    def _set_speed(self, speed: str) -> None:
        self.speed = float(speed)

    @property
    def is_playing(self) -> bool:
        """Whether it is playing."""
        return self.timer.isActive()

    def play(self) -> None:
        """Play from where the slider is; once: from the beginning if it is at the end."""
        self._begin()
        self.timer.start()
        self._show()

    def stop(self) -> None:
        """Stop where the slider is."""
        if self.is_playing:
            self.timer.stop()
            self._show()

    def _begin(self) -> None:
        self._phase = min(max(self._place(), 0.0), 1.0)
        if self._phase == 1.0 and self.way != BOTH_WAYS:
            self._phase = 0.0
        self._last = self._clock()

    def _advance(self) -> None:
        """Move on by the time since the last frame that was not dropped."""
        if self.is_behind():
            return
        now = self._clock()
        self._phase += self.speed * min(now - self._last, LONGEST) / SECONDS
        self._last = now
        if self.way == ONCE and self._phase >= 1.0:
            self._phase = 1.0
            self.stop()
        elif self.way == LOOP:
            self._phase %= 1.0
        else:
            self._phase %= 2.0
        self.moved.emit(1.0 - abs(1.0 - self._phase))

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop when another tab is opened, or the slider is replaced."""
        super().hideEvent(event)
        self.stop()
