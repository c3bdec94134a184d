"""Typed formulas in LaTeX: fractions, powers and roots, and brackets wherever the formula could be read in another way."""

import pytest

from kernels.formulas.latex import as_latex
from kernels.formulas.parser import parse


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("r*x*(1-x)/(1+x^2)", r"\frac{r \, x \, \left(1 - x\right)}{1 + x^{2}}"),
        ("(x+1)/2*a", r"\frac{x + 1}{2} \, a"),
        ("(x+1)*a/2", r"\frac{\left(x + 1\right) \, a}{2}"),
        ("x^(1/2)", r"x^{\frac{1}{2}}"),
        ("(x^2)^3", r"\left(x^{2}\right)^{3}"),
        ("(-x)^2 - -x", r"\left(-x\right)^{2} - \left(-x\right)"),
        ("-x^2", r"-x^{2}"),
        ("sqrt(abs(x))", r"\sqrt{\left|x\right|}"),
        ("2*3*x", r"2 \cdot 3 \, x"),
        ("mu*x2 + lam*k_max + rate*x", r"\mu \, x_{2} + \lambda \, k_{\mathrm{max}} + \mathrm{rate} \, x"),
        ("a*x % 1 + x", r"\left(a \, x \bmod 1\right) + x"),
        ("(a*x % 1)*2", r"\left(a \, x \bmod 1\right) \cdot 2"),
        ("1e-20*x", r"10^{-20} \, x"),
        ("where(x<0.5, x, 1-x)", r"\begin{cases}x & \text{if } x < 0.5 \\ 1 - x & \text{else}\end{cases}"),
        ("asin(x)*min(x, a)", r"\operatorname{asin}\left(x\right) \, \min\left(x, a\right)"),
        ("x*sin(pi*x)^2", r"x \, \sin\left(\pi \, x\right)^{2}"),
    ],
)
def test_a_formula_in_latex(text: str, tex: str) -> None:
    assert as_latex(parse(text).tree) == tex


def test_a_name_that_cannot_be_typeset_is_refused() -> None:
    with pytest.raises(ValueError, match="a_b_c"):
        as_latex(parse("a_b_c*x").tree)
