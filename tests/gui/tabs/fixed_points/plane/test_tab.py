"""The phase plane in the window, end to end: choosing a map of the plane, orbits by hand, zoom, sliders, undo and sessions."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from funjax_gui.app.window import Window
from funjax_gui.sessions import session as sessions
from funjax_gui.tabs.fixed_points.plane.tab import PlaneTab
from funjax_gui.tours.runner import part_of

LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    made = Window()
    qtbot.addWidget(made)
    made.resize(1200, 760)
    made.tabs.setCurrentWidget(made.fixed_points)
    made.show()
    yield made
    made.close()


def settle(qtbot: QtBot, tab: PlaneTab) -> None:
    """Wait until everything asked for is there, whole."""

    def ready() -> bool:
        frame, cycles, orbits = tab.scene.frame, tab.scene.cycles, tab.aside.frame
        if frame is None or cycles is None or orbits is None:
            return False
        followed = orbits.request.starts == (tab.start, *tab.pins) and orbits.request.parameters == tab.request.parameters
        searched = cycles.done and cycles.request.view == tab.request.grid.viewport and cycles.request.parameters == tab.request.parameters
        return frame.request is tab.request and frame.done and followed and searched and not tab.slots.is_waiting()

    qtbot.waitUntil(ready)


def place(plot: Any, u: float, v: float) -> QPoint:
    area = plot.plot_rect
    return QPoint(round(area.left() + u * area.width()), round(area.bottom() - v * area.height()))


def test_a_map_of_the_plane_is_chosen_explored_undone_and_left(window: Window, qtbot: QtBot) -> None:
    outer = window.fixed_points
    before = outer.session(sessions.Session())
    outer.begin_keys()
    outer.panel.control("map").edited.emit("henon")
    plane = outer.cover
    assert plane is not None
    assert window.focusWidget() is plane.plot, "the picture keeps the keys"
    settle(qtbot, plane)
    assert plane.isVisible()
    outer._set_request(outer.request)  # as where the plot of the line, which is hidden, is laid out anew
    assert (plane.plot.x_axis.label, plane.plot.y_axis.label) == ("x", "y")
    assert not outer.panel_area.isVisible()
    assert outer.plot is plane.plot
    # A tour highlights the controls that are seen.
    assert part_of(outer, "map") is plane.panel.control("map")
    assert plane.scene.frame is not None
    assert plane.scene.frame.inside > 700_000
    # The table has the fixed points of the closed form.
    b, a = 0.3, 1.4
    x = (b - 1 + ((1 - b) ** 2 + 4 * a) ** 0.5) / (2 * a)
    assert plane.table.item(1, 0).text() == "✕ fixed point"
    assert plane.table.item(1, 1).text() == f"{x:.8g}"
    assert plane.table.item(1, 4).text() == "flip saddle"
    assert "proved to be all" in plane.status().text

    # A click adds an orbit; the triangle is dragged; P keeps it.
    QTest.mouseClick(plane.plot.viewport(), LEFT, pos=place(plane.plot, 0.5, 0.75))
    qtbot.waitUntil(lambda: bool(plane.pins))
    assert plane.pins == ((0.0, 0.0),)
    assert plane.start == pytest.approx((0.0, 0.225), abs=0.01)
    settle(qtbot, plane)
    assert plane.aside.frame is not None
    states = plane.aside.frame.points[0]
    assert states.shape == (1000, 2)
    x0, y0 = plane.start
    assert states[1] == pytest.approx((1 - a * x0 * x0 + y0, b * x0), rel=1e-14)
    plane.plot.move_handle(0.6, 0.6)
    assert plane.start == pytest.approx((0.3, 0.09))

    # The wheel zooms and a slider drags live; nothing of the map's is compiled again by that.
    at = place(plane.plot, 0.5, 0.5)
    turned = QWheelEvent(
        QPointF(at), QPointF(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, PLAIN, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(plane.plot.viewport(), turned)
    assert plane.request.grid.viewport.half_width == pytest.approx(1.2)
    plane.panel.control("parameter:a").edited.emit(0.2)
    settle(qtbot, plane)
    assert plane.scene.cycles is not None
    assert [cycle.kind for cycle in plane.scene.cycles.cycles] == ["attracting node"]
    outer.go_home()
    assert plane.request.grid.viewport.half_width == pytest.approx(1.5)

    # A row that is selected is marked, and the table is text with all digits.
    settle(qtbot, plane)
    plane.table.selectRow(0)
    assert plane.scene.chosen == 0
    assert repr(plane.scene.cycles.cycles[0].points[0][0])[:9] in plane.table.text()

    # The session says it all, and opens it again; a map of the line brings the cobweb back.
    saved = outer.session(sessions.Session())
    again = sessions.parse(sessions.dumps(saved))
    assert again.fixed_points == saved.fixed_points
    outer.restore(before)
    assert not plane.isVisible()
    assert outer.panel_area.isVisible()
    assert outer.session(sessions.Session()) == before
    outer.restore(replace(again, tab="fixed-points"))
    assert plane.isVisible()
    settle(qtbot, plane)
    assert outer.session(sessions.Session()).fixed_points == saved.fixed_points
    plane.panel.control("map").edited.emit("logistic")
    assert outer.request.map == "logistic"
    assert outer.panel_area.isVisible()


def test_dragging_a_slider_and_zooming_compile_nothing(window: Window, qtbot: QtBot, compiled: Any) -> None:
    outer = window.fixed_points
    outer.receive("henon", {"a": 1.0})
    plane = outer.cover
    assert plane is not None
    plane.panel.control("shown").edited.emit("orbits+basins")

    def drag(a: float) -> None:
        plane.panel.control("parameter:a").edited.emit(a)
        settle(qtbot, plane)
        qtbot.waitUntil(lambda: plane.scene.basins is not None and plane.scene.basins.done and not plane.slots.is_running())
        assert dict(plane.scene.basins.request.parameters)["a"] == a

    drag(0.9)
    plane.plot.zoom(1)
    drag(1.4)
    with compiled() as kernels:
        plane.plot.zoom(1)
        for a in (1.35, 0.3):
            drag(a)
    assert kernels == []


def test_basins_are_shown_with_their_shares_and_are_not_offered_where_there_are_none(window: Window, qtbot: QtBot) -> None:
    outer = window.fixed_points
    outer.receive("henon", {"a": 0.2})
    plane = outer.cover
    assert plane is not None
    plane.panel.control("shown").edited.emit("orbits+basins")
    qtbot.waitUntil(lambda: plane.scene.basins is not None and plane.scene.basins.done and plane.scene.frame is not None)
    assert "to the fixed point (1.089, 0.3268), 100.0 %" in plane.panel.basins.text()
    assert "1 attractor" in plane.status().text
    plane.plot.hovered.emit(0.9, 0.51)
    assert plane.plot.readout.lines[-1] == "to the fixed point (1.089, 0.3268)"
    saved = outer.session(sessions.Session())
    assert saved.fixed_points.show == ("orbits", "basins")
    assert sessions.parse(sessions.dumps(saved)).fixed_points == saved.fixed_points
    plane.set_theme(window.bifurcation.plot.colours)
    outer.receive("cat", {})
    assert plane.scene.shown == ("orbits",)
    assert plane.scene.basins is None


def test_manifolds_are_drawn_over_orbits_or_alone_and_are_in_sessions(window: Window, qtbot: QtBot) -> None:
    outer = window.fixed_points
    outer.receive("henon", {})
    plane = outer.cover
    assert plane is not None
    plane.panel.control("manifolds").edited.emit(True)
    plane.panel.control("manifold_length").edited.emit(6.0)
    assert plane.scene.shown == ("orbits", "manifolds")
    qtbot.waitUntil(lambda: plane.scene.manifolds is not None and plane.scene.manifolds.done and plane.scene.frame is not None)
    assert {branch.length for branch in plane.scene.manifolds.branches} == {6.0}
    assert "stable manifold" in plane.panel.manifolds.legend.text()
    assert "homoclinic points in this view" in plane.panel.manifolds.legend.text()
    assert len(plane.plot.lines.items) > 8
    saved = outer.session(sessions.Session())
    assert (saved.fixed_points.show, saved.fixed_points.manifold_length) == (("orbits", "manifolds"), 6.0)
    assert sessions.parse(sessions.dumps(saved)).fixed_points == saved.fixed_points
    plane.panel.control("manifold_length").edited.emit(-1.0)
    assert "out of range" in plane.panel.control("manifold_length").complaint
    # They follow a parameter, and stay alone where nothing else is wanted.
    plane.panel.control("shown").edited.emit("")
    assert plane.scene.shown == ("manifolds",)
    plane.panel.control("parameter:a").edited.emit(1.3)
    qtbot.waitUntil(lambda: plane.scene.manifolds.done and dict(plane.scene.manifolds.request.parameters)["a"] == 1.3)
    assert "8 branches of manifolds" in plane.status().text
    plane.set_theme(window.bifurcation.plot.colours)
    plane.panel.control("manifolds").edited.emit(False)
    assert plane.scene.shown == ("orbits",)
    assert plane.plot.lines.items == ()


def test_angles_are_drawn_once_and_every_text_is_there(window: Window, qtbot: QtBot) -> None:
    outer = window.fixed_points
    outer.receive("standard", {"k": 0.5})
    plane = outer.cover
    assert plane is not None
    settle(qtbot, plane)
    assert dict(plane.request.parameters) == {"k": 0.5}
    assert plane.scene.frame is not None
    assert plane.scene.frame.request.region is None
    assert all(outer.descriptions().values())
    assert "centre" in plane.panel.legend.text()
    qtbot.waitUntil(lambda: "unresolved: neither exponent differs from 0 by more than its error" in plane.panel.numbers.text())
    qtbot.waitUntil(lambda: "Rotation number" in plane.panel.numbers.text())
    assert "Box-counting dimension 1" in plane.panel.numbers.text()
    assert plane.aside.fits.title.startswith("D₀ = ") and plane.aside.fits.message.text == ""
    assert plane.aside.numbers is not None
    plane.aside.show_numbers(replace(plane.aside.numbers, box=None, correlation=None))
    assert plane.aside.fits.message.text == "The orbit is not finite"
    plane.set_theme(window.bifurcation.plot.colours)
    plane.plot.hovered.emit(0.5, 0.5)
    assert plane.plot.readout.lines
    for _ in range(9):
        plane.add_orbit((float(np.float64(len(plane.pins)) / 10), 0.1))
    assert len(plane.pins) == 7
    plane.unpin_starts()
    assert plane.pins == ()
    plane.carry()
    assert window.tab is window.bifurcation
    assert window.bifurcation.request.map == "standard"
