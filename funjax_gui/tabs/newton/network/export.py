"""Export formats of a network's training: the page, its records, weights, and a script."""

from typing import Any

import numpy as np

from funjax_gui.export import Arrays, DataFiles, Exporter, picture_files, script
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


def _facts(frame: NetworkFrame) -> dict[str, Any]:
    """How it was computed."""
    request = frame.request
    names = ("samples", "noise", "data_seed", "width", "depth", "activation", "seed", "evaluations")
    data = request.data.name if isinstance(request.data, OwnData) else request.data
    settings = {name: getattr(request, name) for name in (*names, "rate", "adam_rate", "damping", "cg_steps", "decay")}
    return {"data": data} | settings | {"parameters": request.network.parameters, "precision": "float64"}


def _by_record(frame: NetworkFrame) -> Arrays:
    """One row per record of each method."""
    rows = [len(run.records) for run in frame.runs]
    columns = {"method": np.repeat([run.method for run in frame.runs], rows)}
    columns |= {name: np.concatenate([run.column(name) for run in frame.runs]) for name in RECORDS}
    columns["evaluations"] = columns["evaluations"].astype(int)
    return columns


def _notes(frame: NetworkFrame) -> tuple[str]:
    error = "root mean square error" if frame.request.network.fits else "share of wrong classes"
    return (f"test_error: {error}; an evaluation is one of loss and gradient, a product with a curvature matrix counts 2",)


def _numbers(frame: NetworkFrame) -> dict[str, Any]:
    """Bytes that a Hessian and the methods take, and of each method how it ended and its records."""
    runs = {}
    for run in frame.runs:
        found: dict[str, Any] = {name: run.column(name).tolist() for name in RECORDS}
        solves = [list(solve.residuals) for solve in run.solves]
        ends = {"status": run.status, "iterations": run.iterations, "sentence": run.sentence}
        runs[run.method] = ends | found | {"eigenvalues": run.eigenvalues.tolist(), "cg_residuals": solves}
    sizes = {run.method: run.bytes for run in frame.runs}
    return {"hessian_bytes": 8 * frame.request.network.parameters**2, "state_bytes": sizes, "runs": runs}


def _arrays(frame: NetworkFrame) -> Arrays:
    """Arrays named METHOD/NAME: records, weights, outputs over the view, eigenvalues; and the data."""
    sample = frame.sample
    named: dict[str, Any] = {name: getattr(sample, name) for name in ("points", "targets", "test_points", "test_targets")}
    for run in frame.runs:
        named |= {f"{run.method}/{name}": run.column(name) for name in RECORDS}
        named |= {f"{run.method}/weights": run.weights, f"{run.method}/outputs": run.picture, f"{run.method}/eigenvalues": run.eigenvalues}
    return named


def _title(request: NetworkRequest) -> str:
    return f"A network, {page.network_text(request)}, trained by {', '.join(request.methods)} on: {page.data_title(request)}."


_DATA = DataFiles(_facts)

NETWORK_EXPORTERS: dict[str, Exporter] = {
    **picture_files.exporters(lambda frame, export: page.sheet(frame, export.style), page.NetworkPicture.of, page.PANELS),
    ".npz": _DATA.arrays(_arrays),
    ".csv": _DATA.table("Table, one row per record", _by_record, _notes),
    ".json": _DATA.object(_numbers, "The methods, JSON"),
    ".py": script.exporter(_title, lambda _: PICTURE, arrays=lambda _: ARRAYS),
}
"""Exporters by suffix in lower case."""
