"""Export formats of Newton's runs: picture and numbers."""

import json
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from funjax_gui.export import Exporter, ExportJob, SheetPage, picture_files, write_arrays, write_table
from funjax_gui.export import script as export_script
from funjax_gui.formulas import find_objective
from funjax_gui.tabs.newton import page
from kernels.newton import ComparisonFrame, ComparisonRequest, NewtonFrame, NewtonRequest, as_json
from kernels.objectives import OBJECTIVES


def _sheet(frame: page.ComparisonPictureFrame, export: ExportJob) -> SheetPage:
    return page.sheet(frame, export.style)


def _write_json(file: IO[bytes], frame: ComparisonFrame, export: ExportJob) -> None:
    """The run in focus as a JSON object."""
    file.write(json.dumps(as_json(frame.runs[0]), allow_nan=False, indent=1).encode() + b"\n")


def _write_csv(file: IO[bytes], frame: ComparisonFrame, export: ExportJob) -> None:
    """One row per iterate of each run; `predicted` and `actual` are the changes by the step to it. Of the coordinates the first ten."""
    tables = [_table(run) for run in frame.runs]
    write_table(file, {name: np.concatenate([table[name] for table in tables]) for name in tables[0]})


def _table(run: NewtonFrame) -> dict[str, NDArray[Any]]:
    """The columns of one run, each of shape (steps + 1,)."""
    coordinates = {f"x{i + 1}": column for i, column in enumerate(run.iterates.T[:10])}
    changes = {name: np.concatenate([[np.nan], getattr(run, name)]) for name in ("predicted", "actual")}
    columns = {"step": np.arange(run.steps + 1), **coordinates, "value": run.values, "gradient_norm": run.gradient_norms, **changes}
    return {"method": np.full(run.steps + 1, run.request.method)} | {name: column[: run.steps + 1] for name, column in columns.items()}


ARRAYS = ("iterates", "values", "gradient_norms", "orders", "predicted", "actual", "factors", "radii", "ratios", "shifts", "cg_steps")


def _write_npz(file: IO[bytes], frame: ComparisonFrame, export: ExportJob) -> None:
    """Arrays named METHOD/NAME for each run, `hessians` and `eigenvalues` too, and `metadata`, a JSON text."""
    metadata = {
        "software": "funjax",
        "runs": {run.request.method: {"status": run.status, "kind": run.kind, "sentence": run.sentence} for run in frame.runs},
        "session": export.session_text,
    }
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
