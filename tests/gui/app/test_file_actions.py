"""Sessions, exports and the clipboard, as the window files them: with a real worker, and file dialogues answered beforehand."""

import os
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QLineEdit, QMessageBox, QProgressDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from funjax_gui.app.file_actions import OPEN_FILTER, Filing
from funjax_gui.dialogs.export import ExportDialog
from funjax_gui.export.page_layout import Style
from funjax_gui.export.page_setup import PageSetup
from funjax_gui.export.request import ExportFrame, ExportRequest
from funjax_gui.files import writing as files
from funjax_gui.sessions import session as sessions
from funjax_gui.sessions.session import Session
from funjax_gui.tabs.bifurcation.export import EXPORTERS
from funjax_gui.tabs.bifurcation.session import Bifurcation
from funjax_gui.worker.worker import Worker
from kernels.bifurcation.request import BifurcationRequest
from kernels.geometry import Grid, Viewport

REQUEST = BifurcationRequest(Grid(Viewport.from_limits("3.4", 4, 0, 1), 60, 40), transient=20, samples=30)
SESSION = Session(bifurcation=replace(Bifurcation.of(REQUEST), transient=20))
LEFT = Qt.MouseButton.LeftButton
GOOD = 'funjax = 1\n[bifurcation]\nmap = "sine"\nrange = [0.7, 1.0]\n'
BAD = 'funjax = 1\ntab = "bifurcation"\n[bifurcation]\nmap = "sinus"\nsamples = -4\ncolour = "red"\n'


class Desk:
    """A window with its filing, and what the filing reported."""

    def __init__(self, window: QWidget, worker: Worker) -> None:
        self.window, self.worker, self.filing = window, worker, Filing(window)
        self.opened: list[tuple[Session, Path]] = []
        self.saved: list[Path] = []
        self.reported: list[str] = []
        self.frames: list[ExportFrame] = []
        self.dropped: list[bool] = []
        filing = self.filing
        filing.opened.connect(lambda session, path: self.opened.append((session, path)))
        filing.saved.connect(self.saved.append)
        filing.reported.connect(self.reported.append)
        filing.export_wanted.connect(worker.submit)
        filing.export_dropped.connect(self._drop)
        worker.frame.connect(self._show)
        worker.failed.connect(lambda request, message, details: filing.fail_export(request, message))

    def _show(self, frame: ExportFrame) -> None:
        self.frames.append(frame)
        self.filing.show_export(frame)

    def _drop(self) -> None:
        self.dropped.append(True)
        self.worker.cancel(ExportRequest)

    def boxes(self) -> list[QMessageBox]:
        return [box for box in self.window.findChildren(QMessageBox) if box.isVisible()]

    def box(self) -> QMessageBox:
        (box,) = self.boxes()
        return box

    def progress(self) -> list[QProgressDialog]:
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return self.window.findChildren(QProgressDialog)


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    window, worker = QWidget(), Worker()
    qtbot.addWidget(window)
    window.resize(600, 400)
    window.show()
    made = Desk(window, worker)
    made.filing.folder = tmp_path
    yield made
    worker.close()


def answer(monkeypatch: pytest.MonkeyPatch, kind: str, path: Path | str) -> list[tuple[Any, ...]]:
    """Let the file dialogue be answered with `path`; what it was asked."""
    asked: list[tuple[Any, ...]] = []

    def chosen(*arguments: Any) -> tuple[str, str]:
        asked.append(arguments)
        return str(path), ""

    monkeypatch.setattr(QFileDialog, f"get{kind}FileName", staticmethod(chosen))
    return asked


def written(folder: Path, text: str, name: str = "a.toml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


# --- sessions ---


def test_a_good_file_is_opened(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, GOOD)
    asked = answer(monkeypatch, "Open", path)
    desk.filing.ask_open()
    ((session, where),) = desk.opened
    assert (session.bifurcation.map, session.bifurcation.range, where) == ("sine", (Decimal("0.7"), Decimal("1.0")), path)
    assert desk.filing.path == path
    assert desk.reported == ["opened a.toml"]
    assert desk.boxes() == []
    assert asked[0][2:] == (str(tmp_path), OPEN_FILTER)


def test_a_file_of_another_kind_is_called_so_first(desk: Desk, tmp_path: Path) -> None:
    assert not desk.filing.open(written(tmp_path, "# Title\n\nSome words.\n", "README.md"))
    box = desk.box()
    assert box.text() == "README.md is not a funjax session (TOML)."
    assert box.informativeText().startswith("line 3: ")


def test_a_bad_file_changes_nothing_and_every_problem_has_its_line(desk: Desk, tmp_path: Path) -> None:
    desk.filing.path = tmp_path / "before.toml"
    assert not desk.filing.open(written(tmp_path, BAD))
    assert (desk.opened, desk.reported, desk.filing.path) == ([], [], tmp_path / "before.toml")
    box = desk.box()
    assert box.text() == "a.toml was not opened."
    lines = box.informativeText().splitlines()
    assert [line.partition(":")[0] for line in lines] == ["line 4", "line 5", "line 6"]
    assert "'sinus'" in lines[0] and "sine" in lines[0]
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert desk.boxes() == []


def test_a_long_list_of_problems_fits_the_screen(desk: Desk, tmp_path: Path) -> None:
    desk.filing.open(written(tmp_path, "funjax = 1\n[bifurcation]\n" + "".join(f"no_such_key_{n} = {n}\n" for n in range(100))))
    box = desk.box()
    shown, details = box.informativeText().splitlines(), box.detailedText().splitlines()
    assert len(shown) < len(details)
    assert shown[:3] == details[:3]
    assert "more lines in the details" in shown[-1]
    assert box.sizeHint().height() < 600


def test_what_a_file_says_is_no_markup(desk: Desk, tmp_path: Path) -> None:
    desk.filing.open(written(tmp_path, 'funjax = 1\ntab = "<b>bold</b>"\n'))
    shown = [label for label in desk.box().findChildren(QLabel) if "bold" in label.text()]
    assert shown
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in shown)


@pytest.mark.parametrize(
    ("name", "reported"), [("missing.toml", "no such file"), (".", "folder"), ("a\0b.toml", "cannot be read"), ("binary.toml", "not UTF-8")]
)
def test_what_cannot_be_read_is_said(desk: Desk, tmp_path: Path, name: str, reported: str) -> None:
    (tmp_path / "binary.toml").write_bytes(b"funjax = 1\n\xff\xfe")
    assert not desk.filing.open(tmp_path / name)
    assert reported in desk.box().informativeText()
    assert desk.opened == []


def test_a_session_saved_is_opened_the_same(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answer(monkeypatch, "Save", tmp_path / "mine.toml")
    assert desk.filing.save(SESSION, None)
    assert asked[0][2] == str(tmp_path / "session.funjax.toml")
    assert (desk.saved, desk.reported) == ([tmp_path / "mine.toml"], ["saved mine.toml"])
    assert desk.filing.open(tmp_path / "mine.toml")
    assert desk.opened[0][0] == SESSION
    other = replace(SESSION, tab="newton")
    assert desk.filing.save(other, desk.filing.path)
    assert sessions.load(tmp_path / "mine.toml") == other
    assert len(asked) == 1


def test_no_file_chosen_is_no_file_touched(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "Save", "")
    answer(monkeypatch, "Open", "")
    assert not desk.filing.save(SESSION, None)
    desk.filing.ask_open()
    assert (desk.reported, desk.opened, desk.saved, os.listdir(tmp_path)) == ([], [], [], [])


@pytest.mark.parametrize("replaces", [True, False])
def test_a_name_without_suffix_gets_it_and_asks_before_replacing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replaces: bool
) -> None:
    answer(monkeypatch, "Save", tmp_path / "mine")
    assert desk.filing.save(SESSION, None)
    assert os.listdir(tmp_path) == ["mine.toml"]
    buttons = QMessageBox.StandardButton
    asked: list[str] = []
    monkeypatch.setattr(QMessageBox, "question", staticmethod(lambda *a: (asked.append(a[2]), buttons.Yes if replaces else buttons.No)[1]))
    assert desk.filing.save(replace(SESSION, tab="newton"), None) is replaces
    assert asked == ["Replace mine.toml?"]
    assert (sessions.load(tmp_path / "mine.toml").tab == "newton") is replaces


def test_a_failed_save_keeps_the_old_file(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.toml"
    assert desk.filing.save(SESSION, path)
    before = path.read_bytes()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    assert not desk.filing.save(replace(SESSION, tab="newton"), path)
    assert desk.box().text() == "mine.toml was not saved."
    assert "the disk is full" in desk.box().informativeText()
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["mine.toml"]
    assert desk.saved == [path]


def test_a_folder_that_is_gone_is_said(desk: Desk, tmp_path: Path) -> None:
    assert not desk.filing.save(SESSION, tmp_path / "gone" / "mine.toml")
    assert "does not exist" in desk.box().informativeText()


# --- exports ---


@pytest.mark.parametrize("suffix", EXPORTERS)
def test_an_export_goes_through_the_worker(qtbot: QtBot, desk: Desk, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"picture{suffix}"
    with qtbot.waitSignal(desk.worker.finished):
        desk.filing.export(REQUEST, path, (120, 90), Style(plain=True), SESSION)
        assert len(desk.progress()) == 1
    assert os.listdir(tmp_path) == [path.name]
    assert desk.reported == [f"saved picture{suffix}, 120 x 90"]
    assert desk.frames[-1].done
    assert desk.progress() == []
    assert desk.boxes() == []
    if suffix == ".png":
        assert (QImage(str(path)).width(), QImage(str(path)).height()) == (120, 90)
    if suffix == ".npz":
        with np.load(path) as arrays:
            assert arrays["counts"].shape == (90, 120)


def hold(monkeypatch: pytest.MonkeyPatch, error: Exception | None = None) -> None:
    """Let a table's export compute for ever, or fail amid the writing."""

    class Held:
        def frames(self) -> Iterator[Any]:
            yield SimpleNamespace(progress=0.5)
            while error is None:
                yield None

    def write(file: Any, frame: Any, export: Any) -> None:
        file.write(b"half")
        assert error is not None
        raise error

    monkeypatch.setitem(EXPORTERS, ".csv", replace(EXPORTERS[".csv"], write=write, compute=lambda export: Held()))


def begin(qtbot: QtBot, desk: Desk, path: Path) -> QProgressDialog:
    """Begin an export that will not end, and wait until it is under way."""
    desk.filing.export(REQUEST, path, (30, 20), Style(), SESSION)
    (dialog,) = desk.progress()
    qtbot.waitUntil(lambda: bool(desk.frames) and desk.frames[-1].progress > 0)
    return dialog


@pytest.mark.parametrize("how", ["button", "key", "close"])
def test_a_cancelled_export_leaves_the_old_file(
    qtbot: QtBot, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    hold(monkeypatch)
    path = written(tmp_path, "old", "a.csv")
    dialog = begin(qtbot, desk, path)
    qtbot.waitUntil(lambda: dialog.isVisible() and dialog.value() > 400)
    assert "a.csv" in dialog.labelText()
    if how == "button":
        QTest.mouseClick(dialog.findChild(QPushButton), LEFT)
    elif how == "key":
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)  # a shortcut is heard by the active window alone
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    else:
        dialog.close()
    qtbot.waitUntil(lambda: desk.dropped == [True])
    assert desk.reported == ["export cancelled; no file was changed"]
    assert desk.progress() == []
    assert desk.worker.close(60)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.csv"]


def test_a_second_export_takes_the_place_of_the_first(qtbot: QtBot, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(monkeypatch)
    begin(qtbot, desk, tmp_path / "a.csv")
    with qtbot.waitSignal(desk.worker.finished):
        desk.filing.export(REQUEST, tmp_path / "b.json", (30, 20), Style(), SESSION)
        assert len(desk.progress()) == 1
    assert os.listdir(tmp_path) == ["b.json"]
    assert desk.progress() == []


def test_closing_amid_an_export_leaves_the_old_file(qtbot: QtBot, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(monkeypatch)
    path = written(tmp_path, "old", "a.csv")
    dialog = begin(qtbot, desk, path)
    desk.filing.close()
    dialog.forceShow()  # its timer, which may come when the window has gone
    assert desk.progress() == []
    assert desk.worker.close(60)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.csv"]


@pytest.mark.parametrize(
    ("error", "reported"), [(OSError(28, "No space left on device"), "the disk is full"), (RuntimeError("odd"), "RuntimeError: odd")]
)
def test_a_failed_export_keeps_the_old_file(
    qtbot: QtBot, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, reported: str
) -> None:
    hold(monkeypatch, error)
    path = written(tmp_path, "old", "a.csv")
    with qtbot.waitSignal(desk.worker.failed):
        desk.filing.export(REQUEST, path, (30, 20), Style(), SESSION)
    assert desk.box().text() == "a.csv was not exported."
    assert reported in desk.box().informativeText()
    assert "\n" not in desk.box().informativeText()
    assert desk.progress() == []
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.csv"]


@pytest.mark.parametrize(("name", "size"), [("a.jpg", (30, 20)), ("a", (30, 20)), ("a.png", (40_000, 20)), ("a.npz", (10**6, 10**6))])
def test_an_export_that_cannot_be_is_refused_at_once(desk: Desk, tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    desk.filing.export(REQUEST, tmp_path / name, size, Style(), SESSION)
    assert desk.box().text() == f"{name} was not exported."
    assert desk.progress() == []
    assert not desk.worker.running
    assert os.listdir(tmp_path) == []


def test_the_export_is_asked_for_and_made(qtbot: QtBot, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answer(monkeypatch, "Save", tmp_path / "a.png")

    def accept() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ExportDialog)
        assert dialog.size_wanted == SESSION.bifurcation.size
        for box in (dialog.page.axes, dialog.page.title.box, dialog.page.caption.box, *dialog.page.panels.values()):
            QTest.keyClick(box, Qt.Key.Key_Space)
        QTest.keyClick(dialog.background.findChild(QComboBox), Qt.Key.Key_Down)
        editor = dialog.page.width_control.findChild(QLineEdit)
        editor.selectAll()
        QTest.keyClicks(editor, "100")
        QTest.keyClick(editor, Qt.Key.Key_Return)

    QTimer.singleShot(0, accept)
    with qtbot.waitSignal(desk.worker.finished):
        assert desk.filing.ask_export(REQUEST, Style("white"), SESSION) == "light"
    assert asked[0][2] == str(tmp_path / "funjax.png")
    image = QImage(str(tmp_path / "a.png"))
    assert (image.width(), image.height()) == (100, SESSION.bifurcation.size[1])
    request = desk.frames[-1].request
    assert request.style.theme == "light"
    assert request.style.setup == PageSetup(axes=False, title="", caption="", panels=())
    assert sessions.load(tmp_path / "a.png").theme == "light", "and drawn again from the file it looks the same"


@pytest.mark.parametrize("how", ["dialogue", "file"])
def test_an_export_given_up_before_it_begins(qtbot: QtBot, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    asked = answer(monkeypatch, "Save", "")
    key = Qt.Key.Key_Escape if how == "dialogue" else Qt.Key.Key_Return
    QTimer.singleShot(0, lambda: QTest.keyClick(QApplication.activeModalWidget(), key))
    desk.filing.ask_export(REQUEST, Style(), SESSION)
    assert len(asked) == (how == "file")
    assert desk.progress() == []
    assert not desk.worker.running
    qtbot.waitUntil(lambda: not desk.window.findChildren(ExportDialog))  # none is kept


# --- the clipboard ---


def test_a_picture_is_copied_as_it_is(desk: Desk) -> None:
    image = QImage(31, 17, QImage.Format.Format_RGB32)
    image.fill(QColor("#123456"))
    desk.filing.copy(image)
    copied = QGuiApplication.clipboard().image()
    assert (copied.width(), copied.height(), copied.pixelColor(5, 5).name()) == (31, 17, "#123456")
    assert desk.reported == ["copied the picture, 31 × 17 pixels"]


def test_no_picture_is_no_copy(desk: Desk) -> None:
    QGuiApplication.clipboard().setText("kept")
    desk.filing.copy(None)
    assert QGuiApplication.clipboard().text() == "kept"
    assert desk.reported == ["there is no picture to copy yet"]
