"""Every solver and every objective, judged by the residual and the kind of what it reaches; and what each does at a hard place."""

import collections

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jax import lax

from kernels.newton.frame import NewtonFrame
from kernels.newton.request import NewtonRequest
from kernels.newton.solvers import METHODS, STATUSES, Method, Settings, find_method
from kernels.newton.solvers.base import Problem, Solver
from kernels.newton.solvers.damped import positive
from kernels.newton.solvers.linear import SOLVE
from kernels.newton.solvers.newton import Newton
from kernels.newton.solvers.newton_cg import NewtonCG
from kernels.objectives.registry import OBJECTIVES, Objective

SETTINGS = Settings(1e-10, 0.01, 1.0, 1.0, np.int32(100), 0.9)


def last(request: NewtonRequest) -> NewtonFrame:
    return [frame for frame in request.frames() if frame is not None][-1]


FIXED_STEPS = ("gradient", "heavy-ball", "nesterov", "adam")
"""Methods that need not arrive within 200 steps."""


def cases() -> list[tuple[Objective, Method]]:
    """Each method on two objectives, a rival on one, those that had the fewest methods before: the full product takes a minute."""
    chosen: list[tuple[Objective, Method]] = []
    for method in METHODS.values():
        fit = [objective for objective in OBJECTIVES.values() if not method.misfit(objective, objective.dimension)]
        if method.rival:  # they do not arrive where the eigenvalues differ by 10²⁴
            fit.remove(OBJECTIVES["brown-badly-scaled"])
        had = collections.Counter(objective.name for objective, _ in chosen)
        chosen += [(objective, method) for objective in sorted(fit, key=lambda objective: had[objective.name])[: 1 if method.rival else 2]]
    return chosen


def test_the_cases_have_each_objective_and_method() -> None:
    assert {method.name for _, method in cases()} == set(METHODS)
    assert {objective.name for objective, method in cases() if not method.rival} == set(OBJECTIVES)


@pytest.mark.parametrize(("objective", "method"), cases(), ids=lambda entry: entry.name)
def test_every_solver_and_every_objective(objective: Objective, method: Method) -> None:
    """From near an optimum of the usual kind, where every method but those of fixed steps must arrive."""
    optimum = next(p for p in objective.points(objective.dimension) if p.kind in (objective.goal, "degenerate"))
    # Not the same offset in all coordinates: there Powell's Hessian is singular.
    start = tuple(x + offset * (1 + abs(x)) for x, offset in zip(optimum.point, (0.02, -0.01, 0.015, -0.03), strict=False))
    frame = last(NewtonRequest(objective.name, objective.goal, start, method.name, max_steps=200))
    gradient = np.asarray(jax.grad(objective.function)(frame.point))
    assert np.linalg.norm(gradient) == pytest.approx(frame.gradient_norms[-1], rel=1e-6, abs=1e-9)
    assert frame.status in ("converged", "stalled") or (method.name in FIXED_STEPS and frame.status == "max-steps")
    if frame.status == "max-steps":
        # With momentum the values go up and down.
        assert min((np.asarray(frame.values) - frame.values[0]) * (1 if objective.goal == "minimum" else -1)) < 0
        return
    assert frame.kind == optimum.kind
    assert np.allclose(frame.point, optimum.point, rtol=1e-6, atol=1e-3 if optimum.kind == "degenerate" else 1e-6)
    if frame.status == "converged":
        assert np.linalg.norm(gradient) <= 1e-10
    else:  # float64 can say no more
        assert frame.gradient_norms[-1] < 1e-14 * np.abs(frame.curvature.eigenvalues[-1]).max() * np.linalg.norm(frame.point)


DOWNHILL = {
    "newton-cg": ("beale", "rosenbrock"),
    "damped-newton": ("wood", "himmelblau"),
    "trust-region": ("beale", "wood"),
    "gradient": ("himmelblau", "rosenbrock"),
    "l-bfgs": ("beale",),
    "nonlinear-cg": ("rosenbrock",),
}
"""Each method on a hard objective, and most on another: all on all would take much longer."""


@pytest.mark.parametrize(("name", "objective"), [(name, objective) for name, listed in DOWNHILL.items() for objective in listed])
def test_downhill_methods_go_down_all_the_way(name: str, objective: str) -> None:
    frame = last(NewtonRequest(objective, "minimum", method=name, max_steps=200))
    assert (np.diff(frame.values) <= 1e-12 * np.abs(frame.values[:-1])).all()
    if name != "gradient":
        assert frame.status == "converged" and frame.kind == "minimum"


@pytest.mark.parametrize("name", ["newton-cg", "damped-newton", "trust-region"])
def test_a_maximum_is_a_minimum_of_the_negative(name: str) -> None:
    frame = last(NewtonRequest("himmelblau", "maximum", (0.0, 0.0), name))
    assert frame.kind == "maximum" and np.allclose(frame.point, (-0.2708445906673476, -0.9230385564799815))
    assert frame.values[-1] == pytest.approx(181.6165215225827)
    assert (np.diff(frame.values) >= 0).all()
    assert np.allclose(frame.predicted[1:], frame.actual[1:], rtol=0.1, atol=1e-10)


@jax.jit
def _two_steps(matrix: jax.Array, linear_part: jax.Array, x: jax.Array) -> tuple[jax.Array, jax.Array]:
    problem = Problem(lambda point: point @ matrix @ point / 2 + linear_part @ point)
    naive, inner = Newton(), NewtonCG()
    state = naive.init(problem, x, SETTINGS)
    cg = inner.cg
    target = cg.target(state.gradient)
    solved = lax.while_loop(
        lambda s: ~cg.done(s),
        lambda s: cg.step(lambda v: problem.product(x, v), s, target, jnp.int32(100), state.radius),
        cg.init(-state.gradient),
    )
    return naive.step(problem, state, SETTINGS, None)[0].x, inner.step(problem, state, SETTINGS, solved)[0].x


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15)
def test_newton_cg_is_the_naive_step_on_random_quadratics(seed: int) -> None:
    random = np.random.default_rng(seed)
    factor = random.standard_normal((4, 4))
    matrix = random.choice([-1.0, 1.0]) * (factor @ factor.T + np.eye(4))
    part, x = random.standard_normal(4), 10 * random.standard_normal(4)
    naive, inner = _two_steps(matrix, part, x)
    assert np.allclose(naive, np.linalg.solve(matrix, -part), rtol=1e-9, atol=1e-9)
    assert np.allclose(inner, naive, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize(
    ("matrix", "shifted"), [(np.diag([2.0, 5.0]), False), (np.diag([2.0, -5.0]), True), (np.zeros((2, 2)), True), (np.ones((2, 2)), True)]
)
def test_a_hessian_is_made_positive_definite_only_where_it_is_not(matrix: np.ndarray, shifted: bool) -> None:
    factors = positive(jnp.asarray(matrix))
    assert (float(factors.shift) > 0) == shifted
    assert np.allclose(factors.lower @ factors.lower.T, matrix + float(factors.shift) * np.eye(2))
    assert np.linalg.eigvalsh(matrix + float(factors.shift) * np.eye(2)).min() > 0


def test_the_registry() -> None:
    assert {"newton", "newton-factorised", "newton-cg", "damped-newton", "trust-region", "gradient"} <= set(METHODS)
    for name, method in METHODS.items():
        assert method.name == name and method.title and method.meaning
        for descend in (False, True):
            solver = method.solver(descend, 8, True)
            assert isinstance(solver, Solver) and hash(solver) == hash(method.solver(descend, 8, True))
    assert METHODS["newton-cg"].solver(False, 0, False).cg.mode == SOLVE  # type: ignore[union-attr]
    assert STATUSES[:3] == ("running", "converged", "max-steps")
    with pytest.raises(ValueError, match="trust-region"):
        find_method("bfgs-2")
