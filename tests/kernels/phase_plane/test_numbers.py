"""Dimensions and rotation numbers against closed forms and published values."""

import math

import numpy as np
import pytest

from kernels.iteration.rotation import mean_turn
from kernels.phase_plane import OrbitNumbersRequest, dimensions


def found(name, start=(0.1, 0.1), states=2**16, **parameters):
    *_, frame = OrbitNumbersRequest(name, tuple(parameters.items()), start, states=states).frames()
    return frame


def of(points):
    steps = dimensions(np.asarray(points, np.float64))
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def test_dimensions_of_a_line_a_filled_square_and_cantors_dust_are_known():
    t = np.random.default_rng(0).random((2, 2**16))
    for points, value in (
        ([t[0], 0.3 * t[0]], 1.0),
        (t, 2.0),
        (np.zeros((2, 100)), 0.0),
        ([np.arange(1000) % 7, np.arange(1000) % 7], 0.0),
    ):
        for dimension in of(points):
            assert dimension.value == pytest.approx(value, abs=0.005)
            assert dimension.error < 0.02
    # Numbers without the digit 1 to base 3, along both axes: ln 4 / ln 3.
    digits = np.random.default_rng(1).integers(0, 2, (16, 2, 2**17)) * 2
    for dimension in of((digits / 3.0 ** np.arange(1, 17)[:, None, None]).sum(0)):
        assert abs(dimension.value - math.log(4) / math.log(3)) < 2 * dimension.error < 0.2


def test_henons_dimensions_are_the_published_ones():
    frame = found("henon", states=2**20)
    # D. A. Russell and others (1980): 1.261 ± 0.003; P. Grassberger (1983): 1.220 ± 0.036.
    assert frame.box.value == pytest.approx(1.26, abs=0.02)
    assert frame.correlation.value == pytest.approx(1.22, abs=0.02)
    assert 0 < frame.box.error < 0.03
    assert frame.rotation.about is None
    slope = np.polyfit(frame.box.sides[frame.box.used], frame.box.logs[frame.box.used], 1)
    assert slope == pytest.approx([frame.box.value, frame.box.at_zero])


def test_an_orbit_that_diverges_has_no_numbers_and_too_few_states_tell_no_dimension():
    frame = found("henon", (3.0, 3.0))
    assert (frame.box, frame.correlation, frame.rotation.about) == (None, None, None)
    assert not of(np.random.default_rng(0).random((2, 1000)))[0].is_resolved
    with pytest.raises(ValueError, match="states 10 is out of range"):
        OrbitNumbersRequest("henon", states=10)


def test_a_rigid_rotation_has_its_rotation_number_exactly():
    omega = math.sqrt(2) / 5
    turns = np.arange(4097) * np.array([[omega], [-omega], [0.25], [0.0]])
    value, error = mean_turn(turns.T % 1.0)
    assert value == pytest.approx([omega, 1 - omega, 0.25, 0.0], abs=1e-14)
    assert (error < 1e-13).all()
    # A coordinate that a conjugacy bends turns as fast on average.
    angle = np.arange(2**14) * omega
    (value,), (error,) = mean_turn(((angle + 0.1 * np.sin(2 * math.pi * angle)) % 1.0)[:, None])
    assert value == pytest.approx(omega, abs=1e-13)
    assert math.isnan(mean_turn(np.random.default_rng(0).random((1000, 1)))[0][0])
    # Without kicks the standard map turns by y at each step.
    golden = (math.sqrt(5) - 1) / 2
    frame = found("standard", (1.0, 2 * math.pi * golden), k=0.0)
    assert (frame.rotation.turns, frame.rotation.about) == (pytest.approx(golden, abs=1e-14), "x")
    assert frame.box.value == pytest.approx(1.0, abs=0.01)


def test_orbits_wind_about_a_focus_as_its_eigenvalues_say():
    # At its Neimark-Sacker bifurcation, a = 2, the eigenvalues are exp(±iπ/3); near it the circle turns about as fast.
    frame = found("delayed-logistic", (0.5, 0.45), a=2.002)
    assert frame.rotation.about == pytest.approx((0.5005, 0.5005), abs=1e-4)
    assert frame.rotation.turns == pytest.approx(1 / 6, abs=1e-3)
    assert frame.rotation.error < 1e-6
    # About the centre of the standard map, with the trace 2 - k.
    frame = found("standard", (math.pi + 1e-4, 0.0), k=0.5)
    assert frame.rotation.turns == pytest.approx(math.acos(1 - 0.25) / (2 * math.pi), abs=1e-8)
    assert frame.rotation.about == pytest.approx((math.pi, 0.0), abs=1e-12)
