"""The worker thread: it runs the newest request of each kind, and hands the newest frame of each kind to the window.

A request is any object with a method `frames()` that returns an iterator of frames; its kind is its type. The worker knows no
request by name. Requests, frames and the iterators' steps are the only things that both threads see, and requests and frames
never change.
"""

import os
import sys
import threading
import traceback
import weakref
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from threading import Condition, Thread
from typing import Any, Protocol, runtime_checkable

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot

PREFERRED_STEPS = 3
"""Steps that the preferred kind takes in a row before another kind gets one."""

CLOSING_SECONDS = 5.0
"""How long `close` waits for the step under way."""

MODEST = 10
"""The niceness of a computing thread."""

SWITCH_SECONDS = 0.001
"""How long a thread may keep Python's interpreter while another waits: a fraction of a frame."""

LONGEST_MESSAGE = 300
"""Characters of a failure's one line; the details have all of it."""


@runtime_checkable
class Request(Hashable, Protocol):
    """What the worker runs: coarse frames first, each step short (50 ms or less), as a running step cannot be interrupted."""

    def frames(self) -> Iterator[Any]:
        """An iterator of frames; one with `close()`, such as a generator, is closed when nobody wants it any more."""
        ...


@dataclass(eq=False)
class _Job:
    """A request on its way; `frames` is None until its first step. Only the thread touches `frames`."""

    request: Any
    frames: Iterator[Any] | None = None


@dataclass(eq=False)
class _News:
    """What the window has not taken yet of one kind: the newest frame, then the end of its request."""

    frame: Any = None
    end: tuple[Any, ...] | None = None


class Worker(QObject):
    """Owns one thread. All its signals are emitted on the thread that made the worker, from the event loop.

    Methods belong to that thread too; none waits for a step to end but `close`.
    """

    frame = Signal(object)
    """A frame; never one of a request that was replaced or cancelled."""

    finished = Signal(object)
    """The request whose last frame was delivered."""

    failed = Signal(object, str, str)
    """(request, one line for a person, the traceback's text)."""

    busy = Signal(bool)
    """True when a first request comes in, False when none is left."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Starts the thread. It ends with `close`, with this object, or with the application, whichever is first."""
        super().__init__(parent)
        sys.setswitchinterval(SWITCH_SECONDS)
        self._is_busy = False
        self._thread = _Thread()
        self._thread.bell.rang.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        # Neither of these two may hold `self`: they run when it is going or gone.
        self.destroyed.connect(self._thread.halt)
        self._finalizer = weakref.finalize(self, self._thread.halt)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)
        self._thread.start()

    @property
    def running(self) -> frozenset[type]:
        """The kinds that have a request waiting or under way. May be read from any thread."""
        return self._thread.kinds()

    def submit(self, request: Request) -> None:
        """Run `request`, in place of any of its kind. After `close` this does nothing."""
        self._thread.submit(request)
        self._tell_busy()

    def cancel(self, kind: type) -> None:
        """Drop the request of this kind, if any, and what it made that was not delivered. `finished` does not follow."""
        self._thread.cancel(kind)
        self._tell_busy()

    def prefer(self, kind: type | None) -> None:
        """Let this kind go first; the others still get every fourth step. None: all take turns."""
        self._thread.prefer(kind)

    def close(self, seconds: float = CLOSING_SECONDS) -> bool:
        """Stop and join the thread; True when it has ended. A step under way is waited for, up to `seconds`.

        Nothing is emitted afterwards. May be called again.
        """
        ended = self._thread.halt(seconds)
        self._tell_busy()
        return ended

    @Slot()
    def _deliver(self) -> None:
        """Emit what there is: of each kind at most one frame and one end, so that a fast request cannot hold the event loop."""
        for kind in self._thread.kinds_with_news():
            frame = self._thread.take_frame(kind)
            if frame is not None:
                self.frame.emit(frame)
            # Asked for only now: a slot may just have replaced the request.
            end = self._thread.take_end(kind)
            if end is not None:
                self._tell_busy()
                (self.finished if len(end) == 1 else self.failed).emit(*end)
        self._tell_busy()

    def _tell_busy(self) -> None:
        is_busy = bool(self._thread.kinds())
        if is_busy != self._is_busy:
            self._is_busy = is_busy
            self.busy.emit(is_busy)


class _Bell(QObject):
    """Rings in the window's thread when there is news."""

    rang = Signal()


class _Thread(Thread):
    """The loop and all that is shared with it, under one lock that is never held during a step.

    A daemon of Python's and not a QThread: the process can end while a step hangs, where a running QThread would abort it.
    """

    def __init__(self) -> None:
        super().__init__(name="funjax-worker", daemon=True)
        self.bell = _Bell()
        self._changed = Condition()
        self._jobs: dict[type, _Job] = {}
        self._stale: list[_Job] = []
        self._news: dict[type, _News] = {}
        self._told = False
        self._preferred: type | None = None
        self._preferred_steps = 0
        self._stopping = False

    # Called from the window's thread ------------------------------------------------------------------------------------

    def submit(self, request: Request) -> None:
        with self._changed:
            if self._stopping:
                return
            kind = type(request)
            self._retire(kind)
            # Assigning keeps a waiting kind's place in the turns.
            self._jobs[kind] = _Job(request)
            self._changed.notify()

    def cancel(self, kind: type) -> None:
        with self._changed:
            self._retire(kind)
            self._jobs.pop(kind, None)
            self._changed.notify()

    def prefer(self, kind: type | None) -> None:
        with self._changed:
            self._preferred = kind
            self._preferred_steps = 0

    def kinds(self) -> frozenset[type]:
        with self._changed:
            return frozenset(self._jobs)

    def kinds_with_news(self) -> tuple[type, ...]:
        """The kinds to deliver now; news that come later are announced again."""
        with self._changed:
            self._told = False
            return tuple(self._news)

    def take_frame(self, kind: type) -> Any:
        with self._changed:
            news = self._news.get(kind)
            if news is None:
                return None
            frame, news.frame = news.frame, None
            return frame

    def take_end(self, kind: type) -> tuple[Any, ...] | None:
        """The end of the kind's request, unless a frame has come in that must go before it."""
        with self._changed:
            news = self._news.get(kind)
            if news is None or news.frame is not None:
                return None
            del self._news[kind]
            return news.end

    def halt(self, seconds: object = None) -> bool:
        """Stop and join; True when the thread has ended.

        Not a number (a signal's argument, or none): wait for the usual time, and not again where that was done before.
        """
        with self._changed:
            again, self._stopping = self._stopping, True
            self._stale += self._jobs.values()
            self._jobs.clear()
            self._news.clear()
            self._changed.notify()
        if isinstance(seconds, int | float):
            self.join(seconds)
        elif not again:
            self.join(CLOSING_SECONDS)
        return not self.is_alive()

    # Called from the thread ---------------------------------------------------------------------------------------------

    def run(self) -> None:
        let_the_window_go_first()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._jobs or self._stale or self._stopping)
                stale, self._stale = self._stale, []
                job = self._next_job()
            for old in stale:
                _close(old)
            del stale
            if job is not None:
                self._step(job)
            elif self._stopping:
                return

    def _next_job(self) -> _Job | None:
        """The job whose turn it is. The lock is held."""
        others = [kind for kind in self._jobs if kind is not self._preferred]
        if self._preferred in self._jobs and (not others or self._preferred_steps < PREFERRED_STEPS):
            self._preferred_steps += 1
            return self._jobs[self._preferred]
        self._preferred_steps = 0
        if not others:
            return None
        # To the back of the queue, so that the others take turns.
        self._jobs[others[0]] = self._jobs.pop(others[0])
        return self._jobs[others[0]]

    def _step(self, job: _Job) -> None:
        """One step of one job, outside the lock; its outcome is for the window if the job is still wanted."""
        frame: Any = None
        end: tuple[Any, ...] | None = None
        try:
            if job.frames is None:
                job.frames = iter(job.request.frames())
            frame = next(job.frames)
        except StopIteration:
            end = (job.request,)
        except BaseException as error:  # even KeyboardInterrupt: the thread must live on
            end = (job.request, one_line(error), "".join(traceback.format_exception(error)))
        self._tell(job, frame, end)

    def _tell(self, job: _Job, frame: Any, end: tuple[Any, ...] | None) -> None:
        kind = type(job.request)
        with self._changed:
            if self._jobs.get(kind) is not job:
                return  # replaced meanwhile; whoever replaced it put it among the stale
            news = self._news.setdefault(kind, _News())
            news.end = end
            if frame is not None:
                news.frame = frame
            if end is not None:
                del self._jobs[kind]
            told, self._told = self._told, True
        if not told:
            self.bell.rang.emit()

    def _retire(self, kind: type) -> None:
        """Forget what the kind has under way. The lock is held; the thread itself closes the iterator."""
        self._news.pop(kind, None)
        if kind in self._jobs:
            self._stale.append(self._jobs[kind])


def let_the_window_go_first() -> None:
    """Lower the priority of the calling thread and of those that it starts, XLA's among them, where threads have one of their own.

    Else refining takes both of two cores, and painting waits (measured: p99 of the window's stalls 3 times as long).
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), MODEST)


def one_line(error: BaseException) -> str:
    """What went wrong, in one line: a ValueError's or MemoryError's own words, another's after the name of its type."""
    text = " ".join(str(error).split())
    if isinstance(error, MemoryError) and not text:
        text = "there is not enough memory for this; make the picture smaller or close other programs"
    elif not isinstance(error, ValueError | MemoryError):
        text = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return text if len(text) <= LONGEST_MESSAGE else text[: LONGEST_MESSAGE - 1] + "…"


def _close(job: _Job) -> None:
    """Close the job's iterator, so that it gives back what it holds. Nobody waits for this job, so its errors go nowhere."""
    close = getattr(job.frames, "close", None)
    if close is not None:
        try:
            close()
        except BaseException:
            traceback.print_exc()
