"""The start, before anything imports JAX; what is remembered; and the end, amid whatever is under way."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from funjax_gui.app import preferences
from funjax_gui.app.preferences import Preferences
from funjax_gui.app.window import Window
from funjax_gui.export import Style
from funjax_gui.sessions.session import Session
from funjax_gui.style.theme import LIGHT
from funjax_gui.tabs.bifurcation.session import Bifurcation
from kernels.bifurcation.request import BifurcationRequest

RUN = """
import signal, sys
from pathlib import Path

from PySide6.QtCore import QTimer
from funjax_gui.app import application, status_bar, window
from funjax_gui.export import Style
from funjax_gui.process_exit import leave
from kernels.bifurcation import BifurcationRequest

def endless(self):
    while True:
        yield None

class Window(window.Window):
    seen = []
    exported = False

    def paintEvent(self, event):
        super().paintEvent(event)
        self.seen.append({"jax", "ziamath", "ziafont", "latex2mathml", "funjax_gui.tours.file"} & set(sys.modules))

    def _deliver(self, frame):
        super()._deliver(frame)
        if not self.exported:
            print(self.seen[0], "jax" in sys.modules, self.preferences.theme, self.status_line.sentence.text())
            self.exported = True
            self.begin_export()

    def begin_export(self):
        self.set_theme("light")
        BifurcationRequest.frames = endless
        self.filing.export(self.bifurcation.request, Path(sys.argv[1]), (30, 20), Style(), self.session())
        QTimer.singleShot(0, self.look)

    def look(self):
        if not list(Path(sys.argv[1]).parent.glob("*.part")):
            QTimer.singleShot(10, self.look)
        else:
            self.bifurcation._edit("transient", 5)
            self.autosave.keep()
            signal.raise_signal(signal.SIGTERM)

window.Window = Window
application.LONGEST_HOLD = status_bar.HELD = 10**6  # however slow the machine is
leave(application.run())
"""


def test_the_window_is_painted_before_jax_and_ended_amid_an_export_leaves_only_the_preferences(tmp_path: Path) -> None:
    exports, place = tmp_path / "exports", tmp_path / "CONFIG" / "funjax" / "funjax.ini"
    exports.mkdir()
    place.parent.mkdir(parents=True)
    place.write_bytes(b"\0\xff broken")
    homes = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "DATA", "STATE")}
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"} | homes
    command = [sys.executable, "-c", RUN, str(exports / "a.csv")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 143, done.stderr
    said = done.stdout.splitlines()[0]
    assert said.startswith("set() True system "), "neither JAX nor what typesets at the first paint"
    assert "funjax.ini" in said, "the notice of the broken settings file can be read"
    assert list(exports.iterdir()) == []
    assert [path for path in (tmp_path / "DATA").rglob("*") if path.is_file()] == []
    assert "theme=light" in place.read_text()
    assert sorted(os.listdir(place.parent)) == ["funjax.broken.ini", "funjax.ini"]


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Preferences of its own for each test, and the application's name as it was."""
    monkeypatch.setattr(preferences, "path", lambda: tmp_path / "config" / "funjax.ini")
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    name = application.applicationName()
    yield
    application.setApplicationName(name)


def opened(qtbot: QtBot, remembered: Preferences | None = None) -> Window:
    made = Window(remembered)
    qtbot.addWidget(made)
    made.show_session(Session(bifurcation=Bifurcation(transient=20, samples=30, keep_refining=False)))
    made.show()
    return made


def light(window: Window) -> QAction:
    (found,) = [action for action in window.findChildren(QAction) if action.text().replace("&", "") == "Light"]
    return found


def endless(request: BifurcationRequest) -> Iterator[None]:
    while True:
        yield None


def test_what_was_chosen_is_there_again_and_a_window_closed_amid_an_export_ends_its_thread_and_leaves_no_draft(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = opened(qtbot)
    first.resize(first.minimumSizeHint().width(), 640)  # within the offscreen screen, or as near as can be
    light(first).trigger()
    box = first.bifurcation.panel.control("tone").findChild(QComboBox)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    (tmp_path / "mine").mkdir()
    assert first.filing.save(first.session(), tmp_path / "mine" / "a.toml")
    tone = first.bifurcation.plot.tone
    first.close()
    remembered, notice = preferences.load()
    assert notice == ""
    again = opened(qtbot, remembered)
    assert (again.preferences.theme, again.bifurcation.plot.tone, again.bifurcation.plot.colours) == ("light", tone, LIGHT)
    assert again.bifurcation.panel.control("tone").findChild(QComboBox).currentData() == tone
    assert light(again).isChecked()
    assert (again.width(), again.height()) == (first.width(), 640)
    assert again.filing.folder == tmp_path / "mine"
    assert again.preferences.recent == (str(tmp_path / "mine" / "a.toml"),)

    again.bifurcation._edit("samples", 2_000_000_000)
    qtbot.waitUntil(lambda: BifurcationRequest in again.worker.running and again.bifurcation.frame is not None)
    monkeypatch.setattr(BifurcationRequest, "frames", endless)
    (tmp_path / "exports").mkdir()
    again.filing.export(again.bifurcation.request, tmp_path / "exports" / "a.csv", (30, 20), Style(), again.session())
    qtbot.waitUntil(lambda: os.listdir(tmp_path / "exports") != [])
    again.activateWindow()
    qtbot.waitUntil(again.isActiveWindow)  # a shortcut is an active window's alone
    QTest.keyClick(again, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert not again.isVisible()
    assert again.worker.close(60)
    assert not again.worker._scheduler.is_alive()
    assert os.listdir(tmp_path / "exports") == []
