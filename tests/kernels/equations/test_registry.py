"""The library of equations and typed ones: kinds, parameters, roots in closed form, derivatives, clear errors."""

import cmath
import math
import time

import numpy as np
import pytest

from kernels.equations import COMPLEX, EQUATIONS, PLANE, REAL, EquationRequest, equations_from, find_equations, newton_map, says_equation
from kernels.formulas import Evaluation, ExpressionError, map_expression
from kernels.objectives import OBJECTIVES

OMEGA = cmath.exp(2j * math.pi / 3)

ROOTS: dict[str, list[complex | tuple[float, float]]] = {
    "heron": [math.sqrt(2), -math.sqrt(2)],
    "two-cycle": [-1.7692923542386314],
    "cube-root": [0],
    "cubic-unity": [1],
    "cosine": [0.7390851332151607],
    "kepler": [1.0331478543715438],
    "arctangent": [0],
    "wallis": [2.0945514815423265],
    "double-root": [1, -2],
    "circle-hyperbola": [(math.sqrt(2 - math.sqrt(3)), math.sqrt(2 + math.sqrt(3)))],
    "freudenstein-roth-equations": [(5, 4)],
    "brown": [(1, 1), (0.5, 2)],
    "unity-3": [1, OMEGA, OMEGA**2],
    "unity-4": [1, 1j, -1, -1j],
    "unity-n": [cmath.exp(2j * math.pi * k / 5) for k in range(5)],
    "smale": [-1.7692923542386314],
    "cubic-family": [1, *((-1 + sign * cmath.sqrt(1 - 4 * (0.3 + 1.64j))) / 2 for sign in (1, -1))],
    "sine": [0, math.pi, -2 * math.pi],
    "rational": [1, OMEGA, OMEGA**2],
}


def test_every_entry_has_roots_here() -> None:
    assert ROOTS.keys() == EQUATIONS.keys()


def test_no_equation_has_the_name_of_an_objective() -> None:
    assert not EQUATIONS.keys() & OBJECTIVES.keys()  # one box of the window has both


def test_a_text_says_an_equation_by_its_sign_of_equality() -> None:
    assert all(map(says_equation, ("x^2 = 2", "cos x = x", "x^3 - 2x + 2 = 0", "x^2 + y^2 - 1; x - y", "z^3 - 1 = 0", "wallis")))
    assert not any(map(says_equation, ("x^2 - 2", "f(x) = x^2", "y = x^2", "where(x == 1, 2, 3)", "x <= 1", "quadratic")))


@pytest.mark.parametrize("name", EQUATIONS)
def test_the_known_roots_are_roots_and_the_jacobian_is_that_of_differences(name: str) -> None:
    equations = EQUATIONS[name]
    problem = equations.at()
    for root in ROOTS[name]:
        place = np.array(root if isinstance(root, tuple) else [root], complex if equations.kind == COMPLEX else float)
        assert np.abs(problem.value(place)).max() < 2e-15 * 10
    at = problem.point(equations.start)
    for column in range(len(at)):
        step = np.zeros(len(at))
        step[column] = 1e-6
        slope = (problem.value(at + step) - problem.value(at - step)) / 2e-6
        assert np.allclose(problem.jacobian(at)[:, column], slope, rtol=1e-7, atol=1e-7)


def test_typed_equations_have_the_kind_that_their_variables_say() -> None:
    assert equations_from("x^2 = a").kind == REAL
    assert equations_from("x^2 = a").texts() == ("x**2-a",)
    assert equations_from("cos x = x") == equations_from("cos(x)-(x)")
    assert equations_from("f(x) = x^2 - 2").texts() == ("x**2-2",)
    plane = equations_from("x^2 + y^2 = 4; x*y = c")
    assert plane.kind == PLANE
    assert [p.name for p in plane.parameters] == ["c"]
    complex_one = equations_from("z^2 + i*a")
    assert complex_one.kind == COMPLEX
    assert [p.name for p in complex_one.parameters] == ["a"]
    assert find_equations("wallis").formula == "x³ − 2 x − 5 = 0"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x^2 + y", "two equations"),
        ("z^2 + x", "not a variable beside z"),
        ("a + 1", "no variable in it"),
        ("abs(z)", "no derivative"),
        ("x; y; x", "3 equations"),
        ("x = 1 = 2", "one sign of equality"),
        ("x^3 - 2x + 2 =", "something is missing after '='"),
        ("= x", "something is missing before '='"),
        ("x^3 = 2*", "something is missing after '*'"),
        ("x^2 +", ""),
        ("x = 2 +", ""),
    ],
)
def test_what_is_no_equation_is_refused_in_one_line(text: str, words: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        equations_from(text)
    assert words in caught.value.line
    assert "\n" not in caught.value.line
    assert 0 <= caught.value.column <= len(text)


def test_a_text_far_too_long_is_refused_at_once() -> None:
    began = time.thread_time()
    with pytest.raises(ExpressionError, match="500 are allowed"):
        equations_from("x = " + " " * 60_000 + "(")
    assert time.thread_time() - began < 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"equations": "no-such"}, "the equations are"),
        ({"method": "bfgs"}, "the methods are"),
        ({"method": "broyden"}, "two equations in x and y"),
        ({"equations": "unity-3", "method": "brent"}, "one equation in x"),
        ({"start": (1.0, 2.0)}, "give 1"),
        ({"start": (math.nan,)}, "finite"),
        ({"tolerance": 0.0}, "above 0"),
        ({"damping": 3.0}, "at most 2"),
        ({"multiplicity": -1.0}, "above 0"),
        ({"max_steps": 0}, "1 to 1 000"),
        ({"parameters": {"b": 1.0}}, "no parameter"),
    ],
)
def test_fields_out_of_their_domain_are_refused_in_one_line(fields: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        EquationRequest(**fields)  # type: ignore[arg-type]


def test_newtons_map_is_a_formula_whose_fixed_points_are_the_roots() -> None:
    assert newton_map("two-cycle") == "x-(x**3-2*x+2)/(3*x**2-2)"
    assert newton_map("x^2 = a", 0.5) == "x-(0.5*(x**2-a))/(2*x)"
    for name, equations in EQUATIONS.items():
        if equations.kind == REAL:
            values = {"x": np.float64(0.7)} | {p.name: np.float64(p.default) for p in equations.parameters}
            found = Evaluation("numpy", values, values).real(map_expression(newton_map(name)).tree)
            *_, run = EquationRequest(name, (0.7,), max_steps=1).frames()
            assert run is not None
            assert found == pytest.approx(run.iterates[1, 0], rel=1e-13)
    with pytest.raises(ValueError, match="write it in x"):
        newton_map("unity-3")
