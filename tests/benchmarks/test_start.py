"""From the process's start to the painted window and the first complete picture, and what the imports cost."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from table import Table

TITLE = "Start: from the process to the painted window and the first complete picture"
IMPORTS = "Imports, each in a fresh process"
HEAVIEST = 8

BYTECODE = Path(__file__).parents[2] / ".benchmarks" / "bytecode"
"""Where the modules' bytecode is kept between the runs."""

OPEN_WINDOW = """
import sys, time
from PySide6.QtWidgets import QApplication
from funjax_gui.process_start import quick_imports

with quick_imports():  # as the command does
    from funjax_gui import plots
    from funjax_gui.app import window
    from funjax_gui.cli import command

original = plots.ImagePlot.paintEvent
painted = []

def paint(plot, event):
    original(plot, event)
    top = plot.window()
    if not painted:
        painted.append(time.time())
    frame = top.bifurcation.frame if isinstance(top, window.Window) else None
    if frame is not None and frame.transient == frame.request.transient and frame.samples >= frame.request.samples:
        print(painted[0], time.time(), flush=True)
        QApplication.quit()

plots.ImagePlot.paintEvent = paint
sys.exit(command.run([]))
"""


def _python(code: str, *flags: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the code as a user's Python would from the second time on: with the modules' bytecode kept, whatever is set here."""
    variables = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": str(BYTECODE)} | environment
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, *flags, "-c", code]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=100)
    assert not done.returncode, done.stderr
    return done


def _start(cache: Path) -> tuple[float, float]:
    """Seconds from the process's start to the painted window and to the picture."""
    began = time.time()
    done = _python(OPEN_WINDOW, JAX_COMPILATION_CACHE_DIR=str(cache))
    painted, picture = map(float, done.stdout.split()[:2])
    return painted - began, picture - began


def test_start(figure: Callable[..., None], tmp_path: Path, quick: bool) -> None:
    rounds = 1 if quick else 3
    cold = [_start(tmp_path / str(i))[1] for i in range(rounds)]
    warm = [_start(tmp_path / "0") for _ in range(rounds)]
    painted, picture = map(statistics.median, zip(*warm, strict=True))
    figure(TITLE, "the window painted, its picture to come", painted, most=1.0)
    figure(TITLE, "compiled kernels kept from before (warm)", picture, most=2.5)
    figure(TITLE, "nothing compiled yet (cold)", statistics.median(cold), most=6.0)


@pytest.mark.parametrize("module", ["jax", "kernels", "pyqtgraph", "funjax_gui.app.window"])
def test_import(module: str, figure: Callable[..., None], quick: bool) -> None:
    code = f"import time; began = time.perf_counter(); import {module}; print(time.perf_counter() - began)"
    times = [float(_python(code).stdout) for _ in range(1 if quick else 5)]
    figure(IMPORTS, f"import {module}", statistics.median(times))


def test_what_the_imports_are_made_of(table: Table) -> None:
    """The packages whose own modules cost most when the window is imported."""
    listed = _python("import funjax_gui.app.window", "-X", "importtime").stderr
    own: dict[str, int] = {}
    for line in listed.splitlines():
        parts = line.removeprefix("import time:").split("|")
        if len(parts) == 3 and parts[0].strip().isdigit():
            package = ".".join(parts[2].strip().split(".")[:1])
            own[package] = own.get(package, 0) + int(parts[0])
    heaviest = sorted(own.items(), key=lambda item: -item[1])[:HEAVIEST]
    assert heaviest
    table.note(IMPORTS, "their own modules, ms: " + ", ".join(f"{name} {cost / 1000:.0f}" for name, cost in heaviest))
