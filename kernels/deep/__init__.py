"""Zooming below float64: return maps by renormalisation in high precision, with views in their coordinates."""

from kernels.deep.caustics import Caustics, caustics
from kernels.deep.certificate import is_certified
from kernels.deep.copies import fitted, inner, outer
from kernels.deep.ladder import Ladder, ladder_size, ladders, progress
from kernels.deep.perturbation import Difference, Reference, block_periods, block_products, periods
from kernels.deep.precision import working
from kernels.deep.return_map import Polynomial, Seen, filled
from kernels.deep.rules import NotSmoothError, SmoothRule, why_not_smooth
from kernels.deep.view import DeepView, references, views

__all__ = [
    "Caustics",
    "DeepView",
    "Difference",
    "Ladder",
    "NotSmoothError",
    "Polynomial",
    "Reference",
    "Seen",
    "SmoothRule",
    "block_periods",
    "block_products",
    "caustics",
    "filled",
    "fitted",
    "inner",
    "is_certified",
    "ladder_size",
    "ladders",
    "outer",
    "periods",
    "progress",
    "references",
    "views",
    "why_not_smooth",
    "working",
]
