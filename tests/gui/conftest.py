"""The whole window, with nobody's preferences; what it does to the application is taken back."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import funjax_gui.documents  # noqa: F401 - lets sessions have the tabs' tables
from funjax_gui.app import preferences, warming
from funjax_gui.app.preferences import Preferences
from funjax_gui.app.window import Window
from kernels.bifurcation import float_run


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
    """Take back the application's style sheet, palette and font: widgets made while a sheet stands take three times as long to make."""
    font, palette, rules = qapp.font(), qapp.palette(), qapp.styleSheet()
    yield
    # Each widget that is still there would be styled anew.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if qapp.styleSheet() != rules:
        qapp.setStyleSheet(rules)
    qapp.setPalette(palette)
    qapp.setFont(font)


@pytest.fixture
def fresh_window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Window:
    """A window that is not shown yet."""
    monkeypatch.setattr(preferences, "path", lambda: tmp_path / "funjax.ini")
    made = Window(Preferences())
    qtbot.addWidget(made)
    return made
