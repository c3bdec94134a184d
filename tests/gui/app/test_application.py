"""The start: the window is painted before anything imports JAX or the typesetting library."""

import os
import subprocess
import sys
from pathlib import Path

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
