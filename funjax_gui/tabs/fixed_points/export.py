"""Export formats of the fixed-point explorer: picture and numbers."""

import itertools
from dataclasses import replace
from typing import Any

import numpy as np

from funjax_gui.export import Arrays, DataFiles, Exporter, ExportJob, SheetPage, picture_files, script
from funjax_gui.figures import starts as starts_look
from funjax_gui.formulas import find_map
from funjax_gui.tabs.fixed_points import page as export_starts
from kernels.fixed_point import FixedPointFrame, FixedPointRequest, Outcome, as_json


def _sheet(frame: export_starts.StartsPictureFrame, export: ExportJob) -> SheetPage:
    return export_starts.sheet(frame, export.style)


def _by_start(frame: FixedPointFrame) -> Arrays:
    labels = np.array([outcome.label for outcome in sorted(Outcome)])
    outcomes = {"start": frame.starts, "final": frame.finals, "outcome": labels[frame.outcomes]}
    return outcomes | {name: getattr(frame, name) for name in ("attractor", "period", "steps")}


def _orbit_lines(frame: FixedPointFrame) -> list[str]:
    """Tables of orbits, by the number that `attractor` has, and of basins, as lines of text."""
    lines = ["orbit, period, multiplier, multiplier_error, stability, x, ..."]
    for n, orbit in enumerate(frame.orbits):
        values = (n, orbit.period, orbit.multiplier, orbit.multiplier_error, orbit.stability, *orbit.points)
        lines.append("  " + ", ".join(map(_plain, values)))
    lines.append("basin from, to, of orbit, immediate")
    return lines + [f"  {basin.low!r}, {basin.high!r}, {basin.orbit}, {_plain(basin.immediate)}" for basin in frame.basins]


def _plain(value: Any) -> str:
    """A number with all digits, a word as it is, and 'unknown' for None."""
    return "unknown" if value is None else str(value) if isinstance(value, str | bool | int) else repr(float(value))


def _added(frame: FixedPointFrame) -> dict[str, Any]:
    """Those of the facts that `as_json` does not have."""
    facts = _facts(frame)
    return {name: facts[name] for name in ("formula", "precision", "device")}


def arrays(frame: FixedPointFrame) -> Arrays:
    """The arrays of an npz file.

    Of the initial conditions: starts, finals, outcomes (an index into outcome_names), attractor (the orbit's index, -1 for none),
    period, steps. Of the orbits, fixed points first: orbit_period, orbit_multiplier, orbit_stability, orbit_inside (whether a point
    lies in the range searched), orbit_error and orbit_multiplier_error (how far rounding may have moved a point and the multiplier),
    and all their points one after another in orbit_points.

    Of the basins: basin_ends (basins, 2), basin_orbit, and basin_immediate (1, 0, or -1 where not known).
    """
    orbits, basins = frame.orbits, frame.basins
    immediate = [-1 if basin.immediate is None else int(basin.immediate) for basin in basins]
    return {
        **{name: getattr(frame, name) for name in ("starts", "finals", "outcomes", "attractor", "period", "steps")},
        "outcome_names": np.array([outcome.label for outcome in sorted(Outcome)]),
        "orbit_period": np.array([orbit.period for orbit in orbits], np.int32),
        "orbit_multiplier": np.array([orbit.multiplier for orbit in orbits], np.float64),
        "orbit_stability": np.array([orbit.stability for orbit in orbits], np.str_),
        "orbit_inside": np.array([orbit.inside for orbit in orbits], np.bool_),
        "orbit_error": np.array([orbit.error for orbit in orbits], np.float64),
        "orbit_multiplier_error": np.array([orbit.multiplier_error for orbit in orbits], np.float64),
        "orbit_points": np.array(list(itertools.chain.from_iterable(orbit.points for orbit in orbits)), np.float64),
        "basin_ends": np.array([(basin.low, basin.high) for basin in basins], np.float64).reshape(-1, 2),
        "basin_orbit": np.array([basin.orbit for basin in basins], np.int32),
        "basin_immediate": np.array(immediate, np.int8),
    }


def _facts(frame: FixedPointFrame) -> dict[str, Any]:
    """How the numbers were computed."""
    request = frame.request
    return {
        "map": request.map,
        "formula": find_map(request.map).plain_mapping,
        "parameters": dict(request.parameters),
        "searched": list(request.searched),
        "iterations": request.steps,
        "tolerance": request.tolerance,
        "precision": frame.precision,
        "device": frame.device,
        "note": frame.search_note,
    }


PICTURE = """\
plt.figure(figsize=(12, 7.5))
plt.scatter(frame.starts, frame.finals, c=frame.outcomes, s=8, cmap="viridis")
plt.xlabel("initial condition")
plt.ylabel(f"after {{request.steps}} steps")
plt.ylim({low!r}, {high!r})"""
"""Code of a script that draws the frame with matplotlib."""


def _picture(export: ExportJob) -> str:
    low, high = map(float, starts_look.view_of(export.request, export.style.view).y_limits)
    return PICTURE.format(low=low, high=high)


def _title(request: FixedPointRequest) -> str:
    return f"Initial conditions and where they end up under {find_map(request.map).plain_mapping}."


_DATA = DataFiles(_facts)

EXPORTERS: dict[str, Exporter] = {
    **picture_files.exporters(_sheet, export_starts.StartsPicture.of, export_starts.PANELS),
    ".npz": _DATA.arrays(arrays),
    ".csv": _DATA.table("Table, one row per initial condition", _by_start, _orbit_lines),
    ".json": replace(_DATA, facts=_added).object(as_json),
    ".py": script.exporter(_title, _picture),
}
"""Exporters by suffix in lower case."""
