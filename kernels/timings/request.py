"""The post's measurements run on this machine, row by row, and the sizes at which jit and vmap pay off.

for frame in TimingsRequest(sweeps=False).frames():
    if frame is not None:
        frame.rows[-1:]
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from kernels import validation
from kernels.execution import devices
from kernels.timings.measure import Budget, Timing, measure
from kernels.timings.sweeps import Sweep, SweepPoint, run, sweeps
from kernels.timings.workloads import BETWEEN, FUNJAX, POST, Variant, Workload, post_workloads
from kernels.validation import grouped

__all__ = ["BETWEEN", "FUNJAX", "POST", "Row", "TimingsFrame", "TimingsRequest"]


@dataclass(frozen=True)
class TimingsRequest:
    """The request of the timings. Raises ValueError where a field is out of its domain.

    `seconds`: of calls per row. `sweeps`: whether sweeps are measured, with `sweep_seconds` of calls per point, up to the size `largest`.
    """

    alone: ClassVar[bool] = True
    """Other requests wait while it runs, so that they do not distort the times."""

    seconds: float = 0.4
    sweeps: bool = True
    sweep_seconds: float = 0.06
    largest: int = 10**6

    def __post_init__(self) -> None:
        self.budgets()
        validation.count("largest", self.largest, 1, 10**9)

    def budgets(self) -> tuple[Budget, Budget]:
        """Budgets of a row and of a point of a sweep."""
        return Budget(self.seconds), Budget(self.sweep_seconds)

    def workloads(self) -> tuple[Workload, ...]:
        """The post's workloads, in its order."""
        return post_workloads()

    def planned(self) -> tuple[Sweep, ...]:
        """The sweeps, if they are measured."""
        return sweeps() if self.sweeps else ()

    def frames(self) -> Iterator["TimingsFrame | None"]:
        """Frames before and after each row and after each point; None where the caller may stop.

        Compilation cannot be stopped: about a second for the post's unrolled loop, a few tenths for the others.
        """
        return _Run(self).frames()


@dataclass(frozen=True)
class Row:
    """One variant of a workload, measured. post: the post's figure for it, in seconds, None where it has none.

    against: the figure that it is compared with, the post's own for its variants, else as a rule the best that the post's GPU did.
    pays_after: calls after which compiling has paid beside the workload's first variant; inf for never, None where it has no sense.
    """

    workload: str
    title: str
    variant: str
    source: str
    note: str
    post: float | None
    against: float
    timing: Timing
    pays_after: float | None = None

    @property
    def ratio(self) -> float:
        """Speed-up against the post's figure."""
        return self.against / self.timing.median


@dataclass(frozen=True, eq=False)
class TimingsFrame:
    """The measurements so far; `doing` describes the current one, empty at the end."""

    request: TimingsRequest
    rows: tuple[Row, ...] = field(repr=False)
    points: tuple[SweepPoint, ...] = field(repr=False)
    doing: str
    progress: float
    device: str
    seconds: float
    done: bool

    def beaten(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(beaten, not beaten): the titles of the workloads whose GPU figure this program is below, and is not, here."""
        own = [row for row in self.rows if row.source == FUNJAX]
        won = tuple(row.title for row in own if row.ratio > 1)
        return won, tuple(row.title for row in own if row.ratio <= 1)


class _Run:
    """A run of a request, with its measurements so far."""

    def __init__(self, request: TimingsRequest, clock: Callable[[], float] = time.perf_counter) -> None:
        self._request, self._clock = request, clock
        self._began = clock()
        self._rows: list[Row] = []
        self._points: list[SweepPoint] = []
        self._workloads, self._sweeps = request.workloads(), request.planned()
        # A sweep's points are about as dear as a row of the table each; there are fewer where a curve ends early.
        self._parts = sum(len(w.variants) for w in self._workloads) + sum(len(s.sizes) * len(s.ways) for s in self._sweeps)

    def frames(self) -> Iterator[TimingsFrame | None]:
        row_budget, point_budget = self._request.budgets()
        for workload in self._workloads:
            for variant in workload.variants:
                yield self._frame(f"{workload.title}: {variant.name}")
                timed = yield from measure(variant.make(), row_budget, self._clock)
                self._rows.append(self._row(workload, variant, timed))
        yield self._frame("the sweeps" if self._sweeps else "", done=not self._sweeps)
        for sweep in self._sweeps:
            for point in run(sweep, point_budget, self._request.largest):
                if point is not None:
                    self._points.append(point)
                    yield self._frame(f"{sweep.title}: {point.way}, {grouped(point.size)} {sweep.unit}")
                else:
                    yield None
        if self._sweeps:
            yield self._frame("", done=True)

    def _row(self, workload: Workload, variant: Variant, timed: Timing) -> Row:
        first = next((row for row in self._rows if row.workload == workload.name), None)
        # Against a variant without compilation; otherwise both would have to pay off.
        pays = timed.pays_after(first.timing.median) if first is not None and first.timing.compile is None else None
        return Row(
            workload.name,
            workload.title,
            variant.name,
            variant.source,
            variant.note,
            variant.post,
            variant.post or variant.against or workload.gpu,
            timed,
            pays,
        )

    def _frame(self, doing: str, done: bool = False) -> TimingsFrame:
        share = 1.0 if done else (len(self._rows) + len(self._points)) / self._parts
        passed = self._clock() - self._began
        return TimingsFrame(self._request, tuple(self._rows), tuple(self._points), doing, share, devices.describe(), passed, done)
