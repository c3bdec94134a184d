"""Return maps as rules: their derivative, and that kernels which store each step find what those do which fuse it."""

import numpy as np
import pytest

from kernels.bifurcation import density
from kernels.deep import Polynomial
from kernels.execution import devices
from kernels.iteration import growth, orbits
from kernels.types import Array

COEFFICIENTS = (0.2, -0.9, 0.1, 0.02, -0.003, 1e-3, 1e-4, 1e-5, 1e-6, 0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize("even", [True, False])
def test_the_derivative_is_that_of_the_polynomial(even: bool) -> None:
    rule, u, h = Polynomial(even), np.linspace(-0.9, 0.9, 7), 1e-6
    slope = (np.asarray(rule(u + h, *COEFFICIENTS)) - np.asarray(rule(u - h, *COEFFICIENTS))) / (2 * h)
    assert np.allclose(rule.derivative(u, *COEFFICIENTS), slope, atol=1e-8)


def test_what_has_left_the_interval_stays_undefined() -> None:
    assert np.isnan(Polynomial(False)(np.array([3.0]), 0.0, 1.0))[0]


def short(x: Array, a: Array) -> Array:
    return a * x * (1 - x)


def long(x: Array, a: Array) -> Array:
    """The same, in more operations than are computed twice."""
    for _ in range(orbits.LONG_RULE):
        x = x + 0.0
    return a * x * (1 - x)


def test_a_long_rule_is_counted_and_multiplied_as_a_short_one() -> None:
    layout = devices.layout(64)
    a, x = (layout.shard(values) for values in (np.linspace(2.5, 4.05, 64), np.full(64, 0.5)))
    assert orbits.is_long(long, (x,), (a,)) and not orbits.is_long(short, (x,), (a,))
    window = density.Window(np.float64(0.5), np.float64(0), np.float64(40), np.float64(40))
    found = []
    for rule in (short, long):
        state, counts, mantissa, powers = (x,), density.room(layout, density.bins(40)), layout.shard(np.ones(64)), 0
        for times, is_new in ((0, True), (1, False), (100, False), (8, False)):
            given = mantissa, counts, np.bool_(is_new), window, np.int32(times)
            state, (mantissa, more), counts = density.count(rule, layout, growth.Slopes(), state, (a,), *given)
            powers = powers + np.asarray(more)
        found.append((np.asarray(counts), *state, mantissa, powers, *orbits.periods(rule, layout, *state, (a,))))
    assert found[0][0].sum() == 109 * len(found[0][0])
    for one, other in zip(*found, strict=True):
        assert np.array_equal(np.asarray(one), np.asarray(other), equal_nan=True)
