"""Iterating a map: orbits, products of derivatives, periods; sin(pi x) and cos(pi x)."""

from kernels.iteration import growth, orbits, plane, rotation
from kernels.iteration.circle import circumference, circumferences, difference, differences, least_state, on_circle, on_torus
from kernels.iteration.growth import Along
from kernels.iteration.orbits import DIVERGED, LONGEST_PERIOD, UNDEFINED, UNROLL, Parameters, by_blocks, iterated, repeat, steps_if_active
from kernels.iteration.trigonometry import cospi, sinpi

__all__ = [
    "DIVERGED",
    "LONGEST_PERIOD",
    "UNDEFINED",
    "UNROLL",
    "Along",
    "Parameters",
    "by_blocks",
    "circumference",
    "circumferences",
    "cospi",
    "difference",
    "differences",
    "growth",
    "iterated",
    "least_state",
    "on_circle",
    "on_torus",
    "orbits",
    "plane",
    "repeat",
    "rotation",
    "sinpi",
    "steps_if_active",
]
