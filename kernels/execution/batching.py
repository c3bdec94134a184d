"""Adaptive batching: the iterations per device call, from measured throughput, so that each call stays near 20 ms.

A running XLA call cannot be interrupted, so none may be long.
"""

import threading
import time
from collections.abc import Callable, Generator, Hashable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from weakref import WeakKeyDictionary

TARGET_DURATION = 0.020
"""Seconds that a call should take; none may take more than 0.050."""

YIELD_INTERVAL = 0.005
"""Minimum time in seconds between yields to the scheduler; yielding more often costs more than it saves."""

SECONDS_PER_STEP = 2e-9
"""Seconds a step of one column, before anything was measured: slower than most, so that the first call is short."""

T = TypeVar("T")

_rates: dict[Hashable, float] = {}
_formula_rates: WeakKeyDictionary[object, dict[Hashable, float]] = WeakKeyDictionary()
"""The rates of kinds that contain a typed formula, by the formula: held weakly, so that they are forgotten together with it."""

_lock = threading.Lock()


def batch_size(kind: Hashable, columns: int, share: float = 1.0) -> int:
    """Steps of `columns` columns that take `share` of TARGET_DURATION, by how long earlier calls of this kind took. At least 1."""
    with _lock:
        rates, key = _rates_of(kind)
        rate = rates.get(key) or _estimated_rate(kind)
    return max(1, int(share * TARGET_DURATION / (rate * max(1, columns))))


def throttle_yields(frames: Iterable[T | None]) -> Iterator[T | None]:
    """All frames, and of the Nones between them, at which a caller may stop, at most one per YIELD_INTERVAL."""
    began = time.perf_counter()
    for frame in frames:
        if frame is not None or time.perf_counter() - began > YIELD_INTERVAL:
            yield frame
            began = time.perf_counter()


def last_of(frames: Iterable[T | None]) -> Generator[None, None, T | None]:
    """None, where a caller may stop, for each None and at most one per YIELD_INTERVAL; returns the last frame."""
    last = None
    for frame in throttle_yields(frames):
        last = frame
        if frame is None:
            yield None
    return last


def yield_points(parts: Iterable[object]) -> Iterator[None]:
    """Exhaust `parts`, the steps of some work; None, where a caller may stop, each time that YIELD_INTERVAL has passed."""
    return throttle_yields(None for _ in parts)


def _rates_of(kind: Hashable) -> tuple[dict[Hashable, float], Hashable]:
    """The table that holds the rate of this kind, and its key there; the key does not refer to a typed formula in `kind`."""
    parts = kind if isinstance(kind, tuple) else (kind,)
    formula = next((part for part in parts if hasattr(part, "cost")), None)
    if formula is None:
        return _rates, kind
    return _formula_rates.setdefault(formula, {}), tuple(None if part is formula else part for part in parts)


def _estimated_rate(kind: Hashable) -> float:
    """Seconds per step before anything was measured, times the `cost` of a typed formula in `kind`."""
    parts = kind if isinstance(kind, tuple) else (kind,)
    return SECONDS_PER_STEP * max(float(getattr(part, "cost", 1.0)) for part in parts)


@contextmanager
def record_duration(kind: Hashable, steps: int, columns: Callable[[], int]) -> Iterator[None]:
    """Measure `steps` steps, run in the block under `with`, for later batch sizes; `columns()` is the number of columns that took part.

    The estimate moves by a factor of two at most, so that a call which compiled or waited for a core does not mislead it.
    """
    began = time.perf_counter()
    yield
    rate = (time.perf_counter() - began) / max(1, columns() * steps)
    with _lock:
        rates, key = _rates_of(kind)
        before = rates.get(key) or _estimated_rate(kind)
        rates[key] = min(2 * before, max(before / 2, rate))
