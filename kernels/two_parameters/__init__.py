"""The plane of two parameters: Lyapunov exponents and periods of the orbits of one initial condition at each pixel."""

from kernels.iteration import DIVERGED, UNDEFINED
from kernels.two_parameters.forced import check_word
from kernels.two_parameters.request import MOST_STEPS, TwoParametersFrame, TwoParametersRequest

__all__ = ["DIVERGED", "MOST_STEPS", "UNDEFINED", "TwoParametersFrame", "TwoParametersRequest", "check_word"]
