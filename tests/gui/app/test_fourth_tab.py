"""A fourth tab is its folder and two lines: one in documents, one in the window. A map is one entry."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, ClassVar

import pytest
from PySide6.QtWidgets import QLabel, QVBoxLayout
from pytestqt.qtbot import QtBot

from funjax_gui import documents
from funjax_gui.app import pending_work, preferences, window
from funjax_gui.app.preferences import Preferences
from funjax_gui.dialogs import saved_formulas
from funjax_gui.export import request as exports
from funjax_gui.export.format import Exporter
from funjax_gui.sessions import checks, session
from funjax_gui.sessions.session import Session
from funjax_gui.sessions.table import Table, fields_of
from funjax_gui.tabs.base import Tab
from funjax_gui.tabs.document import Document
from funjax_gui.tours import targets
from kernels.maps.registry import MAPS


@dataclass(frozen=True)
class SquareRequest:
    number: int = 3

    def frames(self) -> Iterator["SquareFrame"]:
        yield SquareFrame(self, self.number**2)


@dataclass(frozen=True, eq=False)
class SquareFrame:
    request: SquareRequest
    square: int
    progress: float = 1.0
    done: bool = True


@dataclass(frozen=True)
class Squares(Table):
    number: int = 3

    NAME: ClassVar[str] = "squares"
    KIND: ClassVar[type] = SquareRequest
    CHECKS: ClassVar[dict[str, Any]] = {"number": checks.whole(1)}

    @classmethod
    def read(cls, source: checks.Source) -> "Squares":
        return cls(**fields_of(source.table(cls.NAME, cls.CHECKS)))

    def with_request(self, request: Any, size: Any = None) -> "Squares":
        return replace(self, number=request.number)

    def request(self, grid_size: Any = None) -> SquareRequest:
        return SquareRequest(self.number)


def write(file: IO[bytes], frame: SquareFrame, job: Any) -> None:
    file.write(str(frame.square).encode())


DOCUMENT = Document("Squares", Squares, {".txt": Exporter("Text", write)}, {SquareRequest: "the square"}, ("label",), ("x", "y"))


class SquaresTab(Tab):
    name, title, tip, kinds = "squares", "Squares", "Square a number", (SquareRequest,)

    def __init__(self) -> None:
        super().__init__()
        self.request = SquareRequest()
        self.label = QLabel()
        QVBoxLayout(self).addWidget(self.label)

    def show_frame(self, frame: SquareFrame) -> None:
        self.label.setText(str(frame.square))

    def session(self, session: Session) -> Session:
        return session.with_table(Squares.of(self.request))

    def restore(self, session: Session) -> None:
        self.request = session.squares.request()
        self.requested.emit(self.request)

    def export_request(self) -> SquareRequest:
        return self.request


@pytest.fixture
def restored() -> Iterator[None]:
    lists = [documents.DOCUMENTS, session.TABLES, session.TABS, window.TABS]
    kept: list[list[Any]] = [list(each) for each in lists]
    formats = dict(exports.FORMATS)
    yield
    for each, before in zip(lists, kept, strict=True):
        each[:] = before
    exports.FORMATS.clear()
    exports.FORMATS.update(formats)


def test_a_tab_is_its_folder_and_two_lines(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, restored: None) -> None:
    monkeypatch.setattr(preferences, "path", lambda: tmp_path / "funjax.ini")
    documents.register(DOCUMENT)
    window.TABS.append(SquaresTab)
    made = window.Window(Preferences())
    qtbot.addWidget(made)
    try:
        made.show_session(session.parse("funjax = 1\ntab = 'squares'\n[squares]\nnumber = 12\n"))
        tab = made.tab
        assert isinstance(tab, SquaresTab)
        qtbot.waitUntil(lambda: tab.label.text() == "144")
        assert session.parse(session.dumps(made.session())).squares == Squares(12)
        assert pending_work.what(tab.request, 100).startswith("the square")
        assert list(targets.names(made.session())) == ["label", "status"]
        saved = saved_formulas.SavedFormula("map", "mine", "a*x", ())
        assert saved_formulas.used_in(saved, made.session()) == ""
        path = tmp_path / "square.txt"
        job = exports.ExportRequest(tab.export_request(), path, session=made.session())
        assert [frame.done for frame in job.frames() if frame][-1] and path.read_text() == "144"
    finally:
        made.close()


def test_a_map_is_one_entry(fresh_window: window.Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bellows = replace(MAPS["ricker"], name="again", title="Ricker again")
    monkeypatch.setitem(MAPS, "again", bellows)
    text = "funjax = 1\n[bifurcation]\nmap = 'again'\nsamples = 20\ntransient = 20\n"
    fresh_window.show_session(session.parse(text))
    assert fresh_window.bifurcation.request.map == "again"
    (tmp_path / "s.toml").write_text(text)
    assert documents.render(tmp_path / "s.toml", tmp_path / "s.png", size=(64, 48)).done
    fresh_window.close()
