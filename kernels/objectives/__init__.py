"""The registry of objective functions."""

from kernels.objectives import functions
from kernels.objectives.coordinates import Coordinates
from kernels.objectives.functions import DEGENERATE, MAXIMUM, MINIMUM, SADDLE, UNDECIDED, Bound, Function, Point, StationaryPoint
from kernels.objectives.registry import MOST_DIMENSION, OBJECTIVES, Objective

__all__ = [
    "DEGENERATE",
    "MAXIMUM",
    "MINIMUM",
    "MOST_DIMENSION",
    "OBJECTIVES",
    "SADDLE",
    "UNDECIDED",
    "Bound",
    "Coordinates",
    "Function",
    "Objective",
    "Point",
    "StationaryPoint",
    "functions",
]
