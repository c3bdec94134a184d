"""Manifolds of saddles against closed forms: straight lines of the cat map, eigenvectors and invariance of Hénon's."""

import itertools
import math

import numpy as np
import pytest

from kernels.geometry import Viewport
from kernels.maps import PLANE_MAPS
from kernels.phase_plane import ManifoldsRequest

GOLDEN = (1 + math.sqrt(5)) / 2
BENT = "x' = 1 - a*x^2 + y + c*y^2; y' = b*x"
"""Hénon's map at c = 0; else it is not invertible: at y = -1/(2c) its determinant is 0."""


def last(request):
    *_, frame = request.frames()
    return frame


def test_the_cat_maps_manifolds_are_straight_lines_that_cross_where_integers_say():
    frame = last(ManifoldsRequest(PLANE_MAPS["cat"].plane, "cat", length=4.0))
    # x' = x + y, y' = x + 2 y stretches along (1, golden ratio).
    unstable, stable = np.array([1, GOLDEN]), np.array([GOLDEN, -1])
    unstable, stable = unstable / np.hypot(*unstable), stable / np.hypot(*stable)
    assert [branch.is_stable for branch in frame.branches] == [False, False, True, True]
    for branch in frame.branches:
        assert branch.length == 4.0
        assert branch.end == ""
        steps = np.diff(branch.points, axis=0)
        steps -= np.round(steps)
        assert np.hypot(*steps.T).max() <= 1 / 399
        assert np.abs(steps @ (unstable if branch.is_stable else stable)).max() < 1e-12
    # Homoclinic points are t u = s v modulo 1, so t = (m, n) u and s = -(m, n) v for whole numbers m, n.
    pairs = np.array([pair for pair in itertools.product(range(-9, 10), repeat=2) if pair != (0, 0)])
    along, beside = np.abs(pairs @ unstable), np.abs(pairs @ stable)
    inside = (along < 4) & (beside < 4)
    expected = (pairs[inside] @ unstable)[:, None] * unstable % 1
    assert len(frame.crossings) == len(expected)
    assert frame.homoclinic.all()
    away = frame.crossings[:, None] - expected
    away = np.abs(away - np.round(away)).max(2)
    assert away.min(1).max() < 1e-9
    assert away.min(0).max() < 1e-9


def test_henons_manifolds_begin_along_eigenvectors_and_are_invariant():
    view, a, b = PLANE_MAPS["henon"].plane, 1.4, 0.3
    frame = last(ManifoldsRequest(view, "henon", length=6.0))
    assert len(frame.saddles) == 2
    for branch in frame.branches:
        (x, y), points = frame.saddles[branch.saddle].points[0], branch.points
        # det(J - v) = v^2 + 2 a x v - b for the eigenvector (v, b).
        values = np.roots([1, 2 * a * x, -b])
        value = values[np.argmin(np.abs(values)) if branch.is_stable else np.argmax(np.abs(values))]
        way = points[0] - (x, y)
        assert abs(way[0] * b - way[1] * value) / np.hypot(*way) < 1e-9
        # The image of a stable branch lies on it, an unstable branch on its image: here by distances from segments.
        image = np.stack([1 - a * points[:, 0] ** 2 + points[:, 1], b * points[:, 0]], axis=1)
        both = [each.points for each in frame.branches if (each.saddle, each.is_stable) == (branch.saddle, branch.is_stable)]
        line, inner = (both, image[len(image) // 2]) if branch.is_stable else ([image], points[len(points) // 2])
        if not branch.is_stable and len(both) == 2:
            line = [np.stack([1 - a * each[:, 0] ** 2 + each[:, 1], b * each[:, 0]], axis=1) for each in both]
        assert min(_distance(inner, each) for each in line) < 1e-4
    assert frame.homoclinic.any()


def _distance(point, line):
    start, way = line[:-1], np.diff(line, axis=0)
    share = np.clip(((point - start) * way).sum(1) / (way**2).sum(1), 0, 1)
    return np.hypot(*(start + share[:, None] * way - point).T).min()


def test_without_an_inverse_stable_manifolds_are_the_same_by_preimages_and_end_where_there_are_none():
    view, values = PLANE_MAPS["henon"].plane, (("a", 1.4), ("b", 0.3))
    known = last(ManifoldsRequest(view, "henon", values, length=6.0))
    typed, bent = (last(ManifoldsRequest(view, BENT, (*values, ("c", c)), length=6.0)) for c in (0.0, 2.0))
    assert (known.by_preimages, typed.by_preimages) == (False, True)
    for one, other in zip(known.branches, typed.branches, strict=True):
        assert (one.saddle, one.side, one.is_stable) == (other.saddle, other.side, other.is_stable)
        assert other.points[-1] == pytest.approx(one.points[-1], abs=2e-3)
        assert _distance(other.points[len(other.points) // 2], one.points) < 1e-4
    ends = [branch for branch in bent.branches if branch.end == "preimage"]
    assert ends
    for branch in ends:
        assert branch.is_stable
        # Its last point lies on the line where the determinant is 0.
        assert branch.points[-1, 1] == pytest.approx(-1 / 4, abs=1e-3)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"length": 0.0}, "length of manifolds 0 is out of range"),
        ({"length": math.nan}, "not a finite number"),
        ({"longest": 7}, "period of saddles"),
        ({"map": "logistic"}, "one coordinate"),
    ],
)
def test_what_is_out_of_range_is_refused_in_one_line(given, words):
    with pytest.raises(ValueError, match=words) as error:
        ManifoldsRequest(Viewport.from_limits(0, 1, 0, 1), **given)
    assert "\n" not in str(error.value)
