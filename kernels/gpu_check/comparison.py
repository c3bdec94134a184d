"""Every kernel run twice on the same arguments, on the CPU and on another device, and the results compared.

The arguments are those of the calls that sample requests make. Without a GPU the other device is the CPU, with the GPU's layout: counts
of 32 bits, and all columns in one block.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.execution import WORK, Layout, jax, report_calls
from kernels.gpu_check.samples import Frames


@dataclass(frozen=True)
class Call:
    """One call of a kernel, a function under `kernels.execution.jit`, with its positional arguments; arrays in them are NumPy's."""

    kernel: Any
    arguments: tuple[Any, ...]

    @property
    def name(self) -> str:
        """The kernel's, such as density.count."""
        return name_of(self.kernel)

    @property
    def dtype(self) -> str:
        """The floating-point type of the largest argument; empty where there is none."""
        floats = [leaf for leaf in map(np.asarray, self.leaves) if leaf.dtype.kind == "f"]
        return str(max(floats, key=lambda leaf: leaf.size).dtype) if floats else ""

    @property
    def leaves(self) -> list[Any]:
        """The traced numbers and arrays."""
        return jax.tree.leaves(list(compress(self.arguments, self.traced)))

    @property
    def traced(self) -> list[bool]:
        """Which of the arguments that were given are traced; the others are static."""
        static = self.kernel.options.get("static_argnames", ())
        return [name not in static for name in self.kernel.parameters[: len(self.arguments)]]


class GpuLayout(Layout):
    """A layout by which kernels compute as on a GPU, whatever the device is."""

    @property
    def on_cpu(self) -> bool:
        """False."""
        return False

    is_default_device = False


@dataclass(frozen=True)
class Bound:
    """How far results may differ: a number by `error` relative to 1 + |number|, all but a `share` of them; integers count as numbers."""

    error: float
    share: float = 0.0


USUAL = {"float64": Bound(1e-9), "float32": Bound(1e-4)}
"""Bounds of most kernels: a settled orbit forgets rounding, and Newton's method ends at the same point."""

PIXELS = Bound(0.0, 0.01)
"""Of what is counted or labelled in pixels: an ordinate at the edge of a pixel may fall into its neighbour."""

OWN = {
    "density.count": PIXELS,
    "density.add": PIXELS,
    "density.picture": PIXELS,
    "basin_kernel.basins": Bound(1e-6, 0.01),
    "starts.track_convergence": Bound(1e-9, 0.02),
    "linear.lanczos": Bound(1e-6),
    "linear.ritz": Bound(1e-6),
    "run.advance": Bound(1e-6, 0.01),
}
"""Bounds of the others. Lanczos's vectors lose their orthogonality by rounding; a basin's boundary is a fractal."""


def bound_of(call: Call) -> Bound:
    """The bound that the call's results must keep."""
    return OWN.get(call.name) or USUAL[call.dtype or "float64"]


def name_of(kernel: Any) -> str:
    """The module's last name and the function's."""
    return f"{kernel.__module__.rpartition('.')[2]}.{kernel.__name__}"


def recorded(samples: Iterable[Frames]) -> tuple[Call, ...]:
    """The first call of each variant of each kernel that these requests make."""
    calls: dict[Any, Call] = {}

    def note(kernel: Any, arguments: tuple[Any, ...]) -> None:
        call = Call(kernel, arguments)
        if any(isinstance(leaf, jax.core.Tracer) for leaf in call.leaves):
            return  # a kernel within another one
        key = kernel, call.dtype, *compress(arguments, [not traced for traced in call.traced]), *map(np.shape, call.leaves)
        if key not in calls:
            calls[key] = Call(kernel, _each_traced(call, lambda leaf: np.array(leaf) if hasattr(leaf, "shape") else leaf))

    with report_calls(note):
        for frames in samples:
            for _ in frames():
                pass
    return tuple(calls.values())


def never_called(calls: Iterable[Call]) -> list[str]:
    """Names of the kernels that these calls leave out, of all modules that are loaded."""
    found = {call.name for call in calls}
    modules = [module for name, module in tuple(sys.modules.items()) if name.startswith("kernels.") and "gpu_check" not in name]
    values = [value for module in modules for value in vars(module).values() if not isinstance(value, type)]
    kernels = {name_of(value) for value in values if getattr(value, "is_kernel", False) is True}
    return sorted(kernels - found)


def _each_traced(call: Call, change: Any) -> tuple[Any, ...]:
    return tuple(
        jax.tree.map(change, argument) if traced else argument for argument, traced in zip(call.arguments, call.traced, strict=True)
    )


def on_device(call: Call, device: Any, as_gpu: bool) -> Call:
    """The call with its arrays and its layout on one device."""
    layout = next((argument for argument in call.arguments if isinstance(argument, Layout)), None)
    if layout is None:
        return Call(call.kernel, _each_traced(call, lambda leaf: jax.device_put(leaf, device) if hasattr(leaf, "shape") else leaf))
    columns = layout.mesh.size * layout.per_device
    mesh = jax.make_mesh((1,), (WORK,), devices=[device])
    # A block of 1 is a tile of a picture, not a column.
    there = GpuLayout(mesh, columns, columns if layout.block > 1 else 1) if as_gpu else Layout(mesh, columns, layout.block)

    def placed(leaf: Any) -> Any:
        shape = np.shape(leaf)
        if as_gpu and getattr(leaf, "dtype", None) == np.int16:
            leaf = leaf.astype(np.int32)  # counts
        if not shape or there.is_default_device:
            return leaf
        everywhere = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec())
        return jax.device_put(leaf, there.sharding if shape[0] == columns else everywhere)

    arguments = _each_traced(call, placed)
    return Call(call.kernel, tuple(there if argument is layout else argument for argument in arguments))


def results(call: Call, device: Any, as_gpu: bool) -> list[NDArray[Any]]:
    """The arrays that the call returns, computed on that device."""
    with jax.default_device(device):
        there = on_device(call, device, as_gpu)
        return [np.asarray(leaf) for leaf in jax.tree.leaves(there.kernel(*there.arguments))]


def compared(calls: Iterable[Call], cpu: Any, other: Any) -> Iterator[dict[str, Any]]:
    """For each call a row of the report: what differs between the two devices, its bound, and whether it is kept."""
    for call in calls:
        bound = bound_of(call)
        row = {"kernel": call.name, "dtype": call.dtype, "allowed_error": bound.error, "allowed_share": bound.share}
        try:
            pairs = list(zip(results(call, cpu, False), results(call, other, True), strict=True))
            yield row | difference(pairs, bound)
        except Exception as error:  # the other kernels are compared all the same
            yield row | {"kept": False, "failed": f"{type(error).__name__}: {error}"[:500]}


def difference(pairs: list[tuple[NDArray[Any], NDArray[Any]]], bound: Bound) -> dict[str, Any]:
    """equal: to the bit; worst: the largest relative error; share: of the numbers of one array beyond the bound's error, the largest."""
    equal, worst, share = True, 0.0, 0.0
    for ours, theirs in pairs:
        equal &= np.array_equal(ours, theirs, equal_nan=ours.dtype.kind == "f")
        first, second = ours.astype(np.float64), theirs.astype(np.float64)
        with np.errstate(all="ignore"):
            error = np.where(first == second, 0.0, np.abs(first - second) / (1 + np.abs(first)))
        error = np.where(np.isnan(first) & np.isnan(second), 0.0, np.where(np.isnan(error), np.inf, error))
        worst = max(worst, float(error.max(initial=0.0)))
        share = max(share, float(np.mean(error > bound.error)) if error.size else 0.0)
    return {"equal": equal, "worst": worst, "share": share, "kept": share <= bound.share}
