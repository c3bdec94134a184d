"""Stable and unstable manifolds of the saddles of a map of the plane, grown branch by branch, and where they cross."""

from kernels.phase_plane.manifolds.branch import Branch
from kernels.phase_plane.manifolds.request import LONGEST_SADDLE, ManifoldsFrame, ManifoldsRequest, size_of, usual_length

__all__ = ["LONGEST_SADDLE", "Branch", "ManifoldsFrame", "ManifoldsRequest", "size_of", "usual_length"]
