"""Surfaces against NumPy, their levels, curves of one variable, and comparisons of methods."""

import jax
import numpy as np
import pytest

from kernels import Grid, Viewport
from kernels.newton.comparison import ComparisonRequest
from kernels.newton.contour_levels import LINES, UNDEFINED, Levels, levels, nice, toned
from kernels.newton.request import NewtonRequest
from kernels.newton.surface import LineRequest, SurfaceRequest, best_value
from kernels.objectives.registry import OBJECTIVES

PLANE = [o for o in OBJECTIVES.values() if o.dimension > 1]
LINE = [o for o in OBJECTIVES.values() if o.dimension == 1]


@pytest.mark.parametrize("objective", PLANE, ids=lambda o: o.name)
def test_a_surface_is_the_function_at_each_pixel(objective) -> None:  # type: ignore[no-untyped-def]
    grid = Grid(objective.view, 61, 47)
    rest = objective.start(objective.dimension)[2:]
    frames = [frame for frame in SurfaceRequest(grid, objective.name, rest).frames() if frame is not None]
    assert [frame.done for frame in frames] == [False, True]
    assert frames[0].values.shape == (12, 16)
    last = frames[-1]
    assert last.values.shape == last.tones.shape == (47, 61)
    for row, column in ((0, 0), (46, 60), (20, 33)):
        x = np.array([grid.column_values()[column], grid.row_values()[row], *rest])
        assert last.values[row, column] == pytest.approx(float(objective.function(jax.numpy.asarray(x))), rel=1e-12)
    assert last.tones.max() < UNDEFINED and (last.tones % LINES).max() > 0


@pytest.mark.parametrize("objective", LINE, ids=lambda o: o.name)
def test_curves_of_one_variable(objective) -> None:  # type: ignore[no-untyped-def]
    (frame,) = LineRequest(Grid(objective.view, 300, 10), objective.name).frames()
    assert frame.x.shape == frame.values.shape == frame.slopes.shape == (300,)
    between = np.diff(frame.values) / np.diff(frame.x)
    assert between == pytest.approx((frame.slopes[1:] + frame.slopes[:-1]) / 2, abs=0.01 * np.abs(frame.slopes).max())


def test_levels_count_from_the_best_value() -> None:
    assert best_value("himmelblau", 2) == pytest.approx(0, abs=1e-25) and best_value("quadratic", 2) == 2
    assert best_value("double-well", 1) == -0.25 and best_value("double-well", 1, (("a", 0.5),)) == pytest.approx(-0.0625)
    values = np.logspace(-3, 4, 4000).reshape(40, 100)
    found = levels(values, 0.0, False, True)
    assert found.log and found.spacing == 0.5 and found.of(np.array([100.0])) == pytest.approx(2)
    assert not levels(values[20:21] + 1e6, 0.0, False, True).log  # hardly a change: even steps of the value
    assert levels(np.full((3, 3), np.nan), 0.0, False, True) == Levels(False, 0.0, 1.0, 0.0, 1.0)
    flat = levels(np.ones((3, 3)), 0.0, False, False)
    assert flat.low < 1 < flat.high
    assert [nice(x) for x in (0.11, 0.2, 0.21, 7.0)] == [0.2, 0.2, 0.5, 10.0]


def test_lines_lie_where_the_levels_do_and_the_undefined_is_told() -> None:
    values = np.tile(np.linspace(0.0, 10.0, 201), (50, 1))
    values[3, 7] = np.nan
    tones = np.zeros(values.shape, np.uint16)
    for _ in toned(values, Levels(False, 0.0, 2.0, 0.0, 10.0), tones):
        pass
    assert tones[3, 7] == UNDEFINED
    strong = np.flatnonzero(tones[30] % LINES > LINES / 2)
    assert values[30, strong] == pytest.approx([0, 2, 4, 6, 8, 10])
    shades = (tones[30] // LINES).astype(int)
    assert (np.diff(shades) >= 0).all() and shades[0] == 0 and shades[-1] == 255


def test_a_surface_of_too_many_variables_is_refused_in_one_line() -> None:
    grid = Grid(Viewport.from_limits(-1, 1, -1, 1), 10, 10)
    with pytest.raises(ValueError, match="too many to draw"):
        SurfaceRequest(grid, "rosenbrock", (0.0,) * 2000)
    with pytest.raises(ValueError, match="does not fit himmelblau"):
        SurfaceRequest(grid, "himmelblau", (0.0,))
    with pytest.raises(ValueError, match="does not fit beale"):
        LineRequest(grid, "beale")


def test_a_comparison_has_the_same_runs_as_each_alone() -> None:
    runs = tuple(NewtonRequest("rosenbrock", method=method) for method in ("newton", "newton-cg", "gradient"))
    last = [frame for frame in ComparisonRequest(runs).frames() if frame is not None][-1]
    assert last.done and last.progress == 1 and [run.request for run in last.runs] == list(runs)
    for run, asked in zip(last.runs, runs, strict=True):
        assert run.request is asked
        alone = [frame for frame in asked.frames() if frame is not None][-1]
        assert np.array_equal(run.iterates, alone.iterates)
    with pytest.raises(ValueError, match="each method once"):
        ComparisonRequest((runs[0], runs[0]))
    with pytest.raises(ValueError, match="no method"):
        ComparisonRequest(())
