"""Runs for a root: the roots themselves, orders of convergence, and honest ends."""

import json
import math

import numpy as np
import pytest
from scipy import optimize

from kernels.equations import EQUATION_METHODS, EQUATIONS, EquationFrame, EquationRequest, equation_as_json


def run(*given: object, **fields: object) -> EquationFrame:
    *_, frame = EquationRequest(*given, **fields).frames()  # type: ignore[arg-type]
    assert frame is not None
    return frame


@pytest.mark.parametrize("a", [2.0, 3.0, 0.04, 1.7e5])
def test_square_roots_are_those_of_math_to_the_last_digit(a: float) -> None:
    for method in ("newton", "damped-newton", "halley", "secant", "brent"):
        found = run("heron", (1.3,), method, 200, 1e-12 * a, parameters={"a": a})
        assert found.root is not None
        assert abs(abs(found.root[0]) - math.sqrt(a)) <= np.spacing(math.sqrt(a))


def test_newtons_iterates_are_herons() -> None:
    found, x = run("heron", (1.0,)), 1.0
    for iterate in found.iterates[:, 0]:
        assert iterate == pytest.approx(x, rel=1e-15)
        x = (x + 2 / x) / 2


def test_orders_of_convergence_are_those_of_theory() -> None:
    # Of -1.7692923542386314 all derivatives are large enough that three residuals lie well above rounding.
    golden = (1 + math.sqrt(5)) / 2
    for method, order, start in (("newton", 2, -3.0), ("secant", golden, -3.0)):
        assert run("two-cycle", (start,), method, tolerance=1e-13).order == pytest.approx(order, abs=0.06)
    assert np.nanmax(run("kepler", (3.0,), "halley", tolerance=1e-13).orders) == pytest.approx(3, abs=0.2)
    assert run("two-cycle", (-3.0,), "bisection").order == pytest.approx(1, abs=1e-4), "by its brackets: the residuals jump up and down"
    wandering = run("two-cycle", (0.1,), "halley")
    stretch = wandering.orders[:-3]
    assert np.isfinite(stretch).sum() > 3 and wandering.status == "converged"
    assert math.isnan(wandering.order), "orders of iterates that wander are none of the end, which has too few"


@pytest.mark.parametrize("m", [2, 3, 4])
def test_at_a_root_of_multiplicity_m_newton_is_linear_and_m_steps_at_once_are_quadratic(m: int) -> None:
    text = f"(x - 1)^{m}*(x + 2)"
    slow = run(text, (2.0,), max_steps=200)
    errors = slow.iterates[:, 0] - 1
    assert errors[12:16] / errors[11:15] == pytest.approx(1 - 1 / m, abs=2e-3)
    assert slow.status == "converged"
    quick = run(text, (2.0,), "newton-multiplicity", multiplicity=float(m))
    assert quick.steps <= 6
    assert quick.order == pytest.approx(2, abs=0.1) or quick.steps < 5


def test_the_arctangent_converges_from_within_its_known_distance_only() -> None:
    edge = 1.3917452002707349  # the solution of 2 x = (1 + x²) atan x
    assert run("arctangent", (edge - 1e-5,)).status == "converged"
    assert run("arctangent", (edge + 1e-5,)).status == "diverged"
    assert run("arctangent", (-edge - 1e-5,)).status == "diverged"
    assert run("arctangent", (50.0,), "damped-newton").status == "converged"


def test_a_cycle_is_told_with_its_period() -> None:
    found = run("two-cycle", (0.1,))
    assert (found.status, found.period, found.root) == ("cycle", 2, None)
    assert sorted(found.iterates[-2:, 0].tolist()) == pytest.approx([0, 1], abs=1e-9)
    assert "period 2" in found.sentence
    assert run("z^3 - 1", (0.9, 0.4)).root == (1.0, 0.0), "no rounding where a part is 0"
    complex_one = run("smale", (0.05, 0.02))
    assert (complex_one.status, complex_one.period) == ("cycle", 2)


@pytest.mark.parametrize(
    ("text", "start", "status"),
    [
        ("exp(-x)", 1.0, "diverged"),  # the residual becomes small, and no root is near
        ("exp(-1000*x)", 0.0, "diverged"),
        ("exp(-x^2)", 1.0, "diverged"),
        ("1/x", 1.0, "diverged"),
        ("cube-root", 0.1, "diverged"),
        ("x^2 - 1", 0.0, "singular"),
        ("x^2 + 1", 0.3, "max-steps"),
        ("sqrt(x) - 2", -1.0, "undefined"),
        ("log(x) + 8", 30.0, "undefined"),  # the step leaves the domain
        ("x^3", 0.0, "converged"),
    ],
)
def test_a_run_that_finds_no_root_says_how_it_ended(text: str, start: float, status: str) -> None:
    found = run(text, (start,))
    assert found.status == status
    assert (found.root is None) == (status != "converged")
    assert found.done
    assert found.sentence


def test_brackets_enclose_the_root_and_brents_method_agrees_with_scipys() -> None:
    found = run("cosine", (-1.0,), "bisection")
    low, high = found.brackets.T
    assert np.all((low <= 0.7390851332151607) & (high >= 0.7390851332151607))
    assert np.diff(found.brackets, axis=1)[1:] == pytest.approx(np.diff(found.brackets, axis=1)[:-1] / 2)
    brent = run("wallis", (2.0,), "brent", tolerance=1e-300, max_steps=60)
    wanted = optimize.brentq(lambda x: x**3 - 2 * x - 5, 1, 3, xtol=1e-300)
    assert brent.iterates[-1, 0] == pytest.approx(wanted, abs=1e-15)
    assert run("x^2 + 1", (0.0,), "brent").status == "no-bracket"
    assert run("1/(x - 0.3)", (0.2,), "bisection", 100).status in ("stalled", "undefined")


def test_systems_are_solved_and_a_minimum_that_is_no_root_is_none() -> None:
    for method in ("newton", "damped-newton", "broyden", "levenberg-marquardt"):
        found = run("circle-hyperbola", (0.4, 2.1), method)
        assert found.root == pytest.approx((math.sqrt(2 - math.sqrt(3)), math.sqrt(2 + math.sqrt(3))), abs=4e-16)
    trapped = run("freudenstein-roth-equations", (15.0, -2.0), "levenberg-marquardt", max_steps=200)
    assert trapped.status == "stalled"
    assert trapped.iterates[-1] == pytest.approx([11.41277900, -0.89680525], abs=1e-4)
    assert run("circle-hyperbola", (1.0, 1.0)).status == "singular"


def test_broydens_iterates_are_scipys() -> None:
    found = run("brown", (0.7, 1.6), "broyden")
    assert found.root == pytest.approx((0.5, 2.0), abs=1e-15)
    steps = np.diff(found.iterates, axis=0)
    matrix = np.array([[2, 1], [1.6, 0.7]])
    for k, step in enumerate(steps[:4]):
        x, y = found.iterates[k]
        value = np.array([2 * x + y - 3, x * y - 1])
        assert step == pytest.approx(np.linalg.solve(matrix, -value), rel=1e-9)
        x, y = found.iterates[k + 1]
        after = np.array([2 * x + y - 3, x * y - 1])
        matrix = matrix + np.outer(after - value - matrix @ step, step) / (step @ step)


def test_the_json_holds_what_the_contract_names() -> None:
    found = equation_as_json(run("unity-3", (-0.6, 0.35)))
    assert found["root"] == pytest.approx([-0.5, math.sqrt(3) / 2], abs=2e-16)
    assert np.shape(found["iterates"]) == (len(found["residual_norms"]), 2)
    assert found["status"] == "converged"
    root = complex(*found["root"])
    assert found["jacobian_eigenvalues"] == [pytest.approx([(3 * root**2).real, (3 * root**2).imag])]
    assert equation_as_json(run("x^2 + 1", (0.3,)))["root"] is None
    plane = equation_as_json(run("brown", (0.7, 1.6)))
    trace, determinant = 2 + 0.5, 2 * 0.5 - 2.0  # of [[2, 1], [y, x]] at (1/2, 2)
    wanted = [trace / 2 + sign * math.sqrt(trace**2 / 4 - determinant) for sign in (-1, 1)]
    assert sorted(real for real, _ in plane["jacobian_eigenvalues"]) == pytest.approx(wanted)
    json.dumps([found, plane], allow_nan=False)


@pytest.mark.parametrize("name", EQUATIONS)
def test_every_method_ends_honestly_on_every_equation(name: str) -> None:
    equations = EQUATIONS[name]
    for method, made in EQUATION_METHODS.items():
        if equations.kind in made.kinds:
            found = run(name, method=method)
            assert found.done
            if found.status == "converged":
                assert found.root_residual <= 1e-10
                assert found.root_residual <= found.residual_norms[-1]


def test_backward_errors_are_relative_changes_of_the_terms() -> None:
    found = run("x^3 - 2*x - 5", (2.1,), max_steps=1)
    x = 2.1
    assert found.backward_errors[0] == pytest.approx(abs(x**3 - 2 * x - 5) / (x**3 + 2 * x + 5), rel=1e-14)
    # Changed by this share, each term with the sign that helps, the equation has the root x.
    share = found.backward_errors[0]
    assert (1 - share) * x**3 - (1 + share) * 2 * x - (1 + share) * 5 == pytest.approx(0, abs=1e-13)
    assert run("wallis").root_backward_error < 4e-16
    assert run("(x - 1)^2*(x + 3)", (2.0,), max_steps=1).backward_errors[0] == pytest.approx(1 / 3), "of the base x − 1, not of x + 3"
    assert run("(x^2 - 2)/x", (2.0,), max_steps=1).backward_errors[0] == pytest.approx(1 / 3), "of the numerator"
    assert run("arctangent", (0.5,), max_steps=1).backward_errors[0] == 1, "a single term"
    pair = run("x + y - 4; x*y - 1", (2.0, 1.0), max_steps=1)
    assert pair.backward_errors[0] == pytest.approx(1 / 3), "the larger one of 1/7 and 1/3"
    assert run("unity-3", (1.0, 1.0), max_steps=1).backward_errors[0] == pytest.approx(abs((1 + 1j) ** 3 - 1) / (2**1.5 + 1))
