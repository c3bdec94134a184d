"""Derivatives of formulas: against complex differences, and written as formulas that can be read again."""

import numpy as np
import pytest

from kernels.formulas import Evaluation, derivative, parse, source

STEP = 1e-30

ANALYTIC = (
    *("x^3-2*x+2", "2*x*(1-x)*x", "a*x*sin(x)/(1+x^2)", "exp(-x^2/2)*cos(3*x)", "x^a", "a^x", "x^x", "(x^2+1)^(1/3)"),
    *("sqrt(1+x)", "log(2+x)", "tan(x)", "asin(x/2)", "acos(x/2)", "atan(x)", "sinh(x)", "cosh(x)*tanh(x)", "asinh(x)"),
    *("acosh(2+x)", "atanh(x/2)", "-(x-1)^2*(x+a)", "1/(1-x/(2-x))", "3*pi*x - e^x"),
)


@pytest.mark.parametrize("text", ANALYTIC)
def test_derivatives_agree_with_complex_differences(text: str) -> None:
    expression = parse(text)
    slope = derivative(expression.rule.tree, "x")
    for x in (0.3, 0.71):
        values = {"x": np.complex128(complex(x, STEP)), "a": 1.7}
        wanted = Evaluation("numpy", values, values).real(expression.rule.tree).imag / STEP
        real = {"x": np.float64(x), "a": np.float64(1.7)}
        assert Evaluation("numpy", real, real).real(slope) == pytest.approx(wanted, rel=1e-12)
        again = parse(source(slope))
        assert Evaluation("numpy", real, real).real(again.tree) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "x", "wanted"),
    [
        *(
            ("abs(x)", -2.0, -1.0),
            ("sign(x)", 2.0, 0.0),
            ("floor(x)*x", 2.5, 2.0),
            ("min(x^2, 3*x)", 2.0, 4.0),
            ("max(x^2, 3*x)", 2.0, 3.0),
        ),
        *(("mod(5*x, 2)", 0.3, 5.0), ("7 % x", 2.0, -3.0), ("where(x < 1, x^2, -x)", 0.5, 1.0), ("(x > 0)*x", 1.0, 1.0)),
    ],
)
def test_derivatives_of_pieces_are_those_of_the_piece(text: str, x: float, wanted: float) -> None:
    values = {"x": np.float64(x)}
    assert Evaluation("numpy", values, values).real(derivative(parse(text).rule.tree, "x")) == wanted


@pytest.mark.parametrize(
    ("text", "written"),
    [("x^3-2*x+2", "3*x**2-2"), ("a-x", "-1"), ("x*a", "a"), ("cos(x)", "-sin(x)"), ("3-2*cos(x)", "2*sin(x)"), ("a", "0")],
)
def test_derivatives_are_simplified(text: str, written: str) -> None:
    assert source(derivative(parse(text).rule.tree, "x")) == written
