"""Formulas worked out beyond the range of float64."""

import math

import numpy as np
import pytest

from kernels.formulas import escape
from kernels.formulas.extended import Extended
from kernels.formulas.parser import parse
from kernels.formulas.tree import Evaluation

X = np.array([-2.5, -1.0, -0.3, 0.2, 0.5, 1.0, 3.7])

FORMULAS = [
    *("x + 3*x*x - 1/x", "x^3 - x^2", "abs(x)^1.5", "x^-2", "exp(x) - exp(2*x)", "sqrt(abs(x))", "log(abs(x))", "sin(3*x) + cos(x)"),
    *("tanh(x) + sinh(x) - cosh(x)", "atan(x) + asinh(x) + acosh(x + 4)", "floor(x) + ceil(2*x) + sign(x)", "mod(x, 0.7) - x % 3"),
    *("min(x, 0.3) + max(x, x*x)", "where(x < 0.3, x, -x) + (x > 0) + (x <= 1)", "sqrt(x)", "x^0.5", "log(x)", "asin(x/2)"),
]


@np.errstate(all="ignore")
@pytest.mark.parametrize("formula", FORMULAS)
def test_within_float64_values_are_those_of_numpy(formula: str) -> None:
    tree = parse(formula).tree
    found, expected = (Evaluation("numpy", {"x": x}, {"x": x}).real(tree) for x in (Extended(X), X))
    np.testing.assert_allclose(found.floats(), expected, rtol=1e-13, atol=1e-300)


@pytest.mark.parametrize(
    ("formula", "x", "value"),
    [
        ("log(exp(x))", 5000.0, 5000.0),
        ("exp(x)/(1+exp(x))", 5000.0, 1.0),
        ("sqrt(x^200)", 1e3, 1e300),
        ("(x^200)^0.01", 1e3, 1e6),
        ("exp(x)*exp(-x)", 5000.0, 1.0),
        ("asinh(sinh(x))", 5000.0, 5000.0),
        ("acosh(cosh(x))", 5000.0, 5000.0),
        ("exp(x)-exp(2*x)", 800.0, -math.inf),
        ("1/x", 0.0, math.nan),
        ("log(x)", -1.0, math.nan),
        ("0*log(x)", 0.0, math.nan),
    ],
)
def test_beyond_float64_values_are_true(formula: str, x: float, value: float) -> None:
    tree = parse(formula).tree
    found = Evaluation("numpy", {"x": Extended(np.array([x]))}, {}).real(tree).floats()
    np.testing.assert_allclose(found, [value], rtol=1e-12)


def test_an_exit_has_its_reason() -> None:
    rule = parse("where(x < 0, 1/(x+1), exp(x)/(1+exp(2*x)) + 10*exp(x-100))").rule
    x = np.array([-1.0, 400.0, 1000.0])
    assert escape.exits(rule, x, np.full(3, np.nan), ()).tolist() == [escape.Exit.NO_VALUE, escape.Exit.OVERFLOW, escape.Exit.DIVERGED]
    assert escape.exits(rule, np.array([np.inf]), np.array([np.nan]), ()) == escape.Exit.DIVERGED  # it had left the numbers before
