"""The start: the window is painted before anything imports JAX or the typesetting library."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

START = """
import sys
from PySide6.QtWidgets import QApplication
from funjax_gui.app import application, window

class Window(window.Window):
    seen = []

    def paintEvent(self, event):
        super().paintEvent(event)
        self.seen.append({"jax", "ziamath"} & set(sys.modules))

    def _deliver(self, frame):
        super()._deliver(frame)
        print(self.seen[0], "jax" in sys.modules)
        self.close()

window.Window = Window
application.run()
"""


def test_the_window_is_painted_before_jax_is_imported(tmp_path: Path) -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", START], env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.stdout.splitlines()[:1] == ["set() True"], done.stderr


TERMINATED = """
import signal, sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from funjax_gui.app import application, window
from funjax_gui.export import Style
from funjax_gui.process_exit import leave
from kernels.bifurcation import BifurcationRequest

def endless(self):
    while True:
        yield None

class Window(window.Window):
    def show(self):
        super().show()
        self.set_theme("light")
        BifurcationRequest.frames = endless
        self.filing.export(self.bifurcation.request, Path(sys.argv[1]), (30, 20), Style(), self.session())
        self.worker.release()
        QTimer.singleShot(0, self.look)

    def look(self):
        if not list(Path(sys.argv[1]).parent.glob("*.part")):
            QTimer.singleShot(10, self.look)
        else:
            self.bifurcation._edit("transient", 5)
            self.autosave.keep()
            THEN

window.Window = Window
leave(application.run())
"""


@pytest.mark.parametrize(
    ("then", "status"), [("signal.raise_signal(signal.SIGTERM)", 143), ("signal.raise_signal(signal.SIGINT)", 130), ("self.close()", 0)]
)
def test_ended_amid_an_export_nothing_is_left_but_the_preferences(tmp_path: Path, then: str, status: int) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    homes = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "DATA", "STATE")}
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"} | homes
    command = [sys.executable, "-c", TERMINATED.replace("THEN", then), str(exports / "a.csv")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == status, done.stderr
    assert list(exports.iterdir()) == []
    assert [path for path in (tmp_path / "DATA").rglob("*") if path.is_file()] == []
    assert "theme=light" in (tmp_path / "CONFIG" / "funjax" / "funjax.ini").read_text()
