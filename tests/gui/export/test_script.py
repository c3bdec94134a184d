"""An exported script, run by Python alone, makes the window's arrays bit for bit."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from funjax_gui.documents import Preset, presets
from funjax_gui.export.request import FORMATS, ExportRequest
from kernels import BifurcationRequest, Grid, Viewport


def run(script: Path, out: Path) -> dict[str, np.ndarray]:
    done = subprocess.run([sys.executable, str(script), str(out)], capture_output=True, text=True, cwd=script.parent, env=dict(os.environ))
    assert done.returncode == 0, done.stderr
    with np.load(out) as arrays:
        return dict(arrays)


def exported(request: object, path: Path) -> Path:
    for _ in ExportRequest(request, path).frames():
        pass
    return path


def test_a_chaotic_diagram_comes_out_the_same_to_the_last_bit(tmp_path: Path) -> None:
    view = Viewport.from_limits("3.56994567187094", "4", "0.1", "0.95").zoomed(0.37, 0.41, 0.9, 0.3)
    request = BifurcationRequest(Grid(view, 200, 120), start=0.3, transient=777, samples=4321, keep_refining=True)
    *_, frame = (f for f in BifurcationRequest(Grid(view, 200, 120), start=0.3, transient=777, samples=4321).frames() if f)
    arrays = run(exported(request, tmp_path / "diagram.py"), tmp_path / "out.npz")
    for name in ("counts", "columns", "outside", "period", "multiplier", "lyapunov", "skipped"):
        assert np.array_equal(arrays[name], getattr(frame, name), equal_nan=True), name


def one_of_each() -> list[Preset]:
    """The first preset of each kind of request that has scripts, of line and plane, a comparison of one method and of several."""
    found: dict[object, Preset] = {}
    for preset in presets():
        kind = preset.session.table.KIND
        if kind is not None and ".py" in FORMATS.get(kind, {}):
            is_plane = preset.session.tab == "fixed-points" and preset.session.fixed_points.is_plane
            found.setdefault((kind, is_plane, bool(getattr(preset.session.table, "methods", None))), preset)
    return list(found.values())


@pytest.mark.parametrize("preset", one_of_each(), ids=lambda preset: preset.name)
def test_every_tab_s_script_runs_and_is_readable(preset: Preset, tmp_path: Path) -> None:
    request = preset.session.request((64, 48)) if preset.session.tab == "bifurcation" else preset.session.request()
    script = exported(request, tmp_path / "script.py")
    text = script.read_text()
    assert [line.split(" import ")[0] for line in text.splitlines() if "kernels" in line and "import" in line] == ["from kernels"]
    assert len(text.splitlines()) < 80 and "matplotlib" in text and "__" not in text.replace("__file__", "")
    *_, frame = (f for f in request.frames() if f is not None)
    arrays = run(script, tmp_path / "out.npz")
    runs = {found.request.method: found for found in getattr(frame, "runs", ())}
    if len(runs) == 1:
        (frame,) = runs.values()
    else:
        assert {name.split("/")[0] for name in arrays if "/" in name} == set(runs), "of a comparison every run"
    assert arrays
    for name, array in arrays.items():
        method, _, field = name.rpartition("/")
        assert np.array_equal(array, getattr(runs[method] if method else frame, field), equal_nan=array.dtype.kind == "f"), name
