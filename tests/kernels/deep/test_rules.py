"""High-precision rules: the library's formulas against its rules, constants beyond float64, critical points, and what is refused."""

import math

import numpy as np
import pytest
from flint import arb

from kernels import MAPS
from kernels.deep import NotSmoothError, SmoothRule, why_not_smooth, working
from kernels.deep.rules import LIBRARY


@pytest.mark.parametrize("name", LIBRARY)
def test_the_formula_of_a_map_is_its_rule(name: str) -> None:
    about = MAPS[name]
    values = {p.name: p.default for p in about.parameters}
    others = tuple((key, value) for key, value in values.items() if key != about.sweep)
    rule = SmoothRule(name, about.sweep, others)
    for x in (-0.3, 0.21, 0.8):
        with working(80):
            found = float(rule(arb(x), arb(values[about.sweep])))
        assert found == pytest.approx(float(about.rule(np.float64(x), *values.values())), rel=1e-13)


def test_numbers_are_decimal_and_constants_exact() -> None:
    with working(300):
        found = SmoothRule("a + 0.1*x + sin(2*pi*x)", "a", ())(arb(0.5), arb(0))
        assert abs(float(found - arb("0.05"))) < 1e-80


@pytest.mark.parametrize(
    ("formula", "function"),
    [
        ("a*tanh(x)", lambda x: math.tanh(x)),
        ("a*sinh(x)", lambda x: math.sinh(x)),
        ("a*cosh(x)", lambda x: math.cosh(x)),
        ("a*asinh(x)", lambda x: math.asinh(x)),
        ("a*atanh(x)", lambda x: math.atanh(x)),
        ("a*sqrt(x)/(1+x^-2)", lambda x: math.sqrt(x) / (1 + x**-2)),
        ("a*x^1.5-log(x)", lambda x: x**1.5 - math.log(x)),
        ("a*2^x", lambda x: 2**x),
        ("-a*atan(x)", lambda x: -math.atan(x)),
    ],
)
def test_functions_and_their_derivatives(formula: str, function: object) -> None:
    x, h = 0.4, 1e-5
    with working(80):
        value, slope = (float(part) for part in SmoothRule(formula, "a", ()).in_state(arb(x), arb(1), 1))
    assert value == pytest.approx(function(x), rel=1e-13)  # type: ignore[operator]
    assert slope == pytest.approx((function(x + h) - function(x - h)) / (2 * h), rel=1e-8)  # type: ignore[operator]


def test_critical_points_are_exact() -> None:
    with working(400):
        (ricker,) = SmoothRule("ricker", "r", ()).critical_points(arb("2.7"))
        assert abs(float(ricker - 1 / arb("2.7"))) < 1e-100
        typed = SmoothRule("a*x*(1-x)*(1+x)", "a", ()).critical_points(arb(2))
        assert len(typed) == 2 and abs(float(typed[1] - 1 / arb(3).sqrt())) < 1e-100


@pytest.mark.parametrize("formula", ["a*x^4-1", "a+x^3", "a*x"])
def test_other_critical_orders_and_none_are_refused(formula: str) -> None:
    with working(200), pytest.raises(NotSmoothError, match=r"order 2|no critical point"):
        SmoothRule(formula, "a", ()).critical_points(arb(1))


@pytest.mark.parametrize(
    ("map", "named"),
    [
        ("tent", "corner"),
        ("circle", "circle"),
        ("a*abs(x)", "abs"),
        ("mod(a*x,1)", "mod"),
        ("a*x % 1", "%"),
        ("where(x<0.5,a*x,a-a*x)", "where"),
        ("a*min(x,1-x)", "min"),
    ],
)
def test_what_is_not_smooth_is_named(map: str, named: str) -> None:
    assert named in why_not_smooth(map) and "\n" not in why_not_smooth(map)


def test_smooth_maps_are_taken() -> None:
    assert not any(why_not_smooth(map) for map in (*LIBRARY, "r*x*(1-x)", "a*sin(pi*x)"))
