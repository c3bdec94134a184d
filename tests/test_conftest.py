"""The checks in conftest.py find what they are there to find, and nothing else."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

LEAKY = """
import threading, warnings
import pytest
from PySide6.QtCore import QSettings, QThread, qWarning
from PySide6.QtWidgets import QLabel, QMenu
kept = []

@pytest.fixture(scope="module")
def seconds_to_end():
    return 0.1

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

def test_good_window_in_a_cycle(qapp):
    menu = QMenu()
    menu.itself = menu

def test_good_qtbot(qtbot):
    label = QLabel("right")
    qtbot.addWidget(label)
    label.show()

def test_good_settings_are_not_the_users(qapp):
    assert "funjax-tests-" in QSettings("funjax", "funjax").fileName()
"""

ENDING = """
import threading
from PySide6.QtCore import QThread
kept = []

class Ending(QThread):
    def run(self):
        self.msleep(300)

def test_good_threads_that_are_on_their_way_out(qapp):
    kept.append(thread := Ending())
    thread.start()
    threading.Timer(0.3, lambda: None).start()
"""


def test_leaks_and_warnings_fail_and_clean_tests_pass(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text((ROOT / "tests/conftest.py").read_text())
    (tmp_path / "test_leaky.py").write_text(LEAKY)
    (tmp_path / "test_ending.py").write_text(ENDING)
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
        "-p",
        "no:xdist",
        "-v",
    ]
    done = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, timeout=600, cwd=tmp_path)
    outcomes = dict(re.findall(r"::test_(\w+) (PASSED|FAILED|ERROR)", done.stdout))
    assert len(outcomes) == 9, done.stdout + done.stderr
    for name, outcome in outcomes.items():
        assert (outcome == "PASSED") == name.startswith("good"), done.stdout
    for message in ("windows left alive: QLabel", "threads left running: forgotten\n", "threads left running: forgotten-qt\n"):
        assert message in done.stdout


def test_an_array_of_fewer_axes_is_not_taken_for_one_of_more() -> None:
    from jax import numpy as jnp

    with pytest.raises(ValueError, match="rank_promotion='raise'"):
        jnp.zeros((2, 3)) + jnp.zeros(3)
