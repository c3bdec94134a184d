"""What is marked in and beside a diagram: exponents below the axis, the pinned cycle, periods of wide bands, and colours of periods."""

from itertools import combinations

import numpy as np
import pytest

from funjax_gui.figures import Label, Marks, exponents, orbits, period_labels
from funjax_gui.plots.image_plot import emptiest_corner
from funjax_gui.plots.lines import spaced
from funjax_gui.style import colour_maps
from kernels.single_orbit import ColumnRequest


def test_exponents_below_the_axis_are_marked_with_its_end() -> None:
    u = np.linspace(0, 1, 200)
    values = np.full(200, -0.5)
    values[20:24], values[100:103], values[150] = -8.0, -np.inf, np.nan
    figure = exponents(u, values)
    (marks,) = [item for item in figure.items if isinstance(item, Marks)]
    low, high = figure.y
    assert low > -8 and marks.label == f"below {low:g}".replace("-", "−")
    assert marks.points[:, 0] == pytest.approx([u[101], (u[20] + u[23]) / 2]), "the widest stretch, which has the words, is the last"
    assert (marks.points[:, 1] < low + 0.2 * (high - low)).all()
    assert not [item for item in exponents(u, np.full(200, -0.5)).items if isinstance(item, Marks)]


@pytest.mark.parametrize(("a", "cycle"), [(2.8, [1 - 1 / 2.8]), (3.2, [0.5130445095326298, 0.7994554904673701])])
def test_the_cobweb_of_a_settled_column_marks_the_cycle(a: float, cycle: list[float]) -> None:
    (frame,) = [found for found in ColumnRequest("logistic", (("a", a),), 0.3, 1000, (0.0, 1.0)).frames() if found]
    figure = orbits.column_cobweb(frame, "a = 2.8")
    (marks,) = [item for item in figure.items if isinstance(item, Marks)]
    assert np.sort(marks.points, axis=0) == pytest.approx(np.array([[x, x] for x in cycle]), abs=1e-9)
    assert figure.title == "a = 2.8, after the transient"


def test_wide_bands_have_their_period_written_over_them() -> None:
    period = np.array([1] * 40 + [2] * 30 + [4] * 1 + [0] * 9 + [-1] * 20)
    labels = [item for item in period_labels(period) if isinstance(item, Label)]
    assert [(label.text, round(float(label.at[0]), 3)) for label in labels] == [("1", 0.2), ("2", 0.55)]


@pytest.mark.parametrize("dark", [True, False])
def test_periods_of_a_cascade_have_colours_far_apart(dark: bool) -> None:
    ground = "#14161a" if dark else "#fafaf9"
    for family in ([1, 2, 4, 8, 16, 32], [3, 6, 12, 24], [7, 8], [1, 8]):
        colours = colour_maps.period_colours(np.array(family), ground, dark)
        for first, second in combinations(colours, 2):
            assert np.abs(first - second).max() > 40


def test_crowded_marks_are_thinned_but_for_the_ends() -> None:
    places = np.stack([np.arange(0.0, 101.0), np.zeros(101)], axis=1)
    kept = spaced(places, 10.0)
    assert kept[0].tolist() == [0, 0] and kept[-1].tolist() == [100, 0]
    assert np.diff(kept[:, 0]).min() >= 10 and len(kept) == 11
    assert len(spaced(places[:0], 10.0)) == 0


def test_the_read_out_goes_to_the_emptiest_corner() -> None:
    counts = np.zeros((100, 200), np.int32)
    assert emptiest_corner(counts) == (False, False)
    counts[:40, :100] = 1
    counts[:, 150:] = 1
    assert emptiest_corner(counts) == (True, False)
