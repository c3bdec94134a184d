"""The window in a larger font, and a smaller screen: nothing cut off, nothing over something else."""

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from funjax_gui.app import display
from funjax_gui.app.preferences import Preferences
from funjax_gui.app.window import Window
from funjax_gui.plots import CurvePlot, ImagePlot
from funjax_gui.style import font_scale
from funjax_gui.tabs.fixed_points.orbit_table import OrbitTable
from funjax_gui.widgets import ChoiceTable, ElidingLabel

SIZES = ((1280, 720), (1600, 1000))


@pytest.fixture(params=(0.0, 14.0), ids=("usual", "14 pt"))
def font(request: pytest.FixtureRequest, qapp: QApplication) -> QFont:
    wanted = QFont(qapp.font())
    wanted.setPointSizeF(request.param or wanted.pointSizeF())
    qapp.setFont(wanted)
    return wanted


def test_lengths_grow_with_the_font(font: QFont) -> None:
    larger = QFont(font)
    larger.setPointSizeF(2 * font.pointSizeF())
    assert font_scale.scaled(100, larger) == pytest.approx(2 * font_scale.scaled(100, font), rel=0.1)
    assert font_scale.row_height(larger) > QFontMetricsF(larger).height()
    tiny = QFont(font)
    tiny.setPointSizeF(3)
    assert font_scale.scaled(100, tiny) == 100
    in_pixels = QFont(font)
    in_pixels.setPixelSize(20)
    assert font_scale.points(1.5, in_pixels) == "30px"


def _words(widget: QWidget) -> list[QWidget]:
    """Labels in one line and buttons that are to be seen, and have words."""
    labels = [w for w in widget.findChildren(QLabel) if w.text() and not w.wordWrap() and w.textFormat().name != "RichText"]
    buttons = [w for w in widget.findChildren(QAbstractButton) if w.text() and w.property("role") != "sign"]
    return [w for w in (*labels, *buttons) if w.isVisible() and not isinstance(w, ElidingLabel)]


def _cut_off(window: Window) -> dict[str, tuple[int, int]]:
    """The words that have less room than they need: (what they have, what they need)."""
    words = {w.text(): (w.width(), w.sizeHint().width()) for w in _words(window)}  # type: ignore[attr-defined]
    return {text: (has, needs) for text, (has, needs) in words.items() if has < needs - 1}


def _nothing_cut_off(window: Window) -> None:
    assert _cut_off(window) == {}


def test_nothing_is_cut_off(qtbot: QtBot, font: QFont) -> None:
    window = Window(Preferences())
    qtbot.addWidget(window)
    for size in SIZES:
        window.resize(*size)
        window.show()
        for index in range(window.tabs.count()):
            window.tabs.setCurrentIndex(index)
            # A status that comes meanwhile is laid out when its turn comes.
            qtbot.waitUntil(lambda: _nothing_cut_off(window))
            assert (window.width(), window.height()) == size
            panel = window.tab.panel_area  # type: ignore[attr-defined]
            # A formula that is typeset meanwhile is laid out when its turn comes.
            qtbot.waitUntil(lambda panel=panel: panel.widget().width() <= panel.viewport().width())
            plot = window.tab.plot.plot_rect  # type: ignore[attr-defined]
            assert plot.width() >= 300 and plot.height() >= 200


@pytest.fixture
def _large_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The offscreen platform's screen is 800 pixels wide, with room for text of 109 % only."""
    monkeypatch.setattr(display, "NARROWEST", 400)
    monkeypatch.setattr(display, "NARROWEST_PLOTS", 400)


def test_text_is_no_larger_than_the_screen_has_room_for(fresh_window: Window) -> None:
    usual = QApplication.font().pointSizeF()
    for _ in range(6):
        fresh_window.display.larger.trigger()
    assert fresh_window.preferences.text == 100 and not fresh_window.display.larger.isEnabled()
    fresh_window.display.set_text(200)
    assert QApplication.font().pointSizeF() == pytest.approx(usual * 800 / display.NARROWEST)
    fresh_window.close()


@pytest.mark.usefixtures("_large_screen")
def test_nothing_is_cut_off_when_the_text_is_made_larger(qtbot: QtBot, fresh_window: Window) -> None:
    window, usual = fresh_window, QApplication.font().pointSizeF()
    column = window.findChild(ChoiceTable).columnWidth(0)
    window.resize(*SIZES[0])
    window.show()
    assert QTest.qWaitForWindowActive(window, 60_000)
    for _ in range(3):
        QTest.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert window.preferences.text == 150 and QApplication.font().pointSizeF() == pytest.approx(1.5 * usual)
    qtbot.waitUntil(lambda: window.findChild(ChoiceTable).columnWidth(0) == pytest.approx(1.5 * column, rel=0.2))
    for size in SIZES:
        window.resize(*size)
        for index in range(window.tabs.count()):
            window.tabs.setCurrentIndex(index)
            qtbot.waitUntil(lambda: _cut_off(window) == {})
            panel = window.tab.panel_area  # type: ignore[attr-defined]
            qtbot.waitUntil(lambda panel=panel: panel.widget().width() <= panel.viewport().width())
            plot = window.tab.plot  # type: ignore[attr-defined]
            assert plot.x_axis.font.pointSizeF() == pytest.approx(0.9 * 1.5 * usual)
            assert plot.plot_rect.width() >= 250 and plot.plot_rect.height() >= 180
    window.close()
    assert QApplication.font().pointSizeF() == usual


@pytest.mark.usefixtures("_large_screen")
def test_a_presentation_fills_the_screen_and_brings_back_what_it_hides(qtbot: QtBot, fresh_window: Window) -> None:
    window, usual = fresh_window, QApplication.font().pointSizeF()
    window.show()
    assert QTest.qWaitForWindowActive(window, 60_000)
    tab, table, shown = window.bifurcation, window.findChild(ChoiceTable), b""
    window.caption.offer("New here?", "Words.", "Take the tour", lambda: None)
    for wanted in (True, False):
        QTest.keyClick(window, Qt.Key.Key_F11, Qt.KeyboardModifier.ShiftModifier)
        assert window.caption.isVisible() != wanted
        shown = window.saveGeometry().data() if wanted else shown
        assert window.isFullScreen() == wanted and tab.panel_area.isVisible() != wanted and tab.aside.isVisible() != wanted
        assert QApplication.font().pointSizeF() == pytest.approx(usual * (1.5 if wanted else 1.0))
        assert tab.plot.overlay._thickness == (1.5 if wanted else 1.0)
        assert window.preferences.text == 100
        qtbot.waitUntil(lambda: table.verticalHeader().defaultSectionSize() == font_scale.row_height())
    window.close()
    again = Window(Preferences(geometry=bytes(shown)))
    qtbot.addWidget(again)
    assert not again.isFullScreen()


def test_all_columns_of_a_narrow_table_are_in_view(qtbot: QtBot) -> None:
    table = OrbitTable()
    qtbot.addWidget(table)
    for width in (800, 430):
        table.resize(width, 120)
        table.show()
        assert table.columnWidth(0) == font_scale.scaled(104)
        assert sum(map(table.columnWidth, range(4))) + font_scale.scaled(60) <= width
    assert table.columnWidth(1) == pytest.approx(0.6 * 170, abs=6)


def test_axes_make_room_for_their_labels(qtbot: QtBot, font: QFont) -> None:
    plot, curves = ImagePlot(), CurvePlot()
    for widget in (plot, curves):
        qtbot.addWidget(widget)
        widget.resize(700, 500)
        widget.set_labels("a", "x")
        metrics = QFontMetricsF(widget.x_axis.font)
        area = widget.plot_rect
        longest = max(metrics.horizontalAdvance(label) for _, label in widget.y_axis.ticks.majors)
        assert area.left() >= longest + 8
        assert widget.height() - area.bottom() >= 2 * metrics.height()


@pytest.mark.parametrize("height", (60, 90, 160, 400))
def test_labels_of_a_low_plot_do_not_meet(qtbot: QtBot, font: QFont, height: int) -> None:
    plot = CurvePlot()
    qtbot.addWidget(plot)
    plot.resize(400, height)
    line = QFontMetricsF(plot.y_axis.font).height()
    tops = [top for top, _ in plot.y_axis.label_rows(line)]
    assert tops and all(above + 0.8 * line <= below for below, above in pairwise(tops))
