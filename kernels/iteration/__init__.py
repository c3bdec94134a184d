"""Iterating a map: orbits, products of derivatives, periods; sin(pi x) and cos(pi x)."""

from kernels.iteration import orbits
from kernels.iteration.orbits import LONGEST_PERIOD, UNROLL, Parameters, by_blocks, iterated, repeat, steps_if_active
from kernels.iteration.trigonometry import cospi, sinpi

__all__ = ["LONGEST_PERIOD", "UNROLL", "Parameters", "by_blocks", "cospi", "iterated", "orbits", "repeat", "sinpi", "steps_if_active"]
