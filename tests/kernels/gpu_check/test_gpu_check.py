"""The check of a GPU, on a machine without one: its parts at small sizes, and the page for a GPU that is made up."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kernels.bifurcation import FloatEngine
from kernels.execution import jax
from kernels.gpu_check import Bound, Call, bound_of, compared, comparison, lowered_for_cuda, lowering, measures, parts, recorded, samples
from kernels.gpu_check import __main__ as program
from kernels.gpu_check.report import page


@pytest.fixture(scope="module")
def calls() -> tuple[Call, ...]:
    request = samples.diagram(64, 64, 50)
    return recorded([lambda: FloatEngine(np.float64).frames(request)])


def test_each_kernel_of_a_diagram_gives_the_same_in_the_gpu_s_layout(calls: tuple[Call, ...]) -> None:
    cpu = jax.devices("cpu")[0]
    rows = list(compared(calls, cpu, cpu))
    assert {row["kernel"] for row in rows} >= {"orbits.advance", "density.count", "orbits.periods", "density.picture"}
    assert all(row["kept"] and row["equal"] for row in rows), rows
    count = next(call for call in calls if call.name == "density.count")
    assert [comparison.results(count, cpu, as_gpu)[-1].dtype for as_gpu in (False, True)] == [np.int16, np.int32]


def test_each_kernel_of_a_diagram_is_lowered_for_cuda(calls: tuple[Call, ...]) -> None:
    rows = {row["kernel"]: row for row in lowered_for_cuda(calls, jax.devices("cpu")[0])}
    assert not [row for row in rows.values() if "failed" in row]
    assert rows["orbits.advance"]["loops"] == 3 and rows["orbits.advance"]["depth"] == 2
    assert rows["density.count"]["scatters"] and not rows["density.picture"]["loops"]


def test_a_kernel_that_no_request_calls_is_named(calls: tuple[Call, ...]) -> None:
    assert "basin_kernel.basins" in comparison.never_called(calls)
    assert "density.count" not in comparison.never_called(calls)


@pytest.mark.parametrize(
    ("ours", "theirs", "bound", "kept"),
    [
        ([1.0, np.nan, np.inf], [1.0, np.nan, np.inf], Bound(0), True),
        ([1.0, 2.0], [1.0, 2.0 + 1e-12], Bound(1e-9), True),
        ([1.0, 2.0], [1.0, 2.1], Bound(1e-9), False),
        ([1.0, 2.0], [1.0, np.nan], Bound(1e9), False),
        ([1.0, np.inf], [1.0, -np.inf], Bound(1e9), False),
        ([1] * 99 + [2], [1] * 99 + [3], Bound(0, 0.01), True),
        ([1] * 99 + [2], [1] * 98 + [3, 3], Bound(0, 0.01), False),
    ],
)
def test_what_differs_by_more_than_the_bound_is_found(ours: list[Any], theirs: list[Any], bound: Bound, kept: bool) -> None:
    assert comparison.difference([(np.array(ours), np.array(theirs))], bound)["kept"] is kept


def test_a_kernel_that_fails_is_a_row_of_the_report(calls: tuple[Call, ...]) -> None:
    broken = Call(calls[0].kernel, calls[0].arguments[:2])
    [row] = compared([broken], *2 * [jax.devices("cpu")[0]])
    assert not row["kept"] and "TypeError" in row["failed"]
    [row] = lowered_for_cuda([broken], jax.devices("cpu")[0])
    assert "TypeError" in row["failed"]
    assert bound_of(broken) == comparison.USUAL["float64"]


def test_loops_in_functions_that_are_called_count_as_nested() -> None:
    text = """module @jit_f {
  func.func public @main(%arg0: tensor<i32>) -> (tensor<i32>) {
    %0 = stablehlo.while(%iterArg = %arg0) : tensor<i32>
    cond {
      stablehlo.return %1 : tensor<i1>
    } do {
      %1 = func.call @inner(%iterArg) : (tensor<i32>) -> tensor<i32>
      stablehlo.return %1 : tensor<i32>
    }
    %2 = call @inner(%0) : (tensor<i32>) -> tensor<i32>
    return %2 : tensor<i32>
  }
  func.func private @inner(%arg0: tensor<i32>) -> (tensor<i32>) {
    %0 = stablehlo.while(%iterArg = %arg0) : tensor<i32>
    cond {
      stablehlo.return %1 : tensor<i1>
    } do {
      stablehlo.return %1 : tensor<i32>
    }
    %3 = stablehlo.custom_call @cusolver_syevd_ffi(%0) : (tensor<i32>) -> tensor<i32>
    return %3 : tensor<i32>
  }
}
"""
    assert lowering.described(text) == {"loops": 2, "depth": 2, "scatters": 0, "libraries": ["cusolver_syevd_ffi"]}


TINY = measures.Sizes(64, 8, (64, 64), (32, 32), 11, (10,), 2, 2**12, 1)


def test_a_measure_has_a_time_and_a_rate() -> None:
    row = measures._density(TINY, np.float64)
    assert row["seconds"] > 0 and row["unit"] == "samples" and row["per_second"] * row["seconds"] == pytest.approx(64 * 8)
    [row] = measures._guarded("no start", measures._newton_cg, "many")
    assert row["name"] == "no start" and "TypeError" in row["failed"]


def test_a_rehearsed_failure_ends_on_the_cpu(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kernels.gpu_check", "--part", "rehearse", "--small", "--out", str(tmp_path / "part.json")]
    subprocess.run(command, check=True, cwd=parts.ROOT)
    row = json.loads((tmp_path / "part.json").read_text(encoding="utf-8"))
    assert row["kept"] and "a rehearsal" in row["notices"][0]


MADE_UP: dict[str, dict[str, Any]] = {
    "about": {"device": "Some GPU", "platform": "gpu", "versions": {"jax": "0.11"}},
    "compare": {
        "compared": [
            {"kernel": "density.count", "dtype": "float64", "allowed_error": 0.0, "allowed_share": 0.01}
            | {"equal": False, "worst": 1.0, "share": 0.001, "kept": True}
        ],
        "never_called": [],
        "lowered": [{"kernel": "density.count", "dtype": "float64", "loops": 3, "depth": 2, "scatters": 8, "libraries": []}],
    },
    "measure": {
        "limits": {"bytes": 3e12, "float32": 6e13, "float64": 3e13},
        "rows": [{"name": "density, float32", "seconds": 0.001, "per_second": 1e9, "unit": "samples", "flops": 8e9, "bytes": 6e11}],
    },
    "measure-cpu": {"rows": [{"name": "density, float32", "seconds": 0.01}]},
    "rehearse": {"name": "a failure that is rehearsed", "device": "CPU, 8 cores", "notices": ["the GPU failed"], "kept": True},
    "run-out": {"name": "all memory taken", "device": "CPU, 8 cores", "notices": ["the GPU failed"], "kept": True},
}


@pytest.mark.parametrize("broken", ["", "compare", "measure-cpu", "run-out"])
def test_a_gpu_s_page_has_all_parts_also_where_one_is_broken(broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(name: str, small: bool, began: float, report: dict[str, Any], **environment: str) -> dict[str, Any]:
        assert not small
        if name == broken:
            report["broken"][name] = "ended with -11"
        return {} if name == broken else MADE_UP[name]

    monkeypatch.setattr(program, "_run", run)
    monkeypatch.setattr(parts, "tests", lambda small, seconds: {"passed": 5, "failed": [], "ended": False})
    assert program.main(["--out", str(tmp_path)]) == bool(broken)
    text = (tmp_path / "gpu-check.md").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "gpu-check.json").read_text(encoding="utf-8"))["sound"] is not bool(broken)
    assert "Some GPU" in text and "dry run" not in text and "5 passed" in text
    assert ("compare: ended with -11" in text) is (broken == "compare")
    if not broken:
        assert "| density, float32 | 1.00 |  | 1e+09 samples | 10.00 | 20.0% | 0.0% |" in text
        assert "| all memory taken | CPU, 8 cores |" in text


def test_a_page_of_nothing_can_be_written() -> None:
    assert "Nothing." in page({"dry_run": True, "versions": {}, "date": "", "device": "", "seconds": 0.0, "verdict": "", "broken": {}})


WITHOUT = """
import importlib, pkgutil, sys
for name in ("platformdirs", "PySide6", "pyqtgraph", "flint", "tomli_w", "ziamath", "funjax_gui"):
    sys.modules[name] = None
import kernels
from kernels.execution import devices
for found in pkgutil.walk_packages(kernels.__path__, "kernels."):
    if not found.name.startswith("kernels.deep"):
        importlib.import_module(found.name)
print(devices.cache_folder().name)
"""


def test_the_kernels_need_neither_qt_nor_platformdirs() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, cwd=parts.ROOT)
    assert done.stdout == "compiled\n", done.stderr
