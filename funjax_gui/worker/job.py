"""A request in the worker: its iterator of frames, and the message if it fails."""

import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kernels.execution import note_kernels

LONGEST_MESSAGE = 300
"""Characters of a failure's one line; the details have all of it."""


@dataclass(eq=False)
class Job:
    """A request and its progress. Only the thread that runs its step touches `frames`, which is None until the first step.

    heard: when it was asked for, or when its last frame came; seen: whether one came. refines: whether the last one has
    all that was asked for, and better ones follow. thread: which runs its step, by its identifier (None: no step is running), since: from
    when on. Times are those of `time.monotonic`. used: numbers of the kernels that it used.
    """

    request: Any
    used: set[int] = field(default_factory=set)
    frames: Iterator[Any] | None = None
    heard: float = field(default_factory=time.monotonic)
    seen: bool = False
    refines: bool = False
    thread: int | None = None
    since: float = 0.0

    @property
    def alone(self) -> bool:
        """Whether nothing may run beside it: its request measures how long things take."""
        return bool(getattr(self.request, "alone", False))

    @property
    def spare(self) -> bool:
        """Whether it is computed only where nothing else is wanted."""
        return is_spare(self.request)

    @property
    def computed(self) -> type:
        """The kind of what is computed: of a spare request, that of the request in it."""
        return type(self.request.request if self.spare else self.request)


@dataclass(frozen=True)
class Delay:
    """A request that is in a long step, or cannot begin one for the long steps of others, or of those of its kind before it.

    seconds: since the last frame, or since it was asked for. thread: in which the step is, by its identifier; None: it waits.
    """

    request: Any
    seconds: float
    thread: int | None


def is_spare(request: Any) -> bool:
    """Whether the request is given up for any other."""
    return bool(getattr(request, "spare", False))


def one_line(error: BaseException) -> str:
    """What went wrong, in one line: a ValueError's or MemoryError's own words, another's after the name of its type."""
    text = " ".join(str(error).split())
    if isinstance(error, MemoryError) and not text:
        text = "there is not enough memory for this; make the picture smaller or close other programs"
    elif not isinstance(error, ValueError | MemoryError):
        text = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return text if len(text) <= LONGEST_MESSAGE else text[: LONGEST_MESSAGE - 1] + "…"


def take_step(job: Job) -> tuple[Any, tuple[Any, ...] | None]:
    """The result of one step: a frame, which may be None, and the end: (request,), or what `failed` tells; None before it."""
    try:
        with note_kernels(job.used):
            if job.frames is None:
                job.frames = iter(job.request.frames())
            return next(job.frames), None
    except StopIteration:
        return None, (job.request,)
    except BaseException as error:  # even KeyboardInterrupt: the thread must live on
        return None, (job.request, one_line(error), "".join(traceback.format_exception(error)))


def close(job: Job) -> None:
    """Close the job's iterator, so that it gives back what it holds. Its errors are printed only: no more of it is wanted."""
    closing = getattr(job.frames, "close", None)
    if closing is not None:
        try:
            closing()
        except BaseException:
            traceback.print_exc()
