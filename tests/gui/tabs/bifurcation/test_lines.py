"""A line drawn across the plane of two parameters: the diagram along it, the way back, sessions and exports."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from funjax_gui.documents import render
from funjax_gui.sessions import Session
from funjax_gui.sessions.checks import SessionError
from funjax_gui.sessions.session import dumps, parse
from funjax_gui.tabs.bifurcation.tab import BifurcationTab
from kernels import BifurcationRequest, TwoParametersRequest
from kernels.skeleton import SkeletonRequest

LINE = """funjax = 1
tab = "bifurcation"
[bifurcation]
map = "henon"
sweep = "a"
and-sweep = "b"
line = [[0.4, 0.1], [1.2, 0.3]]
size = [12, 10]
samples = 100
transient = 200
"""


def test_ctrl_and_a_drag_open_the_diagram_along_a_line(qtbot: Any, plane_tab: BifurcationTab) -> None:
    tab = plane_tab
    plane = tab.cover
    assert plane is not None
    plane.plot.zoom(1.0)
    viewport, area, view = plane.plot.viewport(), plane.plot.plot_rect, plane.request.grid.viewport
    start, end = QPoint(round(area.left()) + 40, round(area.bottom()) - 30), QPoint(round(area.left()) + 200, round(area.top()) + 50)
    u, v = plane.plot.window_point(QPointF(start))
    held = Qt.KeyboardModifier.ControlModifier
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, held, start)
    for place in (start + (end - start) / 2, end):
        at = QPointF(place), QPointF(viewport.mapToGlobal(place))  # QTest's moves have no keys held
        QApplication.sendEvent(
            viewport, QMouseEvent(QEvent.Type.MouseMove, *at, Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton, held)
        )
    assert plane._stretched
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, held, end)
    request = tab.export_request()
    assert isinstance(request, BifurcationRequest) and request.swept == ("a", "b") and not tab.is_covered
    (a, b), (c, d) = request.line
    assert not plane._stretched
    pixels = 2 * view.half_width / plane.plot.grid_size[0], 2 * view.half_height / plane.plot.grid_size[1]
    assert (a, b) == (pytest.approx(float(view.x_at(u)), abs=pixels[0]), pytest.approx(float(view.y_at(v)), abs=pixels[1]))
    assert len(f"{a}{b}{c}{d}") < 30 and a < c and b < d  # ends to the digits that pixels have
    assert tab.plot.x_axis.label.startswith("position: a from ") and not tab.panel._back_to_plane.isHidden()
    assert tab.plot.pin is not None and float(tab.plot.pin) == 0.5 and f"a = {(a + c) / 2:.6g}"[:8] in tab.aside.where
    tab._show_readout(0.5, 0.5)
    tab.journeys.travel("fit")
    assert tab.plot.given_view == request.grid.viewport  # it is refused
    tab.skeleton.set_parts(("named",))
    tab._queue_requests()
    assert tab.slots.newest(SkeletonRequest).line == request.line
    tab.skeleton.set_parts(())
    assert tab.panel.control("and_sweep")._box.currentData() == "b"
    kept = tab.session(Session(tab="bifurcation"))
    assert kept.bifurcation.line == request.line and parse(dumps(kept)) == kept
    tab.panel.plane_wanted.emit()
    assert tab.is_covered and plane.request.grid.viewport == view and plane._drawn == request.line
    tab.restore(kept)
    assert not tab.is_covered and tab.request.line == request.line
    carried: list[Any] = []
    tab.carried.connect(lambda *what: carried.append(what))
    tab.carry_pin()
    assert carried[0][2] == request.at(0.5)
    tab._edit("sweep", "b")
    assert not tab.request.line and dict(tab.request.parameters) == {"a": request.at(0.5)["a"]} and tab.panel._back_to_plane.isHidden()


def test_a_session_s_line_has_a_plane_that_shows_it(plane_tab: BifurcationTab) -> None:
    tab = plane_tab
    plane = tab.cover
    assert plane is not None
    plane.open_line()
    left, right = map(float, plane.request.grid.viewport.x_limits)
    assert tab.request.line == ((left, plane.pin[1]), (right, plane.pin[1]))
    tab.restore(parse(LINE.replace("henon", "lozi").replace("1.2, 0.3", "9.5, 0.3")))
    tab.panel.plane_wanted.emit()
    request = tab.export_request()
    assert isinstance(request, TwoParametersRequest) and request.map == "lozi" and float(request.grid.viewport.x_limits[1]) == 9.5
    tab._edit("map", "logistic")
    tab._edit("and_sweep", "a")
    plane.open_line()
    assert tab.is_covered and not plane.plot.draws_lines  # a forced parameter is one


def test_exports_have_both_parameters_and_the_script_the_same_counts(tmp_path: Path, monkeypatch: Any) -> None:
    path = tmp_path / "line.toml"
    path.write_text(LINE)
    for suffix in (".json", ".csv", ".npz", ".py", ".png"):
        render(path, tmp_path / f"line{suffix}")
    found = json.loads((tmp_path / "line.json").read_text())
    position = np.array(found["position"])
    np.testing.assert_allclose(position, (np.arange(12) + 0.5) / 12)
    np.testing.assert_allclose(found["a"], 0.4 + 0.8 * position)
    np.testing.assert_allclose(found["b"], 0.1 + 0.2 * position)
    a, b = np.array(found["a"]), np.array(found["b"])
    assert (np.array(found["period"])[a < 0.75 * (1 - b) ** 2 - 0.02] == 1).all() and found["line"] == [[0.4, 0.1], [1.2, 0.3]]
    assert "position,a,b," in (tmp_path / "line.csv").read_text()
    assert "plt.xlabel('position: a from 0.4 to 1.2, b from 0.1 to 0.3')" in (tmp_path / "line.py").read_text()
    monkeypatch.setattr("sys.argv", ["line.py", str(tmp_path / "again.npz")])
    exec(compile((tmp_path / "line.py").read_text(), "line.py", "exec"), {"__file__": "line.py"})
    with np.load(tmp_path / "line.npz") as window, np.load(tmp_path / "again.npz") as script:
        np.testing.assert_array_equal(window["counts"], script["counts"])
        np.testing.assert_array_equal(window["lyapunov"], script["lyapunov"])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('and-sweep = "b"\n', "", "line 6: .*line is not a key without and-sweep"),
        ("[[0.4, 0.1], [1.2, 0.3]]", "[0.4, 1.2]", "give both ends of a line"),
        ("[1.2, 0.3]]", "[0.4, 0.1]]", "both ends of the line are"),
        ("size", "and-range = [0, 1]\nsize", "and-range is not a key with line"),
        ('"b"', '"a"', "a is swept twice along the line"),
        ("size", 'show = "exponent"\nsize', "of one parameter it may be density, period"),
    ],
)
def test_errors_of_lines_in_sessions(old: str, new: str, message: str) -> None:
    with pytest.raises(SessionError, match=message):
        parse(LINE.replace(old, new))
