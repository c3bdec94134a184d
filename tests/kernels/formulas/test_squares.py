"""Sums of squares found in typed formulas: what is found adds up to the formula, and what is none is refused."""

import numpy as np
import pytest

from kernels import NewtonRequest
from kernels.formulas import objective_from
from kernels.newton.solvers.base import Problem
from kernels.newton.solvers.least_squares import gauss_newton_matrix

FOUND = {
    "(1-x)^2 + 100*(y-x^2)^2": 2,
    "a*((x-1)^2 + (y-b)^4)/2 + 3": 3,
    "x*x + x*y*x*y - 7": 3,
    "sum(10 + x^2) + (x[0] - 1)^2": 3,
    "sum((x - 1)^2)/2": 1,
    "sin(x)^2 + (x/(1 + y^2))^2": 2,
    "1/x^2 + y^2": 2,
    "(x1 - 1)^2 + a*(x3 - x2)^2 + x1^6": 3,
}
REFUSED = [
    "x^2 - 2*x*y + y^2",
    "x^2 - y^2",
    "-(x^2)",
    "x^3 + y^2",
    "(x^2 + y^2)*x",
    "exp(x) + y^2",
    "-2*x^2 + y^2",
    "sum(x)",
    "where(x>0, x^2, y^2)",
]


@pytest.mark.parametrize("text", FOUND)
def test_weights_and_residuals_add_up_to_the_formula(text: str) -> None:
    objective = objective_from(text)
    function = objective.at({name: 1.5 for name in ("a", "b") if name in [p.name for p in objective.parameters]})
    x = np.array([0.7, -1.3, 2.1][: objective.dimension])
    weights, residuals = function.residuals(x)
    assert weights.shape == residuals.shape and weights.size == FOUND[text] + ("sum" in text) * (x.size - 1) * (1 + ("10" in text))
    assert float(weights @ residuals**2) == pytest.approx(float(function(x)), rel=1e-14)


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_sum_of_squares_is_refused_in_one_line(text: str) -> None:
    assert objective_from(text).squares is None
    with pytest.raises(ValueError, match=r"not written as one, such as \(1 - x\)\^2") as caught:
        NewtonRequest(text, start=(0.5, 0.5)[: objective_from(text).dimension], method="gauss-newton")
    assert "\n" not in str(caught.value)


def test_the_matrix_of_a_typed_rosenbrock_is_that_of_theory() -> None:
    x = np.array([0.3, -0.8])
    function = objective_from("(1-x)^2 + 100*(y-x^2)^2").at()
    matrix = gauss_newton_matrix(Problem(function, function.residuals), x)
    jacobian = np.array([[-1, 0], [-2 * x[0], 1]])
    assert np.allclose(matrix, 2 * jacobian.T @ np.diag([1, 100]) @ jacobian, rtol=1e-14)
