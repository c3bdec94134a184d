"""The rivals of Newton's method against closed forms, optax and SciPy."""

from typing import Any

import jax
import numpy as np
import pytest
from jax import lax
from scipy import optimize

from kernels.catalog import find_objective
from kernels.newton.frame import NewtonFrame
from kernels.newton.request import NewtonRequest
from kernels.newton.solvers import Settings
from kernels.newton.solvers.base import Problem, Solver
from kernels.newton.solvers.conjugate_gradients import NonlinearCG
from kernels.newton.solvers.momentum import Adam, HeavyBall, Nesterov
from kernels.newton.solvers.quasi_newton import BFGS, LBFGS, PAIRS
from kernels.objectives.registry import OBJECTIVES

STEP, MOMENTUM = 0.05, 0.8
DIAGONAL = np.array([1.0, 3.0, 10.0])
START = np.array([1.0, -2.0, 0.5])


def last(*arguments: Any, **named: Any) -> NewtonFrame:
    return [frame for frame in NewtonRequest(*arguments, **named).frames() if frame is not None][-1]


def iterates(solver: Solver, steps: int) -> np.ndarray:
    """Iterates on the quadratic Σ λ x² / 2, whose Hessian is DIAGONAL."""
    problem = Problem(lambda x: DIAGONAL @ (x * x) / 2)
    settings = Settings(1e-12, STEP, 1.0, 1.0, np.int32(1), MOMENTUM)

    @jax.jit
    def run(x: jax.Array) -> jax.Array:
        def step(state: Any, _: None) -> tuple[Any, jax.Array]:
            state, _ = solver.step(problem, state, settings, None)
            return state, state.x

        return lax.scan(step, solver.init(problem, x, settings), length=steps)[1]

    return np.asarray(run(START))


@pytest.mark.parametrize("solver", [BFGS(1e-10), LBFGS(1e-10), NonlinearCG(1e-10)], ids=["bfgs", "l-bfgs", "nonlinear-cg"])
def test_with_an_exact_line_search_all_are_conjugate_gradients_on_a_quadratic(solver: Solver) -> None:
    x, residual = START.copy(), -DIAGONAL * START
    direction, expected = residual.copy(), []
    for _ in range(3):
        product = DIAGONAL * direction
        factor = residual @ residual / (direction @ product)
        x, before = x + factor * direction, residual
        residual = residual - factor * product
        direction = residual + residual @ residual / (before @ before) * direction
        expected.append(x)
    found = iterates(solver, 3)
    assert np.allclose(found, expected, rtol=1e-6, atol=1e-8) and np.abs(found[-1]).max() < 1e-8


@pytest.mark.parametrize(
    ("solver", "first", "second", "fifth"),
    [
        (HeavyBall(), [0.95, -1.7, 0.25], [0.8625, -1.205, -0.075], [0.4879609375, 0.382789375, -0.186775]),
        (Nesterov(), [0.91, -1.46, 0.05], [0.7961, -0.8738, -0.155], [0.4147532970999999, 0.33756257740000006, -0.009595]),
        (
            Adam(),
            [0.9500000005, -1.9500000000833333, 0.45000000009999996],
            [0.9001581939002796, -1.9000740072134519, 0.4003597988729277],
            [0.7527623215782823, -1.7512531592585376, 0.25673384697953855],
        ),
    ],
    ids=["heavy-ball", "nesterov", "adam"],
)
def test_fixed_steps_are_optaxs(solver: Solver, first: list[float], second: list[float], fifth: list[float]) -> None:
    # optax 0.2.8 in float64: `updates, state = rule.update(DIAGONAL * x, state); x = x + updates`, where the rules are
    # sgd(STEP, momentum=MOMENTUM), the same with nesterov=True, and adam(STEP, b1=MOMENTUM).
    found = iterates(solver, 5)
    if isinstance(solver, Nesterov):  # optax's iterates are the points ahead, at which this method takes its gradients
        found = found + MOMENTUM * (found - np.vstack([START, found[:-1]]))
    np.testing.assert_allclose(found[[0, 1, 4]], [first, second, fifth], rtol=1e-13, atol=1e-15)


def test_bfgs_satisfies_the_secant_equation_and_learns_the_hessian() -> None:
    frame = last("himmelblau", "minimum", method="bfgs")
    steps, changes = np.diff(frame.iterates, axis=0), np.diff(frame.curvature.gradients, axis=0)
    assert frame.status == "converged" and np.allclose(frame.point, (3, 2)) and frame.models.shape == (frame.steps, 2, 2)
    assert np.allclose(np.einsum("kij,kj->ki", frame.models[1:], steps[:-1]), changes[:-1], rtol=1e-6, atol=1e-6)
    assert np.allclose(frame.models[-1], frame.curvature.hessians[-1], rtol=0.05, atol=1), "which is (74, 20; 20, 34)"
    assert (np.diff(frame.values) <= 0).all() and np.allclose(frame.models[0], np.eye(2))
    slopes = np.einsum("ki,ki->k", frame.curvature.gradients[:-1], steps)
    ends = np.einsum("ki,ki->k", frame.curvature.gradients[1:], steps)
    assert (frame.actual <= 1e-4 * slopes + 1e-12).all() and (np.abs(ends) <= 0.9 * np.abs(slopes)).all(), "the strong Wolfe conditions"


def rosenbrock(x: np.ndarray) -> tuple[float, np.ndarray]:
    """Value and gradient of the chained valley."""
    gap, rest = x[1:] - x[:-1] ** 2, 1 - x[:-1]
    gradient = np.append(-400 * x[:-1] * gap - 2 * rest, 0.0)
    gradient[1:] += 200 * gap
    return float(np.sum(100 * gap**2 + rest**2)), gradient


VALLEY = (-1.2, 1.0, -0.5, 0.8)


def test_bfgs_iterates_are_scipys_with_the_same_step_lengths(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = last("rosenbrock", "minimum", VALLEY, method="bfgs", max_steps=60)
    gradients = [rosenbrock(x)[1] for x in frame.iterates]
    step, change = frame.iterates[1] - frame.iterates[0], gradients[1] - gradients[0]
    # SciPy does not scale the identity after the first step, so that it begins with the scaled one, and a step as long.
    scale = step @ change / (change @ change)
    lengths = iter([frame.factors[0] / scale, *frame.factors[1:]])

    def search(f: Any, slope: Any, x: np.ndarray, p: np.ndarray, g: np.ndarray, value: float, before: float, **limits: Any) -> Any:
        length = next(lengths)
        at = x + length * p
        return length, 1, 1, f(at), value, slope(at)

    monkeypatch.setattr("scipy.optimize._optimize._line_search_wolfe12", search)
    seen: list[np.ndarray] = []
    options = {"maxiter": frame.steps, "gtol": 0.0, "hess_inv0": scale * np.eye(4)}
    optimize.minimize(rosenbrock, VALLEY, jac=True, method="BFGS", callback=lambda x: seen.append(x.copy()), options=options)
    assert frame.status == "converged" and 20 < frame.steps == len(seen)
    np.testing.assert_allclose(frame.iterates[1:], seen, rtol=1e-7, atol=1e-9)


def test_l_bfgs_iterates_are_those_of_scipys_product_with_the_same_step_lengths() -> None:
    frame = last("rosenbrock", "minimum", VALLEY, method="l-bfgs", max_steps=60)
    x, steps, changes = np.array(VALLEY), [], []
    for factor, expected in zip(frame.factors, frame.iterates[1:], strict=True):
        gradient = rosenbrock(x)[1]
        direction = -gradient
        if steps:
            s, y = np.array(steps[-PAIRS:]), np.array(changes[-PAIRS:])
            # SciPy's matrix begins as the identity: in coordinates in which the scaled one is that.
            root = np.sqrt(s[-1] @ y[-1] / (y[-1] @ y[-1]))
            direction = -root * optimize.LbfgsInvHessProduct(s / root, root * y).matvec(root * gradient)
        x = x + factor * direction
        np.testing.assert_allclose(expected, x, rtol=1e-7, atol=1e-9)
        steps.append(factor * direction)
        changes.append(rosenbrock(x)[1] - gradient)
    assert frame.status == "converged" and len(steps) > PAIRS + 10


def test_nelder_mead_s_iterates_are_scipys() -> None:
    himmelblau = OBJECTIVES["himmelblau"]
    frame = last("himmelblau", "minimum", (1.0, 0.0), method="nelder-mead", max_steps=60)
    seen: list[np.ndarray] = []
    optimize.minimize(
        lambda x: (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2,
        (1.0, 0.0),
        method="Nelder-Mead",
        callback=lambda x: seen.append(x.copy()),
        options={"maxiter": 60, "xatol": 0.0, "fatol": 0.0},
    )
    assert himmelblau.dimension == 2 and np.allclose(frame.iterates[1:41], seen[:40], rtol=1e-9)
    assert set(np.unique(frame.factors[np.isfinite(frame.factors)])) <= {1.0, 2.0, 0.5, -0.5}


def test_gauss_newton_solves_linear_least_squares_in_one_step() -> None:
    frame = last("booth", method="gauss-newton")
    assert (frame.status, frame.steps) == ("converged", 1) and np.allclose(frame.point, (1, 3), atol=1e-12)
    assert np.allclose(frame.models, 2 * np.array([[5, 4], [4, 5]])), "2 JᵀJ of x + 2y and 2x + y"
    damped = last("freudenstein-roth", method="levenberg-marquardt", max_steps=20)
    jacobian = np.array([[1.0, (10 - 3 * -2.0) * -2.0 - 2], [1.0, (3 * -2.0 + 2) * -2.0 - 14]])
    extra = damped.models[0] - 2 * jacobian.T @ jacobian
    assert np.allclose(extra, extra[0, 0] * np.eye(2)) and extra[0, 0] == pytest.approx(damped.shifts[0])
    assert (np.diff(damped.values) <= 1e-9).all() and "added to the diagonal" in damped.notes[0]


@pytest.mark.parametrize("name", [name for name, objective in OBJECTIVES.items() if objective.squares])
def test_a_sum_of_squares_is_the_objective(name: str) -> None:
    objective = find_objective(name)
    x = np.random.default_rng(7).normal(size=objective.dimension)
    function = objective.at()
    weights, residuals = map(np.asarray, function.residuals(x))
    assert np.sum(weights * residuals**2) == pytest.approx(float(function(x)), rel=1e-12)


def test_least_squares_are_refused_elsewhere_in_one_line() -> None:
    with pytest.raises(ValueError, match=r"^gauss-newton is for sums of squares, and double-well is not written as one, such as"):
        NewtonRequest("double-well", method="gauss-newton")
    with pytest.raises(ValueError, match="is for the minimum of a sum of squares, and the goal is a maximum"):
        NewtonRequest("himmelblau", "maximum", method="levenberg-marquardt")
    with pytest.raises(ValueError, match="momentum is 1; give a number from 0"):
        NewtonRequest("himmelblau", method="adam", momentum=1.0)
    with pytest.raises(ValueError, match=r"the matrix of 2\W000 variables takes .* use l-bfgs or newton-cg"):
        NewtonRequest("rosenbrock", start=(0.0,) * 2000, method="bfgs")
