"""One run of the Newton solver: one method from one initial point.

A request holds everything that the run depends on; `frames` computes it. Small problems take a single call, large ones one call a step.
"""

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np

from kernels.catalog import find_objective
from kernels.newton.arrival import Arrival, large_arrival
from kernels.newton.frame import NewtonFrame, build
from kernels.newton.run import SMALL, WHOLE, Runner
from kernels.newton.run_settings import RunSettings
from kernels.newton.solvers import CONVERGED, RUNNING, STALLED, Settings
from kernels.newton.spectrum import MODERATE, Extremes, decided_extremes, extremes_at
from kernels.objectives import MAXIMUM

SHOW_EVERY = 0.1
"""Seconds between the frames of a long run."""

SHARE = 0.05
"""Largest share of the time that goes into frames: each holds all steps so far, so that they become rarer in a run of many steps."""


@dataclass(frozen=True)
class NewtonRequest(RunSettings):
    """One run of the Newton solver; fields and errors are those of RunSettings."""

    def frames(self) -> Iterator[NewtonFrame | None]:
        """Compute the run: a single frame if it is short, else frames with a growing number of steps.

        Yields None where the caller may stop and there is nothing new.
        """
        began = time.perf_counter()
        settings = Settings(
            np.float64(self.tolerance),
            np.float64(self.step or 0.0),
            np.float64(self.damping),
            np.float64(self.radius),
            np.int32(self.cg_steps),
            np.float64(self.momentum),
        )
        sign = -1.0 if self.wanted == MAXIMUM else 1.0
        function = find_objective(self.objective).at(self.parameters)
        runner = Runner(function, self.solver, np.asarray(self.start), sign, settings, self.max_steps)
        extremes: list[Extremes] = []
        arrival: Arrival | None = None
        shown, cost = began, 0.0
        if runner.n > WHOLE:
            yield from _append_extremes(runner, extremes)
        while True:
            runner.go()
            if runner.n > SMALL:
                yield from _append_extremes(runner, extremes)
            ended = runner.status != RUNNING
            if ended and runner.n > SMALL:
                arrival = yield from _classify_last(runner, extremes)
            now = time.perf_counter()
            if ended or now - shown > max(SHOW_EVERY, cost / SHARE):
                frame = build(self, runner, extremes, arrival, now - began)
                shown = time.perf_counter()
                cost = shown - now
                yield frame
            else:
                yield None
            if ended:
                return


def _append_extremes(runner: Runner, extremes: list[Extremes]) -> Iterator[None]:
    """Append the extreme eigenvalues at new iterates; above WHOLE variables only the current iterate is still known in full."""
    if runner.n <= WHOLE:
        points = [*([] if extremes else [runner.first[0]]), *runner.latest]
    else:
        points = [runner.run.state.x] if len(extremes) <= runner.steps else []
    for point in points:
        extremes.append((yield from extremes_at(runner, point)))


def _classify_last(runner: Runner, extremes: list[Extremes]) -> Generator[None, None, Arrival | None]:
    """Refine the eigenvalues at the last iterate and, if the gradient is small there, classify the stationary point."""
    has_arrived = runner.status in (CONVERGED, STALLED)
    if runner.n <= MODERATE or has_arrived:
        extremes[-1] = yield from decided_extremes(runner, runner.run.state.x)
    return (yield from large_arrival(runner, extremes[-1])) if has_arrived else None
