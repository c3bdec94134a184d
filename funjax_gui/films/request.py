"""The request of a film: pictures at the film's size, computed one by one like exports, and encoded as they come."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funjax_gui.export import PICTURE, ExportRequest, PageSetup, Size, Style
from funjax_gui.films import encoders, key_frames
from funjax_gui.sessions import Session
from funjax_gui.style import Blend, Levels, colour_maps, levels
from kernels.execution import devices
from kernels.validation import grouped

MOST_FRAMES = 20_000
MOST_FPS = 120.0

TONES = 5
"""Number of pictures whose tones those of the others are blended from."""

BYTES_PER_PIXEL = 4
"""Of each picture while an animated WebP or GIF is written, which holds all of them."""


@dataclass(frozen=True)
class FilmRequest:
    """A film through sessions as key frames. Raises ValueError, in one line, where a field is out of its domain.

    sessions: two or more of the same tab, which differ in numbers and views only. path: its suffix chooses the format, see `encoders`.
    seconds: how long the film is; fps: pictures per second; the first and the last one are those of the first and the last session.
    size: (width, height) in pixels. easing: a name of EASINGS, for each way between two sessions. theme: colours in place of the first
    session's. plain: the plot area alone; setup: what is drawn around it.
    """

    sessions: tuple[Session, ...]
    path: Path
    seconds: float = 5.0
    fps: float = 25.0
    size: Size | None = None
    easing: str = "smooth"
    theme: str = ""
    plain: bool = False
    setup: PageSetup = field(default_factory=PageSetup)

    def __post_init__(self) -> None:
        if not 0 < self.seconds < float("inf"):
            raise ValueError(f"a film of {self.seconds:g} seconds cannot be made; give a number above 0")
        if not 0 < self.fps <= MOST_FPS:
            raise ValueError(f"{self.fps:g} pictures per second are out of range; give a number above 0 and at most {MOST_FPS:g}")
        if self.easing not in key_frames.EASINGS:
            raise ValueError(f"there is no easing {self.easing!r}; choose {' or '.join(key_frames.EASINGS)}")
        key_frames.check(self.sessions)
        if not 2 <= self.count <= MOST_FRAMES:
            least, most = 2 / self.fps, MOST_FRAMES / self.fps
            raise ValueError(f"{grouped(self.count)} pictures are out of range; give from {least:.2g} to {most:.6g} seconds at this rate")
        encoders.check(self.path, self.pixels)
        self.picture(0)
        self.picture(self.count - 1)
        if self.path.suffix.lower() in (".webp", ".gif"):
            needed = self.count * self.pixels[0] * self.pixels[1] * BYTES_PER_PIXEL
            devices.check_memory(f"a film of {grouped(self.count)} pictures", needed, "make it shorter or smaller, or save it as .mp4")

    @property
    def count(self) -> int:
        """The number of pictures."""
        return round(self.seconds * self.fps)

    @property
    def pixels(self) -> Size:
        """Width and height, by default those of the first session."""
        usual: Size = getattr(self.sessions[0].table, "size", PICTURE)
        return self.size or usual

    def picture(self, number: int, size: Size | None = None, plain: bool = False, tones: Sequence[Levels] = ()) -> ExportRequest:
        """The export of one picture, counted from 0; `size` and `plain` in place of the film's.

        `tones`: those at equally spaced times, the ends of the film among them, between which the picture's is blended.
        """
        size, plain = size or self.pixels, plain or self.plain
        shown = key_frames.at(self.sessions, number / (self.count - 1), self.easing)
        if self.theme:
            shown = replace(shown, theme=self.theme)
        style = Style(**shown.appearance, plain=plain, setup=replace(self.setup, steady=True))
        if tones:
            place = number / (self.count - 1) * (len(tones) - 1)
            k = min(int(place), len(tones) - 2)
            style = replace(style, blend=Blend(tones[k], tones[k + 1], place - k))
        return ExportRequest(shown.request(size), Path("picture.png"), size, style, shown)

    def _tones(self) -> Generator[None, None, list[Levels]]:
        """The tones of TONES pictures, so that the film does not flicker; none where its pictures have no counts."""
        found: list[Levels] = []
        for index in range(TONES):
            job = self.picture(round(index * (self.count - 1) / (TONES - 1)))
            counts = counts_of((yield from _last_frame(job)))
            if counts is None:
                return []
            found.append(levels(counts, job.style.tone, colour_maps.FINE))
        return found

    def frames(self) -> Iterator["FilmFrame | None"]:
        """Frames with the progress, the last one `done`; None where there is nothing new. The film is there with the last one."""
        with encoders.encoder(self.path, self.pixels, self.fps) as add:
            tones = yield from self._tones()
            for number in range(self.count):
                add((yield from png_of(self.picture(number, tones=tones))))
                yield FilmFrame(self, (number + 1) / (self.count + 1), False, f"picture {grouped(number + 1)} of {grouped(self.count)}")
            yield FilmFrame(self, self.count / (self.count + 1), False, "encoding")
        width, height = self.pixels
        yield FilmFrame(self, 1.0, True, f"saved {self.path.name}, {grouped(self.count)} pictures, {width} x {height}")


def png_of(job: ExportRequest) -> Generator[None, None, bytes]:
    """Compute a picture, step by step; returns its PNG file."""
    last = yield from _last_frame(job)
    buffer = BytesIO()
    job.exporter.write(buffer, last, job)
    return buffer.getvalue()


def _last_frame(job: ExportRequest) -> Generator[None, None, Any]:
    last: Any = None
    for frame in job.exporter.compute(job).frames():
        last = frame or last
        yield None
    return last


def counts_of(frame: Any) -> NDArray[Any] | None:
    """The counts of a frame that is a density, or of the density in it; None if it has none.

    A fractal's counts are smooth numbers of steps, no integers.
    """
    parts = (frame, getattr(frame, "diagram", None), getattr(frame, "picture", None))
    found = (getattr(part, "counts", None) for part in parts)
    return next((counts for counts in found if isinstance(counts, np.ndarray) and counts.dtype.kind == "i"), None)


@dataclass(frozen=True, eq=False)
class FilmFrame:
    """The state of a film: `progress` in [0, 1], its present stage as `message`; `done` when the film is there."""

    request: FilmRequest
    progress: float
    done: bool
    message: str
