"""Newton's basins: pixel by pixel what plain Newton does from there, by the point reached, in time."""

from dataclasses import replace
from typing import Any

import jax
import numpy as np
import pytest

from kernels import Grid, Viewport
from kernels.newton.basins import DIVERGED, ELSEWHERE, OUTSIDE, SINGULAR, UNRESOLVED, NewtonBasinFrame, NewtonBasinRequest
from kernels.newton.request import NewtonRequest
from kernels.objectives.registry import OBJECTIVES


def grid(left: object, right: object, bottom: object, top: object, columns: int = 45, rows: int = 37) -> Grid:
    return Grid(Viewport.from_limits(left, right, bottom, top), columns, rows)  # type: ignore[arg-type]


def frames(request: NewtonBasinRequest) -> list[NewtonBasinFrame]:
    return [frame for frame in request.frames() if frame is not None]


def last(request: NewtonBasinRequest) -> NewtonBasinFrame:
    return frames(request)[-1]


def himmelblau_by_numpy(x: float, y: float, most: int, tolerance: float = 1e-8) -> tuple[np.ndarray, int, bool]:
    """(where it ends, steps, whether it converged), with derivatives written by hand."""
    point = np.array([x, y])
    for step in range(most + 1):
        x, y = point
        a, b = x * x + y - 11, x + y * y - 7
        gradient = np.array([4 * x * a + 2 * b, 2 * a + 4 * y * b])
        if gradient @ gradient <= tolerance**2:
            return point, step, True
        if step == most:
            break
        hessian = np.array([[12 * x * x + 4 * y - 42, 4 * x + 4 * y], [4 * x + 4 * y, 12 * y * y + 4 * x - 26]])
        point = point - np.linalg.solve(hessian, gradient)
    return point, most, False


def test_every_pixel_is_numpy_s() -> None:
    frame = last(NewtonBasinRequest(grid(-6, 6, -6, 6)))
    request = frame.request
    points = np.array([known.point for known in frame.points])
    xs, ys = request.grid.column_values(), request.grid.row_values()
    assert frame.labels.shape == frame.steps.shape == (37, 45)
    differing = 0
    for i in range(0, 37, 3):
        for j in range(0, 45, 3):
            place, steps, converged = himmelblau_by_numpy(xs[j], ys[i], request.max_steps)
            label = int(np.abs(points - place).max(1).argmin()) if converged else UNRESOLVED
            differing += (frame.labels[i, j], frame.steps[i, j]) != (label, steps)
    assert differing <= 2  # on a basin's edge rounding decides


def test_all_nine_points_are_there_and_found_again_without_being_known(monkeypatch: pytest.MonkeyPatch) -> None:
    request = NewtonBasinRequest(grid(-6, 6, -6, 6, 96, 64))
    known = last(request)
    assert set(np.unique(known.labels)) == set(range(9)) and known.points == OBJECTIVES["himmelblau"].points(2)
    monkeypatch.setitem(OBJECTIVES, "himmelblau", replace(OBJECTIVES["himmelblau"], points=lambda _: ()))
    found = last(request)
    assert len(found.points) == 9
    for point in known.points:
        same = [p for p in found.points if np.allclose(p.point, point.point, atol=1e-6)]
        assert [p.kind for p in same] == [point.kind]
        label, other = known.points.index(point), found.points.index(same[0])
        assert np.array_equal(known.labels == label, found.labels == other)


def test_outcomes_are_told_apart() -> None:
    # Beale's valley runs off to infinity, so many starts are under way for ever.
    beale = last(NewtonBasinRequest(grid(-4.5, 4.5, -4.5, 4.5), "beale", max_steps=20))
    assert UNRESOLVED in beale.labels and (beale.steps[beale.labels == UNRESOLVED] == 20).all()
    assert {point.kind for point in beale.points} >= {"minimum", "saddle"}
    quick = last(NewtonBasinRequest(grid(-4.5, 4.5, -4.5, 4.5), "quadratic", max_steps=1))
    assert (quick.labels == 0).all() and (quick.steps <= 1).all()
    assert last(NewtonBasinRequest(grid(-6, 6, -6, 6), max_steps=1)).labels.max() == UNRESOLVED


def flat_where_negative(x: jax.Array) -> jax.Array:
    """Singular for x < 0, without a stationary point; a maximum at (1, 0); far out it only falls."""
    return jax.numpy.where(x[0] < 0, x[0], x[0] - x[0] ** 2 / 2 - x[1] ** 2)


def test_singular_and_diverged_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OBJECTIVES, "booth", replace(OBJECTIVES["booth"], function=flat_where_negative, points=lambda _: ()))
    frame = last(NewtonBasinRequest(grid(-1, 3, -1, 1, 40, 8), "booth"))
    left = frame.request.grid.column_values() < 0
    assert (frame.labels[:, left] == SINGULAR).all() and (frame.labels[:, ~left] == 0).all()
    assert frame.points[0].kind == "maximum"
    far = last(NewtonBasinRequest(grid("2e12", "3e12", "2e12", "3e12", 8, 8), "himmelblau"))
    assert (far.labels == DIVERGED).all()


def test_rastrigin_s_many_points() -> None:
    frame = last(NewtonBasinRequest(grid(-5.12, 5.12, -5.12, 5.12, 64, 64), "rastrigin"))
    kinds = {frame.points[label].kind for label in np.unique(frame.labels) if label >= 0}
    assert kinds == {"minimum", "maximum", "saddle"}
    centre = last(NewtonBasinRequest(grid(-0.1, 0.1, -0.1, 0.1, 8, 8), "rastrigin"))
    assert (centre.labels == 0).all() and centre.points[0].point == (0.0, 0.0)
    assert (frame.labels != SINGULAR).any() and ELSEWHERE < 0


def test_basins_follow_the_parameters() -> None:
    request = NewtonBasinRequest(grid(-2, 2, -1, 3), "rosenbrock", parameters={"a": -1.0})  # type: ignore[arg-type]
    frame = last(request)
    assert request.parameters == (("a", -1.0), ("b", 100.0)) and [p.point for p in frame.points] == [(-1.0, 1.0)]
    typed = last(NewtonBasinRequest(request.grid, "(a-x)^2 + b*(y-x^2)^2", parameters=request.parameters))
    assert [np.round(p.point, 9).tolist() for p in typed.points] == [[-1.0, 1.0]]
    assert (frame.labels == typed.labels).mean() > 0.99


def test_coarse_first_and_then_the_whole() -> None:
    request = NewtonBasinRequest(grid(-6, 6, -6, 6, 200, 130))
    got = frames(request)
    assert [frame.done for frame in got] == [False] * (len(got) - 1) + [True]
    assert all(frame.request is request and frame.labels.shape == (130, 200) for frame in got)
    assert len(np.unique(got[0].labels[:, 0])) <= len(np.unique(got[-1].labels[:, 0])) + 9
    assert (got[0].labels == got[-1].labels).mean() > 0.6
    assert [frame.progress for frame in got] == sorted(frame.progress for frame in got)


def test_deep_zooms_move_with_the_window() -> None:
    whole = last(NewtonBasinRequest(grid("0.1", "0.1000000001", "2.5", "2.5000000001", 64, 32)))
    part = last(NewtonBasinRequest(Grid(whole.request.grid.viewport.box(0, 0, 0.5, 0.5), 32, 16)))
    assert (part.labels == whole.labels[16:, :32]).mean() > 0.95
    with pytest.raises(ValueError, match="zoom out"):
        list(NewtonBasinRequest(grid("0.1", "0.10000000000000001", 2, 3)).frames())


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"objective": "wood"}, "two variables"),
        ({"objective": "quartic"}, "two variables"),
        ({"damping": 0.0}, "above 0"),
        ({"tolerance": float("nan")}, "above 0"),
        ({"max_steps": 0}, "from 1 to 1 000"),
        ({"grid": grid(0, 1, 0, 1, 10**6, 10**6)}, "bytes"),
    ],
)
def test_bad_fields_are_refused(fields: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        NewtonBasinRequest(**{"grid": grid(0, 1, 0, 1), **fields})  # type: ignore[arg-type]


def test_zooming_compiles_nothing(compiled: Any) -> None:
    request = NewtonBasinRequest(grid(-6, 6, -6, 6))
    dragged = NewtonBasinRequest(request.grid, "rosenbrock")
    last(request), last(dragged)
    with compiled() as kernels:
        for change in ({"grid": grid(-1, 1, -2, 2, 171, 99)}, {"damping": 0.5}, {"max_steps": 17}, {"tolerance": 1e-4}):
            last(replace(request, **change))  # type: ignore[arg-type]
        last(replace(dragged, parameters={"a": 0.5, "b": 3.0}))  # type: ignore[arg-type]
    assert kernels == []


def test_starts_that_leave_the_domain_or_run_away_have_labels_of_their_own() -> None:
    grid = Grid(Viewport.from_limits("-1", "4", "0.5", "4"), 64, 48)
    *_, frame = NewtonBasinRequest(grid, "x - log(x) - log(y)", max_steps=100).frames()
    assert frame is not None and frame.points == ()
    x = grid.column_values()
    # Newton's step for x - log x takes x to x (2 - x), below 0 beyond 2; for log y it takes y to 2 y, for ever.
    assert (frame.labels[:, (x < 0) | (x > 2)] == OUTSIDE).all()
    assert (frame.labels[:, (x > 0.05) & (x < 1.95)] == DIVERGED).all()


@pytest.mark.parametrize(
    ("objective", "limits"),
    [
        ("exp(exp(x)) + y^2", (-3, 12, -1, 1)),  # value and gradient overflow; the flat part is run away from
        ("1/(x*x + y*y) + x", (-1, 1, -1, 1)),  # a pole, on a pixel too
        ("himmelblau", (1e12, 2e12, 1e12, 2e12)),  # far away, and back
    ],
)
def test_a_pixel_and_a_run_from_there_have_one_outcome(objective: str, limits: tuple[float, ...]) -> None:
    frame = last(NewtonBasinRequest(grid(*map(str, limits), 9, 5), objective, max_steps=60))
    names = {DIVERGED: "diverged", OUTSIDE: "undefined", UNRESOLVED: "max-steps", SINGULAR: "singular"}
    for row, y in list(enumerate(frame.request.grid.row_values()))[::2]:
        for column, x in enumerate(frame.request.grid.column_values()):
            *_, run = NewtonRequest(objective, method="newton", start=(x, y), max_steps=60).frames()
            label = int(frame.labels[row, column])
            assert names.get(label, "converged") == run.status, (x, y)
