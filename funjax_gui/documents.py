"""The registry of tabs, one line each; presets; and rendering a session, or a film of several, without a window.

Importing this module registers the tables and export formats of the tabs.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from PySide6.QtGui import QGuiApplication

from funjax_gui import posters
from funjax_gui.export import FORMATS, PICTURE, PIXELS, ExportFrame, ExportRequest, PageSetup, Size, Style, choose_format, pixels_of
from funjax_gui.files import resources
from funjax_gui.films import FilmFrame, FilmRequest, film_file
from funjax_gui.sessions import TABS, Session, load
from funjax_gui.sessions import session as sessions
from funjax_gui.tabs import document as tab_document
from funjax_gui.tabs.bifurcation import Bifurcation
from funjax_gui.tabs.bifurcation import document as bifurcation
from funjax_gui.tabs.fixed_points import document as fixed_points
from funjax_gui.tabs.newton import document as newton
from kernels.posters import Cluster, InTurn, Progress, kept_in

__all__ = [
    "DOCUMENTS",
    "Preset",
    "PrintSize",
    "animate",
    "document_of",
    "load",
    "poster",
    "poster_job",
    "presets",
    "register",
    "render",
    "request_labels",
]

DOCUMENTS: list[tab_document.Document] = []
"""The entries of the tabs, in their order."""


def register(document: tab_document.Document) -> None:
    """Register a tab with sessions, exports, tours and the status bar."""
    DOCUMENTS.append(document)
    sessions.register(document.table)
    FORMATS[document.table.KIND] = document.formats
    FORMATS.update(document.other_formats)


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

    def thumbnail(self, dark: bool) -> Path:
        """Path of its thumbnail for dark or light themes, which may be missing."""
        return resources.folder() / "thumbnails" / ("dark" if dark else "light") / f"{self.name}.png"


@cache
def presets() -> tuple[Preset, ...]:
    """All presets, ordered by tab and title."""
    found = [Preset(path.stem, load(path)) for path in (resources.folder() / "sessions").glob("*.toml")]
    return tuple(sorted(found, key=lambda preset: (TABS.index(preset.session.tab), preset.session.title)))


@dataclass(frozen=True)
class PrintSize:
    """Width and height of a picture in mm, None for in proportion to the session's size, at `dpi` pixels per inch."""

    width: float
    height: float | None = None
    dpi: float = 300.0

    def pixels(self, usual: Size) -> Size:
        """The size in pixels, of a picture that usually has the size `usual`. Raises ValueError in one line."""
        height = self.width * usual[1] / usual[0] if self.height is None else self.height
        return pixels_of(self.width, height, self.dpi)


def render(
    session_path: Path | str,
    out_path: Path | str,
    size: Size | PrintSize | None = None,
    samples: int | None = None,
    plain: bool = False,
    progress: Callable[[float], None] | None = None,
    theme: str = "",
    setup: PageSetup | None = None,
    transparent: bool = False,
) -> ExportFrame:
    """Render the open tab of a session file to another file, on this thread.

    `size`, `samples` and `theme` override the session's; `setup` says what is drawn around the plot of a picture.

    `progress` is called with the share that is done. Raises ValueError, with one line for each error.
    """
    chosen = choose_format({suffix: exporter for formats in FORMATS.values() for suffix, exporter in formats.items()}, out_path)
    setup = setup or PageSetup()
    session = _loaded(session_path, theme, samples)
    size, setup = _in_pixels(session, size, setup, out_path, chosen.sides == PIXELS)
    request = session.request(size)
    application = _application()
    style = Style(**session.appearance, plain=plain, setup=setup, transparent=transparent)
    export = ExportRequest(request, Path(out_path), size, style, session)
    last = ExportFrame(export, 0.0, False, "")
    for frame in export.frames():
        last = frame or last
        if progress:
            progress(last.progress)
    del application
    return last


def poster(
    session_path: Path | str,
    out_path: Path | str,
    size: Size | PrintSize | None = None,
    samples: int | None = None,
    theme: str = "",
    setup: PageSetup | None = None,
    workers: int = 0,
    scheduler: str = "",
    resume: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> str:
    """Draw the open tab's picture, its plot area alone, in tiles, of any size. Returns what there is to say of the file, often nothing.

    `session_path` may be a store that was left: it has the session and the size. `workers`: processes on this machine, none for this one
    alone; `scheduler`: the address of a Dask scheduler in their place. `resume`: resume a store that was left. `progress` is called
    after each tile; other arguments are as of `render`.
    Raises ValueError, with one line for each error.
    """
    path, source = Path(out_path), Path(session_path)
    if source.is_dir():
        text, kept = kept_in(source)
        session, size = sessions.parse(text), size or kept
    else:
        session = _loaded(session_path, theme, samples)
    given, setup = _in_pixels(session, size, setup or PageSetup(), path, path.suffix.lower() in posters.PICTURES)
    if replace(setup, dpi=0.0) != PageSetup():
        raise ValueError("a picture in tiles is its plot area alone; leave out the options for text, axes and lines")
    if workers and scheduler:
        raise ValueError("--workers are processes on this machine, --scheduler has its own; give one of them")
    pixels: Size = getattr(session.table, "size", PICTURE) if given is None else given
    job = poster_job(session, path, pixels, setup, workers, resume)
    job.check()
    application = _application()
    with Cluster.at(scheduler) if scheduler else Cluster.local(workers) if workers else nullcontext(InTurn()) as computing:
        for step in job.steps(computing):
            if progress:
                progress(step)
    del application
    return job.note


def poster_job(
    session: Session, path: Path, size: Size, setup: PageSetup | None = None, workers: int = 0, resume: bool = False
) -> posters.PosterJob:
    """The poster of a session's open tab, to be written to `path`; `setup` has its resolution."""
    style = Style(**session.appearance, plain=True, setup=setup or PageSetup())
    painters = {kind: painter for document in DOCUMENTS for kind, painter in document.painters.items()}
    pictured = document_of(session.tab).pictured
    return posters.PosterJob(session, path, size, style, pictured, painters, request_labels(), max(workers, 1), resume)


def _loaded(path: Path | str, theme: str, samples: int | None) -> Session:
    """The session in the file, with another theme and number of samples where they are given."""
    session = load(path)
    if theme:
        session = replace(session, theme=theme)
    if samples is not None:
        if session.tab != Bifurcation.NAME:
            raise ValueError(f"samples are recorded for a bifurcation diagram, and the session's tab is {session.tab}; leave them out")
        session = session.with_table(replace(session.bifurcation, samples=samples))
    return session


def _in_pixels(
    session: Session, size: Size | PrintSize | None, setup: PageSetup, path: Path | str, is_picture: bool
) -> tuple[Size | None, PageSetup]:
    """The size in pixels, and the setup with its resolution."""
    if not isinstance(size, PrintSize):
        return size, setup
    if not is_picture:
        raise ValueError(f"{str(path)!r} is not a picture, so it has no size in mm; give columns and rows by --size")
    return size.pixels(getattr(session.table, "size", PICTURE)), replace(setup, dpi=size.dpi)


def animate(
    session_paths: Sequence[Path | str], out_path: Path | str, progress: Callable[[float], None] | None = None, **options: Any
) -> FilmFrame:
    """Make a film of session files as key frames, or of one film file, on this thread.

    `options` are other fields of a FilmRequest, in place of those of the film file.

    `progress` is called with the share that is done. Raises ValueError, with one line for each error.
    """
    application = _application()
    fields = film_file.read(session_paths[0]) if len(session_paths) == 1 else None
    fields = fields or {"sessions": tuple(load(path) for path in session_paths)}
    film = FilmRequest(path=Path(out_path), **fields | options)
    last = FilmFrame(film, 0.0, False, "")
    for frame in film.frames():
        last = frame or last
        if progress and frame:
            progress(last.progress)
    del application
    return last


def _application() -> Any:
    """The Qt application, which fonts need; an offscreen one if there is none."""
    return QGuiApplication.instance() or QGuiApplication(["funjax", "-platform", "offscreen"])
