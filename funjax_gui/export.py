"""A picture or its numbers to a file, computed at the size asked for: the file's suffix chooses the exporter.

An export is a request like any other: the worker runs its frames, and closing them leaves the old file as it was.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from PySide6.QtGui import QGuiApplication

from funjax_gui import export_data, export_png, png, sessions
from funjax_gui.export_png import Size, Style
from funjax_gui.files import atomic_write
from kernels.bifurcation import MOST_STEPS, BifurcationFrame, BifurcationRequest
from kernels.geometry import Grid, grouped
from kernels.maps import find_map

COMPUTING = 0.9
"""The share of an export's progress that computing is; the rest is writing."""

Writer = Callable[[IO[bytes], BifurcationFrame, "ExportRequest"], Iterator[float]]


@dataclass(frozen=True)
class Exporter:
    """A format: its `title` in a file dialogue, the columns and rows to compute for an export, the writer, the longest side."""

    title: str
    grid: Callable[["ExportRequest"], Size]
    write: Writer
    largest_side: int = MOST_STEPS


def _whole_size(export: "ExportRequest") -> Size:
    return export.pixels


def _plot_size(export: "ExportRequest") -> Size:
    return _layout(export).grid


def _layout(export: "ExportRequest") -> export_png.Layout:
    return export_png.lay_out(export.pixels, export.request.grid.viewport, export.style.plain)


def _write_png(file: IO[bytes], frame: BifurcationFrame, export: "ExportRequest") -> Iterator[float]:
    picture = export_png.draw(frame, _layout(export), export.style)
    texts = {
        "Title": " ".join(f"{find_map(frame.request.map).title}: {export_png.formula(frame.request)}".split()),
        "Description": " ".join(export_png.caption(frame).split()),
        "Software": "funjax",
        "funjax-session": export.session_text,
    }
    return png.write(file, picture, texts)


def _data(write: Callable[[IO[bytes], BifurcationFrame, str], Iterator[float]]) -> Writer:
    return lambda file, frame, export: write(file, frame, export.session_text)


EXPORTERS: dict[str, Exporter] = {
    ".png": Exporter("Picture", _plot_size, _write_png, export_png.LARGEST_SIDE),
    ".npz": Exporter("NumPy arrays", _whole_size, _data(export_data.write_npz)),
    ".csv": Exporter("Table, a line a column", _whole_size, _data(export_data.write_csv)),
    ".json": Exporter("Numbers, JSON", _whole_size, _data(export_data.write_json)),
}
"""Suffix, in lower case, to exporter."""


def exporter_for(path: Path | str) -> Exporter:
    """The exporter that the suffix of `path` chooses, in any case; ValueError naming the suffixes there are."""
    suffix = Path(path).suffix.lower()
    if suffix not in EXPORTERS:
        named = f"{suffix!r} is not one" if suffix else "it has none"
        raise ValueError(f"{str(path)!r}: the suffix chooses the format, and {named} of {', '.join(EXPORTERS)}")
    return EXPORTERS[suffix]


@dataclass(frozen=True)
class ExportRequest:
    """Write `request` to `path` at `size` (width, height), its own grid's size unless given.

    The size is the whole file's: a PNG is exactly that large, and its plot is what the axes leave of it (all of it if
    `style.plain`); for numbers it is columns and rows. `session` is what the file tells of its making; only its bifurcation table
    is replaced. Raises ValueError, in one line, on an unknown suffix and on a size that is too large.
    """

    request: BifurcationRequest
    path: Path
    size: Size | None = None
    style: Style = field(default_factory=Style)
    session: sessions.Session = field(default_factory=sessions.Session, repr=False)

    def __post_init__(self) -> None:
        """Check the suffix and the size."""
        exporter = exporter_for(self.path)
        width, height = self.pixels
        if max(width, height) > exporter.largest_side:
            most = grouped(exporter.largest_side)
            raise ValueError(f"a picture of {width} x {height} is too large; give at most {most} a side, or save .npz")
        self._at(self.pixels)

    @property
    def pixels(self) -> Size:
        """The size of what is written."""
        return self.size or (self.request.grid.columns, self.request.grid.rows)

    @property
    def session_text(self) -> str:
        """The session that makes this file again, as TOML."""
        table = sessions.Bifurcation.of(self.request, self.pixels)
        return sessions.dumps(replace(self.session, tab="bifurcation", bifurcation=table))

    def frames(self) -> Iterator["ExportFrame | None"]:
        """Progress, and at the end a frame that is `done`; None where nothing new is to be said.

        The file is there when the last frame is yielded, and not before. Raises ValueError (files.FileError) in one line.
        """
        exporter = exporter_for(self.path)
        with atomic_write(self.path) as file:
            yield ExportFrame(self, 0.0, False, "computing")
            last: BifurcationFrame | None = None
            computing: Any = self._at(exporter.grid(self)).frames()
            with closing(computing) as frames:
                for frame in frames:
                    last = frame or last
                    yield ExportFrame(self, COMPUTING * frame.progress, False, "computing") if frame else None
            if last is None:
                raise RuntimeError("the kernel made no picture; try again, and report it with the session")
            yield ExportFrame(self, COMPUTING, False, "writing")
            for share in exporter.write(file, last, self):
                yield ExportFrame(self, COMPUTING + (1 - COMPUTING) * share, False, "writing")
        width, height = self.pixels
        yield ExportFrame(self, 1.0, True, f"saved {self.path.name}, {width} x {height}")

    def _at(self, size: Size) -> BifurcationRequest:
        return replace(self.request, grid=Grid(self.request.grid.viewport, *size), keep_refining=False)


@dataclass(frozen=True, eq=False)
class ExportFrame:
    """How far an export is: `progress` in [0, 1], what it is doing in `message`; `done` when the file is there."""

    request: ExportRequest
    progress: float
    done: bool
    message: str


def render(
    session_path: Path | str,
    out_path: Path | str,
    size: Size | None = None,
    samples: int | None = None,
    plain: bool = False,
    progress: Callable[[float], None] | None = None,
    style: Style | None = None,
) -> ExportFrame:
    """Draw the session in one file to another, on this thread; `size` and `samples` override the session's.

    `progress` is told the share that is done. Raises ValueError, one line a problem.
    """
    exporter_for(out_path)
    session = sessions.load(session_path)
    if session.tab != "bifurcation":
        raise ValueError(f'the session\'s tab is {session.tab}, which cannot be drawn yet; set tab = "bifurcation" in it')
    table = replace(session.bifurcation, samples=samples or session.bifurcation.samples)
    style = replace(style or Style(), plain=plain)
    application = _application()
    export = ExportRequest(table.request(size), Path(out_path), None, style, session)
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
