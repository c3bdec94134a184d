"""A comparison of methods: several runs of the Newton solver from the same initial point, each by another method."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kernels.execution import batching

SHOW_EVERY = 0.1
"""Seconds after which finished runs are shown before the others."""


@dataclass(frozen=True)
class ComparisonRequest:
    """Runs by different methods, computed one after the other.

    Raises ValueError where there is no run, or two runs are by the same method.
    """

    runs: tuple[Any, ...]
    """NewtonRequests, or other requests with a `method` whose frames say whether they are `done`."""

    def __post_init__(self) -> None:
        methods = [run.method for run in self.runs]
        if not methods or len(set(methods)) < len(methods):
            raise ValueError(f"a comparison of {', '.join(methods) or 'no method'} is not possible; give each method once, at least one")

    def frames(self) -> Iterator["ComparisonFrame | None"]:
        """Compute the runs one after the other, in a single frame where they are short; None where the caller may stop."""
        found: dict[str, Any] = {}
        paused = shown = began = time.perf_counter()
        for number, run in enumerate(self.runs):
            for frame in run.frames():
                if frame is not None:
                    found[run.method] = frame
                ended = frame is not None and frame.done and number == len(self.runs) - 1
                now = time.perf_counter()
                if ended or (found and now - shown > SHOW_EVERY):
                    paused = shown = now
                    yield ComparisonFrame(self, tuple(found.values()), now - began, ended)
                elif now - paused > batching.YIELD_INTERVAL:
                    paused = now
                    yield None


@dataclass(frozen=True, eq=False)
class ComparisonFrame:
    """The runs so far, in the order of the request, without those that have not begun. `seconds`: since the request was begun."""

    request: ComparisonRequest
    runs: tuple[Any, ...] = field(repr=False)
    seconds: float
    done: bool

    @property
    def progress(self) -> float:
        """Share of the runs that have ended."""
        return sum(run.done for run in self.runs) / len(self.request.runs)
