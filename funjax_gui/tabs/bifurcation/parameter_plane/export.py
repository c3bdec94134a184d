"""Export formats of a plane of two parameters: picture and numbers."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funjax_gui.export import CELLS, Arrays, DataFiles, Exporter, ExportJob, SheetPage, picture_files, script
from funjax_gui.formulas import find_map
from funjax_gui.tabs.bifurcation.overlaid import OverlaidRequest, parted
from funjax_gui.tabs.bifurcation.parameter_plane import page
from funjax_gui.tabs.bifurcation.parameter_plane.curves import curves_request, obstacle
from kernels.geometry import Grid
from kernels.two_parameters import TwoParametersFrame, TwoParametersRequest


def _at_plot_size(export: ExportJob) -> TwoParametersRequest | OverlaidRequest:
    request: TwoParametersRequest = export.request
    return _with_curves(replace(request, grid=Grid(request.grid.viewport, *page.layout(export).grid)), export)


def _at_whole_size(export: ExportJob) -> TwoParametersRequest:
    request: TwoParametersRequest = export.request
    return replace(request, grid=Grid(request.grid.viewport, *export.pixels))


def _with_numbers(export: ExportJob) -> TwoParametersRequest | OverlaidRequest:
    return _with_curves(_at_whole_size(export), export)


def _with_curves(request: TwoParametersRequest, export: ExportJob) -> TwoParametersRequest | OverlaidRequest:
    """The request of the picture, with the curves over it where it is to have any."""
    period = export.style.curves
    return OverlaidRequest(request, curves_request(request, period)) if period and not obstacle(request) else request


def _sheet(frame: Any, export: ExportJob) -> SheetPage:
    return page.sheet(*parted(frame), page.layout(export), export.style)


def _arrays(frame: TwoParametersFrame) -> Arrays:
    """By name: columns, rows (the values of the parameters), and those of _pixels, (rows, columns), top row first."""
    return {"columns": frame.request.grid.column_values(), "rows": frame.request.grid.row_values()} | _pixels(frame)


def _by_pixel(frame: TwoParametersFrame) -> Arrays:
    """One row for each pixel, row by row from the top: both parameters, exponent and period, and the number of attractors."""
    request = frame.request
    up, across = np.meshgrid(request.grid.row_values(), request.grid.column_values(), indexing="ij")
    first, second = request.axes
    return {name: array.ravel() for name, array in ({first: across, second: up} | _pixels(frame)).items()}


def _numbers(computed: Any) -> dict[str, Any]:
    """One object: both parameters under their own names (a forced one as a_A and a_B), the second in the order of the rows, top first.

    Infinite and undefined numbers are null. A map of the plane has `spectrum` too: both exponents of each pixel. `curves` and `points`, if
    the picture has them: the curves of bifurcations over it, and the points of codimension 2 on them. `attractors`, where they are
    counted: their number (0 unresolved, -1 diverged, -2 undefined).
    """
    frame, over = parted(computed)
    request = frame.request
    first, second = request.axes
    numbers: dict[str, Any] = {
        first: request.grid.column_values().tolist(),
        second: request.grid.row_values().tolist(),
        "lyapunov": frame.lyapunov.tolist(),
        "period": frame.period.tolist(),
    }
    if frame.second is not None:
        numbers["spectrum"] = np.stack([frame.lyapunov, frame.second], axis=-1).tolist()
    if frame.attractors is not None:
        numbers["attractors"] = frame.attractors.tolist()
    if over is not None:
        numbers["curves"] = [
            {"kind": curve.kind, "period": curve.period} | dict(zip((first, second), curve.points.T.tolist(), strict=True))
            for curve in over.curves
        ]
        numbers["points"] = [{"kind": p.kind, "period": p.period, first: p.a, second: p.b} for p in over.points]
    return numbers


def _pixels(frame: TwoParametersFrame) -> dict[str, NDArray[Any]]:
    """Exponent and period of each pixel, of a map of the plane the smaller exponent, and numbers of attractors where counted."""
    found: dict[str, NDArray[Any] | None] = {"lyapunov": frame.lyapunov, "period": frame.period, "lyapunov2": frame.second}
    found["attractors"] = frame.attractors
    return {name: array for name, array in found.items() if array is not None}


def _facts(computed: Any) -> dict[str, Any]:
    """How the numbers were computed."""
    frame = parted(computed)[0]
    request: TwoParametersRequest = frame.request
    return {
        "map": request.map,
        "formula": find_map(request.map).plain_mapping,
        "sweep": request.sweep,
        "and_sweep": request.and_sweep,
        **({"sequence": request.sequence} if request.sequence else {}),
        "parameters": dict(request.parameters),
        "start": request.start,
        "transient": request.transient,
        "samples": request.samples,
        **({"starts": request.starts} if request.starts > 1 else {}),
        "lyapunov_error": frame.error,
        "precision": frame.precision,
        "device": frame.device,
    }


PICTURE = """\
view = request.grid.viewport
plt.figure(figsize=(12, 7.5))
extent = [*map(float, view.x_limits), *map(float, view.y_limits)]
plt.imshow({values}, aspect="auto", extent=extent)
plt.colorbar(label="{label}")
plt.xlabel(request.axes[0])
plt.ylabel(request.axes[1])"""
"""Code of a script that draws the frame with matplotlib."""


def _picture(export: ExportJob) -> str:
    if export.style.show == "period":
        return PICTURE.format(values='np.where(frame.period > 0, frame.period, np.nan), cmap="turbo", vmax=16', label="period")
    if export.style.show == "attractors":
        values = 'np.where(frame.attractors > 0, frame.attractors, np.nan), cmap="turbo"'
        return PICTURE.format(values=values, label=f"attractors seen from {export.request.starts} starts")
    values = 'np.where(np.isneginf(frame.lyapunov), -1, frame.lyapunov), cmap="RdBu_r", vmin=-1, vmax=1'
    return PICTURE.format(values=values, label="Lyapunov exponent")


def _title(request: TwoParametersRequest) -> str:
    x, y = request.axes
    return f"The plane of {x} and {y} of {find_map(request.map).plain_mapping}."


_DATA = DataFiles(_facts, _at_whole_size, CELLS)

EXPORTERS: dict[str, Exporter] = {
    **picture_files.exporters(_sheet, _at_plot_size, page.PANELS),
    ".npz": _DATA.arrays(_arrays),
    ".csv": _DATA.table("Table, one row per pixel", _by_pixel),
    ".json": replace(_DATA, compute=_with_numbers).object(_numbers),
    ".py": script.exporter(_title, _picture, _at_whole_size, CELLS),
}
"""Exporters by suffix in lower case."""
