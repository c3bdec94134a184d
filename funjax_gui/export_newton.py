"""The formats of Newton's runs: the picture, and the numbers."""

import json
import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from funjax_gui import export_page, export_script, png
from funjax_gui.export_format import PIXELS, Exporter
from funjax_gui.export_page import Layout, Page, Style, Words, painted
from funjax_gui.newton_look import basins, numbers
from funjax_gui.newton_look.numbers import point
from funjax_gui.newton_look.paint import surface_pixels
from funjax_gui.newton_look.sketch import line_items, race_items, stationary_items
from funjax_gui.plots_sketch import Drawing, Item
from kernels.geometry import Grid, Viewport
from kernels.newton import NewtonFrame, NewtonRequest, as_json
from kernels.newton_basins import NewtonBasinRequest
from kernels.newton_race import RaceFrame, RaceRequest
from kernels.newton_surface import MOST_DIMENSION, LineRequest, SurfaceRequest
from kernels.objectives import find_objective

if TYPE_CHECKING:
    from funjax_gui.export import ExportRequest

RACING = 0.5
"""The share of a picture's progress that its runs are."""


@dataclass(frozen=True)
class NewtonPicture:
    """A race over its surface, basins or curve: `picture` is None where there are too many variables for one."""

    race: RaceRequest
    layout: Layout
    view: Viewport
    picture: SurfaceRequest | NewtonBasinRequest | LineRequest | None

    @classmethod
    def of(cls, export: "ExportRequest") -> "NewtonPicture":
        """What to compute for an export. ValueError, in one line, where that cannot be."""
        run = export.request.runs[0]
        view = export.style.view or find_objective(run.objective).view
        layout = export_page.lay_out(export.pixels, view, export.style.plain)
        grid, n = Grid(view, *layout.grid), len(run.start)
        picture: SurfaceRequest | NewtonBasinRequest | LineRequest | None = None
        if n == 1:
            picture = LineRequest(grid, run.objective, run.parameters)
        elif export.style.basins and n == 2:
            steps, tolerance = min(1000, run.max_steps), max(run.tolerance, 1e-12)
            picture = NewtonBasinRequest(grid, run.objective, run.damping, steps, tolerance, run.parameters)
        elif n <= MOST_DIMENSION:
            picture = SurfaceRequest(grid, run.objective, run.start[2:], run.parameters)
        return cls(export.request, layout, view, picture)

    def frames(self) -> Iterator["NewtonPictureFrame | None"]:
        """Progress; in the last frame both are there, whole."""
        race: Any = None
        for frame in self.race.frames():
            race = frame or race
            yield NewtonPictureFrame(self, race, None, RACING * race.progress) if frame else None
        picture: Any = None
        for part in self.picture.frames() if self.picture else ():
            picture = part or picture
            yield None
        yield NewtonPictureFrame(self, race, picture, 1.0)


@dataclass(frozen=True, eq=False)
class NewtonPictureFrame:
    """A race and its picture, as far as they are there."""

    request: NewtonPicture
    race: RaceFrame
    picture: Any = field(repr=False)
    progress: float


def _write_png(file: IO[bytes], frame: NewtonPictureFrame, export: "ExportRequest") -> Iterator[float]:
    run = frame.race.runs[0]
    objective = find_objective(run.request.objective)
    texts = {
        "Title": f"{objective.title}: {objective.formula}",
        "Description": caption(frame),
        "Software": "funjax",
        "funjax-session": export.session_text,
    }
    return png.write(file, draw(frame, export.style), texts)


def draw(frame: NewtonPictureFrame, style: Style) -> png.Pixels:
    """The whole picture, 0xffRRGGBB, of the layout's size. Shape (height, width)."""
    layout = frame.request.layout
    under = _pixels(frame, style)

    def paint(painter: QPainter) -> None:
        if layout.font:
            objective = find_objective(frame.race.runs[0].request.objective)
            names = ("x", "f") if isinstance(frame.request.picture, LineRequest) else ("x", "y")
            Page(painter, layout, style).write(Words(objective.title, objective.formula, *names, caption(frame)))
        if under is not None:
            rows, columns = under.shape
            image = QImage(under.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
            painter.drawImage(layout.plot.topLeft(), image)
        _draw_items(painter, frame, style)

    return painted(layout, style, paint)


def _pixels(frame: NewtonPictureFrame, style: Style) -> NDArray[np.uint32] | None:
    if isinstance(frame.request.picture, SurfaceRequest):
        return np.ascontiguousarray(surface_pixels(frame.picture.tones, style.colour_map, style.colours))
    if isinstance(frame.request.picture, NewtonBasinRequest):
        return np.ascontiguousarray(basins.pixels(frame.picture, style.colours))
    return None


def _draw_items(painter: QPainter, frame: NewtonPictureFrame, style: Style) -> None:
    """The runs, lines as thick beside the page's words as they are in the window."""
    layout, runs = frame.request.layout, frame.race.runs
    scale = max(1.0, (layout.font or min(layout.size) / 61) / 13)
    plot = layout.plot
    area = QRectF(plot.left() / scale, plot.top() / scale, plot.width() / scale, plot.height() / scale)
    first = runs[0].request
    last, focus = max(run.steps for run in runs), first.method
    items: list[Item]
    if isinstance(frame.request.picture, LineRequest):
        items = line_items(frame.picture, runs, last, focus)
    else:
        items = stationary_items(first.known) + race_items(runs, last, None, focus, True)
    painter.save()
    painter.scale(scale, scale)
    Drawing(export_page.font_of(12), style.colours, frame.request.view, area).paint(painter, items)
    painter.restore()


def caption(frame: NewtonPictureFrame) -> str:
    """What the picture shows, in one line of text."""
    runs = frame.race.runs
    first = runs[0].request
    about = find_objective(first.objective)
    given = ", ".join(f"{about.parameter(name).symbol} = {numbers.number(value)}" for name, value in first.parameters)
    said = [f"from {point(first.start)}", *(f"{run.request.method}: {run.sentence}" for run in runs)]
    return "  ·  ".join([*filter(None, [given]), *said, "float64", "funjax"])


def _write_json(file: IO[bytes], frame: RaceFrame, export: "ExportRequest") -> Iterator[float]:
    """The run in focus, by the design's keys."""
    file.write(json.dumps(as_json(frame.runs[0]), allow_nan=False, indent=1).encode() + b"\n")
    yield 1.0


def _write_csv(file: IO[bytes], frame: RaceFrame, export: "ExportRequest") -> Iterator[float]:
    """One line an iterate of each run, under a line of names; coordinates beyond the first ten are left out."""
    shown = min(10, frame.runs[0].iterates.shape[1])
    names = ["method", "step", *(f"x{i + 1}" for i in range(shown)), "value", "gradient_norm", "predicted", "actual"]
    file.write((",".join(names) + "\n").encode())
    for number, run in enumerate(frame.runs):
        for k in range(run.steps + 1):
            changes = (run.predicted[k - 1], run.actual[k - 1]) if k else (math.nan, math.nan)
            cells = (*run.iterates[k, :shown], run.values[k], run.gradient_norms[k], *changes)
            file.write((",".join([run.request.method, str(k), *(repr(float(cell)) for cell in cells)]) + "\n").encode())
        yield (number + 1) / len(frame.runs)


ARRAYS = ("iterates", "values", "gradient_norms", "orders", "predicted", "actual", "factors", "radii", "ratios", "shifts", "cg_steps")


def _write_npz(file: IO[bytes], frame: RaceFrame, export: "ExportRequest") -> Iterator[float]:
    """Arrays named METHOD/NAME for each run, `hessians` and `eigenvalues` too, and `metadata`, a JSON text."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        metadata = {
            "software": "funjax",
            "runs": {run.request.method: {"status": run.status, "kind": run.kind, "sentence": run.sentence} for run in frame.runs},
            "session": export.session_text,
        }
        _add(archive, "metadata", np.array(json.dumps(metadata, ensure_ascii=False)))
        for number, run in enumerate(frame.runs):
            for name, array in _arrays(run).items():
                _add(archive, f"{run.request.method}/{name}", array)
            yield (number + 1) / len(frame.runs)


def _arrays(run: NewtonFrame) -> dict[str, NDArray[Any]]:
    curvature = {name: getattr(run.curvature, name) for name in ("gradients", "hessians", "eigenvalues")}
    return {name: getattr(run, name) for name in ARRAYS} | curvature


def _add(archive: zipfile.ZipFile, name: str, array: NDArray[Any]) -> None:
    with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
        np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)


PICTURE = """\
plt.figure(figsize=(12, 7.5))
plt.semilogy(frame.gradient_norms, "o-")
plt.xlabel("step")
plt.ylabel("|gradient|")
plt.title(frame.sentence)"""
"""What a script does with matplotlib."""


def _title(run: NewtonRequest) -> str:
    return f"Newton's method, {run.method}, on {find_objective(run.objective).title}."


EXPORTERS: dict[str, Exporter] = {
    ".png": Exporter("Picture", _write_png, NewtonPicture.of, PIXELS, export_page.LARGEST_SIDE),
    ".npz": Exporter("NumPy arrays", _write_npz),
    ".csv": Exporter("Table, a line an iterate", _write_csv),
    ".json": Exporter("The run in focus, JSON", _write_json),
    ".py": export_script.exporter(_title, PICTURE, lambda export: export.request.runs[0]),
}
"""Suffix, in lower case, to exporter."""
