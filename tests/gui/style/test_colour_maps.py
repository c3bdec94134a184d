"""Counts to colours: zero is the background and nothing else is, more is never an earlier colour, however large."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from funjax_gui.style import colour_maps
from funjax_gui.style.theme import DARK, LIGHT, Colours

THEMES = [DARK, LIGHT]
TOPS = [1, 2, 255, 1000, colour_maps.LIMIT, colour_maps.LIMIT + 1, 2**31 - 1]


def ramp(colours: Colours, name: str = "inferno") -> colour_maps.Packed:
    return colour_maps.shades(name, colours.background, colours.dark)


def picture(top: int, shape: tuple[int, int] = (40, 60)) -> np.ndarray:
    counts = np.random.default_rng(top).integers(0, top, shape, dtype=np.int32, endpoint=True)
    counts[:, ::3] = 0
    counts[0, :3] = (0, 1, top)
    return counts


@pytest.mark.parametrize("name", colour_maps.COLOUR_MAPS)
@pytest.mark.parametrize("colours", THEMES)
def test_each_map_climbs_away_from_the_background(name: str, colours: Colours) -> None:
    packed = ramp(colours, name)
    channels = np.stack([(packed >> shift) & 0xFF for shift in (16, 8, 0)], axis=-1).astype(float)
    light = colour_maps.lightness(channels)
    ground = colour_maps.lightness(colour_maps.unpack(colours.background))
    assert np.all(np.abs(light - ground) >= colour_maps.CONTRAST - 0.5)
    assert (light[-1] > light[0] + 40) if colours.dark else (light[-1] < light[0] - 40)
    assert np.all(np.diff(light) * (1 if colours.dark else -1) > -1.0)
    assert np.all(packed >> 24 == 0xFF)


@pytest.mark.parametrize("colours", THEMES)
@pytest.mark.parametrize("curve", colour_maps.TONES)
@pytest.mark.parametrize("top", TOPS)
def test_zero_is_the_background_and_order_is_kept(colours: Colours, curve: str, top: int) -> None:
    counts, ladder = picture(top), ramp(colours)
    packed = colour_maps.colour(counts, curve, ladder, colours.background)
    ground = colour_maps.pack(colour_maps.unpack(colours.background))
    assert packed.shape == counts.shape
    assert np.array_equal(packed == ground, counts == 0)
    scale = colour_maps.levels(counts, curve, len(ladder))
    assert len(scale.index) <= colour_maps.LIMIT + 1
    assert np.all(np.diff(scale.index[1:]) >= 0)
    shifted = -(-counts.astype(np.int64) >> scale.shift)
    nonzero = counts > 0
    assert np.array_equal(packed[nonzero], ladder[scale.index[shifted[nonzero]]])


def test_the_tones_are_what_they_say() -> None:
    counts = np.array([[0, 1, 1, 2], [4, 0, 1, 4]], dtype=np.int32)
    expected = {
        "linear": [0.25, 0.5, 0.75, 1.0],
        "log": np.log1p([1, 2, 3, 4]) / np.log(5),
        "equalised": np.array([0.25, 3.5 / 6, 4 / 6, 5 / 6]) ** colour_maps.EQUALISED_GAMMA,
    }
    for name, levels in expected.items():
        assert np.array_equal(colour_maps.levels(counts, name, 1001).index[1:], np.rint(np.array(levels) * 1000))


@given(arrays.arrays(np.int32, (7, 5), elements=st.integers(0, 2**31 - 1)), st.sampled_from(list(colour_maps.TONES)))
def test_any_view_of_an_array_gives_the_same_picture(counts: np.ndarray, curve: str) -> None:
    ladder = ramp(DARK)
    expected = colour_maps.colour(counts, curve, ladder, DARK.background)
    lines = np.full((5, 12), 9, dtype=np.int32)
    lines[:, :7] = counts.T[:, ::-1]
    wide = np.full((7, 10), 9, dtype=np.int32)
    wide[:, ::2] = counts
    mirrored = counts[:, ::-1].copy()[:, ::-1]
    for view in (lines[:, :7].T[::-1], np.asfortranarray(counts), wide[:, ::2], mirrored, counts.astype(np.uint64)):
        assert np.array_equal(view, counts)
        assert np.array_equal(colour_maps.colour(view, curve, ladder, DARK.background), expected)


def test_a_large_picture_is_ranked_by_half_its_lines() -> None:
    counts = np.zeros((1025, 1024), dtype=np.int32)
    counts[1, :] = np.arange(1024)
    for view in (counts, np.ascontiguousarray(counts.T).T):
        packed = colour_maps.colour(view, "equalised", ramp(DARK), DARK.background)
        assert np.count_nonzero(packed != packed[0, 0]) == 1023


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint32, np.int64])
def test_any_integers_will_do(dtype: type) -> None:
    counts = np.array([[0, 3], [100, 0]], dtype=dtype)
    packed = colour_maps.colour(counts, "log", ramp(DARK), DARK.background)
    assert packed[0, 1] != packed[0, 0] == packed[1, 1]


def test_the_buffer_is_used_again() -> None:
    counts, out = picture(50), np.empty((40, 60), dtype=np.uint32)
    assert colour_maps.colour(counts, "log", ramp(DARK), DARK.background, out) is out
    assert colour_maps.colour(counts[:-1], "log", ramp(DARK), DARK.background, out) is not out


def test_an_empty_picture_is_all_background() -> None:
    packed = colour_maps.colour(np.zeros((3, 4), dtype=np.int32), "equalised", ramp(LIGHT), LIGHT.background)
    assert np.all(packed == colour_maps.pack(colour_maps.unpack(LIGHT.background)))


@pytest.mark.parametrize("counts", [np.zeros((2, 2)), np.zeros(4, dtype=int), np.zeros((0, 3), dtype=int)])
def test_what_is_no_picture_is_refused(counts: np.ndarray) -> None:
    with pytest.raises(ValueError, match="is not a picture; give whole numbers, shape \\(rows, columns\\)"):
        colour_maps.colour(counts, "log", ramp(DARK), DARK.background)


def test_unknown_names_are_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match="'jet' is not a colour map; choose one of inferno, magma"):
        colour_maps.shades("jet", DARK.background, True)
    with pytest.raises(ValueError, match="'loud' is not a tone; choose one of linear, log, equalised"):
        colour_maps.check_tone("loud")


# --- colour by period ---


@pytest.mark.parametrize("colours", THEMES)
def test_the_periods_have_colours_of_their_own(colours: Colours) -> None:
    periods = np.arange(-1, 33)
    packed = colour_maps.pack(colour_maps.period_colours(periods, colours.background, colours.dark))
    assert len(set(packed.tolist())) == len(packed)
    assert packed[0] == colour_maps.pack(colour_maps.unpack(colours.background))


@pytest.mark.parametrize("colours", THEMES)
@pytest.mark.parametrize("top", TOPS)
def test_a_column_has_the_hue_of_its_period_and_the_strength_of_its_counts(colours: Colours, top: int) -> None:
    counts = np.array([[0, 0, 0], [1, 1, 1], [top, top, top]], dtype=np.int32)
    packed = colour_maps.colour_by_period(counts, np.array([0, 3, -1]), "log", colours.background, colours.dark)
    ground = colour_maps.pack(colour_maps.unpack(colours.background))
    assert packed[0, 0] == ground  # only a settled column's empty pixels have a breath of its hue
    assert packed[0, 1] not in (ground, packed[1, 1])
    assert np.all(packed[:, 2] == ground)
    assert np.all(packed[1:, :2] != ground)
    assert packed[2, 1] == colour_maps.pack(colour_maps.period_colours(np.array([3]), colours.background, colours.dark))[0]
    turned = np.ascontiguousarray(counts.T).T
    again = colour_maps.colour_by_period(turned, np.array([0, 3, -1]), "log", colours.background, colours.dark)
    assert np.array_equal(again, packed)


def test_periods_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="2 periods do not fit 3 columns; give one period a column"):
        colour_maps.colour_by_period(np.zeros((2, 3), dtype=int), np.zeros(2, dtype=int), "log", DARK.background, True)
