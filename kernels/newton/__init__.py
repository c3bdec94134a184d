"""The Newton solver: runs of seven methods on an objective, their comparison, basins of attraction, surfaces and scaling."""

from kernels.newton.arrival import AWAY, TRAIL, doubtful
from kernels.newton.basin_kernel import BLOCK, ELSEWHERE, TABLE, TILE, Tiles, gather, nearest_in, spread
from kernels.newton.basins import DIVERGED, OUTSIDE, SINGULAR, UNRESOLVED, NewtonBasinFrame, NewtonBasinRequest
from kernels.newton.comparison import ComparisonFrame, ComparisonRequest
from kernels.newton.contour_levels import LINES, SHADES, UNDEFINED, Levels
from kernels.newton.curvature import orders
from kernels.newton.frame import NewtonFrame, as_json
from kernels.newton.messages import number, steps_taken
from kernels.newton.request import NewtonRequest
from kernels.newton.run_settings import GOALS, MOST_CG_STEPS, MOST_STEPS, RunSettings
from kernels.newton.scaling import INNER, MOST, NAIVE, NewtonScalingFrame, NewtonScalingRequest, ScalingPoint
from kernels.newton.surface import MOST_DIMENSION, LineFrame, LineRequest, SurfaceFrame, SurfaceRequest

__all__ = [
    "AWAY",
    "BLOCK",
    "DIVERGED",
    "ELSEWHERE",
    "GOALS",
    "INNER",
    "LINES",
    "MOST",
    "MOST_CG_STEPS",
    "MOST_DIMENSION",
    "MOST_STEPS",
    "NAIVE",
    "OUTSIDE",
    "SHADES",
    "SINGULAR",
    "TABLE",
    "TILE",
    "TRAIL",
    "UNDEFINED",
    "UNRESOLVED",
    "ComparisonFrame",
    "ComparisonRequest",
    "Levels",
    "LineFrame",
    "LineRequest",
    "NewtonBasinFrame",
    "NewtonBasinRequest",
    "NewtonFrame",
    "NewtonRequest",
    "NewtonScalingFrame",
    "NewtonScalingRequest",
    "RunSettings",
    "ScalingPoint",
    "SurfaceFrame",
    "SurfaceRequest",
    "Tiles",
    "as_json",
    "doubtful",
    "gather",
    "nearest_in",
    "number",
    "orders",
    "spread",
    "steps_taken",
]
