"""What a plot says of itself, to who asks and to who cannot see it, and how it is used without a mouse."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAccessible, QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWhatsThis, QWidget
from pytestqt.qtbot import QtBot

from funjax_gui.plots import CurvePlot, ImagePlot, LyapunovStrip
from funjax_gui.plots.base import BasePlot, HelpMark, picture_of
from funjax_gui.plots.starts_plot import StartsPlot
from kernels.geometry import Viewport

CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
KINDS = pytest.mark.parametrize("kind", (ImagePlot, CurvePlot, LyapunovStrip, StartsPlot))


def shown(qtbot: QtBot, kind: type[BasePlot]) -> BasePlot:
    plot = kind()
    qtbot.addWidget(plot)
    plot.resize(500, 400)
    plot.explain("Diagram", "The parameter across, the states up.")
    plot.show()
    plot.activateWindow()
    assert QTest.qWaitForWindowActive(plot, 60_000)
    QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))  # wherever the mouse is
    return plot


def enter(plot: BasePlot) -> None:
    QApplication.sendEvent(plot, QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))


def explanations() -> list[QWidget]:
    return [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.metaObject().className() == "QWhatsThat"]


@KINDS
def test_a_small_sign_says_what_it_is(qtbot: QtBot, kind: type[BasePlot]) -> None:
    plot = shown(qtbot, kind)
    (mark,) = plot.findChildren(HelpMark)
    assert not mark.isVisible(), "it is quiet until the mouse is there"
    enter(plot)
    assert mark.isVisible() and not plot.plot_rect.intersects(mark.geometry()), "and covers no picture"
    plot.resize(700, 300)
    assert plot.rect().contains(mark.geometry())
    QTest.mouseClick(mark, Qt.MouseButton.LeftButton)
    assert len(explanations()) == 1
    QWhatsThis.hideText()
    QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))
    assert not mark.isVisible()


@KINDS
def test_the_same_is_said_by_key_and_to_screen_readers(qtbot: QtBot, kind: type[BasePlot]) -> None:
    plot = shown(qtbot, kind)
    plot.describe("Three forks")
    reader = QAccessible.queryAccessibleInterface(plot)
    assert reader.text(QAccessible.Text.Name) == "Diagram"
    assert reader.text(QAccessible.Text.Description) == "Three forks"
    assert "The parameter across" in reader.text(QAccessible.Text.Help)
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    assert len(explanations()) == 1
    QWhatsThis.hideText()


@KINDS
def test_the_tab_key_comes_by_and_is_seen(qtbot: QtBot, kind: type[BasePlot]) -> None:
    window, first, second = QWidget(), kind(), CurvePlot()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    for plot in (first, second):
        column.addWidget(plot)
    window.resize(400, 500)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, 60_000)
    second.setFocus()
    calm = first.grab().toImage()
    QTest.keyClick(second, Qt.Key.Key_Tab)
    assert first.hasFocus()
    now = first.grab().toImage()
    changed = sum(calm.pixelColor(x, y) != now.pixelColor(x, y) for x in range(0, now.width(), 3) for y in range(now.height()))
    assert changed > first.plot_rect.width() / 3, "the spines say so"


def test_a_copied_picture_has_no_sign(qtbot: QtBot) -> None:
    plot = shown(qtbot, ImagePlot)
    bare = plot.grab().toImage()
    enter(plot)
    assert plot.grab().toImage() != bare
    assert picture_of(plot) == bare
    assert plot.findChildren(HelpMark)[0].isVisible()


@KINDS
def test_a_message_is_read_over_whatever_is_drawn(qtbot: QtBot, kind: type[BasePlot]) -> None:
    plot = shown(qtbot, kind)
    plot.set_message("All 401 starts diverge: their orbits leave every bound. Choose starts nearer the fixed points, or other parameters.")
    assert plot.message.isVisible() and plot.plot_rect.contains(plot.message.rect)
    for width, height in ((220, 160), (1200, 800)):
        plot.resize(width, height)
        assert plot.plot_rect.contains(plot.message.rect)
        assert abs(plot.message.rect.center().x() - plot.plot_rect.center().x()) < 1
    assert plot.message.rect.width() < 500, "lines are short enough to be read"
    plot.set_message(None)
    assert not plot.message.isVisible()


# --- picking and dragging by keys ---


def test_the_pin_is_set_and_moved_by_keys(qtbot: QtBot) -> None:
    plot = shown(qtbot, ImagePlot)
    assert isinstance(plot, ImagePlot)
    plot.set_viewport(Viewport.from_limits(2, 4, 0, 1))
    picked: list[float] = []
    plot.column_picked.connect(picked.append)
    QTest.keyClick(plot, Qt.Key.Key_Return)
    assert picked == [0.5] and plot.pin == 3
    QTest.keyClick(plot, Qt.Key.Key_Right, CTRL)
    assert float(plot.pin) == pytest.approx(3.02)
    QTest.keyClick(plot, Qt.Key.Key_Left, CTRL)
    QTest.keyClick(plot, Qt.Key.Key_Left, CTRL)
    assert float(plot.pin) == pytest.approx(2.98)
    assert plot.grid.viewport == Viewport.from_limits(2, 4, 0, 1), "the view stays"
    plot.set_pin_at(plot.grid.viewport.x_at(7.0))
    QTest.keyClick(plot, Qt.Key.Key_Left, CTRL)
    assert plot.pin == 3, "a pin out of view comes to the middle"


def test_the_handle_is_moved_by_keys(qtbot: QtBot) -> None:
    plot = shown(qtbot, ImagePlot)
    assert isinstance(plot, ImagePlot)
    plot.has_handle = True
    plot.set_viewport(Viewport.from_limits(0, 1, 0, 1))
    plot.set_handle(0.25, 0.75)
    moved: list[tuple[float, float]] = []
    plot.handle_moved.connect(lambda u, v: moved.append((u, v)))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Down):
        QTest.keyClick(plot, key, CTRL)
    np.testing.assert_allclose(moved, [(0.26, 0.75), (0.24, 0.75), (0.25, 0.76), (0.25, 0.74)])
    plot.set_handle(9.0, 9.0)
    QTest.keyClick(plot, Qt.Key.Key_Up, CTRL)
    assert moved[-1] == (0.5, 0.5), "one out of view comes to the middle"
    plot.set_handle(None)
    QTest.keyClick(plot, Qt.Key.Key_Enter)
    assert moved[-1] == (0.5, 0.5) and len(moved) == 6 and plot.pin is None, "Enter is a click in the middle"


def test_a_start_is_chosen_by_keys(qtbot: QtBot) -> None:
    plot = shown(qtbot, StartsPlot)
    picked: list[float] = []
    plot.column_picked.connect(picked.append)  # type: ignore[attr-defined]
    QTest.keyClick(plot, Qt.Key.Key_Return)
    QTest.keyClick(plot, Qt.Key.Key_Right, CTRL)
    assert picked == pytest.approx([0.5, 0.51])


def test_other_keys_are_left_to_whoever_is_behind(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    heard: list[int] = []
    window.keyPressEvent = lambda event: heard.append(event.key())  # type: ignore[method-assign]
    plot = CurvePlot(window)
    plot.setGeometry(0, 0, 200, 200)
    window.show()
    for key in (Qt.Key.Key_N, Qt.Key.Key_Left, Qt.Key.Key_Space):
        QTest.keyClick(plot, key)
    assert heard == [Qt.Key.Key_N, Qt.Key.Key_Left, Qt.Key.Key_Space]
