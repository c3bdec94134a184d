"""Timing of calls: median and quartiles of warm calls, and the compile time."""

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels import validation
from kernels.execution import jax

Clock = Callable[[], float]
SLICE = 0.02
"""Seconds of calls between two points where the caller may stop."""


@dataclass(frozen=True)
class Work:
    """A call to be timed, which returns when its result is ready (JAX: `block_until_ready`).

    `compiled`: whether the first call compiles. `in_pieces`: whether the call returns a generator that returns the result, for long calls
    that can be stopped; their compile time is not measured.
    """

    call: Callable[[], Any]
    compiled: bool = True
    in_pieces: bool = False


@dataclass(frozen=True)
class Budget:
    """Limits of a measurement: `seconds` of calls or `most` calls, but at least `least` calls.

    Raises ValueError where a field is out of its domain.
    """

    seconds: float
    most: int = 2000
    least: int = 5

    def __post_init__(self) -> None:
        validation.positive("seconds", self.seconds, 60)
        validation.count("least", self.least, 1, self.most)


@dataclass(frozen=True)
class Timing:
    """Seconds of a warm call: median and quartiles `low`, `high` over `calls` calls.

    `compile`: extra time of the first call, with tracing and without a cache; None if nothing is compiled.
    """

    median: float
    low: float
    high: float
    calls: int
    compile: float | None = None

    @property
    def first(self) -> float:
        """Seconds of the first call."""
        return self.median + (self.compile or 0.0)

    def pays_after(self, other: float) -> float | None:
        """Calls after which compilation has paid off against `other` seconds per call; inf for never, None without compilation."""
        if self.compile is None:
            return None
        gain = other - self.median
        return float(np.ceil(self.compile / gain)) if gain > 0 else np.inf


def timing(warm: NDArray[np.float64], first: float | None) -> Timing:
    """The statistics of warm calls, shape (calls,), and of the `first` call where it compiled; all in seconds."""
    low, median, high = (float(value) for value in np.quantile(warm, [0.25, 0.5, 0.75]))
    return Timing(median, low, high, len(warm), None if first is None else max(0.0, first - median))


def measure(work: Work, budget: Budget, clock: Clock = time.perf_counter) -> Generator[None, None, Timing]:
    """Time the work. A generator: it yields where the caller may stop, and the caller's time is not counted.

    The first call is a single step, since compilation cannot be interrupted.
    """
    first: float | None = None
    if work.compiled:
        began = clock()
        with _without_cache():
            work.call()
        first = clock() - began
    else:
        yield from _once(work, clock)  # filling caches and imports, not counted
    yield
    seconds: list[float] = []
    spent = since = 0.0
    while len(seconds) < budget.least or (len(seconds) < budget.most and spent < budget.seconds):
        taken = yield from _once(work, clock)
        seconds.append(taken)
        spent, since = spent + taken, since + taken
        if since >= SLICE:
            since = 0.0
            yield
    return timing(np.array(seconds), first)


def _once(work: Work, clock: Clock) -> Generator[None, None, float]:
    """Seconds of one call, summed over its pieces."""
    if not work.in_pieces:
        began = clock()
        work.call()
        return clock() - began
    pieces, spent = work.call(), 0.0
    while True:
        began = clock()
        try:
            next(pieces)
        except StopIteration:
            return spent + clock() - began
        spent += clock() - began
        yield


@contextmanager
def _without_cache() -> Iterator[None]:
    """Disable the compile cache, with which compilation would seem to cost nothing.

    JAX has only process-wide settings for this; a concurrent compilation on another thread is merely not cached.
    """
    from jax.experimental.compilation_cache import compilation_cache

    before = jax.config.jax_enable_compilation_cache  # type: ignore[attr-defined]
    jax.config.update("jax_enable_compilation_cache", False)
    compilation_cache.reset_cache()  # it asks for the setting only once
    try:
        yield
    finally:
        jax.config.update("jax_enable_compilation_cache", before)
        compilation_cache.reset_cache()
