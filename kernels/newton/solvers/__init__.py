"""The methods of the Newton solver, one small immutable class each, and their linear solvers."""

from kernels.newton.solvers import linear
from kernels.newton.solvers.base import (
    ACCEPT,
    CONVERGED,
    DIVERGED,
    FAR,
    MAX_STEPS,
    NEGATIVE_CURVATURE,
    RUNNING,
    SINGULAR,
    STALLED,
    STATUSES,
    Move,
    Problem,
    Settings,
    Solver,
    State,
    norm,
)
from kernels.newton.solvers.line_search import MOST_HALVINGS
from kernels.newton.solvers.linear import BOUNDARY, CG, LIMIT, NEGATIVE, CGState
from kernels.newton.solvers.newton import SINGULAR_BEYOND
from kernels.newton.solvers.registry import METHODS, Method, find_method

__all__ = [
    "ACCEPT",
    "BOUNDARY",
    "CG",
    "CONVERGED",
    "DIVERGED",
    "FAR",
    "LIMIT",
    "MAX_STEPS",
    "METHODS",
    "MOST_HALVINGS",
    "NEGATIVE",
    "NEGATIVE_CURVATURE",
    "RUNNING",
    "SINGULAR",
    "SINGULAR_BEYOND",
    "STALLED",
    "STATUSES",
    "CGState",
    "Method",
    "Move",
    "Problem",
    "Settings",
    "Solver",
    "State",
    "find_method",
    "linear",
    "norm",
]
