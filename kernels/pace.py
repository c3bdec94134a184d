"""How many steps fit into a call that must end soon: a running XLA call cannot be interrupted, so none may be long."""

import threading
from collections.abc import Hashable

TARGET = 0.020
"""Seconds that a call should take; none may take more than 0.050."""

GUESS = 2e-9
"""Seconds a step of one column, before anything was measured: slower than most, so that the first call is short."""

_rates: dict[Hashable, float] = {}
_lock = threading.Lock()


def steps(kind: Hashable, columns: int) -> int:
    """Steps of that many columns that take about TARGET seconds, from what calls of this kind took before. At least 1."""
    with _lock:
        rate = _rates.get(kind, GUESS)
    return max(1, int(TARGET / (rate * max(1, columns))))


def learn(kind: Hashable, columns: int, steps: int, seconds: float) -> None:
    """Take into account that `steps` steps of `columns` columns took `seconds`.

    The estimate moves by a factor of two at most, so that a call which compiled or waited for a core does not mislead it.
    """
    measured = seconds / max(1, columns * steps)
    with _lock:
        rate = _rates.get(kind, GUESS)
        _rates[kind] = min(2 * rate, max(rate / 2, measured))
