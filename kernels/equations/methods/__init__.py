"""The methods for solving equations. To add one, write its class in a module of this package and add it to the tuple below."""

from kernels.equations.methods.base import (
    CONVERGED,
    CYCLE,
    DIVERGED,
    MAX_STEPS,
    NO_BRACKET,
    RUNNING,
    SINGULAR,
    STALLED,
    STATUSES,
    UNDEFINED,
    EquationMethod,
    MethodSettings,
    Step,
    size,
)
from kernels.equations.methods.brackets import Bisection, Brent
from kernels.equations.methods.newton import DampedNewton, Halley, KnownMultiplicity, Newton
from kernels.equations.methods.quasi_newton import Broyden, LevenbergMarquardt, Secant

__all__ = [
    "CONVERGED",
    "CYCLE",
    "DIVERGED",
    "EQUATION_METHODS",
    "MAX_STEPS",
    "NO_BRACKET",
    "RUNNING",
    "SINGULAR",
    "STALLED",
    "STATUSES",
    "UNDEFINED",
    "EquationMethod",
    "MethodSettings",
    "Step",
    "find_equation_method",
    "size",
]

_METHODS: tuple[EquationMethod, ...] = (
    Newton(),
    DampedNewton(),
    KnownMultiplicity(),
    Halley(),
    Secant(),
    Broyden(),
    LevenbergMarquardt(),
    Bisection(),
    Brent(),
)

EQUATION_METHODS: dict[str, EquationMethod] = {method.name: method for method in _METHODS}
"""All methods by name."""


def find_equation_method(name: str) -> EquationMethod:
    """The method of that name. Raises ValueError, naming those available."""
    if name not in EQUATION_METHODS:
        raise ValueError(f"there is no method {name!r} for equations; the methods are {', '.join(EQUATION_METHODS)}")
    return EQUATION_METHODS[name]
