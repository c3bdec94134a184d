"""Training by several methods side by side, advanced evaluation by evaluation, and what is recorded on the way.

The methods take turns from one milestone, a number of evaluations, to the next; each has its own time. So the records depend on the
request alone, but for their seconds, and training can be continued later.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kernels.network.data import Sample
from kernels.network.hessian_free import HessianFreeState
from kernels.network.methods import RUNNING, Lanczos, Settings
from kernels.network.model import Loss
from kernels.network.training import METHODS, Method, Turn, advanced, begin, compiling, outputs, was_compiled
from kernels.newton.solvers import linear
from kernels.types import Floats

CURVATURE_EVERY = 16
"""Milestones from one computation of extreme eigenvalues to the next."""

LANCZOS = Lanczos()


def is_milestone(evaluations: int) -> bool:
    """Whether this number of evaluations is a milestone; 0 is one."""
    return evaluations == 0 or next_milestone(evaluations - 1) == evaluations


def next_milestone(evaluations: int) -> int:
    """The milestone after this number of evaluations: 5, 10, …, 200, and then 2.5 % more each time."""
    at = 0
    while at <= evaluations:
        at += max(5, at // 40)
    return at


@dataclass(frozen=True)
class Record:
    """A method at a milestone. Losses include the decay; `test_error`: share of wrong classes, or root mean square error of a fit."""

    evaluations: int
    seconds: float
    loss: float
    test_loss: float
    test_error: float


@dataclass(frozen=True)
class Curvature:
    """Extreme eigenvalues (lowest, highest) of the Hessian of the loss at some number of evaluations, and their error bounds."""

    evaluations: int
    values: tuple[float, float]
    errors: tuple[float, float]


@dataclass(frozen=True)
class Solve:
    """The last solve by conjugate gradients before a milestone.

    `number`: of the solve, from 1 on; `residuals`: relative ones, from 1 on; `damping`: at the milestone; `ratio`: of the actual to the
    predicted change of the loss by the last step.
    """

    evaluations: int
    number: int
    residuals: tuple[float, ...]
    damping: float
    ratio: float


@dataclass
class Runner:
    """One method on its way."""

    turn: Turn
    seconds: float = 0.0
    records: list[Record] = field(default_factory=list)
    curvatures: list[Curvature] = field(default_factory=list)
    solves: list[Solve] = field(default_factory=list)
    is_compiled: bool = False

    @property
    def weights(self) -> Any:
        """The accepted weights."""
        return self.turn.state.weights


class Race:
    """The methods and their records. `at`: evaluations so far, -1 before the start. Generators yield None where the caller may stop.

    `preparing`: what the step after this one compiles, in words; empty if nothing.
    """

    def __init__(self, sample: Sample, loss: Loss, weights: Floats, methods: tuple[str, ...], settings: Settings) -> None:
        self.sample, self.loss, self.settings, self.preparing = sample, loss, settings, ""
        self._initial = weights
        self.runners = {name: Runner(begin(METHODS[name][1], weights, settings)) for name in methods}
        self.at = -1

    def advance(self, evaluations: int) -> Iterator[None]:
        """Take every method to `evaluations` and record it; stopped in between, the next call continues there.

        The curvature at the initial weights comes after the first steps, so that no method waits for its kernel.
        """
        if self._is_due:
            yield from self._measure(self.at)
        for name, runner in self.runners.items():
            if runner.records and not is_milestone(runner.records[-1].evaluations):
                runner.records.pop()  # the end of an earlier request
            if runner.records and runner.records[-1].evaluations >= evaluations:
                continue
            if evaluations > 0:
                yield from self._run(name, runner, evaluations)
            yield from self._record(runner, evaluations)
        if evaluations > 0 and not all(runner.curvatures for runner in self.runners.values()):
            yield from self._measure(0)
        self.at = evaluations

    @property
    def _is_due(self) -> bool:
        """Whether the curvature at the last milestone, beyond 0, is to be computed."""
        if self.at <= 0:
            return False
        recorded = {runner.records[-1].evaluations for runner in self.runners.values() if runner.records}
        passed = min(len(runner.records) for runner in self.runners.values())
        return recorded == {self.at} and is_milestone(self.at) and passed % CURVATURE_EVERY == 1

    def _run(self, name: str, runner: Runner, evaluations: int) -> Iterator[None]:
        method = METHODS[name][1]
        if not runner.is_compiled:
            number = list(self.runners).index(name) + 1
            yield from self._announced(method, f"{METHODS[name][0]}, {number} of {len(self.runners)} methods")
            yield from compiling(self.loss, method, runner.turn, self.settings)
            self.preparing, runner.is_compiled = "", True
        for turn, seconds in advanced(self.loss, method, runner.turn, self.settings, evaluations):
            runner.turn = turn
            runner.seconds += seconds
            yield None

    def _announced(self, method: Method, name: str) -> Iterator[None]:
        """A step before the kernel of a method is compiled, unless it was already."""
        if not was_compiled(self.loss, method):
            self.preparing = name
            yield None

    def _record(self, runner: Runner, evaluations: int) -> Iterator[None]:
        sample, network = self.sample, self.loss.network
        found = []
        for points in (sample.points, sample.test_points):
            parts = []
            for part in outputs(self.loss, runner.weights, self.scaled(points)):
                parts.append(part)
                yield None
            found.append(np.concatenate(parts))
        weights = np.asarray(runner.weights)
        with np.errstate(over="ignore", invalid="ignore"):
            decay = float(self.loss.decay) / 2 * float(weights @ weights)
        training, test = (
            _mean_loss(network.fits, values, targets) + decay
            for values, targets in zip(found, (sample.targets, sample.test_targets), strict=True)
        )
        error = error_of(network.fits, found[1], sample.test_targets)
        runner.records.append(Record(evaluations, runner.seconds, training, test, error))
        state = runner.turn.state
        known = runner.solves[-1].number if runner.solves else 0
        if isinstance(state, HessianFreeState) and int(state.solves) > known:
            residuals = np.asarray(state.residuals)
            residuals = residuals[np.isfinite(residuals)]
            runner.solves.append(Solve(evaluations, int(state.solves), tuple(residuals.tolist()), float(state.damping), float(state.ratio)))

    def _measure(self, evaluations: int) -> Iterator[None]:
        """Extreme eigenvalues at the weights of each method that still runs; at first they are the same for all."""
        first: Curvature | None = None
        for runner in self.runners.values():
            if runner.curvatures and (runner.curvatures[-1].evaluations >= evaluations or _has_ended(runner)):
                continue
            if first is None or evaluations > 0:
                yield from self._announced(LANCZOS, "the Hessian’s eigenvalues")
                first = yield from extremes(self.loss, runner.weights if evaluations > 0 else self._initial, evaluations, self.settings)
                self.preparing = ""
            runner.curvatures.append(first)

    def has_passed(self, evaluations: int) -> bool:
        """Whether a method has gone beyond this number of evaluations."""
        return any(
            int(r.turn.evaluations) > evaluations or (bool(r.records) and r.records[-1].evaluations > evaluations)
            for r in self.runners.values()
        )

    @property
    def has_ended(self) -> bool:
        """Whether no method runs any more."""
        return all(_has_ended(runner) for runner in self.runners.values())

    def scaled(self, points: Floats) -> Floats:
        """Points as inputs of the network."""
        return (points - self.sample.centre) / self.sample.scale


def extremes(loss: Loss, weights: Any, evaluations: int, settings: Settings) -> Any:
    """The extreme eigenvalues of the Hessian at these weights by Lanczos's method. A generator that returns a Curvature."""
    turn = begin(LANCZOS, weights, settings)
    yield from compiling(loss, LANCZOS, turn, settings)
    for latest, _ in advanced(loss, LANCZOS, turn, settings, 2**30):
        turn = latest
        yield None
    values, errors = linear.extremes(turn.state.lanczos)
    return Curvature(evaluations, tuple(values.tolist()), tuple(errors.tolist()))


def _has_ended(runner: Runner) -> bool:
    return int(runner.turn.state.status) != RUNNING


def _mean_loss(fits: bool, outputs: Floats, targets: Floats) -> float:
    with np.errstate(over="ignore", invalid="ignore"):  # of a method that diverged
        return float(np.mean((outputs - targets) ** 2 / 2 if fits else np.logaddexp(0.0, -targets * outputs)))


def error_of(fits: bool, outputs: Floats, targets: Floats) -> float:
    """The share of outputs with the wrong sign, or, of a fit, their root mean square error. An output of NaN is wrong."""
    if fits:
        return float(np.sqrt(2 * _mean_loss(True, outputs, targets)))
    return float(np.mean(~(np.sign(outputs) == targets)))
