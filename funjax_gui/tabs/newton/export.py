"""The formats of Newton's runs: the picture, and the numbers."""

import json
import math
import zipfile
from collections.abc import Iterator
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from funjax_gui.export import Exporter, ExportJob, SheetPage, picture_files
from funjax_gui.export import script as export_script
from funjax_gui.formulas import find_objective
from funjax_gui.tabs.newton import page as export_race
from kernels.newton import NewtonFrame, NewtonRequest, RaceFrame, RaceRequest, as_json
from kernels.objectives import OBJECTIVES


def _sheet(frame: export_race.RacePictureFrame, export: ExportJob) -> SheetPage:
    return export_race.sheet(frame, export.style)


def _write_json(file: IO[bytes], frame: RaceFrame, export: ExportJob) -> Iterator[float]:
    """The run in focus, by the design's keys."""
    file.write(json.dumps(as_json(frame.runs[0]), allow_nan=False, indent=1).encode() + b"\n")
    yield 1.0


def _write_csv(file: IO[bytes], frame: RaceFrame, export: ExportJob) -> Iterator[float]:
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


def _write_npz(file: IO[bytes], frame: RaceFrame, export: ExportJob) -> Iterator[float]:
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
for run in getattr(frame, "runs", (frame,)):
    plt.semilogy(run.gradient_norms, "o-", label=f"{run.request.method}: {run.sentence}")
plt.xlabel("step")
plt.ylabel("|gradient|")
plt.legend()"""
"""What a script does with matplotlib."""


def _computed(export: ExportJob) -> NewtonRequest | RaceRequest:
    """The run, or the race where there are several."""
    race: RaceRequest = export.request
    return race if len(race.runs) > 1 else race.runs[0]


def _title(computed: NewtonRequest | RaceRequest) -> str:
    runs = computed.runs if isinstance(computed, RaceRequest) else (computed,)
    methods = ", ".join(run.method for run in runs)
    objective = find_objective(runs[0].objective)
    return f"Newton's method, {methods}, on {objective.title if objective.name in OBJECTIVES else objective.name}."


EXPORTERS: dict[str, Exporter] = {
    **picture_files.exporters(_sheet, export_race.RacePicture.of),
    ".npz": Exporter("NumPy arrays", _write_npz),
    ".csv": Exporter("Table, a line an iterate", _write_csv),
    ".json": Exporter("The run in focus, JSON", _write_json),
    ".py": export_script.exporter(_title, lambda _: PICTURE, _computed),
}
"""Suffix, in lower case, to exporter."""
