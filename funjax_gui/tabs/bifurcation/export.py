"""Export formats of a bifurcation diagram: picture and numbers."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funjax_gui.export import CELLS, Arrays, DataFiles, Exporter, ExportJob, Layout, SheetPage, Size, picture_files, script
from funjax_gui.formulas import find_map
from funjax_gui.tabs.bifurcation import edits, sides
from funjax_gui.tabs.bifurcation import page as export_diagram
from funjax_gui.tabs.bifurcation.overlaid import OverlaidRequest, parted
from funjax_gui.tabs.bifurcation.skeleton import obstacle, skeleton_request
from funjax_gui.tabs.bifurcation.status_text import second
from kernels.bifurcation import BifurcationFrame, BifurcationRequest
from kernels.geometry import Grid
from kernels.skeleton import Cascade, NamedPoint


def _at(export: ExportJob, size: Size) -> BifurcationRequest:
    request: BifurcationRequest = export.request
    return replace(request, grid=Grid(request.grid.viewport, *size), keep_refining=False)


def _whole_size(export: ExportJob) -> BifurcationRequest:
    return _at(export, export.pixels)


def _plot_size(export: ExportJob) -> BifurcationRequest | OverlaidRequest:
    return _overlaid(_at(export, _layout(export).grid), export.style.overlay, export.style.longest_period)


def _with_named(export: ExportJob) -> BifurcationRequest | OverlaidRequest:
    return _overlaid(_whole_size(export), tuple(part for part in export.style.overlay if part == "named"), export.style.longest_period)


def _overlaid(request: BifurcationRequest, parts: tuple[str, ...], longest: int) -> BifurcationRequest | OverlaidRequest:
    """The diagram's request, with these overlays where it has any."""
    if not parts or obstacle(request):
        return request
    return OverlaidRequest(request, skeleton_request(request, parts, longest))


def _layout(export: ExportJob) -> Layout:
    return export_diagram.layout(export.request, export.pixels, export.style)


def _sheet(frame: Any, export: ExportJob) -> SheetPage:
    diagram, skeleton = parted(frame)
    return export_diagram.sheet(diagram, _layout(export), export.style, skeleton)


COLUMN_ARRAYS = ("period", "multiplier", "lyapunov", "outside", "skipped")
"""Arrays of a frame with one element per column, besides the values of the swept parameter."""

ROTATIONS = ("quasiperiodic", "rotation")
"""Those that only maps of the plane and of a circle have."""


def _arrays(frame: BifurcationFrame) -> Arrays:
    """By name: counts (rows, columns), top row first; columns, rows (their values); one of each of COLUMN_ARRAYS.

    Of a map of the plane also spectrum (columns, 2); of it and of maps of a circle quasiperiodic and rotation. Of a diagram followed from
    both sides these are of that from the left, and those from the right have the same names with `_right`.
    """
    arrays: dict[str, NDArray[Any]] = {"counts": frame.counts, "columns": frame.columns, "rows": frame.request.grid.row_values()}
    arrays |= _columns(frame, *COLUMN_ARRAYS) | _rotations(frame) | ({} if frame.spectrum is None else {"spectrum": frame.spectrum})
    right = sides.arrays(frame, "counts", *COLUMN_ARRAYS, *ROTATIONS, "spectrum")
    return arrays | right


def _by_column(frame: BifurcationFrame) -> Arrays:
    """One row per column of the picture, from left to right; of a map of the plane with the smaller exponent, lyapunov2."""
    smaller = second(frame)
    table = _places(frame) | _columns(frame, *COLUMN_ARRAYS) | _rotations(frame)
    return table | ({} if smaller is None else {"lyapunov2": smaller}) | sides.arrays(frame, *COLUMN_ARRAYS, *ROTATIONS)


def _by_pixel(frame: BifurcationFrame) -> Arrays:
    """One row per pixel with samples: the swept parameter, x at the middle of the pixel, the number of samples, and the period.

    Of a diagram followed from both sides the samples and periods from the left, then those from the right.
    """
    right = sides.arrays(frame, "counts", "period")
    column, row = np.nonzero((frame.counts + right["counts_right"] if right else frame.counts).T)
    height = frame.request.grid.row_values()
    points = {key: values[column] for key, values in _places(frame).items()}
    points |= {frame.request.observe or "x": height[row], "visits": frame.counts[row, column], "period": frame.period[column]}
    if right:
        points |= {"visits_right": right["counts_right"][row, column], "period_right": right["period_right"][column]}
    return points


def _pixel_notes(frame: BifurcationFrame) -> tuple[str, str]:
    grid, name = frame.request.grid, frame.request.observe or "x"
    within = float(grid.viewport.half_height) / grid.rows
    return f"{name} is the middle of a pixel: it is exact to within {within!r}", "visits: samples in the pixel"


def _numbers(computed: Any) -> dict[str, Any]:
    """One object: the swept parameter under its own name, an array of each kind, and how they were computed.

    Along a line the position on it and both parameters are in the place of the swept one.

    Infinite and undefined numbers are null. `named`, if the overlay has them: the named points in the view. Of a diagram followed from both
    sides the arrays are of that from the left, those from the right end in `_right`, and `differ` says where they show different sets.
    """
    frame, skeleton = parted(computed)
    arrays = _places(frame) | _columns(frame, "period", "lyapunov", "multiplier", "outside", "skipped")
    below: dict[str, Any] = {}
    if frame.engine:  # float64 does not tell the columns apart
        arrays["offset"] = frame.offsets
        below = {"centre": str(frame.request.grid.viewport.x), "return": str(frame.iterations), "engine": frame.engine}
    numbers: dict[str, Any] = {name: array.tolist() for name, array in arrays.items()}
    if frame.spectrum is not None:
        numbers["spectrum"] = frame.spectrum.tolist()
    if frame.quasiperiodic is not None and frame.rotation is not None:
        numbers |= {"quasiperiodic": frame.quasiperiodic.tolist(), "rotation": frame.rotation.tolist()}
    if right := sides.arrays(frame, "period", "lyapunov", "multiplier", "outside", "skipped", "spectrum", *ROTATIONS):
        numbers |= {name: array.tolist() for name, array in right.items()} | {"differ": sides.differ(frame).tolist()}
    named: dict[str, Any] = {}
    if skeleton is not None:
        named["named"] = [_named(point, frame.request) for point in skeleton.named]
        named["cascades"] = [_cascade(cascade, frame.request.across) for cascade in skeleton.cascades]
    return numbers | below | named


def _places(frame: BifurcationFrame) -> dict[str, NDArray[Any]]:
    """The swept parameter of each column under its own name; along a line the position and both parameters."""
    request = frame.request
    return {request.across: frame.columns} | (request.at(frame.columns) if request.line else {})


def _expected(frame: BifurcationFrame) -> dict[str, Any]:
    """Where the density is in closed form: of how many samples a column the counts are the expected visits, and the view's share."""
    return {"expected_samples": frame.expected, "visits": frame.visits} if frame.expected else {}


def _cascade(cascade: Cascade, sweep: str) -> dict[str, Any]:
    """Doublings one after the other, ratios of their distances and of the cycles' widths, where they accumulate, and the error of that."""
    limit = {"accumulation": cascade.accumulation, "accumulation_error": cascade.accumulation_error}
    return {"periods": cascade.periods, sweep: cascade.parameters, "ratios": cascade.ratios, "widths": cascade.widths} | limit


def _named(point: NamedPoint, request: BifurcationRequest) -> dict[str, Any]:
    """A named point, along a line with the position and both parameters.

    x is the state that it was solved for, of a map of the plane the observed coordinate, and `beside` the other one.

    `form` of doublings, pitchforks and Neimark-Sacker points; the coefficient is null where there is no normal form.
    """
    more: dict[str, Any] = {"form": point.form} if point.form else {}
    more |= {"beside": point.beside[0]} if point.beside else {}
    at = {request.across: point.parameter} | (request.at(point.parameter) if request.line else {})
    return {"kind": point.kind, "period": point.period, **at, "x": point.x, "coefficient": point.coefficient} | more


def _columns(frame: BifurcationFrame, *names: str) -> dict[str, NDArray[Any]]:
    return {name: getattr(frame, name) for name in names}


def _rotations(frame: BifurcationFrame) -> dict[str, NDArray[Any]]:
    return {} if frame.rotation is None else _columns(frame, *ROTATIONS)


def _facts(computed: Any) -> dict[str, Any]:
    """How the numbers were computed."""
    frame = parted(computed)[0]
    request: BifurcationRequest = frame.request
    observed = {name: value for name in ("observe", "follow") if (value := getattr(request, name))}
    return {
        "map": request.map,
        "formula": find_map(request.map).plain_mapping,
        "sweep": request.sweep,
        **({"and_sweep": request.and_sweep, "line": request.line} if request.line else {}),
        **observed,
        "parameters": dict(request.parameters),
        "start": request.start,
        "transient": frame.transient,
        "samples": frame.samples,
        "precision": frame.precision,
        "device": frame.device,
        **_expected(frame),
    }


PICTURE = """\
view = request.grid.viewport
plt.figure(figsize=(12, 7.5))
plt.imshow(np.log1p(frame.counts), aspect="auto", cmap="{cmap}", extent=[*map(float, view.x_limits), *map(float, view.y_limits)])
plt.xlabel({across!r})
plt.ylabel({observed!r})"""
"""Code of a script that draws the frame with matplotlib."""

BOTH = """\
view = request.grid.viewport
left, right = (np.log1p(side.counts) / max(1.0, np.log1p(side.counts).max()) for side in (frame, frame.other))
picture = np.clip(1 - left[..., None] * [1.0, 0.55, 0.3] - right[..., None] * [0.25, 0.7, 1.0], 0, 1)  # blue and orange ink
plt.figure(figsize=(12, 7.5))
plt.imshow(picture, aspect="auto", extent=[*map(float, view.x_limits), *map(float, view.y_limits)])
plt.xlabel({across!r})
plt.ylabel({observed!r})"""
"""The same of a diagram followed from both sides."""

BOTH_ARRAYS = """\
arrays = {
    name + end: value
    for side, end in ((frame, ""), (frame.other, "_right"))
    for name, value in vars(side).items()
    if isinstance(value, np.ndarray)
}"""

MATPLOTLIBS = ("inferno", "magma", "plasma", "viridis", "cividis")
"""Colour maps that matplotlib has as well."""


def _picture(export: ExportJob) -> str:
    name = export.style.colour_map
    code = BOTH if export.request.follow == "both" else PICTURE
    shades = name if name in MATPLOTLIBS else MATPLOTLIBS[0]
    return code.format(cmap=shades, across=edits.axis(export.request), observed=export.request.observe or "x")


def _title(request: BifurcationRequest) -> str:
    across = edits.ends(request) or request.sweep
    return f"The bifurcation diagram of {find_map(request.map).plain_mapping}, {across} along the horizontal axis."


_DATA = DataFiles(_facts, _whole_size, CELLS)

EXPORTERS: dict[str, Exporter] = {
    **picture_files.exporters(_sheet, _plot_size, export_diagram.PANELS),
    ".npz": _DATA.arrays(_arrays),
    ".csv": _DATA.table("Table, one row per parameter value", _by_column),
    ".dat": _DATA.table("Points, one row per pixel with samples", _by_pixel, _pixel_notes),
    ".json": replace(_DATA, compute=_with_named).object(_numbers),
    ".py": script.exporter(_title, _picture, _whole_size, CELLS, lambda request: BOTH_ARRAYS if request.follow == "both" else ""),
}
"""Exporters by suffix in lower case."""
