"""A referee: fixed points, cycles, multipliers and basins of random maps against arithmetic of 50 digits."""

import itertools
import os
from collections.abc import Callable
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest

from kernels.fixed_point import FixedPointFrame, FixedPointRequest

DIGITS = 50

RULES: dict[str, Callable[[Any, Any], Any]] = {
    "logistic": lambda x, a: a * x * (1 - x),
    "quadratic": lambda x, c: x * x + c,
    "cubic": lambda x, a: a * x - x**3,
}
RANGES = {"logistic": ((1.05, 4.0), (-0.2, 1.2)), "quadratic": ((-2.0, 0.2), (-2.2, 2.2)), "cubic": ((0.5, 2.9), (-2.1, 2.1))}
CASES = [(name, seed) for name in RULES for seed in range(int(os.environ.get("FUNJAX_SEEDS", "4")))]


@cache
def solved(name: str, seed: int) -> tuple[FixedPointFrame, Callable[[Any], Any]]:
    """The explorer's last frame at a random parameter, and the map in mpmath's arithmetic."""
    (low, high), x = RANGES[name]
    value = float(np.random.default_rng(seed).uniform(low, high))
    parameter = {"logistic": "a", "quadratic": "c", "cubic": "a"}[name]
    request = FixedPointRequest(map=name, parameters=((parameter, value),), x=x, starts=101, max_period=4)
    exact = mpmath.mpf(value)
    return [frame for frame in request.frames() if frame is not None][-1], lambda x: RULES[name](x, exact)


def iterated(rule: Callable[[Any], Any], x: Any, times: int) -> Any:
    for _ in range(times):
        x = rule(x)
    return x


def comes_near(rule: Callable[[Any], Any], x: Any, points: tuple[float, ...]) -> bool:
    """Whether the orbit comes within 1e-8 of an attracting orbit in 3000 steps; then it stays there."""
    for _ in range(3000):
        if min(abs(x - point) for point in points) < 1e-8:
            return True
        x = rule(x)
    return False


@pytest.mark.parametrize(("name", "seed"), CASES)
def test_orbits_are_where_they_are_said_to_be(name: str, seed: int) -> None:
    frame, rule = solved(name, seed)
    with mpmath.workdps(DIGITS):
        for orbit in frame.orbits:
            if orbit.period > 4:
                continue
            true = mpmath.findroot(lambda x, p=orbit.period: iterated(rule, x, p) - x, orbit.x)
            assert abs(true - orbit.x) <= max(orbit.error, 1e-15)
            multiplier = mpmath.diff(lambda x, p=orbit.period: iterated(rule, x, p), true)
            assert abs(multiplier - orbit.multiplier) <= orbit.multiplier_error + 1e-15
            expected = "attracting" if abs(multiplier) < 1 else "repelling"
            assert orbit.stability == expected or abs(abs(multiplier) - 1) < 1e-6


@pytest.mark.parametrize(("name", "seed"), CASES)
def test_basins_end_where_high_precision_says(name: str, seed: int) -> None:
    frame, rule = solved(name, seed)
    basins = frame.basins
    assert all(one.high <= other.low for one, other in itertools.pairwise(basins))
    with mpmath.workdps(DIGITS):
        for basin in basins[:: max(1, len(basins) // 6)]:
            points = frame.orbits[basin.orbit].points
            inside = mpmath.mpf(basin.low) + (mpmath.mpf(basin.high) - basin.low) * mpmath.mpf("0.37")
            if abs(frame.orbits[basin.orbit].multiplier) < 0.98:
                assert comes_near(rule, inside, points)
            for end, cut in ((basin.low, basin.cut[0]), (basin.high, basin.cut[1])):
                # An end is a float away from a point that never comes near the attractor, so it does not soon.
                assert cut or min(abs(iterated(rule, mpmath.mpf(end), 12) - x) for x in points) > 1e-13
