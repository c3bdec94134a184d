"""How a run for a root is judged, for all methods alike: by the residual, by Newton's step, and by the iterates themselves."""

import numpy as np

from kernels.equations.methods import CONVERGED, CYCLE, DIVERGED, MAX_STEPS, RUNNING, STALLED, UNDEFINED, Step, size
from kernels.equations.system import Numbers, Problem
from kernels.newton import AWAY, TRAIL, doubtful

CLOSE = 1e-6
"""Newton's step at a root, relative to 1 + |x|, is at most this: a small residual alone is none."""

FAR = 1e12
"""An iterate with a larger coordinate has diverged."""

LONGEST_CYCLE = 12
RETURNED = 1e-9
"""Iterates that agree to within this, relative to their size, a round later form a cycle."""

MOST_POLISHING = 5
"""Maximum number of Newton's steps by which a root is refined."""


class Run:
    """A run on the host: points, their residuals, and the steps between them. `status` is RUNNING until it has ended."""

    def __init__(self, problem: Problem, start: Numbers, tolerance: float, most: int) -> None:
        self.problem, self.tolerance, self.most = problem, tolerance, most
        self.points: list[Numbers] = []
        self.values: list[Numbers] = []
        self.norms: list[float] = []
        self.corrections: list[float] = []
        self.steps: list[Step] = []
        self.status, self.period, self.note = RUNNING, 0, ""
        self._add(start)
        self._judge()

    def take(self, step: Step | None) -> None:
        """Take the method's next step; None where it has none."""
        if step is None or step.status != RUNNING:
            self.status = STALLED if step is None else step.status
            self.note = step.note if step else ""
            return
        if not np.isfinite(step.x).all():
            self.status = DIVERGED if np.isinf(step.x).any() else UNDEFINED
            return
        if (step.x == self.points[-1]).all():
            self.status = STALLED
            return
        self.steps.append(step)
        self._add(step.x)
        self._judge()

    def _add(self, x: Numbers) -> None:
        value = self.problem.value(x)
        self.points.append(x)
        self.values.append(value)
        self.norms.append(size(value))
        correction = self.problem.correction(x, value)
        self.corrections.append(0.0 if not value.any() else float("nan") if correction is None else size(correction))

    def _judge(self) -> None:
        x, norm = self.points[-1], self.norms[-1]
        if np.abs(x).max() > FAR and self.steps:
            self.status = DIVERGED
        elif not np.isfinite(self.values[-1]).all():
            self.status = UNDEFINED
        elif norm <= self.tolerance and self._is_close():
            self.status = DIVERGED if self._leads_away() else CONVERGED
        elif period := self._returns():
            self.status, self.period = CYCLE, period
        elif len(self.steps) >= self.most:
            self.status = MAX_STEPS

    def _is_close(self) -> bool:
        """Whether the Newton step here is short, or the residual exactly 0."""
        correction = self.corrections[-1]
        return self.norms[-1] == 0 or correction <= CLOSE * (1 + size(self.points[-1])) or self._leads_away()

    def _leads_away(self) -> bool:
        """Whether there is no root near although the residual is small, as of exp(-x) far out: Newton's steps do not shrink."""
        x, steps = self.points[-1], []
        value = self.values[-1]
        if not value.any():
            # Exactly flat after a long step, as exp(-x²) far from 0, is not a root either.
            flat = not self.problem.jacobian(x).any()
            return bool(flat and len(self.points) > 1 and size(x - self.points[-2]) > (1 + size(x)) / 2)
        first = x
        for number in range(TRAIL):
            step = self.problem.correction(x, self.problem.value(x))
            if step is None:
                return False
            steps.append(size(step))
            x = x + step
            if number == 1 and not doubtful(size(first), steps[0], steps[1]):
                return False
        return not size(x - first) < AWAY * steps[0]

    def _returns(self) -> int:
        """The period, from 2, of the cycle that the last iterates form; 0 where they form none."""
        points, x = self.points, self.points[-1]
        near = RETURNED * (size(x) + 1e-300)
        for period in range(2, min(LONGEST_CYCLE, (len(points) - 1) // 2) + 1):
            if size(x - points[-1 - period]) > near:
                continue
            last = np.array(points[-2 * period :])
            limit = RETURNED * (float(np.abs(last).max()) + 1e-300)
            gap = float(np.abs(last[period:] - last[:period]).max())
            if gap <= limit and float(np.abs(last[1:] - last[:-1]).max()) > 1e3 * limit:
                return period
        return 0

    def root(self) -> tuple[Numbers | None, float]:
        """The root to which the run has converged, refined while the residual shrinks, and its residual; (None, NaN) if there is none."""
        if self.status != CONVERGED:
            return None, float("nan")
        x, value = self.points[-1], self.values[-1]
        for _ in range(MOST_POLISHING):
            step = self.problem.correction(x, value)
            if step is None or not size(self.problem.value(x + step)) < size(value):
                break
            x = x + step
            value = self.problem.value(x)
        if np.iscomplexobj(x):
            clear = _without_rounding(x)
            if size(self.problem.value(clear)) <= size(value):
                x, value = clear, self.problem.value(clear)
        return x, size(value)


def _without_rounding(x: Numbers) -> Numbers:
    """Complex `x` with 0 for a real or imaginary part that is below the rounding of the other one."""
    parts = np.stack([np.real(x), np.imag(x)])
    parts[np.abs(parts) <= np.finfo(np.float64).eps * np.abs(parts).max(0)] = 0.0
    return parts[0] + 1j * parts[1]
