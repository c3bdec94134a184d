"""Timings of the post's computations."""

from kernels.timings.measure import Timing
from kernels.timings.request import BETWEEN, FUNJAX, Row, TimingsFrame, TimingsRequest
from kernels.timings.sweeps import Sweep, SweepPoint, verdict
from kernels.timings.workloads import Variant, Workload, post_workloads

__all__ = [
    "BETWEEN",
    "FUNJAX",
    "Row",
    "Sweep",
    "SweepPoint",
    "Timing",
    "TimingsFrame",
    "TimingsRequest",
    "Variant",
    "Workload",
    "post_workloads",
    "verdict",
]
