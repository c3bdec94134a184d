"""The bifurcation diagram: samples of an orbit counted in every column of a grid."""

from kernels.bifurcation.closed_form import CAUSTICS
from kernels.bifurcation.engines import FloatEngine
from kernels.bifurcation.following import FOLLOWS
from kernels.bifurcation.journey import Goal, JourneyFrame, JourneyRequest
from kernels.bifurcation.ladder_engine import DIFFERENCES, ladder_progress
from kernels.bifurcation.request import ENGINES, MOST_STEPS, QUASIPERIODIC, BifurcationFrame, BifurcationRequest, is_resolved
from kernels.iteration import DIVERGED, UNDEFINED

__all__ = [
    "CAUSTICS",
    "DIFFERENCES",
    "DIVERGED",
    "ENGINES",
    "FOLLOWS",
    "MOST_STEPS",
    "QUASIPERIODIC",
    "UNDEFINED",
    "BifurcationFrame",
    "BifurcationRequest",
    "FloatEngine",
    "Goal",
    "JourneyFrame",
    "JourneyRequest",
    "is_resolved",
    "ladder_progress",
]
