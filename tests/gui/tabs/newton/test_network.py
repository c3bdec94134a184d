"""The network dialog, end to end, and its part of sessions and exports."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from kept_window import KeptWindow
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from funjax_gui.documents import render
from funjax_gui.sessions.checks import SessionError
from funjax_gui.sessions.session import dumps, parse
from funjax_gui.style import DARK, unpack
from funjax_gui.tabs.newton.network import figures
from kernels.network import NetworkRequest

KEYS = 'data = "moons", samples = 20, width = 3, depth = 1'
SMALL = f"network = {{ {KEYS}, evaluations = 40 }}"
HEAD = 'funjax = 1\ntab = "newton"\n[newton]\n'


def test_a_network_is_trained_in_its_dialog_and_kept_by_the_session(qtbot: QtBot, kept_window: KeptWindow, tmp_path: Path) -> None:
    window = kept_window.opened((1200, 760), tab="newton")
    dialog = window.newton.dialogs.network
    window.show_session(parse(f"{HEAD}{SMALL}"), Path("a.toml"))
    qtbot.waitUntil(lambda: dialog.frame is not None and dialog.frame.done, timeout=60_000)
    assert dialog.isVisible() and dialog.frame is not None and dialog.frame.evaluations == 40
    assert dialog.picture.picture.image is not None and "would take 1.35 kB" in dialog.summary.text()
    assert isinstance(window.newton.export_request(), NetworkRequest)

    QTest.keyClick(dialog, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: dialog.frame is not None and dialog.frame.evaluations == 45 and dialog.frame.done)
    QTest.mouseClick(dialog.buttons["play"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.frame is not None and dialog.frame.evaluations > 45)
    field = dialog.controls["width"].findChild(QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, "1e9")
    QTest.keyClick(field, Qt.Key.Key_Return)
    seen = dialog.frame.evaluations
    qtbot.waitUntil(lambda: dialog.frame is not None and dialog.frame.evaluations > seen)
    assert field.text() == "1e9" and "from 1 to" in dialog.controls["width"].complaint, "frames leave what is typed and its error"
    QTest.keyClick(dialog, Qt.Key.Key_Space)
    assert dialog.frame is not None and NetworkRequest not in window.worker.running
    shown = dialog.frame.evaluations
    assert window.session().newton.network.request.evaluations == dialog.request.evaluations == shown
    assert f"evaluations = {shown}" in dumps(window.session())

    dialog._edit("noise", -1.0)
    assert "from 0 to 10" in dialog.controls["noise"].complaint and dialog.request.noise == 0.15
    dialog._switch("adam", False)
    assert dialog.request.methods == ("hessian-free", "l-bfgs", "gradient") and dialog.request.evaluations == 0
    (tmp_path / "bad.csv").write_text("1,2,a\n" * 12)
    dialog.read(str(tmp_path / "bad.csv"))
    assert "the one label 'a'" in dialog.controls["data"].complaint
    dialog.read(str(tmp_path / "none.csv"))
    assert "cannot be read" in dialog.controls["data"].complaint
    window.undo.settle()
    (tmp_path / "good.csv").write_text("".join(f"{k},{k * k % 7},{'ab'[k % 2]}\n" for k in range(12)))
    dialog.read(str(tmp_path / "good.csv"))
    assert dialog.request.data.name == "good.csv"  # type: ignore[union-attr]
    kept = parse(dumps(window.session())).newton.network
    assert kept.request == dialog.request

    window.undo.undo()
    assert dialog.request.data == "moons"
    dialog.hide()
    assert window.session().newton.network is None and not isinstance(window.newton.export_request(), NetworkRequest)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("network = 3", "give a table such as"),
        ('network = { data = "moon" }', "gives data, which is 'moon'"),
        ("network = { widht = 3 }", "has no key 'widht' (do you mean width?)"),
        ("network = { width = 400, depth = 8 }", "100 000 are allowed"),
        ('network = { methods = ["adam"], method = "gradient" }', "not among the methods"),
        ('network = { data = "points", points = [[1, 2]] }', "rows such as"),
        ('network = { data = "points", points = [[1, 2, "a"], [1, 3, "a"]] }', "with 1 label; give two"),
    ],
)
def test_a_bad_network_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(SessionError) as error:
        parse(f"{HEAD}{text}\n")
    assert said in str(error.value) and str(error.value).startswith("line 4: ") and "\n" not in str(error.value)


def test_exports_hold_the_records(tmp_path: Path) -> None:
    session = tmp_path / "network.toml"
    session.write_text(f"{HEAD}{SMALL}\n")
    for suffix in ("csv", "json", "npz", "py"):
        render(session, tmp_path / f"out.{suffix}")
    found = json.loads((tmp_path / "out.json").read_text())
    assert found["hessian_bytes"] == 8 * 13**2 and list(found["runs"]) == ["hessian-free", "l-bfgs", "adam", "gradient"]
    losses = found["runs"]["adam"]["loss"]
    lines = [line for line in (tmp_path / "out.csv").read_text().splitlines() if not line.startswith("#")]
    rows = [row for row in csv.DictReader(lines) if row["method"] == "adam"]
    assert [float(row["loss"]) for row in rows] == losses and [int(row["evaluations"]) for row in rows] == list(range(0, 45, 5))
    arrays = np.load(tmp_path / "out.npz")
    assert arrays["adam/loss"].tolist() == losses and arrays["adam/weights"].shape == (13,) and arrays["points"].shape == (20, 2)
    assert "from kernels import NetworkRequest" in (tmp_path / "out.py").read_text()


def test_the_picture_has_the_colours_of_the_classes() -> None:
    pixels = figures.pixels(np.array([[-9.0, 9.0], [-9.0, 9.0]]), DARK, (8, 6))
    assert pixels.shape == (6, 8) and len(set(pixels[:, 0].tolist())) == 1
    for column, role in ((0, DARK.accent), (-1, DARK.accent2)):
        ground, hue = unpack(DARK.background), unpack(role)
        channels = [(int(pixels[0, column]) >> shift) & 255 for shift in (16, 8, 0)]
        np.testing.assert_allclose(channels, ground + figures.STRONGEST * (hue - ground), atol=1.0)
