"""The worker: it runs the newest request of each kind, and hands the newest frame of each kind to the window.

A request is any object with a method `frames()` that returns an iterator of frames; its kind is its type. The worker knows no
request by name. Requests, frames and the iterators' steps are the only things that all threads see, and requests and frames
never change.
"""

import os
import sys
import weakref
from collections.abc import Hashable, Iterator
from typing import Any, Protocol, runtime_checkable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal, Slot

from funjax_gui.worker.scheduler import CLOSING_SECONDS, Scheduler

SWITCH_SECONDS = 0.001
"""How long a thread may keep Python's interpreter while another waits: a fraction of a frame."""

WATCH = 100
"""Milliseconds between two looks at how long steps take."""


@runtime_checkable
class Request(Hashable, Protocol):
    """What the worker runs: coarse frames first, each step short (50 ms or less), as a running step cannot be interrupted.

    Where one is long all the same, other requests go on beside it; but not beside one with an attribute `alone` that is true.
    One with an attribute `spare` that is true, which holds another in `request`, is given up for any other; `running`, `busy` and
    `delayed` leave it out.
    """

    def frames(self) -> Iterator[Any]:
        """An iterator of frames; if it has `close()`, as a generator has, it is closed when it is superseded or cancelled."""
        ...


class Notifier(QObject):
    """Emits `fired` when there are frames or ends to take; a queued connection brings it to the window's thread."""

    fired = Signal()


class Worker(QObject):
    """Owns the threads. All its signals are emitted on the thread that made the worker, from the event loop.

    Methods belong to that thread too; none waits for a step to end but `close`.
    """

    frame = Signal(object)
    """A frame; never one of a request that was replaced or cancelled."""

    finished = Signal(object)
    """The request whose last frame was delivered."""

    failed = Signal(object, str, str)
    """(request, a message of one line, the traceback's text)."""

    busy = Signal(bool)
    """True when a first request comes in, False when none is left."""

    delayed = Signal(object)
    """A tuple of `job.Delay`: the requests that take long, emitted repeatedly while there are any, and once, empty, when there are none."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Threads start when they are needed. They end with `close`, with this object, or with the application, whichever is first."""
        super().__init__(parent)
        sys.setswitchinterval(SWITCH_SECONDS)
        self._is_busy = False
        self._were_delays = False
        self._watch = QTimer(self, interval=WATCH)
        self._watch.timeout.connect(self._emit_delays)
        # A child, which is destroyed with this object in its thread: a thread still in its step may be the last to hold the scheduler.
        self._notifier = Notifier(self)
        self._scheduler = Scheduler(self._notifier.fired.emit)
        # Views ask for painting by a timer, of 5 ms unless told otherwise; the next millisecond's comes after it.
        os.environ.setdefault("QT_QPA_UPDATE_IDLE_TIME", "0")
        self._painting = QTimer(self, singleShot=True, interval=1)
        self._painting.timeout.connect(self._tell_painted)
        self._notifier.fired.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        # Neither of these two may hold `self`: they run when it is going or gone. PySide must not know the scheduler, as it would by a
        # method of its own: a thread that ends may destroy it while this object is destroyed, and both would end the connection.
        halt = self._scheduler.halt
        self.destroyed.connect(lambda: halt())
        self._finalizer = weakref.finalize(self, halt)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)

    @property
    def running(self) -> frozenset[type]:
        """The kinds that have a request waiting or under way. May be read from any thread."""
        return self._scheduler.kinds()

    def submit(self, request: Request) -> None:
        """Run `request`, in place of any of its kind. After `close` this does nothing."""
        self._scheduler.submit(request)
        self._emit_busy()

    def is_quiet(self, seconds: float) -> bool:
        """Whether no request came in for so long, all have shown something, and nothing spare is under way."""
        return self._scheduler.is_quiet(seconds)

    def cancel(self, kind: type) -> None:
        """Drop the request of this kind, if any, and what it made that was not delivered. `finished` does not follow."""
        self._scheduler.cancel(kind)
        self._emit_busy()

    def prefer(self, kind: type | None, alone: bool = False) -> None:
        """Let this kind go first; the others still get every fourth step. None: all take turns.

        `alone`: until a request of this kind has shown something, for 2.5 seconds at most, the others do not begin beside its long steps.
        """
        self._scheduler.prefer(kind, alone)

    def hold(self) -> None:
        """Begin no step until `release`; what is submitted meanwhile waits."""
        self._scheduler.hold(True)

    def release(self) -> None:
        """Begin with what waits."""
        self._scheduler.hold(False)

    def close(self, seconds: float = CLOSING_SECONDS) -> bool:
        """Stop and join the threads; True when they have ended. Steps under way are waited for, up to `seconds`.

        Nothing is emitted afterwards. May be called again.
        """
        ended = self._scheduler.halt(seconds)
        self._emit_busy()
        return ended

    @Slot()
    def _deliver(self) -> None:
        """Emit what there is: of each kind at most one frame and one end, so that a fast request cannot hold the event loop."""
        for kind in self._scheduler.kinds_with_news():
            frame = self._scheduler.take_frame(kind)
            if frame is not None:
                self.frame.emit(frame)
            # Asked for only now: a slot may just have replaced the request.
            end = self._scheduler.take_end(kind)
            if end is not None:
                self._emit_busy()
                (self.finished if len(end) == 1 else self.failed).emit(*end)
        self._emit_busy()
        # Comes after what the scenes tell their views, which is posted too.
        QCoreApplication.postEvent(self, QEvent(QEvent.Type.User), Qt.EventPriority.LowEventPriority.value - 1)

    def customEvent(self, event: QEvent) -> None:
        """What was emitted is known to the views, which paint at once; called by Qt."""
        self._painting.start()

    @Slot()
    def _tell_painted(self) -> None:
        self._scheduler.painted()

    def _emit_busy(self) -> None:
        is_busy = bool(self._scheduler.kinds())
        if is_busy != self._is_busy:
            self._is_busy = is_busy
            self._watch.start() if is_busy else self._watch.stop()
            self.busy.emit(is_busy)
            self._emit_delays()

    @Slot()
    def _emit_delays(self) -> None:
        delays = self._scheduler.delays()
        if delays or self._were_delays:
            self._were_delays = bool(delays)
            self.delayed.emit(delays)
