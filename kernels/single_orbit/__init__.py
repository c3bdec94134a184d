"""One initial condition: cobweb, time series and density."""

from kernels.single_orbit.cobweb import MOST_COMPOSED, MOST_STEPS, CobwebFrame, CobwebRequest
from kernels.single_orbit.column import ColumnFrame, ColumnRequest

__all__ = ["MOST_COMPOSED", "MOST_STEPS", "CobwebFrame", "CobwebRequest", "ColumnFrame", "ColumnRequest"]
