"""A heartbeat of the window's thread: where it stands still for too long, the stack that it stands in is kept.

On a busy machine the thread also stands still while others have the cores: the processor time of a stall is what the thread itself took.
"""

import statistics
import sys
import threading
import time
import traceback
from collections import Counter

from PySide6.QtCore import QObject, QTimer

LONGEST = 0.05
"""Seconds without a beat that make a stall."""

BEAT = 5
"""Milliseconds between two beats."""

FRAMES = 6
"""Innermost lines of funjax's own in the stack that are kept."""


class Watchdog(QObject):
    """Begins with `start`; `stalls` are in seconds, `places` count the stacks that they were found in; `busy` is processor time."""

    def __init__(self) -> None:
        super().__init__()
        self.stalls: list[float] = []
        self.places: Counter[str] = Counter()
        self._seconds: Counter[str] = Counter()
        self._main = threading.get_ident()
        self.busy: list[float] = []
        self._beat, self._used = time.monotonic(), time.thread_time()
        self._place = ""
        self._timer = QTimer(self, interval=BEAT)
        self._timer.timeout.connect(self._take_beat)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        self._beat = time.monotonic()
        self._timer.start()
        self._thread.start()

    def stop(self) -> None:
        self._timer.stop()
        self._ended.set()
        self._thread.join()

    def _take_beat(self) -> None:
        now, used = time.monotonic(), time.thread_time()
        if now - self._beat > LONGEST + BEAT / 1000:
            self.stalls.append(now - self._beat)
            self.places[self._place or "(not seen)"] += 1
            self._seconds[self._place or "(not seen)"] += used - self._used
            self.busy.append(used - self._used)
        self._beat, self._used, self._place = now, used, ""

    def _watch(self) -> None:
        while not self._ended.wait(0.01):
            if time.monotonic() - self._beat > LONGEST and not self._place:
                frame = sys._current_frames().get(self._main)
                rows = [row for row in traceback.extract_stack(frame) if "funjax" in row.filename or "kernels" in row.filename]
                self._place = " < ".join(f"{row.filename.rpartition('/')[2]}:{row.lineno} {row.name}" for row in rows[: -FRAMES - 1 : -1])

    def report(self, most: int = 12) -> str:
        """The number of stalls, their median and the worst, and the places that took most processor time."""
        if not self.stalls:
            return f"no stall over {1000 * LONGEST:.0f} ms"
        lines = [
            f"{len(self.stalls)} stalls over {1000 * LONGEST:.0f} ms, median {1000 * statistics.median(self.stalls):.0f} ms,"
            f" worst {1000 * max(self.stalls):.0f} ms; of processor time {sum(busy > LONGEST for busy in self.busy)} took as much,"
            f" worst {1000 * max(self.busy):.0f} ms"
        ]
        lines += [f"  {1000 * seconds:6.0f} ms in {self.places[place]:3} × {place}" for place, seconds in self._seconds.most_common(most)]
        return "\n".join(lines)
