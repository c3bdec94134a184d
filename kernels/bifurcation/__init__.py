"""The bifurcation diagram: samples of an orbit counted in every column of a grid."""

from kernels.bifurcation.engines import FloatEngine
from kernels.bifurcation.request import ENGINES, MOST_STEPS, BifurcationFrame, BifurcationRequest, is_resolved

__all__ = ["ENGINES", "MOST_STEPS", "BifurcationFrame", "BifurcationRequest", "FloatEngine", "is_resolved"]
