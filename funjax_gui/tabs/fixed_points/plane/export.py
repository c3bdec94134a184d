"""Export formats of a phase plane: picture and numbers."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funjax_gui.export import CELLS, Arrays, DataFiles, Exporter, ExportJob, SheetPage, picture_files, script
from funjax_gui.formulas import find_map
from funjax_gui.tabs.fixed_points.plane import manifolds, page
from funjax_gui.tabs.fixed_points.plane.page import PlanePicture, PlanePictureFrame
from kernels.phase_plane import DIVERGED, UNDEFINED, UNRESOLVED, Continuum, Cycle, PhasePlaneRequest

PANELS = {
    "coordinates": "Coordinates of the orbits",
    "dimensions": "Fits of the dimensions",
    "colour-bar": "Colour bar",
    "legend": "Legend",
}
"""Parts of the page besides the phase plane, by name."""


def _at_plot_size(export: ExportJob) -> PlanePicture:
    layout = page.layout(export)
    return PlanePicture.of(export, layout.grid, bool(layout.beside) and export.style.setup.has("dimensions"))


def _at_whole_size(export: ExportJob) -> PlanePicture:
    return PlanePicture.of(export, export.pixels)


def _sheet(frame: PlanePictureFrame, export: ExportJob) -> SheetPage:
    return page.sheet(frame, page.layout(export), export.style)


def _arrays(frame: PlanePictureFrame) -> Arrays:
    """Arrays by name.

    counts (rows, columns), top row first; with a colour for each orbit also owners, the number of an orbit in each pixel (-1: none), and
    chaotic (orbits); columns, rows (their values); orbits (orbits, steps, 2), the chosen ones; of the cycles
    cycle_period, cycle_eigenvalues (cycles, 2), cycle_stability, and all their points one after another in cycle_points.
    With basins: basins (rows, columns), the attractor's number, -1 unresolved, -2 diverged, -3 undefined; attractor_points, one
    of each. With manifolds: manifold_points (n, 2), the branch of each in manifold_branch, of the
    branches manifold_stable, and crossings (n, 2) with crossings_homoclinic.
    """
    grid, cycles = frame.picture.request.grid, _cycles(frame)
    arrays: dict[str, NDArray[Any]] = {
        "counts": frame.picture.counts,
        "columns": grid.column_values(),
        "rows": grid.row_values(),
        "orbits": frame.orbits.points if frame.orbits is not None else np.empty((0, 0, 2)),
        "cycle_period": np.array([cycle.period for cycle in cycles], np.int32),
        "cycle_eigenvalues": np.array([cycle.eigenvalues for cycle in cycles], np.complex128).reshape(-1, 2),
        "cycle_stability": np.array([cycle.stability for cycle in cycles], np.str_),
        "cycle_points": np.array([point for cycle in cycles for point in cycle.points], np.float64).reshape(-1, 2),
    }
    if frame.picture.owners is not None and frame.picture.chaotic is not None:
        arrays |= {"owners": frame.picture.owners, "chaotic": frame.picture.chaotic}
    if frame.manifolds is not None:
        arrays |= manifolds.arrays(frame.manifolds)
    if frame.basins is not None:
        arrays["basins"] = frame.basins.labels
        arrays["attractor_points"] = np.array([attractor.points[0] for attractor in frame.basins.attractors], np.float64).reshape(-1, 2)
    return arrays


def _by_point(frame: PlanePictureFrame) -> Arrays:
    """One row for each point of each cycle."""
    found = [(n, cycle, point) for n, cycle in enumerate(_cycles(frame)) for point in cycle.points]
    columns: dict[str, NDArray[Any]] = {
        "cycle": np.array([n for n, _, _ in found], np.int32),
        "period": np.array([cycle.period for _, cycle, _ in found], np.int32),
        "x": np.array([x for _, _, (x, _) in found], np.float64),
        "y": np.array([y for _, _, (_, y) in found], np.float64),
    }
    for k in (0, 1):
        columns[f"eigenvalue_{k + 1}_real"] = np.array([cycle.eigenvalues[k].real for _, cycle, _ in found], np.float64)
        columns[f"eigenvalue_{k + 1}_imaginary"] = np.array([cycle.eigenvalues[k].imag for _, cycle, _ in found], np.float64)
    columns["kind"] = np.array([cycle.kind for _, cycle, _ in found], np.str_)
    return columns


def _listed(frame: PlanePictureFrame) -> dict[str, Any]:
    """Fixed points and cycles, each with its eigenvalues and kind."""
    cycles = _cycles(frame)
    return {
        "fixed_points": [{"x": list(cycle.points[0])} | _about(cycle) for cycle in cycles if cycle.period == 1],
        "cycles": [{"period": c.period, "x": [list(point) for point in c.points]} | _about(c) for c in cycles if c.period > 1],
    }


def _about(cycle: Cycle) -> dict[str, Any]:
    return {
        "eigenvalues": [[value.real, value.imag] for value in cycle.eigenvalues],
        "stability": cycle.stability,
        "kind": cycle.kind,
    }


def _cycles(frame: PlanePictureFrame) -> tuple[Cycle, ...]:
    return frame.cycles.cycles if frame.cycles is not None else ()


def _numbers(frame: PlanePictureFrame) -> dict[str, Any]:
    """Exponents, dimensions and the rotation number with their errors."""
    spectrum, others = frame.spectrum, frame.numbers
    assert spectrum is not None
    numbers: dict[str, Any] = {"lyapunov": spectrum.exponents, "lyapunov_errors": spectrum.errors, "dimension": spectrum.dimension}
    if others is not None:
        for name, found in (("box_dimension", others.box), ("correlation_dimension", others.correlation)):
            numbers[name] = None if found is None else found.value
            numbers[f"{name}_error"] = None if found is None else found.error
        turning = others.rotation
        numbers |= {"rotation_number": turning.turns, "rotation_number_error": turning.error}
        numbers["rotation_about"] = list(turning.about) if isinstance(turning.about, tuple) else turning.about
    return numbers


def _facts(frame: PlanePictureFrame) -> dict[str, Any]:
    """Exponents, dimensions and the rotation number, and how all was computed. What is not known is null."""
    request, cycles, spectrum = frame.picture.request, frame.cycles, frame.request.spectrum
    lines = manifolds.facts(frame.manifolds) if frame.manifolds is not None else {}
    return (
        _numbers(frame)
        | _attractors(frame)
        | lines
        | {
            "map": request.map,
            "formula": find_map(request.map).plain_mapping,
            "parameters": dict(request.parameters),
            "orbits": request.orbits,
            "transient": request.transient,
            "steps": request.steps,
            "diverged": frame.picture.diverged,
            "undefined": frame.picture.undefined,
            "periods_searched": cycles.searched if cycles is not None else 0,
            "unresolved_boxes": list(cycles.unresolved) if cycles is not None else [],
            "not_isolated": [_continuum(each) for each in cycles.continua] if cycles is not None else [],
            "lyapunov_start": list(spectrum.start),
            "lyapunov_steps": spectrum.steps,
            "precision": frame.picture.precision,
            "device": frame.picture.device,
        }
    )


def _continuum(found: Continuum) -> dict[str, Any]:
    """Fixed points or cycles that are not isolated, with some points of their curve."""
    return {"period": found.period, "fills": "area" if found.is_area else "curve", "x": found.points.T.tolist()}


def _attractors(frame: PlanePictureFrame) -> dict[str, Any]:
    """The attractors by the numbers that basins have, and the share of the view of each."""
    if frame.basins is None:
        return {}
    shares = frame.basins.shares
    listed = [
        {"kind": found.kind, "period": found.period, "x": [list(point) for point in found.points], "share": shares.get(n, 0.0)}
        for n, found in enumerate(frame.basins.attractors)
    ]
    others = {
        name: shares.get(label, 0.0) for name, label in (("unresolved", UNRESOLVED), ("diverged", DIVERGED), ("undefined", UNDEFINED))
    }
    value, error = frame.basins.uncertainty
    return {"attractors": listed, "shares_without": others, "uncertainty_exponent": value, "uncertainty_error": error}


PICTURE = """\
view = request.grid.viewport
plt.figure(figsize=(12, 7.5))
plt.imshow({picture}, aspect="auto", cmap="{colours}", extent=[*map(float, view.x_limits), *map(float, view.y_limits)])
plt.xlabel("{x}")
plt.ylabel("{y}")"""
"""Code of a script that draws the frame with matplotlib."""


BY_ORBIT = "np.where(frame.owners < 0, np.nan, np.where(frame.chaotic[frame.owners], 15, frame.owners % 14))", "tab20"
"""Picture and colour map of a script with a colour for each orbit."""


def _picture(export: ExportJob) -> str:
    x, y = find_map(export.request.map).coordinates
    picture, colours = BY_ORBIT if export.request.by_orbit else ("np.log1p(frame.counts)", "inferno")
    table = export.session.fixed_points
    lines = manifolds.SCRIPT.format(length=table.manifold_length, period=table.manifold_period) if "manifolds" in table.show else ""
    return PICTURE.format(picture=picture, colours=colours, x=x, y=y) + lines


def _title(request: PhasePlaneRequest) -> str:
    return f"Orbits of {find_map(request.map).plain_mapping} in the phase plane."


_DATA = DataFiles(_facts, _at_whole_size)

EXPORTERS: dict[str, Exporter] = {
    **picture_files.exporters(_sheet, _at_plot_size, PANELS),
    ".npz": replace(_DATA, sides=CELLS).arrays(_arrays),
    ".csv": _DATA.table("Table, one row per point of a cycle", _by_point),
    ".json": _DATA.object(_listed),
    ".py": script.exporter(_title, _picture),
}
"""Exporters by suffix in lower case."""
