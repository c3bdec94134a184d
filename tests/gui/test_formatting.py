"""Numbers as text: they read back as the number, and one style holds everywhere."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funjax_gui.formatting import (
    capitalised,
    decimal_places,
    exact,
    limit,
    minus_sign,
    plain_decimal,
    point,
    significant,
    subscript,
    superscript,
    to_spacing,
)

finite = st.floats(allow_nan=False, allow_infinity=False)


def read(text: str) -> float:
    return float(text.replace("−", "-").replace("∞", "inf"))


def test_headings_have_capitals_and_symbols_stay() -> None:
    assert [capitalised(name) for name in ("step", "x", "λ min", "|g|", "CG steps")] == ["Step", "x", "λ min", "|g|", "CG steps"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.25, "0.25"), (-1.5, "−1.5"), (1e20, "1e20"), (-3e-12, "−3e−12"), (math.inf, "∞"), (-math.inf, "−∞"), (math.nan, "undefined")],
)
def test_significant_digits(value: float, text: str) -> None:
    assert significant(value) == text


@given(finite, st.integers(1, 17))
def test_significant_digits_are_that_near(value: float, digits: int) -> None:
    text = significant(value, digits)
    assert "-" not in text and "+" not in text
    assert math.isclose(read(text), value, rel_tol=0.51 * 10.0 ** (1 - digits), abs_tol=5e-324) or math.isinf(read(text))


@given(st.floats())
def test_an_exact_number_reads_back(value: float) -> None:
    text = exact(value)
    assert text == "" if math.isnan(value) else read(text) == value
    assert "-" not in text


@given(finite, st.floats(1e-12, 1e12))
def test_neighbours_are_told_apart(value: float, spacing: float) -> None:
    places = decimal_places(spacing)
    assert 10.0**-places <= spacing * (1 + 1e-9) or places == 0
    assert to_spacing(value, spacing) == minus_sign(f"{Decimal(value):.{places}f}")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=30) | st.decimals(-1000, 1000, allow_nan=False))
def test_decimals_read_back(value: Decimal) -> None:
    assert Decimal(plain_decimal(value)) == value
    assert Decimal(limit(value).replace("−", "-")) == value


def test_points_exponents_and_indices() -> None:
    assert point([1.0, -2.5]) == "(1, −2.5)" and point(range(6)) == "(0, 1, 2, 3, …)" and point([1 / 3], 2) == "(0.33)"
    assert superscript(-120) == "⁻¹²⁰" and subscript(-37) == "₋₃₇"
