"""A referee: columns of random bifurcation diagrams, their periods, multipliers, exponents and pixels, against arithmetic of 50 digits."""

import math
import os
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

from kernels.bifurcation import DIVERGED, BifurcationFrame, BifurcationRequest
from kernels.geometry import Grid, Viewport

SEEDS = int(os.environ.get("FUNJAX_SEEDS", "3"))
"""Random views of each map; `make soak` asks for more."""

RULES: dict[str, tuple[str, float, Callable[[Any, Any], Any], tuple[float, float], tuple[float, float]]] = {
    "logistic": ("a", 0.5, lambda x, a: a * x * (1 - x), (2.5, 4.3), (0, 1)),
    "quadratic": ("c", 0.0, lambda x, c: x * x + c, (-2.1, 0.3), (-2, 2)),
    "cubic": ("a", 0.5, lambda x, a: a * x - x**3, (0.5, 3.2), (-2, 2)),
}
DIGITS, LOOKED_AT = 50, 4


def diagram(name: str, seed: int) -> tuple[BifurcationFrame, Callable[[Any, Any], Any]]:
    """The diagram of a random view, down to a thousandth of the range wide, and the map in mpmath's arithmetic."""
    sweep, start, rule, (low, high), y = RULES[name]
    random = np.random.default_rng(seed)
    width = (high - low) * 10 ** random.uniform(-3, 0)
    left = round(random.uniform(low, high - width), 6)
    view = Viewport.from_limits(repr(left), repr(round(left + width, 6)), *y)
    request = BifurcationRequest(Grid(view, 60, 40), map=name, sweep=sweep, start=start, transient=1000, samples=500)
    return [frame for frame in request.frames() if frame is not None][-1], rule


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("name", RULES)
def test_columns_do_what_they_are_said_to_do(name: str, seed: int) -> None:
    frame, rule = diagram(name, seed)
    view, start = frame.request.grid.viewport, frame.request.start
    for n in (0, 17, 59):
        exact = Fraction(view.x) + Fraction(view.half_width) * Fraction(2 * n - 59, 60)
        assert frame.columns[n] == float(exact)
    # Within a thousand steps both have come to a cycle that attracts as well as this.
    settled = (frame.period > 0) & (np.abs(frame.multiplier) ** (500 / np.maximum(frame.period, 1)) < 1e-10)
    chosen = np.random.default_rng(seed).permutation(np.flatnonzero(settled | (frame.period == DIVERGED)))[:LOOKED_AT]
    with mpmath.workdps(DIGITS):
        for column in chosen.tolist():
            parameter, x, period = mpmath.mpf(frame.columns[column]), mpmath.mpf(start), int(frame.period[column])
            steps = 0
            while steps < 1000 and abs(x) < 1e6:
                x, steps = rule(x, parameter), steps + 1
            assert (abs(x) >= 1e6) == (period == DIVERGED)
            if period == DIVERGED:
                continue
            orbit = [x]
            for _ in range(period):
                orbit.append(rule(orbit[-1], parameter))
            assert abs(orbit[-1] - x) < 1e-10 and all(abs(other - x) > 1e-9 for other in orbit[1:-1])
            slopes = [mpmath.diff(lambda x, parameter=parameter: rule(x, parameter), state) for state in orbit[:-1]]
            multiplier = float(mpmath.fprod(slopes))
            assert frame.multiplier[column] == pytest.approx(multiplier, abs=1e-7)
            if abs(multiplier) > 1e-3:
                assert frame.lyapunov[column] == pytest.approx(math.log(abs(multiplier)) / period, abs=0.05 * (1 + 5 / period))
            rows = {round((float(view.y_limits[1]) - float(state)) / float(2 * view.half_height) * 40 - 0.5, 6) for state in orbit[:-1]}
            for row in np.flatnonzero(frame.counts[:, column]):
                assert min(abs(row - middle) for middle in rows) < 0.5001


def test_the_mean_exponent_of_chaos_is_that_of_the_closed_form() -> None:
    view = Viewport.from_limits("3.999999", "4.000001", "0", "1")
    frame = [f for f in BifurcationRequest(Grid(view, 60, 40), start=0.3, transient=1000, samples=500).frames() if f is not None][-1]
    inside = frame.columns <= 4
    assert (frame.period[inside] == 0).all()
    assert np.median(frame.lyapunov[inside]) == pytest.approx(math.log(2), abs=0.02)
