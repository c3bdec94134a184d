"""Sentences about how a run for a root has ended."""

from typing import Any

from kernels.equations.judge import Run
from kernels.equations.methods import CONVERGED, CYCLE, DIVERGED, MAX_STEPS, NO_BRACKET, RUNNING, SINGULAR, STALLED, UNDEFINED
from kernels.equations.system import COMPLEX, PLANE, REAL, Numbers
from kernels.newton import number, steps_taken

KINDS = {
    (REAL, COMPLEX): "one equation in x or z",
    (REAL, PLANE): "real equations",
    (REAL,): "one equation in x",
    (PLANE,): "two equations in x and y",
    (REAL, PLANE, COMPLEX): "all equations",
}
"""What methods are for, by the kinds that they solve."""


def place(point: Numbers) -> str:
    """A point as text."""
    if len(point) == 2:
        return f"({number(float(point[0]))}, {number(float(point[1]))})"
    value = complex(point[0])
    if not value.imag:
        return number(value.real)
    return f"{number(value.real)} {'+' if value.imag > 0 else '−'} {number(abs(value.imag))} i"


def sentence(run: Run, request: Any) -> str:
    """How the run has ended, and a remedy where it has not converged."""
    steps, norm, x = len(run.steps), number(run.norms[-1]), place(run.points[-1])
    after = f"after {steps_taken(steps)}"
    if run.status == RUNNING:
        return f"Running: {steps_taken(steps)}, |f| = {norm}."
    if run.status == CONVERGED:
        root, _ = run.root()
        found = place(run.points[-1] if root is None else root)
        return (
            f"The initial point is a root: |f| = {norm}." if not steps else f"Converged to {found} in {steps_taken(steps)}: |f| = {norm}."
        )
    if run.status == MAX_STEPS:
        return f"Not converged {after}: |f| = {norm}, tolerance {number(request.tolerance)}. Allow more steps or move the start."
    if run.status == CYCLE:
        return f"The iterates repeat with period {run.period}, at {_round(run)}: they never converge. Damp the steps or move the start."
    if run.status == SINGULAR:
        what = "The derivative is 0" if run.problem.trees.kind != PLANE else "The Jacobian matrix is singular"
        return f"{what} at {x} {after}, so there is no next step. Move the start."
    if run.status == DIVERGED:
        return f"Diverged {after}, at {x}: |f| = {norm}, and no root is near. Move the start, or use damped-newton."
    if run.status == STALLED:
        return f"Stalled {after}, at {x}: |f| = {norm}{'; ' + run.note if run.note else ''}. {_remedy(run)}"
    if run.status == NO_BRACKET:
        return f"No interval around {x} has different signs of f at its ends. Move the start, or use newton."
    assert run.status == UNDEFINED
    return f"Undefined {after}: f or its derivative is not a finite number at {x} or after the next step. Move the start."


def _remedy(run: Run) -> str:
    return "Move the start." if run.note else "The next step is below rounding: use a larger tolerance."


def _round(run: Run) -> str:
    """The points of the cycle, the first few."""
    points = [place(point) for point in run.points[-run.period :]]
    return ", ".join(points[:4]) + (", …" if len(points) > 4 else "")
