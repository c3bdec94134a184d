"""The mesh, how columns lie on it, and what is said when a device is not to be had."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from kernels.catalog import find_map
from kernels.execution import devices, memory
from kernels.fixed_point import starts


@given(arrays.arrays(np.float64, st.integers(1, 700), elements=st.floats(-9, 9)))
def test_what_is_spread_is_gathered_in_order(values: np.ndarray) -> None:
    layout = devices.layout(len(values))
    laid = layout.shard(values)
    assert laid.shape == (layout.per_device * layout.mesh.size,)
    assert layout.per_device % layout.block == 0
    assert np.array_equal(layout.gather(laid, len(values)), values)
    assert np.isnan(np.asarray(laid)).sum() == laid.size - len(values)


@pytest.mark.parametrize("count", [1, 100, 1000, 1280, 5000])
def test_each_device_has_as_many_columns_as_the_others(count: int) -> None:
    layout = devices.layout(count)
    laid = np.asarray(layout.shard(np.arange(count, dtype=float))).reshape(layout.mesh.size, -1)
    held = np.isfinite(laid).sum(axis=1)
    assert held.sum() == count and held[0] == -(-count // layout.mesh.size)


def test_few_layouts_serve_all_widths_of_a_window() -> None:
    assert len({devices.layout(count) for count in range(1, 4097)}) <= 4096 // (devices.BLOCK * devices.mesh().size) + 4


def test_little_work_stays_on_one_core_and_is_the_same_to_the_bit() -> None:
    steps, x = 300, np.linspace(0.01, 0.99, 1000)
    little, much = devices.layout(len(x), steps), devices.layout(len(x))
    assert little.is_default_device and much.mesh == devices.mesh() and devices.layout(len(x), 10**9) == much
    rule, values = find_map("logistic").rule, (np.float64(3.7),)
    ends = [layout.gather(starts.advance(rule, layout, layout.shard(x), values, np.int32(steps)), len(x)) for layout in (little, much)]
    assert np.array_equal(*ends) and np.isfinite(ends[0]).all()


ON_ONE_CORE = """
import os
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
import numpy as np
from kernels import BifurcationRequest, Grid, Viewport
from kernels.execution import memory, devices
from kernels.timings import workloads
assert devices.mesh().size == 1 and devices.layout(100).is_default_device
*_, last = BifurcationRequest(grid=Grid(Viewport.from_limits(2.8, 4, 0, 1), 64, 64), transient=100, samples=100).frames()
orbits = np.asarray(workloads.own_orbits(np.linspace(3.1, 3.9, 6), 10, 8).call())
print(last.done, last.counts.sum(), orbits.shape, np.isfinite(orbits).all())
"""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="processes cannot be kept to one core here")
def test_a_machine_of_one_core_does_the_same() -> None:
    done = subprocess.run([sys.executable, "-c", ON_ONE_CORE], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["True", "6400", "(8,", "6)", "True"], done.stderr


def test_the_cpu_is_said_in_words() -> None:
    assert devices.describe().startswith("CPU, ") and devices.platform() == "cpu"
    assert memory.free_bytes() > 2**28


@pytest.mark.parametrize(("choice", "said"), [("toaster", "FUNJAX_DEVICE='toaster' is ignored: it is cpu, gpu or not set"), (" CPU", "")])
def test_funjax_device_is_obeyed_or_said_not_to_be(choice: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "_notices", [])
    monkeypatch.setenv("FUNJAX_DEVICE", choice)
    devices._requested_platform.cache_clear()
    try:
        assert devices._requested_platform() == ("" if said else "cpu")
        assert "\n".join(devices.notices()) == said
    finally:
        devices._requested_platform.cache_clear()


def test_a_gpu_that_fails_is_noticed_and_the_cpu_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "_gpu_failed", False)
    monkeypatch.setattr(devices, "_notices", [])
    devices.fall_back(RuntimeError("RESOURCE_EXHAUSTED: out of memory\nand much more"))
    assert devices.notices() == ("the GPU failed (RESOURCE_EXHAUSTED: out of memory); the CPU has taken over",)
    assert devices.platform() == "cpu"


def test_a_gpu_that_does_not_start_is_noticed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    real = devices.jax.local_devices

    def refusing(backend: str | None = None) -> list[object]:
        if backend is None:
            raise RuntimeError("Unable to initialize backend 'cuda'")
        return real(backend=backend)

    monkeypatch.setattr(devices, "_notices", [])
    monkeypatch.setattr(devices.jax, "local_devices", refusing)
    devices._mesh.cache_clear()
    try:
        assert devices.platform() == "cpu"
        assert "did not start (Unable to initialize backend 'cuda')" in devices.notices()[0]
    finally:
        monkeypatch.undo()
        devices._mesh.cache_clear()


@pytest.mark.parametrize(
    ("vendor", "flags", "wide"),
    [("AuthenticAMD", "avx2 avx512f", True), ("AuthenticAMD", "avx2", False), ("GenuineIntel", "avx512f", False)],
)
def test_wide_vectors_are_for_the_processors_where_they_were_measured(vendor: str, flags: str, wide: bool, tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text(f"vendor_id : {vendor}\nflags : fpu {flags}\n")
    options = devices.xla_options(tmp_path / "cpuinfo")
    assert options.startswith(devices.XLA_OPTIONS) and (devices.WIDE_VECTORS in options) == wide
    assert devices.xla_options(tmp_path / "none") == devices.XLA_OPTIONS
