"""Export formats of Newton's runs: picture and numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from funjax_gui.export import Arrays, DataFiles, Exporter, ExportJob, SheetPage, picture_files, script
from funjax_gui.formulas import find_equations, find_objective
from funjax_gui.tabs.newton import page
from funjax_gui.tabs.newton.equations import EquationPicture, arrays_of, equation_pictured, equation_sheet
from funjax_gui.tabs.newton.runs_picture import RunsPicture, RunsPictureFrame
from kernels.equations import TITLE, EquationFrame, EquationRequest, equation_as_json
from kernels.newton import ComparisonFrame, ComparisonRequest, NewtonFrame, NewtonRequest, RunSettings, as_json
from kernels.objectives import OBJECTIVES


def _sheet(frame: RunsPictureFrame, export: ExportJob) -> SheetPage:
    return (equation_sheet if isinstance(frame.request, EquationPicture) else page.sheet)(frame, export.style)


def _picture(export: ExportJob) -> RunsPicture:
    is_equation = isinstance(export.request.runs[0], EquationRequest)
    return EquationPicture.of(export) if is_equation else page.ComparisonPicture.of(export)


def pictured(export: ExportJob) -> Any:
    """What a poster shows: the picture under the runs; a network's training as it is, of which there is none."""
    if not isinstance(export.request, ComparisonRequest):
        return export.request
    return equation_pictured(export) if isinstance(export.request.runs[0], EquationRequest) else page.pictured(export)


def _in_focus(frame: ComparisonFrame) -> dict[str, Any]:
    """The run in focus."""
    run = frame.runs[0]
    return equation_as_json(run) if isinstance(run, EquationFrame) else as_json(run)


def _facts(frame: ComparisonFrame) -> dict[str, Any]:
    """How the run in focus was computed."""
    request: RunSettings | EquationRequest = frame.runs[0].request
    if isinstance(request, EquationRequest):
        equations = request.found
        named = {"method": request.method, "equations": list(equations.texts()), "formula": equations.formula, "kind": equations.kind}
        values = {"parameters": dict(request.parameters), "start": list(request.start), "precision": "float64"}
        settings = {name: getattr(request, name) for name in ("tolerance", "max_steps", "damping", "multiplicity")}
        return named | values | settings
    named = {name: getattr(request, name) for name in ("method", "objective")}
    settings = {name: getattr(request, name) for name in ("goal", "tolerance", "max_steps", "damping")}
    values = {"parameters": dict(request.parameters), "start": list(request.start), "precision": "float64"}
    return named | {"formula": find_objective(request.objective).formula} | values | settings


def _by_iterate(frame: ComparisonFrame) -> Arrays:
    """One row per iterate of each run, with the names of the window's table. Of the coordinates the first ten."""
    tables = [_table(run) for run in frame.runs]
    names = dict.fromkeys(name for table in tables for name in table)
    return {name: np.concatenate([table.get(name, np.full(len(table["k"]), np.nan)) for table in tables]) for name in names}


def _of_all(frame: ComparisonFrame) -> dict[str, Any]:
    """What the runs have in common, with the first coordinates of a start of many."""
    facts = {name: value for name, value in _facts(frame).items() if name != "method"}
    if len(facts["start"]) > MOST_COORDINATES:
        facts["start"] = f"{facts['start'][:MOST_COORDINATES]} and {len(facts['start']) - MOST_COORDINATES} more"
    return facts


def _notes(frame: ComparisonFrame) -> tuple[str]:
    if isinstance(frame.runs[0], EquationFrame):
        return ("|f|: residual_norms in JSON and npz; |f/f′| or |J⁻¹f|: corrections; step: factors",)
    return ("f, |g|: values, gradient_norms in JSON and npz; Δf: the change by the step to the iterate",)


def _table(run: NewtonFrame | EquationFrame) -> dict[str, NDArray[Any]]:
    """The columns of one run, each of shape (steps + 1,)."""
    if isinstance(run, EquationFrame):
        return {"method": np.full(run.steps + 1, run.request.method), "k": np.arange(run.steps + 1)} | arrays_of(run)
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

ARRAYS = (
    "iterates",
    "values",
    "gradient_norms",
    "orders",
    "predicted",
    "actual",
    "factors",
    "radii",
    "ratios",
    "shifts",
    "models",
    "cg_steps",
)
EQUATION_ARRAYS = (
    "iterates",
    "residuals",
    "residual_norms",
    "corrections",
    "backward_errors",
    "orders",
    "factors",
    "slopes",
    "brackets",
    "eigenvalues",
)


def _arrays(frame: ComparisonFrame) -> Arrays:
    """Arrays named METHOD/NAME for each run, `hessians` and `eigenvalues` too."""
    return {f"{run.request.method}/{name}": array for run in frame.runs for name, array in _arrays_of(run).items()}


def _ends(frame: ComparisonFrame) -> dict[str, Any]:
    return {"runs": {run.request.method: {"status": run.status, **_end(run), "sentence": run.sentence} for run in frame.runs}}


def _end(run: NewtonFrame | EquationFrame) -> dict[str, Any]:
    return {"root": run.root} if isinstance(run, EquationFrame) else {"kind": run.kind}


def _arrays_of(run: NewtonFrame | EquationFrame) -> dict[str, NDArray[Any]]:
    if isinstance(run, EquationFrame):
        return {name: getattr(run, name) for name in EQUATION_ARRAYS}
    curvature = {name: getattr(run.curvature, name) for name in ("gradients", "hessians", "eigenvalues")}
    return {name: getattr(run, name) for name in ARRAYS} | curvature


PICTURE = """\
plt.figure(figsize=(12, 7.5))
for run in getattr(frame, "runs", (frame,)):
    plt.semilogy(run.{norms}, "o-", label=f"{{run.request.method}}: {{run.sentence}}")
plt.xlabel("step")
plt.ylabel("{label}")
plt.legend()"""
"""Code of a script that draws the frame with matplotlib."""


def _drawing(export: ExportJob) -> str:
    is_equation = isinstance(export.request.runs[0], EquationRequest)
    names = ("residual_norms", "|f|") if is_equation else ("gradient_norms", "|gradient|")
    return PICTURE.format(norms=names[0], label=names[1])


def _computed(export: ExportJob) -> NewtonRequest | EquationRequest | ComparisonRequest:
    """The run, or the comparison where there are several."""
    comparison: ComparisonRequest = export.request
    if len(comparison.runs) > 1:
        return comparison
    run: NewtonRequest | EquationRequest = comparison.runs[0]
    return run


def _title(computed: NewtonRequest | EquationRequest | ComparisonRequest) -> str:
    runs = computed.runs if isinstance(computed, ComparisonRequest) else (computed,)
    methods = ", ".join(run.method for run in runs)
    if isinstance(runs[0], EquationRequest):
        equations = find_equations(runs[0].equations)
        return f"Solving an equation by {methods}: {equations.formula if equations.title == TITLE else equations.title}."
    objective = find_objective(runs[0].objective)
    return f"Newton's method, {methods}, on {objective.title if objective.name in OBJECTIVES else objective.name}."


EXPORTERS: dict[str, Exporter] = {
    **picture_files.exporters(_sheet, _picture, page.PANELS),
    ".npz": DataFiles(_ends).arrays(_arrays),
    ".csv": DataFiles(_of_all).table("Table, one row per iterate", _by_iterate, _notes),
    ".json": DataFiles(_facts).object(_in_focus, "The run in focus, JSON"),
    ".py": script.exporter(_title, _drawing, _computed),
}
"""Exporters by suffix in lower case."""
