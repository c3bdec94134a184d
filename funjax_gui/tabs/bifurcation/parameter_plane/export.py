"""Export formats of a plane of two parameters: picture and numbers."""

from dataclasses import replace
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from funjax_gui.export import (
    CELLS,
    Exporter,
    ExportJob,
    SheetPage,
    comments,
    picture_files,
    provenance,
    write_arrays,
    write_object,
    write_table,
)
from funjax_gui.export import script as export_script
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


def _numbers(export: ExportJob) -> TwoParametersRequest | OverlaidRequest:
    return _with_curves(_at_whole_size(export), export)


def _with_curves(request: TwoParametersRequest, export: ExportJob) -> TwoParametersRequest | OverlaidRequest:
    """The request of the picture, with the curves over it where it is to have any."""
    period = export.style.curves
    return OverlaidRequest(request, curves_request(request, period)) if period and not obstacle(request) else request


def _sheet(frame: Any, export: ExportJob) -> SheetPage:
    return page.sheet(*parted(frame), page.layout(export), export.style)


def _write_npz(file: IO[bytes], frame: TwoParametersFrame, export: ExportJob) -> None:
    """Arrays by name.

    lyapunov, period, of a map of the plane lyapunov2, and attractors where they are counted: (rows, columns), top row first; columns,
    rows: the values of the parameters.
    `metadata` is a JSON text: map, parameters, steps, precision, device, and the session that reproduces the arrays.
    """
    grid = frame.request.grid
    arrays: dict[str, NDArray[Any]] = {"lyapunov": frame.lyapunov, "period": frame.period}
    arrays |= {"columns": grid.column_values(), "rows": grid.row_values()}
    write_arrays(file, arrays | _more(frame), _facts(frame) | provenance(export))


def _write_csv(file: IO[bytes], frame: TwoParametersFrame, export: ExportJob) -> None:
    """One row for each pixel, row by row from the top: both parameters, exponent and period, and the number of attractors."""
    request = frame.request
    up, across = np.meshgrid(request.grid.row_values(), request.grid.column_values(), indexing="ij")
    first, second = request.axes
    table: dict[str, NDArray[Any]] = {first: across, second: up, "lyapunov": frame.lyapunov, "period": frame.period}
    flat = {name: array.ravel() for name, array in (table | _more(frame)).items()}
    write_table(file, flat, comments(export, _facts(frame)))


def _write_json(file: IO[bytes], computed: Any, export: ExportJob) -> None:
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
    write_object(file, numbers | _facts(frame) | provenance(export))


def _more(frame: TwoParametersFrame) -> dict[str, NDArray[Any]]:
    found = {"lyapunov2": frame.second, "attractors": frame.attractors}
    return {name: array for name, array in found.items() if array is not None}


def _facts(frame: TwoParametersFrame) -> dict[str, Any]:
    """How the numbers were computed."""
    request = frame.request
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


EXPORTERS: dict[str, Exporter] = {
    **picture_files.exporters(_sheet, _at_plot_size, page.PANELS),
    ".npz": Exporter("NumPy arrays", _write_npz, _at_whole_size, CELLS),
    ".csv": Exporter("Table, one row per pixel", _write_csv, _at_whole_size, CELLS),
    ".json": Exporter("Numbers, JSON", _write_json, _numbers, CELLS),
    ".py": export_script.exporter(_title, _picture, _at_whole_size, CELLS),
}
"""Exporters by suffix in lower case."""
