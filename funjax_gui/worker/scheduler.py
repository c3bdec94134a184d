"""The worker's threads, and the state that they share with the window, under one lock that is never held during a step.

A request is computed step by step, by the `next` of its iterator of frames. One step runs at a time, of the job whose turn it is, so
that each step has all cores. A step that takes longer than LONG, as one that compiles does, keeps its thread, and another thread goes
on with the other jobs: only frames of the request that is compiled wait for the compiler. When a long step ends, its frame is
delivered if the job is still wanted, and dropped if it was replaced or cancelled meanwhile.

A spare job is begun when every other has shown something, and is given up when a request comes in. No other job waits for its steps.
"""

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Condition
from typing import Any

from funjax_gui.process_exit import Daemon
from funjax_gui.worker.job import Delay, Job, close, take_step
from funjax_gui.worker.memory import KERNEL_MEMORY, trim_heaps
from funjax_gui.worker.priority import lower_thread_priority

LONG = 0.3
"""Seconds after which other jobs do not wait for a step any longer. Usual steps take a tenth of it."""

ALONE = 2.5
"""Seconds after its request in which a preferred kind may compute alone until it has shown something."""

MOST_THREADS = 3
"""Threads at most. While one of them is not in a long step, new requests are computed as usual; else they wait."""

MOST_OF_A_KIND = 2
"""Threads that steps of one kind may hold, those of superseded requests among them, so that other kinds need not wait for them."""

PREFERRED_STEPS = 3
"""Steps that the preferred kind takes in a row before another kind gets one."""

PAINT_GRACE = 0.03
"""Seconds at most that the window gets to paint a frame before the next step begins.

Without it the two contend for the interpreter's lock and the cores, and the frame is on the screen later.
"""

REST = 0.1
"""Seconds after a request until complete pictures are refined further: while a wheel turns, the next view would wait for such a step."""

CLOSING_SECONDS = 1.0
"""Seconds that closing waits at most for all running steps together."""


@dataclass(eq=False)
class _News:
    """What the window has not taken yet of one kind: the newest frame, then how its request ended."""

    frame: Any = None
    end: tuple[Any, ...] | None = None


class Scheduler:
    """Chooses the next step and runs the steps in at most MOST_THREADS threads; one thread more than steps under way is kept ready.

    The threads are daemons and not QThreads: the process can end while a step hangs, where a running QThread would abort it.
    """

    def __init__(self, notify: Callable[[], object]) -> None:
        """`notify` is called, in any thread and never after `halt`, when there are frames or ends to take."""
        self._notify = notify
        self._changed = Condition()
        self._threads: list[Daemon] = []
        self._jobs: dict[type, Job] = {}
        self._stepping: list[Job] = []
        self._stale: list[Job] = []
        self._news: dict[type, _News] = {}
        self._notified = False
        self._held = False
        self._painting = False
        self._preferred: type | None = None
        self._preferred_steps = 0
        self._preferred_alone = False
        self._stopping = False
        self._submitted = math.inf

    # Called from the window's thread ------------------------------------------------------------------------------------

    def submit(self, request: Any) -> None:
        """Run a request, in place of any of its kind."""
        with self._changed:
            if self._stopping:
                return
            kind, job = type(request), Job(request)
            job.used = KERNEL_MEMORY.begin(job.computed)
            self._supersede(kind)
            # Assigning keeps a waiting kind's place in the turns.
            self._jobs[kind] = job
            if not job.spare:
                self._submitted = time.monotonic()
                for other in [kind for kind, job in self._jobs.items() if job.spare]:
                    self._supersede(other)
                    del self._jobs[other]
            self._spawn_thread()
            self._changed.notify_all()

    def cancel(self, kind: type) -> None:
        """Drop the kind's request and its undelivered frames."""
        with self._changed:
            self._supersede(kind)
            self._jobs.pop(kind, None)
            self._changed.notify_all()

    def prefer(self, kind: type | None, alone: bool = False) -> None:
        """Let this kind go first; `alone`: nothing else is compiled beside its first kernels, which would make its first frame late."""
        with self._changed:
            self._preferred, self._preferred_alone, self._preferred_steps = kind, alone, 0
            self._changed.notify_all()  # threads that wait for a kind that goes alone no longer may go on

    def hold(self, held: bool) -> None:
        """Begin no step while `held`; requests are taken all the same."""
        with self._changed:
            self._held = held
            self._changed.notify_all()

    def kinds(self) -> frozenset[type]:
        """The kinds that have a request waiting or under way."""
        with self._changed:
            return frozenset(kind for kind, job in self._jobs.items() if not job.spare)

    def is_quiet(self, seconds: float) -> bool:
        """Whether requests came in, but none for so long, all have shown something, and nothing spare is under way."""
        with self._changed:
            rested = time.monotonic() - self._submitted >= seconds
            return rested and all(job.seen and not job.spare for job in self._jobs.values()) and not any(map(_spare, self._stepping))

    def delays(self) -> tuple[Delay, ...]:
        """The current requests that take long now, or wait for a thread."""
        with self._changed:
            now = time.monotonic()
            long = [job for job in self._stepping if now - job.since >= LONG and not job.spare]
            waiting = [job for kind, job in self._jobs.items() if job.thread is None and not job.spare and _crowded(kind, long)]
            return tuple(Delay(job.request, now - job.heard, job.thread) for job in [*filter(self._wants, long), *waiting])

    def kinds_with_news(self) -> tuple[type, ...]:
        """The kinds to deliver now; news that come later are announced again."""
        with self._changed:
            self._notified = False
            return tuple(self._news)

    def take_frame(self, kind: type) -> Any:
        """The kind's newest frame, once; None where there is none."""
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

    def painted(self) -> None:
        """Note that the frames taken have been painted."""
        with self._changed:
            self._painting = False
            self._changed.notify_all()

    def halt(self, seconds: object = None) -> bool:
        """Stop and join; True when all threads have ended.

        Not a number (a signal's argument, or none): wait for the usual time, and not again where that was done before.
        """
        with self._changed:
            again, self._stopping = self._stopping, True
            # A thread still in its step may be the last to hold this object: it must not destroy what belongs to Qt.
            self._notify = lambda: None
            for kind in tuple(self._jobs):
                self._supersede(kind)
            self._jobs.clear()
            self._news.clear()
            self._changed.notify_all()
        wait = seconds if isinstance(seconds, int | float) else 0.0 if again else CLOSING_SECONDS
        deadline = time.monotonic() + wait
        for thread in self._threads:
            # One of them may itself halt the others: the garbage collector, running there, met a worker that is no longer used.
            if thread is not threading.current_thread():
                thread.join(max(0.0, deadline - time.monotonic()))
        return not self.is_alive()

    def is_alive(self) -> bool:
        """Whether any of the threads has not ended."""
        return any(thread.is_alive() for thread in self._threads)

    # Called from the threads --------------------------------------------------------------------------------------------

    def _run(self) -> None:
        lower_thread_priority()
        while self._turn():
            pass

    def _turn(self) -> bool:
        """Take one step of a job, or close one that is stale; False when it is time to end."""
        job = self._next()
        if job is None:
            return False
        began = time.monotonic()
        frame, end = take_step(job) if self._wants(job) else (None, None)
        with self._changed:
            wanted = self._wants(job)
            if wanted:
                self._release(job)
                self._leave_news(job, frame, end)
                if frame is not None:
                    self._let_paint()
        if not wanted:
            close(job)
            with self._changed:
                self._release(job)
        # A long step has compiled, as a rule, which takes up to 100 MB for a while.
        if not KERNEL_MEMORY.drop_unused() and time.monotonic() - began >= LONG:
            trim_heaps()
        return True

    def _next(self) -> Job | None:
        """A job to step or to close, its thread noted; waits until there is one. None when it is time to end."""
        with self._changed:
            while True:
                rest, seconds = self._until_refined(), self._until_free()
                ready = self._ready(rest > 0)
                if self._stale and (self._stopping or not seconds):
                    return self._acquire(self._stale.pop(0))
                if self._stopping:
                    return None
                if ready and not seconds:
                    return self._acquire(self._next_of(ready))
                until = min(seconds if ready or self._stale else math.inf, rest or math.inf)
                self._changed.wait(until if until < math.inf else None)

    def _acquire(self, job: Job) -> Job:
        """Note that this thread has the job. The lock is held, here and below."""
        job.thread, job.since = threading.get_ident(), time.monotonic()
        self._stepping.append(job)
        self._spawn_thread()
        return job

    def _release(self, job: Job) -> None:
        """Note that no thread has the job."""
        self._stepping.remove(job)
        job.thread = None

    def _wants(self, job: Job) -> bool:
        """Whether the job was neither replaced nor cancelled."""
        return self._jobs.get(type(job.request)) is job

    def _leave_news(self, job: Job, frame: Any, end: tuple[Any, ...] | None) -> None:
        """Leave the result of a step for the window, if there is one."""
        if frame is None and end is None:
            return
        news = self._news.setdefault(type(job.request), _News())
        news.end = end
        if frame is not None:
            news.frame = frame
            if not job.seen:
                self._changed.notify_all()  # threads that waited for it may go on
            job.heard, job.seen = time.monotonic(), True
            job.refines = getattr(frame, "progress", 0.0) >= 1.0 and not getattr(frame, "done", True)
        if end is not None:
            del self._jobs[type(job.request)]
            KERNEL_MEMORY.end(job.computed)
        if not self._notified:
            self._notified = True
            self._notify()

    def _let_paint(self) -> None:
        """Wait a little for the window to have painted what is new, unless something that it asked for has shown nothing yet."""
        self._painting = all(job.seen for job in self._jobs.values())
        self._changed.wait_for(lambda: not self._painting or self._stopping, PAINT_GRACE)
        self._painting = False

    def _ready(self, rests: bool) -> list[type]:
        """The kinds whose job could take a step: while the window paints, those that show nothing yet; none complete while it `rests`."""
        if self._held:
            return []
        idle = [(kind, job) for kind, job in self._jobs.items() if job.thread is None]
        rested = [(kind, job) for kind, job in idle if not (self._painting and job.seen) and not (rests and job.refines)]
        free = [kind for kind, _ in rested if not _crowded(kind, self._stepping)]
        if not all(job.seen or job.spare for job in self._jobs.values()):
            free = [kind for kind in free if not self._jobs[kind].spare]
        return [kind for kind in free if not (self._jobs[kind].alone and self._stepping)]

    def _until_free(self) -> float:
        """Seconds until no step under way is worth waiting for any more: 0 where none is; inf where one must end first."""
        if any(job.alone and self._wants(job) for job in self._stepping):
            return math.inf
        now = time.monotonic()
        ends = (job.heard + ALONE if self._is_awaited(job) else job.since + LONG for job in self._stepping if not job.spare)
        return max((0.0, *(end - now for end in ends)))

    def _is_awaited(self, job: Job) -> bool:
        """Whether the job is of the preferred kind, has shown nothing yet, and computes alone."""
        is_first = self._preferred_alone and type(job.request) is self._preferred
        return is_first and not job.seen and self._wants(job) and time.monotonic() < job.heard + ALONE

    def _until_refined(self) -> float:
        """Seconds until a complete picture may be refined: 0 where it may; inf where there is none that waits."""
        if not any(job.refines and job.thread is None for job in self._jobs.values()):
            return math.inf
        return max(0.0, self._submitted + REST - time.monotonic())

    def _next_of(self, ready: list[type]) -> Job:
        """The job that takes the next step."""
        others = [kind for kind in ready if kind is not self._preferred]
        first = self._jobs[self._preferred] if self._preferred in ready else None
        # A request that is as quick as usual leaves the others their steps: so do those of a drag, however fast they come.
        slow = first is not None and self._is_awaited(first) and time.monotonic() >= first.heard + LONG
        if self._preferred in ready and (not others or slow or self._preferred_steps < PREFERRED_STEPS):
            self._preferred_steps += 1
            return self._jobs[self._preferred]
        self._preferred_steps = 0
        # To the back of the queue, so that the others take turns.
        self._jobs[others[0]] = self._jobs.pop(others[0])
        return self._jobs[others[0]]

    def _supersede(self, kind: type) -> None:
        """Forget what the kind has under way: the thread that runs its step closes it, another one does where none runs it."""
        self._news.pop(kind, None)
        job = self._jobs.get(kind)
        if job is not None and job.thread is None:
            self._stale.append(job)

    def _spawn_thread(self) -> None:
        """Start another thread where all are in steps, and there may be more."""
        most = MOST_THREADS + sum(map(_spare, self._stepping))
        if len(self._stepping) == len(self._threads) < most and not self._stopping:
            self._threads.append(Daemon(self._run, name="funjax-worker"))
            self._threads[-1].start()


def _crowded(kind: type, stepping: Sequence[Job]) -> bool:
    """Whether a job of the kind must wait for one of these to end, however long it takes: no thread is left, or none for its kind."""
    mine = sum(type(job.request) is kind for job in stepping)
    return mine >= MOST_OF_A_KIND or sum(not job.spare for job in stepping) >= MOST_THREADS


def _spare(job: Job) -> bool:
    return job.spare
