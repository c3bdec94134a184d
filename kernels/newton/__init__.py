"""Newton's method and its rivals on an objective: runs, comparison, basins, surface, scaling."""

from kernels.newton.request import NewtonRequest

__all__ = ["NewtonRequest"]
