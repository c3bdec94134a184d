"""What is shown of a network's training: each method's records, curvature, outputs over the view and a sentence."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kernels.network.data import Sample
from kernels.network.race import Curvature, Record, Solve
from kernels.network.training import METHODS
from kernels.newton import number
from kernels.types import Floats
from kernels.validation import grouped

UNITS = ("bytes", "kB", "MB", "GB", "TB")


BOUNDS = "at most", "at least"
NEGLIGIBLE = 1e-12
"""Eigenvalues below this share of the largest are within rounding of 0."""


@dataclass(frozen=True, eq=False)
class NetworkRun:
    """One method so far.

    `slope`: norm of the gradient at the last weights where it is known. `picture`: outputs over the sample's view, shape (side, side), the
    first row at the top; of a fit at equidistant abscissae. `bytes`: memory of the method's state. `status`: running, converged, stalled
    (no lower loss is found) or diverged.
    """

    method: str
    records: tuple[Record, ...] = field(repr=False)
    curvatures: tuple[Curvature, ...] = field(repr=False)
    solves: tuple[Solve, ...] = field(repr=False)
    iterations: int
    evaluations: int
    slope: float
    status: str
    picture: Floats = field(repr=False)
    weights: Floats = field(repr=False)
    bytes: int
    sentence: str = ""

    def column(self, name: str) -> Floats:
        """A field of the records. Shape (records,)."""
        return np.array([getattr(record, name) for record in self.records], float)

    @property
    def eigenvalues(self) -> Floats:
        """Rows (evaluations, lowest, highest) of the Hessian's extreme eigenvalues."""
        return np.array([(c.evaluations, *c.values) for c in self.curvatures], float).reshape(-1, 3)


@dataclass(frozen=True, eq=False)
class NetworkFrame:
    """The methods after `evaluations` evaluations each, products with a curvature matrix counted twice.

    `preparing`: what is compiled before the next frame, in words; the methods before it may be further on then.
    """

    request: Any
    sample: Sample = field(repr=False)
    runs: tuple[NetworkRun, ...] = field(repr=False)
    evaluations: int
    device: str
    seconds: float
    done: bool
    preparing: str = ""

    @property
    def progress(self) -> float:
        """Share of the evaluations that are done."""
        return self.evaluations / max(1, self.request.evaluations)

    @property
    def memory(self) -> str:
        """Memory of the explicit Hessian beside what is used, as a sentence."""
        n = self.request.network.parameters
        used = ", ".join(f"{METHODS[run.method][0]} {size(run.bytes)}" for run in self.runs)
        return f"{grouped(n)} parameters: the explicit Hessian would take {size(8 * n * n)}; the methods’ states take: {used}."


def size(count: int) -> str:
    """A number of bytes in words, such as 80 GB."""
    value, unit = float(count), 0
    while value >= 999.5 and unit < len(UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.3g} {UNITS[unit]}"


def described(run: NetworkRun, fits: bool) -> str:
    """A sentence on where the method is."""
    last = run.records[-1]
    test = f"test error {number(last.test_error)}" if fits else f"test accuracy {1 - last.test_error:.1%}"
    steps = f"{grouped(run.iterations)} iteration{'s' if run.iterations != 1 else ''}, {grouped(run.evaluations)} evaluations"
    parts = [f"loss {number(last.loss)}, {test}; {steps}, {last.seconds:.3g} seconds"]
    if run.status == "converged":
        parts.append(f"converged: gradient {number(run.slope)}")
    elif run.status == "stalled":
        parts.append(f"stalled: no lower loss was found, gradient {number(run.slope)}")
    elif run.status == "diverged":
        parts.append("diverged: the loss is not finite; lower the step size")
    if run.curvatures:
        low, high = run.curvatures[-1].values
        if np.isfinite([low, high]).all():
            # Ritz values lie between the extreme eigenvalues, so that one below 0 proves negative curvature.
            bent = ", negative curvature" if low < -NEGLIGIBLE * max(-low, high) else ""
            ends = (_bound(value, error, side) for value, error, side in zip((low, high), run.curvatures[-1].errors, BOUNDS, strict=True))
            parts.append(
                f"at {grouped(run.curvatures[-1].evaluations)} evaluations the Hessian’s eigenvalues from {' to '.join(ends)}{bent}"
            )
    return "; ".join(parts) + "."


def _bound(value: float, error: float, side: str) -> str:
    """An extreme eigenvalue, or the side on which it lies of a value that has not come to it in the digits shown."""
    return number(value) if error <= abs(value) / 20_000 else f"{side} {number(value)}"
