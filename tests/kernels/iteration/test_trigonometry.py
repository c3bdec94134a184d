"""Sine and cosine of multiples of π, against series in fifty decimal digits."""

import math
from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Any

import jax
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.iteration.trigonometry import cospi, sinpi

PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798")
BOTH = pytest.mark.parametrize(("function", "shift"), [(sinpi, 0), (cospi, 1)])


def exact(x: float, shift: int) -> Decimal:
    """sin(π x), or cos(π x) for shift 1, by its series, x reduced exactly."""
    with localcontext() as context:
        context.prec = 60
        z = PI * (Decimal(x) % 2)
        term, n = (Decimal(1), 0) if shift else (z, 1)
        total = term
        while n < 60:
            term *= -z * z / ((n + 1) * (n + 2))
            total, n = total + term, n + 2
        return total


@BOTH
@given(x=st.one_of(st.floats(-4, 4), st.floats(-1e15, 1e15)))
def test_right_to_two_units_in_the_last_place(function: Callable[[Any], Any], shift: int, x: float) -> None:
    true, found = exact(x, shift), float(function(x))
    assert abs(Decimal(found) - true) <= Decimal(2 * math.ulp(float(true))) + Decimal("1e-40")  # the series has no more digits


@BOTH
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_zeros_and_extrema_lie_where_they_belong(function: Callable[[Any], Any], shift: int, dtype: type) -> None:
    whole = np.arange(-9, 10).astype(dtype)
    values = np.asarray(function(whole + dtype(0.5 * shift)))
    assert values.dtype == dtype and not values.any()
    np.testing.assert_array_equal(function(whole + dtype(0.5 - 0.5 * shift)), (-1.0) ** whole)


@BOTH
def test_derivatives_of_any_order_are_exact_formulas(function: Callable[[Any], Any], shift: int) -> None:
    x, plain, derived = np.linspace(-2, 2, 33), (np.sin, np.cos)[shift], function
    for order in range(1, 4):
        derived = jax.grad(derived)
        expected = math.pi**order * plain(math.pi * x + order * math.pi / 2)
        np.testing.assert_allclose(jax.vmap(derived)(x), expected, atol=1e-12 * math.pi**order)


@BOTH
def test_single_precision_and_what_is_not_finite(function: Callable[[Any], Any], shift: int) -> None:
    x = np.random.default_rng(3).uniform(-8, 8, 1000).astype(np.float32)
    expected = np.array([float(exact(float(value), shift)) for value in x])
    np.testing.assert_allclose(function(x), expected, rtol=4e-7, atol=1e-9)
    assert np.isnan(function(np.array([np.inf, -np.inf, np.nan]))).all()
