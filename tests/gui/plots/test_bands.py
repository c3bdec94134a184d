"""Bands behind a plot: what share of each pixel they cover, and what is painted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from pytestqt.qtbot import QtBot

from funjax_gui.figures.items import Band, Bands
from funjax_gui.figures.markers import PATTERNS
from funjax_gui.plots.bands import PERIOD, SHADE, covered, motif, shade
from funjax_gui.plots.drawing import Drawing
from funjax_gui.plots.lines import between, filled
from funjax_gui.plots.marker_cache import Stamps
from funjax_gui.style.theme import DARK
from kernels.geometry import Viewport

WIDTH = 60


@given(st.lists(st.floats(0, WIDTH, allow_nan=False), min_size=2, max_size=30).filter(lambda ends: len(ends) % 2 == 0))
def test_the_shares_add_up_to_the_lengths_and_lie_where_the_intervals_are(ends: list[float]) -> None:
    pairs = np.sort(np.array(ends)).reshape(-1, 2)
    shares = covered(pairs, WIDTH)
    assert shares.shape == (WIDTH,)
    assert shares.sum() == pytest.approx(float((pairs[:, 1] - pairs[:, 0]).sum()), abs=1e-9)
    pixel = np.arange(WIDTH)
    expected = sum(np.clip(np.minimum(b, pixel + 1) - np.maximum(a, pixel), 0, 1) for a, b in pairs)
    np.testing.assert_allclose(shares, expected, atol=1e-9)


@pytest.mark.parametrize("pattern", range(1, len(PATTERNS)))
def test_each_pattern_is_its_own_and_repeats(pattern: int) -> None:
    drawn = motif(pattern, 3 * PERIOD, 1.0)
    np.testing.assert_array_equal(drawn[:, :PERIOD], drawn[:, PERIOD : 2 * PERIOD])
    assert not motif(0, PERIOD, 1.0).any()
    assert all(not np.array_equal(drawn, motif(other, 3 * PERIOD, 1.0)) for other in range(len(PATTERNS)) if other != pattern)


def painted(bands: list[Band], ratio: float = 1.0) -> QImage:
    view = Viewport.from_limits(0, WIDTH, 0, 1)  # a unit is a pixel
    drawing = Drawing(QFont(), DARK, view, QRectF(10, 5, WIDTH, 40), ratio, stamps=Stamps())
    image = QImage(round((WIDTH + 20) * ratio), round(50 * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("black"))
    painter = QPainter(image)
    drawing.paint(painter, [Bands(tuple(bands))])
    painter.end()
    return image


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_a_band_is_painted_where_it_is_and_nowhere_else(qtbot: QtBot, ratio: float) -> None:
    image = painted([Band(20, 40, "#ffffff", 0.2)], ratio)
    at = [image.pixelColor(round((10 + x) * ratio), round(25 * ratio)).red() for x in (10.0, 17.0, 30.0, 43.0)]
    assert at == [0, 0, pytest.approx(51, abs=1), 0]
    assert image.pixelColor(round(21.0 * ratio), round(48 * ratio)).red() == 0, "below the plot area"


def test_edges_are_drawn_and_narrow_bands_fade(qtbot: QtBot) -> None:
    image = painted([Band(20, 40, "#ffffff", 0.2), Band(50, 50.5, "#ffffff", 0.2)])
    row = [image.pixelColor(10 + x, 25).red() for x in range(WIDTH)]
    assert row[20] > row[21] and row[39] > row[38]
    assert row[50] == pytest.approx(25, abs=1)


def test_hundreds_of_bands_and_none_at_infinity(qtbot: QtBot) -> None:
    many = [Band(0.1 * n, 0.1 * n + 0.05, "accent2", 0.5, n) for n in range(600)]
    image = painted([Band(float("-inf"), -1.0, "bad"), *many, Band(61.0, float("inf"), "bad")])
    assert image.pixelColor(30, 25).blue() > 0


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_what_lies_between_a_line_and_zero_is_what_the_painter_would_fill(qtbot: QtBot, ratio: float) -> None:
    rng, area, level = np.random.default_rng(3), QRectF(8, 4, 120, 40), 24.0
    line = np.stack([np.sort(rng.uniform(0, 136, 60)), rng.normal(level, 15, 60)], axis=1)
    line[10, 1], line[20, 1], line[30, 1] = np.nan, np.inf, -np.inf
    drawn, expected = (QImage(round(136 * ratio), round(48 * ratio), QImage.Format.Format_RGB32) for _ in range(2))
    for image in (drawn, expected):
        image.setDevicePixelRatio(ratio)
        image.fill(QColor("black"))
    painter = QPainter(drawn)
    painter.drawPixmap(area.topLeft(), shade(line, level, area, ratio, "#ff0000", "#00ff00"))
    painter.end()
    painter = QPainter(expected)
    for colour, part in (("#ff0000", between(area, 4, level)), ("#00ff00", between(area, level, 44))):
        painter.setClipRect(part)
        tint = QColor(colour)
        tint.setAlphaF(SHADE)
        painter.fillPath(filled(line, level, area), tint)
    painter.end()
    ours, theirs = (np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1).astype(int) for image in (drawn, expected))
    assert np.abs(ours - theirs).max() <= 77 and (np.abs(ours - theirs) > 1).mean() < 0.004, "but for ties at edges"
    assert ours[..., 2::4].max() == ours[..., 1::4].max() == pytest.approx(255 * SHADE, abs=1)
