"""The fixed-point explorer: initial conditions iterated, their outcomes, attractors and basins of attraction."""

from kernels.fixed_point.request import FixedPointFrame, FixedPointRequest

__all__ = ["FixedPointFrame", "FixedPointRequest"]
