"""The formats of a tab's numbers: arrays, tables and JSON of one request, each with how it was computed and the session."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import IO, Any

from numpy.typing import NDArray

from funjax_gui.export.array_files import write_arrays, write_object, write_table
from funjax_gui.export.format import Exporter, as_asked
from funjax_gui.export.job import ExportJob
from funjax_gui.export.provenance import comments, provenance

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class DataFiles:
    """Exporters of what is computed by one request.

    `facts`: how a frame was computed, by name; every file has them, and the session. `compute`, `sides`: as in Exporter.
    """

    facts: Callable[[Any], Mapping[str, Any]]
    compute: Callable[[ExportJob], Any] = as_asked
    sides: tuple[str, str] | None = None

    def arrays(self, arrays: Callable[[Any], Arrays]) -> Exporter:
        """An npz file of a frame's `arrays`; in it `metadata` is a JSON text of the facts and the session."""

        def write(file: IO[bytes], frame: Any, export: ExportJob) -> None:
            write_arrays(file, arrays(frame), {**self.facts(frame), **provenance(export)})

        return Exporter("NumPy arrays", write, self.compute, self.sides)

    def table(self, title: str, columns: Callable[[Any], Arrays], notes: Callable[[Any], Iterable[str]] = lambda _: ()) -> Exporter:
        """A csv file of a frame's `columns`; facts, `notes` and session are comments before them."""

        def write(file: IO[bytes], frame: Any, export: ExportJob) -> None:
            write_table(file, columns(frame), comments(export, self.facts(frame), notes(frame)))

        return Exporter(title, write, self.compute, self.sides)

    def object(self, numbers: Callable[[Any], Mapping[str, Any]], title: str = "Numbers, JSON") -> Exporter:
        """A JSON file of one object: a frame's `numbers`, the facts and the session. Infinite and undefined numbers are null."""

        def write(file: IO[bytes], frame: Any, export: ExportJob) -> None:
            write_object(file, {**numbers(frame), **self.facts(frame), **provenance(export)})

        return Exporter(title, write, self.compute, self.sides)
