"""The plots, by the events that a hand makes and the pixels that an eye sees."""

import os
import random
import subprocess
import sys
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsView
from pytestqt.qtbot import QtBot

from funjax_gui.figures import Figure, Histogram, Label, Marks, Polyline, fitted, whole_decades
from funjax_gui.figures.lyapunov import LADDER, exponent_limits
from funjax_gui.plots import CurvePlot, ImagePlot, LyapunovStrip
from funjax_gui.plots.image_layer import placed
from funjax_gui.plots.lines import decimated, seen_parts
from funjax_gui.plots.zoom import FARTHEST
from funjax_gui.style import colour_maps
from funjax_gui.style.theme import DARK, LIGHT, Colours
from kernels.geometry import Grid, Viewport

VIEW = Viewport.from_limits("3.4", 4, 0, 1)
DEEP = Viewport.from_limits("3.569945671869", "3.569945671870", "0.3", "0.7")
NONE, SHIFT, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
Modifier = Qt.KeyboardModifier
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def plot(qtbot: QtBot) -> ImagePlot:
    widget = ImagePlot()
    qtbot.addWidget(widget)
    widget.resize(500, 400)
    widget.set_labels("a", "x")
    widget.set_viewport(VIEW)
    widget.show()
    return widget


def test_no_picture_of_the_plain_background_is_kept(plot: ImagePlot) -> None:
    assert plot.cacheMode() == QGraphicsView.CacheModeFlag.CacheNone


def test_the_same_labels_lay_nothing_out_anew(plot: ImagePlot, monkeypatch: pytest.MonkeyPatch) -> None:
    placed: list[str] = []
    monkeypatch.setattr(plot.overlay, "place", lambda: placed.append(plot.x_axis.label))
    plot.set_labels("a", "x")
    plot.set_labels("b", "x")
    assert placed == ["b"]


class Heard:
    """What a plot said."""

    def __init__(self, plot: ImagePlot) -> None:
        self.grids: list[Grid] = []
        self.picked: list[float] = []
        self.refused: list[str] = []
        self.homes = 0
        plot.grid_changed.connect(self.grids.append)
        plot.column_picked.connect(self.picked.append)
        plot.refused.connect(self.refused.append)
        plot.home_requested.connect(self._home)

    def _home(self) -> None:
        self.homes += 1


def at(plot: ImagePlot, u: float, v: float) -> QPoint:
    area = plot.plot_rect
    return QPoint(round(area.left() + u * area.width()), round(area.bottom() - v * area.height()))


def wheel(plot: ImagePlot | LyapunovStrip, place: QPoint, delta: int = 120, *, held: Modifier = NONE, pixels: int = 0) -> None:
    event = QWheelEvent(
        QPointF(place),
        QPointF(plot.viewport().mapToGlobal(place)),
        QPoint(0, pixels),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        held,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plot.viewport(), event)


def drag(plot: ImagePlot, start: QPoint, *places: QPoint, button: Qt.MouseButton = LEFT, let_go: bool = True) -> None:
    QTest.mousePress(plot.viewport(), button, NONE, start)
    for place in places:
        QTest.mouseMove(plot.viewport(), place)
    if let_go:
        QTest.mouseRelease(plot.viewport(), button, NONE, places[-1])


def seen(plot: ImagePlot) -> np.ndarray:
    """The plot area as it is painted, packed, top row first."""
    ratio = plot.devicePixelRatioF()
    image = plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    whole = np.frombuffer(image.constBits(), dtype=np.uint32).reshape(image.height(), -1)
    left, top = round(plot.plot_rect.left() * ratio), round(plot.plot_rect.top() * ratio)
    return whole[top : top + plot.grid.rows, left : left + plot.grid.columns].copy()


def some_counts(grid: Grid) -> np.ndarray:
    counts = np.random.default_rng(1).integers(0, 9, (grid.rows, grid.columns), dtype=np.int32)
    counts[:, : grid.columns // 3] = 0
    counts[0, :] = 8
    return counts


# --- the picture ---


@pytest.mark.parametrize("colours", [DARK, LIGHT])
@pytest.mark.parametrize("curve", colour_maps.TONES)
def test_each_count_is_one_pixel_of_its_colour(plot: ImagePlot, colours: Colours, curve: str) -> None:
    counts = some_counts(plot.grid)
    plot.set_theme(colours)
    plot.set_tone(curve)
    plot.set_image(counts, plot.grid.viewport)
    expected = colour_maps.colour(counts, curve, colour_maps.shades("inferno", colours.background, colours.dark), colours.background)
    assert np.array_equal(seen(plot), expected)


def test_so_it_is_on_screens_of_other_densities() -> None:
    scale = random.choice(("1.25", "1.5", "1.75", "2"))  # another one each time: a process for each takes 2 s
    script = (
        "import test_plots as t; from PySide6.QtWidgets import QApplication; app = QApplication([]); import numpy as np\n"
        "plot = t.ImagePlot(); plot.resize(501, 403); plot.set_viewport(t.VIEW); plot.show()\n"
        "pixels = t.some_counts(plot.grid).astype(np.uint32) | np.uint32(0xFF000000)\n"
        "plot.set_pixels(pixels, t.VIEW); assert np.array_equal(t.seen(plot), pixels), plot.grid\n"
        "print(plot.grid.columns)"
    )
    where = {"QT_SCALE_FACTOR": scale, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    done = subprocess.run([sys.executable, "-c", script], env=os.environ | where, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == pytest.approx(400 * float(scale), abs=12)


def test_changing_tone_map_or_theme_recolours(plot: ImagePlot) -> None:
    counts = some_counts(plot.grid)
    plot.set_image(counts, plot.grid.viewport)
    plot.set_tone("log")
    plot.set_colour_map("viridis")
    plot.set_theme(LIGHT)
    expected = colour_maps.colour(counts, "log", colour_maps.shades("viridis", LIGHT.background, False), LIGHT.background)
    assert np.array_equal(seen(plot), expected)
    period = np.arange(counts.shape[1]) % 5
    plot.set_image(counts, plot.grid.viewport, period)
    assert np.array_equal(seen(plot), colour_maps.colour_by_period(counts, period, "log", LIGHT.background, False))


def test_unknown_tones_and_maps_change_nothing(plot: ImagePlot) -> None:
    counts = some_counts(plot.grid)
    plot.set_image(counts, plot.grid.viewport)
    before = seen(plot)
    with pytest.raises(ValueError, match="choose one of"):
        plot.set_tone("loud")
    with pytest.raises(ValueError, match="choose one of"):
        plot.set_colour_map("jet")
    plot.set_theme(plot.colours)
    assert np.array_equal(seen(plot), before)


def test_packed_colours_are_not_copied(plot: ImagePlot) -> None:
    pixels = np.full((plot.grid.rows, plot.grid.columns), 0xFF102030, dtype=np.uint32)
    plot.set_pixels(pixels, plot.grid.viewport)
    shared = np.frombuffer(plot.picture.image.constBits(), dtype=np.uint32)
    assert np.shares_memory(shared, pixels)
    pixels[5, 7] = 0xFFFFFFFF
    plot.viewport().update()
    assert seen(plot)[5, 7] == 0xFFFFFFFF
    assert seen(plot)[5, 8] == 0xFF102030


def test_counts_are_coloured_into_one_buffer(plot: ImagePlot) -> None:
    counts = some_counts(plot.grid)
    plot.set_image(counts, plot.grid.viewport)
    first = np.frombuffer(plot.picture.image.constBits(), dtype=np.uint32)
    plot.set_image(counts[::-1], plot.grid.viewport)
    assert np.shares_memory(first, np.frombuffer(plot.picture.image.constBits(), dtype=np.uint32))


def test_the_old_picture_is_stretched_until_a_new_one_comes(plot: ImagePlot) -> None:
    red, blue = 0xFFCC0000, 0xFF0000CC
    pixels = np.full((plot.grid.rows, plot.grid.columns), red, dtype=np.uint32)
    pixels[:, plot.grid.columns // 2 :] = blue
    plot.set_pixels(pixels, VIEW)
    plot.set_viewport(VIEW.box(0.25, 0.0, 0.75, 1.0))
    now, middle = seen(plot), plot.grid.columns // 2
    assert np.all(now[:, : middle - 3] == red)
    assert np.all(now[:, middle + 3 :] == blue)
    plot.set_viewport(VIEW.box(-0.5, 0.0, 1.5, 1.0))
    now, ground = seen(plot), colour_maps.pack(colour_maps.unpack(DARK.background))
    quarter = plot.grid.columns // 4
    assert np.all(now[:, : quarter - 3] == ground)
    assert np.all(now[:, quarter + 3 : middle - 3] == red)
    assert np.all(now[:, middle + 3 : 3 * quarter - 3] == blue)
    assert np.all(now[:, 3 * quarter + 4 :] == ground)


def test_a_pan_by_whole_pixels_shows_the_same_pixels(plot: ImagePlot) -> None:
    counts = some_counts(plot.grid)
    plot.set_image(counts, VIEW)
    before = seen(plot)
    drag(plot, at(plot, 0.5, 0.5), at(plot, 0.5, 0.5) + QPoint(-30, 12))
    now = seen(plot)
    assert np.array_equal(now[12:, :-30], before[:-12, 30:])


def test_a_picture_far_from_the_view_is_not_seen() -> None:
    area = QRectF(10, 20, 100, 50)
    for shown in (VIEW.box(5, 0, 6, 1), VIEW.box(0, -3, 1, -2)):
        assert placed(VIEW, shown, 100, 50, area)[0].isEmpty()
    for shown in (VIEW.box(0.3, 0.4, 0.3 + 1e-13, 0.4 + 1e-13), VIEW.box(-1e9, -1e9, 1e9, 1e9)):
        source, target = placed(VIEW, shown, 100, 50, area)
        assert 0 < source.width() <= 100
        assert 0 < target.width() <= 100.001


def test_a_deep_view_stretches_where_float_limits_would_fail(plot: ImagePlot) -> None:
    view = Viewport.from_limits("3.5699456718695445", "3.5699456718695446", 0, 1)
    pixels = np.full((plot.grid.rows, plot.grid.columns), 0xFFCC0000, dtype=np.uint32)
    pixels[:, plot.grid.columns // 2 :] = 0xFF0000CC
    plot.set_viewport(view)
    plot.set_pixels(pixels, view)
    plot.set_viewport(view.box(0.4, 0, 0.6, 1))
    now, middle = seen(plot), plot.grid.columns // 2
    assert np.all(now[:, : middle - 5] == 0xFFCC0000)
    assert np.all(now[:, middle + 5 :] == 0xFF0000CC)


# --- the grid ---


def test_resizing_tells_the_new_grid(plot: ImagePlot) -> None:
    heard = Heard(plot)
    plot.resize(640, 480)
    assert len(heard.grids) == 1
    grid = heard.grids[0]
    assert (grid.columns, grid.rows) == (plot.plot_rect.width(), plot.plot_rect.height())
    assert grid.viewport == VIEW
    plot.resize(640, 480)
    assert len(heard.grids) == 1


def test_a_tiny_plot_still_has_a_grid(plot: ImagePlot) -> None:
    plot.resize(10, 10)
    assert (plot.grid.columns, plot.grid.rows) == (1, 1)
    plot.grab()


def test_set_viewport_is_not_told(plot: ImagePlot) -> None:
    heard, views = Heard(plot), []
    plot.view_changed.connect(views.append)
    plot.set_viewport(DEEP)
    assert plot.grid.viewport == DEEP
    assert heard.grids == []
    assert views == [DEEP]


# --- the wheel ---


@pytest.mark.parametrize("delta", [120, -120, 15, 360])
@pytest.mark.parametrize("place", [(0.5, 0.5), (0.1, 0.8), (0.93, 0.07)])
def test_the_wheel_keeps_what_is_under_the_cursor(plot: ImagePlot, place: tuple[float, float], delta: int) -> None:
    heard, where = Heard(plot), at(plot, *place)
    u, v = plot.window_point(QPointF(where))
    x, y = VIEW.x_at(u), VIEW.y_at(v)
    wheel(plot, where, delta)
    (grid,) = heard.grids
    assert grid == plot.grid
    assert grid.viewport.u_of(x) == pytest.approx(u, abs=1e-7)
    assert grid.viewport.v_of(y) == pytest.approx(v, abs=1e-7)
    assert grid.viewport.half_width == pytest.approx(VIEW.half_width * 0.8 ** (delta / 120))
    assert grid.viewport.half_height == pytest.approx(VIEW.half_height * 0.8 ** (delta / 120))


def test_shift_and_ctrl_hold_an_axis(plot: ImagePlot) -> None:
    wheel(plot, at(plot, 0.3, 0.3), held=SHIFT)
    assert plot.grid.viewport.half_width < VIEW.half_width
    assert plot.grid.viewport.y_limits == VIEW.y_limits
    plot.set_viewport(VIEW)
    wheel(plot, at(plot, 0.3, 0.3), held=CTRL)
    assert plot.grid.viewport.half_height < VIEW.half_height
    assert plot.grid.viewport.x_limits == VIEW.x_limits
    plot.set_viewport(VIEW)
    plot.strip = 0.05
    wheel(plot, at(plot, 0.3, 0.02))
    assert plot.grid.viewport.half_width < VIEW.half_width
    assert plot.grid.viewport.y_limits == VIEW.y_limits, "in a strip at the bottom"


def test_the_wheel_over_an_axis_zooms_along_it(plot: ImagePlot) -> None:
    wheel(plot, QPoint(20, 200))
    assert plot.grid.viewport.x_limits == VIEW.x_limits
    assert plot.grid.viewport.half_height < VIEW.half_height
    plot.set_viewport(VIEW)
    wheel(plot, QPoint(250, 390))
    assert plot.grid.viewport.y_limits == VIEW.y_limits
    assert plot.grid.viewport.half_width < VIEW.half_width


def test_the_wheel_tells_where_the_cursor_is_in_the_new_view(plot: ImagePlot) -> None:
    views = []
    plot.hovered.connect(lambda u, v: views.append(plot.grid.viewport))
    wheel(plot, at(plot, 0.5, 0.5))
    assert views == [plot.grid.viewport]
    assert views != [VIEW]


def test_a_touchpad_that_tells_only_pixels_zooms(plot: ImagePlot) -> None:
    wheel(plot, at(plot, 0.5, 0.5), delta=0, pixels=25)
    assert plot.grid.viewport.half_width == pytest.approx(VIEW.half_width * 0.8**0.5)


def test_a_wheel_that_did_not_turn_says_nothing(plot: ImagePlot) -> None:
    heard = Heard(plot)
    wheel(plot, at(plot, 0.5, 0.5), delta=0)
    assert heard.grids == []


def test_the_zoom_stops_where_columns_cannot_be_told_apart(plot: ImagePlot) -> None:
    heard = Heard(plot)
    for _ in range(200):
        wheel(plot, at(plot, 0.4, 0.5), held=SHIFT)
        if heard.refused:
            break
    assert set(heard.refused) == {"float64 cannot tell neighbouring columns apart here; the zoom stops"}
    last = plot.grid.viewport
    assert plot.grid.is_resolved(np.float64) == (True, True)
    wheel(plot, at(plot, 0.4, 0.5))
    assert plot.grid.viewport.x_limits == last.x_limits
    assert plot.grid.viewport.half_height < last.half_height
    wheel(plot, at(plot, 0.4, 0.5), -120)
    assert plot.grid.viewport.half_width > last.half_width


def test_the_zoom_says_so_when_both_axes_are_spent(plot: ImagePlot) -> None:
    heard = Heard(plot)
    plot.is_resolved = lambda grid: (False, False)
    wheel(plot, at(plot, 0.5, 0.5))
    assert heard.refused == ["float64 cannot tell neighbouring columns and rows apart here; the zoom stops"]
    assert heard.grids == []
    wheel(plot, at(plot, 0.5, 0.5), -120)
    assert len(heard.grids) == 1


def test_zooming_out_ends_somewhere(plot: ImagePlot) -> None:
    for _ in range(120):
        wheel(plot, at(plot, 0.9, 0.1), -120)
    view = plot.grid.viewport
    assert view.x_limits == (Decimal(-1000000), Decimal(1000000))
    assert view.y_limits == (Decimal(-1000000), Decimal(1000000))
    heard = Heard(plot)
    wheel(plot, at(plot, 0.9, 0.1), -120)
    drag(plot, at(plot, 0.5, 0.5), at(plot, 0.8, 0.8))
    assert heard.grids == []


def test_panning_ends_at_the_same_place(plot: ImagePlot) -> None:
    plot.set_viewport(Viewport.from_limits(999990, 999999, 0, 1))
    drag(plot, at(plot, 0.9, 0.5), at(plot, 0.1, 0.5))
    assert plot.grid.viewport.x_limits[1] == Decimal(FARTHEST)
    assert plot.grid.viewport.half_width == 4.5


# --- the buttons ---


def test_a_drag_brings_along_what_was_under_the_mouse(plot: ImagePlot) -> None:
    heard, start, end = Heard(plot), at(plot, 0.5, 0.5), at(plot, 0.2, 0.9)
    u, v = plot.window_point(QPointF(start))
    x, y = VIEW.x_at(u), VIEW.y_at(v)
    drag(plot, start, at(plot, 0.4, 0.6), at(plot, 0.7, 0.1), end)
    view = plot.grid.viewport
    u, v = plot.window_point(QPointF(end))
    assert (view.u_of(x), view.v_of(y)) == (pytest.approx(u, abs=1e-7), pytest.approx(v, abs=1e-7))
    assert len(heard.grids) == 3
    assert heard.grids[-1] == plot.grid
    assert heard.picked == []


def test_a_right_drag_zooms_to_its_box(plot: ImagePlot) -> None:
    heard, first, last = Heard(plot), at(plot, 0.6, 0.2), at(plot, 0.3, 0.7)
    drag(plot, first, last, button=RIGHT, let_go=False)
    assert plot.rubber_band.isVisible()
    assert heard.grids == []
    QTest.mouseRelease(plot.viewport(), RIGHT, NONE, last)
    assert not plot.rubber_band.isVisible()
    (u0, v0), (u1, v1) = plot.window_point(QPointF(first)), plot.window_point(QPointF(last))
    assert [grid.viewport for grid in heard.grids] == [VIEW.box(u0, v0, u1, v1)]


def test_the_rubber_band_is_drawn_in_the_accent_colour(plot: ImagePlot) -> None:
    drag(plot, at(plot, 0.25, 0.25), at(plot, 0.75, 0.75), button=RIGHT, let_go=False)
    corner, now = at(plot, 0.25, 0.75), seen(plot)
    column, row = corner.x() - int(plot.plot_rect.left()), corner.y() - int(plot.plot_rect.top())
    accent, ground = colour_maps.pack(colour_maps.unpack(DARK.accent)), colour_maps.pack(colour_maps.unpack(DARK.background))
    assert now[row, column + 20] == accent
    assert now[row + 20, column + 20] not in (accent, ground)
    assert now[row - 5, column - 5] == ground
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    QTest.mouseRelease(plot.viewport(), RIGHT, NONE, at(plot, 0.75, 0.75))


def test_a_box_stays_within_the_plot(plot: ImagePlot) -> None:
    heard = Heard(plot)
    drag(plot, at(plot, 0.5, 0.5), QPoint(5000, -5000), button=RIGHT)
    view = heard.grids[0].viewport
    assert view.x_limits[1] == VIEW.x_limits[1]
    assert view.y_limits[1] == VIEW.y_limits[1]


@pytest.mark.parametrize("size", [(2, 100), (100, 2), (0, 0)])
def test_a_sliver_is_no_box(plot: ImagePlot, size: tuple[int, int]) -> None:
    heard, start = Heard(plot), at(plot, 0.5, 0.5)
    drag(plot, start, start + QPoint(*size), button=RIGHT)
    assert heard.grids == []
    assert heard.picked == []


@pytest.mark.parametrize("button", [LEFT, RIGHT])
def test_escape_takes_a_drag_back(plot: ImagePlot, button: Qt.MouseButton) -> None:
    heard = Heard(plot)
    drag(plot, at(plot, 0.5, 0.5), at(plot, 0.2, 0.2), button=button, let_go=False)
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    QTest.mouseRelease(plot.viewport(), button, NONE, at(plot, 0.2, 0.2))
    assert plot.grid.viewport == VIEW
    assert not plot.rubber_band.isVisible()
    assert heard.picked == []
    assert not heard.grids or heard.grids[-1] == plot.grid
    drag(plot, at(plot, 0.5, 0.5), at(plot, 0.2, 0.2))
    assert plot.grid.viewport != VIEW


def test_escape_is_left_to_the_window_when_nothing_is_dragged(plot: ImagePlot) -> None:
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
        event = QKeyEvent(kind, Qt.Key.Key_Escape, NONE)
        event.ignore()
        QApplication.sendEvent(plot, event)
        assert not event.isAccepted()
    drag(plot, at(plot, 0.5, 0.5), at(plot, 0.2, 0.2), let_go=False)
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, NONE)
    event.ignore()
    QApplication.sendEvent(plot, event)
    assert event.isAccepted()


def test_a_double_click_asks_for_home_and_picks_nothing(plot: ImagePlot) -> None:
    heard, place = Heard(plot), at(plot, 0.5, 0.5)
    QTest.mouseClick(plot.viewport(), LEFT, NONE, place)
    QTest.mouseDClick(plot.viewport(), LEFT, NONE, place)
    assert heard.homes == 1
    assert not plot._clicked.isActive()
    assert heard.picked == heard.grids == []


def test_a_click_picks_its_column(plot: ImagePlot, qtbot: QtBot) -> None:
    place = at(plot, 0.3, 0.5)
    u, _ = plot.window_point(QPointF(place))
    with qtbot.waitSignal(plot.column_picked) as caught:
        QTest.mouseClick(plot.viewport(), LEFT, NONE, place)
    assert caught.args == [u]
    assert plot.pin == VIEW.x_at(u)


def test_a_click_beside_the_plot_picks_nothing(plot: ImagePlot) -> None:
    QTest.mouseClick(plot.viewport(), LEFT, NONE, QPoint(5, 200))
    QTest.mouseClick(plot.viewport(), RIGHT, NONE, at(plot, 0.5, 0.5))
    assert not plot._clicked.isActive()


# --- the pin ---


def test_the_pin_is_dragged_live_and_stays_with_its_number(plot: ImagePlot) -> None:
    plot.set_pin(0.5)
    heard, places = Heard(plot), [at(plot, u, 0.5) for u in (0.6, 0.7, 2.0)]
    hovered: list[float] = []
    plot.hovered.connect(lambda u, v: hovered.append(u))
    drag(plot, at(plot, 0.5, 0.5), *places)
    assert hovered == heard.picked[:2]  # the read-out goes along
    assert heard.picked == [plot.window_point(QPointF(place))[0] for place in places[:2]] + [1.0]
    assert heard.grids == []
    assert plot.pin == VIEW.x_at(1.0)
    plot.set_pin_at(Decimal("3.55"))
    wheel(plot, at(plot, 0.5, 0.5))
    assert plot.pin == Decimal("3.55")
    assert plot.pin_line.u == pytest.approx(plot.grid.viewport.u_of("3.55"))
    plot.set_viewport(Viewport.from_limits("3.6", 4, 0, 1))
    assert plot.pin_line.u is None and not plot.pin_line.isVisible()
    plot.set_pin(None)
    assert plot.pin is None


def test_escape_puts_the_pin_back(plot: ImagePlot) -> None:
    plot.set_pin(0.5)
    before = plot.pin
    drag(plot, at(plot, 0.5, 0.5), at(plot, 0.7, 0.5), let_go=False)
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert plot.pin == before


def test_the_cursor_tells_where_the_pin_can_be_taken(plot: ImagePlot) -> None:
    plot.set_pin(0.5)
    QTest.mouseMove(plot.viewport(), at(plot, 0.5, 0.2))
    assert plot.viewport().cursor().shape() == Qt.CursorShape.SizeHorCursor
    QTest.mouseMove(plot.viewport(), at(plot, 0.6, 0.2))
    assert plot.viewport().cursor().shape() == Qt.CursorShape.CrossCursor


def test_the_pin_is_drawn_in_the_accent_colour(plot: ImagePlot) -> None:
    plot.set_pin(0.5)
    column = np.flatnonzero(np.all(seen(plot) == colour_maps.pack(colour_maps.unpack(DARK.accent)), axis=0))
    assert abs(column.mean() - plot.grid.columns / 2) <= 1.0


# --- the cursor and what is written over the picture ---


def test_hovering_tells_window_units_and_leaving_is_told_once(plot: ImagePlot) -> None:
    places, gone = [], []
    plot.hovered.connect(lambda u, v: places.append((u, v)))
    plot.left.connect(lambda: gone.append(True))
    QTest.mouseMove(plot.viewport(), at(plot, 0.25, 0.75))
    QTest.mouseMove(plot.viewport(), QPoint(3, 3))
    QTest.mouseMove(plot.viewport(), QPoint(5, 5))
    assert places == [plot.window_point(QPointF(at(plot, 0.25, 0.75)))]
    assert len(gone) == 1


def test_the_readout_keeps_out_of_the_cursors_way_and_within_the_plot(plot: ImagePlot) -> None:
    plot.set_readout(["a = 3.740 000", "period 5", "three columns are unresolved"])
    first = plot.readout.rect
    assert plot.plot_rect.contains(first)
    QTest.mouseMove(plot.viewport(), first.center().toPoint())
    assert plot.plot_rect.contains(plot.readout.rect)
    assert not plot.readout.rect.intersects(first)
    plot.resize(130, 110)
    assert plot.plot_rect.contains(plot.readout.rect)
    plot.set_readout(None)
    assert not plot.readout.isVisible()


def test_a_message_is_written_in_the_middle(plot: ImagePlot) -> None:
    ground = colour_maps.pack(colour_maps.unpack(DARK.background))
    assert np.all(seen(plot) == ground)
    plot.set_message("Nothing to show yet.")
    rows, columns = np.nonzero(seen(plot) != ground)
    assert abs(rows.mean() - plot.grid.rows / 2) < 5
    assert abs(columns.mean() - plot.grid.columns / 2) < 5
    plot.set_message(None)
    assert np.all(seen(plot) == ground)


def test_items_of_a_figure_lie_over_the_diagram_and_follow_its_view(plot: ImagePlot) -> None:
    pixels = np.full((plot.grid.rows, plot.grid.columns), 0xFF202020, np.uint32)
    plot.set_pixels(pixels, VIEW)
    plot.set_overlay([Polyline(np.array([[3.4, 0.5], [4.0, 0.5]]), "#ffffff", 3.0)])

    def row() -> float:
        return float(np.flatnonzero((seen(plot) == 0xFFFFFFFF).any(axis=1)).mean()) / plot.grid.rows

    assert row() == pytest.approx(0.5, abs=0.01)
    plot.set_viewport(Viewport.from_limits("3.4", 4, 0, 2))
    assert row() == pytest.approx(0.75, abs=0.01)
    plot.set_overlay([Polyline(np.array([[3.4, 0.5], [4.0, 0.5]]), "accent", 3.0)])
    plot.set_theme(LIGHT)
    assert (seen(plot) == colour_maps.pack(colour_maps.unpack(LIGHT.accent))).any()
    plot.set_overlay([])
    assert not (seen(plot) == colour_maps.pack(colour_maps.unpack(LIGHT.accent))).any()


# --- the keys ---


def test_axes_of_equal_scale_show_more_than_the_view_given_and_keep_it(qtbot: QtBot) -> None:
    equal = ImagePlot(has_equal_scale=True)
    qtbot.addWidget(equal)
    equal.set_viewport(VIEW)
    for size in ((700, 300), (300, 700), (500, 400)):
        equal.resize(*size)
        shown = equal.grid.viewport
        assert shown.half_width / equal.grid.columns == pytest.approx(shown.half_height / equal.grid.rows, rel=1e-8)
        assert equal.given_view == VIEW
        assert (shown.half_width == VIEW.half_width) or (shown.half_height == VIEW.half_height)
    told: list[Grid] = []
    equal.grid_changed.connect(told.append)
    before = equal.grid.viewport
    equal.zoom(2, 0.25, 0.75, vertical=False)  # an axis alone would not keep the scales
    after = equal.grid.viewport
    assert told == [equal.grid]
    assert after.half_width / before.half_width == pytest.approx(0.64) and after.half_height / before.half_height == pytest.approx(0.64)
    assert float(after.x_at(0.25)) == pytest.approx(float(before.x_at(0.25))) and float(after.y_at(0.75)) == pytest.approx(
        float(before.y_at(0.75))
    )
    equal.zoom(-2, 0.25, 0.75)
    start = equal.given_view
    assert (float(start.x), start.half_width, start.half_height) == pytest.approx((3.7, VIEW.half_width, VIEW.half_height))
    press, release = equal.plot_rect.center().toPoint(), equal.plot_rect.center().toPoint() + QPoint(30, 0)
    QTest.mousePress(equal.viewport(), LEFT, NONE, press)
    QTest.mouseMove(equal.viewport(), release)
    assert float(equal.grid.viewport.x - before.x) == pytest.approx(-2 * 30 * before.half_width / equal.plot_rect.width())
    QTest.keyClick(equal, Qt.Key.Key_Escape)
    assert equal.given_view == start
    equal.set_stretched(True)
    assert equal.grid.viewport == start and told[-1] == equal.grid


def test_a_figure_of_equal_scales_has_a_unit_of_one_length(curves: CurvePlot) -> None:
    room = curves.plot_rect
    figure = Figure([Polyline(np.array([[0.0, 0.0], [3.0, 3.0]]), "text", 1.0)], (0.0, 3.0), (0.0, 3.0), has_equal_scale=True)
    curves.show_figure(figure)
    square = curves.plot_rect
    assert square.width() == square.height() == min(room.width(), room.height())
    assert abs(square.center().x() - room.center().x()) <= 1
    curves.set_stretched(True)
    assert curves.plot_rect == room
    curves.set_stretched(False)
    curves.show_figure(Figure((), (0.0, 3.0), (0.0, 1.0)))
    assert curves.plot_rect == room


def test_keys_move_and_zoom(plot: ImagePlot) -> None:
    heard = Heard(plot)
    for key, view in (
        (Qt.Key.Key_Left, VIEW.panned(-0.1, 0)),
        (Qt.Key.Key_Up, VIEW.panned(0, 0.1)),
        (Qt.Key.Key_Plus, VIEW.zoomed(0.8, 0.8)),
        (Qt.Key.Key_Minus, VIEW.zoomed(1.25, 1.25)),
    ):
        plot.set_viewport(VIEW)
        QTest.keyClick(plot, key)
        assert plot.grid.viewport.x_limits == view.x_limits
        assert plot.grid.viewport.y_limits == view.y_limits
    assert len(heard.grids) == 4
    plot.set_viewport(VIEW)
    QTest.keyClick(plot, Qt.Key.Key_Plus, CTRL)
    assert plot.grid.viewport.x_limits == VIEW.x_limits
    plot.set_viewport(VIEW)
    QTest.keyClick(plot, Qt.Key.Key_Minus, Qt.KeyboardModifier.AltModifier)
    assert plot.grid.viewport.y_limits == VIEW.y_limits
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert heard.homes == 1


# --- the axes ---


def test_the_ticks_follow_the_view(plot: ImagePlot) -> None:
    assert [label for _, label in plot.x_axis.ticks.majors] == ["3.4", "3.5", "3.6", "3.7", "3.8", "3.9", "4.0"]
    plot.set_viewport(DEEP)
    labels = [label for _, label in plot.x_axis.ticks.majors]
    assert len(labels) >= 2
    assert len({plot.x_axis.ticks.value(label) for label in labels}) == len(labels)
    plot.grab()


@pytest.mark.parametrize("width", [120, 300, 500, 900])
@pytest.mark.parametrize("right", ["3.6", "3.569945671870", "3.5699456718680000001"])
def test_labels_are_neither_cut_off_nor_over_one_another(plot: ImagePlot, width: int, right: str) -> None:
    plot.resize(width, 400)
    plot.set_viewport(Viewport.from_limits("3.569945671868", right, 0, 1))
    boxes = [box for box, _ in plot.x_axis.label_boxes(QFontMetricsF(plot.x_axis.font))]
    assert all(a.right() < b.left() for a, b in pairwise(boxes))
    assert all(box.right() <= width and box.left() >= min(0, width - box.width()) for box in boxes)


def test_hundreds_of_digits_in_common_leave_room_for_the_name_of_the_axis(plot: ImagePlot) -> None:
    plot.resize(600, 400)
    digits = "3." + "5699456718" * 29
    plot.set_viewport(Viewport(Decimal(digits + "77"), Decimal("0." + "5699456718" * 29), 1e-280, 1e-280))
    for axis in (plot.x_axis, plot.y_axis):
        metrics = QFontMetricsF(axis.font)
        box, _, text = axis.base_box(metrics)
        assert text.startswith(digits[:12] if axis is plot.x_axis else "0.569") and "…" in text[12:-5]
        assert metrics.horizontalAdvance(text) <= box.width() <= plot.plot_rect.width()
    plot.set_viewport(Viewport.from_limits(3, 4, "0.33549992226562499999", "0.33549992226562500001"))
    row, middle = plot.y_axis.name_row(metrics), plot.plot_rect.center().y()
    labels = [top + metrics.height() / 2 for top, label in plot.y_axis.label_rows(metrics.height()) if len(label) > 7]
    assert labels and middle < row < middle + 30 and all(abs(row - label) > metrics.height() / 2 for label in labels)
    plot.set_viewport(Viewport.from_limits(3, 4, 0, 1))
    assert plot.y_axis.name_row(metrics) == middle
    plot.grab()
    name = metrics.horizontalAdvance(plot.x_axis.label)
    assert plot.x_axis.base_box(metrics)[0].left() > plot.plot_rect.center().x() + name / 2


def test_without_its_labels_the_axis_gives_their_room_to_the_picture(plot: ImagePlot) -> None:
    rows = plot.grid.rows
    plot.set_x_labels_shown(False)
    assert plot.grid.rows > rows + 20
    plot.grab()


# --- curves ---


@pytest.fixture
def curves(qtbot: QtBot) -> CurvePlot:
    widget = CurvePlot()
    qtbot.addWidget(widget)
    widget.resize(280, 220)
    widget.show()
    return widget


def shown_line(across: np.ndarray, up: np.ndarray, **figure: object) -> Figure:
    line = np.stack([across, up], axis=1)
    return Figure([Polyline(line, "accent", 1.0), Marks(line, "circle", "accent", 3.0, halo=False)], **figure)  # type: ignore[arg-type]


def test_of_labels_that_would_overlap_the_first_is_drawn(curves: CurvePlot) -> None:
    def pixels(*labels: Label) -> QImage:
        curves.show_figure(Figure(list(labels), (0.0, 1.0), (0.0, 1.0)))
        return curves.grab().toImage()

    first, near, far = (
        Label(np.array([0.5, 0.5]), "PD 2"),
        Label(np.array([0.52, 0.5]), "SN 3"),
        Label(np.array([0.52, 0.5]), "SN 3", raised=3.0),
    )
    alone = pixels(first)
    assert pixels(first, near) == alone
    assert pixels(near) != alone and pixels(first, far) != alone


def test_another_figure_takes_the_place_of_the_first(curves: CurvePlot) -> None:
    x, items = np.linspace(0, 1, 50), len(curves.scene().items())
    curves.show_figure(shown_line(x, x**2, title="cobweb at a = 3.74", x_label="x"))
    first = curves.grab().toImage()
    curves.show_figure(Figure([Histogram(np.arange(6.0), np.arange(5.0))], (0.0, 5.0), (0.0, 4.0), "Density of x", "x"))
    assert curves.title == "Density of x" and curves.grab().toImage() != first
    curves.show_figure(shown_line(x, x**2, title="cobweb at a = 3.74", x_label="x"))
    assert curves.grab().toImage() == first
    assert len(curves.scene().items()) == items


def test_a_long_title_has_lines_enough_and_the_plot_makes_room(curves: CurvePlot) -> None:
    line = np.linspace(0, 1, 5)
    curves.show_figure(shown_line(line, line, title="Density of x"))
    top, text = curves.plot_rect.top(), "a ≈ 3.5699456718695445, the nearest in float64, after the transient"
    curves.show_figure(shown_line(line, line, title=text))
    height = QFontMetricsF(curves._title.font).height()
    assert curves.plot_rect.top() >= top + height - 1
    assert curves._title.rect.width() > curves.plot_rect.width() and curves._title.rect.right() < curves.width()
    assert curves._title.rect.height() >= 2 * height - 2 and curves._title.rect.bottom() <= curves.plot_rect.top()
    curves.show_figure(shown_line(line, line, title="Density of x"))
    assert curves.plot_rect.top() == top


@pytest.mark.parametrize(
    "values", [[], [np.nan, np.nan], [0.5, 0.5], [np.inf, 1.0, -np.inf], [1e300, -1e300], [0.5, 0.5 + 1e-16], [1e-300, 2e-300]]
)
def test_odd_numbers_are_drawn_without_complaint(curves: CurvePlot, values: list[float]) -> None:
    x, y = np.arange(float(len(values))), np.array(values)
    curves.show_figure(shown_line(x, y, x=fitted([x], 0.0), y=fitted([y])))
    assert curves.figure.y[0] < curves.figure.y[1]
    curves.grab()


def test_a_curve_lies_where_its_numbers_say(curves: CurvePlot) -> None:
    curves.show_figure(Figure([Polyline(np.array([[0.0, 0.25], [1.0, 0.25]]), "accent", 1.0)]))
    image, area = curves.grab().toImage(), curves.plot_rect
    accent = colour_maps.unpack(DARK.accent)
    rows = [
        row
        for row in range(int(area.top()), int(area.bottom()))
        if np.abs(colour_maps.unpack(image.pixelColor(int(area.center().x()), row).name()) - accent).max() < 130
    ]
    assert abs(np.mean(rows) - (area.bottom() - 0.25 * area.height())) < 1.5


def test_a_mark_at_the_edge_of_a_figure_is_whole(curves: CurvePlot) -> None:
    curves.show_figure(Figure([Marks(np.array([[0.0, 0.5]]), "square", "#ffffff", 12.0, halo=False)]))
    image, area = curves.grab().toImage(), curves.plot_rect
    row = round(area.center().y())
    columns = [c for c in range(image.width()) if image.pixelColor(c, row).lightness() > 200]
    assert len(columns) == pytest.approx(9.8, abs=1.5) and abs(np.mean(columns) + 0.5 - area.left()) < 1


def test_decimating_keeps_every_spike_and_every_gap() -> None:
    line = np.stack([np.linspace(0, 300, 100_000), np.zeros(100_000)], axis=1)
    line[12_345, 1], line[77_777, 1] = 5.0, -7.0
    line[40_000:40_010, 1] = np.nan
    few = decimated(line, 300)
    assert len(few) <= 2 * (301 + 2)
    assert np.all(np.diff(few[:, 0]) >= 0)
    assert (np.nanmax(few[:, 1]), np.nanmin(few[:, 1])) == (5.0, -7.0)
    assert few[np.isnan(few[:, 1]), 0] == pytest.approx(120.0, abs=0.1)
    line[:, 1] = np.nan
    assert np.all(np.isnan(decimated(line, 300)[:, 1]))
    back = line[::-1]
    assert decimated(back, 300) is back


def test_parts_of_a_line_that_are_seen_and_those_that_are_dots() -> None:
    gap, area = [np.nan, 3.0], QRectF(0, 0, 100, 50)
    seen, across = [[10.0, 10.0], [20.0, 30.0]], [[-40.0, -5.0], [150.0, 60.0]]
    dot, beside = [[50.0, 20.0], [50.25, 20.5], [50.5, 20.0]], [[101.5, 10.0], [120.0, 20.0]]
    line = np.array([gap, gap, *beside, gap, *seen, gap, *dot, [0.0, np.inf], *across])
    parts, dots = seen_parts(line, area, 2.0)
    assert np.array_equal(parts, np.array([*seen, gap, *across]), equal_nan=True)
    assert np.array_equal(dots, [[50.25, 20.25]])
    assert np.array_equal(seen_parts(line, area, 4.0)[0][:2], beside), "half of the line's width reaches into the area"
    for empty in (np.empty((0, 2)), np.array([gap, gap])):
        assert [len(found) for found in seen_parts(empty, area, 2.0)] == [0, 0]


def test_fitted_ranges() -> None:
    assert fitted([np.array([1.0, 3.0]), np.array([np.nan, 2.0])], 0.0) == (1.0, 3.0)
    assert fitted([np.array([1.0, 3.0])]) == pytest.approx((0.92, 3.08))
    assert fitted([np.array([np.nan])], 0.1) == (0.0, 1.0)
    assert whole_decades([np.array([-3.5, -0.2, np.nan])]) == (-4.0, 0.0)
    assert whole_decades([np.array([2.5])]) == (2.0, 3.0)


# --- the strip ---


@pytest.fixture
def strip(plot: ImagePlot, qtbot: QtBot) -> LyapunovStrip:
    widget = LyapunovStrip()
    qtbot.addWidget(widget)
    widget.resize(500, 120)
    widget.link(plot)
    widget.show()
    return widget


def test_the_strip_lies_exactly_under_the_picture(plot: ImagePlot, strip: LyapunovStrip) -> None:
    assert (strip.plot_rect.left(), strip.plot_rect.width()) == (plot.plot_rect.left(), plot.plot_rect.width())


def shown_columns(strip: LyapunovStrip, role: str) -> np.ndarray:
    """The columns of the plot area in which the colour is seen, for a line of full strength."""
    image = strip.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    whole = np.frombuffer(image.constBits(), dtype=np.uint32).reshape(image.height(), -1)
    area = strip.plot_rect
    part = whole[int(area.top()) : int(area.bottom()), int(area.left()) : int(area.right())]
    return np.flatnonzero(np.any(part == colour_maps.pack(colour_maps.unpack(getattr(DARK, role))), axis=0))


def test_chaos_and_order_have_their_own_colours_and_gaps_stay_empty(plot: ImagePlot, strip: LyapunovStrip) -> None:
    columns = plot.grid.columns
    values = np.full(columns, 0.5)
    values[: columns // 2] = -0.25
    values[3 * columns // 4 :] = np.nan
    strip.set_lyapunov((np.arange(columns) + 0.5) / columns, values, VIEW)
    order, chaos = shown_columns(strip, "accent2"), shown_columns(strip, "accent")
    assert order.max() <= columns // 2 + 1
    assert chaos.min() >= columns // 2 - 1
    assert chaos.max() <= 3 * columns // 4 + 1


def test_minus_infinity_reaches_the_bottom(plot: ImagePlot, strip: LyapunovStrip) -> None:
    columns = plot.grid.columns
    values = np.full(columns, 0.5)
    values[columns // 2] = -np.inf
    strip.set_lyapunov((np.arange(columns) + 0.5) / columns, values, VIEW)
    image, area = strip.grab().toImage(), strip.plot_rect
    bottom = [image.pixelColor(int(area.left()) + c, int(area.bottom()) - 2).name() for c in range(columns)]
    assert bottom[columns // 2] != DARK.background
    assert bottom[columns // 4] == DARK.background


def test_the_strip_stretches_with_the_picture(plot: ImagePlot, strip: LyapunovStrip) -> None:
    columns = plot.grid.columns
    values = np.where(np.arange(columns) < columns // 2, -0.25, 0.5)
    strip.set_lyapunov((np.arange(columns) + 0.5) / columns, values, VIEW)
    plot.set_viewport(VIEW.box(0.4, 0, 0.9, 1))
    assert abs(shown_columns(strip, "accent").min() - 0.2 * columns) < 5
    assert strip.x_axis.ticks.majors == plot.x_axis.ticks.majors


def test_the_wheel_over_the_strip_zooms_the_picture_horizontally(plot: ImagePlot, strip: LyapunovStrip) -> None:
    heard = Heard(plot)
    wheel(strip, QPoint(250, 50))
    assert heard.grids[-1].viewport.half_width == pytest.approx(0.8 * VIEW.half_width)
    assert heard.grids[-1].viewport.y_limits == VIEW.y_limits


def test_the_wheel_over_the_exponents_axis_scales_them_and_says_what_is_cut(plot: ImagePlot, strip: LyapunovStrip) -> None:
    columns = plot.grid.columns
    u, values = (np.arange(columns) + 0.5) / columns, np.full(columns, 0.5)
    values[:40] = -0.9
    strip.set_lyapunov(u, values, VIEW)
    before, usual = plot.grid, strip._limits
    for _ in range(5):
        wheel(strip, QPoint(4, round(strip.plot_rect.center().y())))
    low, high = strip._limits
    assert (low, high) == pytest.approx((usual[0] * 0.8**5, usual[1] * 0.8**5), rel=0.02) and plot.grid == before
    marks = {item.shape: item.label for item in strip.exponents.items if isinstance(item, Marks)}
    assert marks == {"triangle-down": f"below −{-low:g}", "triangle": f"above {high:g}"}
    strip.set_lyapunov(u, 2 * values, VIEW)
    assert strip._limits == (low, high), "a range that was chosen stays"
    QTest.mouseDClick(strip.viewport(), LEFT, NONE, strip.plot_rect.center().toPoint())
    assert strip._limits == exponent_limits(2 * values)


def test_the_pin_is_marked_in_the_strip(plot: ImagePlot, strip: LyapunovStrip) -> None:
    plot.set_pin(0.25)
    assert strip.pin_line.isVisible()
    assert strip.pin_line.u == pytest.approx(0.25)
    plot.set_pin(None)
    assert not strip.pin_line.isVisible()


def test_a_strip_without_exponents_is_empty(strip: LyapunovStrip) -> None:
    strip.set_lyapunov(np.array([0.25, 0.75]), np.array([0.1, -0.1]), VIEW)
    strip.clear()
    assert len(shown_columns(strip, "accent")) == 0


@pytest.mark.parametrize("values", [[], [np.nan], [-np.inf, 0.0], [0.3, -12.0], [250.0, -1.0]])
def test_strip_limits_hold_zero(values: list[float]) -> None:
    low, high = exponent_limits(np.array(values))
    assert low <= -LADDER[0] < LADDER[0] <= high
