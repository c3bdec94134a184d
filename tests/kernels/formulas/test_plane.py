"""Typed maps of the plane: rules against the library's, notations, names, angles, first views, and what is refused where."""

import time

import numpy as np
import pytest

from kernels.catalog import find_map
from kernels.formulas import ExpressionError, PlaneExpression, escape, map_expression
from kernels.maps import PLANE_MAPS

ANGLE = "0.4-6/(1+x^2+y^2)"
TYPED = {
    "henon": "x' = 1 - a*x^2 + y; y' = b*x",
    "lozi": "x' = 1 - a*abs(x) + y; y' = b x",
    "standard": "x' = mod(x + y', 2*pi); y' = mod(y + k*sin(x), 2*pi)",
    "ikeda": f"x' = 1 + u*(x*cos({ANGLE}) - y*sin({ANGLE}))\ny' = u*(x*sin({ANGLE}) + y*cos({ANGLE}))",
    "tinkerbell": "x -> x^2 - y^2 + a*x + b*y; y -> 2*x*y + c*x + d*y",
    "duffing": "x' = y; y' = a*y - b*x - y^3",
    "gingerbread": "x = 1 - y + a*abs(x); y = x",
    "delayed-logistic": "x′ → a x (1 - y); y′ → x",
    "coupled-logistic": "x' = (1-epsilon)*a*x*(1-x) + epsilon*a*y*(1-y); y' = (1-ε)*a*y*(1-y) + ε*a*x*(1-x);",
    "predator-prey": "x' = a*x*(1-x-y); y' = b*x*y",
    "bogdanov": "x' = x + y'; y' = y + epsilon*y + k*x*(x-1) + mu*x*y",
    "cat": "x' = (x + y + k/(2*pi)*sin(2*pi*y)) % 1; y' = (x' + y) % 1",
    "zaslavsky": "x' = mod(x + nu*(1 + (1-exp(-r))/r*(y + epsilon*cos(2*pi*x))), 1); y' = exp(-r)*(y + epsilon*cos(2*pi*x))",
    "burgers": "x' = a*x - y^2; y' = b*y + x*y",
    "complex-quadratic": "x' = x^2 - y^2 + a; y' = 2x y + b",
    "newton-cube": "x' = x - r/3*(x - (x^2-y^2)/(x^2+y^2)^2); y' = y - r/3*(y + 2x y/(x^2+y^2)^2)",
}


@pytest.mark.parametrize("name", PLANE_MAPS)
def test_a_map_of_the_library_typed_is_the_same_map(name: str) -> None:
    ours, typed = PLANE_MAPS[name], find_map(TYPED[name])
    assert typed.is_plane and typed.coordinates == ("x", "y") and find_map(typed.name) is typed
    assert {p.name for p in typed.parameters} == {p.name for p in ours.parameters}
    values = dict(zip([p.name for p in ours.parameters], ours.values({}), strict=True))
    assert ours.plane is not None
    state = tuple(np.random.default_rng(3).uniform(*map(float, limits), 20) for limits in (ours.plane.x_limits, ours.plane.y_limits))
    for one, other in zip(ours.rule(*state, *ours.values({})), typed.rule(*state, *typed.values(values)), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)
    assert typed.periods == pytest.approx(ours.periods)


@pytest.mark.parametrize("name", PLANE_MAPS)
def test_the_formula_shown_can_be_read_again(name: str) -> None:
    typed = find_map(TYPED[name])
    expression = map_expression(typed.name)
    assert isinstance(expression, PlaneExpression) and expression.source == typed.name
    assert typed.formula.startswith(("x′ = ", "x′ = ")) and "; y′ = " in typed.formula and "_" not in typed.formula
    assert all(latex and "_" not in latex for _, latex in expression.latex)


def test_any_two_names_are_coordinates() -> None:
    found = find_map("θ' = θ + p'; p' = p + k*sin(θ)")
    assert found.coordinates == ("theta", "p") and found.formula == "θ′ = θ + p′; p′ = p + k sin(θ)"
    assert found.name == "theta' = theta+p'; p' = p+k*sin(theta)" and found.periods == (None, None)
    first, second = (float(part) for part in found.rule(np.float64(1.0), np.float64(0.5), np.float64(2.0)))
    assert (first, second) == pytest.approx((1.5 + 2 * np.sin(1.0), 0.5 + 2 * np.sin(1.0)))


def test_the_first_view_has_the_orbits_that_stay() -> None:
    found = find_map(TYPED["henon"])
    left, right = map(float, found.view.x_limits)
    assert left <= 0 and 1.2 < right < 1.7 and left <= found.parameter("a").default <= right
    assert found.plane is not None and -1.6 < float(found.plane.x_limits[0]) < -1 < 1 < float(found.plane.x_limits[1]) < 1.7
    assert find_map("x' = x + y; y' = y + 1").sweep == ""


@pytest.mark.parametrize(
    ("text", "column", "line"),
    [
        ("x' = 1 - a*x^2 + q$; y' = b*x", 18, "unexpected '$'"),
        ("x' = 1 + y; y' = sin(", 21, "something is missing after '('"),
        ("x' = y", 6, "a map of the plane has two formulas, such as x' = 1 - a*x^2 + y; y' = b*x"),
        ("x'=y;y'=x;z'=x", 10, "there are 3 formulas; a map has one coordinate or two; leave out the others"),
        ("x' = ; y' = x", 4, "the next value of x is missing"),
        ("x'=y;x'=x", 5, "both formulas give x; give the next value of another coordinate"),
        ("x' = y'; y' = x'", 0, "the next value of x is given by itself"),
        ("pi' = x; y' = x", 0, "pi cannot be a coordinate"),
        ("x' = y; b*x", 8, "this does not say whose next value it is"),
        ("x' = a; y' = b", 0, "the formulas have neither x nor y in them"),
        ("x' = y; y' = foo(x)", 13, "there is no function 'foo'"),
    ],
)
def test_what_is_no_map_is_refused_where_it_is_wrong(text: str, column: int, line: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        find_map(text)
    assert caught.value.line.startswith(line) and caught.value.column == column


@pytest.mark.parametrize("text", ["x{} ", "x{}; y' = x", "x' = {a}; y' = x", "x' =  x; y' = {a}'"])
def test_a_text_far_too_long_is_refused_at_once(text: str) -> None:
    began = time.thread_time()
    with pytest.raises(ExpressionError):
        find_map(text.format(" " * 60_000, a="a" * 60_000))
    assert time.thread_time() - began < 2


def test_where_a_typed_map_has_no_value_and_where_float64_reaches_none() -> None:
    rule = find_map("x' = 1/x + y; y' = exp(x)/(1+exp(x))").rule
    state = np.array([0.0, 800.0, 1.0]), np.zeros(3)
    assert escape.state_has_no_value(rule, state, ()).tolist() == [True, False, False]
    image = tuple(np.asarray(part) for part in rule(*state))
    exits = escape.state_exits(rule, state, image, ())
    assert exits.tolist() == [escape.Exit.NO_VALUE, escape.Exit.OVERFLOW, escape.Exit.DIVERGED]
    assert escape.state_may_be_lost(rule, (np.array([np.inf, 1.0]), np.zeros(2))).tolist() == [True, False]
