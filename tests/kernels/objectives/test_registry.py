"""The objectives: their known stationary points are stationary and of the kind that is said, values and views make sense."""

import math

import jax
import numpy as np
import pytest

from kernels.catalog import find_objective
from kernels.objectives.functions import KINDS, StationaryPoint
from kernels.objectives.registry import OBJECTIVES, Objective

every_objective = pytest.mark.parametrize("objective", OBJECTIVES.values(), ids=OBJECTIVES)


def value(objective: Objective, *x: float) -> float:
    return float(objective.function(np.array(x, float)))


def listed(objective: Objective) -> tuple[StationaryPoint, ...]:
    return objective.points(objective.dimension)[::7] if objective.name == "rastrigin" else objective.points(objective.dimension)


@every_objective
def test_known_points_are_stationary_and_of_their_kind(objective: Objective) -> None:
    points = np.array([known.point for known in listed(objective)], float)
    gradients = np.asarray(jax.jit(jax.vmap(jax.grad(objective.function)))(points))
    eigenvalues = np.linalg.eigvalsh(np.asarray(jax.jit(jax.vmap(jax.hessian(objective.function)))(points)))
    for known, gradient, values in zip(listed(objective), gradients, eigenvalues, strict=True):
        scale = np.abs(values).max() * np.linalg.norm(known.point) + 1
        assert np.linalg.norm(gradient) <= 4e-15 * scale, known
        singular = np.abs(values).min() <= 1e-14 * np.abs(values).max()
        kind = "degenerate" if singular else "minimum" if values[0] > 0 else "maximum" if values[-1] < 0 else "saddle"
        assert known.kind == kind and kind in KINDS


@pytest.mark.parametrize(
    ("name", "n", "parameters"),
    [
        *(("rosenbrock", 2, {"a": a, "b": b}) for a, b in ((-1.5, 100.0), (0.0, 1.0), (2.0, 7.0), (1.0, -3.0), (0.5, 0.0))),
        *(("rosenbrock", 5, {"a": a, "b": b}) for a, b in ((0.0, 10.0), (1.0, 0.5))),
        ("rosenbrock", 4, {}),
        *(("double-well", 1, {"a": a}) for a in (-1.0, 0.0, 0.3, 1.5)),
        *(("ill-conditioned", n, {"kappa": kappa}) for n in (1, 2, 5) for kappa in (0.0, 1.0, 1e4)),
        ("ill-conditioned", 2, {"kappa": -3.0}),
    ],
)
def test_known_points_follow_the_parameters(name: str, n: int, parameters: dict[str, float]) -> None:
    objective = find_objective(name)
    function = objective.at(parameters)
    assert objective.known(n, parameters)
    gradient, hessian = jax.jit(jax.grad(function)), jax.jit(jax.hessian(function))
    for known in objective.known(n, parameters):
        x = np.array(known.point)
        values = np.linalg.eigvalsh(np.asarray(hessian(x)))
        assert np.linalg.norm(gradient(x)) <= 4e-15 * (np.abs(values).max() * np.linalg.norm(x) + 1)
        singular = np.abs(values).min() <= 1e-14 * np.abs(values).max()
        assert known.kind == ("degenerate" if singular else "minimum" if values[0] > 0 else "maximum" if values[-1] < 0 else "saddle")


def test_nothing_is_said_where_nothing_is_known() -> None:
    assert find_objective("rosenbrock").known(3, {"a": 0.5}) == find_objective("rosenbrock").known(3, {"b": -1.0}) == ()
    assert len(find_objective("rosenbrock").known(4, {"b": 50.0})) == 1 and len(find_objective("rosenbrock").known(4)) == 3
    assert find_objective("ill-conditioned").known(3, {"kappa": -2.0}) == ()


@pytest.mark.parametrize("x", [-3e11, -1e5, -0.7, 0.0, 2.0, 1e9])
def test_the_square_root_s_derivatives_keep_their_digits_far_out(x: float) -> None:
    function = find_objective("square-root").function
    assert float(jax.grad(function)(np.array([x]))[0]) == pytest.approx(x / math.hypot(1, x), rel=1e-14)
    assert float(jax.hessian(function)(np.array([x]))[0, 0]) == pytest.approx(math.hypot(1, x) ** -3, rel=1e-14)


@every_objective
def test_defaults_are_those_of_the_function(objective: Objective) -> None:
    start = np.array(objective.start(objective.dimension))
    assert float(objective.at()(start)) == value(objective, *start)
    assert objective.known(objective.dimension) == objective.points(objective.dimension)
    for about in objective.parameters:
        assert about.low <= about.default <= about.high and about.meaning


def test_parameters_are_completed_or_refused() -> None:
    rosenbrock = find_objective("rosenbrock")
    assert rosenbrock.completed({"b": 2}) == (("a", 1.0), ("b", 2.0)) == rosenbrock.completed((("b", 2.0),))
    for given, said in (({"q": 1.0}, "the objective rosenbrock has no parameter 'q'; it has a, b"), ({"a": np.inf}, "usually -2 to 2")):
        with pytest.raises(ValueError, match=said):
            rosenbrock.completed(given)
    with pytest.raises(ValueError, match=r"^the objective beale has no parameter, so a cannot be set$"):
        find_objective("beale").completed({"a": 1.0})


@every_objective
def test_entries_are_complete(objective: Objective) -> None:
    assert OBJECTIVES[objective.name] is objective
    assert objective.name == objective.name.lower() and " " not in objective.name
    assert all((objective.title, objective.formula, objective.meaning, objective.reference, objective.domain))
    assert objective.levels in ("log", "linear") and objective.goal in ("minimum", "maximum") and objective.step > 0
    start = objective.start(objective.dimension)
    assert len(start) == objective.dimension and np.isfinite(value(objective, *start))
    second = start[1] if len(start) > 1 else value(objective, *start)
    assert 0 <= objective.view.u_of(start[0]) <= 1 and 0 <= objective.view.v_of(second) <= 1
    for known in listed(objective):
        assert len(known.point) == objective.dimension


@pytest.mark.parametrize(
    ("name", "point", "expected"),
    [
        ("quadratic", (3, 7), 2.0),
        ("quadratic", (0, 0), -452.0),
        ("rosenbrock", (-1.2, 1), 24.2),
        ("rosenbrock", (1, 1, 1, 1, 1), 0.0),
        ("himmelblau", (-0.2708445906673476, -0.9230385564799815), 181.6165215225827),
        ("beale", (0, 1), 14.203125),
        ("beale", (3, 0.5), 0.0),
        ("booth", (1, 3), 0.0),
        ("wood", (-3, -1, -3, -1), 19192.0),
        ("powell-singular", (3, -1, 0, 1), 215.0),
        ("freudenstein-roth", (0.5, -2), 400.5),
        ("freudenstein-roth", (11.412778986902094, -0.8968052532744765), 48.98425367924003),
        ("brown-badly-scaled", (1e6, 2e-6), 0.0),
        ("brown-badly-scaled", (1, 1), 999998000003.0),
        ("rastrigin", (0, 0, 0), 0.0),
        ("rastrigin", (0.5,), 20.25),
        ("square-root", (0,), 1.0),
        ("quartic", (2,), 16.0),
        ("double-well", (1,), -0.25),
        ("ill-conditioned", (1, 1), 500.5),
    ],
)
def test_values(name: str, point: tuple[float, ...], expected: float) -> None:
    assert value(OBJECTIVES[name], *point) == pytest.approx(expected, rel=1e-9, abs=1e-20)


def test_himmelblau_has_nine() -> None:
    kinds = [known.kind for known in OBJECTIVES["himmelblau"].points(2)]
    assert [kinds.count(kind) for kind in ("minimum", "maximum", "saddle")] == [4, 1, 4]


@pytest.mark.parametrize("n", [2, 3, 7])
def test_any_dimension(n: int) -> None:
    for name in ("rosenbrock", "rastrigin", "ill-conditioned"):
        objective = find_objective(name)
        assert objective.check_dimension(n) == n
        known = objective.points(n)[0]
        assert len(objective.start(n)) == len(known.point) == n
        assert float(np.abs(jax.grad(objective.function)(np.array(known.point))).max()) == 0


@pytest.mark.parametrize(
    ("name", "n", "said"),
    [("himmelblau", 3, "give 2"), ("rosenbrock", 1, "from 2 to"), ("rosenbrock", 3_000_000, "2 000 000"), ("square-root", 2, "give 1")],
)
def test_wrong_dimensions_are_refused(name: str, n: int, said: str) -> None:
    with pytest.raises(ValueError, match=said) as error:
        find_objective(name).check_dimension(n)
    assert str(n) in str(error.value) and "\n" not in str(error.value)


def test_unknown_names_are_told() -> None:
    with pytest.raises(ValueError, match="powell-singular"):
        find_objective("powell")
