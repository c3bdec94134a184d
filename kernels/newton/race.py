"""Several runs of the Newton solver side by side: the same start, different methods."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from kernels.execution import batching
from kernels.newton.request import NewtonFrame, NewtonRequest

SHOW_EVERY = 0.1
"""Seconds after which those runs that are there are shown though others are not."""


@dataclass(frozen=True)
class RaceRequest:
    """Some runs. Raises ValueError where there is none, or two are by the same method."""

    runs: tuple[NewtonRequest, ...]

    def __post_init__(self) -> None:
        methods = [run.method for run in self.runs]
        if not methods or len(set(methods)) < len(methods):
            raise ValueError(f"a race of {', '.join(methods) or 'no method'} is none; give each method once")

    def frames(self) -> Iterator["RaceFrame | None"]:
        """The runs one after the other, in one frame where they are short; None where a caller may stop."""
        found: dict[str, NewtonFrame] = {}
        paused = shown = began = time.perf_counter()
        for number, run in enumerate(self.runs):
            for frame in run.frames():
                if frame is not None:
                    found[run.method] = frame
                ended = frame is not None and frame.done and number == len(self.runs) - 1
                now = time.perf_counter()
                if ended or (found and now - shown > SHOW_EVERY):
                    paused = shown = now
                    yield RaceFrame(self, tuple(found.values()), now - began, ended)
                elif now - paused > batching.YIELD_INTERVAL:
                    paused = now
                    yield None


@dataclass(frozen=True, eq=False)
class RaceFrame:
    """The runs so far, in the order of the request; those that were not begun yet are left out. seconds: since the request was begun."""

    request: RaceRequest
    runs: tuple[NewtonFrame, ...] = field(repr=False)
    seconds: float
    done: bool

    @property
    def progress(self) -> float:
        """The share of the runs that have ended."""
        return sum(run.done for run in self.runs) / len(self.request.runs)
