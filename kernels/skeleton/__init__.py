"""The skeleton of a bifurcation diagram: branches of cycles by continuation, named points on them, and critical curves."""

from kernels.skeleton.branch import REASONS, Branch, PlaneBranch
from kernels.skeleton.cascade import Cascade
from kernels.skeleton.curve import Curve, CurvePoint
from kernels.skeleton.curves import KINDS
from kernels.skeleton.curves_request import CurvesFrame, CurvesRequest
from kernels.skeleton.named import NamedPoint
from kernels.skeleton.request import LONGEST, PARTS, USUAL, SkeletonFrame, SkeletonRequest, why_not

__all__ = [
    "KINDS",
    "LONGEST",
    "PARTS",
    "REASONS",
    "USUAL",
    "Branch",
    "Cascade",
    "Curve",
    "CurvePoint",
    "CurvesFrame",
    "CurvesRequest",
    "NamedPoint",
    "PlaneBranch",
    "SkeletonFrame",
    "SkeletonRequest",
    "why_not",
]
