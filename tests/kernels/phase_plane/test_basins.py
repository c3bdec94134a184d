"""Basins of attraction of maps of the plane against iterations by NumPy."""

import math

import numpy as np
import pytest

from kernels.geometry import Grid, Viewport
from kernels.phase_plane import DIVERGED, MOST_ATTRACTORS, UNRESOLVED, PlaneBasinsRequest
from kernels.phase_plane.uncertainty import exponent


def found(name, limits, size=(48, 32), **parameters):
    *_, frame = PlaneBasinsRequest(Grid(Viewport.from_limits(*limits), *size), name, tuple(parameters.items())).frames()
    assert frame.done
    return frame


def starts(frame):
    grid = frame.request.grid
    return np.meshgrid(grid.column_values(), grid.row_values())


def test_the_uncertainty_exponent_of_lines_and_of_a_cantor_set_of_lines():
    column, _ = np.meshgrid(np.arange(512), np.arange(64))
    value, error = exponent((column < 200).astype(np.int16))
    assert value == pytest.approx(1, abs=1e-12)
    # Gaps of Cantor's set, by turns of one basin and of another: its dimension is ln 2/ln 3.
    places, labels = np.arange(3**9), np.zeros(3**9, np.int16)
    for level in range(1, 10):
        digit = places // 3 ** (9 - level) % 3
        labels[(labels == 0) & (digit == 1)] = 1 + level % 2
    value, error = exponent(np.tile(labels, (64, 1)))
    assert abs(value - (1 - math.log(2) / math.log(3))) < 3 * error < 0.2
    assert math.isnan(exponent(np.zeros((64, 64), np.int16))[0])


def test_the_basins_of_newtons_map_are_those_of_numpys_iteration():
    frame = found("newton-cube", (-1.5, 1.5, -1.5, 1.5))
    x, y = starts(frame)
    z = x + 1j * y
    for _ in range(100):
        z = z - (z**3 - 1) / (3 * z**2)
    roots = np.exp(2j * np.pi * np.arange(3) / 3)
    expected = np.abs(z[..., None] - roots).argmin(-1)
    assert np.abs(z[..., None] - roots).min(-1).max() < 1e-6
    points = np.array([complex(*attractor.points[0]) for attractor in frame.attractors])
    assert {attractor.kind for attractor in frame.attractors} == {"fixed point"}
    assert (frame.labels >= 0).all()
    mine = np.abs(points[frame.labels][..., None] - roots).argmin(-1)
    # On the basins' boundary, a set without area, rounding may decide otherwise.
    assert (mine != expected).mean() < 0.01
    # From left to right and then upwards, whatever the size: so each basin keeps its colour.
    for n, root in enumerate(sorted(roots, key=lambda root: (round(root.real, 9), root.imag))):
        assert frame.attractors[n].points[0] == pytest.approx((root.real, root.imag), abs=1e-12)
    assert sum(frame.shares.values()) == pytest.approx(1)


def test_henons_attractor_is_chaotic_and_what_escapes_is_told():
    frame = found("henon", (-2, 2, -2, 2))
    x, y = starts(frame)
    with np.errstate(all="ignore"):
        for _ in range(200):
            x, y = 1 - 1.4 * x * x + y, 0.3 * x
    assert np.mean((frame.labels == DIVERGED) != ~np.isfinite(x)) < 0.01
    (attractor,) = frame.attractors
    assert attractor.kind == "chaotic"
    assert attractor.exponent == pytest.approx(0.419, abs=0.02)


def test_a_cycle_and_an_invariant_circle_are_told_apart():
    a, b = 0.5, 0.3
    (cycle,) = found("henon", (-1, 1, -1, 1), (16, 16), a=a, b=b).attractors
    total, product = (1 - b) / a, ((1 - b) ** 2 - a) / a**2
    root = math.sqrt(total**2 / 4 - product)
    assert (cycle.kind, cycle.period) == ("cycle", 2)
    assert [x for x, _ in cycle.points] == pytest.approx([total / 2 - root, total / 2 + root], abs=1e-9)
    frame = found("delayed-logistic", (0.2, 0.8, 0.2, 0.8), (16, 16), a=2.05)
    assert [attractor.kind for attractor in frame.attractors] == ["invariant circle"]
    assert (frame.labels == UNRESOLVED).mean() < 0.02


def test_of_more_attractors_than_there_may_be_as_many_are_told_apart():
    frame = found("x' = x - 0.004*sin(400*x); y' = y/2", (-1, 1, -1, 1), (800, 4))  # 127 fixed points attract
    assert len(frame.attractors) == MOST_ATTRACTORS
    assert set(np.unique(frame.labels)) - {UNRESOLVED} <= set(range(MOST_ATTRACTORS))


@pytest.mark.parametrize(
    ("name", "kind", "period"),
    [
        ("x' = x; y' = y/2", "curve", 1),
        ("x' = -x + y^2; y' = y/2", "curve", 2),
        ("x' = x + y*0; y' = y", "area", 1),
        # Every orbit but that of the origin comes to the circle, at a speed that is 0 there.
        ("x' = x + x*(1 - x^2 - y^2)/4; y' = y + y*(1 - x^2 - y^2)/4", "curve", 1),
    ],
)
def test_fixed_points_and_cycles_that_are_not_isolated_are_one_attractor(name, kind, period):
    frame = found(name, (-1, 1.1, -1, 1.05), (32, 16))
    assert [(each.kind, each.period) for each in frame.attractors] == [(kind, period)]
    assert (frame.labels == 0).all()


def test_an_isolated_fixed_point_beside_a_curve_of_them_is_told_from_it():
    # y = 0 is a line of fixed points, which attracts up to y = 1; beyond, orbits come to (0, 2).
    frame = found("x' = x*(1 - 0.5*y^2*(y > 1)/4); y' = y - 0.4*y*(y - 1)*(y - 2)*(y > 1) - 0.5*y*(y <= 1)", (-1, 1, -0.5, 2.6), (16, 31))
    assert sorted(each.kind for each in frame.attractors) == ["curve", "fixed point"]
    curve = [each.kind for each in frame.attractors].index("curve")
    rows = frame.request.grid.row_values()
    assert ((frame.labels == curve).all(1) == (rows <= 1)).all()
    assert (frame.labels >= 0).all()


def test_a_map_that_preserves_areas_has_no_basins():
    with pytest.raises(ValueError, match="preserves areas") as error:
        PlaneBasinsRequest(Grid(Viewport.from_limits(0, 1, 0, 1), 8, 8), "cat")
    assert "\n" not in str(error.value)
    with pytest.raises(ValueError, match="steps 0 is out of range"):
        PlaneBasinsRequest(Grid(Viewport.from_limits(0, 1, 0, 1), 8, 8), steps=0)
