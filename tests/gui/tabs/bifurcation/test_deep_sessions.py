"""A session far below float64, rendered without a window: the window of period 225 next to a = 3.9, some 1e-103 wide."""

import json
from decimal import Decimal, localcontext
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from funjax_gui.documents import render
from funjax_gui.sessions.session import Session, dumps, load, parse
from funjax_gui.tabs.bifurcation import ladder_progress
from funjax_gui.tabs.bifurcation.session import Bifurcation
from kernels import BifurcationRequest

CENTRE = Decimal(
    "3.8999999999999999999999999999999999999999999999999982818024543703403435977592067383433886351196456097193099222435220974158669604335"
)
"""By Newton's method in high precision: 1/2 has period 225 there, and is superstable."""

HALF_WIDTH, HALF_HEIGHT = Decimal("2.3672724432361574e-104"), Decimal("7.871327828670406e-53")
"""0.9 over the derivative of the c of y² + c that the 225th return is about; 2 over its curvature."""


def test_a_session_at_1e_100_is_rendered_and_its_columns_are_those_of_the_quadratic_family(tmp_path: Path) -> None:
    with localcontext(prec=250):
        across, up = (CENTRE - HALF_WIDTH, CENTRE + HALF_WIDTH), (Decimal("0.5") - HALF_HEIGHT, Decimal("0.5") + HALF_HEIGHT)
    told = Session("bifurcation", bifurcation=Bifurcation(range=across, x=up, transient=300, samples=200, size=(48, 30)))
    (tmp_path / "s.toml").write_text(dumps(told))
    assert parse(dumps(told)).bifurcation.range == across and load(tmp_path / "s.toml").bifurcation.x == up
    render(tmp_path / "s.toml", tmp_path / "s.json")
    found = json.loads((tmp_path / "s.json").read_text())
    assert found["engine"] == "return map" and found["return"] == "225" and Decimal(found["centre"]) == CENTRE
    for column, period in enumerate(found["period"]):
        c = -0.9 * (2 * column + 1 - 48) / 48  # of y² + c, from 0.9 on the left to -0.9 on the right
        if abs(c - 0.25) > 0.05 and abs(c + 0.75) > 0.05:
            assert period == (0 if c > 0.25 else 1 if c > -0.75 else 2), c
    assert found["offset"][0] == -found["offset"][-1] and len(set(found["offset"])) == 48


def test_json_of_chaos_in_closed_form_names_it_and_the_share_of_samples(tmp_path: Path) -> None:
    """Next to the third image of 1/2 at a = 3.9, which moves with a: of 1e-20, one sample in some 1e11."""
    with localcontext(prec=60):
        x, a = Decimal("0.5"), Decimal("3.9")
        for _ in range(3):
            x = a * x * (1 - x)
        half = Decimal("5e-21")
        told = Session(
            "bifurcation",
            bifurcation=Bifurcation(range=(a - half, a + half), x=(x - half, x + half), transient=300, samples=200, size=(48, 30)),
        )
    (tmp_path / "s.toml").write_text(dumps(told))
    render(tmp_path / "s.toml", tmp_path / "s.json")
    found = json.loads((tmp_path / "s.json").read_text())
    assert (found["engine"], found["return"], set(found["period"])) == ("caustics", "1", {0}) and Decimal(found["centre"]) == a
    assert 1e-12 < found["visits"] < 1e-10 and found["expected_samples"] > 1e10


def test_the_status_says_how_far_a_ladder_is_until_the_first_frame(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    request, shown = Bifurcation().request((40, 30)), []
    awaited: list[BifurcationRequest | None] = [request]
    monkeypatch.setattr(ladder_progress, "ladder_progress", lambda asked: (12, 0.25, 61_400_000) if asked is request else None)
    owner = QObject()
    progress = ladder_progress.LadderProgress(owner, lambda: awaited[0], lambda: shown.append(progress.status()))
    progress.start()
    qtbot.waitUntil(lambda: bool(shown))
    assert shown[0] is not None and shown[0].progress == 0.25
    assert shown[0].text == "finding return maps: 12 levels, 25% of the depth, at most 61 MB; Esc abandons it"
    awaited[0] = None
    qtbot.waitUntil(lambda: not progress.isActive())
    assert progress.status() is None
