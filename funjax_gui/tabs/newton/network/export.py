"""Export formats of a network's training: the page, its records, weights, and a script."""

import json
from typing import IO, Any

import numpy as np

from funjax_gui.export import Exporter, ExportJob, comments, picture_files, provenance, write_arrays, write_table
from funjax_gui.export import script as export_script
from funjax_gui.tabs.newton.network import page
from kernels.network import NetworkFrame, NetworkRequest, OwnData

RECORDS = ("evaluations", "seconds", "loss", "test_loss", "test_error")
"""Columns of the records."""

ARRAYS = """\
arrays = {
    f"{run.method}/{name}": run.column(name) for run in frame.runs for name in ("evaluations", "seconds", "loss", "test_loss", "test_error")
} | {f"{run.method}/weights": run.weights for run in frame.runs}"""

PICTURE = """\
for run in frame.runs:
    plt.semilogy(run.column("evaluations"), run.column("loss"), label=f"{run.method}: {run.sentence}")
plt.xlabel("evaluations of the gradient")
plt.ylabel("training loss")
plt.legend(fontsize=7)"""
"""Code of a script that draws the frame with matplotlib."""


def _facts(request: NetworkRequest) -> dict[str, Any]:
    """How it was computed."""
    names = ("samples", "noise", "data_seed", "width", "depth", "activation", "seed", "evaluations")
    data = request.data.name if isinstance(request.data, OwnData) else request.data
    settings = {name: getattr(request, name) for name in (*names, "rate", "adam_rate", "damping", "cg_steps", "decay")}
    return {"data": data} | settings | {"parameters": request.network.parameters, "precision": "float64"}


def _write_csv(file: IO[bytes], frame: NetworkFrame, export: ExportJob) -> None:
    """One row per record of each method."""
    rows = [len(run.records) for run in frame.runs]
    columns = {"method": np.repeat([run.method for run in frame.runs], rows)}
    columns |= {name: np.concatenate([run.column(name) for run in frame.runs]) for name in RECORDS}
    columns["evaluations"] = columns["evaluations"].astype(int)
    error = "root mean square error" if frame.request.network.fits else "share of wrong classes"
    notes = [f"test_error: {error}; an evaluation is one of loss and gradient, a product with a curvature matrix counts 2"]
    write_table(file, columns, comments(export, _facts(frame.request), notes))


def _write_json(file: IO[bytes], frame: NetworkFrame, export: ExportJob) -> None:
    """The methods as a JSON object."""
    runs = {}
    for run in frame.runs:
        found: dict[str, Any] = {name: page.as_lists(run.column(name)) for name in RECORDS}
        eigenvalues = [page.as_lists(row) for row in run.eigenvalues]
        solves = [page.as_lists(solve.residuals) for solve in run.solves]
        ends = {"status": run.status, "iterations": run.iterations, "sentence": run.sentence}
        runs[run.method] = ends | found | {"eigenvalues": eigenvalues, "cg_residuals": solves}
    memory = {"hessian_bytes": 8 * frame.request.network.parameters**2, "state_bytes": {run.method: run.bytes for run in frame.runs}}
    found = _facts(frame.request) | memory | {"runs": runs} | provenance(export)
    file.write(json.dumps(found, allow_nan=False, indent=1).encode() + b"\n")


def _write_npz(file: IO[bytes], frame: NetworkFrame, export: ExportJob) -> None:
    """Arrays named METHOD/NAME: records, weights, outputs over the view, eigenvalues; and the data."""
    sample = frame.sample
    named: dict[str, Any] = {name: getattr(sample, name) for name in ("points", "targets", "test_points", "test_targets")}
    for run in frame.runs:
        named |= {f"{run.method}/{name}": run.column(name) for name in RECORDS}
        named |= {f"{run.method}/weights": run.weights, f"{run.method}/outputs": run.picture, f"{run.method}/eigenvalues": run.eigenvalues}
    write_arrays(file, named, _facts(frame.request) | provenance(export))


def _title(request: NetworkRequest) -> str:
    return f"A network, {page.network_text(request)}, trained by {', '.join(request.methods)} on: {page.data_title(request)}."


NETWORK_EXPORTERS: dict[str, Exporter] = {
    **picture_files.exporters(lambda frame, export: page.sheet(frame, export.style), page.NetworkPicture.of, page.PANELS),
    ".npz": Exporter("NumPy arrays", _write_npz),
    ".csv": Exporter("Table, one row per record", _write_csv),
    ".json": Exporter("The methods, JSON", _write_json),
    ".py": export_script.exporter(_title, lambda _: PICTURE, arrays=lambda _: ARRAYS),
}
"""Exporters by suffix in lower case."""
