"""The skeleton of a bifurcation diagram: branches of cycles by continuation, named points on them, and critical curves."""

from kernels.skeleton.cascade import Cascade
from kernels.skeleton.continuation import REASONS, Branch
from kernels.skeleton.named import NamedPoint
from kernels.skeleton.request import LONGEST, PARTS, SkeletonFrame, SkeletonRequest, why_not

__all__ = ["LONGEST", "PARTS", "REASONS", "Branch", "Cascade", "NamedPoint", "SkeletonFrame", "SkeletonRequest", "why_not"]
