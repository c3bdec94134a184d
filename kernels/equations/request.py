"""One run of a method for solving equations: a request with frames, and the frame with its iterates."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels import validation
from kernels.equations import messages
from kernels.equations.backward_error import backward_errors
from kernels.equations.judge import Run
from kernels.equations.methods import RUNNING, EquationMethod, MethodSettings, find_equation_method
from kernels.equations.registry import find_equations
from kernels.equations.system import COMPLEX, Equations
from kernels.newton import json_numbers, orders, settled_order
from kernels.parameters import Pairs
from kernels.types import Floats

MOST_STEPS = 1000

SHOW_EVERY = 0.1
"""Seconds between the frames of a long run."""

ROUNDING = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class EquationRequest:
    """One run of a method for solving equations.

    Raises ValueError, in one line, where a field is out of its domain.

    Attributes:
        equations: a name of the library, or the text of an equation in x or z, or of two in x and y with a semicolon between them.
        start: the initial point, one number or two (real and imaginary part in z); the usual one if empty.
        method: name of the method.
        max_steps: maximum number of iterations.
        tolerance: norm of the residual f at which an iterate may be a root; its Newton step must be short as well.
        damping: factor of Newton's step.
        multiplicity: m of Newton's method for a root of known multiplicity.
        parameters: of the equations, as (name, value) pairs or a mapping; missing ones have their defaults, pairs are sorted.

    """

    equations: str = "cubic-unity"
    start: tuple[float, ...] = ()
    method: str = "newton"
    max_steps: int = 50
    tolerance: float = 1e-10
    damping: float = 1.0
    multiplicity: float = 2.0
    parameters: Pairs = ()

    def __post_init__(self) -> None:
        equations, method = find_equations(self.equations), find_equation_method(self.method)
        object.__setattr__(self, "equations", equations.name)
        object.__setattr__(self, "parameters", equations.completed(self.parameters))
        start = tuple(self.start) or equations.start
        if len(start) != equations.coordinates:
            raise ValueError(f"a start of {len(start)} coordinates does not fit {equations.called}; give {equations.coordinates}")
        for i, value in enumerate(start):
            validation.finite(f"start's coordinate {i + 1}", value)
        object.__setattr__(self, "start", tuple(map(float, start)))
        if equations.kind not in method.kinds:
            raise ValueError(f"{self.method} is for {messages.KINDS[method.kinds]}, and {equations.called} is not; use newton")
        validation.positives(self, tolerance=1e10, damping=2.0, multiplicity=100.0)
        validation.count("max_steps", self.max_steps, 1, MOST_STEPS)

    @property
    def found(self) -> Equations:
        """The equations."""
        return find_equations(self.equations)

    @property
    def solver(self) -> EquationMethod:
        """The method."""
        return find_equation_method(self.method)

    def frames(self) -> Iterator["EquationFrame | None"]:
        """Compute the run: a single frame if it is short, else frames with a growing number of steps; None where the caller may stop."""
        began = shown = time.perf_counter()
        problem = self.found.at(self.parameters)
        run = Run(problem, problem.point(self.start), self.tolerance, self.max_steps)
        steps = self.solver.steps(problem, run.points[0], MethodSettings(self.damping, self.multiplicity))
        while run.status == RUNNING:
            with np.errstate(all="ignore"):
                run.take(next(steps, None))
            now = time.perf_counter()
            if run.status == RUNNING:
                due = now - shown > SHOW_EVERY
                shown = now if due else shown
                yield _frame(self, run, now - began) if due else None
        yield _frame(self, run, time.perf_counter() - began)


@dataclass(frozen=True, eq=False)
class EquationFrame:
    """A run so far: k + 1 iterates, the initial point among them, and k steps.

    Attributes:
        status: one of `methods.STATUSES`; `sentence` explains it.
        root_residual, root_backward_error: of the root.
        iterates: shape (k + 1, n), n the number of real coordinates; in a complex variable these are real and imaginary part.
        residuals: the left-hand sides at the iterates, shape (k + 1, n) likewise; residual_norms: their norms, shape (k + 1,).
        corrections: lengths of Newton's steps at the iterates, an estimate of the distance from a simple root; NaN where the Jacobian
            is singular. Shape (k + 1,).
        backward_errors: least relative changes of the equations' terms after which the iterates are roots, shape (k + 1,).
        orders: of convergence, from three consecutive residuals, or of bisection brackets; NaN where these do not determine it. Shape
            (k + 1,).
        factors: share of the full step that was taken; slopes: of the lines by whose zeros the iterates of one variable were found,
            NaN where there is none. Shape (k,).
        brackets: intervals that enclose the root, shape (k, 2), NaN where there is none.
        notes: a remark on each step, empty for an ordinary one.
        period: of the cycle that the iterates come to, 0 where they come to none.
        root: the last iterate, with Newton's steps until the residual shrinks no further; None unless converged.
        eigenvalues: of the Jacobian matrix at the last iterate, complex; in a complex variable the derivative.

    """

    request: EquationRequest
    status: str
    sentence: str
    seconds: float
    done: bool
    period: int
    root: tuple[float, ...] | None
    root_residual: float
    root_backward_error: float
    iterates: Floats = field(repr=False)
    residuals: Floats = field(repr=False)
    residual_norms: Floats = field(repr=False)
    corrections: Floats = field(repr=False)
    backward_errors: Floats = field(repr=False)
    orders: Floats = field(repr=False)
    factors: Floats = field(repr=False)
    slopes: Floats = field(repr=False)
    brackets: Floats = field(repr=False)
    eigenvalues: NDArray[np.complex128] = field(repr=False)
    notes: tuple[str, ...] = field(repr=False)

    @property
    def steps(self) -> int:
        """The number of steps, k."""
        return len(self.iterates) - 1

    @property
    def order(self) -> float:
        """The observed order of convergence at the end of the run; NaN where there is none."""
        return settled_order(self.orders)


def _frame(request: EquationRequest, run: Run, seconds: float) -> EquationFrame:
    problem = run.problem
    points, values = np.array(run.points), np.array(run.values)
    iterates, norms = problem.coordinates(points), np.array(run.norms)
    with np.errstate(all="ignore"):
        noise = 8 * ROUNDING * np.nan_to_num(np.abs(points).max(1) * norms / np.array(run.corrections))
    root, residual = run.root()
    slopes = np.array([step.slope for step in run.steps], complex)
    brackets = np.array([step.bracket or (np.nan, np.nan) for step in run.steps]).reshape(-1, 2)
    by_brackets = request.solver.measured_by == "brackets"
    widths = np.concatenate([[np.nan], np.diff(brackets)[:, 0]])
    return EquationFrame(
        request=request,
        status=run.status,
        sentence=messages.sentence(run, request),
        seconds=seconds,
        done=run.status != RUNNING,
        period=run.period,
        root=None if root is None else tuple(map(float, problem.coordinates(root))),
        root_residual=residual,
        root_backward_error=math.nan if root is None else float(backward_errors(problem, root[None])[0]),
        iterates=iterates,
        residuals=problem.coordinates(values),
        residual_norms=norms,
        corrections=np.array(run.corrections),
        backward_errors=backward_errors(problem, points),
        orders=orders(widths, np.zeros(len(widths))) if by_brackets else orders(norms, noise),
        factors=np.array([step.factor for step in run.steps]),
        slopes=slopes.real if problem.trees.kind != COMPLEX else np.full(len(slopes), np.nan),
        brackets=brackets,
        eigenvalues=_eigenvalues(problem.jacobian(points[-1] if root is None else root)),
        notes=tuple(step.note for step in run.steps),
    )


def _eigenvalues(matrix: NDArray[Any]) -> NDArray[np.complex128]:
    found: NDArray[np.complex128] = np.full(len(matrix), np.nan, np.complex128)
    if np.isfinite(matrix).all():
        found[:] = np.linalg.eigvals(matrix)
    return found


def equation_as_json(frame: EquationFrame) -> dict[str, Any]:
    """The run as JSON data; infinite and undefined numbers are None. A complex number is [real, imaginary part]."""
    eigenvalues = np.stack([frame.eigenvalues.real, frame.eigenvalues.imag], axis=-1)
    return {
        "iterates": json_numbers(frame.iterates),
        "residual_norms": json_numbers(frame.residual_norms),
        "status": frame.status,
        "root": None if frame.root is None else list(frame.root),
        "root_residual": json_numbers([frame.root_residual])[0],
        "root_backward_error": json_numbers([frame.root_backward_error])[0],
        "backward_errors": json_numbers(frame.backward_errors),
        "jacobian_eigenvalues": json_numbers(eigenvalues),
        "orders": json_numbers(frame.orders),
        "period": frame.period or None,
    }
