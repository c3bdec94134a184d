"""A window is kept whole: what each tab shows comes back from a file, from a picture, and by undo and redo."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from kept_window import KeptWindow
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from funjax_gui.app.window import Window
from funjax_gui.documents import render
from funjax_gui.export.request import ExportRequest
from funjax_gui.sessions import session as sessions
from funjax_gui.sessions.session import Session, dumps, parse
from funjax_gui.style.theme import THEMES
from funjax_gui.tabs.bifurcation.session import Bifurcation
from funjax_gui.tabs.fixed_points.session import FixedPoints
from funjax_gui.tabs.newton.session import Newton
from funjax_gui.tabs.view_tab import ViewTab
from kernels.geometry import Viewport
from kernels.objectives.registry import OBJECTIVES

SIZE = (700, 500)


@pytest.fixture
def window(kept_window: KeptWindow) -> Window:
    return kept_window.opened(SIZE, theme="dark")


def type_range(tab: ViewTab, parameter: str, low: str) -> None:
    end = tab.panel.control(f"parameter:{parameter}")._ends[0]
    end.setText(low)
    end.editingFinished.emit()


STYLES = (("shown", "period"), ("colour_map", "viridis"), ("tone", "log"), ("thickness", "2"))

CHANGES: dict[str, list[tuple[str, Any]]] = {
    "fixed_points": [
        *(("start", 6.5), ("power", 3), ("starts", 55), ("steps", 44), ("parameter:b", 11.0)),
        *(("left", Decimal(-3)), ("bottom", Decimal(-2)), ("zooming", lambda tab: tab.plot.zoom(2, 0.3, 0.6))),
        ("a slider's range", lambda tab: type_range(tab, "b", "-3")),
        *(("pinning a start", lambda tab: tab.pin_start()), ("map", "sine")),
    ],
    "bifurcation": [
        *(("start", 0.25), ("transient", 5), ("samples", 60), ("keep_refining", False)),
        *(("right", Decimal("3.75")), ("top", Decimal("0.8")), ("zooming", lambda tab: tab.plot.zoom(2, 0.3, 0.6))),
        *((f"restyling {name}", lambda tab, name=name, value=value: tab._restyle(name, value)) for name, value in STYLES),
        *(("moving the pin", lambda tab: tab.plot.pick(0.75)), ("map", "gauss")),
    ],
    "newton": [
        *(("goal", "maximum"), ("start", (1.0, 2.0)), ("damping", 0.5), ("step", 0.02), ("radius", 2.0), ("cg_steps", 1)),
        *(("max_steps", 7), ("tolerance", 1e-3), ("shown", "basins"), ("colour_map", "magma")),
        *(("left", Decimal(-3)), ("top", Decimal(10)), ("zooming", lambda tab: tab.plot.zoom(2, 0.3, 0.6))),
        ("switching a method on", lambda tab: tab._switch("trust-region", True)),
        ("switching one off", lambda tab: tab._switch("gradient", False)),
        ("another in focus", lambda tab: tab._focus_on("gradient")),
        *(("dragging the start", lambda tab: tab._move_start(2.0, 2.5)), ("objective", "double-well")),
    ],
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_undone_done_again_and_kept(window: Window, name: str) -> None:
    tab = getattr(window, name)
    window.tabs.setCurrentWidget(tab)
    for field, value in CHANGES[name]:
        window.undo.settle()
        before = window.session()
        value(tab) if callable(value) else tab._edit(field, value)
        after = window.session()
        assert after != before and replace(after, **{name: getattr(before, name)}) == before, f"{field}: the tab's own table tells of it"
        window.undo.undo()
        assert window.session() == before, field
        window.undo.redo()
        assert window.session() == after, field
        assert parse(dumps(after)) == after, field
        window.undo.undo()
    window.filing.mark_saved(window.session())


def test_a_curves_heights_are_kept_where_they_were_changed(qtbot: QtBot, window: Window) -> None:
    tab = window.newton
    window.tabs.setCurrentWidget(tab)
    tab._edit("objective", "double-well")

    def is_shown() -> bool:  # whole, for the heights are chosen for it; the window has had pictures of other tests
        frame = tab.scene.frame
        return frame is not None and frame.request is tab.slots.newest(type(frame.request)) and frame.done and tab.comparison.done

    qtbot.waitUntil(is_shown)
    window.undo.settle()
    before = window.session()
    assert before.newton.y is None and before.newton.slopes is None, "chosen for the curves, so there is nothing to say"
    chosen = tab.scene.curves.slopes.grid.viewport
    tab.scene.curves.slopes.zoom(2, horizontal=False)
    after = window.session()
    assert after.newton.slopes is not None and after.newton.slopes != chosen.y_limits
    window.undo.undo()
    qtbot.waitUntil(lambda: tab.scene.curves.slopes.grid.viewport == chosen)
    assert window.session() == before
    window.undo.redo()
    assert window.session() == after


def test_the_step_comes_back_from_a_file_and_stays_when_something_is_undone(qtbot: QtBot, window: Window) -> None:
    text = dumps(
        Session("newton", fixed_points=FixedPoints(start=6.5, at_step=4), newton=Newton(start=(0.0, 0.0), methods=("gradient",), at_step=3))
    )
    text = text.replace('method = "newton"', 'method = "gradient"')
    window.show_session(parse(text))
    newton = window.newton
    qtbot.waitUntil(lambda: newton.comparison.done)
    assert (newton.player.at, newton.player.length) == (3, 50)
    assert window.session().newton.at_step == 3
    window.undo.settle()
    newton._edit("goal", "maximum")
    qtbot.waitUntil(lambda: newton.comparison.done)
    newton.player.step()
    window.undo.undo()
    assert newton.request.goal == "stationary" and newton.player.kept == 4, "a step is looked at, not made"
    window.tabs.setCurrentWidget(window.fixed_points)
    player = window.fixed_points.cobweb.player
    qtbot.waitUntil(lambda: player.length > 4)
    assert player.at == 4
    player.run()
    assert window.session().fixed_points.at_step is None
    window.filing.mark_saved(window.session())


def test_a_session_leaves_the_users_theme_and_has_its_colours_only_if_it_names_them(window: Window) -> None:
    window.bifurcation.panel.control("colour_map").edited.emit("plasma")
    window.show_session(parse('funjax = 1\ntheme = "light"'))
    assert window.preferences.theme == "dark" and window.bifurcation.plot.colour_map == "plasma"
    window.show_session(parse('funjax = 1\n[bifurcation]\ncolour-map = "cividis"\ntone = "log"\nkeep-refining = false'))
    assert (window.bifurcation.plot.colour_map, window.bifurcation.plot.tone) == ("cividis", "log")
    assert window.preferences.colour_map == "plasma", "what a file brings is not what the user likes"
    assert not window.bifurcation.request.keep_refining
    assert window.style_wanted().colour_map == "cividis"


@pytest.mark.parametrize(("theme", "colours"), THEMES.items())
@pytest.mark.parametrize("tab", sessions.TABS)
def test_a_session_is_drawn_in_its_theme(tmp_path: Path, qapp: object, theme: str, colours: Any, tab: str) -> None:
    (tmp_path / "s.toml").write_text(f'funjax = 1\ntheme = "{theme}"\ntab = "{tab}"\n[bifurcation]\ntransient = 5\nsamples = 9\n')
    render(tmp_path / "s.toml", tmp_path / "s.png", size=(400, 300))
    assert QImage(str(tmp_path / "s.png")).pixelColor(1, 1) == QColor(colours.background)
    assert sessions.load(tmp_path / "s.png").theme == theme
    render(tmp_path / "s.png", tmp_path / "t.png", size=(400, 300), theme="white")
    assert QImage(str(tmp_path / "t.png")).pixelColor(1, 1) == QColor("#ffffff")


def test_a_picture_carries_the_whole_session(tmp_path: Path, window: Window) -> None:
    told = Session(
        "fixed-points",
        fixed_points=FixedPoints(
            "sine", (("r", 0.9),), (Decimal(0), Decimal(1)), 50, 60, (Decimal("0.2"), Decimal(1)), 0.3, (0.1, 0.4), 2, at_step=5
        ),
        bifurcation=Bifurcation(pin=Decimal("3.55"), keep_refining=False, show="period", colour_map="magma", tone="linear"),
        newton=Newton(
            "himmelblau", methods=("newton", "gradient"), show="basins", x=(Decimal(-2), Decimal(2)), y=(Decimal(-1), Decimal(1))
        ),
    )
    window.show_session(told)
    for tab in (window.newton, window.bifurcation, window.fixed_points):
        window.tabs.setCurrentWidget(tab)
        now = window.session()
        path = tmp_path / f"{tab.name}.png"
        *_, last = ExportRequest(tab.export_request(), path, (300, 200), window.style_wanted(), now).frames()
        assert last is not None and last.done
        size = (300, 200) if tab is window.bifurcation else now.bifurcation.size
        assert sessions.load(path) == now.with_table(replace(now.bifurcation, size=size))
    assert window.style_wanted().view == Viewport.from_limits(0, 1, "0.2", 1)
    window.filing.mark_saved(window.session())


def test_a_long_start_is_a_short_text() -> None:
    rosenbrock = OBJECTIVES["rosenbrock"]
    start = (0.5, -2.0, *rosenbrock.start(1_000_000)[2:])
    text = dumps(Session("newton", newton=Newton("rosenbrock", start=start, method="newton-cg")))
    assert len(text) < 2000 and "variables = 1000000\nstart = [0.5, -2.0]" in text
    assert parse(text).newton.start == start


def test_a_method_that_cannot_run_is_kept_all_the_same(window: Window) -> None:
    window.tabs.setCurrentWidget(window.newton)
    window.newton._edit("objective", "rosenbrock")
    for method in ("newton-cg", "gradient"):
        window.newton._switch(method, False)
    window.newton._edit("n", 5000)
    told = window.session()
    assert told.newton.methods == ("newton",) and window.newton.export_request() is None
    assert parse(dumps(told)) == told, "newton works with no Hessian so large; yet this is what the window shows"
    with pytest.raises(ValueError, match="use newton-cg or trust-region"):
        told.request()
    window.filing.mark_saved(window.session())
