"""An exported script, run by Python alone, makes the window's arrays bit for bit."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from funjax_gui.documents import Preset, presets
from funjax_gui.export.request import FORMATS, ExportRequest
from kernels import BifurcationRequest, Grid, Viewport
from kernels.bifurcation import ladder_engine
from kernels.deep.ladder import forget

RUNS = """
import runpy, sys
for script in sys.argv[1:]:
    sys.argv = [script, script + ".npz"]
    runpy.run_path(script, run_name="__main__")
"""
"""Runs several scripts in one process: each would import JAX anew."""


def exported(request: object, path: Path) -> Path:
    for _ in ExportRequest(request, path).frames():
        pass
    return path


def one_of_each() -> list[Preset]:
    """The first preset of each kind of request that has scripts, of line and plane, a comparison of one method and of several."""
    found: dict[object, Preset] = {}
    for preset in presets():
        kind = preset.session.table.KIND
        if kind is not None and ".py" in FORMATS.get(kind, {}):
            is_plane = preset.session.tab == "fixed-points" and preset.session.fixed_points.is_plane
            found.setdefault((kind, is_plane, bool(getattr(preset.session.table, "methods", None))), preset)
    return list(found.values())


def test_every_tab_s_script_and_one_of_chaos_runs_and_is_readable_and_has_the_same_bits(tmp_path: Path) -> None:
    view = Viewport.from_limits("3.56994567187094", "4", "0.1", "0.95").zoomed(0.37, 0.41, 0.9, 0.3)
    chaos = BifurcationRequest(Grid(view, 200, 120), start=0.3, transient=777, samples=4321)
    # A script computes the samples that were asked for, also where the window refines without end.
    found: dict[Path, Any] = {exported(replace(chaos, keep_refining=True), tmp_path / "chaos.py"): chaos}
    for preset in one_of_each():
        request = preset.session.request((64, 48)) if preset.session.tab == "bifurcation" else preset.session.request()
        script = exported(request, tmp_path / f"{preset.name}.py")
        text = script.read_text()
        assert [line.split(" import ")[0] for line in text.splitlines() if "kernels" in line and "import" in line] == ["from kernels"]
        assert len(text.splitlines()) < 80 and "matplotlib" in text and "__" not in text.replace("__file__", "")
        found[script] = request
    done = subprocess.run([sys.executable, "-c", RUNS, *map(str, found)], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    # A ladder that an earlier test built for another view may serve a deep one as well, but rounds otherwise.
    forget()
    ladder_engine._views.clear()
    for script, request in found.items():
        *_, frame = (f for f in request.frames() if f is not None)
        with np.load(f"{script}.npz") as arrays:
            are_the_frame_s(dict(arrays), frame)


def are_the_frame_s(arrays: dict[str, np.ndarray], frame: Any) -> None:
    runs = {found.request.method: found for found in getattr(frame, "runs", ())}
    if len(runs) == 1:
        (frame,) = runs.values()
    else:
        assert {name.split("/")[0] for name in arrays if "/" in name} == set(runs), "of a comparison every run"
    assert arrays
    for name, array in arrays.items():
        method, _, field = name.rpartition("/")
        assert np.array_equal(array, getattr(runs[method] if method else frame, field), equal_nan=array.dtype.kind == "f"), name
