"""The bifurcation diagram: samples of an orbit counted in every column of a grid."""

from kernels.bifurcation.request import MOST_STEPS, BifurcationFrame, BifurcationRequest

__all__ = ["MOST_STEPS", "BifurcationFrame", "BifurcationRequest"]
