"""Export formats of Newton's runs: picture and numbers."""

import json
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from funjax_gui.export import Exporter, ExportJob, SheetPage, comments, picture_files, provenance, write_arrays, write_table
from funjax_gui.export import script as export_script
from funjax_gui.formulas import find_objective
from funjax_gui.tabs.newton import page
from kernels.newton import ComparisonFrame, ComparisonRequest, NewtonFrame, NewtonRequest, RunSettings, as_json
from kernels.objectives import OBJECTIVES


def _sheet(frame: page.ComparisonPictureFrame, export: ExportJob) -> SheetPage:
    return page.sheet(frame, export.style)


def _write_json(file: IO[bytes], frame: ComparisonFrame, export: ExportJob) -> None:
    """The run in focus as a JSON object."""
    found = as_json(frame.runs[0]) | _facts(frame.runs[0].request) | provenance(export)
    file.write(json.dumps(found, allow_nan=False, indent=1).encode() + b"\n")


def _facts(request: RunSettings) -> dict[str, Any]:
    """How a run was computed."""
    named = {name: getattr(request, name) for name in ("method", "objective")}
    settings = {name: getattr(request, name) for name in ("goal", "tolerance", "max_steps", "damping")}
    values = {"parameters": dict(request.parameters), "start": list(request.start), "precision": "float64"}
    return named | {"formula": find_objective(request.objective).formula} | values | settings


def _write_csv(file: IO[bytes], frame: ComparisonFrame, export: ExportJob) -> None:
    """One row per iterate of each run, with the names of the window's table. Of the coordinates the first ten."""
    tables = [_table(run) for run in frame.runs]
    facts = {name: value for name, value in _facts(frame.runs[0].request).items() if name != "method"}
    if len(facts["start"]) > MOST_COORDINATES:
        facts["start"] = f"{facts['start'][:MOST_COORDINATES]} and {len(facts['start']) - MOST_COORDINATES} more"
    notes = ["f, |g|: values, gradient_norms in JSON and npz; Δf: the change by the step to the iterate"]
    columns = {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}
    write_table(file, columns, comments(export, facts, notes))


def _table(run: NewtonFrame) -> dict[str, NDArray[Any]]:
    """The columns of one run, each of shape (steps + 1,)."""
    n = run.iterates.shape[1]
    names = COORDINATES if n <= len(COORDINATES) else [f"x{i + 1}" for i in range(min(n, MOST_COORDINATES))]
    coordinates = dict(zip(names, run.iterates.T, strict=False))
    changes = {f"{name} Δf": np.concatenate([[np.nan], getattr(run, name)]) for name in ("predicted", "actual")}
    columns = {"k": np.arange(run.steps + 1), **coordinates, "f": run.values, "|g|": run.gradient_norms, **changes}
    return {"method": np.full(run.steps + 1, run.request.method)} | {name: column[: run.steps + 1] for name, column in columns.items()}


COORDINATES = ("x", "y", "z", "w")
"""Names of a few coordinates, as in the window's table."""

MOST_COORDINATES = 10
"""Number of coordinates of a point in a table, if it has more."""

ARRAYS = ("iterates", "values", "gradient_norms", "orders", "predicted", "actual", "factors", "radii", "ratios", "shifts", "cg_steps")


def _write_npz(file: IO[bytes], frame: ComparisonFrame, export: ExportJob) -> None:
    """Arrays named METHOD/NAME for each run, `hessians` and `eigenvalues` too, and `metadata`, a JSON text."""
    metadata = {
        "runs": {run.request.method: {"status": run.status, "kind": run.kind, "sentence": run.sentence} for run in frame.runs},
    } | provenance(export)
    named = {f"{run.request.method}/{name}": array for run in frame.runs for name, array in _arrays(run).items()}
    write_arrays(file, named, metadata)


def _arrays(run: NewtonFrame) -> dict[str, NDArray[Any]]:
    curvature = {name: getattr(run.curvature, name) for name in ("gradients", "hessians", "eigenvalues")}
    return {name: getattr(run, name) for name in ARRAYS} | curvature


PICTURE = """\
plt.figure(figsize=(12, 7.5))
for run in getattr(frame, "runs", (frame,)):
    plt.semilogy(run.gradient_norms, "o-", label=f"{run.request.method}: {run.sentence}")
plt.xlabel("step")
plt.ylabel("|gradient|")
plt.legend()"""
"""Code of a script that draws the frame with matplotlib."""


def _computed(export: ExportJob) -> NewtonRequest | ComparisonRequest:
    """The run, or the comparison where there are several."""
    comparison: ComparisonRequest = export.request
    return comparison if len(comparison.runs) > 1 else comparison.runs[0]


def _title(computed: NewtonRequest | ComparisonRequest) -> str:
    runs = computed.runs if isinstance(computed, ComparisonRequest) else (computed,)
    methods = ", ".join(run.method for run in runs)
    objective = find_objective(runs[0].objective)
    return f"Newton's method, {methods}, on {objective.title if objective.name in OBJECTIVES else objective.name}."


EXPORTERS: dict[str, Exporter] = {
    **picture_files.exporters(_sheet, page.ComparisonPicture.of, page.PANELS),
    ".npz": Exporter("NumPy arrays", _write_npz),
    ".csv": Exporter("Table, one row per iterate", _write_csv),
    ".json": Exporter("The run in focus, JSON", _write_json),
    ".py": export_script.exporter(_title, lambda _: PICTURE, _computed),
}
"""Exporters by suffix in lower case."""
