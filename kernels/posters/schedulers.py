"""Where the tiles are computed: this process, one after the other, or the workers of a Dask scheduler."""

import logging
from collections.abc import Iterator, Sequence
from concurrent import futures
from contextlib import contextmanager
from itertools import islice
from typing import Any, Protocol

from kernels.execution import devices
from kernels.posters.cutting import Cut
from kernels.posters.optional import needed
from kernels.posters.store import StoreError
from kernels.posters.tile import Computed, compute, differing, versions

AHEAD = 3
"""Tiles for each worker that are asked for at a time, so that none waits and few results lie in memory."""

PATIENCE = 10
"""Seconds in which a scheduler must answer."""

TRIES = 3
"""Times that a tile may cost a worker its life before the picture is given up."""

SETTINGS = {
    "distributed.scheduler.allowed-failures": TRIES,
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1 s",
}
"""Of Dask: without the samples of stacks, a hundred a second, and the ticks, fifty a second, that a worker takes to watch itself."""


class Scheduler(Protocol):
    """Computes tiles in any order."""

    def computed(self, cut: Cut, numbers: Sequence[int]) -> Iterator[tuple[int, Computed]]:
        """Each of these tiles of the picture with its number, as they come."""


class InTurn:
    """Computes the tiles in this process, one after the other, each on all of its devices."""

    def computed(self, cut: Cut, numbers: Sequence[int]) -> Iterator[tuple[int, Computed]]:
        """As Scheduler.computed."""
        for number in numbers:
            yield number, compute(cut.tile(number))


class Cluster:
    """Computes the tiles on the workers of a Dask scheduler, each in a process of its own. A worker that dies costs its tile only."""

    def __init__(self, client: Any) -> None:
        self.client = client

    @classmethod
    @contextmanager
    def local(cls, workers: int) -> Iterator["Cluster"]:
        """So many processes on this machine, which share its cores; they end with the block."""
        distributed = needed("distributed")
        cores = str(max(1, devices.cores() // workers))
        named: dict[str, Any] = {"n_workers": workers, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
        with (
            _settings(),
            distributed.LocalCluster(**named, env={"FUNJAX_CORES": cores}, silence_logs="CRITICAL") as cluster,
            distributed.Client(cluster) as client,
        ):
            yield cls(client)

    @classmethod
    @contextmanager
    def at(cls, address: str) -> Iterator["Cluster"]:
        """The workers of the scheduler at that address, such as tcp://host:8786.

        Raises ValueError in one line where none answers, it has no workers, or their versions differ from those here.
        """
        distributed = needed("distributed")
        try:
            client = distributed.Client(address, timeout=PATIENCE)
        except (OSError, ValueError, TimeoutError):
            raise ValueError(f"no scheduler answers at {address}; start one by dask scheduler, and give its tcp://host:port") from None
        with _settings(), client:
            found = _versions(client)
            if not found:
                raise ValueError(f"the scheduler at {address} has no workers; start some by dask worker {address}")
            for worker, made in found.items():
                if other := differing(made, versions()):
                    named = f"{other} {made.get(other)}, and here it is {versions()[other]}"
                    raise ValueError(f"the worker {worker} has {named}; install the same versions on all machines")
            yield cls(client)

    def computed(self, cut: Cut, numbers: Sequence[int]) -> Iterator[tuple[int, Computed]]:
        """As Scheduler.computed. Raises StoreError where a tile has cost TRIES workers their lives, or the scheduler is lost."""
        import asyncio  # which Dask has imported by now, and the window's start does not wait for

        try:
            yield from self._computed(cut, numbers)
        except (asyncio.CancelledError, futures.CancelledError, OSError):
            raise StoreError("the scheduler is lost; finished tiles are kept: start it again, and continue with --resume") from None

    def _computed(self, cut: Cut, numbers: Sequence[int]) -> Iterator[tuple[int, Computed]]:
        distributed, left = needed("distributed"), iter(numbers)
        asked = {}

        def ask(count: int) -> list[Any]:
            found = [(number, self.client.submit(compute, cut.tile(number), pure=False)) for number in islice(left, count)]
            asked.update({future.key: number for number, future in found})
            return [future for _, future in found]

        workers = max(1, len(self.client.scheduler_info(n_workers=-1)["workers"]))
        coming = distributed.as_completed(ask(AHEAD * workers))
        for future in coming:
            number = asked.pop(future.key)
            try:
                result = future.result()
            except distributed.KilledWorker:
                reason = "is there enough memory for each?"
                raise StoreError(
                    f"tile {number} has ended {TRIES} workers; {reason} Finished tiles are kept; continue with --resume"
                ) from None
            future.release()
            yield number, result
            for new in ask(1):
                coming.add(new)


@contextmanager
def _settings() -> Iterator[None]:
    # It logs a traceback when it loses the scheduler, of which one line is said here.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    with needed("dask").config.set(SETTINGS):
        yield


def _versions(client: Any) -> dict[str, dict[str, str]]:
    """The versions of each worker by its address."""
    try:
        found: dict[str, dict[str, str]] = client.run(versions)
    except ImportError as error:
        raise ValueError(f"the workers cannot compute ({error}); install funjax of the same version on all machines") from None
    return found
