"""How many steps fit into a call that must end soon: a running XLA call cannot be interrupted, so none may be long."""

import threading
import time
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from weakref import WeakKeyDictionary

TARGET_DURATION = 0.020
"""Seconds that a call should take; none may take more than 0.050."""

YIELD_INTERVAL = 0.005
"""Seconds after which whoever runs the steps is let in between: where they are shorter, going round costs more than it saves."""

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
    """All the frames, but of the places to stop between them, None, one each time that YIELD_INTERVAL has gone by since the last."""
    began = time.perf_counter()
    for frame in frames:
        if frame is not None or time.perf_counter() - began > YIELD_INTERVAL:
            yield frame
            began = time.perf_counter()


def yield_points(parts: Iterable[object]) -> Iterator[None]:
    """Go through the parts of some work; None after one of them each time that YIELD_INTERVAL has gone by."""
    return throttle_yields(None for _ in parts)


def _rates_of(kind: Hashable) -> tuple[dict[Hashable, float], Hashable]:
    """The table with the rate of this kind, and its key there, which does not refer to the typed formula in `kind` if there is one."""
    parts = kind if isinstance(kind, tuple) else (kind,)
    formula = next((part for part in parts if hasattr(part, "cost")), None)
    if formula is None:
        return _rates, kind
    return _formula_rates.setdefault(formula, {}), tuple(None if part is formula else part for part in parts)


def _estimated_rate(kind: Hashable) -> float:
    """What a step takes before anything was measured; a part of `kind` that has a `cost`, as a typed formula has, takes so many times."""
    parts = kind if isinstance(kind, tuple) else (kind,)
    return SECONDS_PER_STEP * max(float(getattr(part, "cost", 1.0)) for part in parts)


@contextmanager
def record_duration(kind: Hashable, steps: int, columns: Callable[[], int]) -> Iterator[None]:
    """Take into account how long `steps` steps took in the block under `with`; `columns` says then how many columns took part.

    The estimate moves by a factor of two at most, so that a call which compiled or waited for a core does not mislead it.
    """
    began = time.perf_counter()
    yield
    rate = (time.perf_counter() - began) / max(1, columns() * steps)
    with _lock:
        rates, key = _rates_of(kind)
        before = rates.get(key) or _estimated_rate(kind)
        rates[key] = min(2 * before, max(before / 2, rate))
