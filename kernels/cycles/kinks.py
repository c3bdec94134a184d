"""Periodic orbits at kinks of f, where the slopes of f^p on either side differ and there is no multiplier."""

import numpy as np

from kernels.cycles.iterate import Iterate
from kernels.types import Bools, Floats

FAR, NEAR = 1e-6, 1e-6 / 4096
"""Distances, relative to 1 + |x|, at which slopes are compared: at a kink their difference does not fall with the distance."""

LEAST = 1e-4
"""Smallest difference of slopes that is a kink, relative to their size."""


@np.errstate(all="ignore")
def one_sided(iterate: Iterate, x: Floats, error: Floats, period: int) -> tuple[Floats, Floats, Bools]:
    """(slopes of f^period below, above, whether these make a kink) at each point `x` with the `error`. Shapes (n,)."""
    scale = 1 + np.abs(x)
    away = np.stack([FAR * scale, np.maximum(NEAR * scale, 8 * error)])
    slopes = iterate.jets(np.concatenate([x - away, x + away]).ravel(), period).slope.reshape(2, 2, -1) + 1
    below, above = slopes[0, 1], slopes[1, 1]
    step, far = np.abs(above - below), np.abs(slopes[1, 0] - slopes[0, 0])
    kink: Bools = (step > LEAST * (1 + np.abs(below) + np.abs(above))) & (step > 0.5 * far) & (16 * away[1] < away[0])
    return below, above, kink


def stability(below: float, above: float) -> str:
    """Of an orbit whose f^p has these slopes below and above it; `neutral` also where one side attracts and the other repels."""
    if max(below, above) < 0:
        factors = [below * above]  # from side to side and back
    else:
        # A side that is mapped to the other one does as that one does.
        factors = [slope for slope in (below, above) if slope >= 0]
    return "attracting" if max(factors) < 1 else "repelling" if min(factors) > 1 else "neutral"
