"""The bifurcation diagram: samples of an orbit counted in every column of a grid."""

from kernels.bifurcation.request import BifurcationFrame, BifurcationRequest

__all__ = ["BifurcationFrame", "BifurcationRequest"]
