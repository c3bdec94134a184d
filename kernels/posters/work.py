"""Filling a store with the tiles that it lacks."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from kernels.posters.schedulers import Scheduler
from kernels.posters.store import Store


@dataclass(frozen=True)
class Progress:
    """Tiles that are done, of how many; `since` are those done since `seconds` ago, when the work was begun or resumed."""

    done: int
    total: int
    since: int
    seconds: float

    @property
    def left(self) -> float:
        """Seconds that the rest will take at the rate so far; infinite before the first tile."""
        return (self.total - self.done) * self.seconds / self.since if self.since else float("inf")

    def __str__(self) -> str:
        rate = f", {self.since / self.seconds:.2g} a second, {duration(self.left)} left" if self.since and self.done < self.total else ""
        return f"{self.done} of {self.total} tiles{rate}"


def duration(seconds: float) -> str:
    """So many seconds in the unit that suits them."""
    minutes = round(seconds / 60)
    return f"{seconds:.0f} s" if seconds < 90 else f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def fill(store: Store, scheduler: Scheduler) -> Iterator[Progress]:
    """Compute the missing tiles and put each into the store as it comes; the progress after each.

    A store whose filling was broken off at any time can be resumed.
    """
    began, total = time.perf_counter(), len(store.cut)
    missing = store.missing
    done = total - len(missing)
    yield Progress(done, total, 0, 0.0)
    store.prepare()
    for since, (number, tile) in enumerate(scheduler.computed(store.cut, missing), 1):
        store.put(number, tile)
        yield Progress(done + since, total, since, time.perf_counter() - began)
