"""What each tab registers, one line a tab; presets; and drawing a session without a window.

Importing this module lets sessions have the tabs' tables, and requests be exported in the tabs' formats.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from PySide6.QtGui import QGuiApplication

from funjax_gui.export import FORMATS, ExportFrame, ExportRequest, Size, Style, choose_format
from funjax_gui.files import resources
from funjax_gui.sessions import TABS, Session, load
from funjax_gui.sessions import session as sessions
from funjax_gui.tabs import document as tab_document
from funjax_gui.tabs.bifurcation import Bifurcation
from funjax_gui.tabs.bifurcation import document as bifurcation
from funjax_gui.tabs.fixed_points import document as fixed_points
from funjax_gui.tabs.newton import document as newton

__all__ = ["DOCUMENTS", "Preset", "document_of", "load", "presets", "register", "render", "request_labels"]

DOCUMENTS: list[tab_document.Document] = []
"""What the tabs register, in their order."""


def register(document: tab_document.Document) -> None:
    """Let sessions, exports, tours and the status bar know a tab."""
    DOCUMENTS.append(document)
    sessions.register(document.table)
    FORMATS[document.table.KIND] = document.formats


register(fixed_points.DOCUMENT)
register(bifurcation.DOCUMENT)
register(newton.DOCUMENT)


def document_of(tab: str) -> tab_document.Document:
    """What the tab of that name registers."""
    return next(document for document in DOCUMENTS if document.table.NAME == tab)


def request_labels() -> Mapping[type, str]:
    """What each type of request is for, in the status bar's words."""
    return {kind: label for document in DOCUMENTS for kind, label in document.labels.items()}


@dataclass(frozen=True)
class Preset:
    """A session by its short name."""

    name: str
    session: Session

    @property
    def thumbnail(self) -> Path:
        """Its picture; it may be missing."""
        return resources.folder() / "thumbnails" / f"{self.name}.png"


@cache
def presets() -> tuple[Preset, ...]:
    """All presets, in the order of the tabs and then of their titles."""
    found = [Preset(path.stem, load(path)) for path in (resources.folder() / "sessions").glob("*.toml")]
    return tuple(sorted(found, key=lambda preset: (TABS.index(preset.session.tab), preset.session.title)))


def render(
    session_path: Path | str,
    out_path: Path | str,
    size: Size | None = None,
    samples: int | None = None,
    plain: bool = False,
    progress: Callable[[float], None] | None = None,
    theme: str = "",
) -> ExportFrame:
    """Draw the tab that the session in one file names to another, on this thread.

    `size`, `samples` and `theme` override the session's.

    `progress` is told the share that is done. Raises ValueError, one line a problem.
    """
    choose_format({suffix: exporter for formats in FORMATS.values() for suffix, exporter in formats.items()}, out_path)
    session = load(session_path)
    if theme:
        session = replace(session, theme=theme)
    if samples is not None:
        if session.tab != Bifurcation.NAME:
            raise ValueError(f"samples are recorded for a bifurcation diagram, and the session's tab is {session.tab}; leave them out")
        session = session.with_table(replace(session.bifurcation, samples=samples))
    request = session.request(size)
    application = _application()
    export = ExportRequest(request, Path(out_path), size, Style(**session.appearance, plain=plain), session)
    last = ExportFrame(export, 0.0, False, "")
    for frame in export.frames():
        last = frame or last
        if progress:
            progress(last.progress)
    del application
    return last


def _application() -> Any:
    """What fonts need: the application there is, or one without a screen."""
    return QGuiApplication.instance() or QGuiApplication(["funjax", "-platform", "offscreen"])
