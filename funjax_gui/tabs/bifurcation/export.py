"""The formats of a bifurcation diagram: the picture, and its numbers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import IO

from funjax_gui.export import CELLS, Exporter, ExportJob, Layout, SheetPage, Size, Writer, array_files, picture_files
from funjax_gui.export import script as export_script
from funjax_gui.formulas import find_map
from funjax_gui.tabs.bifurcation import page as export_diagram
from kernels.bifurcation import BifurcationFrame, BifurcationRequest
from kernels.geometry import Grid


def _at(export: ExportJob, size: Size) -> BifurcationRequest:
    request: BifurcationRequest = export.request
    return replace(request, grid=Grid(request.grid.viewport, *size), keep_refining=False)


def _whole_size(export: ExportJob) -> BifurcationRequest:
    return _at(export, export.pixels)


def _plot_size(export: ExportJob) -> BifurcationRequest:
    return _at(export, _layout(export).grid)


def _layout(export: ExportJob) -> Layout:
    return export_diagram.layout(export.request, export.pixels, export.style.plain)


def _sheet(frame: BifurcationFrame, export: ExportJob) -> SheetPage:
    return export_diagram.sheet(frame, _layout(export), export.style)


def _data(write: Callable[[IO[bytes], BifurcationFrame, str], Iterator[float]]) -> Writer:
    return lambda file, frame, export: write(file, frame, export.session_text)


PICTURE = """\
view = request.grid.viewport
plt.figure(figsize=(12, 7.5))
plt.imshow(np.log1p(frame.counts), aspect="auto", cmap="{cmap}", extent=[*map(float, view.x_limits), *map(float, view.y_limits)])
plt.xlabel(request.sweep)
plt.ylabel("x")"""
"""What a script does with matplotlib."""

MATPLOTLIBS = ("inferno", "magma", "plasma", "viridis", "cividis")
"""Colour maps that matplotlib has too."""


def _picture(export: ExportJob) -> str:
    name = export.style.colour_map
    return PICTURE.format(cmap=name if name in MATPLOTLIBS else MATPLOTLIBS[0])


def _title(request: BifurcationRequest) -> str:
    return f"The bifurcation diagram of x -> {find_map(request.map).formula}, {request.sweep} along the horizontal axis."


EXPORTERS: dict[str, Exporter] = {
    **picture_files.exporters(_sheet, _plot_size),
    ".npz": Exporter("NumPy arrays", _data(array_files.write_npz), _whole_size, CELLS),
    ".csv": Exporter("Table, one row per parameter value", _data(array_files.write_csv), _whole_size, CELLS),
    ".json": Exporter("Numbers, JSON", _data(array_files.write_json), _whole_size, CELLS),
    ".py": export_script.exporter(_title, _picture, _whole_size, CELLS),
}
"""Suffix, in lower case, to exporter."""
