"""One initial condition: cobweb, time series and density."""

from kernels.single_orbit.cobweb import MOST_COMPOSED, MOST_STEPS, CobwebFrame, CobwebRequest
from kernels.single_orbit.column import ColumnFrame, ColumnRequest
from kernels.single_orbit.return_column import Below

__all__ = ["MOST_COMPOSED", "MOST_STEPS", "Below", "CobwebFrame", "CobwebRequest", "ColumnFrame", "ColumnRequest"]
