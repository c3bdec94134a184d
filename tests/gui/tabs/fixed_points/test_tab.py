"""The fixed-point explorer in its window, end to end: by the events that a hand makes, to what NumPy and closed forms say."""

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from kept_window import KeptWindow
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QSlider, QWidget
from pytestqt.qtbot import QtBot

from funjax_gui.app.window import Window
from funjax_gui.figures.items import Marks, Polyline, Rule
from funjax_gui.sessions.session import Session
from funjax_gui.tabs.fixed_points.branches import BranchesRequest
from funjax_gui.tabs.fixed_points.session import FixedPoints
from funjax_gui.tabs.fixed_points.tab import FixedPointsTab
from kernels.execution import batching
from kernels.fixed_point.convergence import ConvergenceFrame, ConvergenceRequest
from kernels.fixed_point.request import FixedPointFrame, FixedPointRequest
from kernels.geometry import Viewport
from kernels.maps.registry import LINE_MAPS
from kernels.single_orbit.cobweb import CobwebFrame, CobwebRequest

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(qtbot: QtBot, kept_window: KeptWindow) -> Window:
    made = kept_window.opened((1200, 760), tab="fixed-points")
    settle(qtbot, made.fixed_points)
    return made


@pytest.fixture
def tab(window: Window) -> FixedPointsTab:
    return window.fixed_points


def settle(qtbot: QtBot, tab: FixedPointsTab) -> FixedPointFrame:
    """Wait until everything asked for is there, whole."""

    def ready() -> bool:
        frame, orbit, way = tab.frame, tab.cobweb.frame, tab.convergence.frame
        if frame is None or orbit is None or way is None:
            return False
        followed = [orbit.request, way.request] == tab.orbit_requests()
        return frame.request is tab.request and frame.done and followed

    qtbot.waitUntil(ready)
    assert tab.frame is not None
    return tab.frame


def place(plot: Any, u: float, v: float) -> QPoint:
    area = plot.plot_rect
    return QPoint(round(area.left() + u * area.width()), round(area.bottom() - v * area.height()))


def wheel(tab: FixedPointsTab, u: float, v: float, notches: int = 1, held: Qt.KeyboardModifier = PLAIN) -> None:
    at = place(tab.plot, u, v)
    for _ in range(abs(notches)):
        turned = QPoint(0, 120 if notches > 0 else -120)
        where = QPointF(tab.plot.viewport().mapToGlobal(at))
        event = QWheelEvent(QPointF(at), where, QPoint(), turned, NONE, held, Qt.ScrollPhase.NoScrollPhase, False)
        QApplication.sendEvent(tab.plot.viewport(), event)


def drag(widget: QWidget, *places: QPoint) -> None:
    """Press at the first place, move through the others and let go; with the button held, as a hand does."""
    QTest.mousePress(widget, LEFT, pos=places[0])
    for at in places[1:]:
        where = QPointF(widget.mapToGlobal(at))
        QApplication.sendEvent(widget, QMouseEvent(QEvent.Type.MouseMove, QPointF(at), where, NONE, LEFT, PLAIN))
    QTest.mouseRelease(widget, LEFT, pos=places[-1])


def type_into(tab: FixedPointsTab, name: str, text: str) -> None:
    editor = tab.panel.control(name).findChild(QLineEdit)
    editor.setFocus()
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)


def choose_map(qtbot: QtBot, tab: FixedPointsTab, name: str) -> FixedPointFrame:
    box = tab.panel.control("map").findChild(QComboBox)
    box.setCurrentIndex(box.findData(name))
    box.activated.emit(box.currentIndex())
    return settle(qtbot, tab)


def button(tab: FixedPointsTab, text: str) -> QPushButton:
    return next(b for b in tab.panel.findChildren(QPushButton) if b.text() == text)


def rows(tab: FixedPointsTab) -> list[list[str]]:
    return [[tab.table.item(row, column).text() for column in range(5)] for row in range(tab.table.rowCount())]


# The post's example --------------------------------------------------------------------------------------------------------------


def test_the_post_s_starts_end_where_they_should(qtbot: QtBot, window: Window, tab: FixedPointsTab) -> None:
    type_into(tab, "right", "9.5")
    type_into(tab, "starts", "38")
    frame = settle(qtbot, tab)
    assert np.array_equal(frame.starts, np.arange(-9, 10, 0.5))
    assert frame.counts == {"unresolved": 0, "attracted": 27, "cycle": 0, "diverged": 9, "on-point": 2, "undefined": 0}
    finals = np.arange(-9, 10, 0.5)
    with np.errstate(over="ignore"):
        for _ in range(500):
            finals = (finals**2 + 21) / 10
    np.testing.assert_allclose(frame.finals, finals, rtol=1e-12)
    assert frame.finals[frame.starts == 7.0] == frame.finals[frame.starts == -7.0] == 7.0
    assert window.status_line.sentence.text().startswith(
        "38 initial conditions, 500 steps: 27 attracted, 9 diverged, 2 on non-attracting orbits"
    )
    assert "27 attracted to a fixed point" in tab.panel.legend.text() and "◆" in tab.panel.legend.text()


def test_the_table_says_what_attracts_and_from_where(tab: FixedPointsTab) -> None:
    assert rows(tab) == [
        ["● fixed point", "3", "0.6", "attracting", "(−7, 7)"],
        ["○ fixed point", "7", "1.4", "repelling", "—"],
    ]


def test_basin_ends_are_sharp_to_the_last_float(qtbot: QtBot, tab: FixedPointsTab) -> None:
    end = tab.plot.grid.viewport.u_of(Decimal(-7))
    wheel(tab, end, 0.5, 20)  # the mouse is at a whole pixel, so that more would leave the end outside
    frame = settle(qtbot, tab)
    (basin,) = frame.basins
    assert (basin.low, basin.high) == (-7.0, 7.0)
    view = tab.plot.grid.viewport
    assert view.half_width < 0.2 and view.half_height < 0.2
    np.testing.assert_array_equal(frame.outcomes == 1, frame.starts > -7.0)
    layer = tab.plot.bands
    ends = layer.drawing(1.0).band_ends(layer.items[0])
    area = tab.plot.plot_rect
    assert ends[0, 0] == pytest.approx(area.left() + view.u_of(Decimal(-7)) * area.width())
    assert ends[0, 1] == area.right()


def test_zooming_takes_new_starts_until_floats_end(qtbot: QtBot, window: Window, tab: FixedPointsTab) -> None:
    wheel(tab, 0.3, 0.5, 4)
    assert tab.request.x == tab.plot.grid.viewport.x_limits and tab.request.search == (-9.0, 10.0)
    frame = settle(qtbot, tab)
    assert len(frame.starts) == 401 and frame.starts[0] == float(tab.request.x[0])
    assert frame.fixed_points[0].x == 3.0, "it is known though out of view"
    wheel(tab, 0.3, 0.5, 200)
    assert window.status_line.sentence.text().startswith("float64 cannot tell neighbouring initial conditions")
    frame = settle(qtbot, tab)
    assert (np.diff(frame.starts) > 0).all()
    before = tab.plot.grid.viewport
    wheel(tab, 0.5, 0.5, -2, Qt.KeyboardModifier.ControlModifier)
    assert tab.plot.grid.viewport.half_height == pytest.approx(before.half_height / 0.64)
    wheel(tab, 0.5, 0.5, -2, Qt.KeyboardModifier.ShiftModifier)
    assert tab.plot.grid.viewport.half_width == pytest.approx(before.half_width / 0.64)
    assert tab.plot.grid.viewport.half_height == pytest.approx(before.half_height / 0.64)
    QTest.mouseDClick(tab.plot.viewport(), LEFT, pos=place(tab.plot, 0.5, 0.5))
    assert tab.request.x == (Decimal(-9), Decimal(10))
    assert settle(qtbot, tab).counts["attracted"] == 294


# The orbit -----------------------------------------------------------------------------------------------------------------------


def test_the_start_is_dragged_in_the_cobweb(qtbot: QtBot, tab: FixedPointsTab) -> None:
    plot = tab.cobweb.cobweb
    asked: list[object] = []
    tab.requested.connect(asked.append)
    drag(plot.viewport(), *(place(plot, u, 0.1) for u in (0.5, 0.6, 0.8, 0.99)))
    settle(qtbot, tab)
    assert tab.start == pytest.approx(9.81, abs=0.05)
    assert not any(isinstance(request, FixedPointRequest) for request in asked), "the starts are not iterated anew"
    assert tab.plot.pin is not None and float(tab.plot.pin) == tab.start
    shown = tab.panel.control("start").findChild(QLineEdit).text()
    assert float(shown) == tab.start
    frame = tab.cobweb.frame
    assert frame is not None and frame.series[0] == tab.start and np.isinf(frame.series[-1])
    drag(plot.viewport(), place(plot, 0.99, 0.1), place(plot, 0.8, 0.5))
    settle(qtbot, tab)
    way = tab.convergence.frame
    assert way is not None and way.curves[0].orbit is not None and way.curves[0].orbit.x == 3.0
    assert way.curves[0].measured == pytest.approx(0.6, rel=1e-3) and "rate 0.6, measured 0.6" in tab.convergence.rates.text()


def test_a_click_on_a_start_chooses_it(qtbot: QtBot, tab: FixedPointsTab) -> None:
    with qtbot.waitSignal(tab.plot.column_picked):
        QTest.mouseClick(tab.plot.viewport(), LEFT, pos=place(tab.plot, 0.25, 0.6))
    settle(qtbot, tab)
    assert tab.start == pytest.approx(-4.25, abs=0.05)


def test_steps_are_played_by_the_timer(qtbot: QtBot, window: Window, tab: FixedPointsTab) -> None:
    player = tab.cobweb.player
    type_into(tab, "start", "6.5")
    settle(qtbot, tab)
    whole = player.length
    assert player.at == whole > 12, "a new start shows all of its orbit"
    QTest.keyClick(window, Qt.Key.Key_R)
    assert player.at == 0 and shown_series(tab) == [6.5]
    QTest.keyClick(window, Qt.Key.Key_N)
    assert shown_series(tab) == [6.5, pytest.approx((6.5**2 + 21) / 10)]
    QTest.keyClick(window, Qt.Key.Key_B)
    player.speed.setCurrentIndex(player.speed.findData(20))
    player.speed.activated.emit(player.speed.currentIndex())
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert player.playing and player.timer.interval() == 50
    for at in range(1, whole + 1):
        player.timer.timeout.emit()
        assert player.at == at
    assert not player.playing and player.at == whole
    QTest.mouseClick(player.buttons["reset"], LEFT)
    QTest.mouseClick(player.buttons["play"], LEFT)
    player.timer.timeout.emit()
    QTest.mouseClick(player.buttons["play"], LEFT)
    assert not player.playing and player.at == 1
    QTest.mouseClick(player.buttons["run"], LEFT)
    assert player.at == whole


def shown_series(tab: FixedPointsTab) -> list[float]:
    """The states that the time series draws, in step with the cobweb."""
    series = tab.cobweb.series.figure.items[0].points[:, 1]
    stairs = tab.cobweb.cobweb.figure.items[1].points
    assert stairs[-1, 0] == stairs[-1, 1] == series[-1]
    return [float(y) for y in series]


def test_f_composed_and_pinned_starts(qtbot: QtBot, window: Window, tab: FixedPointsTab) -> None:
    choose_map(qtbot, tab, "logistic")
    type_into(tab, "parameter:a", "3.2")
    type_into(tab, "power", "2")
    type_into(tab, "start", "0.1")
    QTest.mouseClick(button(tab, "Keep"), LEFT)
    type_into(tab, "start", "0.35")
    frame = settle(qtbot, tab)
    (cycle,) = frame.cycles
    orbit = tab.cobweb.frame
    assert orbit is not None and orbit.request.power == 2
    assert orbit.series[-1] == pytest.approx(cycle.points[0]) or orbit.series[-1] == pytest.approx(cycle.points[1])
    marked = [item for item in tab.cobweb.cobweb.overlay.items if isinstance(item, Marks) and len(item.points) == 2]
    np.testing.assert_allclose(marked[0].points[:, 0], cycle.points, err_msg="the 2-cycle is fixed under f composed twice")
    way = tab.convergence.frame
    assert way is not None and [curve.start for curve in way.curves] == [0.35, 0.1]
    a = 3.2
    assert way.curves[0].predicted == pytest.approx(4 + 2 * a - a * a, rel=1e-9)
    assert way.curves[0].measured == pytest.approx(4 + 2 * a - a * a, rel=1e-2)
    assert tab.convergence.rates.text().count("rate 0.16 in 2 steps") == 2
    QTest.mouseClick(button(tab, "Clear kept"), LEFT)
    settle(qtbot, tab)
    assert tab.pins == ()


# Parameters ----------------------------------------------------------------------------------------------------------------------


def test_dragging_a_slider_moves_everything_and_compiles_nothing(
    qtbot: QtBot, tab: FixedPointsTab, compiled: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a slow machine a batch may be too small for all steps, and another kernel goes on with them.
    monkeypatch.setattr(batching, "batch_size", lambda kind, columns, share=1.0: 4096)
    slider = tab.panel.control("parameter:b").findChild(QSlider)
    seen: list[FixedPointFrame] = []
    show = tab.picture.show_frame
    monkeypatch.setattr(tab.picture, "show_frame", lambda frame: (seen.append(frame), show(frame))[1])
    # Once there and back, so that what depends on how many orbits there are is compiled
    for value in (667, 583):
        slider.setValue(value)
        settle(qtbot, tab)
    seen.clear()
    handle = slider.width() * slider.value() / slider.maximum()
    with compiled() as kernels:
        drag(slider, *(QPoint(round(handle + move), slider.height() // 2) for move in (0, -1, -2, -3)))
        frame = settle(qtbot, tab)
    assert kernels == []
    b = dict(tab.request.parameters)["b"]
    assert b != 21.0 and seen
    root = np.sqrt(25 - b)
    assert [point.x for point in frame.fixed_points] == pytest.approx([5 - root, 5 + root], rel=1e-12)
    assert [point.multiplier for point in frame.fixed_points] == pytest.approx([1 - root / 5, 1 + root / 5], rel=1e-12)
    (basin,) = frame.basins
    assert basin.high == pytest.approx(5 + root, rel=1e-12) or basin.cut[1]
    orbit = tab.cobweb.frame
    assert orbit is not None and dict(orbit.request.parameters)["b"] == b
    assert rows(tab)[0][1] == f"{5 - root:.8g}".replace("-", "−")


def test_a_step_of_a_dragged_parameter_paints_each_plot_once_and_its_last_frame_only_what_is_new(qtbot: QtBot, tab: FixedPointsTab) -> None:
    frame, cobweb, way = settle(qtbot, tab), tab.cobweb.frame, tab.convergence.frame
    plots = tab.plot, tab.cobweb.cobweb, tab.cobweb.series, tab.convergence.plot
    for plot in plots[1:]:
        plot.set_labels("another", "")  # the frame lays the plot out anew, which asks for painting at once
    QApplication.processEvents()
    noted = [PaintsNoted(plot.viewport()) for plot in plots]
    tab._deferred = {CobwebRequest: cobweb, ConvergenceRequest: way}
    tab._show_starts(frame)
    qtbot.waitUntil(lambda: all(each.paints for each in noted))
    QApplication.processEvents()
    assert [each.paints for each in noted] == [1, 1, 1, 1]
    figure, overlay = tab.cobweb.cobweb.figure, tab.plot.overlay.items
    tab._show_starts(replace(frame, progress=1.0))
    assert tab.cobweb.cobweb.figure is figure and tab.plot.overlay.items is overlay
    tab._show_starts(replace(frame, fixed_points=frame.fixed_points[1:]))
    assert tab.cobweb.cobweb.figure is not figure and len(tab.plot.overlay.items) == len(overlay) - 1
    tab._show_starts(frame)


class PaintsNoted(QObject):
    """How often a widget was painted from now on."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.paints = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.paints += event.type() == QEvent.Type.Paint
        return False


def test_a_selected_row_is_marked_everywhere_and_follows_its_parameter(qtbot: QtBot, tab: FixedPointsTab) -> None:
    at = tab.table.visualItemRect(tab.table.item(1, 1)).center()
    QTest.mouseClick(tab.table.viewport(), LEFT, pos=at)
    assert tab.picture.chosen == 1

    def rings(items: Any) -> list[float]:
        return [float(item.points[0, 0]) for item in items if isinstance(item, Marks) and item.size > 15]

    assert rings(tab.plot.overlay.items) == rings(tab.cobweb.cobweb.overlay.items) == [7.0]
    assert any(getattr(item, "dash", "") == "dash" for item in tab.cobweb.series.overlay.items)
    type_into(tab, "parameter:b", "20.9")
    settle(qtbot, tab)
    assert rings(tab.plot.overlay.items) == [pytest.approx(5 + np.sqrt(25 - 20.9))]
    assert [index.row() for index in tab.table.selectionModel().selectedRows()] == [1]
    tab.table.setFocus()
    QTest.keyClick(tab.table, Qt.Key.Key_Escape)
    assert tab.picture.chosen is None and rings(tab.plot.overlay.items) == []


def test_the_table_is_copied_with_all_digits(qtbot: QtBot, tab: FixedPointsTab) -> None:
    type_into(tab, "parameter:b", "20.9")
    frame = settle(qtbot, tab)
    tab.table.setFocus()
    QTest.keyClick(tab.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert lines[0] == ["kind", "x", "multiplier", "stability", "basin"]
    assert [float(line[1]) for line in lines[1:]] == [point.x for point in frame.fixed_points]
    assert [float(line[2]) for line in lines[1:]] == [point.multiplier for point in frame.fixed_points]


def test_a_map_of_the_circle_and_another_one_are_shown(qtbot: QtBot, window: Window, tab: FixedPointsTab) -> None:
    # One of a circle, and another one by lot; the kernels' tests go through all of them.
    for name in ("circle", random.choice(sorted(LINE_MAPS.keys() - {"circle"}))):
        frame = choose_map(qtbot, tab, name)
        assert frame.request.map == name and len(frame.starts) == 401
        assert tab.table.rowCount() == len(frame.orbits)
        note = frame.search_note or ("" if frame.orbits else "No fixed point and no cycle")
        assert tab.picture.note.text().startswith(note) and tab.picture.note.isHidden() == (not note)
        assert window.status_line.sentence.text().startswith("401 initial conditions")
        assert tab.plot.grid.viewport.x_limits == tab.request.x


def test_what_is_not_resolved_is_said(qtbot: QtBot, window: Window, tab: FixedPointsTab) -> None:
    choose_map(qtbot, tab, "circle")
    type_into(tab, "parameter:k", "0")
    type_into(tab, "parameter:omega", "0")
    frame = settle(qtbot, tab)
    assert "every point there is fixed" in frame.search_note
    assert tab.picture.note.isVisible() and tab.picture.note.text() == frame.search_note
    assert "see the note" in window.status_line.sentence.text()
    assert frame.counts["on-point"] > 390


def test_chaos_is_unresolved_and_never_drawn_as_diverged(qtbot: QtBot, tab: FixedPointsTab) -> None:
    choose_map(qtbot, tab, "logistic")
    type_into(tab, "parameter:a", "3.9")
    frame = settle(qtbot, tab)
    assert frame.counts["unresolved"] > 390
    shapes = {marks.shape: len(marks.points) for marks in tab.plot.points.items}
    assert shapes["cross"] == frame.counts["unresolved"] and "triangle" not in shapes and "triangle-down" not in shapes
    assert frame.basins == () and "unresolved" in tab.convergence.rates.text()


# Sessions, other tabs, bad input -------------------------------------------------------------------------------------------------


def test_a_session_restores_the_starts_to_the_last_digit(qtbot: QtBot, window: Window, tab: FixedPointsTab) -> None:
    wheel(tab, 0.31, 0.47, 9)
    type_into(tab, "steps", "321")
    type_into(tab, "parameter:b", "20.75")
    session = window.session()
    assert session.tab == "fixed-points" and session.fixed_points.x == tab.plot.grid.viewport.x_limits
    fresh = Session("fixed-points", fixed_points=FixedPoints("sine", x=(Decimal(0), Decimal(1)), starts=77))
    window.show_session(fresh)
    assert (tab.request.map, tab.request.starts) == ("sine", 77)
    window.show_session(session)
    assert window.session() == session and tab.request.x == session.fixed_points.x
    deep = replace(session.fixed_points, x=(Decimal("-7.00000000001234567"), Decimal("-6.99999999998765433")))
    window.show_session(session.with_table(deep))
    assert window.session().fixed_points == deep
    settle(qtbot, tab)


def test_maps_are_carried_to_the_diagram_and_back(qtbot: QtBot, window: Window, tab: FixedPointsTab) -> None:
    choose_map(qtbot, tab, "gauss")
    type_into(tab, "parameter:alpha", "4.9")
    type_into(tab, "parameter:beta", "-0.6")
    QTest.mouseClick(button(tab, "Show on the bifurcation diagram"), LEFT)
    diagram = window.bifurcation
    assert window.tabs.currentWidget() is diagram
    assert (diagram.request.map, diagram.request.parameters, diagram.plot.pin) == ("gauss", (("alpha", 4.9),), Decimal("-0.6"))
    window.show_session(Session("bifurcation"))
    diagram.plot.set_pin_at(Decimal("3.2"))
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert window.tabs.currentWidget() is tab
    assert (tab.request.map, tab.request.parameters) == ("logistic", (("a", 3.2),))
    frame = settle(qtbot, tab)
    assert [orbit.x for orbit in frame.fixed_points] == pytest.approx([0, 1 - 1 / 3.2]) and len(frame.cycles) == 1


BAD = [
    ("left", "11", "(11) must be below 'x₀ to' (10)"),
    ("left", "abc", "'abc' is not a number"),
    ("right", "-8.99999999999999999", "to resolve its initial conditions"),
    ("starts", "0", "0 is out of range; give a whole number from 1"),
    ("steps", "1.5", "not a whole number"),
    ("start", "1e999", "out of range"),
    ("power", "9", "9 is out of range; give a whole number from 1 to 8"),
    ("parameter:c", "1e400", "out of range"),
]


def test_bad_input_gets_one_line_at_its_control(tab: FixedPointsTab) -> None:
    request, frame, start = tab.request, tab.frame, tab.start
    for name, text, said in BAD:
        type_into(tab, name, text)
        control = tab.panel.control(name)
        assert said in control.complaint and "\n" not in control.complaint
        assert tab.request is request and tab.frame is frame and tab.start == start
        QTest.keyClick(control.findChild(QLineEdit), Qt.Key.Key_Escape)
        assert control.complaint == ""


def test_a_map_that_is_not_defined_is_shown_as_far_as_it_is(qtbot: QtBot, tab: FixedPointsTab) -> None:
    type_into(tab, "parameter:c", "0")
    frame = settle(qtbot, tab)
    assert frame.counts["diverged"] == 401 and frame.fixed_points == ()
    assert rows(tab) == []


def test_esc_stops_computing(qtbot: QtBot, window: Window, tab: FixedPointsTab) -> None:
    choose_map(qtbot, tab, "logistic")
    type_into(tab, "parameter:a", "3.9")  # chaos: no start settles before the last step
    settle(qtbot, tab)
    type_into(tab, "steps", "2000000000")
    qtbot.waitUntil(lambda: FixedPointRequest in window.worker.running)
    shown = tab.frame
    window.setFocus()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: FixedPointRequest not in window.worker.running)
    assert tab.frame is shown
    type_into(tab, "steps", "100")
    assert settle(qtbot, tab).request.steps == 100


def test_frames_of_another_request_are_not_shown(tab: FixedPointsTab) -> None:
    shown = tab.frame
    *_, stale = (frame for frame in FixedPointRequest(starts=11).frames() if frame)
    tab.show_frame(stale)
    assert tab.frame is shown


def test_a_failure_is_said_and_the_picture_stays(
    qtbot: QtBot, window: Window, tab: FixedPointsTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Any) -> Iterator[Any]:
        yield None
        raise RuntimeError("no device")

    shown = tab.frame
    with monkeypatch.context() as patch, qtbot.waitSignal(window.worker.failed):
        patch.setattr(FixedPointRequest, "frames", fail)
        type_into(tab, "parameter:b", "20")
    assert tab.frame is shown and "no device" in window.status_line.sentence.text()
    type_into(tab, "parameter:b", "19")
    settle(qtbot, tab)


def test_the_readout_says_what_became_of_a_start(tab: FixedPointsTab) -> None:
    tab.plot.hovered.emit(tab.plot.grid.viewport.u_of(Decimal("0.5")), 0.5)
    lines = tab.plot.readout.lines
    assert lines[0] == "x₀ = 0.5" and lines[1] == "x₅₀₀ = 3" and lines[2] == "attracted to the fixed point 3"
    assert lines[3].startswith("within 1e-09 of it after") and lines[3].endswith("steps")
    tab.plot.hovered.emit(0.0, 0.5)
    assert tab.plot.readout.lines[1:3] == ("x₅₀₀ = ∞", "diverged")
    tab.plot.left.emit()
    assert tab.plot.readout.lines == ()


def test_a_style_for_an_export_has_the_view(window: Window, tab: FixedPointsTab) -> None:
    wheel(tab, 0.5, 0.5, 3, Qt.KeyboardModifier.ControlModifier)
    assert window.style_wanted().view == tab.plot.grid.viewport
    assert isinstance(tab.export_request(), FixedPointRequest)
    image = tab.image()
    assert image is not None and image.width() > 100
    assert isinstance(window.style_wanted().view, Viewport)


def test_themes_need_no_computing(window: Window, tab: FixedPointsTab) -> None:
    asked: list[object] = []
    tab.requested.connect(asked.append)
    window.set_theme("light")
    window.set_theme("dark")
    assert asked == []
    assert isinstance(tab.cobweb.frame, CobwebFrame) and isinstance(tab.convergence.frame, ConvergenceFrame)


def frames_by_hand(tab: FixedPointsTab) -> dict[type, Any]:
    """Drag the parameter once with the worker left out, and give what was asked for."""
    asked: dict[type, Any] = {}
    KeptWindow.is_spoilt = True
    tab.requested.disconnect()
    tab.requested.connect(lambda request: asked.update({type(request): request}))
    tab.slots.patience[FixedPointRequest] = 1000.0
    tab._set_parameter("b", 20.0)
    return asked


def test_all_plots_change_together_while_a_parameter_is_dragged(qtbot: QtBot, tab: FixedPointsTab) -> None:
    asked = frames_by_hand(tab)
    qtbot.waitUntil(lambda: len(asked) == 3)
    before = tab.cobweb.frame, tab.convergence.frame
    for kind in (CobwebRequest, ConvergenceRequest):
        tab.show_frame(next(filter(None, asked[kind].frames())))
    assert (tab.cobweb.frame, tab.convergence.frame) == before, "the starts follow soon"
    basins = next(frame for frame in asked[FixedPointRequest].frames() if frame is not None and frame.progress >= 0.6)
    tab.show_frame(basins)
    shown = tab.frame, tab.cobweb.frame, tab.convergence.frame
    assert [frame.request for frame in shown if frame] == [asked[kind] for kind in (FixedPointRequest, CobwebRequest, ConvergenceRequest)]
    plots = tab.plot, tab.cobweb.cobweb, tab.cobweb.series, tab.convergence.plot
    assert not any(plot.viewport().updatesEnabled() for plot in plots), "all are painted at once"
    qtbot.waitUntil(lambda: all(plot.viewport().updatesEnabled() for plot in plots))


def test_a_cobweb_does_not_wait_long_for_the_starts(qtbot: QtBot, tab: FixedPointsTab) -> None:
    tab._defer_timer.setInterval(0)
    asked = frames_by_hand(tab)
    qtbot.waitUntil(lambda: len(asked) == 3)
    (cobweb,) = asked[CobwebRequest].frames()
    tab.show_frame(cobweb)
    qtbot.waitUntil(lambda: tab.cobweb.frame is cobweb)
    assert tab.frame is not None and tab.frame.request is not asked[FixedPointRequest]
    assert tab.frame is not None and tab.frame.request is not asked[FixedPointRequest]


def test_a_map_that_is_carried_here_again_is_shown_again(qtbot: QtBot, tab: FixedPointsTab) -> None:
    for _ in range(2):
        tab.receive("logistic", {"a": 3.2})
        settle(qtbot, tab)


def test_the_table_has_eight_digits_and_its_tips_all(qtbot: QtBot, tab: FixedPointsTab) -> None:
    tab._edit("map", "logistic")
    tab._edit("parameter:a", 3.2)
    settle(qtbot, tab)
    assert [cell[0] for cell in rows(tab)] == ["○ fixed point", "○ fixed point", "■ 2-cycle"]
    cells = [tab.table.item(2, column) for column in range(5)]
    assert cells[1].text() == "0.51304451, 0.79945549" and cells[1].toolTip().startswith("0.5130445095326")
    assert "more" in cells[4].text() and len(cells[4].toolTip().splitlines()) > 3


def test_branches_against_the_dragged_parameter_stand_beside_the_cobweb(qtbot: QtBot, window: Window, tab: FixedPointsTab) -> None:
    view = tab.branches
    choose_map(qtbot, tab, "quadratic")
    assert not view.plot.isVisible()
    tab.panel.control("branches").edited.emit("c")
    qtbot.waitUntil(lambda: view.frame is not None, timeout=60_000)
    assert view.plot.isVisible() and view.frame is not None
    lines = {item.dash: item.points for item in view.plot.figure.items if isinstance(item, Polyline)}
    (mark,) = (item for item in view.plot.figure.items if isinstance(item, Rule))
    assert mark.at == dict(tab.request.parameters)["c"]
    c, x = lines["solid"].T
    fixed = np.isfinite(c) & (np.abs(x * x + c - x) < 1e-9)
    assert c[fixed].max() == pytest.approx(0.25, abs=1e-3), "the attracting fixed point ends in the fold"
    frame = view.frame
    view.plot.dragged.emit(-0.5)
    settle(qtbot, tab)
    assert dict(tab.request.parameters)["c"] == -0.5 and view.frame is frame, "the branches stay"
    kept = tab.session(window.session())
    assert kept.fixed_points.branches == "c"
    tab.restore(kept.with_table(replace(kept.fixed_points, branches=None)))
    assert not view.plot.isVisible()
    settle(qtbot, tab)
    view.set_sweep("c")
    for shown in (None, tab.picture.frame):
        tab.slots.drop(BranchesRequest)
        tab.picture.frame = shown
        tab._queue_requests()
        assert (tab.slots.newest(BranchesRequest) is None) == (shown is None), "the first picture comes before the branches"
