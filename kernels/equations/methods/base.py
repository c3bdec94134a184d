"""Base class of the methods for solving equations, their settings and steps.

A method is a small immutable class whose `steps` is a generator: it yields one iterate after the other, and is closed when the run has
ended. Whether an iterate is a root is judged outside, for all methods alike.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from kernels.equations.system import COMPLEX, PLANE, REAL, Numbers, Problem

STATUSES = ("running", "converged", "max-steps", "singular", "cycle", "diverged", "stalled", "undefined", "no-bracket")
RUNNING, CONVERGED, MAX_STEPS, SINGULAR, CYCLE, DIVERGED, STALLED, UNDEFINED, NO_BRACKET = STATUSES

SCALAR = (REAL, COMPLEX)
ALL = (REAL, PLANE, COMPLEX)


@dataclass(frozen=True)
class MethodSettings:
    """`damping`: factor of Newton's step. `multiplicity`: of the root, as far as it is known."""

    damping: float = 1.0
    multiplicity: float = 1.0


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        x: the new iterate; where `status` says why there is none, the old one.
        factor: the share of the full step that was taken.
        slope: in one variable, the slope of the line by whose zero the iterate was found; NaN where there is none.
        bracket: the interval that encloses the root after the step.
        note: a remark.
        status: RUNNING, or why the method cannot continue.

    """

    x: Numbers
    factor: float = 1.0
    slope: complex = float("nan")
    bracket: tuple[float, float] | None = None
    note: str = ""
    status: str = RUNNING


class EquationMethod(ABC):
    """Base class of the methods."""

    name: ClassVar[str]
    title: ClassVar[str]
    meaning: ClassVar[str]
    kinds: ClassVar[tuple[str, ...]] = ALL
    """Kinds of equations that it solves."""
    settings: ClassVar[tuple[str, ...]] = ()
    """Names of the settings that it uses."""
    measured_by: ClassVar[str] = "residuals"
    """What its order of convergence is measured by: `residuals`, or `brackets` where residuals jump up and down."""

    @abstractmethod
    def steps(self, problem: Problem, x: Numbers, settings: MethodSettings) -> Iterator[Step]:
        """The steps from x. Ends, or yields a Step with a status, where there is no further one."""


def size(vector: Numbers) -> float:
    """The Euclidean norm, without overflow where there is none."""
    return float(np.hypot.reduce(np.abs(vector)))
