"""Branches of a diagram as lines: one for each point of the cycle, along the pixels, and joined where they divide."""

import numpy as np

from funjax_gui.figures.branches import branches
from funjax_gui.figures.items import Item, Polyline

ROWS, COLUMNS = 200, 300


def picture(points: list[list[float]]) -> np.ndarray:
    """Counts of columns with these heights, in [0, 1]. Shape (ROWS, COLUMNS), top row first."""
    counts = np.zeros((ROWS, len(points)), np.int32)
    for column, heights in enumerate(points):
        for height in heights:
            counts[min(ROWS - 1, int((1 - height) * ROWS)), column] += 60 // len(heights)
    return counts


def lines(points: list[list[float]], period: list[int]) -> list[Polyline]:
    counts = picture(points)
    pixels = np.where(counts > 0, 0xFF123456, 0xFFFFFFFF).astype(np.uint32)
    found: list[Item] = branches(counts, np.array(period), pixels, 2.0)
    assert all(isinstance(item, Polyline) for item in found)
    return found  # type: ignore[return-value]


def height_at(line: Polyline, x: float) -> float:
    return float(np.interp(x, *line.points.T))


def test_a_branch_follows_its_curve_to_a_fraction_of_a_pixel() -> None:
    x = (np.arange(COLUMNS) + 0.5) / COLUMNS
    curve = 0.3 + 0.2 * x
    (line,) = lines([[y] for y in curve], [1] * COLUMNS)
    assert line.role == "#123456" and line.width == 2.0
    assert line.points[0, 0] == 0 and line.points[-1, 0] == 1
    inside = (x > 0.02) & (x < 0.98)
    apart = np.interp(x, *line.points.T) - curve
    assert np.abs(apart[inside]).max() < 0.3 / ROWS, "half a pixel off would be a staircase"


def test_a_doubling_is_joined() -> None:
    heights = [[0.5]] * 100 + [[0.5 + 0.01 * np.sqrt(k), 0.5 - 0.01 * np.sqrt(k)] for k in range(1, 101)]
    found = lines(heights, [1] * 100 + [2] * 100)
    assert len(found) == 3
    trunk, *arms = found
    for arm in arms:
        assert arm.points[0].tolist() == trunk.points[-1].tolist()


def test_columns_at_a_bifurcation_that_have_not_settled_are_bridged_and_no_others() -> None:
    heights = [[0.5]] * 50 + [[0.49, 0.5, 0.51, 0.52]] * 3 + [[0.52, 0.48]] * 50
    joined = lines(heights, [1] * 50 + [0] * 3 + [2] * 50)
    assert [line.points[0, 0] for line in joined] == [0, 50 / 103, 50 / 103]
    apart = lines(heights, [1] * 50 + [0] * 3 + [5] * 50)
    assert [line.points[0, 0] for line in apart] == [0, 53 / 103, 53 / 103], "another cycle is not a continuation"


def test_a_branch_that_leaves_at_the_top_and_returns_below_is_not_joined_across() -> None:
    x = np.arange(100) / 100
    heights = [sorted([(0.75 + y / 2) % 1, 0.25 + y / 2]) for y in x]
    found = lines(heights, [2] * 100)
    assert all(np.abs(np.diff(line.points[:, 1])).max() < 0.1 for line in found)


def test_only_settled_cycles_have_lines() -> None:
    noise = np.random.default_rng(1).random((50, 20)).tolist()
    assert lines(noise, [0] * 50) == [] and lines(noise, [-1] * 50) == []
    assert lines(noise, [3] * 50) == [], "more points than the cycle has"
    assert lines(noise, [100] * 50) == [], "too long to tell its points apart"
    assert len(lines([[0.2, 0.8]], [2])) == 2, "a single column has lines as wide as itself"
