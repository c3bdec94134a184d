"""The plane of two parameters: at each pixel an orbit's Lyapunov exponent and period, or how many attractors several starts come to."""

from kernels.iteration import DIVERGED, UNDEFINED
from kernels.two_parameters.attractors import MOST_STARTS, UNRESOLVED
from kernels.two_parameters.forced import check_word
from kernels.two_parameters.request import MOST_STEPS, TwoParametersFrame, TwoParametersRequest

__all__ = [
    "DIVERGED",
    "MOST_STARTS",
    "MOST_STEPS",
    "UNDEFINED",
    "UNRESOLVED",
    "TwoParametersFrame",
    "TwoParametersRequest",
    "check_word",
]
