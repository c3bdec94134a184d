"""Export formats: the request to compute for a file of a given size, and the writer. Each tab has a table of them by suffix."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from funjax_gui.export.job import ExportJob
from kernels.bifurcation import MOST_STEPS

PIXELS = ("Width", "Height")
"""Names of the sides of a picture, which can have axes and a caption."""

CELLS = ("Columns", "Rows")
"""Names of the sides of an array."""

Writer = Callable[[IO[bytes], Any, ExportJob], str | None]
"""Writes the last frame of the request to a binary file; a picture's returns which parts have no room in it, if any."""


def as_asked(export: ExportJob) -> Any:
    """The request of an export as it is."""
    return export.request


@dataclass(frozen=True)
class Exporter:
    """A format: its `title` in a file dialogue, the request whose last frame the writer gets, and what its size counts.

    `compute`: makes the request of an export; raises ValueError in one line. `sides`: names of the two numbers of the size (PIXELS for a
    picture), None if the format has no size.
    """

    title: str
    write: Writer
    compute: Callable[[ExportJob], Any] = as_asked
    sides: tuple[str, str] | None = None
    largest_side: int = MOST_STEPS
    panels: Mapping[str, str] = field(default_factory=dict)
