"""The skeleton of a bifurcation diagram: branches of cycles by continuation, named points on them, and critical curves."""

from kernels.skeleton.branch import REASONS, Branch, PlaneBranch
from kernels.skeleton.cascade import Cascade
from kernels.skeleton.named import NamedPoint
from kernels.skeleton.request import LONGEST, PARTS, SkeletonFrame, SkeletonRequest, why_not

__all__ = ["LONGEST", "PARTS", "REASONS", "Branch", "Cascade", "NamedPoint", "PlaneBranch", "SkeletonFrame", "SkeletonRequest", "why_not"]
