"""The devices that all work is sharded over, and JAX's set-up, done once, with its first use by a kernel.

One mesh axis, WORK: the cores of the CPU, each a JAX CPU device, or the GPUs. The set-up enables float64, makes as many CPU devices as
there are cores, and keeps compiled kernels in the user's cache folder. FUNJAX_DEVICE=cpu leaves a GPU alone.
"""

import functools
import math
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from kernels.execution import compile_cache, memory
from kernels.execution.lazy_jax import jax, on_load
from kernels.types import Array
from kernels.validation import grouped

WORK = "work"
"""The name of the mesh axis."""

WIDE = 1024
"""The largest block, in columns, of kernels that keep only a state per column."""

BLOCK = 128
"""Columns in a block: their counts, 16 bits a pixel, stay in a core's cache."""

_notices: list[str] = []
_gpu_failed = False
_lock = threading.Lock()

SMALL = 2**21
"""Steps times columns up to which one core of the CPU is faster than all of them: waking another core takes 0.1 ms."""

if TYPE_CHECKING:
    from jax.sharding import Mesh, NamedSharding

ALWAYS_LEFT = 2**26
"""Bytes for which the system is not asked what is left: that takes longer than checking the rest of a request."""

XLA_OPTIONS = "--xla_backend_extra_options=xla_cpu_disable_tiled_emitter=true,xla_cpu_small_while_loop_byte_threshold=1000000"
"""XLA's tiled emitter writes loops over 512-bit vectors that pass each of them through the stack, in two halves, which the processor
cannot forward: without it, iteration takes a quarter of the time on a processor with AVX-512, and no more on one without (measured).
Loops whose rounds touch fewer bytes than the threshold, 1,024 by itself, are compiled whole, not run as a list of calls: Newton's
fractals take half the time, basins two thirds, compiling no longer. A larger one gains little, and such loops stay on one core."""

WIDE_VECTORS = "--xla_cpu_prefer_vector_width=512"
"""For AMD's processors with AVX-512: with vectors of 512 bits, not XLA's 256, counting takes 0.8 of the time, iteration and Newton's
basins two thirds (measured), with the same results. On Intel's, some of which lower their clock for wide vectors, compilers keep to 256."""

T = TypeVar("T")


def xla_options(about: Path = Path("/proc/cpuinfo")) -> str:
    """The flags of XLA's compiler for the processor that a file is about."""
    try:
        lines = about.read_text(encoding="utf-8").splitlines()
    except OSError:  # another system than Linux
        return XLA_OPTIONS
    is_wide = any("AuthenticAMD" in line for line in lines) and any("avx512f" in line for line in lines)
    return f"{XLA_OPTIONS} {WIDE_VECTORS}" if is_wide else XLA_OPTIONS


def cores() -> int:
    """Processor cores that this process may use; FUNJAX_CORES says fewer, where several processes share a machine."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    wanted = os.environ.get("FUNJAX_CORES", "")
    return max(1, min(found, int(wanted))) if wanted.isdecimal() else found


def cache_folder() -> Path:
    """Where compiled kernels are kept from one start to the next; JAX_COMPILATION_CACHE_DIR overrides it."""
    if kept := os.environ.get("JAX_COMPILATION_CACHE_DIR"):
        return Path(kept)
    try:
        from platformdirs import user_cache_path
    except ImportError:  # the kernels alone run without it
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "funjax" / "compiled"
    return user_cache_path("funjax") / "compiled"


@functools.cache
def _requested_platform() -> str:
    wanted = os.environ.get("FUNJAX_DEVICE", "").strip().lower()
    if wanted not in ("", "cpu", "gpu"):
        _notices.append(f"FUNJAX_DEVICE={wanted!r} is ignored: it is cpu, gpu or not set")
        return ""
    return wanted


def _set_up() -> None:
    # A desktop program leaves a GPU's memory to other programs until it needs it.
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    # XLA reads its flags with its first device; the user's own come after ours, and so they win. A process started by us has them.
    flags = os.environ.get("XLA_FLAGS", "")
    if (ours := xla_options()) not in flags:
        os.environ["XLA_FLAGS"] = f"{ours} {flags}".rstrip()
    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_compilation_cache_dir", str(cache_folder()))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    compile_cache.install(_notices.append)
    try:
        jax.config.update("jax_num_cpu_devices", cores())
        # Every caller waits for its kernel, so one core's work runs in the calling thread: waking another takes 0.07 ms.
        jax.config.update("jax_cpu_enable_async_dispatch", False)
        if _requested_platform() == "cpu":
            jax.config.update("jax_platforms", "cpu")
    except RuntimeError:  # in a notebook that has used JAX already its devices stay as they are
        _notices.append("JAX was in use before kernels was imported, so its devices are kept as they were")


on_load(_set_up)


def mesh() -> "Mesh":
    """The mesh, of one axis WORK, over the local devices: GPUs where there are some and they work, else the CPU's cores."""
    return _mesh(_gpu_failed)


@functools.cache
def _mesh(cpu_only: bool) -> "Mesh":
    try:
        devices = jax.local_devices(backend="cpu" if cpu_only else None)
    except RuntimeError as error:
        _notices.append(f"the GPU did not start ({_first_line(error)}); the CPU is used")
        devices = jax.local_devices(backend="cpu")
    if devices[0].platform == "cpu" and not cpu_only and _requested_platform() == "gpu":
        _notices.append("FUNJAX_DEVICE=gpu, but JAX finds no GPU that it can use; the CPU is used. See funjax doctor")
    return jax.make_mesh((len(devices),), (WORK,), devices=devices)


@functools.cache
def _one_of(whole: "Mesh") -> "Mesh":
    """The mesh of the first device alone."""
    return jax.make_mesh((1,), (WORK,), devices=whole.devices[:1].tolist())


def fall_back(reason: BaseException) -> None:
    """Use the CPU from now on; `notices` gives the reason, once, also where several threads meet the failure."""
    global _gpu_failed
    with _lock:
        if not _gpu_failed:
            _notices.append(f"the GPU failed ({_first_line(reason)}); the CPU has taken over")
            # For arrays that no layout puts in their places, such as those of one run of Newton's method.
            jax.config.update("jax_default_device", jax.local_devices(backend="cpu")[0])
        _gpu_failed = True


def has_failed() -> bool:
    """Whether the CPU has taken over from a GPU."""
    return _gpu_failed


def or_on_cpu(frames: Callable[[], Iterator[T]]) -> Iterator[T]:
    """The items of `frames()`; if the GPU fails, those of a second call, on the CPU."""
    on = platform()  # asked now: another thread's failure may have made it the CPU by then
    try:
        yield from frames()
    except RuntimeError as error:  # XLA's errors, out of memory among them, are RuntimeErrors
        if on == "cpu":
            raise
        fall_back(error)
        yield from frames()


def notices() -> tuple[str, ...]:
    """Messages for the user about the devices: settings ignored, a GPU that failed."""
    return tuple(_notices)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def platform() -> str:
    """`cpu` or the name of the accelerator's platform, such as `gpu`."""
    return str(mesh().devices.flat[0].platform)


def describe() -> str:
    """The devices in words, for a status bar."""
    devices = mesh().devices.flat
    count = len(devices)
    if platform() == "cpu":
        return f"CPU, {count} core{'s' if count > 1 else ''}"
    return f"{count} × {devices[0].device_kind}" if count > 1 else str(devices[0].device_kind)


@dataclass(frozen=True)
class Layout:
    """How columns are laid out on the mesh: `per_device` of them on each device, in blocks of `block` that stay in a core's cache.

    Hashable and static in the kernels. Sizes are rounded up, so that many counts of columns share one compiled kernel; the columns
    that only fill up are NaN, and a block of nothing but NaN is skipped.
    """

    mesh: "Mesh"
    per_device: int
    block: int

    @property
    def on_cpu(self) -> bool:
        """Whether the devices are the CPU's cores."""
        return bool(self.mesh.devices.flat[0].platform == "cpu")

    @functools.cached_property
    def is_default_device(self) -> bool:
        """True for a single CPU device that is JAX's default: host arrays are passed as they are, which is faster than `device_put`."""
        return self.mesh.size == 1 and self.on_cpu and jax.default_backend() == "cpu"

    @property
    def sharding(self) -> "NamedSharding":
        """Arrays whose first axis is that of the columns."""
        return jax.sharding.NamedSharding(self.mesh, jax.sharding.PartitionSpec(WORK))

    @property
    def wide_block(self) -> int:
        """A larger block that divides a device's columns, for kernels that keep only the states: longer vectors, fewer loops."""
        blocks = self.per_device // self.block
        fitting = (k for k in range(1, blocks + 1) if blocks % k == 0 and k * self.block <= WIDE)
        return self.block * max(fitting, default=1)

    def shard(self, values: NDArray[Any]) -> Array:
        """`values`, of shape (count,) and floating, laid out on the devices, the same number of them on each."""
        return self.shard_all(values)[0]

    def shard_all(self, *arrays: NDArray[Any]) -> tuple[Array, ...]:
        """Each of these arrays, of one shape (count,), laid out so; in one go, which takes no longer than a single one does."""
        laid: Any = tuple(self._laid(values) for values in arrays)
        placed: tuple[Array, ...] = laid if self.is_default_device else jax.device_put(laid, self.sharding)
        return placed

    def _laid(self, values: NDArray[Any]) -> NDArray[Any]:
        share = -(-len(values) // self.mesh.size)
        laid = np.full((self.mesh.size, self.per_device), np.nan, values.dtype)
        for n, row in enumerate(laid):
            mine = values[n * share : (n + 1) * share]
            row[: len(mine)] = mine
        return laid.ravel()

    def gather(self, array: Array, count: int) -> NDArray[Any]:
        """The first `count` columns, in order, of an array whose last axis is laid out so. Shape (..., count)."""
        devices = self.mesh.size
        share = -(-count // devices)
        whole = np.asarray(array)
        if share == self.per_device:
            return whole[..., :count]
        parts = whole.reshape(*whole.shape[:-1], devices, self.per_device)[..., :share]
        return parts.reshape(*whole.shape[:-1], devices * share)[..., :count]


def layout(count: int, steps: float = math.inf) -> Layout:
    """The layout of `count` columns on the present mesh; on one of the CPU's cores, if `steps` steps at most of each are little work."""
    on = mesh()
    if platform() == "cpu" and count * steps <= SMALL:
        on = _one_of(on)
    share = -(-count // on.size)
    if platform() != "cpu":
        size = _rounded_up(share, 256)
        return Layout(on, size, size)
    block = BLOCK if share > BLOCK // 2 else BLOCK // 4
    return Layout(on, _rounded_up(share, block), block)


def _rounded_up(count: int, step: int) -> int:
    return -(-count // step) * step


def check_picture(columns: int, rows: int, needed: int) -> None:
    """ValueError, in one line, where fewer than `needed` bytes are left for a picture of that size."""
    check_memory(f"a picture of {columns} x {rows}", needed, "ask for fewer columns or rows")


def check_memory(what: str, needed: int, remedy: str) -> None:
    """ValueError, in one line, where fewer than `needed` bytes are left for `what`."""
    if needed < ALWAYS_LEFT:
        return
    left = memory.free_bytes()
    if needed > left:
        raise ValueError(f"{what} needs {grouped(needed)} bytes, and {grouped(left)} are left; {remedy}")
