"""Conjugate gradients against direct solves, their ends by mode, and Lanczos against all eigenvalues."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jax import lax

from kernels.newton.solvers import linear
from kernels.newton.solvers.linear import CG, CGState
from kernels.objectives.functions import Bound
from kernels.objectives.registry import OBJECTIVES

N = 5

QUADRATIC, ROSENBROCK = OBJECTIVES["quadratic"].at(), OBJECTIVES["rosenbrock"].at()


def run(cg: CG, matrix: np.ndarray, right: np.ndarray, target: float = 0.0, limit: int = 100, radius: float = np.inf) -> CGState:
    arguments = (np.asarray(matrix, float), np.asarray(right, float), target, np.int32(limit), radius)
    return _run(cg, *arguments)


@jax.jit
def _solved(matrix: jax.Array, right: jax.Array) -> jax.Array:
    return _run(CG(), matrix, right, 1e-13 * jnp.linalg.norm(right), jnp.int32(100), jnp.inf).solution


def _loop(cg: CG, matrix: jax.Array, right: jax.Array, target: jax.Array, limit: jax.Array, radius: jax.Array) -> CGState:
    return lax.while_loop(lambda s: ~cg.done(s), lambda s: cg.step(lambda v: matrix @ v, s, target, limit, radius), cg.init(right))


_run = jax.jit(_loop, static_argnums=0)


@given(st.integers(0, 2**32 - 1), st.sampled_from([1.0, -1.0]))
@settings(max_examples=20)
def test_definite_systems_of_either_sign_are_solved(seed: int, sign: float) -> None:
    random = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(random.standard_normal((N, N)))
    matrix = sign * turn @ np.diag(random.uniform(1, 100, N)) @ turn.T
    right = random.standard_normal(N)
    assert np.allclose(_solved(matrix, right), np.linalg.solve(matrix, right), rtol=1e-9, atol=1e-12)


def test_residuals_and_iterates_are_kept() -> None:
    matrix, right = np.array([[3.0, 1.0], [1.0, 2.0]]), np.array([1.0, -1.0])
    state = run(CG(kept=4, paths=True), matrix, right, target=1e-12)
    assert int(state.steps) == 2 and int(state.outcome) == linear.SOLVED
    for k in range(3):
        assert np.linalg.norm(right - matrix @ state.path[k]) == pytest.approx(float(state.residuals[k]), abs=1e-14)
    assert np.isnan(state.residuals[3:]).all()
    assert np.allclose(state.path[2], np.linalg.solve(matrix, right), atol=1e-14)


def test_more_steps_than_are_kept_are_not_lost() -> None:
    matrix = np.diag([1.0, 2.0, 3.0, 4.0, 5.0])
    state = run(CG(kept=2, paths=True), matrix, np.ones(5), target=1e-12)
    assert int(state.steps) == 5 and np.allclose(state.solution, 1 / np.diag(matrix))


def test_nothing_to_solve_is_never_zero_by_zero() -> None:
    state = run(CG(), np.eye(2), np.zeros(2))
    assert int(state.outcome) == linear.SOLVED and int(state.steps) == 0 and (np.asarray(state.solution) == 0).all()


@pytest.mark.parametrize(
    ("mode", "matrix", "right", "outcome", "solution"),
    [
        ("solve", [[1, 0], [0, 0]], [0, 1], linear.FLAT, [0, 0]),
        ("solve", [[1, 0], [0, -1]], [1, 1], linear.BREAKDOWN, [0, 0]),
        ("solve", [[1, 0], [0, -2]], [1, 1], linear.SOLVED, [1, -0.5]),
        ("descend", [[-2, 0], [0, -2]], [1, 0], linear.NEGATIVE, [0.5, 0]),
        ("descend", [[0, 0], [0, 0]], [1, 0], linear.NEGATIVE, [1, 0]),
        ("bounded", [[-1, 0], [0, -1]], [1, 0], linear.NEGATIVE, [3, 0]),
        ("bounded", [[0.1, 0], [0, 1]], [1, 0], linear.BOUNDARY, [3, 0]),
        ("bounded", [[1, 0], [0, 1]], [1, 0], linear.SOLVED, [1, 0]),
    ],
)
def test_ends(mode: str, matrix: list[list[float]], right: list[float], outcome: int, solution: list[float]) -> None:
    state = run(CG(mode), np.array(matrix, float), np.array(right, float), target=1e-12, radius=3.0)
    assert int(state.outcome) == outcome and linear.OUTCOMES[outcome]
    assert np.allclose(state.solution, solution)
    # The residual is that of the solution, whatever the end.
    assert np.allclose(state.residual, np.array(right) - np.array(matrix, float) @ state.solution)


def test_negative_curvature_later_on_leaves_a_descent_direction() -> None:
    matrix, right = np.diag([1.0, -0.1]), np.array([1.0, 0.1])
    state = run(CG("descend"), matrix, right)
    assert int(state.outcome) == linear.NEGATIVE and int(state.steps) == 2
    assert np.asarray(state.solution) @ right > 0 and float(state.lowest) < 0 < float(state.highest)


def test_the_limit_makes_it_inexact() -> None:
    state = run(CG(), np.diag([1.0, 10.0, 100.0]), np.ones(3), limit=2)
    assert int(state.outcome) == linear.LIMIT and int(state.steps) == 2


def test_the_post_s_two_solves() -> None:
    start = np.zeros(2)
    assert np.allclose(-linear.naive_solve(QUADRATIC, start), [3, 7], rtol=0, atol=1e-13)
    assert np.allclose(-linear.cg_solve(QUADRATIC, start), [3, 7], rtol=0, atol=1e-13)
    assert np.array_equal(linear.cg_solve(QUADRATIC, np.array([3.0, 7.0])), [0, 0])


def test_both_solves_agree_for_many_variables() -> None:
    start = np.array(OBJECTIVES["rosenbrock"].start(60))
    assert np.allclose(linear.cg_solve(ROSENBROCK, start, limit=600), linear.naive_solve(ROSENBROCK, start), rtol=1e-8, atol=1e-11)


def test_lanczos_finds_the_extremes() -> None:
    start = np.array(OBJECTIVES["rosenbrock"].start(30))
    expected = np.linalg.eigvalsh(np.asarray(linear.hessian(ROSENBROCK, start)))[[0, -1]]
    state = linear.lanczos_start(30, 30)
    for _ in range(3):
        state = linear.lanczos(ROSENBROCK, start, state, np.int32(10))
    found, errors = linear.extremes(state)
    assert np.allclose(found, expected, rtol=1e-6) and (np.abs(found - expected) <= errors + 1e-9).all()
    fewer, bounds = linear.extremes(linear.lanczos(ROSENBROCK, start, linear.lanczos_start(30, 30), np.int32(6)))
    assert expected[0] <= fewer[0] and fewer[1] <= expected[1]
    assert bounds.max() > errors.max()


def test_lanczos_ends_where_nothing_is_left() -> None:
    def bowl(x: jax.Array) -> jax.Array:
        return 1.5 * x @ x

    state = linear.lanczos(Bound(bowl), np.ones(8), linear.lanczos_start(8, 8), np.int32(8))
    assert int(state.steps) == 1
    assert np.allclose(linear.extremes(state)[0], 3.0)
