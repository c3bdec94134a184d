"""What is kept while a window is open, and what the next start finds after a crash."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from funjax_gui.app.autosave import Autosave, left_behind
from funjax_gui.sessions import session as sessions
from funjax_gui.sessions.session import Session
from funjax_gui.tabs.bifurcation.session import Bifurcation

CHANGED = Session(bifurcation=replace(Bifurcation(), transient=77))


@pytest.mark.usefixtures("qapp")
def test_a_window_that_closes_leaves_nothing(tmp_path: Path) -> None:
    state = [Session()]
    autosave = Autosave(lambda: state[0], place=tmp_path)
    autosave.begin()
    autosave.keep()
    assert list(tmp_path.glob("*.toml")) == []  # nothing was changed yet
    state[0] = CHANGED
    autosave.keep()
    (kept,) = tmp_path.glob("*.toml")
    assert sessions.load(kept) == CHANGED
    assert left_behind(tmp_path) == []  # the window is alive
    autosave.end()
    assert list(tmp_path.iterdir()) == []


def test_the_timer_keeps_it_too(qtbot: QtBot, tmp_path: Path) -> None:
    state = [Session()]
    autosave = Autosave(lambda: state[0], place=tmp_path)
    autosave.begin()
    state[0] = CHANGED
    autosave._timer.timeout.emit()
    assert len(list(tmp_path.glob("*.toml"))) == 1
    autosave.end()


def test_what_a_killed_process_kept_is_found(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from PySide6.QtCore import QCoreApplication\n"
        "from dataclasses import replace; import funjax_gui.documents; from funjax_gui.sessions.session import Session\n"
        "from funjax_gui.tabs.bifurcation.session import Bifurcation\n"
        "from funjax_gui.app.autosave import Autosave\n"
        "app = QCoreApplication([]); state = [Session()]\n"
        "keeper = Autosave(lambda: state[0], place=Path(sys.argv[1])); keeper.begin()\n"
        "state[0] = Session(bifurcation=replace(Bifurcation(), transient=77)); keeper.keep()\n"
        "print('kept', flush=True); time.sleep(600)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=dict(os.environ))
    assert process.stdout is not None and process.stdout.readline() == "kept\n"
    assert left_behind(tmp_path) == []
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    (found,) = left_behind(tmp_path)
    assert sessions.load(found.path) == CHANGED


@pytest.mark.usefixtures("qapp")
def test_a_folder_that_cannot_be_made_disturbs_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    autosave = Autosave(Session, place=tmp_path / "file" / "autosave")
    autosave.begin()
    autosave.keep()
    autosave.end()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes among files")
def test_pipes_in_the_folder_are_not_waited_for(tmp_path: Path) -> None:
    sessions.save(tmp_path / "1.toml", Session())
    for name in ("1.toml.lock", "2.toml", "3.toml.lock"):
        os.mkfifo(tmp_path / name)
    assert left_behind(tmp_path) == []
