"""Maps of the plane in the bifurcation tab: from the map box to sessions and exported numbers."""

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from funjax_gui.app.window import Window
from funjax_gui.documents import render
from funjax_gui.formulas import find_map, map_control, saved_formula
from funjax_gui.formulas.latex import latex_of
from funjax_gui.formulas.saved_formula import MAP, MyMapsError, SavedFormula, saved_parameters
from funjax_gui.sessions.session import SessionError, dumps, parse
from funjax_gui.tabs.bifurcation import status_text
from funjax_gui.tabs.bifurcation.tab import BifurcationTab
from kernels import BifurcationFrame
from kernels.maps import PLANE_MAPS

TABLE = 'funjax = 1\ntab = "bifurcation"\n[bifurcation]\nmap = "henon"\nsize = [16, 20]\n'


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    made = Window()
    qtbot.addWidget(made)
    made.resize(1000, 640)
    made.show_session(parse(TABLE + "keep-refining = false\n"))
    made.show()
    yield made
    made.close()


def settle(qtbot: QtBot, tab: BifurcationTab) -> BifurcationFrame:
    qtbot.waitUntil(lambda: tab.frame is not None and tab.frame.request is tab.request and tab.frame.done)
    qtbot.waitUntil(lambda: tab.aside.frame is not None and tab.aside.frame.request.observe == tab.request.observe)
    assert tab.frame is not None
    return tab.frame


def test_the_window_shows_a_map_of_the_plane_whole(qtbot: QtBot, window: Window) -> None:
    tab = window.bifurcation
    frame = settle(qtbot, tab)
    panel, box = tab.panel, tab.panel.control("map").findChild(QComboBox)
    assert [box.itemText(n) for n in range(box.count()) if box.itemData(n) in PLANE_MAPS] == [m.title for m in PLANE_MAPS.values()]
    assert (tab.request.observe, tab.request.start) == ("x", (0.0, 0.0)) and tab.aside.frame is not None
    for name in ("observe", "start", "start_y"):
        assert not panel.control(name).isHidden()
    assert frame.spectrum is not None and len(tab.strip.exponents.items) > 2
    assert tab.aside.cobweb.figure.title.endswith("phase plane") and "y" in tab.aside.cobweb.figure.y_label
    last = len(frame.columns) - 1
    assert "λ₂ ≈ −1.6" in " ".join(status_text.readout(frame, last))

    panel.edited.emit("observe", "y")
    panel.edited.emit("start_y", 0.1)
    panel.edited.emit("start", 0.2)
    settle(qtbot, tab)
    assert (tab.request.observe, tab.request.start) == ("y", (0.2, 0.1)) and tab.plot.pin is not None
    assert tuple(map(float, tab.request.grid.viewport.y_limits)) == (-0.45, 0.45)
    assert tab.aside.density.figure.title.startswith("Density of y")
    said = tab.descriptions()["picture"]
    assert "x′ = 1 − a x² + y; y′ = b x: a from 0 to 1.42, y from −0.45 to 0.45; x₀ = 0.2, y₀ = 0.1, b = 0.3." in said

    session = parse(dumps(window.session()))
    assert (session.bifurcation.observe, session.bifurcation.start) == ("y", (0.2, 0.1))
    tab.carry_pin()
    assert window.session().fixed_points.map == "henon"
    window.tabs.setCurrentWidget(tab)
    panel.edited.emit("sweep", "b")
    assert tab.request.sweep == "b" and tab.request.observe == "y"
    window.undo.settle()
    panel.edited.emit("map", "logistic")
    assert (tab.request.observe, tab.request.start) == ("", 0.5)
    for name in ("observe", "start_y"):
        assert panel.control(name).isHidden()
    window.undo.undo()
    assert (tab.request.map, tab.request.observe, tab.request.start) == ("henon", "y", (0.2, 0.1))


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ('observe = "z"', "line 6: observe: the map henon has no coordinate 'z'; it has x, y"),
        ("start = [0.1, 0.2, 0.3]", "line 6: start is [0.1, 0.2, 0.3]; give a number such as 0.5, or a point's two coordinates"),
    ],
)
def test_bad_keys_get_a_line(lines: str, problem: str) -> None:
    with pytest.raises(SessionError) as caught:
        parse(TABLE + lines)
    assert str(caught.value).startswith(problem)
    with pytest.raises(SessionError, match="line 3: start: the initial condition has 2 numbers; give 1: x"):
        parse("funjax = 1\n[bifurcation]\nstart = [0.1, 0.2]")


def test_a_session_has_only_the_keys_of_its_sort_of_map() -> None:
    assert "observe" not in dumps(parse("funjax = 1")) and 'observe = "x"' in dumps(parse(TABLE))
    assert parse(TABLE + "start = 0.3").bifurcation.start == (0.3, 0.0)


def test_numbers_have_the_spectrum(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(TABLE + 'range = [1.3, 1.5]\nobserve = "y"\nstart = [0.1, 0.2]')
    for suffix in ("json", "npz", "csv", "py"):
        render(tmp_path / "s.toml", tmp_path / f"a.{suffix}")
    found = json.loads((tmp_path / "a.json").read_text())
    spectrum = np.array(found["spectrum"], float)
    lost = np.array(found["period"]) < 0
    assert spectrum.shape == (16, 2) and lost.any() and np.isnan(spectrum[lost]).all()
    assert np.abs(spectrum[~lost].sum(axis=1) - math.log(0.3)).max() < 1e-14
    assert found["lyapunov"][0] == found["spectrum"][0][0] and (found["observe"], found["start"]) == ("y", [0.1, 0.2])
    arrays = np.load(BytesIO((tmp_path / "a.npz").read_bytes()))
    assert np.array_equal(arrays["spectrum"], spectrum, equal_nan=True)
    assert "lyapunov2" in (tmp_path / "a.csv").read_text() and "start=(0.1, 0.2),\n    observe='y'" in (tmp_path / "a.py").read_text()


def test_a_typed_map_of_the_plane_is_read_saved_and_exported(qtbot: QtBot, tmp_path: Path) -> None:
    control = map_control()
    qtbot.addWidget(control)
    control.set_value("logistic")
    editor = control.findChild(QLineEdit)
    editor.setText("")
    heard: list[str] = []
    control.edited.connect(heard.append)
    QTest.keyClicks(editor, "u' = 1 - a*u^2 + v; v' = b*")
    assert control.complaint == "something is missing after '*'"
    QTest.keyClicks(editor, "u")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert control.complaint == "" and heard == ["u' = 1 - a*u^2 + v; v' = b*u"]
    chosen = find_map(heard[0])
    assert latex_of(chosen) == r"\begin{aligned}u' &= 1 - a \, u^{2} + v \\ v' &= b \, u\end{aligned}"

    parameters = saved_parameters(chosen.parameters, {"a": 1.4, "b": 0.3})
    saved = SavedFormula(MAP, "Mine", chosen.name, parameters, "a", (0.1, 0.2), chosen.view.x_limits, chosen.view.y_limits)
    assert saved_formula.parse(saved_formula.dumps([saved])) == (saved,)
    with pytest.raises(MyMapsError, match=r"start is \[0.1\]; the map has two coordinates"):
        saved_formula.parse(saved_formula.dumps([replace(saved, start=(0.1,))]).replace("start = [0.1]", "start = 0.1"))

    typed = "\"u' = 1 - a*u^2 + v\\nv' = b*u\""
    text = TABLE.replace('"henon"', typed) + 'range = [1.3, 1.5]\nobserve = "v"\nstart = [0.1, 0.2]'
    session = parse(text)
    assert parse(dumps(session)) == session and session.bifurcation.observe == "v"
    (tmp_path / "s.toml").write_text(text)
    render(tmp_path / "s.toml", tmp_path / "a.json")
    found = json.loads((tmp_path / "a.json").read_text())
    assert found["formula"] == "u′ = 1 − a u² + v; v′ = b u" and found["parameters"] == {"b": 0.3}
    assert np.array(found["spectrum"][0]).sum() == pytest.approx(math.log(0.3), abs=1e-14)
    with pytest.raises(SessionError, match=r"line 4: map is "):
        parse(TABLE.replace('"henon"', "\"x' = x + $; y' = x\""))


def test_a_session_can_observe_the_radius_without_a_range_of_it() -> None:
    table = parse('funjax = 1\n[bifurcation]\nmap = "henon"\nobserve = "radius"\n').bifurcation
    assert table.observe == "radius" and table.x == find_map("henon").view_of("a", 2).y_limits
