"""Frames of a Newton run: every iterate and every step as NumPy arrays."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.newton import curvature as newton_report
from kernels.newton import messages
from kernels.newton.arrival import Arrival, small_arrivals
from kernels.newton.curvature import Curvature, settled_order
from kernels.newton.run import SMALL, Runner
from kernels.newton.run_settings import MOST_STEPS, RunSettings
from kernels.newton.solvers import CONVERGED, DIVERGED, NEGATIVE_CURVATURE, SINGULAR, STALLED, STATUSES, find_method
from kernels.newton.spectrum import Extremes
from kernels.objectives import DEGENERATE, MAXIMUM, UNDECIDED
from kernels.types import Floats


@dataclass(frozen=True, eq=False)
class NewtonFrame:
    """A run so far: k + 1 iterates, the initial point among them, and k steps.

    Attributes:
        status: one of `solvers.STATUSES`; `sentence` explains it.
        kind: of the stationary point reached (also if the run stalled at rounding); UNDECIDED where the sign of an extreme eigenvalue
            is open; None where no stationary point was reached.
        iterates: shape (k + 1, n) for up to 1,000 variables, else the first two coordinates; `point` is the last one in full.
        values, gradient_norms, conditions: at each iterate, shape (k + 1,).
        orders: of convergence, from three consecutive gradient norms; NaN where these do not determine it. Shape (k + 1,).
        curvature: gradients, Hessians and eigenvalues at each iterate, and the point to which a full Newton step leads.
        predicted, actual: change of the value in each step, by the quadratic model and in fact, shape (k,).
        factors: step-length factors (0: rejected step), radii and ratios: of the trust region, shifts: of the Hessian's diagonal,
            step_norms: lengths of the steps; shape (k,).
        models: the matrices that a quasi-Newton or least-squares method used in place of the Hessian, shape (k, n, n); empty above SMALL
            variables and for other methods.
        cg_residuals, cg_paths: residual norms and iterates of the first 32 conjugate-gradient iterations of each step, the latter for
            up to 10 variables; cg_steps: the number of these iterations.
        notes: a remark on each step, empty for an ordinary one.

    """

    request: RunSettings
    status: str
    sentence: str
    kind: str | None
    hessian_vector_products: int
    seconds: float
    done: bool
    iterates: Floats = field(repr=False)
    point: Floats = field(repr=False)
    values: Floats = field(repr=False)
    gradient_norms: Floats = field(repr=False)
    orders: Floats = field(repr=False)
    curvature: Curvature = field(repr=False)
    predicted: Floats = field(repr=False)
    actual: Floats = field(repr=False)
    factors: Floats = field(repr=False)
    radii: Floats = field(repr=False)
    ratios: Floats = field(repr=False)
    shifts: Floats = field(repr=False)
    models: Floats = field(repr=False)
    cg_steps: NDArray[np.int32] = field(repr=False)
    cg_residuals: tuple[Floats, ...] = field(repr=False)
    cg_paths: tuple[Floats, ...] = field(repr=False)
    notes: tuple[str, ...] = field(repr=False)

    @property
    def steps(self) -> int:
        """The number of steps, k."""
        return len(self.values) - 1

    @property
    def step_norms(self) -> Floats:
        """Length of each step, in the coordinates that are stored. Shape (k,)."""
        lengths: Floats = np.linalg.norm(np.diff(self.iterates, axis=0), axis=1)
        return lengths

    @property
    def conditions(self) -> Floats:
        """Condition number of the Hessian at each iterate. Shape (k + 1,)."""
        return self.curvature.conditions

    @property
    def headings(self) -> tuple[str | None, ...]:
        """The kind of the local model's stationary point at each iterate."""
        return tuple(None if kind == UNDECIDED else kind for kind in self.curvature.kinds)

    @property
    def order(self) -> float:
        """The observed order of convergence at the end of the run; NaN where there is none."""
        return settled_order(self.orders)


def as_json(frame: NewtonFrame) -> dict[str, Any]:
    """The run as JSON data; infinite and undefined numbers are None."""
    return {
        "iterates": json_numbers(frame.iterates),
        "values": json_numbers(frame.values),
        "gradient_norms": json_numbers(frame.gradient_norms),
        "status": frame.status,
        "kind": frame.kind,
        "hessian_eigenvalues": json_numbers(frame.curvature.rounded_eigenvalues(-1)),
        "hessian_vector_products": frame.hessian_vector_products,
        "cg_residuals": [json_numbers(residuals) for residuals in frame.cg_residuals],
    }


def json_numbers(values: Any) -> list[Any]:
    """An array of one or more axes as lists; infinite and undefined numbers are None."""
    return [json_numbers(v) if isinstance(v, np.ndarray) else float(v) if math.isfinite(v) else None for v in values]


@np.errstate(over="ignore", invalid="ignore")
def build(request: RunSettings, runner: Runner, extremes: list[Extremes], arrival: Arrival | None, seconds: float) -> NewtonFrame:
    """The frame of a run.

    For more than SMALL variables, `extremes` are the extreme eigenvalues at the iterates, and `arrival` classifies the last one if the
    run has ended at a small gradient.
    """
    sign = float(runner.arguments[0])
    history = runner.history()
    history = history._replace(lowest=sign * history.lowest)
    point, value, norm = runner.first
    iterates = np.concatenate([point[None], history.x])
    small = runner.n <= SMALL
    curvature = newton_report.small_curvature(runner.function, iterates) if small else newton_report.large_curvature(extremes)
    norms = np.concatenate([[norm], history.gradient_norm])
    values = np.concatenate([[value], history.value])
    noise = newton_report.gradient_noise(iterates, curvature)
    arrived = runner.status == CONVERGED or (runner.status == STALLED and norms[-1] <= noise[-1])
    if small and arrived:
        arrival = Arrival(None, True) if _leapt(iterates, curvature) else small_arrivals(runner.function, iterates[-1:])[0]
    arrival = arrival if arrived else None
    kind = arrival.kind if arrival else None
    status = DIVERGED if arrival and arrival.runs_away else _status(request, runner, kind)
    inner = runner.run.inner is not None
    return NewtonFrame(
        request=request,
        status=STATUSES[status],
        sentence=messages.sentence(STATUSES[status], _facts(request, runner, status, kind, norms, iterates, curvature)),
        kind=kind,
        hessian_vector_products=int(runner.run.products),
        seconds=seconds,
        done=status != 0,
        iterates=iterates,
        point=np.asarray(runner.run.state.x),
        values=values,
        gradient_norms=norms,
        orders=newton_report.orders(norms, noise),
        curvature=curvature,
        predicted=sign * history.predicted,
        actual=np.diff(values),
        factors=history.factor,
        radii=history.radius,
        ratios=history.ratio,
        shifts=history.shift,
        models=sign * history.models,
        cg_steps=history.inner_steps,
        cg_residuals=_first(history.residuals, history.inner_steps) if inner else (),
        cg_paths=_first(iterates[:-1, None] + history.paths, history.inner_steps) if inner and small else (),
        notes=messages.notes(history, curvature.kinds, request.damping if _searches(request) else -math.inf),
    )


def _leapt(iterates: Floats, curvature: Curvature) -> bool:
    """Whether the last step, large relative to the iterate, led to where the function is exactly flat, as e^(-x²) far from 0."""
    if len(iterates) < 2 or curvature.eigenvalues[-1].any() or curvature.gradients[-1].any():
        return False
    return float(np.linalg.norm(iterates[-1] - iterates[-2])) > (1 + float(np.linalg.norm(iterates[-1]))) / 2


def _searches(request: RunSettings) -> bool:
    """Whether the method's step-length factor begins with the damping; the factor of other methods is not reduced by line search."""
    return "damping" in find_method(request.method).settings


def _first(rows: NDArray[Any], steps: NDArray[np.int32]) -> tuple[Floats, ...]:
    """The entries of each row that the inner iterations have written."""
    return tuple(row[: int(count) + 1] for row, count in zip(rows, steps, strict=True))


def _status(request: RunSettings, runner: Runner, kind: str | None) -> int:
    """The status of the run; NEGATIVE_CURVATURE where it converged to a point of another kind than a minimum or maximum sought."""
    steered = request.goal != "stationary" and runner.solver.steered
    wrong = kind not in (request.goal, DEGENERATE, UNDECIDED, None)
    return NEGATIVE_CURVATURE if steered and wrong and runner.status == CONVERGED else runner.status


def _facts(
    request: RunSettings, runner: Runner, status: int, kind: str | None, norms: Floats, iterates: Floats, curvature: Curvature
) -> dict[str, Any]:
    return {
        "steps": runner.steps,
        "most steps": MOST_STEPS,
        "norm": norms[-1],
        "tolerance": request.tolerance,
        "kind": kind,
        "goal": request.goal,
        "wanted": request.wanted,
        "x": iterates[-1],
        "n": runner.n,
        "direction": _direction(request, runner, status, curvature),
        "cycle": newton_report.repeats(iterates),
    }


def _direction(request: RunSettings, runner: Runner, status: int, curvature: Curvature) -> Floats | None:
    """The direction in which the Hessian is singular or has the wrong sign of curvature; None where it is not known."""
    if status not in (SINGULAR, NEGATIVE_CURVATURE):
        return None
    if len(curvature.eigenvectors):
        values = curvature.eigenvalues[-1]
        if status == SINGULAR:
            return _upright(curvature.eigenvectors[-1][:, np.argmin(np.abs(values))])
        return _upright(curvature.eigenvectors[-1][:, -1 if request.wanted == MAXIMUM else 0])
    if runner.run.inner is None or status != SINGULAR:
        return None
    direction = np.asarray(runner.run.inner.direction)
    return _upright(direction / np.linalg.norm(direction))


def _upright(direction: Floats) -> Floats:
    """The direction with the sign that makes its largest coordinate positive."""
    upright: Floats = direction * np.sign(direction[np.argmax(np.abs(direction))])
    return upright
