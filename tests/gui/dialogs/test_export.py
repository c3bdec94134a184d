"""What an export is asked for: format, size, axes."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QFileDialog, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from funjax_gui.dialogs.export import ExportDialog
from funjax_gui.export.format import Exporter
from funjax_gui.export.page_setup import PageSetup
from funjax_gui.tabs.bifurcation.export import EXPORTERS
from funjax_gui.widgets.controls import Control
from funjax_gui.widgets.file_dialogs import with_suffix

LEFT = Qt.MouseButton.LeftButton
SUFFIXES = list(EXPORTERS)


@pytest.fixture
def dialog(qtbot: QtBot) -> ExportDialog:
    made = ExportDialog(EXPORTERS, (1280, 800))
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    assert QTest.qWaitForWindowActive(made, 60_000)
    return made


def line(control: Control) -> QLineEdit:
    return control.findChild(QLineEdit)


def choose(dialog: ExportDialog, suffix: str) -> None:
    box = dialog.format.findChild(QComboBox)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(SUFFIXES.index(suffix)):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentData() == suffix


def typed(control: Control, text: str, end: Qt.Key | None = Qt.Key.Key_Tab) -> None:
    line(control).setFocus()
    line(control).selectAll()
    QTest.keyClick(line(control), Qt.Key.Key_Delete)
    QTest.keyClicks(line(control), text)
    if end is not None:
        QTest.keyClick(line(control), end)


def save(dialog: ExportDialog) -> None:
    QTest.mouseClick(dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save), LEFT)


def test_it_offers_every_format_and_begins_with_a_picture(dialog: ExportDialog) -> None:
    box = dialog.format.findChild(QComboBox)
    assert [box.itemData(i) for i in range(box.count())] == SUFFIXES
    assert all(suffix in box.itemText(i) for i, suffix in enumerate(SUFFIXES))
    assert (dialog.suffix, dialog.size_wanted, dialog.setup) == (".png", (1280, 800), PageSetup())
    assert (line(dialog.page.width_control).text().replace(" ", ""), line(dialog.page.height_control).text()) == ("1280", "800")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_labels_follow_the_format(dialog: ExportDialog, suffix: str) -> None:
    choose(dialog, suffix)
    assert dialog.suffix == suffix
    labels = (dialog.page.width_control.label, dialog.page.height_control.label)
    assert labels == (("Width", "Height") if suffix in (".png", ".svg", ".pdf") else ("Columns", "Rows"))
    assert line(dialog.page.width_control).accessibleName() == labels[0]
    assert dialog.page.axes.isVisible() == (suffix in (".png", ".svg", ".pdf"))


def test_a_format_without_a_size_asks_for_none(qtbot: QtBot) -> None:
    formats = {".json": Exporter("Numbers", lambda *_: None), ".png": EXPORTERS[".png"]}
    dialog = ExportDialog(formats, (1280, 800))
    qtbot.addWidget(dialog)
    dialog.show()
    box = dialog.format.findChild(QComboBox)
    assert [box.itemData(i) for i in range(box.count())] == [".json", ".png"]
    assert dialog.suffix == ".json"
    assert not (dialog.page.width_control.isVisible() or dialog.page.height_control.isVisible() or dialog.page.axes.isVisible())
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert dialog.suffix == ".png" and dialog.page.width_control.isVisible() and dialog.page.axes.isVisible()


def test_sizes_are_typed(dialog: ExportDialog) -> None:
    typed(dialog.page.width_control, "4e3")
    typed(dialog.page.height_control, "2 500")
    assert dialog.size_wanted == (4000, 2500)
    save(dialog)
    assert dialog.result() == ExportDialog.DialogCode.Accepted


@pytest.mark.parametrize("text", ["0", "-5", "abc", "1.5", "2000000"])
@pytest.mark.parametrize("key", [None, Qt.Key.Key_Return])
def test_a_bad_size_is_said_and_not_saved(dialog: ExportDialog, text: str, key: Qt.Key | None) -> None:
    typed(dialog.page.height_control, text, key)
    if key is None:
        save(dialog)
    assert dialog.isVisible()
    assert dialog.page.height_control.complaint and "\n" not in dialog.page.height_control.complaint
    assert dialog.size_wanted == (1280, 800)
    typed(dialog.page.height_control, "600")
    save(dialog)
    assert not dialog.isVisible()
    assert dialog.size_wanted == (1280, 600)


def test_what_is_being_typed_counts(dialog: ExportDialog) -> None:
    typed(dialog.page.width_control, "640", None)
    dialog.accept()
    assert dialog.size_wanted == (640, 800)


def test_a_picture_may_be_without_axes_and_panels(dialog: ExportDialog) -> None:
    QTest.keyClick(dialog.page.axes, Qt.Key.Key_Space)
    QTest.keyClick(dialog.page.panels["lyapunov"], Qt.Key.Key_Space)
    assert not dialog.setup.axes and not dialog.setup.has("lyapunov") and dialog.setup.has("legend")


def test_texts_are_typed_over_or_left_out(dialog: ExportDialog) -> None:
    assert (dialog.setup.title, dialog.setup.caption) == (None, None)
    QTest.keyClicks(dialog.page.title.line, "Route to chaos")
    QTest.keyClick(dialog.page.caption.box, Qt.Key.Key_Space)
    assert (dialog.setup.title, dialog.setup.caption) == ("Route to chaos", "")
    assert not dialog.page.caption.line.isEnabled()


def test_a_page_size_sets_millimetres_resolution_and_font(dialog: ExportDialog) -> None:
    box = dialog.page.size_choice.findChild(QComboBox)
    assert not dialog.page.width_mm.isVisible()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert dialog.page.size_name == "one-column" and dialog.size_wanted == (1004, 886)
    assert (dialog.setup.dpi, dialog.setup.font_size) == (300, 8)
    assert dialog.page.width_mm.isVisible() and not dialog.page.width_control.isVisible()
    typed(dialog.page.width_mm, "60")
    typed(dialog.page.dpi, "600")
    typed(dialog.page.font_size, "")
    typed(dialog.page.line_width, "0.8")
    assert dialog.size_wanted == (1417, 1772)
    assert dialog.setup == PageSetup(600, 0, 0.8)
    choose(dialog, ".csv")
    assert dialog.size_wanted == (1280, 800), "columns and rows have no size in print"


@pytest.mark.parametrize(("name", "text"), [("width_mm", "5"), ("height_mm", ""), ("dpi", "x"), ("font_size", "-1"), ("line_width", "nan")])
def test_a_bad_length_is_said_and_not_saved(dialog: ExportDialog, name: str, text: str) -> None:
    dialog.page.choose_size("mm")
    typed(getattr(dialog.page, name), text)
    save(dialog)
    assert dialog.isVisible() and len(dialog.page.complaints) == 1 and "\n" not in dialog.page.complaints[0]


def test_a_transparent_background_has_the_colours_for_white(dialog: ExportDialog) -> None:
    QTest.keyClick(dialog.background.findChild(QComboBox), Qt.Key.Key_End)
    for _ in range(3):
        QTest.keyClick(dialog.background.findChild(QComboBox), Qt.Key.Key_Down)
    assert (dialog.theme, dialog.is_transparent) == ("white", True)


def test_cancelling(dialog: ExportDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.result() == ExportDialog.DialogCode.Rejected


def test_the_path_has_the_formats_suffix(dialog: ExportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *a: (asked.append(a), (str(tmp_path / "out"), ""))[1]))
    choose(dialog, ".npz")
    assert dialog.ask_path(tmp_path, "mine") == tmp_path / "out.npz"
    assert asked[0][2] == str(tmp_path / "mine.npz")
    assert "*.npz" in asked[0][3]


@pytest.mark.parametrize(
    ("chosen", "exists", "yes", "path"),
    [
        ("", False, False, None),
        ("a.csv", True, False, "a.csv"),
        ("a", False, False, "a.png"),
        ("a", True, True, "a.png"),
        ("a", True, False, None),
        (".hidden", False, False, ".hidden.png"),
        ("3.57", False, False, "3.57.png"),
        ("3.57 ", False, False, "3.57.png"),
        ("a = 3.5e1", False, False, "a = 3.5e1.png"),
        ("a.csv ", False, False, "a.csv"),
        ("a.b c", False, False, "a.b c.png"),
    ],
)
def test_names_without_a_suffix(
    dialog: ExportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: str, exists: bool, yes: bool, path: str | None
) -> None:
    buttons = QMessageBox.StandardButton
    monkeypatch.setattr(QMessageBox, "question", staticmethod(lambda *_: buttons.Yes if yes else buttons.No))
    if exists:
        (tmp_path / "a.png").touch()
    found = with_suffix(str(tmp_path / chosen) if chosen else "", ".png", dialog)
    assert found == (tmp_path / path if path else None)
