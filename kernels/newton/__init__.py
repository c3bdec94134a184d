"""The Newton solver: runs of its methods on an objective, their comparison, basins of attraction, surfaces and scaling."""

from kernels.newton.arrival import AWAY, TRAIL, doubtful
from kernels.newton.basin_kernel import ELSEWHERE, TILE, Tiles, nearest_in
from kernels.newton.basins import DIVERGED, OUTSIDE, SINGULAR, UNRESOLVED, NewtonBasinFrame, NewtonBasinRequest
from kernels.newton.comparison import ComparisonFrame, ComparisonRequest
from kernels.newton.contour_levels import LINES, SHADES, UNDEFINED, Levels, toned
from kernels.newton.curvature import orders, settled_order
from kernels.newton.frame import NewtonFrame, as_json, json_numbers
from kernels.newton.messages import number, steps_taken
from kernels.newton.request import NewtonRequest
from kernels.newton.run_settings import GOALS, MOST_CG_STEPS, MOST_STEPS, RunSettings
from kernels.newton.scaling import INNER, MOST, NAIVE, NewtonScalingFrame, NewtonScalingRequest, ScalingPoint
from kernels.newton.surface import MOST_DIMENSION, LineFrame, LineRequest, SurfaceFrame, SurfaceRequest
from kernels.newton.tiled_picture import TiledPicture, check_pixels, check_steps

__all__ = [
    "AWAY",
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
    "TiledPicture",
    "Tiles",
    "as_json",
    "check_pixels",
    "check_steps",
    "doubtful",
    "json_numbers",
    "nearest_in",
    "number",
    "orders",
    "settled_order",
    "steps_taken",
    "toned",
]
