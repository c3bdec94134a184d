"""The bifurcation tab in its window, end to end: by the events that a hand makes, to the counts that NumPy finds."""

import json
import math
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from kept_window import KeptWindow
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from funjax_gui.app.window import Window
from funjax_gui.documents import render
from funjax_gui.formulas import find_map
from funjax_gui.sessions.session import Session, dumps, parse
from funjax_gui.style.colour_maps import check_tone
from funjax_gui.tabs.bifurcation import sides, status_text
from funjax_gui.tabs.bifurcation.session import Bifurcation
from funjax_gui.tabs.bifurcation.tab import BifurcationTab
from kernels import BifurcationFrame, BifurcationRequest, ColumnFrame, ColumnRequest, Grid, Viewport

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot: QtBot, kept_window: KeptWindow) -> Window:
    made = kept_window.opened((1000, 640), Session(bifurcation=Bifurcation(keep_refining=False)))
    if made.bifurcation.frame is not None:  # it may be refined as far as is asked for, and would stay
        made.bifurcation.recompute()
    settle(qtbot, made.bifurcation)
    return made


@pytest.fixture
def tab(window: Window) -> BifurcationTab:
    return window.bifurcation


def settle(qtbot: QtBot, tab: BifurcationTab) -> BifurcationFrame:
    """Wait until the picture asked for is there, whole."""
    qtbot.waitUntil(lambda: tab.frame is not None and tab.frame.request is tab.request and tab.frame.done)
    assert tab.frame is not None
    return tab.frame


def place(tab: BifurcationTab, u: float, v: float) -> QPoint:
    area = tab.plot.plot_rect
    return QPoint(round(area.left() + u * area.width()), round(area.bottom() - v * area.height()))


def wheel(tab: BifurcationTab, u: float, v: float, notches: int = 1) -> None:
    at = place(tab, u, v)
    for _ in range(abs(notches)):
        event = QWheelEvent(
            QPointF(at),
            QPointF(tab.plot.viewport().mapToGlobal(at)),
            QPoint(),
            QPoint(0, 120 if notches > 0 else -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(tab.plot.viewport(), event)


def type_into(tab: BifurcationTab, name: str, text: str) -> None:
    editor = tab.panel.control(name).findChild(QLineEdit)
    editor.setFocus()
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)


def numpy_counts(frame: BifurcationFrame) -> np.ndarray:
    """The picture by the definition, from the limits that the panel shows."""
    request, view = frame.request, frame.request.grid.viewport
    (left, right), (bottom, top) = view.x_limits, view.y_limits
    columns, rows = request.grid.columns, request.grid.rows
    a = np.array([float(left + (right - left) * (2 * j + 1) / (2 * columns)) for j in range(columns)])
    x = np.full(columns, 0.5)
    counts = np.zeros((columns, rows), np.int64)
    for n in range(request.transient + request.samples):
        x = a * x - a * x * x
        if n >= request.transient:
            row = np.floor((x - float(bottom)) / (float(top) - float(bottom)) * rows).astype(int)
            inside = (row >= 0) & (row < rows)
            np.add.at(counts, (np.flatnonzero(inside), row[inside]), 1)
    return counts.T[::-1]


def test_wheel_events_lead_to_the_counts_that_numpy_finds(qtbot: QtBot, tab: BifurcationTab) -> None:
    # Into the first doublings, where orbits settle: chaos would part from NumPy's by rounding
    before = tab.request.grid.viewport
    wheel(tab, 0.05, 0.6, 8)
    frame = settle(qtbot, tab)
    view = frame.request.grid.viewport
    assert view.half_width == pytest.approx(before.half_width * 0.8**8, rel=1e-6)
    assert view.x_limits[1] < Decimal("3.56")
    assert (frame.transient, frame.samples) == (1000, 1000)
    assert np.array_equal(frame.counts, numpy_counts(frame))
    assert frame.counts.any() and frame.outside.any()
    shown = tab.panel.control("left").findChild(QLineEdit)
    assert Decimal(shown.text()) == view.x_limits[0]


def test_each_count_is_painted_in_its_place(qtbot: QtBot, tab: BifurcationTab) -> None:
    wheel(tab, 0.3, 0.4, 2)
    frame = settle(qtbot, tab)
    tab.plot.set_pin(None)
    tab.plot.set_readout(None)
    image, ratio = tab.plot.grab().toImage(), tab.plot.devicePixelRatioF()
    ground = tab.plot.colours.background
    area = tab.plot.plot_rect
    for row, column in [(10, 10), (200, 40), (50, 300), *np.argwhere(frame.counts > 0)[::5000]]:
        colour = image.pixelColor(round(area.left() * ratio) + int(column), round(area.top() * ratio) + int(row)).name()
        assert (colour == ground) == (frame.counts[row, column] == 0)


def test_the_old_picture_stretches_until_the_new_one_lands(tab: BifurcationTab) -> None:
    drawn = tab.plot.picture.own
    wheel(tab, 0.5, 0.5)
    assert tab.plot.picture.own == drawn and tab.plot.picture.view == tab.request.grid.viewport != drawn


def test_back_forward_and_home(qtbot: QtBot, window: Window, tab: BifurcationTab) -> None:
    whole = tab.request.grid.viewport
    wheel(tab, 0.5, 0.5, 3)
    near = tab.request.grid.viewport
    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert tab.request.grid.viewport == whole
    QTest.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert tab.request.grid.viewport == near
    QTest.mouseDClick(tab.plot.viewport(), LEFT, pos=place(tab, 0.5, 0.5))
    assert tab.request.grid.viewport == whole
    frame = settle(qtbot, tab)
    assert frame.request.grid.viewport == whole


def test_refused_zooms_say_why_and_leave_the_picture(qtbot: QtBot, window: Window, tab: BifurcationTab) -> None:
    tab.panel.edited.emit("map", "tent")  # below float64 there are smooth maps only
    type_into(tab, "right", "1.00000000000001")
    assert "too narrow for float64 to resolve its pixels" in tab.panel.control("right").complaint
    wheel(tab, 0.5, 0.5, 200)
    said = window.status_line.sentence.text()
    assert said.startswith("float64 cannot tell neighbouring") and "the map tent has a corner" in said
    settle(qtbot, tab)
    assert all(tab.request.grid.is_resolved(np.float64))


def test_the_wheel_goes_on_below_float64_and_the_status_bar_names_the_return_map(qtbot: QtBot, window: Window, tab: BifurcationTab) -> None:
    centre = Decimal("3.56994567187094490184200515138649893676")
    tab.plot.go(Viewport(centre, Decimal("0.5"), 1e-13, 2e-8))
    wheel(tab, 0.5, 0.5, 3)
    assert not all(tab.request.grid.is_resolved(np.float64))
    frame = settle(qtbot, tab)
    assert frame.iterations >= 2**15 and frame.counts.any()
    said = status_text.status(frame, running=False).facts[1]
    power = f"2^{frame.iterations.bit_length() - 1}"
    assert said == f"return map, float64: 1 sample = 1 return = {power} iterations"
    assert "containment: proved" in status_text.status(frame, running=False).text
    assert status_text.readout(frame, 0)[1] == f"in returns of {power} iterations"
    # The pinned column's plots are the return map's too, in its own coordinate, and follow the view.
    tab.plot.set_pin_at(tab.plot.grid.viewport.x_at(0.3))
    tab._follow_pin()
    qtbot.waitUntil(lambda: tab.aside.is_of(tab.request.grid))
    pinned, column = tab.aside.frame, int(0.3 * len(frame.columns))
    assert pinned.iterations == frame.iterations and pinned.period == frame.period[column] > 0
    assert tab.aside.where.startswith("a = centre − ") and "u = (x − 0.5) / " in tab.aside.cobweb.figure.x_label
    assert power in tab.aside.series.figure.x_label
    wheel(tab, 0.5, 0.5, 1)
    settle(qtbot, tab)
    qtbot.waitUntil(lambda: tab.aside.is_of(tab.request.grid))


def test_a_deep_view_with_nothing_in_it_says_so_and_the_wheel_ends_at_the_least_view(
    qtbot: QtBot, window: Window, tab: BifurcationTab
) -> None:
    tab.plot.go(Viewport(Decimal("3.81"), Decimal("0.5"), 1e-299, 1e-150))
    frame = settle(qtbot, tab)
    empty = status_text.trouble(frame, "density")
    assert empty.startswith("No points in this view: orbits here are chaotic, and about one sample in 5e+149 falls") and "Press H" in empty
    assert status_text.arithmetic(frame) == "differences, float64"
    said = status_text.status(frame, running=False).text
    assert "narrower than a column" in said and "the centre is 3.81 continued with zeros" in said
    several = replace(frame, engine="return map", iterations=6, critical=-0.8764)
    assert status_text.arithmetic(several) == "return map of the critical point x = −0.8764, float64: 1 sample = 1 return = 6 iterations"
    closed = replace(frame, engine="caustics", counts=np.ones_like(frame.counts), expected=1e20 * frame.counts.shape[0])
    assert "one in 1.0e+20 falls into the view" in status_text.status(closed, running=False).text
    assert status_text.arithmetic(closed) == "float64" and not status_text.trouble(closed, "density")
    assert tab.aside.follow(tab.request, tab.plot.grid.viewport.x_at(0.55)).below is not None
    assert tab.aside.where == "a = centre + 1e−300"
    assert tab.aside.follow(tab.request, Decimal("3.82")).below is None and tab.aside.where == "a ≈ 3.82, the nearest in float64"
    wheel(tab, 0.5, 0.5, 30)
    assert "the zoom stops" in window.status_line.sentence.text()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("left", "5", "(5) must be below 'a to' (4)"),
        ("left", "abc", "'abc' is not a number"),
        ("top", "0", "(0) must be below 'x to' (0)"),
        ("transient", "-5", "-5 is out of range; give a whole number from 0"),
        ("samples", "0", "0 is out of range; give a whole number from 1"),
        ("samples", "1.5", "not a whole number"),
        ("start", "1e999", "out of range"),
    ],
)
def test_bad_input_gets_one_line_at_its_control(tab: BifurcationTab, name: str, text: str, said: str) -> None:
    request, frame = tab.request, tab.frame
    type_into(tab, name, text)
    control = tab.panel.control(name)
    assert said in control.complaint and "\n" not in control.complaint
    assert tab.request is request and tab.frame is frame
    QTest.keyClick(control.findChild(QLineEdit), Qt.Key.Key_Escape)
    assert control.complaint == ""


def test_limits_of_any_length_are_taken_as_typed(qtbot: QtBot, tab: BifurcationTab) -> None:
    type_into(tab, "left", "3.5699456718709449")
    assert tab.request.grid.viewport.x_limits[0] == Decimal("3.5699456718709449")
    settle(qtbot, tab)


def test_limits_of_hundreds_of_digits_are_typed_one_after_the_other_copied_and_shown(qtbot: QtBot, tab: BifurcationTab) -> None:
    """The first makes a wide view, which needs few of its digits; the second a narrow one, which needs them all."""
    digits = "3.56994567187094490184200515138649893676" + "7" * 260

    def pasted(name: str, text: str) -> QLineEdit:
        editor = tab.panel.control(name).findChild(QLineEdit)
        editor.setFocus()
        editor.selectAll()
        editor.insert(text)
        QTest.keyClick(editor, Qt.Key.Key_Return)
        return editor

    for name, end in (("left", "1"), ("right", "2")):
        editor = pasted(name, digits + end)
        assert editor.text() == digits + end
        assert max(map(len, editor.toolTip().splitlines())) < 100 and digits[-60:] in editor.toolTip().replace("\n", "")
    view = tab.request.grid.viewport
    assert view.half_width == 0.5e-299 and tuple(map(str, view.x_limits)) == (digits + "1", digits + "2")
    table = tab.session(Session("bifurcation")).bifurcation
    assert table.range == view.x_limits
    pasted("right", "3.5" + "0" * 9990 + "1")
    said = tab.panel.control("right").complaint
    assert "must be below" in said and len(said) < 250
    tab.go_home()
    assert tab.panel.limits(tab.request.grid.viewport) == {"left": Decimal("3.4"), "right": 4, "bottom": 0, "top": 1}
    settle(qtbot, tab)


def test_another_map_brings_its_own_sweep_parameters_and_view(qtbot: QtBot, tab: BifurcationTab) -> None:
    box = tab.panel.control("map").findChild(QComboBox)
    box.setCurrentIndex(box.findData("gauss"))
    box.activated.emit(box.currentIndex())
    assert (tab.request.map, tab.request.sweep, tab.request.parameters) == ("gauss", "beta", (("alpha", 6.2),))
    settle(qtbot, tab)
    type_into(tab, "parameter:alpha", "4.9")
    assert tab.request.parameters == (("alpha", 4.9),)
    frame = settle(qtbot, tab)
    assert frame.counts.any()
    sweep = tab.panel.control("sweep").findChild(QComboBox)
    sweep.setCurrentIndex(sweep.findData("alpha"))
    sweep.activated.emit(sweep.currentIndex())
    assert tab.request.sweep == "alpha" and tab.request.parameters == (("beta", -0.5),)
    assert tab.request.grid.viewport.x_limits == (Decimal(0), Decimal(20))


def test_recolouring_asks_for_nothing(tab: BifurcationTab) -> None:
    asked: list[object] = []
    tab.requested.connect(asked.append)
    for name, value in (("tone", "log"), ("colour_map", "viridis"), ("shown", "period"), ("shown", "density")):
        box = tab.panel.control(name).findChild(QComboBox)
        box.setCurrentIndex(box.findData(value))
        box.activated.emit(box.currentIndex())
    assert asked == [] and check_tone(tab.plot.tone) == "log" and tab.plot.colour_map == "viridis"


def test_colours_that_the_picture_does_not_use_are_disabled_with_the_reason(qtbot: QtBot, tab: BifurcationTab) -> None:
    settle(qtbot, tab)
    control = tab.panel.control("colour_map")
    assert control.isEnabled() and tab.plot.bar.bar is not None
    tab._restyle("shown", "period")
    assert tab.panel.control("tone").isEnabled(), "the tone sets how strong the colours are"
    assert not control.isEnabled() and "each period has a colour of its own" in control.toolTip()
    assert tab.plot.bar.bar is None and "2" in {getattr(item, "text", "") for item in tab.plot.branches.items}
    tab._restyle("shown", "density")
    assert control.isEnabled() and "Not used" not in control.toolTip()


def test_branches_are_as_thick_as_chosen_and_follow_the_view(qtbot: QtBot, window: Window, tab: BifurcationTab) -> None:
    settle(qtbot, tab)
    assert tab.plot.branches.items == ()
    box = tab.panel.control("thickness").findChild(QComboBox)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert tab.plot.branch_thickness == 2
    qtbot.waitUntil(lambda: bool(tab.plot.branches.items))  # they are traced in a thread
    frame = settle(qtbot, tab)
    column = int(np.flatnonzero(frame.period == 2)[0])
    u = (column + 0.5) / len(frame.period)
    heights = [1 - (row + 0.5) / len(frame.counts) for row in np.flatnonzero(frame.counts[:, column])]
    places = tab.plot.branches.pixels(np.array([(u, height) for height in heights]))
    for (x, y), height in zip(places.tolist(), heights, strict=True):
        assert (QPointF(x, y) - QPointF(place(tab, u, height))).manhattanLength() < 2
    wheel(tab, u, heights[0])
    x, y = tab.plot.branches.pixels(np.array([(u, heights[0])]))[0]
    assert (QPointF(x, y) - QPointF(place(tab, u, heights[0]))).manhattanLength() < 2, "before the new picture is there"
    assert tab.session(window.session()).bifurcation.thickness == 2
    assert window.style_wanted().thickness == 2
    settle(qtbot, tab)


def test_a_click_pins_a_column_and_dragging_moves_it(qtbot: QtBot, tab: BifurcationTab, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[ColumnFrame] = []
    show = tab.aside.show_frame
    monkeypatch.setattr(tab.aside, "show_frame", lambda frame: (seen.append(frame), show(frame)))
    with qtbot.waitSignal(tab.plot.column_picked):
        QTest.mouseClick(tab.plot.viewport(), LEFT, pos=place(tab, 0.05, 0.3))
    qtbot.waitUntil(lambda: bool(seen) and seen[-1].request is tab.slots.newest(ColumnRequest))
    pinned = dict(seen[-1].request.parameters)["a"]
    assert pinned == pytest.approx(3.43, abs=0.003)
    assert seen[-1].period == 2 and len(seen[-1].cobweb) == 3
    assert seen[-1].lyapunov == pytest.approx(np.log(abs(4 + 2 * pinned - pinned**2)) / 2, abs=1e-3)
    assert f"a = {pinned:.3f}" in tab.aside.cobweb.title
    QTest.mousePress(tab.plot.viewport(), LEFT, pos=place(tab, 0.05, 0.3))
    for u in (0.1, 0.2, 0.3):
        QTest.mouseMove(tab.plot.viewport(), place(tab, u, 0.3))
    QTest.mouseRelease(tab.plot.viewport(), LEFT, pos=place(tab, 0.3, 0.3))
    moved = dict(tab.slots.newest(ColumnRequest).parameters)["a"]
    assert moved == pytest.approx(3.4 + 0.6 * 0.3, abs=0.003)
    qtbot.waitUntil(lambda: seen[-1].request is tab.slots.newest(ColumnRequest))


@pytest.mark.refines
def test_refining_goes_on_until_esc(qtbot: QtBot, window: Window, tab: BifurcationTab) -> None:
    wheel(tab, 0.8, 0.5, 20)  # so deep that enough samples never come soon
    settle(qtbot, tab)
    switch = tab.panel.control("keep_refining").findChild(QCheckBox)
    QTest.mouseClick(switch, LEFT, pos=QPoint(8, switch.height() // 2))
    qtbot.waitUntil(lambda: tab.frame is not None and tab.frame.samples > 5000)
    assert "refining" in window.status_line.sentence.text() and not window.status_line.progress.isHidden()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: BifurcationRequest not in window.worker.running)
    assert "stopped" in window.status_line.sentence.text() and window.status_line.progress.isHidden()
    samples = tab.frame.samples if tab.frame else 0
    QTest.mouseClick(switch, LEFT, pos=QPoint(8, switch.height() // 2))
    assert tab.frame is not None and tab.frame.samples >= samples  # nothing was lost by switching it off


def test_the_readout_says_what_the_column_does(qtbot: QtBot, tab: BifurcationTab) -> None:
    frame = settle(qtbot, tab)
    column = int(np.argmin(np.abs(frame.columns - 3.5)))
    lines = status_text.readout(frame, column)
    assert lines[0] == f"period 4 · λ = −{-np.log(abs(frame.multiplier[column])) / 4:.4f}"
    tab.plot.hovered.emit((column + 0.5) / len(frame.columns), 0.25)
    shown = tab.plot.readout.lines
    assert shown[0].startswith("a = 3.500") and shown[1].startswith("x = 0.250") and shown[2] == lines[0]


def test_a_session_restores_the_view_to_the_last_digit(qtbot: QtBot, window: Window, tab: BifurcationTab) -> None:
    wheel(tab, 0.31, 0.47, 9)
    type_into(tab, "transient", "321")
    session = window.session()
    fresh = Session(bifurcation=Bifurcation(map="sine", sweep="r", range=(Decimal("0.7"), Decimal(1))))
    window.show_session(fresh)
    assert tab.request.map == "sine"
    window.show_session(session)
    assert tab.request.grid.viewport.x_limits == session.bifurcation.range
    assert tab.request.transient == 321 and window.session() == session
    settle(qtbot, tab)


def test_an_empty_window_explains_itself(qtbot: QtBot, tab: BifurcationTab) -> None:
    view = Viewport.from_limits("3.41", "3.42", "0.1", "0.2")
    tab._go(view)
    settle(qtbot, tab)
    assert "No points in this view" in tab.plot.message.text
    tab.go_home()
    settle(qtbot, tab)
    assert tab.plot.message.text == ""


def test_frames_of_another_request_are_not_shown(tab: BifurcationTab) -> None:
    shown = tab.frame
    grid = Grid(tab.request.grid.viewport, 10, 10)
    stale = [f for f in BifurcationRequest(grid, samples=5, transient=5).frames() if f is not None][-1]
    tab.show_frame(stale)
    assert tab.frame is shown


def test_a_frame_that_comes_before_an_equal_request_is_sent_is_shown(qtbot: QtBot, tab: BifurcationTab) -> None:
    # An equal request is not sent again: if the picture of the first one were dropped, none would come.
    with qtbot.waitSignal(tab.requested, check_params_cb=lambda request: isinstance(request, BifurcationRequest)) as sent:
        tab._edit("samples", 50)
    (asked,) = sent.args
    tab._edit("samples", 60)
    tab._edit("samples", 50)
    assert tab.request == asked and tab.request is not asked
    (last,) = [frame for frame in asked.frames() if frame is not None and frame.done]
    tab.show_frame(last)
    assert tab.frame is last
    settle(qtbot, tab)


def test_a_fine_picture_stays_while_that_of_another_size_is_coarse(tab: BifurcationTab) -> None:
    shown = tab.frame
    assert shown is not None
    fine = replace(shown, samples=100_000)
    view, columns, rows = shown.request.grid.viewport, shown.request.grid.columns, shown.request.grid.rows
    resized = replace(shown.request, grid=Grid(view, columns + 200, rows))
    coarse = replace(shown, request=resized, samples=1000, done=False)
    assert status_text.outlasts(fine, coarse) and status_text.outlasts(fine, replace(coarse, request=shown.request))
    for other in (
        replace(coarse, samples=status_text.SMOOTH * rows),
        replace(coarse, done=True),
        replace(coarse, request=shown.request, engine="return map"),
        replace(coarse, request=replace(resized, grid=Grid(view.zoomed(0.5, 0.5), columns + 200, rows))),
        replace(coarse, request=replace(resized, start=0.3)),
    ):
        assert not status_text.outlasts(fine, other)
    assert not status_text.outlasts(replace(fine, samples=1000), coarse), "that is no finer"


def test_a_map_carried_over_is_pinned_where_it_was(qtbot: QtBot, tab: BifurcationTab) -> None:
    tab.receive("gauss", {"alpha": 4.9, "beta": -0.6})
    assert (tab.request.map, tab.request.parameters, tab.plot.pin) == ("gauss", (("alpha", 4.9),), Decimal("-0.6"))
    settle(qtbot, tab)  # before the window shows the other tab
    with qtbot.waitSignal(tab.carried) as carried:
        tab.carry_pin()
    assert carried.args == ["fixed-points", "gauss", {"alpha": 4.9, "beta": -0.6}, None]


def seen(qtbot: QtBot, tab: BifurcationTab, before: Viewport) -> Viewport:
    """The view that a key has led to."""
    qtbot.waitUntil(lambda: tab.request.grid.viewport != before)
    return tab.request.grid.viewport


def test_keys_lead_into_copies_out_of_them_and_to_the_attractor_s_height(qtbot: QtBot, tab: BifurcationTab) -> None:
    whole = tab.request.grid.viewport
    QTest.keyClick(tab.plot, Qt.Key.Key_N)
    copy = seen(qtbot, tab, whole)
    assert copy.half_width < 0.3 * whole.half_width and float(copy.x_limits[0]) < 3.45 < 3.59 < float(copy.x_limits[1])
    tab.go_back()
    assert tab.request.grid.viewport == whole  # a step of the history
    low = Viewport(Decimal("3.5699456718"), Decimal("0.5"), 1e-9, 1e-9)
    tab._go(low)
    QTest.keyClick(tab.plot, Qt.Key.Key_H)
    fitted = seen(qtbot, tab, low)
    assert fitted.x_limits == low.x_limits and 1e-6 < fitted.half_height < 1e-4
    QTest.keyClick(tab.plot, Qt.Key.Key_U)
    assert seen(qtbot, tab, fitted).half_width > 1.3 * fitted.half_width


def test_a_copy_is_flown_to_and_any_input_ends_the_flight(qtbot: QtBot, tab: BifurcationTab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The view is on its way while the request is that of the goal already; a picture that is there sooner waits for the end."""
    now, plot = [350], tab.plot
    monkeypatch.setattr(tab.journeys, "_clock", SimpleNamespace(start=lambda: None, elapsed=lambda: now[0]))
    whole = tab.request.grid.viewport
    QTest.keyClick(plot, Qt.Key.Key_N)
    copy = seen(qtbot, tab, whole)
    qtbot.waitUntil(lambda: plot.given_view not in (whole, copy))
    assert plot.given_view.half_width == pytest.approx((whole.half_width * copy.half_width) ** 0.5)
    kept = [axis(plot.given_view) for axis in (lambda view: view.u_of(copy.x), lambda view: view.v_of(copy.y))]
    assert all(0 < place < 1 for place in kept)
    qtbot.waitUntil(lambda: tab.journeys._ahead is not None and tab.journeys._ahead.done)
    assert tab.frame is not None and tab.frame.request.grid.viewport == whole
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert plot.given_view == copy and tab.frame.request.grid.viewport == copy and not tab.slots.abandoned
    now[0] = 701
    tab.go_back()
    monkeypatch.setattr(tab.journeys, "_is_animated", lambda: False)  # as where the desktop wants no animations
    QTest.keyClick(plot, Qt.Key.Key_N)
    assert seen(qtbot, tab, whole) == copy and plot.given_view == copy


def test_the_height_can_be_kept_fitted_while_zooming(qtbot: QtBot, tab: BifurcationTab) -> None:
    tab._go(Viewport(Decimal("3.5699456718"), Decimal("0.5"), 1e-6, 1e-6))
    before = tab.request.grid.viewport
    tab.panel.keep_fitted.edited.emit(True)
    fitted = seen(qtbot, tab, before)
    wheel(tab, 0.5, 0.5, 3)
    qtbot.waitUntil(lambda: tab.request.grid.viewport.half_width < fitted.half_width)
    narrower = tab.request.grid.viewport.half_width
    qtbot.waitUntil(lambda: 0.2 * fitted.half_height < tab.request.grid.viewport.half_height)
    assert tab.request.grid.viewport.half_width == narrower
    tab.panel.keep_fitted.edited.emit(False)


def test_a_map_with_a_corner_has_no_copies_and_says_so(qtbot: QtBot, window: Window, tab: BifurcationTab) -> None:
    tab._choose_map(find_map("tent"))
    with qtbot.waitSignal(window.worker.failed, check_params_cb=lambda _, text, *__: "corner" in text):
        QTest.keyClick(tab.plot, Qt.Key.Key_N)


def test_the_attractor_is_followed_from_both_sides(qtbot: QtBot, tmp_path: Path, window: Window, tab: BifurcationTab) -> None:
    # Fixed points solve r = (x³ - x) / 2: between the folds at r = ±1 / (3 √3) there are two that attract.
    text = """funjax = 1\ntab = "bifurcation"\n[bifurcation]\nmap = "x + r + 0.5*(x - x^3)"\nsweep = "r"\nrange = [-0.3, 0.3]
x = [-2.0, 2.0]\nstart = 0.1\ntransient = 300\nsamples = 20\nsize = [60, 40]\npin = 0.0\nkeep-refining = false\n"""
    window.show_session(parse(text))
    settle(qtbot, tab)
    box, area = tab.panel.control("follow").findChild(QComboBox), tab.panel_area
    assert box.currentText() == "No, begin at x₀" and tab.frame is not None and tab.frame.other is None
    area.ensureWidgetVisible(box)
    box.setFocus()
    for _ in range(3):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentText() == "From both sides"
    frame = settle(qtbot, tab)
    assert tab.request.follow == "both" and frame.other is not None
    expected, fold = np.abs(frame.columns) < (within := 1 / (3 * math.sqrt(3))), 3 * (frame.columns[1] - frame.columns[0])
    away = np.abs(np.abs(frame.columns) - within) > fold
    assert np.array_equal(sides.differ(frame)[away], expected[away])
    assert f"followed from both sides: they differ in {sides.differ(frame).sum()} of" in window.status_line.sentence.toolTip()
    # The pinned orbit is that from the left, on the lower branch, where the column's own began.
    qtbot.waitUntil(lambda: tab.aside.frame is not None and np.ptp(tab.aside.frame.series) < 1e-3)
    assert tab.aside.frame is not None and tab.aside.frame.series[-1] == pytest.approx(-1) and tab.aside.where.endswith(", from the left")
    image = tab.plot.picture.image
    assert image is not None
    ground, *seen = ({QColor(image.pixel(column, row)).name() for row in range(image.height())} for column in (0, image.width() // 2))
    assert len(ground) == 2 and len(seen[0] - ground) == 2  # one colour where both have the same fixed point, two others beside
    assert not tab.panel.control("shown").isEnabled() and "from the left" in tab.panel.legend.text() and not tab.panel.legend.isHidden()
    lines = status_text.readout(frame, len(frame.columns) // 2)
    assert [line[:19] for line in lines] == ["from the left: peri", "from the right: per"]
    assert "From the right: Of " in tab.descriptions()["picture"]

    session = window.session()
    assert parse(dumps(session)) == session and session.bifurcation.follow == "both"
    (tmp_path / "s.toml").write_text(text + 'follow = "both"\n')
    for suffix in ("json", "npz", "csv", "dat", "py", "svg"):
        render(tmp_path / "s.toml", tmp_path / f"a.{suffix}")
    found, arrays = json.loads((tmp_path / "a.json").read_text()), np.load(tmp_path / "a.npz")
    assert found["follow"] == "both" and sum(found["differ"]) == pytest.approx(60 * within / 0.3, abs=2)
    assert (arrays["counts"][20:, 30] > 0).any() and (arrays["counts_right"][:20, 30] > 0).any() and len(arrays["lyapunov_right"]) == 60
    assert "period_right" in (tmp_path / "a.csv").read_text() and ",visits,period,visits_right" in (tmp_path / "a.dat").read_text()
    assert "frame.other" in (tmp_path / "a.py").read_text() and "from both sides" in (tmp_path / "a.svg").read_text()
    window.undo.settle()
    window.undo.undo()
    assert tab.request.follow == "" and tab.panel.control("shown").isEnabled()
