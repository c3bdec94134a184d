"""Products against the explicit matrices, the methods' steps against closed forms, training that is determined by its request, bad data."""

from dataclasses import replace

import numpy as np
import pytest

from kernels.execution import jax, jnp
from kernels.network import MOST_BYTES, NetworkFrame, NetworkRequest, next_milestone, parse_points, size
from kernels.network import updates as formulas
from kernels.network.data import generated
from kernels.network.frame import _bound
from kernels.network.hessian_free import HessianFree
from kernels.network.methods import Lanczos, Settings
from kernels.network.model import Loss, Network
from kernels.network.race import LANCZOS
from kernels.network.training import advanced, begin, outputs
from kernels.newton.solvers import linear

NETWORK = Network(2, 3, 1, "tanh", False)
SAMPLE = generated("moons", 20, 0.1, 0)
LOSS = Loss.of(NETWORK, SAMPLE.points, SAMPLE.targets, 0.01, 8)
SETTINGS = Settings(np.float64(0.5), np.float64(0.01), np.float64(0.0), np.int32(50), np.float64(1e-9))
ADD, DIRECTION = jax.jit(formulas.lbfgs_add), jax.jit(formulas.lbfgs_direction)
SMALL = {"samples": 20, "width": 3, "depth": 1}


def last(request: NetworkRequest) -> NetworkFrame:
    return [frame for frame in request.frames() if frame is not None][-1]


def by_hand(weights: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The outputs of a 2-3-1 network in NumPy."""
    hidden = np.tanh(points @ weights[:6].reshape(2, 3) + weights[6:9])
    return hidden @ weights[9:12] + weights[12]


def test_products_are_those_of_the_explicit_matrices() -> None:
    weights, v = NETWORK.initial(3), np.random.default_rng(1).standard_normal(NETWORK.parameters)
    assert NETWORK.parameters == 13 and LOSS.parts == 3
    np.testing.assert_allclose(np.concatenate(list(outputs(LOSS, weights, SAMPLE.points))), by_hand(weights, SAMPLE.points), rtol=1e-13)

    def plain(w: jnp.ndarray) -> jnp.ndarray:
        hidden = jnp.tanh(SAMPLE.points @ w[:6].reshape(2, 3) + w[None, 6:9])
        return hidden @ w[9:12] + w[12]

    def whole(w: jnp.ndarray) -> jnp.ndarray:
        return jnp.mean(jnp.log1p(jnp.exp(-SAMPLE.targets * plain(w))))

    names = ("hessian_product", "gauss_newton_product")
    found = jax.jit(lambda w, v: {name: sum(getattr(LOSS, name)(w, v, k) for k in range(3)) for name in names})(weights, v)
    hessian = np.asarray(jax.jit(jax.hessian(whole))(weights))
    np.testing.assert_allclose(found["hessian_product"], hessian @ v, atol=1e-14)
    jacobian, f = np.asarray(jax.jit(jax.jacobian(plain))(weights)), np.asarray(plain(weights))
    bent = np.exp(f) / (1 + np.exp(f)) ** 2
    np.testing.assert_allclose(found["gauss_newton_product"], jacobian.T @ (bent / 20 * (jacobian @ v)), atol=1e-14)

    turn = begin(Lanczos(13), weights, SETTINGS)
    for latest, _ in advanced(LOSS, Lanczos(13), turn, SETTINGS, 10**6):
        turn = latest
    values, _ = linear.extremes(turn.state.lanczos)
    exact = np.linalg.eigvalsh(hessian + 0.01 * np.eye(13))
    np.testing.assert_allclose(values, exact[[0, -1]], atol=1e-6)
    assert int(turn.evaluations) == 2 * int(turn.state.lanczos.steps)
    assert exact[0] < 0


def test_a_linear_fit_is_solved_in_one_newton_step() -> None:
    line, random = Network(1, 1, 0, "tanh", True), np.random.default_rng(0)
    x = random.standard_normal((12, 1))
    y = 2 * x[:, 0] - 1 + random.standard_normal(12)
    loss, method = Loss.of(line, x, y, 0.0, 100), HessianFree()
    turn = begin(method, line.initial(0), SETTINGS)
    for latest, _ in advanced(loss, method, turn, SETTINGS, 100):
        turn = latest
    exact, *_ = np.linalg.lstsq(np.column_stack([x, np.ones(12)]), y, rcond=None)
    np.testing.assert_allclose(turn.state.weights, exact, rtol=1e-12)
    # Loss and gradient at the start and at the end, and two products.
    assert (int(turn.state.iterations), int(turn.evaluations), int(turn.state.status)) == (1, 6, 1)
    assert float(turn.state.slope) < 1e-12
    assert np.isfinite(turn.state.residuals).sum() == 3 and turn.state.residuals[2] < 1e-12


def test_update_formulas_are_the_closed_forms() -> None:
    gradient = jnp.array([3.0, -0.2, 1e-3])
    step, moments = jax.jit(formulas.adam)(gradient, formulas.adam_start(gradient), jnp.float64(0.01))
    np.testing.assert_allclose(step, -0.01 * gradient / (np.abs(gradient) + 1e-8), rtol=1e-12)
    assert int(moments.number) == 1
    # Along one axis a pair gives the inverse of the curvature 4.
    along = jnp.array([1.0, 0.0, 0.0, 0.0])
    pairs = formulas.lbfgs_start(jnp.ones(4), 3)
    np.testing.assert_array_equal(DIRECTION(6 * along, pairs), -6 * along)
    pairs = ADD(pairs, 2 * along, 8 * along, jnp.asarray(True))
    np.testing.assert_allclose(DIRECTION(6 * along, pairs), -1.5 * along)
    refused = ADD(pairs, 2 * along, -8 * along, jnp.asarray(True))
    assert int(refused.used) == int(pairs.used) == 1


def test_lbfgs_direction_is_that_of_the_bfgs_matrix() -> None:
    random, n, memory = np.random.default_rng(5), 6, 3
    steps = random.standard_normal((5, n))
    changes = steps * np.arange(1.0, n + 1)
    pairs = formulas.lbfgs_start(jnp.ones(n), memory)
    g = random.standard_normal(n)
    for k, (s, y) in enumerate(zip(steps, changes, strict=True)):
        pairs = ADD(pairs, jnp.asarray(s), jnp.asarray(y), jnp.asarray(True))
        inverse = (s @ y) / (y @ y) * np.eye(n)
        for step, change in list(zip(steps, changes, strict=True))[max(0, k + 1 - memory) : k + 1]:
            left = np.eye(n) - np.outer(step, change) / (step @ change)
            inverse = left @ inverse @ left.T + np.outer(step, step) / (step @ change)
        np.testing.assert_allclose(DIRECTION(jnp.asarray(g), pairs), -inverse @ g, rtol=1e-11)


def test_training_depends_on_its_request_alone_and_is_continued() -> None:
    whole = last(NetworkRequest(**SMALL, evaluations=40))
    halves = [last(NetworkRequest(**SMALL, evaluations=n)) for n in (7, 18, 40)]
    assert [frame.evaluations for frame in halves] == [7, 18, 40] and all(frame.done for frame in halves)
    assert [run.method for run in whole.runs] == ["hessian-free", "l-bfgs", "adam", "gradient"]
    for run, again in zip(whole.runs, halves[-1].runs, strict=True):
        np.testing.assert_array_equal(run.weights, again.weights)
        assert run.column("evaluations").tolist() == [0, 5, 10, 15, 20, 25, 30, 35, 40] == again.column("evaluations").tolist()
        np.testing.assert_array_equal(run.column("loss"), again.column("loss"))
        assert run.column("loss")[-1] < run.column("loss")[0] == pytest.approx(whole.runs[0].records[0].loss)
        assert run.picture.shape == (72, 72) and run.eigenvalues[0, 1] < run.eigenvalues[0, 2]
        right = np.sign(by_hand(run.weights, whole.sample.test_points)) == whole.sample.test_targets
        assert run.records[-1].test_error == pytest.approx(1 - right.mean())
    assert "negative curvature" in whole.runs[0].sentence and whole.runs[0].solves[-1].residuals[0] == 1.0
    assert "would take 1.35 kB" in whole.memory
    other = last(NetworkRequest(**SMALL, seed=1, evaluations=0))
    assert not np.array_equal(other.runs[0].weights, NETWORK.initial(0)) and other.runs[0].records[0].evaluations == 0


def test_divergence_is_told() -> None:
    run = last(NetworkRequest("polynomial", **SMALL, methods=("gradient",), rate=100.0, evaluations=400)).runs[0]
    assert run.status == "diverged" and "lower the step size" in run.sentence


def test_own_points_are_classified() -> None:
    random = np.random.default_rng(0)
    rows = "\n".join(f"{100 + x:.3f}; {5 * y:.3f}; {'b' if x > 0 else 'a'}" for x, y in random.standard_normal((40, 2)))
    own = parse_points(f"one;two;label\n{rows}\n".encode(), "mine.csv")
    assert own.labels == ("a", "b") and own.rows.shape == (40, 3) and own == parse_points(f"{rows}\n".encode(), "mine.csv")
    request = NetworkRequest(own, width=3, depth=1, methods=("l-bfgs",), evaluations=30)
    frame = last(request)
    assert len(frame.sample.targets) == 30 and frame.sample.view[0][0] < 100 < frame.sample.view[0][1]
    assert frame.runs[0].records[-1].test_error <= 0.1


FINE = "".join(f"{k},{-k},{k % 2}\n" for k in range(12))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"\x89PNG\r\n\0\0", "is not a CSV"),
        (b"hello\nworld\n", "line 1 of points.csv has 1 field; give two numbers and a label"),
        (FINE.encode() + b"1,2\n", "line 13 of points.csv has 2 fields"),
        (FINE.encode() + b"nan,2,a\n", "line 13 of points.csv: 'nan' is not a finite number"),
        (FINE.encode() + b"-1e160,2,1\n", "coordinate ±1e[+]160, which is out of range; give numbers from −1e[+]100"),
        (FINE.encode() + b"1,x,a\n", "line 13 of points.csv: 'x' is not a finite number"),
        (FINE.encode() + b"1,2,3\n", "has 3 labels"),
        (b"1,2,a\n" * 12, "has the one label 'a'"),
        (b"1,2,a\n", "has 1 row of numbers; give at least 10"),
        (b"1,2,a\n" * 4_001, "more than 4 000 rows"),
        (b"1" * (MOST_BYTES + 1), "more than 4 MiB"),
    ],
)
def test_bad_points_are_refused_in_a_line(text: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said) as error:
        parse_points(text, "points.csv")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"data": "moon"}, "choose one of moons, spiral"),
        ({"activation": "step"}, "choose one of tanh"),
        ({"width": 0}, "width 0 is out of range"),
        ({"width": 400, "depth": 3}, "make 322 401 parameters; 100 000 are allowed"),
        ({"methods": ("adam", "adam")}, "give each once"),
        ({"noise": -1.0}, "from 0 to 10"),
        ({"rate": 0.0}, "above 0"),
        ({"evaluations": 10**6}, "from 0 to 100 000"),
    ],
)
def test_bad_fields_are_refused(fields: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        NetworkRequest(**fields)  # type: ignore[arg-type]


def test_milestones_and_sizes() -> None:
    assert [next_milestone(n) for n in (0, 5, 7, 200, 400)] == [5, 10, 10, 205, 410]
    assert (size(8 * 10**10), size(1352)) == ("80 GB", "1.35 kB")
    bounds = [_bound(value, error, "at most") for value, error in ((2.0, 1e-9), (-0.1156, 0.0136))]
    assert bounds == ["2", "at most −0.1156"], "Lanczos's method has come to the first alone"


def test_each_kernel_is_announced_once_and_the_first_method_waits_for_its_own_alone() -> None:
    request = NetworkRequest(samples=21, width=2, depth=1, methods=("gradient", "adam"), evaluations=10)
    frames = [frame for frame in request.frames() if frame is not None]
    ahead = {frame.preparing: [run.records[-1].evaluations for run in frame.runs] for frame in frames if frame.preparing}
    assert ahead == {"Gradient descent, 1 of 2 methods": [0, 0], "Adam, 2 of 2 methods": [5, 0], "the Hessian’s eigenvalues": [5, 5]}
    first = frames[-1].runs[0].curvatures[0]
    assert first.evaluations == 0 and first == frames[-1].runs[1].curvatures[0]
    at_the_start = last(replace(request, evaluations=0)).runs[0].weights
    for latest, _ in advanced(request.loss, LANCZOS, begin(LANCZOS, at_the_start, request.settings), request.settings, 10**6):
        found = latest
    np.testing.assert_allclose(first.values, linear.extremes(found.state.lanczos)[0], rtol=1e-9)
    assert not [frame for frame in replace(request, data_seed=1).frames() if frame is not None and frame.preparing]
