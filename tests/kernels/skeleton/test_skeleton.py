"""Branches of cycles, named points and critical curves against closed forms, counts, and Newton's method in 50 digits."""

import math
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import pytest
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from kernels.geometry import Viewport
from kernels.skeleton import NamedPoint, SkeletonFrame, SkeletonRequest, why_not
from kernels.skeleton.critical import IMAGES, NARROW, critical_curves

CYCLES_AT_4 = (2, 1, 2, 3, 6, 9, 18, 30)
"""Cycles of the logistic map at a = 4 of periods 1 to 8."""


def computed(limits: tuple[str, str, str, str], **fields: object) -> SkeletonFrame:
    *_, frame = filter(None, SkeletonRequest(Viewport.from_limits(*limits), **fields).frames())  # type: ignore[arg-type]
    return frame


@pytest.fixture(scope="module")
def logistic() -> SkeletonFrame:
    return computed(("0.5", "4", "-0.5", "1.1"))


def of(frame: SkeletonFrame, kind: str, period: int) -> list[NamedPoint]:
    return [point for point in frame.named if (point.kind, point.period) == (kind, period)]


def test_each_cycle_of_the_last_column_is_on_a_branch(logistic: SkeletonFrame) -> None:
    for period, number in enumerate(CYCLES_AT_4, 1):
        crossings = 0
        for branch in logistic.branches:
            if branch.period == period:
                # At a = 4, where all cycles repel, no branch turns: each crossing of this column is another cycle.
                away = branch.parameter - 4
                crossings += int(np.count_nonzero((away[:-1] * away[1:] < 0) | (away[:-1] == 0)))
        assert crossings == number, period
    assert logistic.note == ""


def test_long_periods_are_found_as_far_as_there_are_not_too_many() -> None:
    """Of the 56 and 99 cycles of periods 9 and 10 at a = 4 none is missed, and what is left out of 11 and 12 is said."""
    frame = computed(("3.9", "4", "0", "1"), most_period=12, parts=("unstable-cycles",))
    assert frame.note == "cycles of periods up to 10 only: there are more than 256 up to period 11"
    found = dict.fromkeys(range(1, 13), 0)
    for branch in frame.branches:
        away = branch.parameter - 4
        found[branch.period] += int(np.count_nonzero((away[:-1] * away[1:] < 0) | (away[:-1] == 0)))
    assert tuple(found.values()) == (*CYCLES_AT_4, 56, 99, 0, 0)


def test_every_point_of_a_branch_is_a_cycle(logistic: SkeletonFrame) -> None:
    for branch in logistic.branches:
        later = branch.parameter * branch.states * (1 - branch.states)
        noise = 1e-12 * np.abs(branch.slopes).prod(axis=0) + 1e-8
        assert (np.abs(np.roll(later, 1, axis=0) - branch.states).max(axis=0) <= noise).all(), branch.period
        turned = branch.turning[1:-1]
        assert not (branch.reasons[0].startswith("could not") or branch.reasons[1].startswith("could not"))
        assert len(turned) == len(branch.parameter) - 2


def test_branches_are_drawn_finely_enough(logistic: SkeletonFrame) -> None:
    """The line through the points of the 2-cycle, in closed form, deviates from it by less than a pixel, also where it turns."""
    (branch,) = (b for b in logistic.branches if b.period == 2)
    a = np.linspace(3.0001, 3.9999, 4001)
    upper = (a + 1 + np.sqrt((a - 3) * (a + 1))) / (2 * a)
    order = np.argsort(branch.parameter)
    drawn = np.interp(a, branch.parameter[order], branch.states.max(axis=0)[order])
    assert np.abs(drawn - upper).max() < 1.6e-3
    assert branch.parameter.min() == pytest.approx(3, abs=1e-12), "it is led on to the doubling that it comes from"


@pytest.mark.parametrize(
    ("kind", "period", "parameter", "x"),
    [
        ("transcritical", 1, 1.0, 0.0),
        ("superstable", 1, 2.0, 0.5),
        ("period-doubling", 1, 3.0, 2 / 3),
        ("superstable", 2, 1 + math.sqrt(5), 0.5),
        ("period-doubling", 2, 1 + math.sqrt(6), None),
        ("fold", 3, 1 + math.sqrt(8), None),
        ("period-doubling", 4, 3.544090359551922853616, None),
        ("period-doubling", 8, 3.564407266095432597774, None),
    ],
)
def test_points_of_the_logistic_map_in_closed_form(
    logistic: SkeletonFrame, kind: str, period: int, parameter: float, x: float | None
) -> None:
    point = min(of(logistic, kind, period), key=lambda p: p.parameter)
    assert point.parameter == pytest.approx(parameter, abs=point.error) and point.error < 1e-14
    if x is not None:
        assert min(abs(state - x) for state in point.states) <= point.x_error


def test_superstable_cycles_are_counted(logistic: SkeletonFrame) -> None:
    """One of each word of the symbolic dynamics; the zeros of f^p(1/2) = 1/2 that are of no shorter period."""
    assert [len(of(logistic, "superstable", p)) for p in range(1, 9)] == [1, 1, 1, 2, 3, 5, 9, 16]


def test_each_point_solves_its_equations_in_fifty_digits(logistic: SkeletonFrame) -> None:
    with mpmath.workdps(50):
        for point in logistic.named:

            def image(x: mpmath.mpf, a: mpmath.mpf, period: int = point.period) -> tuple[mpmath.mpf, mpmath.mpf]:
                slope = mpmath.mpf(1)
                for _ in range(period):
                    slope *= a - 2 * a * x
                    x = a * x * (1 - x)
                return x, slope

            aim = {"period-doubling": -1, "superstable": 0}.get(point.kind, 1)
            if point.kind in ("transcritical", "band-merging", "crisis"):
                continue  # a double zero, known in closed form; and collisions, which are tested below

            def equations(x: mpmath.mpf, a: mpmath.mpf, aim: int = aim) -> list[mpmath.mpf]:
                later, slope = image(x, a)
                return [later - x, slope - aim]

            x, a = mpmath.findroot(equations, (mpmath.mpf(point.x), mpmath.mpf(point.parameter)), tol=1e-60)
            assert abs(a - point.parameter) <= point.error, point
            assert abs(x - point.x) <= point.x_error, point


def test_doublings_of_the_logistic_map_are_supercritical_and_named_so(logistic: SkeletonFrame) -> None:
    doublings = [point for point in logistic.named if point.kind == "period-doubling"]
    assert doublings and all(point.form == "supercritical" for point in doublings)
    (first,) = of(logistic, "period-doubling", 1)
    assert first.coefficient == pytest.approx(9)  # (2a)² / 4, as f'' = -2a and f''' = 0


def test_a_pitchfork_is_told_from_a_transcritical_point() -> None:
    frame = computed(("0.5", "2.1", "-2", "2"), map="cubic", most_period=2, parts=("named",))
    (pitchfork,) = of(frame, "pitchfork", 1)
    assert (pitchfork.parameter, pitchfork.x) == pytest.approx((1, 0), abs=1e-15) and pitchfork.form == "supercritical"
    assert [p.parameter for p in of(frame, "period-doubling", 1)] == pytest.approx([2, 2])
    assert not of(frame, "fold", 1) and not of(frame, "transcritical", 1)


def test_points_of_the_quadratic_family_in_closed_form() -> None:
    frame = computed(("-1.8", "0.3", "-2", "2"), map="quadratic", sweep="c", most_period=3, parts=("named",))
    wanted = {("fold", 1): 0.25, ("period-doubling", 1): -0.75, ("period-doubling", 2): -1.25, ("fold", 3): -1.75}
    wanted |= {("superstable", 1): 0.0, ("superstable", 2): -1.0}
    for (kind, period), c in wanted.items():
        (point,) = of(frame, kind, period)
        assert point.parameter == pytest.approx(c, abs=point.error), kind


def test_a_critical_curve_that_becomes_infinite_ends_there() -> None:
    class Critical:
        number = 1

        def images(self, rank: int, a: Any) -> Any:
            x = np.where(a < 0.3, 0.25, np.inf)
            return np.tile(x, (IMAGES, 1)), np.zeros((IMAGES, len(a)))

    drawn = list(critical_curves(Critical(), (0.0, 1.0), (0.0, 1.0)))[-1]  # type: ignore[arg-type]
    assert drawn is not None
    for line in drawn.lines:
        a, x = line[np.isfinite(line).all(axis=1)].T
        assert (x == 0.25).all()
        assert 0.3 - 2 * NARROW < a.max() < 0.3


def test_critical_curves_are_images_of_the_critical_point(logistic: SkeletonFrame) -> None:
    a = logistic.columns
    assert logistic.curves.shape[:2] == (1, 12)
    first, second, third = logistic.curves[0, :3]
    assert first == pytest.approx(a / 4) and second == pytest.approx(a * a / 4 * (1 - a / 4))
    assert third == pytest.approx(a * second * (1 - second))


@pytest.mark.parametrize(("limits", "images"), [(("3.4", "4", "0", "1"), 9), (("3.9", "3.92", "0.4", "0.6"), 12)])
def test_critical_curves_are_drawn_to_half_a_pixel(limits: tuple[str, str, str, str], images: int) -> None:
    """Also where they turn within a pixel: each point of the curve is as near to the line in a picture of 1600 x 1000."""
    frame = computed(limits, parts=("critical-curves",))
    left, right, low, high = map(float, limits)
    a = np.linspace(left, right, 320_001)
    x = np.full_like(a, 0.5)
    for line in frame.images[:images]:
        x = a * x * (1 - x)
        drawn = np.interp(a, *line[np.isfinite(line[:, 1])].T)
        pixel = 201
        beyond = np.maximum(x - maximum_filter1d(drawn, pixel), minimum_filter1d(drawn, pixel) - x)
        assert beyond[(x > low) & (x < high)].max(initial=0) < 0.0005 * (high - low)
    assert sum(map(len, frame.images)) < 20_000


def test_a_zoomed_view_has_the_window_s_points(logistic: SkeletonFrame) -> None:
    frame = computed(("3.82", "3.86", "0.45", "0.55"))
    wanted = [
        (p.kind, p.period, p.parameter) for p in logistic.named if 3.82 < p.parameter < 3.86 and any(0.45 < x < 0.55 for x in p.states)
    ]
    assert [(p.kind, p.period) for p in frame.named] == [(kind, period) for kind, period, _ in wanted]
    assert [p.parameter for p in frame.named] == pytest.approx([parameter for *_, parameter in wanted], abs=1e-14)
    steps = [np.hypot(np.diff(b.parameter) / 0.04, np.diff(b.states.T, axis=0).min(axis=1) / 0.1) for b in frame.branches]
    assert all(step.max() < 0.1 for step in steps)


@pytest.mark.parametrize(
    ("map", "limits", "reason"),
    [
        ("tent", ("1", "2", "0", "1"), "corners"),
        ("abs(x)*a - 1", ("1", "2", "0", "1"), "corners"),
        ("logistic", ("3.5", "3.50000000000001", "0", "1"), "float64"),
    ],
)
def test_where_there_is_no_skeleton_the_reason_is_given(map: str, limits: tuple[str, str, str, str], reason: str) -> None:
    view = Viewport.from_limits(*limits)
    assert reason in why_not(map, view)
    request = SkeletonRequest(view, map, {"tent": "m"}.get(map, "a"))
    with pytest.raises(ValueError, match=reason):
        next(iter(request.frames()))


def test_branches_are_followed_in_a_coordinate() -> None:
    view = Viewport.from_limits("0", "1.4", "0", "2")
    assert not why_not("henon", view, "y") and "observe x or y" in why_not("henon", view, "radius")
    with pytest.raises(ValueError, match="not in the radius"):
        next(iter(SkeletonRequest(view, "henon", observe="radius").frames()))


def test_bad_input_is_refused() -> None:
    view = Viewport.from_limits("3", "4", "0", "1")
    with pytest.raises(ValueError, match="from 1 to 16"):
        SkeletonRequest(view, most_period=17)
    with pytest.raises(ValueError, match="critical-curves"):
        SkeletonRequest(view, parts=("folds",))
    assert SkeletonRequest(view, parameters=(("a", 3.0),)) == SkeletonRequest(view), "the swept one has no value"


def test_the_circle_map_s_tongue_ends_in_folds() -> None:
    # At k = 1 x = 0 is also superstable at omega = 0, by a double zero of f', which hangs on the last bit.
    frame = computed(("0", "1", "0", "1"), map="circle", sweep="omega", most_period=1, parts=("named",), parameters=(("k", 0.9),))
    assert [p.kind for p in frame.named] == ["fold", "fold"]
    edge = 0.9 / (2 * math.pi)
    assert [p.parameter for p in frame.named] == pytest.approx([edge, 1 - edge], abs=1e-15)


def test_named_points_are_sorted_and_each_is_there_once(logistic: SkeletonFrame) -> None:
    for one, other in pairwise(logistic.named):
        assert one.parameter <= other.parameter
        assert (one.kind, one.period) != (other.kind, other.period) or other.parameter - one.parameter > 1e-9


def test_the_cascade_accumulates_where_it_is_known_to(logistic: SkeletonFrame) -> None:
    main = next(cascade for cascade in logistic.cascades if cascade.periods[0] == 1)
    assert main.periods[:5] == (1, 2, 4, 8, 16) and len(main.periods) >= 10
    assert main.parameters[:4] == pytest.approx([3, 1 + math.sqrt(6), 3.544090359551922853616, 3.564407266095432597774], abs=3e-15)
    assert abs(main.accumulation - 3.569945671870944901842) <= main.accumulation_error < 5e-13
    assert main.ratios[7:10] == pytest.approx([4.669201609102990671853] * 3, abs=2e-6)
    assert len(main.widths) == len(main.parameters) - 2
    assert main.widths[6:9] == pytest.approx([2.502907875095892822283] * 3, abs=2e-5)
    window = next(cascade for cascade in logistic.cascades if cascade.periods[0] == 3)
    assert window.accumulation == pytest.approx(3.849433681, abs=1e-8)


def test_band_mergings_and_crises_solve_their_collision_in_fifty_digits(logistic: SkeletonFrame) -> None:
    """Of f^p the critical value's images are on the cycle: f^(2p+1)(1/2) at a merging, f^(p+1)(1/2) at a crisis."""
    points = [point for point in logistic.named if point.kind in ("band-merging", "crisis")]
    assert len(points) >= 30
    with mpmath.workdps(50):
        for point in points:
            steps = point.period + 1 if point.kind == "crisis" else 2 * point.period + 1

            def gap(a: mpmath.mpf, steps: int = steps, period: int = point.period) -> mpmath.mpf:
                orbit = [mpmath.mpf(0.5)]
                for _ in range(steps + period):
                    orbit.append(a * orbit[-1] * (1 - orbit[-1]))
                return orbit[-1] - orbit[steps]

            a = mpmath.findroot(gap, mpmath.mpf(point.parameter), tol=1e-60, verify=False)
            assert abs(a - point.parameter) <= point.error, point


@pytest.mark.parametrize(
    ("kind", "period", "form", "a"),
    [
        ("band-merging", 1, "", 3.678573510428322),
        ("band-merging", 2, "", 3.592572184106978),
        ("crisis", 3, "interior", 3.856800652477765),
        ("crisis", 1, "boundary", 4.0),
    ],
)
def test_published_mergings_and_crises(logistic: SkeletonFrame, kind: str, period: int, form: str, a: float) -> None:
    assert [p.form for p in of(logistic, kind, period) if abs(p.parameter - a) < 2e-15] == [form]


def test_the_attractors_of_the_cubic_map_merge_where_its_maximum_falls_onto_zero() -> None:
    (point,) = of(computed(("2.5", "2.7", "-1.5", "1.5"), map="cubic", most_period=2, parts=("named",)), "crisis", 1)
    assert (point.parameter, point.form) == (pytest.approx(1.5 * math.sqrt(3), abs=1e-15), "interior")
