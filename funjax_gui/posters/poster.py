"""Making a poster: tiles into a store, the store through a painter into a file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

from funjax_gui.export import ExportJob, Size, Style, provenance
from funjax_gui.files import Pixels, failure_reason
from funjax_gui.posters.formats import WRITERS, check_output
from funjax_gui.posters.picture import Poster
from funjax_gui.sessions import session as sessions
from kernels.posters import Cut, Progress, Scheduler, Store, StoreError, cut, fill


class Painter(Protocol):
    """Colours of a picture that comes in bands of rows, from the top: it looks at all of them, then paints them."""

    @property
    def arrays(self) -> tuple[str, ...]:
        """Names of the arrays that it is given, in this order, each of shape (rows, columns)."""

    @property
    def look(self) -> Callable[..., None]:
        """Note what the colours of the whole picture depend on, given the arrays of a band."""

    @property
    def paint(self) -> Callable[..., Pixels]:
        """The colours of a band, 0xffRRGGBB, given its arrays."""


class PainterKind(Protocol):
    """Makes a painter of a request in that style, given the arrays of the whole picture that have no rows."""

    stored: int
    """Bytes of a pixel's arrays in the store."""

    def __call__(self, request: Any, style: Style, columns: Mapping[str, NDArray[Any]], /) -> Painter:
        """The painter."""


Painters = Mapping[type, PainterKind]
"""By type of request."""

Pictured = Callable[[ExportJob], Any]
"""What of an export is drawn in tiles: a request with a grid of a single pixel, in the view of a picture of the export's size."""


@dataclass(eq=False)
class PosterJob:
    """The poster of a session at `path`, of `size` (columns, rows), cut for so many workers.

    The store lies beside the file and has its name with the suffix .zarr. It is deleted when the file is there, unless it was complete
    before; `resume` resumes one that was left. `called`: a noun phrase for each type of request.
    """

    session: sessions.Session
    path: Path
    size: Size
    style: Style
    pictured: Pictured
    painters: Painters
    called: Mapping[type, str]
    workers: int = 1
    resume: bool = False
    devices: Sequence[str] = ()

    @property
    def place(self) -> Path:
        """The path of the store."""
        return self.path.with_suffix(".zarr")

    def plan(self) -> Cut:
        """The picture cut into tiles. ValueError, in one line: it cannot be cut or written. Looks at no store, so it is quick."""
        request = self.pictured(self._export)
        if type(request) not in self.painters:
            kind, others = (
                self.called.get(type(request), type(request).__name__),
                ", ".join(dict.fromkeys(map(self.called.__getitem__, self.painters))),
            )
            raise ValueError(f"a picture of {kind} is not drawn in tiles, only of {others}; leave out --workers, --scheduler and --resume")
        whole = cut(request, *self.size, self.workers)
        check_output(self.path, self.size, self.painters[type(request)].stored)
        return whole

    def check(self) -> Store:
        """The store to be filled. ValueError, in one line: as of `plan`, or it cannot be resumed."""
        whole = self.plan()
        return (Store.resume if self.resume else Store.new)(self.place, whole, self._export.session_text)

    @property
    def _export(self) -> ExportJob:
        return ExportJob(self.session.request((1, 1)), self.path, self.size, self.style, self.session)

    def steps(self, scheduler: Scheduler) -> Iterator[Progress]:
        """The progress, tile by tile; the file is there at the end. Raises ValueError in one line."""
        store = self.check()
        was_complete = not store.missing
        try:
            yield from fill(store, scheduler)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise StoreError(f"{self.place} cannot be written: {reason}; make room, and continue with --resume") from error
        job = self._export
        texts = {"Title": self.session.title, "Software": "funjax", "funjax-session": job.session_text}
        poster = Poster(store, lambda: self._painted(store), texts, provenance(job), self.style.setup.dpi)
        try:
            WRITERS[self.path.suffix.lower()](self.path, poster)
        except OSError as error:
            raise failure_reason(error, self.path, "written") from error
        self.devices = store.devices
        if self.path != self.place and not was_complete:
            store.remove()

    def _painted(self, store: Store) -> Iterator[Pixels]:
        painter = self.painters[type(store.cut.request)](store.cut.request, self.style, store.column_arrays())
        for band in _bands(store, painter):
            painter.look(*band)
        for band in _bands(store, painter):
            yield painter.paint(*band)

    @property
    def note(self) -> str:
        """What the user should know of the file, in one line; often nothing."""
        mixed = f"computed by devices of {len(self.devices)} kinds, {', '.join(self.devices)}: chaotic columns of their tiles may differ"
        overlay = "overlays are left out of a picture in tiles" if self.style.overlay or self.style.curves else ""
        return "; ".join(filter(None, (mixed if len(self.devices) > 1 else "", overlay)))


def _bands(store: Store, painter: Painter) -> Iterator[tuple[NDArray[Any], ...]]:
    return zip(*(store.bands(name) for name in painter.arrays), strict=True)
