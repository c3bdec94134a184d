"""What a format is to an export: what to compute for a file of a given size, and how to write it.

Each tab's formats are a table of these, by suffix; `export.FORMATS` joins them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from funjax_gui.export.job import ExportJob
from kernels.bifurcation import MOST_STEPS

PIXELS = ("Width", "Height")
"""The sides of a picture, which has axes and a caption that may be left out."""

CELLS = ("Columns", "Rows")
"""The sides of an array."""

Writer = Callable[[IO[bytes], Any, ExportJob], None]
"""Writes the last frame of what was computed to a binary file."""


def _as_asked(export: ExportJob) -> Any:
    return export.request


@dataclass(frozen=True)
class Exporter:
    """A format: its `title` in a file dialogue, the request whose last frame the writer gets, and what its size counts.

    `compute` makes of an export the request to run; it raises ValueError, in one line, where that cannot be. `sides` are the words
    for the two numbers of the size (PIXELS for a picture), None where the format has no size.
    """

    title: str
    write: Writer
    compute: Callable[[ExportJob], Any] = _as_asked
    sides: tuple[str, str] | None = None
    largest_side: int = MOST_STEPS
