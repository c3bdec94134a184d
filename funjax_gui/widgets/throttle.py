"""A signal that is emitted at most once an interval, however often it is asked for."""

from PySide6.QtCore import QObject, Qt, QTimer, Signal


class Throttle(QObject):
    """Emits `triggered` at once where the last emission is an interval ago, else at the end of that interval.

    Calls of `throttle` from a slot of `triggered` are answered after the next interval. (superqt has a throttler too; importing
    superqt takes 0.16 s.)
    """

    triggered = Signal()

    def __init__(self, interval: int, parent: QObject) -> None:
        super().__init__(parent)
        self._pending = False
        self._timer = QTimer(self, singleShot=True, interval=interval, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._emit)

    def throttle(self) -> None:
        """Emit as soon as the interval allows it."""
        self._pending = True
        if not self._timer.isActive():
            self._emit()

    def cancel(self) -> None:
        """Drop the emission that is waiting."""
        self._pending = False

    def _emit(self) -> None:
        if self._pending:
            self._pending = False
            self._timer.start()
            self.triggered.emit()
