"""A run of the Newton solver: published iterates digit for digit, honest ends at every hard place, and no compiling while one drags."""

import itertools
import json
import math
from dataclasses import replace
from typing import Any

import jax
import numpy as np
import pytest

from kernels.catalog import find_objective
from kernels.newton.curvature import orders, repeats
from kernels.newton.frame import NewtonFrame, as_json
from kernels.newton.request import SHARE, SHOW_EVERY, NewtonRequest
from kernels.newton.run import KEPT, LENGTH, Runner
from kernels.newton.run_settings import LARGEST_HESSIAN
from kernels.newton.spectrum import kind_of
from kernels.objectives.registry import OBJECTIVES
from kernels.validation import grouped

ROOT = 1 / math.sqrt(5)


def frames(request: NewtonRequest) -> list[NewtonFrame]:
    return [frame for frame in request.frames() if frame is not None]


def last(*arguments: object, **named: object) -> NewtonFrame:
    return frames(NewtonRequest(*arguments, **named))[-1]  # type: ignore[arg-type]


# Published and closed-form iterates.


def test_the_post_s_quadratic_in_one_step() -> None:
    for start in ((0.0, 0.0), (-50.0, 3.0), (1e3, 1e3)):
        frame = last("quadratic", start=start)
        assert (frame.status, frame.kind, frame.steps) == ("converged", "maximum", 1)
        assert np.allclose(frame.point, (3, 7), rtol=0, atol=1e-11) and frame.values[-1] == 2
    assert np.allclose(frame.curvature.hessians[0], -2 * np.array([[3, 2], [2, 7]]))
    assert np.allclose(frame.curvature.model_points, (3, 7), atol=1e-11)


def test_conjugate_gradients_are_exact_in_two() -> None:
    frame = last("quadratic", method="newton-cg")
    assert frame.cg_steps.tolist() == [2] and frame.hessian_vector_products == 2
    assert frame.cg_paths[0].shape == (3, 2) and np.allclose(frame.cg_paths[0][-1], (3, 7))
    assert frame.cg_residuals[0][0] == pytest.approx(frame.gradient_norms[0]) and frame.cg_residuals[0][-1] < 1e-12


@pytest.mark.parametrize("goal", ["stationary", "maximum"])
def test_newton_cg_takes_one_step_on_the_post_s_quadratic_whatever_the_goal(goal: str) -> None:
    frame = last("quadratic", goal, method="newton-cg")
    assert (frame.status, frame.kind, frame.steps) == ("converged", "maximum", 1)


@pytest.mark.parametrize("method", ["newton", "newton-factorised", "newton-cg"])
def test_rosenbrock_by_full_steps(method: str) -> None:
    frame = last("rosenbrock", start=(-1.2, 1.0), method=method)
    expected = [24.2, 4.731884, 1411.8452, 0.0559655, 0.3131891, 1.8527e-11, 3.4e-20]
    assert frame.values[:7].tolist() == pytest.approx(expected, rel=1e-4 if method == "newton-cg" else 2e-5) or (
        np.allclose(frame.values[:6], expected[:6], rtol=2e-5) and frame.values[6] == pytest.approx(3.4e-20, rel=0.05)
    )
    assert (frame.status, frame.kind) == ("converged", "minimum")
    assert np.allclose(
        frame.predicted[3:5], [frame.curvature.gradients[k] @ (frame.iterates[k + 1] - frame.iterates[k]) / 2 for k in (3, 4)]
    )


def test_beale_s_first_step_lands_on_the_saddle() -> None:
    frame = last("beale", "minimum", start=(1.0, 1.0))
    assert np.allclose(frame.point, (0, 1), atol=1e-14) and frame.values[-1] == 14.203125
    assert (frame.status, frame.kind) == ("converged", "saddle")
    assert "saddle" in frame.sentence and "The goal was a minimum" in frame.sentence
    assert frame.headings[0] == "saddle" and "indefinite" in frame.notes[0]


def test_the_square_root_s_step_takes_x_to_minus_its_cube() -> None:
    frame = last("square-root", start=(0.9,))
    x = frame.iterates[:, 0]
    assert np.allclose(x[1:4], -(x[:3] ** 3), rtol=1e-13)
    assert frame.status == "converged" and frame.order == pytest.approx(3, abs=0.01)
    away = last("square-root", start=(1.1,))
    assert (away.status, away.steps) == ("diverged", 6) and away.kind is None and not away.sentence.startswith("Converged")
    assert np.allclose(away.iterates[1:, 0], -(away.iterates[:-1, 0] ** 3), rtol=1e-12)


@pytest.mark.parametrize("method", ["newton", "newton-cg", "damped-newton", "gradient-newton-step"])
def test_x_to_the_fourth_shrinks_by_two_thirds(method: str) -> None:
    frame = last("quartic", start=(1.0,), method=method)
    assert np.allclose(frame.iterates[1:, 0] / frame.iterates[:-1, 0], 2 / 3, rtol=1e-12)
    assert (frame.status, frame.kind) == ("converged", "degenerate") and frame.order == pytest.approx(1, abs=1e-6)


def test_the_double_well_s_cycle_is_never_called_converged() -> None:
    frame = last("double-well", start=(ROOT,), max_steps=20)
    assert np.allclose(np.abs(frame.iterates), ROOT, rtol=1e-6) and frame.iterates[0] * frame.iterates[1] < 0
    assert frame.status == "max-steps" and frame.kind is None and "period 2" in frame.sentence
    wider = last("double-well", start=(math.sqrt(0.25 / 5),), max_steps=12, parameters={"a": 0.25})
    assert np.allclose(np.abs(wider.iterates), math.sqrt(0.05), rtol=1e-6) and "period 2" in wider.sentence


def test_full_steps_on_brown_s_function_wander() -> None:
    assert last("brown-badly-scaled").status == "max-steps"
    steps = {method: last("brown-badly-scaled", method=method, max_steps=1000).steps for method in ("newton", "damped-newton")}
    assert steps["newton"] > 100 and steps["damped-newton"] == 6


@pytest.mark.parametrize("known", OBJECTIVES["himmelblau"].points(2), ids=lambda known: f"{known.kind}-{known.point[0]:.2f}")
def test_himmelblau_s_nine_points(known: object) -> None:
    point, kind = known.point, known.kind  # type: ignore[attr-defined]
    frame = last("himmelblau", start=tuple(x + 0.05 for x in point))
    assert frame.kind == kind and np.allclose(frame.point, point, atol=1e-9)


def test_wood_by_full_steps_ends_at_a_saddle_and_damped_does_not() -> None:
    assert last("wood").kind == "saddle"
    assert last("wood", "minimum", method="damped-newton").kind == "minimum"


# Hard places.


@pytest.mark.parametrize("method", ["newton", "newton-factorised", "newton-cg", "damped-newton", "trust-region", "gradient"])
def test_a_start_at_a_stationary_point_takes_no_step(method: str) -> None:
    frame = last("quadratic", start=(3.0, 7.0), method=method)
    assert (frame.status, frame.kind, frame.steps) == ("converged", "maximum", 0)
    assert frame.point.tolist() == [3, 7] and np.isfinite(frame.gradient_norms).all() and frame.hessian_vector_products == 0
    assert as_json(frame)["cg_residuals"] == []


@pytest.mark.parametrize("method", ["newton-cg", "damped-newton", "trust-region", "gradient"])
def test_a_goal_is_not_reached_at_a_saddle(method: str) -> None:
    frame = last("beale", "minimum", start=(0.0, 1.0), method=method)
    assert (frame.status, frame.kind, frame.steps) == ("negative-curvature", "saddle", 0)
    assert "not a minimum" in frame.sentence and "(0.7071, −0.7071)" in frame.sentence.replace("−0.7071, 0.7071", "0.7071, −0.7071")


@pytest.mark.parametrize("method", ["newton", "newton-factorised", "newton-cg"])
def test_a_singular_hessian_names_its_direction(method: str) -> None:
    # Rosenbrock's Hessian is singular where y = x² + 1/200; at x = 0 along x, which the gradient is not.
    frame = last("rosenbrock", start=(0.0, 0.005), method=method)
    assert frame.status == "singular" and frame.steps == 0 and frame.kind is None
    assert "singular at (0, 0.005) along (1, 0)" in frame.sentence
    assert frame.curvature.hessians[0].tolist() == [[0, 0], [0, 200]] and np.isinf(frame.conditions[0])
    assert last("rosenbrock", start=(0.0, 0.005), method="damped-newton").status == "converged"


def test_a_singular_hessian_that_does_not_matter_is_no_obstacle_to_conjugate_gradients() -> None:
    # Where b = 2c and a = d, Powell's gradient has no part in the direction that its Hessian sends to 0.
    start = (1.0, 1.0, 0.5, 1.0)
    assert last("powell-singular", start=start).status == "singular"
    assert last("powell-singular", start=start, method="newton-cg").status == "converged"


def saddle(x: jax.Array) -> jax.Array:
    return x[0] ** 2 - x[1] ** 2


def level(x: jax.Array) -> jax.Array:
    return 0 * x[0] + 5.0


def test_conjugate_gradients_that_break_down_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OBJECTIVES, "booth", replace(OBJECTIVES["booth"], function=saddle, points=lambda n: ()))
    frame = last("booth", start=(1.0, 1.0), method="newton-cg")
    assert (frame.status, frame.steps) == ("negative-curvature", 0) and "broke down at (1, 1)" in frame.sentence
    assert last("booth", start=(1.0, 1.0)).kind == "saddle" and last("booth", start=(2.0, 1.0), method="newton-cg").kind == "saddle"


@pytest.mark.parametrize("method", ["newton", "newton-cg", "damped-newton", "trust-region", "gradient"])
def test_a_flat_function_is_stationary_everywhere(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OBJECTIVES, "booth", replace(OBJECTIVES["booth"], function=level, points=lambda n: ()))
    frame = last("booth", "minimum", method=method)
    assert (frame.status, frame.kind, frame.steps) == ("converged", "degenerate", 0)


def last_of(request: NewtonRequest) -> NewtonFrame:
    return frames(request)[-1]


def test_what_overflows_is_undefined_or_diverged() -> None:
    frame = last("rosenbrock", start=(1e200, 1.0))
    assert (frame.status, frame.steps) == ("undefined", 0) and "1e+200" in frame.sentence
    assert last("quadratic", "minimum", method="gradient", max_steps=200).status == "diverged"
    assert as_json(frame)["values"] == [None]
    # Newton's step leads to x = 66,000, where the exponential overflows, but the iterates do not grow without bound.
    assert last("exp(x) - 3*x", start=(-10.0,)).status == "undefined"


@pytest.mark.parametrize(
    ("objective", "start"),
    [("log(x)", (1.0,)), ("exp(-x)", (1.0,)), ("exp(-x^2)", (2.0,)), ("sum(log(x))", (1.0,) * 31)],
    ids=["log", "exp", "gauss", "many"],
)
def test_a_gradient_that_vanishes_only_at_infinity_is_no_convergence(objective: str, start: tuple[float, ...]) -> None:
    frame = last(objective, start=start, method="newton-cg")
    assert frame.gradient_norms[-1] <= 1e-10  # but no point of these functions is stationary, or none on this side
    assert (frame.status, frame.kind) == ("diverged", None) and "no stationary point is near" in frame.sentence


def test_small_gradients_near_a_degenerate_point_are_convergence() -> None:
    for tolerance in (1e-12, 1e-2):
        assert last("quartic", start=(1.0,), tolerance=tolerance).status == "converged"


@pytest.mark.parametrize(("objective", "start", "steps"), [("x - log(x)", (3.0,), 1), ("exp(x)/(1+exp(x))", (800.0,), 0)])
def test_an_objective_s_domain_left_is_undefined(objective: str, start: tuple[float, ...], steps: int) -> None:
    frame = last(objective, start=start)
    assert (frame.status, frame.kind, frame.steps) == ("undefined", None, steps) and frame.sentence.startswith("Undefined")
    assert as_json(frame)["values"][-1] is None and as_json(frame)["status"] == "undefined"
    if steps:
        assert last(objective, start=start, method="damped-newton").kind == "minimum"


def test_a_truncated_inner_iteration_is_said() -> None:
    frame = last("quadratic", method="newton-cg", cg_steps=1)
    assert frame.cg_steps[0] == 1 and "limit of 1 step" in frame.notes[0]
    assert frame.steps > 1 and frame.status == "converged"


def test_the_trust_region_keeps_its_radius() -> None:
    frame = last("rosenbrock", "minimum", method="trust-region", radius=0.1, max_steps=200)
    assert frame.status == "converged" and (frame.step_norms <= frame.radii * (1 + 1e-9)).all()
    assert frame.radii[0] == 0.1 and "boundary" in frame.notes[0]
    rejected = frame.factors == 0
    assert (frame.step_norms[rejected] == 0).all()


def test_damping_is_obeyed() -> None:
    full, half = last("himmelblau"), last("himmelblau", damping=0.5)
    assert np.allclose(half.iterates[1] - half.iterates[0], (full.iterates[1] - full.iterates[0]) / 2)
    assert last("quadratic", damping=0.5, max_steps=200).order == pytest.approx(1, abs=0.01)


def test_the_order_is_two_where_it_should_be() -> None:
    assert last("himmelblau").order == pytest.approx(2, abs=0.1)
    assert last("rosenbrock", method="damped-newton").conditions[-1] == pytest.approx(2508.0096, rel=1e-6)


def test_helpers() -> None:
    assert kind_of(np.array([1.0, 2.0])) == "minimum" and kind_of(np.array([-1.0, 2.0])) == "saddle"
    assert kind_of(np.array([0.0, 2.0])) == "degenerate" and kind_of(np.array([np.nan, 2.0])) is None
    assert np.allclose(orders(np.array([1e-1, 1e-2, 1e-4]), np.zeros(3))[2], 2)
    assert np.isnan(orders(np.array([1e-1, 1e-2, 1e-4]), np.full(3, 1e-3))).all()
    assert repeats(np.array([[1.0], [2.0], [3.0], [1.0], [2.0], [3.0], [1.0]])) == 3
    assert repeats(np.array([[1.0], [1.0], [1.0], [1.0], [1.0], [1.0]])) == 0


# The request.


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"objective": "banana"}, "there is no objective 'banana'"),
        ({"method": "simplex"}, "there is no method 'simplex'"),
        ({"goal": "saddle"}, "stationary, minimum, maximum"),
        ({"start": (1.0, 2.0, 3.0)}, "3 coordinates does not fit quadratic; give 2"),
        ({"start": (math.nan, 0.0)}, "start's coordinate 1 nan is not a finite number"),
        ({"start": (0.0, math.inf)}, "start's coordinate 2 inf"),
        ({"start": (0.0, "1")}, "coordinate 2"),
        ({"max_steps": 0}, "from 1 to 10 000"),
        ({"max_steps": 2.5}, "whole number"),
        ({"tolerance": 0.0}, "above 0"),
        ({"tolerance": math.nan}, "above 0"),
        ({"step": -1.0}, "above 0"),
        ({"damping": 3.0}, "at most 2"),
        ({"radius": math.inf}, "out of range"),
        ({"cg_steps": 0}, "from 1"),
        ({"method": "gradient-newton-step"}, "one variable"),
    ],
)
def test_bad_fields_are_refused_in_one_line(fields: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("(", r"\(")) as error:
        NewtonRequest(**fields)  # type: ignore[arg-type]
    assert "\n" not in str(error.value)


def test_too_many_variables_for_the_hessian_are_refused_with_their_bytes() -> None:
    start = OBJECTIVES["rosenbrock"].start(5000)
    with pytest.raises(ValueError, match="newton-cg") as error:
        NewtonRequest("rosenbrock", start=start)
    assert "200 000 000 bytes" in str(error.value) and grouped(LARGEST_HESSIAN) in str(error.value)
    NewtonRequest("rosenbrock", start=start, method="newton-cg")


def test_requests_are_hashable_and_complete() -> None:
    one, other = NewtonRequest("himmelblau"), NewtonRequest("himmelblau", start=(1, 1), step=0.01)
    assert one == other and hash(one) == hash(other) and one.start == (1.0, 1.0)
    assert NewtonRequest("rosenbrock", start=(1.0,) * 6).start == (1.0,) * 6


def test_json() -> None:
    frame = last("rosenbrock", start=(-1.2, 1.0), method="newton-cg")
    data = json.loads(json.dumps(as_json(frame), allow_nan=False))
    assert list(data) == [
        *("iterates", "values", "gradient_norms", "status", "kind", "hessian_eigenvalues", "hessian_vector_products", "cg_residuals")
    ]
    assert data["iterates"][0] == [-1.2, 1.0] and len(data["iterates"]) == len(data["values"]) == len(data["gradient_norms"]) == 8
    assert (data["status"], data["kind"]) == ("converged", "minimum") and len(data["cg_residuals"]) == 7
    assert data["hessian_eigenvalues"] == pytest.approx([0.39936077, 1001.60063923])
    assert data["hessian_vector_products"] == sum(frame.cg_steps)


# Speed and size.


def test_dragging_compiles_nothing(compiled: Any) -> None:
    methods = ("newton", "newton-cg", "damped-newton", "trust-region", "gradient")
    requests = [NewtonRequest("himmelblau", "minimum", method=method) for method in methods]
    changes = (
        {"start": (0.5, 0.7)},
        {"start": (-3.0, -3.0), "step": 0.003},
        {"damping": 0.7, "radius": 0.2},
        {"tolerance": 1e-6, "cg_steps": 1},
        {"max_steps": 120},
        {"goal": "maximum"},
    )
    for request in requests:
        last_of(request)
    with compiled() as kernels:
        for change in changes:
            for request in requests:
                last_of(replace(request, **change))  # type: ignore[arg-type]
    assert kernels == []


def test_long_runs_go_on_in_several_calls() -> None:
    request = NewtonRequest("booth", method="gradient", step=0.001, max_steps=3 * LENGTH + 7)
    frame = last_of(request)
    assert frame.steps == 3 * LENGTH + 7 and frame.iterates.shape == (frame.steps + 1, 2)
    assert frame.curvature.eigenvalues.shape == (frame.steps + 1, 2) and len(frame.notes) == frame.steps
    shorter = last_of(replace(request, max_steps=LENGTH + 1))
    assert np.array_equal(shorter.iterates, frame.iterates[: LENGTH + 2])


def test_frames_of_many_steps_take_a_small_share_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now, spent = 0.0, 0.0

    def go(runner: Runner) -> None:
        nonlocal now
        now += 2 * SHOW_EVERY
        runner.steps += 1

    def build(_request: Any, runner: Runner, *_: Any) -> int:
        nonlocal now, spent
        now, spent = now + 0.01 * runner.steps, spent + 0.01 * runner.steps
        return runner.steps

    monkeypatch.setattr("kernels.newton.request.time.perf_counter", lambda: now)
    monkeypatch.setattr("kernels.newton.request.build", build)
    monkeypatch.setattr(Runner, "go", go)
    frames = [frame for frame in NewtonRequest("booth", max_steps=5000).frames() if frame is not None]
    assert frames[-1] == 5000 and len(frames) > 10
    assert spent - 0.01 * 5000 < 2 * SHARE * now  # without the last one


def test_a_run_whose_steps_are_used_up_says_whether_more_can_be_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Allow more steps" in last("booth", method="gradient", step=1e-6, max_steps=3).sentence
    monkeypatch.setattr("kernels.newton.frame.MOST_STEPS", 3)
    assert "No more steps than 3 are allowed" in last("booth", method="gradient", step=1e-6, max_steps=3).sentence


def test_the_steps_so_far_are_joined_for_frames_only(monkeypatch: pytest.MonkeyPatch) -> None:
    joined: list[int] = []
    history = Runner.history
    monkeypatch.setattr(Runner, "history", lambda runner: joined.append(runner.steps) or history(runner))
    start = OBJECTIVES["rosenbrock"].start(40)
    frames = [frame for frame in NewtonRequest("rosenbrock", "minimum", start, "newton-cg", max_steps=200).frames() if frame is not None]
    assert joined == [frame.steps for frame in frames] and len(frames[-1].curvature.eigenvalues) == frames[-1].steps + 1


def test_the_hessian_s_extremes_of_more_variables() -> None:
    frame = last("rosenbrock", "minimum", OBJECTIVES["rosenbrock"].start(40), "newton-cg", max_steps=200)
    assert frame.status == "converged" and frame.iterates.shape == (frame.steps + 1, 40)
    assert frame.curvature.eigenvalues.shape == (frame.steps + 1, 2) and len(frame.curvature.hessians) == 0
    for k in (0, frame.steps):
        expected = np.linalg.eigvalsh(np.asarray(jax.hessian(OBJECTIVES["rosenbrock"].function)(frame.iterates[k])))
        assert np.allclose(frame.curvature.eigenvalues[k], expected[[0, -1]], rtol=1e-3)
    assert frame.kind == "minimum" and all(len(r) <= KEPT + 1 for r in frame.cg_residuals)


def hessian_eigenvalues(name: str, point: np.ndarray) -> np.ndarray:
    function = find_objective(name).at()
    return np.linalg.eigvalsh(np.asarray(jax.hessian(function)(point)))


@pytest.mark.parametrize("n", [31, 300])
def test_one_negative_eigenvalue_among_many_makes_a_saddle(n: int) -> None:
    frame = last("sum(x^2) + 1000*x[0]^2 - 2.002*x[5]^2", start=(0.5,) * n, method="newton-cg")
    least, greatest = as_json(frame)["hessian_eigenvalues"]
    assert (frame.status, frame.kind) == ("converged", "saddle")
    assert least == pytest.approx(-2.004, abs=1e-6) and greatest == pytest.approx(2002)
    assert np.allclose(hessian_eigenvalues(frame.request.objective, frame.point)[[0, -1]], [least, greatest], atol=1e-6)


@pytest.mark.parametrize("n", [100, 1000])
def test_the_least_eigenvalue_of_an_ill_conditioned_hessian(n: int) -> None:
    frame = last("ill-conditioned", start=(1.0,) * n, method="newton-cg")
    values, errors = frame.curvature.eigenvalues[-1], frame.curvature.errors[-1]
    assert frame.kind == "minimum" and (np.abs(values - [1, 1000]) <= errors).all() and errors[0] < 1e-3
    assert as_json(frame)["hessian_eigenvalues"] == pytest.approx([1, 1000], rel=1e-3)


def test_a_sign_that_nothing_proves_is_not_decided() -> None:
    frame = last("ill-conditioned", start=(0.0,) * 1100, method="newton-cg", parameters={"kappa": 1e12})
    assert (frame.status, frame.kind) == ("converged", "not decided") and "not decided" in frame.sentence
    assert frame.curvature.errors[-1, 0] > 1 and as_json(frame)["hessian_eigenvalues"][0] % 10 == 0
    steered = last("ill-conditioned", "minimum", (0.0,) * 1100, "newton-cg", parameters={"kappa": 1e12})
    assert steered.status == "converged"


def test_many_variables_of_a_flat_minimum_are_degenerate() -> None:
    assert last("sum(x^4)", start=(0.5,) * 31, method="newton-cg").kind == "degenerate"
    assert last("sum(x^2) - x[5]^2", start=(0.5,) * 31, method="newton-cg").kind == "degenerate"


def test_chained_rosenbrock_converges_from_the_usual_start_in_less_than_two_steps_a_variable() -> None:
    # x[i+1] follows x[i]² only when x[i] has come to 1, so no method that follows the gradient takes fewer than about one.
    frame = last("rosenbrock", "minimum", OBJECTIVES["rosenbrock"].start(100), "newton-cg", max_steps=200)
    assert (frame.status, frame.kind) == ("converged", "minimum")
    assert np.allclose(frame.point[1:], 1, atol=5e-3) and abs(frame.point[0]) == pytest.approx(1, abs=0.01)  # f = 0, or 4 where it is −1


def test_a_large_problem_comes_step_by_step() -> None:
    start = tuple(itertools.islice(itertools.cycle((0.9, 0.8)), 20_000))
    got = list(NewtonRequest("rosenbrock", "minimum", start, "newton-cg", tolerance=1e-6).frames())
    frame = got[-1]
    assert frame is not None and frame.status == "converged" and frame.kind == "minimum"
    assert len(got) > frame.steps and frame.iterates.shape == (frame.steps + 1, 2) and frame.point.shape == (20_000,)
    assert np.isfinite(frame.curvature.eigenvalues).all()
