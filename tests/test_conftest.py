"""The checks in conftest.py find what they are there to find, and nothing else."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

LEAKY = """
import threading, warnings
import numpy as np
from PySide6.QtCore import QSettings, QThread, qWarning
from PySide6.QtWidgets import QLabel, QMenu
kept = []

class Endless(QThread):
    def run(self):
        while not self.isInterruptionRequested():
            self.msleep(1)

def teardown_module():
    for thing in kept:
        if isinstance(thing, threading.Event):
            thing.set()
        elif isinstance(thing, Endless):
            thing.requestInterruption()
            thing.wait()

def test_bad_window(qapp):
    kept.append(QLabel("left"))

def test_bad_thread():
    kept.append(event := threading.Event())
    threading.Thread(target=event.wait, name="forgotten").start()

def test_bad_qt_thread(qapp):
    kept.append(thread := Endless(objectName="forgotten-qt"))
    thread.start()

def test_bad_python_warning():
    warnings.warn("python warns")

def test_bad_qt_warning(qapp):
    qWarning("qt warns")

def test_bad_rank_promotion():
    import jax.numpy as jnp
    jnp.zeros((2, 3)) + jnp.zeros(3)

def test_good_window_in_a_cycle(qapp):
    menu = QMenu()
    menu.itself = menu

def test_good_qtbot(qtbot):
    label = QLabel("right")
    qtbot.addWidget(label)
    label.show()

def test_good_threads(qapp):
    kept.append(thread := Endless())
    thread.start()
    thread.requestInterruption()
    brief = threading.Thread(target=lambda: None)
    brief.start()

def test_good_settings_are_not_the_users(qapp):
    assert "funjax-tests-" in QSettings("funjax", "funjax").fileName()
"""


def test_leaks_and_warnings_fail_and_clean_tests_pass(tmp_path: Path) -> None:
    settings = (ROOT / "tests/conftest.py").read_text()
    (tmp_path / "conftest.py").write_text(settings.replace("SECONDS_TO_END = 5.0", "SECONDS_TO_END = 0.3"))
    (tmp_path / "test_leaky.py").write_text(LEAKY)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-c",
        str(ROOT / "pyproject.toml"),
        "--rootdir",
        str(tmp_path),
        "-p",
        "no:cacheprovider",
        "-v",
    ]
    done = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, timeout=120, cwd=tmp_path)
    outcomes = dict(re.findall(r"::test_(\w+) (PASSED|FAILED|ERROR)", done.stdout))
    assert len(outcomes) == 10, done.stdout + done.stderr
    for name, outcome in outcomes.items():
        assert (outcome == "PASSED") == name.startswith("good"), done.stdout
    for message in ("windows left alive: QLabel", "threads left running: forgotten\n", "threads left running: forgotten-qt\n"):
        assert message in done.stdout
