"""Tours in the real window: every action of every chapter is done, any input ends it, and what was there before comes back."""

import os
import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from kept_window import KeptWindow
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from funjax_gui.app import preferences
from funjax_gui.app.preferences import Preferences
from funjax_gui.app.window import Window
from funjax_gui.dialogs.preset_gallery import Gallery
from funjax_gui.documents import document_of
from funjax_gui.files import resources
from funjax_gui.formulas.formula_label import FormulaLabel
from funjax_gui.sessions.session import Session
from funjax_gui.tabs.bifurcation.session import Bifurcation
from funjax_gui.tabs.fixed_points.session import FixedPoints
from funjax_gui.tabs.newton.session import Newton
from funjax_gui.timings.dialog import TimingsDialog
from funjax_gui.tours import controller, highlight, runner
from funjax_gui.tours.actions import Drag, Fly, Open, Play, Script, Show, Step, Wait
from funjax_gui.tours.file import Trial, load
from funjax_gui.tours.highlight import Outline
from funjax_gui.tours.runner import between, control_of, part_of
from funjax_gui.tours.script import read
from funjax_gui.widgets.controls import Control
from funjax_gui.widgets.player import Player
from kernels.geometry import Viewport
from kernels.newton.basins import NewtonBasinRequest
from kernels.newton.surface import SurfaceFrame

SHIPPED = sorted((resources.folder() / "tours").glob("*.toml"))
CHAPTERS = [(path, n) for path in SHIPPED for n in range(len(load(path).chapters))]
MINE = Session(
    tab="newton",
    fixed_points=FixedPoints("logistic", (("a", 3.1),), start=0.25),
    bifurcation=Bifurcation("gauss", "beta", (("alpha", 4.9),), transient=50, samples=60, keep_refining=False),
    newton=Newton("beale", start=(1.0, 1.5), methods=("newton", "trust-region"), damping=0.5),
)


@pytest.fixture(autouse=True)
def _quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting for eyes, and no dialogs that measure for long."""
    monkeypatch.setattr(preferences, "path", lambda: tmp_path / "funjax.ini")
    monkeypatch.setattr(controller, "folder", lambda: tmp_path / "tours")
    monkeypatch.setattr(runner, "POLITE", 10)
    monkeypatch.setattr(highlight, "HELD", 60)
    monkeypatch.setattr(highlight, "FADED", 60)
    monkeypatch.setattr(TimingsDialog, "start", lambda _: None)


@pytest.fixture
def window(qtbot: QtBot, kept_window: KeptWindow) -> Window:
    window = kept_window.opened((1280, 720), MINE, "dark", active=True)
    window.tours.runner.stop()
    qtbot.waitUntil(lambda: not window.findChildren(Outline))  # that of the test before fades
    return window


def quick(script: Script) -> Script:
    return tuple(replace(a, seconds=min(a.seconds, 0.15)) if isinstance(a, Drag | Fly | Play | Wait) else a for a in script)


def ended(qtbot: QtBot, window: Window) -> None:
    qtbot.waitUntil(lambda: not window.tours.runner.running)


def opened(qtbot: QtBot, window: Window, number: int = 0) -> None:
    assert window.tours.open(SHIPPED[0], number)
    ended(qtbot, window)


def scripted(qtbot: QtBot, window: Window, text: str, tab: str = "fixed-points") -> Script:
    found = read(text, Session(tab=tab))
    assert not found.problems
    script = quick((Show(Session(tab=tab)), *found.script))
    window.tours.runner.run(script)
    return script


# What is shown -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "n"), CHAPTERS, ids=[f"{path.stem}-{n + 1}" for path, n in CHAPTERS])
def test_the_actions_of_every_chapter_are_done_and_nothing_is_cut_off(qtbot: QtBot, window: Window, path: Path, n: int) -> None:
    """Each scene, and of a third of the chapters, drawn by lot, a trial; all of them in `make soak`. pytest-randomly seeds the lot."""
    chapter = load(path).chapters[n]
    is_drawn = (n + random.randrange(3)) % 3 == 0  # each test begins with the same seed
    trials = chapter.trials if "FUNJAX_SEEDS" in os.environ else random.sample(chapter.trials, min(int(is_drawn), len(chapter.trials)))
    assert window.tours.open(path, n)
    for script in (chapter.scene, *(trial.show for trial in trials)):
        window.tours.runner.run(quick(script))
        ended(qtbot, window)
        window.undo.settle()
        complaints = [control.complaint for control in window.tab.findChildren(Control) if control.complaint]
        assert complaints == []
        *_, shown = [action for action in script if isinstance(action, Show)]
        assert window.tab.name == shown.session.tab
        if any(isinstance(action, Open) and action.dialog == "timings" for action in script):
            (dialog,) = [found for found in window.findChildren(TimingsDialog) if found.isVisible()]
            dialog.close()
    window.newton.dialogs.scaling.hide()
    panel = window.tours.panel
    assert panel is not None and panel.chapter == chapter
    qtbot.waitUntil(lambda: panel.chapter.formulas[0] in panel._found)
    assert window.width() <= 1280 and panel.width() >= controller.NARROW
    assert panel.area.horizontalScrollBar().maximum() == 0
    title = panel.chapters.fontMetrics().horizontalAdvance(panel.chapters.currentText())
    assert title < panel.chapters.width() - 24


def test_every_name_is_a_widget(window: Window) -> None:
    for tab in (window.fixed_points, window.bifurcation, window.newton):
        for name in (*document_of(tab.name).targets, "status"):
            assert isinstance(part_of(tab, name), QWidget), (tab.name, name)
    assert part_of(window.fixed_points, "parameter:a") is control_of(window.fixed_points, "parameter:a")


def test_a_drag_goes_through_the_control_and_ends_where_it_says(qtbot: QtBot, window: Window) -> None:
    seen: list[Any] = []
    window.fixed_points.panel.edited.connect(lambda name, value: seen.append((name, value)))
    scripted(qtbot, window, "drag b from 21 to 22")
    ended(qtbot, window)
    # How many values lie between depends on how busy the machine is.
    assert len(seen) >= 2 and seen[0] == ("parameter:b", 21.0) and seen[-1] == ("parameter:b", 22.0)
    assert dict(window.fixed_points.request.parameters)["b"] == 22.0
    assert all(one[1] <= other[1] for one, other in pairwise(seen))


def test_a_drag_of_the_pin_moves_it(qtbot: QtBot, window: Window) -> None:
    scripted(qtbot, window, "drag pin from 3.5 to 3.75", "bifurcation")
    ended(qtbot, window)
    assert window.bifurcation.plot.pin is not None and float(window.bifurcation.plot.pin) == 3.75


def test_a_flight_ends_at_its_view(qtbot: QtBot, window: Window) -> None:
    scripted(qtbot, window, "zoom [3.82, 3.86] [0.4, 0.6]", "bifurcation")
    ended(qtbot, window)
    assert window.bifurcation.request.grid.viewport == Viewport.from_limits("3.82", "3.86", "0.4", "0.6")


@pytest.mark.parametrize(
    "last", [("3.82", "3.86", "0.4", "0.6"), ("2", "5", "0", "1"), ("3.5699456", "3.5699457", "0", "1"), ("4", "5", "0", "1")]
)
def test_a_flight_is_smooth_and_stays_on_its_way(last: tuple[str, str, str, str]) -> None:
    first, end = Viewport.from_limits(3, 4, 0, 1), Viewport.from_limits(*last)
    views = [between(first, end, n / 100) for n in range(101)]
    assert views[0].half_width == first.half_width and views[-1] == end
    for one, other in pairwise(views):
        # No jump from one picture to the next, neither in place nor in magnification.
        assert abs(float(one.x - other.x)) < 0.2 * max(one.half_width, other.half_width) + 0.02
        assert 0.6 < other.half_width / one.half_width < 1.7


def test_playing_plays_from_the_start_to_the_end(qtbot: QtBot, window: Window) -> None:
    player = window.fixed_points.findChild(Player)
    assert player is not None
    seen: list[int] = []
    player.moved.connect(lambda: seen.append(player.at))
    scripted(qtbot, window, "play for 0.2")
    ended(qtbot, window)
    assert 0 in seen and player.at == player.length > 10 and not player.playing


def test_steps_of_newton_and_of_conjugate_gradients(qtbot: QtBot, window: Window) -> None:
    text = "set methods = ['newton-cg']\nrewind\ninner 1"
    scripted(qtbot, window, text, "newton")
    ended(qtbot, window)
    assert (window.newton.player.at, window.newton.player.inner) == (0, 1)
    window.tours.runner.run((Step(1),))
    ended(qtbot, window)
    assert window.newton.player.at == 1


def test_another_number_of_variables_while_runs_are_shown(qtbot: QtBot, window: Window) -> None:
    scripted(qtbot, window, "set objective = 'double-well'\nrewind", "newton")
    ended(qtbot, window)
    qtbot.waitUntil(lambda: bool(window.newton.comparison.runs))
    window.show_table(MINE.with_table(Newton("himmelblau")))
    window.grab()
    qtbot.waitUntil(lambda: window.newton.comparison.done)


def test_a_surface_after_basins_is_not_replaced_by_basins(qtbot: QtBot, window: Window) -> None:
    window.show_table(MINE.with_table(Newton("himmelblau", methods=("newton",), show="basins")))
    tab = window.newton
    qtbot.waitUntil(lambda: tab.scene.frame is not None)
    window.show_table(MINE.with_table(Newton("booth", start=(0.0, 0.0), methods=("newton",))))
    qtbot.waitUntil(lambda: isinstance(tab.scene.frame, SurfaceFrame) and tab.scene.frame.done)
    QTest.qWait(100)
    assert isinstance(tab.scene.frame, SurfaceFrame) and NewtonBasinRequest not in window.worker.running


def test_an_outline_is_about_its_widget_and_fades(qtbot: QtBot, window: Window) -> None:
    scripted(qtbot, window, "highlight start cobweb")
    qtbot.waitUntil(lambda: len(window.findChildren(Outline)) == 2)
    target = control_of(window.fixed_points, "start")
    outline = window.findChildren(Outline)[0]
    assert outline.geometry().contains(target.mapTo(window, target.rect().center()))
    assert outline.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    qtbot.waitUntil(lambda: not window.findChildren(Outline))


def test_dialogs_are_opened(qtbot: QtBot, window: Window) -> None:
    scripted(qtbot, window, "open gallery")
    ended(qtbot, window)
    gallery = window.findChild(Gallery)
    assert gallery is not None and gallery.isVisible()
    gallery.close()


# Input, and the way back -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["key", "click", "stop"])
def test_any_input_ends_it(qtbot: QtBot, window: Window, how: str) -> None:
    window.tours.runner.run((Show(Session(tab="fixed-points")), Wait(20.0)))
    QTest.qWait(50)
    # As the screen's system brings it, before any widget is asked.
    handle = window.windowHandle()
    QTest.keyClick(handle, Qt.Key.Key_Shift)
    assert window.tours.runner.running
    if how == "key":
        QTest.keyClick(handle, Qt.Key.Key_Escape)
    elif how == "click":
        QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=window.status_line.geometry().center())
    else:
        window.tours.runner.stop()
    assert not window.tours.runner.running


def test_playing_ends_with_it(qtbot: QtBot, window: Window) -> None:
    window.tours.runner.run((Show(Session(tab="fixed-points")), Play(20.0)))
    player = window.fixed_points.findChild(Player)
    assert player is not None
    qtbot.waitUntil(lambda: player.playing)
    window.tours.runner.stop()
    assert not player.playing


@pytest.mark.parametrize("text", ["highlight cobweb", "drag start from 0.2 to 0.8", "play for 20"])
def test_a_script_ends_where_another_tab_was_opened(qtbot: QtBot, window: Window, text: str) -> None:
    scripted(qtbot, window, "wait 0.1\n" + text)
    window.tabs.setCurrentWidget(window.newton)
    before = window.newton.request
    ended(qtbot, window)
    assert window.newton.request == before and not window.findChildren(Outline)


def test_one_click_brings_back_what_was_there(qtbot: QtBot, window: Window) -> None:
    before = window.session()
    opened(qtbot, window)
    panel = window.tours.panel
    assert panel is not None
    for n in (3, 5, 7):
        panel.turn(n)
        ended(qtbot, window)
    assert window.session() != before
    panel.restore.click()
    assert window.session() == before and window.tab.name == "newton" and not window.tours.is_open


def test_undo_steps_through_what_the_tour_did(qtbot: QtBot, window: Window) -> None:
    before = window.session()
    opened(qtbot, window, 3)
    window.undo.settle()
    window.tours.runner.run(quick(load(SHIPPED[0]).chapters[3].trials[1].show))
    ended(qtbot, window)
    window.tours.leave()
    assert window.session().bifurcation != before.bifurcation
    seen = [window.session().bifurcation]
    for _ in range(6):
        window.undo.undo()
        seen.append(window.session().bifurcation)
    assert seen[-1] == before.bifurcation and len(set(map(str, seen))) > 2


def test_leaving_and_coming_back_remembers_the_chapter_and_what_was_there(qtbot: QtBot, window: Window) -> None:
    before = window.session()
    opened(qtbot, window, 2)
    window.tours.toggle()
    assert not window.tours.is_open and "Back to before the tour" in window.status_line.sentence.text()
    window.tours.toggle()
    ended(qtbot, window)
    assert window.tours.panel is not None and window.tours.panel.number == 2
    window.tours.restore()
    assert window.session() == before
    assert (window.preferences.tour, window.preferences.chapter) == ("fun-with-iterations", 2)


def test_esc_in_the_panel_leaves_the_tour_and_stops_no_computation(qtbot: QtBot, window: Window) -> None:
    opened(qtbot, window)
    panel, stopped = window.tours.panel, []
    assert panel is not None
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.tab.cancelled.connect(stopped.append)
    for part in (panel.area, panel.chapters, panel.on):
        part.setFocus()
        QTest.keyClick(part, Qt.Key.Key_Escape)
        assert not window.tours.is_open and stopped == [] and window.tours._back.isEnabled()
        window.tours.toggle()
        ended(qtbot, window)
        stopped.clear()


def test_what_the_user_did_in_between_is_what_comes_back(qtbot: QtBot, window: Window) -> None:
    opened(qtbot, window, 0)
    window.tours.leave()
    window.show_session(MINE.with_table(Newton("booth")))
    mine = window.session()
    opened(qtbot, window, 1)
    window.tours.restore()
    assert window.session() == mine


# The panel and the menu --------------------------------------------------------------------------------------------------------


def test_the_panel_by_keyboard(qtbot: QtBot, window: Window) -> None:
    opened(qtbot, window, 0)
    panel = window.tours.panel
    assert panel is not None and window.focusWidget() is panel.chapters
    assert panel.on.shortcut() == QKeySequence("Alt+N") and panel.back.shortcut() == QKeySequence("Alt+B")
    panel.on.animateClick()
    qtbot.waitUntil(lambda: panel.number == 1)
    QTest.keyClick(panel.chapters, Qt.Key.Key_Down)
    assert panel.number == 2
    seen: list[Trial] = []
    panel.shown.connect(seen.append)
    panel.trials[0].setFocus()
    QTest.keyClick(panel.trials[0], Qt.Key.Key_Space)
    window.tours.runner.stop()
    assert seen == [panel.chapter.trials[0]]
    for dialog in window.findChildren(TimingsDialog):
        dialog.close()


def test_all_formulas_are_typeset(qtbot: QtBot, window: Window) -> None:
    opened(qtbot, window, 0)
    panel = window.tours.panel
    assert panel is not None
    wanted = {formula for chapter in panel.tour.chapters for formula in chapter.formulas}
    qtbot.waitUntil(lambda: wanted <= set(panel._found))
    assert all(panel._found.values())
    labels = panel.body.findChildren(FormulaLabel)
    assert labels and all(label.text() and label.sizeHint().height() > 15 for label in labels)


def test_the_menu_lists_the_tours(window: Window, tmp_path: Path) -> None:
    if window.tours.panel is not None:
        window.tours.restore()  # as in a window in which no tour was opened
    (tmp_path / "tours").mkdir()
    (tmp_path / "tours" / "mine.toml").write_text("funjax-tour = 1\ntitle = 'My & own'\nchapter = 3", encoding="utf-8")
    (tmp_path / "tours" / "odd.toml").write_bytes(b"\xff")
    menu = next(m for m in window.findChildren(QMenu) if m.title() == "T&ours")
    menu.aboutToShow.emit()
    assert [entry.text() for entry in menu.actions() if entry.text()] == ["Fun with iterations", "My && own", "odd.toml"]
    next(entry for entry in menu.actions() if entry.text() == "My && own").trigger()
    (box,) = window.findChildren(QMessageBox)
    assert "line 3: chapter must be tables" in box.informativeText() and not window.tours.is_open
    box.close()
    assert not next(a for a in window.findChildren(QAction) if a.text() == "Back to &before the tour").isEnabled()


def test_a_tour_is_opened_like_a_session(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(
        "funjax-tour = 1\ntitle = 'Small'\n[[chapter]]\ntitle = 'Only'\ntext = 'Words.'\nscene = 'tab newton'\n", encoding="utf-8"
    )
    assert window.filing.open(path)
    ended(qtbot, window)
    panel = window.tours.panel
    assert panel is not None and window.tours.is_open and panel.tour.title == "Small" and not panel.on.isEnabled()
    assert window.preferences.tour == str(path) and window.preferences.recent == ()
    window.tours.leave()
    path.unlink()
    window.tours.toggle()
    ended(qtbot, window)
    assert panel.tour.title == "Fun with iterations" and panel.number == 0


def test_the_tour_is_offered_once(qtbot: QtBot, window: Window) -> None:
    window.tours.greet()
    assert window.preferences.greeted and window.caption.isVisible() and window.caption.button.isVisible()
    window.caption.button.click()
    ended(qtbot, window)
    assert window.tours.is_open and not window.caption.isVisible()
    window.tours.greet()
    assert not window.caption.isVisible()


def test_preferences_remember_the_place(tmp_path: Path) -> None:
    place = tmp_path / "funjax.ini"
    preferences.save(Preferences(tour="fun-with-iterations", chapter=5, greeted=True), place)
    loaded, _ = preferences.load(place)
    assert (loaded.tour, loaded.chapter, loaded.greeted) == ("fun-with-iterations", 5, True)
    place.write_text("[General]\ntour=fun\nchapter=-3\ngreeted=perhaps\n")
    loaded, _ = preferences.load(place)
    assert (loaded.tour, loaded.chapter, loaded.greeted) == ("fun", 0, False)
