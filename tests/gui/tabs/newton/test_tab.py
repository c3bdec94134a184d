"""The Newton tab in its window, end to end: by the events that a hand makes, to the iterates that are published."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path as Files
from typing import Any

import numpy as np
import pytest
from kept_window import KeptWindow
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from funjax_gui.app.window import Window
from funjax_gui.export import ExportJob, Style
from funjax_gui.export.request import ExportFrame, ExportRequest
from funjax_gui.figures.items import Arrow, Circle, Marks, Polyline
from funjax_gui.sessions.session import Session, dumps, load, parse
from funjax_gui.tabs.newton.page import ComparisonPicture
from funjax_gui.tabs.newton.runs.iterates_table import IteratesTable
from funjax_gui.tabs.newton.session import Newton
from funjax_gui.tabs.newton.tab import NewtonTab
from funjax_gui.widgets.panel import Fold, unfold
from kernels.equations import EquationRequest
from kernels.newton.basins import NewtonBasinFrame
from kernels.newton.comparison import ComparisonRequest
from kernels.newton.frame import NewtonFrame
from kernels.newton.scaling import NewtonScalingRequest
from kernels.newton.surface import SurfaceFrame

LEFT = Qt.MouseButton.LeftButton
ROSENBROCK = [24.2, 4.731884, 1411.8452, 0.0559655, 0.3131891, 1.8527e-11, 3.4e-20]
"""Values of full Newton steps from (-1.2, 1), as published."""


@pytest.fixture
def window(qtbot: QtBot, kept_window: KeptWindow) -> Window:
    made = kept_window.opened((1200, 760), tab="newton")
    settle(qtbot, made.newton)
    return made


@pytest.fixture
def tab(window: Window) -> NewtonTab:
    return window.newton


def settle(qtbot: QtBot, tab: NewtonTab) -> None:
    """Wait until the picture and the runs asked for are there, whole."""

    def ready() -> bool:
        scene = tab.scene
        painted = scene.frame is not None and scene.frame.request is tab.slots.newest(type(scene.frame.request)) and scene.frame.done
        return painted and tab.comparison.done

    qtbot.waitUntil(ready)


def choose(tab: NewtonTab, name: str, value: str) -> None:
    box = tab.panel.control(name).findChild(QComboBox)
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def type_into(tab: NewtonTab, name: str, text: str) -> None:
    editor = tab.panel.control(name).findChild(QLineEdit)
    editor.setFocus()
    editor.selectAll()
    QTest.keyClick(editor, Qt.Key.Key_Delete)
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)


def switch(tab: NewtonTab, method: str) -> None:
    box: QCheckBox = tab.panel.methods[method]
    QTest.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))


def run_of(tab: NewtonTab, method: str) -> NewtonFrame:
    return next(run for run in tab.comparison.runs if run.request.method == method)


def place(tab: NewtonTab, x: float, y: float) -> QPoint:
    at = tab.plot.overlay.pixels(np.array([[x, y]]))[0]
    return QPoint(round(at[0]), round(at[1]))


def drag(tab: NewtonTab, start: tuple[float, float], *stops: tuple[float, float]) -> None:
    viewport = tab.plot.viewport()
    QTest.mousePress(viewport, LEFT, pos=place(tab, *start))
    for stop in stops:
        QTest.mouseMove(viewport, place(tab, *stop))
    QTest.mouseRelease(viewport, LEFT, pos=place(tab, *stops[-1]))


def exact_cells(tab: NewtonTab, name: str, role: Qt.ItemDataRole = Qt.ItemDataRole.ToolTipRole) -> list[str]:
    model = tab.table.iterates
    column = [model.headerData(i, Qt.Orientation.Horizontal).lower() for i in range(model.columnCount())].index(name.lower())
    return [model.data(model.index(row, column), role) for row in range(model.rowCount())]


def test_the_posts_quadratic_is_solved_in_one_step(tab: NewtonTab, window: Window) -> None:
    run = run_of(tab, "newton")
    assert (run.status, run.kind, run.steps) == ("converged", "maximum", 1)
    assert run.iterates[-1] == pytest.approx([3, 7])
    assert tab.method_status.lines[0].text.text().startswith("Converged to a maximum in 1 step")
    assert "log₁₀(2 − f)" in window.status_line.sentence.text()


def test_the_table_has_the_published_iterates_with_all_digits(qtbot: QtBot, tab: NewtonTab) -> None:
    choose(tab, "objective", "rosenbrock")
    settle(qtbot, tab)
    values = [float(cell.replace("−", "-")) for cell in exact_cells(tab, "f")]
    assert exact_cells(tab, "f", Qt.ItemDataRole.DisplayRole)[:2] == ["24.2", "4.7318843"]
    assert values[:7] == pytest.approx(ROSENBROCK, rel=1e-2)
    assert values[:4] == pytest.approx(ROSENBROCK[:4], rel=1e-6)
    frame = tab.table.iterates.frame
    assert frame is not None and values == frame.values.tolist()  # to the last bit
    tab.table.setFocus()
    QTest.keyClick(tab.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == len(values) + 1
    assert [float(line.split("\t")[3]) for line in lines[1:]] == values
    apart = IteratesTable()
    qtbot.addWidget(apart)
    apart.resize(400, 600)
    apart.show()
    apart.show_frame(frame, frame.steps)
    apart.resize(400, 110)  # as when the lines of the methods come after it
    qtbot.waitUntil(lambda: apart.viewport().rect().contains(apart.visualRect(apart.currentIndex())))


def test_dragging_the_start_moves_all_runs_and_compiles_nothing(qtbot: QtBot, tab: NewtonTab, compiled: Any) -> None:
    choose(tab, "objective", "himmelblau")
    settle(qtbot, tab)
    drag(tab, (1.0, 1.0), (1.2, 1.0))
    settle(qtbot, tab)
    with compiled() as kernels:
        drag(tab, (1.2, 1.0), (2.0, 2.0), (-2.0, 2.0), (-3.0, 3.0))
        settle(qtbot, tab)
    assert kernels == []
    assert tab.request.start == pytest.approx((-3.0, 3.0), abs=0.05)
    assert all(run.request.start == tab.request.start for run in tab.comparison.runs) and len(tab.comparison.runs) == 3
    assert run_of(tab, "newton").iterates[-1] == pytest.approx([-2.805118, 3.131313], abs=1e-5)
    shown = tab.panel.control("start").findChild(QLineEdit).text()
    assert tuple(map(float, shown.replace("−", "-").split(", "))) == tab.request.start


def test_a_click_puts_the_start_there_and_esc_takes_a_drag_back(qtbot: QtBot, window: Window, tab: NewtonTab) -> None:
    with qtbot.waitSignal(tab.plot.handle_moved):
        QTest.mouseClick(tab.plot.viewport(), LEFT, pos=place(tab, 5.0, 3.0))
    assert tab.request.start == pytest.approx((5.0, 3.0), abs=0.05)
    before = tab.request.start
    QTest.mousePress(tab.plot.viewport(), LEFT, pos=place(tab, *before[:2]))
    QTest.mouseMove(tab.plot.viewport(), place(tab, 1.0, 1.0))
    assert tab.request.start != before
    QTest.keyClick(tab.plot, Qt.Key.Key_Escape)
    assert tab.request.start == pytest.approx(before, abs=0.05)
    QTest.mouseRelease(tab.plot.viewport(), LEFT, pos=place(tab, 1.0, 1.0))


def test_step_back_reset_and_run_by_keys_and_buttons(qtbot: QtBot, window: Window, tab: NewtonTab) -> None:
    choose(tab, "objective", "rosenbrock")
    settle(qtbot, tab)
    player = tab.player
    assert player.at == player.length == 50
    tab.plot.setFocus()
    QTest.keyClick(window, Qt.Key.Key_R)
    assert player.at == 0
    items = tab.plot.overlay.items
    assert any(isinstance(item, Arrow) for item in items)
    assert any(isinstance(item, Marks) and item.label == "model’s minimum" for item in items)
    QTest.keyClick(window, Qt.Key.Key_N)
    QTest.keyClick(tab.plot, Qt.Key.Key_Period)
    assert player.at == 2
    assert "Step 2 of 7: f = 1411.85" in tab.method_status.lines[0].text.text()
    assert tab.table.currentIndex().row() == 2
    QTest.keyClick(tab.plot, Qt.Key.Key_Comma)
    assert player.at == 1
    QTest.mouseClick(player.buttons["step"], LEFT)
    QTest.mouseClick(player.buttons["back"], LEFT)
    assert player.at == 1
    QTest.mouseClick(player.buttons["run"], LEFT)
    assert player.at == 50 and tab.method_status.lines[0].text.text().startswith("Converged to a minimum in 7 steps")
    QTest.keyClick(window, Qt.Key.Key_N)  # begins again
    assert player.at == 0 and player.kept == 0
    QTest.mouseClick(player.buttons["run"], LEFT)
    QTest.mouseClick(player.buttons["step"], LEFT)
    QTest.mouseClick(player.buttons["step"], LEFT)
    assert player.at == 1
    QTest.mouseClick(player.buttons["reset"], LEFT)
    assert player.at == 0
    path = [item for item in tab.plot.overlay.items if isinstance(item, Polyline) and item.role == "accent"]
    assert not path


def test_play_goes_on_to_the_end_and_stops(tab: NewtonTab) -> None:
    player = tab.player
    tab.plot.setFocus()
    QTest.keyClick(tab.plot, Qt.Key.Key_Space)
    assert player.playing and player.at == 0
    for n in range(1, 4):
        player.timer.timeout.emit()
        assert player.at == n
    QTest.keyClick(tab.plot, Qt.Key.Key_Space)
    assert not player.playing
    QTest.mouseClick(player.buttons["play"], LEFT)
    for _ in range(player.length):
        player.timer.timeout.emit()
    assert player.at == player.length and not player.playing


def test_inner_iterations_one_at_a_time(qtbot: QtBot, window: Window, tab: NewtonTab) -> None:
    tab.plot.setFocus()
    QTest.keyClick(window, Qt.Key.Key_R)
    QTest.mousePress(tab.method_status.lines[1], LEFT)
    assert tab.comparison.focus == "newton-cg"
    QTest.keyClick(window, Qt.Key.Key_I)
    paths = [item for item in tab.plot.overlay.items if isinstance(item, Polyline) and item.dash == "dot" and item.role == "text"]
    assert tab.player.inner == 1 and len(paths[0].points) == 2
    QTest.keyClick(window, Qt.Key.Key_I)
    inner = run_of(tab, "newton-cg").cg_paths[0]
    assert tab.player.inner == 2 and inner[2] == pytest.approx([3, 7])
    QTest.keyClick(window, Qt.Key.Key_I)
    assert (tab.player.at, tab.player.inner) == (1, None)


def test_methods_are_compared_and_the_trust_region_is_drawn(qtbot: QtBot, window: Window, tab: NewtonTab) -> None:
    choose(tab, "objective", "beale")
    switch(tab, "trust-region")
    settle(qtbot, tab)
    assert [run.request.method for run in tab.comparison.runs] == ["newton", "newton-cg", "trust-region", "gradient"]
    said = {line.method: line.text.text() for line in tab.method_status.lines if not line.isHidden()}
    assert said["newton"].startswith("Converged to a saddle")
    assert run_of(tab, "newton").values[1] == pytest.approx(14.203125)
    assert said["trust-region"].startswith("Converged to a minimum")
    tab.plot.setFocus()
    QTest.keyClick(window, Qt.Key.Key_R)
    assert [item.radius for item in tab.plot.overlay.items if isinstance(item, Circle)] == [1.0]
    switch(tab, "trust-region")
    settle(qtbot, tab)
    assert "trust-region" not in {run.request.method for run in tab.comparison.runs} and tab.comparison.focus != "trust-region"


def test_zoom_back_home_and_a_refined_picture(qtbot: QtBot, window: Window, tab: NewtonTab) -> None:
    whole = tab.plot.grid.viewport
    at = place(tab, 3, 7)
    event = QWheelEvent(
        QPointF(at),
        QPointF(tab.plot.viewport().mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    for _ in range(5):
        QApplication.sendEvent(tab.plot.viewport(), event)
    settle(qtbot, tab)
    frame = tab.scene.frame
    assert frame.request.grid == tab.plot.grid and frame.values.shape == (tab.plot.grid.rows, tab.plot.grid.columns)
    x, y = frame.request.grid.column_values()[7], frame.request.grid.row_values()[11]
    assert frame.values[11, 7] == pytest.approx(2 - 3 * (x - 3) ** 2 - 4 * (x - 3) * (y - 7) - 7 * (y - 7) ** 2)
    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert tab.plot.grid.viewport == whole
    QTest.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    QTest.mouseDClick(tab.plot.viewport(), LEFT, pos=place(tab, 3, 7))
    assert tab.plot.grid.viewport == whole
    type_into(tab, "left", "-9.125")
    assert tab.plot.grid.viewport.x_limits[0] == Decimal("-9.125")
    assert tab.panel.control("left").findChild(QLineEdit).text() == "−9.125"
    settle(qtbot, tab)


def test_one_variable_has_its_own_picture(qtbot: QtBot, window: Window, tab: NewtonTab) -> None:
    choose(tab, "objective", "square-root")
    settle(qtbot, tab)
    curves = tab.scene.curves
    assert tab.plot is curves.values and tab.request.start == (0.9,)
    run = run_of(tab, "newton")
    assert run.iterates[1, 0] == pytest.approx(-(0.9**3))
    tab.player.reset()
    arrows = [item for item in curves.slopes.overlay.items if isinstance(item, Arrow)]
    assert arrows[0].end == pytest.approx([-(0.9**3), 0])  # the tangent's root is the next iterate
    drag(tab, (0.9, float(run.values[0])), (1.5, 2.0))
    assert tab.request.start == pytest.approx((1.5,), abs=0.02)
    settle(qtbot, tab)
    tab.player.run()
    assert tab.method_status.lines[0].text.text().startswith("Diverged")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("start", "1, 2, 3", "a point with 3 coordinates does not fit quadratic; give 2"),
        ("start", "a, b", "'a' is not a number"),
        ("start", "nan, 1", "not a finite number"),
        ("start", "", "no coordinates"),
        ("start", "1e999, 0", "finite"),
        ("tolerance", "-1", "out of range"),
        ("max_steps", "1.5", "not a whole number"),
        ("damping", "0", "out of range"),
        ("left", "50", "(50) must be below 'x to' (10)"),
        ("right", "-3.9999999999999999", "too narrow"),
    ],
)
def test_bad_input_gets_one_line_at_its_control(tab: NewtonTab, name: str, text: str, said: str) -> None:
    request, frame = tab.request, tab.scene.frame
    type_into(tab, name, text)
    control = tab.panel.control(name)
    assert said in control.complaint and "\n" not in control.complaint
    assert tab.request is request and tab.scene.frame is frame
    QTest.keyClick(control.findChild(QLineEdit), Qt.Key.Key_Escape)
    assert control.complaint == ""


def test_methods_that_cannot_do_it_say_why_and_the_others_go_on(qtbot: QtBot, tab: NewtonTab) -> None:
    choose(tab, "objective", "rosenbrock")
    settle(qtbot, tab)
    type_into(tab, "max_steps", "5")
    type_into(tab, "n", "2000")
    assert "use newton-cg or trust-region" in tab.comparison.refused["newton"]
    qtbot.waitUntil(lambda: len(tab.comparison.runs) == 2 and all(run.done for run in tab.comparison.runs))
    assert tab.method_status.lines[0].text.text() == tab.comparison.refused["newton"]
    assert "up to 1 000 variables" in tab.plot.message.text
    type_into(tab, "n", "3")
    settle(qtbot, tab)
    assert tab.request.start == (-1.2, 1.0, -1.2) and tab.comparison.refused == {}


def test_a_session_round_trip(qtbot: QtBot, window: Window, tab: NewtonTab) -> None:
    wanted = Newton("himmelblau", "minimum", (0.5, -0.25), "damped-newton", 77, 1e-9)
    window.show_session(Session(tab="newton", newton=wanted))
    settle(qtbot, tab)
    found = window.session().newton
    assert found.methods == ("newton", "newton-cg", "damped-newton", "gradient"), "beside those that were on"
    said = {name: getattr(found, name) for name in ("methods", "step_size", "x", "y", "colour_map")}
    assert found == replace(wanted, **said)
    assert tab.comparison.focus == "damped-newton" and run_of(tab, "damped-newton").kind == "minimum"
    view = tab.plot.grid.viewport
    tab.plot.zoom(3)
    window.show_session(Session(tab="newton", newton=Newton("himmelblau", "minimum", (1.0, 1.0), "newton", 77, 1e-9)))
    assert tab.plot.grid.viewport == view  # a session that names no view is of the whole picture


def test_a_frame_of_another_request_is_not_shown(tab: NewtonTab) -> None:
    runs, frame, asked = tab.comparison.runs, tab.scene.frame, tab.comparison.request
    assert asked is not None
    stale = [f for f in ComparisonRequest(asked.runs).frames() if f is not None][-1]
    tab.show_frame(stale)
    assert tab.comparison.runs == runs and tab.scene.frame is frame


def test_themes_and_focus_are_drawn_without_asking_for_anything(qtbot: QtBot, window: Window, tab: NewtonTab) -> None:
    window.set_theme("dark")
    settle(qtbot, tab)  # in another theme a line may be of another height
    asked: list[object] = []
    tab.requested.connect(asked.append)
    window.set_theme("light")
    pale = tab.plot.grab().toImage()
    window.set_theme("dark")
    assert tab.plot.grab().toImage() != pale
    QTest.mousePress(tab.method_status.lines[2], LEFT)
    assert tab.comparison.focus == "gradient" and asked == []


def exported(qtbot: QtBot, window: Window, path: Files, size: tuple[int, int] | None = None) -> ExportFrame:
    """What File > Export does once the dialogue is answered."""
    request = window.newton.export_request()
    export = ExportRequest(request, path, size, window.style_wanted(), window.session())
    last = None
    for frame in export.frames():
        last = frame or last
    assert last is not None and last.done
    return last


def test_exports(qtbot: QtBot, window: Window, tab: NewtonTab, tmp_path: Files) -> None:
    choose(tab, "objective", "rosenbrock")
    settle(qtbot, tab)
    run = run_of(tab, "newton")
    exported(qtbot, window, tmp_path / "a.json")
    numbers = json.loads((tmp_path / "a.json").read_text())
    keys = ["iterates", "values", "gradient_norms", "status", "kind", "hessian_eigenvalues", "hessian_vector_products", "cg_residuals"]
    assert list(numbers)[: len(keys)] == keys
    assert (numbers["objective"], numbers["method"], numbers["start"]) == ("rosenbrock", "newton", list(run.request.start))
    assert numbers["parameters"] == {"a": 1.0, "b": 100.0} and "rosenbrock" in numbers["session"]
    assert numbers["iterates"] == run.iterates.tolist() and numbers["kind"] == "minimum" and numbers["status"] == "converged"
    exported(qtbot, window, tmp_path / "a.csv")
    text = (tmp_path / "a.csv").read_text().splitlines()
    assert "# objective: rosenbrock" in text and "# parameters: a = 1.0, b = 100.0" in text
    lines = [line for line in text if not line.startswith("#")]
    assert lines[0] == "method,k,x,y,f,|g|,predicted Δf,actual Δf", "as in the window's table"
    assert [float(line.split(",")[4]) for line in lines if line.startswith("newton,")] == run.values.tolist()
    exported(qtbot, window, tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz") as arrays:
        assert np.array_equal(arrays["newton/hessians"], run.curvature.hessians)
        assert "gradient/values" in arrays and json.loads(str(arrays["metadata"]))["runs"]["newton"]["kind"] == "minimum"
    exported(qtbot, window, tmp_path / "a.png", (500, 400))
    session = load(tmp_path / "a.png")
    assert session.tab == "newton" and session.newton == window.session().newton
    choose(tab, "shown", "basins")
    settle(qtbot, tab)
    exported(qtbot, window, tmp_path / "b.png", (500, 400))
    first, second = (QImage(str(tmp_path / name)) for name in ("a.png", "b.png"))
    assert (second.width(), second.height()) == (500, 400) and first != second
    choose(tab, "objective", "double-well")
    settle(qtbot, tab)
    exported(qtbot, window, tmp_path / "c.png", (500, 400))


def test_basins_are_told_by_legend_and_readout(qtbot: QtBot, window: Window, tab: NewtonTab) -> None:
    choose(tab, "objective", "himmelblau")
    choose(tab, "shown", "basins")
    settle(qtbot, tab)
    frame = tab.scene.frame
    assert isinstance(frame, NewtonBasinFrame) and frame.labels.shape == (tab.plot.grid.rows, tab.plot.grid.columns)
    assert "minimum (3, 2)" in tab.panel.legend.text() and "saddle" in tab.panel.legend.text() and "Hatched" in tab.panel.legend.text()
    tab.plot.hovered.emit(0.76, 0.67)
    assert tab.plot.readout.lines[2].startswith("to the minimum (3, 2) in ")
    assert window.status_line.sentence.text().startswith("Newton’s basins: ")
    choose(tab, "shown", "surface")
    settle(qtbot, tab)
    assert tab.panel.legend.isHidden()


def test_a_plot_of_another_size_asks_for_no_basins_of_what_has_none(qtbot: QtBot, window: Window, tab: NewtonTab) -> None:
    choose(tab, "objective", "himmelblau")
    choose(tab, "shown", "basins")
    choose(tab, "objective", "cosine")  # an equation of one variable, whose plot takes the plane's place
    assert isinstance(tab.request, EquationRequest)
    window.resize(window.width() + 40, window.height() + 30)
    QApplication.processEvents()
    choose(tab, "objective", "powell-singular")  # of four variables: an exception in a slot would fail the test
    assert tab.scene.shown == "surface"
    settle(qtbot, tab)
    assert isinstance(tab.scene.frame, SurfaceFrame) and tab.scene.frame.request.objective == "powell-singular"


def test_scaling_is_shown_point_by_point(qtbot: QtBot, window: Window, tab: NewtonTab) -> None:
    tab.dialogs.scaling.show()
    tab.dialogs.scaling._edit("largest", 8)
    QTest.mouseClick(tab.dialogs.scaling.button, LEFT)
    qtbot.waitUntil(lambda: tab.dialogs.scaling.frame is not None and tab.dialogs.scaling.frame.done)
    assert tab.dialogs.scaling.frame is not None and {p.n for p in tab.dialogs.scaling.frame.points} == {2, 4, 8}
    assert "n = 8" in tab.dialogs.scaling.summary.text() and tab.dialogs.scaling.button.text() == "Measure"
    tab.dialogs.scaling._edit("largest", 1_000_000)
    QTest.mouseClick(tab.dialogs.scaling.button, LEFT)
    QTest.mouseClick(tab.dialogs.scaling.button, LEFT)
    assert NewtonScalingRequest not in window.worker.running and "measuring" not in tab.dialogs.scaling.summary.text()
    tab.dialogs.scaling.hide()


def test_keys_of_a_tab_that_is_not_open_do_nothing(qtbot: QtBot, window: Window, tab: NewtonTab) -> None:
    at = tab.player.at
    window.tabs.setCurrentWidget(window.bifurcation)
    window.bifurcation.plot.setFocus()
    for key in (Qt.Key.Key_R, Qt.Key.Key_B, Qt.Key.Key_P):
        QTest.keyClick(window.bifurcation.plot, key)
    assert tab.player.at == at and not tab.player.playing
    whole = window.bifurcation.request.grid.viewport
    window.bifurcation.plot.zoom(2)
    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.bifurcation.request.grid.viewport == whole


@pytest.mark.parametrize(("height", "shown"), [(700, False), (900, True)])
def test_the_table_is_hidden_at_first_in_a_low_window(fresh_window: Window, height: int, shown: bool) -> None:
    fresh_window.resize(1000, height)
    fresh_window.show()
    fresh_window.tabs.setCurrentWidget(fresh_window.newton)
    assert fresh_window.newton.table.isVisible() == shown
    for wanted in (not shown, shown):
        next(entry for entry in fresh_window.newton.view_actions() if entry and entry.shortcut().toString() == "F7").trigger()
        fresh_window.tabs.setCurrentWidget(fresh_window.bifurcation)
        fresh_window.tabs.setCurrentWidget(fresh_window.newton)
        assert fresh_window.newton.table.isVisible() == wanted
    fresh_window.close()


def test_the_settings_are_folded_until_their_heading_is_clicked_or_a_tour_shows_one(fresh_window: Window) -> None:
    fresh_window.show()
    fresh_window.tabs.setCurrentWidget(fresh_window.newton)
    panel = fresh_window.newton.panel
    setting = panel.control("step")
    (fold,) = (fold for fold in panel.findChildren(Fold) if fold.accessibleName() == "Settings")
    assert not setting.isVisible()
    for wanted in (True, False):
        QTest.mouseClick(fold, LEFT)
        assert setting.isVisible() == wanted
    unfold(setting)
    assert setting.isVisible() and fold.isChecked()
    fresh_window.close()


def test_scales_are_equal_in_a_window_of_any_shape_and_the_session_stays(window: Window, tab: NewtonTab) -> None:
    plot = tab.scene.plane
    before = window.session()
    for size in ((1500, 760), (1000, 900)):
        window.resize(*size)
        shown = plot.grid.viewport
        assert shown.half_width / plot.grid.columns == pytest.approx(shown.half_height / plot.grid.rows, rel=1e-8)
        assert window.session() == before
    window.display.stretch.trigger()
    assert plot.grid.viewport == plot.given_view
    kept = window.session()
    assert parse(dumps(kept)).stretch and kept == before
    window.show_session(replace(kept, stretch=False))
    assert not window.display.stretch.isChecked() and plot.is_equal

    left = tab.panel.control("left")
    tab._edit("left", Decimal(-7))  # a limit that was typed is kept, whatever else is shown
    assert left.findChild(QLineEdit).text() == "−7"
    assert plot.given_view.x_limits[0] == -7


def test_exported_scales_are_equal_unless_stretched() -> None:
    session = Session(newton=Newton(start=(0.0, 0.0)), tab="newton")
    for stretch in (False, True):
        style = Style(**replace(session, stretch=stretch).appearance)
        page = ComparisonPicture.of(ExportJob(session.request(), Files(), (900, 500), style, session))
        columns, rows = page.layout(page.view).grid
        ratio = page.view.half_width / columns / (page.view.half_height / rows)
        assert (ratio == pytest.approx(1, abs=0.02)) is not stretch
