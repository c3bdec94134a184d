"""The fixed-point explorer: initial conditions iterated, their outcomes, attractors and basins of attraction."""

from kernels.fixed_point import starts
from kernels.fixed_point.basins import Basin
from kernels.fixed_point.convergence import MOST_FOLLOWED, Convergence, ConvergenceFrame, ConvergenceRequest
from kernels.fixed_point.outcomes import Outcome
from kernels.fixed_point.request import AT_ONCE, MOST_STARTS, MOST_STEPS, FixedPointFrame, FixedPointRequest, as_json

__all__ = [
    "AT_ONCE",
    "MOST_FOLLOWED",
    "MOST_STARTS",
    "MOST_STEPS",
    "Basin",
    "Convergence",
    "ConvergenceFrame",
    "ConvergenceRequest",
    "FixedPointFrame",
    "FixedPointRequest",
    "Outcome",
    "as_json",
    "starts",
]
