"""The request of an export: a picture or numbers computed at the requested size; the suffix of the file selects the exporter.

The worker runs its frames like those of other requests; cancelling leaves an existing file unchanged.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from funjax_gui.export.format import PIXELS, Exporter
from funjax_gui.export.job import ExportJob
from funjax_gui.files import atomic_write
from kernels.validation import grouped

COMPUTING = 0.9
"""Share of the progress for the computation; the rest is for writing."""

FORMATS: dict[type, Mapping[str, Exporter]] = {}
"""Formats by type of request and suffix in lower case, registered by `funjax_gui.documents`."""


def formats_of(request: Any) -> Mapping[str, Exporter]:
    """Formats of a request by suffix; empty if none is registered."""
    return FORMATS.get(type(request), {})


def exporter_for(request: Any, path: Path | str) -> Exporter:
    """The exporter that the suffix of `path` chooses for `request`, in any case; ValueError naming the suffixes that it has."""
    return choose_format(formats_of(request), path)


def choose_format(formats: Mapping[str, Exporter], path: Path | str) -> Exporter:
    """The exporter for the suffix of `path`; ValueError naming the suffixes that there are."""
    suffix = Path(path).suffix.lower()
    if suffix not in formats:
        named = f"{suffix!r} is not one" if suffix else "it has none"
        raise ValueError(f"{str(path)!r}: the suffix chooses the format, and {named} of {', '.join(formats) or 'those there are: none'}")
    return formats[suffix]


@dataclass(frozen=True)
class ExportRequest(ExportJob):
    """An export as a request, which the worker runs.

    Raises ValueError, in one line, on a suffix that the request has no exporter for on a size that is too large and
    on a part that its page does not have.
    """

    def __post_init__(self) -> None:
        """Check the suffix and the size."""
        exporter = self.exporter
        width, height = self.pixels
        if exporter.sides and max(width, height) > exporter.largest_side:
            most = grouped(exporter.largest_side)
            raise ValueError(f"a picture of {width} x {height} is too large; give at most {most} pixels a side, or save .npz")
        for panel in self.style.setup.panels or () if exporter.sides == PIXELS else ():
            if panel not in exporter.panels:
                raise ValueError(f"the page has no part {panel!r}; choose among {', '.join(exporter.panels)}")
        exporter.compute(self)

    @property
    def exporter(self) -> Exporter:
        """The exporter."""
        return exporter_for(self.request, self.path)

    def frames(self) -> Iterator["ExportFrame | None"]:
        """Frames with the progress, the last one `done`; None where there is nothing new.

        The file is complete when the last frame is yielded, and not before. Raises ValueError (files.FileError) in one line.
        """
        exporter = self.exporter
        with atomic_write(self.path) as file:
            yield ExportFrame(self, 0.0, False, "computing")
            last: Any = None
            computing: Any = exporter.compute(self).frames()
            with closing(computing) as frames:
                for frame in frames:
                    last = frame or last
                    yield ExportFrame(self, COMPUTING * frame.progress, False, "computing") if frame else None
            if last is None:
                raise RuntimeError("nothing was computed; please try again and report this with the session file")
            yield ExportFrame(self, COMPUTING, False, "writing")
            left_out = exporter.write(file, last, self)
            yield None  # cancelled while writing: the draft is deleted, and an existing file stays
        size = f", {self.pixels[0]} x {self.pixels[1]}" if exporter.sides else ""
        note = f"no room for {left_out}" if left_out else ""
        yield ExportFrame(self, 1.0, True, "; ".join(filter(None, (f"saved {self.path.name}{size}", note))), note)


@dataclass(frozen=True, eq=False)
class ExportFrame:
    """The state of an export: `progress` in [0, 1], its present stage as `message`; `done` when the file is there.

    `note`: what the user should know of the file, such as parts that have no room in it; the last message has it too.
    """

    request: ExportRequest
    progress: float
    done: bool
    message: str
    note: str = ""
