"""Ticks: right, readable and different from one another at any depth."""

from decimal import Decimal, localcontext
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funjax_gui.figures.ticks import LONG, Ticks, decade_ticks, horizontal_ticks, shortened, ticks, vertical_ticks

CENTRES = st.decimals(min_value=-1000, max_value=1000, places=30)
WIDTHS = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent),
    st.integers(min_value=1000, max_value=9999),
    st.integers(min_value=-28, max_value=3),
)
LENGTHS = st.integers(min_value=20, max_value=4000)


def check(found: Ticks, low: Decimal, high: Decimal) -> None:
    labels = [label for _, label in found.majors]
    assert len(set(labels)) == len(labels)
    with localcontext(prec=100):
        for at, label in found.majors:
            value = found.value(label)
            assert low <= value <= high
            assert at == pytest.approx(float((value - low) / (high - low)), abs=1e-12)
    assert all(0.0 <= at <= 1.0 for at in found.minors)
    assert not {round(at, 9) for at, _ in found.majors} & {round(at, 9) for at in found.minors}


@given(CENTRES, WIDTHS, LENGTHS)
def test_every_label_reads_back_as_its_tick(centre: Decimal, width: Decimal, length: int) -> None:
    with localcontext(prec=100):
        low, high = centre - width / 2, centre + width / 2
    for found in (horizontal_ticks(low, high, length), vertical_ticks(low, high, length), vertical_ticks(low, high, length, shorten=False)):
        check(found, low, high)


@given(CENTRES, WIDTHS, st.integers(min_value=400, max_value=4000))
def test_labels_never_touch_and_the_axis_is_never_bare(centre: Decimal, width: Decimal, length: int) -> None:
    with localcontext(prec=100):
        found = horizontal_ticks(centre - width / 2, centre + width / 2, length, character=7.0)
    places = [at * length for at, _ in found.majors]
    longest = max(len(label) for _, label in found.majors) if places else 0
    assert all(b - a > 7.0 * longest for a, b in pairwise(places))
    if length >= 1000:
        assert len(places) >= 1


@given(CENTRES, WIDTHS, st.integers(min_value=200, max_value=2000))
def test_vertical_labels_stay_short(centre: Decimal, width: Decimal, length: int) -> None:
    with localcontext(prec=100):
        found = vertical_ticks(centre - width / 2, centre + width / 2, length)
    assert len(found.majors) >= 2
    assert all(len(label) <= LONG for _, label in found.majors)
    if not found.base:
        assert not any(label.startswith("…") for _, label in found.majors)


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        ("3.4", "4", ["3.4", "3.5", "3.6", "3.7", "3.8", "3.9", "4.0"]),
        ("0", "1", ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ("-1e6", "1e6", ["−1000000", "−500000", "0", "500000", "1000000"]),
        ("-2e-13", "3e-13", ["−2e−13", "−1e−13", "0", "1e−13", "2e−13", "3e−13"]),
    ],
)
def test_a_horizontal_axis(low: str, high: str, labels: list[str]) -> None:
    assert [label for _, label in horizontal_ticks(Decimal(low), Decimal(high), 900).majors] == labels


@pytest.mark.parametrize(
    ("low", "width", "base"),
    [("3.57", "1e-13", "3.570000000000…"), ("3.5699456718709449018420051", "1e-25", "3.569945671870944901842005…")],
)
def test_shared_leading_digits_are_said_once(low: str, width: str, base: str) -> None:
    with localcontext(prec=100):
        found = vertical_ticks(Decimal(low), Decimal(low) + Decimal(width), 500)
    assert found.base == base
    assert all(label.startswith("…") for _, label in found.majors)
    assert len(found.majors) > 5


def test_labels_about_a_round_number_become_differences() -> None:
    found = vertical_ticks(Decimal("0.49999999997"), Decimal("0.50000000003"), 300)
    assert found.base == "0.5"
    assert [label for _, label in found.majors] == ["−3e−11", "−2e−11", "−1e−11", "0", "+1e−11", "+2e−11", "+3e−11"]
    assert found.value("+2e−11") == Decimal("0.50000000002")


def test_short_labels_are_left_alone() -> None:
    found = vertical_ticks(Decimal("0.123"), Decimal("0.129"), 500)
    assert found.base == ""
    assert shortened(found) is found


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(ValueError, match="2 to 2 is empty or reversed; give the lower limit first"):
        ticks(Decimal(2), Decimal(2), 100, lambda label: 50.0)


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (-2.5, 1.2, ["10⁻²", "10⁻¹", "1", "10¹"]),
        (-16.0, 0.0, ["10⁻¹⁵", "10⁻¹⁰", "10⁻⁵", "1"]),
        (2.1, 2.9, []),
    ],
)
def test_powers_of_ten(low: float, high: float, labels: list[str]) -> None:
    found = decade_ticks(low, high, 120.0)
    assert [label for _, label in found.majors] == labels
    places = [low + at * (high - low) for at, _ in found.majors]
    assert np.allclose(places, np.round(places))
    assert all(0 <= at <= 1 for at in found.minors)
    assert not {round(at, 9) for at in found.minors} & {round(at, 9) for at, _ in found.majors}


@pytest.mark.parametrize("half", ["1e-12", "1e-44", "1e-100", "1e-250"])
def test_ticks_of_any_depth_say_the_numbers_where_they_stand(half: str) -> None:
    with localcontext(prec=400):
        centre = Decimal(2).sqrt()
        low, high = centre - Decimal(half), centre + Decimal(half)
    found = vertical_ticks(low, high, 600.0)
    assert len(found.majors) > 1
    with localcontext(prec=400):
        for at, label in found.majors:
            assert float((found.value(label) - low) / (high - low)) == pytest.approx(at, abs=1e-9)


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_a_deep_horizontal_axis_has_what_its_labels_share_once_and_more_labels(width: float) -> None:
    low, high = Decimal("3.56994567187094"), Decimal("3.56994567187095")
    short, full = horizontal_ticks(low, high, width, shorten=True), horizontal_ticks(low, high, width)
    assert short.base and not full.base
    assert len(short.majors) >= len(full.majors) > 1
    assert all(len(label) <= LONG and low <= short.value(label) <= high for _, label in short.majors)
    shallow = horizontal_ticks(Decimal("2.8"), Decimal(4), width, shorten=True)
    assert shallow == horizontal_ticks(Decimal("2.8"), Decimal(4), width)
