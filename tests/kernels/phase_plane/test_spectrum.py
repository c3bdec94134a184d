"""Lyapunov exponents and dimensions of maps of the plane against closed forms and published numbers."""

import math

import pytest

from kernels.phase_plane import PlaneOrbitsRequest, SpectrumRequest


def found(name, start=(0.1, 0.1), steps=20_000, **parameters):
    *_, frame = SpectrumRequest(name, tuple(parameters.items()), start, steps=steps).frames()
    return frame


def test_henons_exponents_add_up_to_the_logarithm_of_b():
    frame = found("henon")
    assert sum(frame.exponents) == pytest.approx(math.log(0.3), rel=1e-12)
    # J. C. Sprott, Chaos and Time-Series Analysis (2003): 0.419, and 1.258.
    assert abs(frame.exponents[0] - 0.4192) < 4 * frame.errors[0]
    assert frame.signs == (1, -1)
    assert frame.dimension == pytest.approx(1.258, abs=0.01)


def test_the_cat_maps_exponents_are_those_of_its_matrix():
    frame = found("cat")
    assert frame.exponents == pytest.approx((math.log((3 + math.sqrt(5)) / 2), -math.log((3 + math.sqrt(5)) / 2)), rel=1e-12)
    assert frame.dimension == 2.0


def test_an_attracting_fixed_point_has_the_logarithms_of_its_eigenvalues_and_no_dimension():
    a, b = 0.2, 0.3
    frame = found("henon", a=a, b=b)
    x = (b - 1 + math.sqrt((1 - b) ** 2 + 4 * a)) / (2 * a)
    roots = (-a * x - math.sqrt(a * a * x * x + b), -a * x + math.sqrt(a * a * x * x + b))
    assert frame.exponents == pytest.approx(sorted((math.log(abs(root)) for root in roots), reverse=True), rel=1e-4)
    assert frame.dimension == 0.0


def test_on_an_island_nothing_is_told_from_zero():
    frame = found("standard", (3.0, 0.1), k=0.5)
    assert frame.signs == (0, 0)
    assert math.isnan(frame.dimension)


def test_an_orbit_that_diverges_has_none():
    frame = found("henon", (3.0, 3.0))
    assert frame.signs == (None, None)
    assert all(map(math.isnan, (*frame.exponents, frame.dimension)))


def test_orbits_are_followed_state_by_state():
    (frame,) = PlaneOrbitsRequest("cat", (), ((0.25, 0.5), (0.0, 0.0)), 20).frames()
    x, y = 0.25, 0.5
    for state in frame.points[0]:
        assert tuple(state) == (x, y)
        x, y = (x + y) % 1, (x + 2 * y) % 1
    assert not frame.points[1].any()
    with pytest.raises(ValueError, match="number of initial conditions 0 is out of range"):
        PlaneOrbitsRequest("cat", (), ())
