"""The parts of the check, each run in a process of its own, so that one that hangs or crashes takes no other with it."""

import importlib.metadata
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kernels.execution import devices, jax
from kernels.gpu_check import failures, measures, samples
from kernels.gpu_check.comparison import compared, never_called, recorded
from kernels.gpu_check.lowering import lowered_for_cuda

ROOT = Path(__file__).resolve().parents[2]

TESTS = ("iteration", "bifurcation", "newton", "fixed_point", "single_orbit", "objectives", "cycles", "maps", "execution", "formulas")
"""Folders of the tests in tests/kernels that need no Qt, in the order in which they are run until the time is up."""

DRY_TESTS = ("iteration/test_orbits.py",)
"""Those of a dry run, which are run by `make test` anyway."""

PLUGIN = """
import hypothesis

hypothesis.settings.register_profile("gpu-check", deadline=None, database=None, derandomize=True)
hypothesis.settings.load_profile("gpu-check")


def pytest_collection_modifyitems(items):
    items[:] = [item for item in items if "compiled" not in item.fixturenames]
"""
"""In place of the settings in tests/conftest.py, which are for the whole program; tests with a fixture from there are left out."""


def about(small: bool) -> dict[str, Any]:
    """The device, whether it is a GPU, and the versions of what computes."""
    versions = {name: importlib.metadata.version(name) for name in ("jax", "jaxlib", "numpy")}
    return {"device": devices.describe(), "platform": devices.platform(), "versions": versions}


def compare(small: bool) -> dict[str, Any]:
    """All kernels' results on the CPU and on the GPU, and what they are lowered to."""
    other, cpu = devices.mesh().devices.flat[0], jax.local_devices(backend="cpu")[0]
    calls = recorded((samples.few() if small else samples.all_samples()).values())
    rows = list(compared(calls, cpu, other))
    return {"compared": rows, "never_called": never_called(calls), "lowered": list(lowered_for_cuda(calls, cpu))}


def measure(small: bool) -> dict[str, Any]:
    """Speeds on the present device."""
    sizes = measures.SMALL if small else measures.Sizes()
    return {"limits": measures.limits(sizes), "rows": list(measures.measures(sizes))}


def rehearse(small: bool) -> dict[str, Any]:
    """A failure of the GPU that is rehearsed."""
    return failures.rehearsed()


def run_out(small: bool) -> dict[str, Any]:
    """A GPU that has no memory left."""
    return failures.out_of_memory()


def tests(small: bool, seconds: float) -> dict[str, Any]:
    """The kernels' tests that need no Qt, on the present device: how many passed, which failed, whether all were run in this time."""
    with tempfile.TemporaryDirectory() as folder:
        plugin, output = Path(folder) / "gpu_check_tests.py", Path(folder) / "output"
        plugin.write_text(PLUGIN, encoding="utf-8")
        command = [
            *(sys.executable, "-m", "pytest", "-v", "--tb=no", "-p", "gpu_check_tests", "-p", "no:cacheprovider", "-p", "no:randomly"),
            *("-o", "addopts=--import-mode=importlib", "-W", "ignore::pytest.PytestConfigWarning", "--confcutdir=tests/kernels"),
            *("--continue-on-collection-errors", *(f"tests/kernels/{name}" for name in (DRY_TESTS if small else TESTS))),
        ]
        environment = os.environ | {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "JAX_NUMPY_RANK_PROMOTION": "raise"}
        with open(output, "wb") as file:
            try:
                subprocess.run(command, cwd=ROOT, env=environment, stdout=file, stderr=subprocess.STDOUT, timeout=seconds, check=False)
                ended = True
            except subprocess.TimeoutExpired:
                ended = False
        text = output.read_text(encoding="utf-8", errors="replace")
    outcome = re.findall(r"^(tests/\S+.*?) (PASSED|FAILED|ERROR)\b", text, re.MULTILINE)
    failed = sorted({name for name, found in outcome if found != "PASSED"} | set(re.findall(r"^ERROR (tests/\S+)", text, re.MULTILINE)))
    return {"passed": sum(found == "PASSED" for _, found in outcome), "failed": failed, "ended": ended, "last": text[-2000:]}


PARTS: dict[str, Callable[[bool], dict[str, Any]]] = {
    "about": about,
    "compare": compare,
    "measure": measure,
    "measure-cpu": measure,
    "rehearse": rehearse,
    "run-out": run_out,
}
"""Those that are run in a process of this program; the tests are run by pytest."""
