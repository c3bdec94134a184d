"""Zooming below float64: return maps by renormalisation in high precision, with views in their coordinates."""

from kernels.deep.ladder import Ladder, ladders
from kernels.deep.precision import working
from kernels.deep.return_map import Seen, even_polynomial, polynomial
from kernels.deep.rules import NotSmoothError, SmoothRule, why_not_smooth
from kernels.deep.view import DeepView, views

__all__ = [
    "DeepView",
    "Ladder",
    "NotSmoothError",
    "Seen",
    "SmoothRule",
    "even_polynomial",
    "ladders",
    "polynomial",
    "views",
    "why_not_smooth",
    "working",
]
