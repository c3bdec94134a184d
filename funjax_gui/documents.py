"""The registry of tabs, one line each; presets; and rendering a session without a window.

Importing this module registers the tables and export formats of the tabs.
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
"""The entries of the tabs, in their order."""


def register(document: tab_document.Document) -> None:
    """Register a tab with sessions, exports, tours and the status bar."""
    DOCUMENTS.append(document)
    sessions.register(document.table)
    FORMATS[document.table.KIND] = document.formats


register(fixed_points.DOCUMENT)
register(bifurcation.DOCUMENT)
register(newton.DOCUMENT)


def document_of(tab: str) -> tab_document.Document:
    """The entry of the tab of that name."""
    return next(document for document in DOCUMENTS if document.table.NAME == tab)


def request_labels() -> Mapping[type, str]:
    """Noun phrase for each type of request, for the status bar."""
    return {kind: label for document in DOCUMENTS for kind, label in document.labels.items()}


@dataclass(frozen=True)
class Preset:
    """A session with a short name."""

    name: str
    session: Session

    @property
    def thumbnail(self) -> Path:
        """Path of its thumbnail, which may be missing."""
        return resources.folder() / "thumbnails" / f"{self.name}.png"


@cache
def presets() -> tuple[Preset, ...]:
    """All presets, ordered by tab and title."""
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
    """Render the open tab of a session file to another file, on this thread.

    `size`, `samples` and `theme` override the session's.

    `progress` is called with the share that is done. Raises ValueError, with one line for each error.
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
    """The Qt application, which fonts need; an offscreen one if there is none."""
    return QGuiApplication.instance() or QGuiApplication(["funjax", "-platform", "offscreen"])
