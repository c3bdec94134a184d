"""The whole window, with nobody's preferences; what it does to the application is taken back."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from kept_window import KeptWindow, looks_of, take_back
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import funjax_gui.documents  # noqa: F401 - lets sessions have the tabs' tables
from funjax_gui.app import preferences, warming
from funjax_gui.app.preferences import Preferences
from funjax_gui.app.window import Window
from funjax_gui.worker import memory, scheduler
from kernels.bifurcation import float_run
from kernels.execution import kept_kernels


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """After a failure no test uses the same window: it may be in any state."""
    KeptWindow.is_spoilt |= report.failed


@pytest.fixture(scope="session", autouse=True)
def _kernels_stay() -> Iterator[None]:
    """Keep more kernels than the program does: it would read those of the many maps and objectives again for each test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "FULL", 1e12)  # the process forgets them between modules
        patch.setattr(kept_kernels, "MOST_KERNELS", 1000)
        patch.setattr(kept_kernels, "MOST_FORMULAS", 12)
        yield


@pytest.fixture(scope="session", autouse=True)
def _workers_are_not_put_off() -> Iterator[None]:
    """Threads that compute have the priority of others: on a busy machine those of a low one get next to nothing for minutes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scheduler, "lower_thread_priority", lambda: None)
        yield


@pytest.fixture(autouse=True)
def _pictures_end(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refine pictures for a short time only: for ever takes all cores from the tests. Not where a test is marked `refines`."""
    if request.node.get_closest_marker("refines") is None:
        monkeypatch.setattr(float_run, "REFINED", 3000)


@pytest.fixture(autouse=True)
def _nothing_is_prepared(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compute nothing for tabs that are not open. Not where a test is marked `prepares`."""
    if request.node.get_closest_marker("prepares") is None:
        monkeypatch.setattr(warming, "QUIET", math.inf)


@pytest.fixture(autouse=True)
def _looks_are_taken_back(qapp: QApplication) -> Iterator[None]:
    """Take back the application's palette and font; a window that is shared keeps them, as a user's does, until it is closed."""
    looks = looks_of(qapp)
    yield
    if not KeptWindow.is_open:
        take_back(qapp, looks)


@pytest.fixture(scope="module")
def kept_window(qapp: QApplication) -> Iterator[KeptWindow]:
    """The window that the tests of a module share."""
    looks, kept = looks_of(qapp), KeptWindow()
    yield kept
    kept.close()
    take_back(qapp, looks)


@pytest.fixture
def fresh_window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Window:
    """A window that is not shown yet."""
    monkeypatch.setattr(preferences, "path", lambda: tmp_path / "funjax.ini")
    made = Window(Preferences())
    qtbot.addWidget(made)
    return made
