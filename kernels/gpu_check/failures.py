"""What happens when the GPU fails: the CPU computes the picture, and says so."""

from collections.abc import Iterator
from typing import Any
from unittest import mock

from kernels.bifurcation import ENGINES
from kernels.execution import devices, jax
from kernels.gpu_check.samples import diagram, last_of

LEFT = 2**27
"""Bytes of the GPU's memory that are left free."""


def rehearsed() -> dict[str, Any]:
    """A picture for which the GPU is said to be out of memory. Without a GPU the CPU is said to be one."""
    on = devices.platform()
    error = RuntimeError("RESOURCE_EXHAUSTED: a rehearsal")
    engine = mock.Mock(is_available=lambda: not devices.has_failed(), resolves=lambda grid, map: (True, True))
    engine.frames = mock.Mock(side_effect=error)
    said = "gpu" if on == "cpu" else on
    with mock.patch.object(devices, "platform", lambda: "cpu" if devices.has_failed() else said):
        ENGINES.insert(0, engine)
        try:
            return {"name": "a failure that is rehearsed"} | _drawn()
        finally:
            ENGINES.remove(engine)


def out_of_memory() -> dict[str, Any]:
    """A picture for which the GPU has no memory left."""
    device = devices.mesh().devices.flat[0]
    held = list(_filling(device.memory_stats()))
    try:
        return {"name": "all memory taken", "bytes_taken": sum(part.nbytes for part in held)} | _drawn()
    finally:
        held.clear()


def _filling(memory: dict[str, int]) -> Iterator[Any]:
    """Arrays that take all but LEFT bytes of the device's memory."""
    left = memory["bytes_limit"] - memory["bytes_in_use"] - LEFT
    while left > 0:
        yield jax.numpy.zeros(min(left, 2**30), jax.numpy.int8)
        left -= 2**30


def _drawn() -> dict[str, Any]:
    """A picture of 4,096 by 4,096 pixels, whose counts take 512 MB and more: on which device it was computed, and what was said."""
    request = diagram(4096, 4096, 64) if devices.platform() != "cpu" and jax.default_backend() != "cpu" else diagram()
    last = last_of(request.frames())
    total = int(last.counts.sum()) + int(last.outside.sum())
    kept = last.device.startswith("CPU") and total == request.samples * request.grid.columns and bool(devices.notices())
    return {"device": last.device, "samples": total, "notices": list(devices.notices()), "kept": kept}
