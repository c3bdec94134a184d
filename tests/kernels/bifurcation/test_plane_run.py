"""Diagrams of maps of the plane: counts, both exponents and periods against numpy and closed forms."""

import math

import numpy as np
import pytest

from kernels import BifurcationFrame, BifurcationRequest, Grid, Viewport
from kernels.bifurcation import DIVERGED, QUASIPERIODIC, UNDEFINED, JourneyRequest

GOLDEN = math.log((3 + math.sqrt(5)) / 2)


def last(map: str, across: tuple[float, float], up: tuple[float, float] = (-1.5, 1.5), **fields: object) -> BifurcationFrame:
    # All of one size, so that the kernels are compiled once for each map.
    grid = Grid(Viewport.from_limits(*across, *up), 16, 20)
    sweep = {"henon": "a", "cat": "k", "newton-cube": "r", "delayed-logistic": "a"}[map]
    *_, frame = (found for found in BifurcationRequest(grid, map, sweep, **fields).frames() if found is not None)  # type: ignore[arg-type]
    return frame  # type: ignore[no-any-return]


@pytest.mark.parametrize(("observe", "up"), [("x", (-1.5, 1.5)), ("y", (-0.45, 0.3)), ("radius", (0.0, 1.6))])
def test_the_observed_coordinate_is_counted_as_numpy_counts_it(observe: str, up: tuple[float, float]) -> None:
    frame = last("henon", (0.9, 1.0), up, observe=observe, start=(0.1, 0.2), transient=100, samples=80)
    x, y = np.full(16, 0.1), np.full(16, 0.2)
    edges, counts = np.linspace(*up, 21), np.zeros((20, 16), int)
    for n in range(180):
        x, y = 1 - frame.columns * x * x + y, 0.3 * x
        if n >= 100:
            seen = {"x": x, "y": y, "radius": np.hypot(x, y)}[observe]
            row = np.searchsorted(edges, seen, "right") - 1
            inside = (row >= 0) & (row < 20)
            counts[19 - row[inside], np.arange(16)[inside]] += 1
    assert np.array_equal(frame.counts, counts) and counts.any()
    assert frame.request.observe == observe and frame.request.start == (0.1, 0.2)


def test_exponents_of_henon_s_attractor_sum_to_the_logarithm_of_the_determinant() -> None:
    frame = last("henon", (1.39999, 1.40001), samples=20000, start=(0.0, 0.0))
    assert frame.spectrum is not None and frame.spectrum.shape == (16, 2)
    assert np.abs(frame.spectrum.sum(axis=1) - math.log(0.3)).max() < 1e-14
    assert np.mean(frame.lyapunov) == pytest.approx(0.419, abs=2e-3) and np.array_equal(frame.lyapunov, frame.spectrum[:, 0])
    assert not frame.period.any() and np.isnan(frame.multiplier).all()


def test_exponents_and_multipliers_of_henon_s_fixed_point_are_those_of_its_eigenvalues() -> None:
    frame = last("henon", (-0.1, 0.4), transient=3000, start=(0.0, 0.0))
    x = (-0.7 + np.sqrt(0.49 + 4 * frame.columns)) / (2 * frame.columns)
    small, large = np.sort(np.abs([-frame.columns * x - s * np.sqrt((frame.columns * x) ** 2 + 0.3) for s in (1, -1)]), axis=0)
    stable = large < 1
    assert stable.sum() > 10 and (frame.period[large < 0.99] == 1).all()
    settled = frame.period == 1
    assert np.allclose(np.abs(frame.multiplier[settled]), large[settled], rtol=1e-6)
    assert frame.spectrum is not None
    assert np.allclose(frame.spectrum[settled], np.log(np.stack([large, small], axis=1)[settled]), atol=2e-3)


def test_quasi_periodic_columns_are_told_from_chaos_and_from_cycles() -> None:
    # The Neimark-Sacker bifurcation is at a = 2, where the eigenvalues are exp(±iπ/3).
    frame = last("delayed-logistic", (1.92, 2.08), (0.0, 1.0), transient=3000, samples=2000, start=(0.5, 0.4))
    assert frame.quasiperiodic is not None and frame.rotation is not None
    assert (frame.period[frame.columns < 1.99] == 1).all() and not frame.quasiperiodic[frame.columns < 2].any()
    circle = frame.columns > 2.015
    assert (
        frame.quasiperiodic[circle].all()
        and (frame.kinds[circle] == QUASIPERIODIC).all()
        and np.isnan(frame.rotation[frame.columns < 2]).all()
    )
    extrapolated = np.polynomial.Polynomial.fit(frame.columns[circle] - 2, frame.rotation[circle], 3)(0.0)
    assert extrapolated == pytest.approx(1 / 6, abs=1e-5)
    # Hénon's map has no invariant circle that attracts, as it shrinks areas alike everywhere; but orbits settle slowly at doublings, to
    # cycles of period 56 near a = 1.3063, and where doublings accumulate, near 1.058.
    for across in ((0.35, 0.39), (0.9, 0.93), (1.30628, 1.30631), (1.0577, 1.0583), (1.39, 1.4)):
        assert not last("henon", across, start=(0.0, 0.0)).quasiperiodic.any()  # type: ignore[union-attr]


def test_henon_doubles_where_the_closed_forms_say() -> None:
    first, second = 3 * 0.7**2 / 4, 0.7**2 + 1.3**2 / 4  # 0.3675 and 0.9125
    frame = last("henon", (first - 0.05, first + 0.05), transient=5000, start=(0.0, 0.0))
    assert frame.period.tolist() == [1] * 8 + [2] * 8
    frame = last("henon", (second - 0.05, second + 0.05), transient=5000, start=(0.0, 0.0))
    assert frame.period.tolist() == [2] * 8 + [4] * 8
    # Where the 2-cycle's eigenvalues are complex, both exponents are half the logarithm of their product b².
    frame = last("henon", (0.55, 0.65), start=(0.0, 0.0))
    assert frame.period.tolist() == [2] * 16 and np.allclose(frame.multiplier, 0.3)
    assert frame.spectrum is not None and np.allclose(frame.spectrum, math.log(0.3) / 2, atol=2e-3)


def test_exponents_of_the_cat_map_are_the_golden_ones_and_its_start_is_completed() -> None:
    frame = last("cat", (-1e-9, 1e-9), (0.0, 1.0), samples=300, transient=64)
    assert frame.request.start == (0.5, 0.5812) and frame.request.observe == "x"
    assert frame.spectrum is not None and frame.spectrum == pytest.approx(np.tile([GOLDEN, -GOLDEN], (16, 1)), abs=1e-9)
    assert frame.outside.sum() == 0 and not frame.period.any()


def test_growth_and_a_missing_value_are_told_apart() -> None:
    frame = last("henon", (1.5, 3.0), start=(0.0, 0.0))
    assert (frame.period == DIVERGED).all() and np.isnan(frame.lyapunov).all() and (frame.outside == 1000).all()
    frame = last("newton-cube", (0.5, 1.5), start=(0.0, 0.0))  # 1 / z² at 0
    assert (frame.period == UNDEFINED).all() and frame.spectrum is not None and np.isnan(frame.spectrum).all()
    frame = last("newton-cube", (0.5, 1.5), start=(0.9, 0.7))  # the multiplier of a root is 1 - r
    assert (frame.period == 1).all() and np.allclose(frame.multiplier, 1 - frame.columns, atol=1e-7)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"observe": "z"}, "the map henon has no coordinate 'z'; it has x, y"),
        ({"start": (0.1, 0.2, 0.3)}, "the initial condition has 3 numbers; give 2: x, y"),
        ({"start": (0.1, math.inf)}, "the initial condition inf is not a finite number; give one such as 0.5"),
    ],
)
def test_bad_fields_are_refused_in_a_line(fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        last("henon", (1.0, 1.4), **fields)
    with pytest.raises(ValueError, match="the map logistic has no coordinate 'y'; it has x"):
        BifurcationRequest(Grid(Viewport.from_limits(3, 4, 0, 1), 2, 2), observe="y")


def test_below_float64_there_is_no_engine_for_the_plane() -> None:
    with pytest.raises(ValueError, match="float64 cannot tell neighbouring columns or rows apart in this view; zoom out"):
        last("henon", (1.4, 1.4 + 1e-15))
    with pytest.raises(ValueError, match="the map henon has two coordinates"):
        next(JourneyRequest(Viewport.from_limits(1, 1.4, -1, 1), "henon", "a", (("b", 0.3),), "fit").frames())
