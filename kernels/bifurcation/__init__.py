"""The bifurcation diagram: samples of an orbit counted in every column of a grid."""

from kernels.bifurcation.engines import FloatEngine
from kernels.bifurcation.request import ENGINES, MOST_STEPS, BifurcationFrame, BifurcationRequest, is_resolved
from kernels.iteration import DIVERGED, UNDEFINED

__all__ = ["DIVERGED", "ENGINES", "MOST_STEPS", "UNDEFINED", "BifurcationFrame", "BifurcationRequest", "FloatEngine", "is_resolved"]
