"""Branches of cycles and named points of maps of the plane against closed forms."""

import math

import numpy as np
import pytest

from kernels.geometry import Viewport
from kernels.skeleton import PlaneBranch, SkeletonFrame, SkeletonRequest

B = 0.3
FOLD, DOUBLING, SECOND = -((1 - B) ** 2) / 4, 3 * (1 - B) ** 2 / 4, (1 - B) ** 2 + (1 + B) ** 2 / 4
"""Of Hénon's map: where the fixed points are born, where one of them doubles, and where the 2-cycle doubles."""


def computed(limits: tuple[str, str, str, str], **fields: object) -> SkeletonFrame:
    view = Viewport.from_limits(*limits)
    *_, frame = filter(None, SkeletonRequest(view, most_period=2, parts=("unstable-cycles", "named"), **fields).frames())  # type: ignore[arg-type]
    return frame


@pytest.fixture(scope="module")
def henon() -> SkeletonFrame:
    return computed(("-0.3", "1.4", "-4", "4"), map="henon")


def test_points_of_henon_s_map_in_closed_form(henon: SkeletonFrame) -> None:
    found = [(p.kind, p.period, p.parameter, p.form) for p in henon.named]
    assert [(kind, period, form) for kind, period, _, form in found] == [
        ("fold", 1, ""),
        ("period-doubling", 1, "supercritical"),
        ("period-doubling", 2, "supercritical"),
    ]
    assert [parameter for *_, parameter, _ in found] == pytest.approx([FOLD, DOUBLING, SECOND], abs=4e-15)
    fold = henon.named[0]
    assert fold.x == pytest.approx((B - 1) / (2 * FOLD), abs=1e-6) and fold.beside[0] == pytest.approx(B * fold.x)


def test_every_point_of_a_branch_is_a_cycle_and_its_multiplier_the_closed_form(henon: SkeletonFrame) -> None:
    assert sorted(branch.period for branch in henon.branches) == [1, 1, 2], "one through the fold, one from infinity, and the 2-cycle"
    for branch in henon.branches:
        assert isinstance(branch, PlaneBranch)
        later = 1 - branch.parameter * branch.states**2 + branch.beside, B * branch.states
        for image, states in zip(later, (branch.states, branch.beside), strict=True):
            assert np.abs(np.roll(image, 1, axis=0) - states).max() < 1e-8
        if branch.period == 1:
            bend = -branch.parameter * branch.states[0]
            root = np.sqrt(bend**2 + B)
            assert branch.multiplier == pytest.approx(np.where(bend < 0, bend - root, bend + root), rel=1e-6)
        else:
            assert branch.parameter.min() == pytest.approx(DOUBLING, abs=1e-12), "it is led on to the doubling that it comes from"
    stable = henon.attracting[~np.isnan(henon.attracting).any(axis=1), 0]
    assert (stable.min(), stable.max()) == pytest.approx((FOLD, SECOND), abs=3e-3)


def test_along_a_line_both_parameters_change() -> None:
    line = ((0.0, 0.0), (1.2, 0.3))
    frame = computed(("0", "1", "-1.5", "1.5"), map="henon", and_sweep="b", line=line)
    assert [(p.kind, p.period) for p in frame.named] == [("period-doubling", 1), ("period-doubling", 2)]
    (a, b), (second, c) = (frame.request.at(point.parameter).values() for point in frame.named)
    assert a == pytest.approx(3 * (1 - b) ** 2 / 4, abs=4e-15)
    assert second == pytest.approx((1 - c) ** 2 + (1 + c) ** 2 / 4, abs=4e-15)


def test_neimark_sacker_and_transcritical_points_of_the_delayed_logistic_map_in_its_other_coordinate() -> None:
    frame = computed(("0.5", "2.27", "-0.2", "1.2"), map="delayed-logistic", observe="y")
    assert [(p.kind, p.period, p.form) for p in frame.named] == [("transcritical", 1, ""), ("neimark-sacker", 1, "supercritical")]
    crossing, circle = frame.named
    assert (crossing.parameter, crossing.x) == pytest.approx((1, 0), abs=4e-15)
    assert (circle.parameter, circle.x, circle.beside[0]) == pytest.approx((2, 0.5, 0.5), abs=4e-15)


def test_where_the_area_is_preserved_normal_forms_are_unknown() -> None:
    """(pi, 0) doubles at k = 4, where trace 2 - k comes to -2; the determinant is 1 everywhere, which names no point."""
    frame = computed(("3.6", "4.4", "2", "4.2831853"), map="standard", sweep="k")
    (doubling,) = (p for p in frame.named if p.kind == "period-doubling" and p.period == 1)
    assert (doubling.parameter, doubling.x) == pytest.approx((4, math.pi)) and math.isnan(doubling.coefficient) and doubling.form == ""
    assert "neimark-sacker" not in {p.kind for p in frame.named}
