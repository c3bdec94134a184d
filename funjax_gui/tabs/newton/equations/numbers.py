"""Numbers of a run for a root: columns of the table of iterates, the text beside the plot, and the status at a step."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funjax_gui.formatting import significant
from funjax_gui.tabs.newton.equations import figures
from kernels.equations import COMPLEX, EQUATION_METHODS, PLANE, REAL, EquationFrame
from kernels.newton.solvers import METHODS

Arrays = NDArray[Any]

TIPS = {
    "|f|": "Norm of the residual; where it is at most the tolerance and Newton’s step is short, the run has converged",
    "|f/f′|": "Length of Newton’s step from the iterate: an estimate of the distance to a simple root",
    "|J⁻¹f|": "Length of Newton’s step from the iterate: an estimate of the distance to a root with a regular Jacobian matrix J",
    "backward error": "Least relative change of the equation’s terms after which the iterate is a root; about 1e−16 is rounding",
    "low": "Lower end of the interval that encloses the root",
    "high": "Upper end of the interval that encloses the root",
}


def method_title(name: str) -> str:
    """Title of a method for objectives or for equations."""
    return METHODS[name].title if name in METHODS else EQUATION_METHODS[name].title


def coordinate_names(kind: str) -> tuple[str, ...]:
    """Names of the coordinates of a point."""
    return {REAL: ("x",), COMPLEX: ("Re z", "Im z")}.get(kind, ("x", "y"))


def residual_names(kind: str) -> tuple[str, ...]:
    """Names of the parts of the residual."""
    return {REAL: ("f",), COMPLEX: ("Re f", "Im f")}.get(kind, ("f₁", "f₂"))


def correction_name(kind: str) -> str:
    """Name of the length of Newton's step."""
    return "|J⁻¹f|" if kind == PLANE else "|f/f′|"


def arrays_of(run: EquationFrame) -> dict[str, Arrays]:
    """The columns of a run, each of shape (steps + 1,), NaN where there is no value."""
    kind = run.request.found.kind
    none = np.full(1, np.nan)
    columns = dict(zip(coordinate_names(kind), run.iterates.T, strict=True))
    columns |= dict(zip(residual_names(kind), run.residuals.T, strict=True))
    columns |= {
        "|f|": run.residual_norms,
        correction_name(kind): run.corrections,
        "backward error": run.backward_errors,
        "order": run.orders,
    }
    columns["step"] = np.concatenate([none, run.factors])
    if np.isfinite(run.brackets).any():
        columns |= {"low": np.concatenate([none, run.brackets[:, 0]]), "high": np.concatenate([none, run.brackets[:, 1]])}
    return columns


def equation_columns(run: EquationFrame) -> list[tuple[str, Any]]:
    """Heading and value by row of each column of the window's table."""
    found: list[tuple[str, Any]] = [("k", lambda row: str(row))]
    for name, values in arrays_of(run).items():
        if name == "order":
            found.append((name, lambda row, values=values: f"{values[row]:.2f}" if math.isfinite(values[row]) else ""))
        else:
            found.append((name, lambda row, values=values: float(values[row])))
    return [*found, ("note", lambda row: run.notes[row - 1] if 0 < row <= run.steps else "")]


def equation_numbers(run: EquationFrame, k: int) -> str:
    """Numbers at iterate k as rich text; at the end those of the root."""
    kind = run.request.found.kind
    is_complex = kind == COMPLEX
    rows = [(("z" if is_complex else "x"), figures.place(run.iterates[k], is_complex, 10))]
    rows.append(("f", figures.place(run.residuals[k], is_complex, 6)))
    rows.append(("|f|", significant(float(run.residual_norms[k]))))
    rows.append(
        (correction_name(kind), significant(float(run.corrections[k])) if math.isfinite(run.corrections[k]) else "no step: singular")
    )
    rows.append(("backward error", significant(float(run.backward_errors[k]), 3)))
    if k < run.steps:
        rows.append(("step taken", figures.place(run.iterates[k + 1] - run.iterates[k], is_complex, 6)))
        if math.isfinite(run.slopes[k]):
            rows.append(("slope of the line", significant(float(run.slopes[k]))))
    if math.isfinite(run.orders[k]):
        rows.append(("order", f"{run.orders[k]:.2f}"))
    if k == run.steps:
        if run.root is not None:
            rows += [("root", figures.place(run.root, is_complex, 16)), ("|f| there", significant(run.root_residual, 3))]
            rows.append(("backward error there", significant(run.root_backward_error, 3)))
        if math.isfinite(run.order):
            rows.append(("order of the run", f"{run.order:.2f}"))
        values = [figures.place((value.real, value.imag), True, 6) for value in run.eigenvalues]
        rows.append(("J’s eigenvalues" if kind == PLANE else "f′", "<br>".join(values)))
    cells = "".join(f"<tr><td style='padding-right:10px'>{name}</td><td>{value}</td></tr>" for name, value in rows)
    return f"<p style='margin-bottom:4px'><b>Step {k}</b></p><table cellspacing='3'>{cells}</table>"


def equation_status(run: EquationFrame, at: int) -> str:
    """Status of a run at step `at`: its sentence at the end, else the residual."""
    if at >= run.steps:
        order = f" Order {run.order:.2f}." if math.isfinite(run.order) and run.root is not None else ""
        return run.sentence + order
    text = f"Step {at} of {run.steps}: |f| = {significant(float(run.residual_norms[at]), 4)}"
    return f"{text}; next: {run.notes[at]}" if run.notes[at] else text
