"""Overlays of the diagram: from the switches to lines and marks on the picture, the table, the session and the files."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot

from funjax_gui.app.window import Window
from funjax_gui.documents import render
from funjax_gui.export import Style
from funjax_gui.figures import Marks, Polyline, name_of, skeleton_items
from funjax_gui.sessions.checks import SessionError
from funjax_gui.sessions.session import dumps, parse
from funjax_gui.tabs.bifurcation.session import Bifurcation
from funjax_gui.tabs.bifurcation.skeleton import skeleton_request
from kernels import Viewport
from kernels.geometry import decimal
from kernels.skeleton import PARTS, SkeletonFrame, SkeletonRequest

VIEW = Viewport.from_limits("2.8", "3.4", "0.3", "0.9")


@pytest.fixture(scope="module")
def frame() -> SkeletonFrame:
    *_, found = filter(None, SkeletonRequest(VIEW).frames())
    return found


def test_attracting_cycles_are_solid_and_repelling_ones_dashed(frame: SkeletonFrame) -> None:
    lines = {item.dash: item.points for item in skeleton_items(frame) if isinstance(item, Polyline) and item.role == "accent2"}
    fixed = {dash: points[np.abs(points[:, 1] - (1 - 1 / points[:, 0])) < 1e-5][:, 0] for dash, points in lines.items()}
    assert fixed["solid"].max() == pytest.approx(3, abs=2e-3) and fixed["dash"].min() == pytest.approx(3, abs=2e-3)
    assert fixed["solid"].max() == fixed["dash"].min(), "both end at the point at which it changes"


def test_named_points_have_a_mark_for_each_kind_and_words(frame: SkeletonFrame) -> None:
    marks = {item.shape: item.points for item in skeleton_items(frame) if isinstance(item, Marks)}
    assert marks["diamond"] == pytest.approx(np.array([[3, 2 / 3]]))
    assert marks["circle"] == pytest.approx(np.array([[1 + math.sqrt(5), 0.5]]))
    assert name_of(frame.named[0]) == "supercritical period doubling of a fixed point"


def test_the_switches_draw_overlays_that_follow_the_view_and_are_kept(qtbot: QtBot, tmp_path: Path) -> None:
    window = Window()
    qtbot.addWidget(window)
    tab = window.bifurcation
    tab.restore(window.session().with_table(Bifurcation(range=VIEW.x_limits, x=VIEW.y_limits)))
    window.show()
    overlay = tab.skeleton
    for name in ("unstable-cycles", "named"):
        box = tab.panel.skeleton.switches[name].findChild(QCheckBox)
        QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert overlay.parts == ("unstable-cycles", "named")
    qtbot.waitUntil(lambda: overlay.frame is not None and overlay.frame.request.parts == overlay.parts, timeout=60_000)
    assert tab.plot.overlay.items
    (doubling,) = (point for point in overlay.frame.named if point.kind == "period-doubling")
    u, v = (3 - 2.8) / 0.6, (2 / 3 - 0.3) / 0.6
    assert overlay.lines(tab.plot.grid, u, v)[:2] == [
        "supercritical period doubling of a fixed point",
        "a = 3.00000000000000, x = 0.666666666666667",
    ]
    assert overlay.lines(tab.plot.grid, 0.1, 0.1) == []
    assert tab.session(window.session()).bifurcation.overlay == ("unstable-cycles", "named")

    near = u + 3 / tab.plot.grid.columns
    tab._show_readout(near, v)
    assert tab.plot.readout.lines[0].startswith("a = 3.000"), "the cursor jumps to it"
    tab.plot._pick_at(near, v)
    assert tab.plot.pin == decimal(doubling.parameter)
    tab.plot._pick_at(near, 0.1)
    assert tab.plot.pin != decimal(doubling.parameter), "far from the point in the column"
    assert tab.plot.snap(near, None) == decimal(doubling.parameter), "the pin, which is dragged, has no height"
    tab.panel.skeleton.snap.edited.emit(False)
    assert tab.plot.snap(near, v) is None and not tab.session(window.session()).bifurcation.snap

    overlay.open_table()
    table = overlay._table
    assert table is not None and table.table.rowCount() == 2
    table.copy()
    assert QApplication.clipboard().text().splitlines()[1].split("\t")[:4] == ["period doubling", "supercritical", "1", "3.00000000000000"]
    table.save(tmp_path / "named.csv")
    about, head, first, _ = (tmp_path / "named.csv").read_text(encoding="utf-8").splitlines()
    assert "a x − a x²" in about and head == "kind,form,period,a,x,coefficient,a_error,x_error"
    assert first.split(",")[:3] == ["period-doubling", "supercritical", "1"] and float(first.split(",")[3]) == pytest.approx(3, abs=1e-14)
    assert not table._cascades.isVisible(), "one doubling is not a cascade"
    overlay.fly(doubling)
    view = tab.plot.grid.viewport
    assert (float(view.x), float(view.half_width)) == pytest.approx((3, 0.075))
    qtbot.waitUntil(lambda: overlay.frame is not None and overlay.frame.request.viewport == view, timeout=60_000)
    assert table.table.rowCount() == 1
    table.close()

    tab.restore(window.session().with_table(Bifurcation(map="tent", sweep="m", overlay=PARTS)))
    tab._queue_requests()
    assert "corners" in tab.panel.skeleton.note.text() and not tab.plot.overlay.items
    window.close()


def test_the_longest_period_is_kept_and_bounded() -> None:
    text = 'funjax = 1\n[bifurcation]\noverlay = ["named"]\nlongest-period = {}\n'
    session = parse(text.format(12))
    assert parse(dumps(session)) == session and Style(**session.appearance).longest_period == 12
    assert skeleton_request(session.bifurcation.request(), ("named",), 12).most_period == 12
    with pytest.raises(SessionError, match=r"longest-period.*16"):
        parse(text.format(17))


def test_a_session_s_overlays_are_in_its_files(tmp_path: Path) -> None:
    text = 'funjax = 1\n[bifurcation]\nrange = [2.8, 3.4]\nx = [0.3, 0.9]\nsize = [120, 90]\noverlay = ["named", "unstable-cycles"]\n'
    (tmp_path / "one.toml").write_text(text)
    render(tmp_path / "one.toml", tmp_path / "one.json")
    named = json.loads((tmp_path / "one.json").read_text())["named"]
    assert [(point["kind"], point["period"]) for point in named] == [("period-doubling", 1), ("superstable", 2)]
    assert [point["a"] for point in named] == pytest.approx([3, 1 + math.sqrt(5)], abs=1e-14)
    render(tmp_path / "one.toml", tmp_path / "one.svg")
    svg = (tmp_path / "one.svg").read_text()
    assert "stroke-dasharray" in svg and "PD 1" not in svg  # labels are outlines
