"""Kernels that an earlier process has traced: their executables are found without tracing and lowering the function again.

JAX looks for a compiled kernel by what the function is lowered to, so each process traces and lowers every kernel anew, which takes two
thirds of the time to the first picture. Here a kernel is known by its name and the source of this package, by its static arguments, by the
shapes, types and places of the others, and by the versions and settings of JAX. An entry refers to JAX's, which holds the executable.

What cannot be described so, such as a function of a script, is traced as ever; so is everything where an entry cannot be read or JAX
keeps no executables. Entries are pickles: like the executables beside them, they are as safe as the user's own cache folder.
"""

import functools
import hashlib
import importlib
import io
import os
import pickle
import platform
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import compress
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import numpy as np

from kernels.execution import compile_cache

PACKAGE = __name__.split(".", maxsplit=1)[0]
ENTRY = "funjax-"
"""What the key of an entry begins with."""

EVENT = "/jax/core/compile/backend_compile_duration"
"""JAX's event of a compilation, which reading a kernel counts as."""

_SETTINGS_LEFT_OUT = ("log", "cache", "explain", "traceback", "profiler", "debug_key")
"""Parts of the names of JAX's settings that change no kernel."""


class StoredKernel:
    """A kernel that is read, or compiled and stored, with its first call; later calls run it.

    `jitted`: the function under JAX's jit, which also takes the calls that the executable does not fit, as within another kernel.
    """

    def __init__(self, function: Any, jitted: Any, dynamic: Sequence[bool]) -> None:
        self._function, self._jitted, self._dynamic = function, jitted, dynamic
        self._run: Callable[..., Any] | None = None
        self._lock = threading.Lock()
        self.__name__ = function.__name__

    def __call__(self, *arguments: Any) -> Any:
        """Run the kernel."""
        if self._run is None:
            if _is_traced(arguments):
                return self._jitted(*arguments)
            with self._lock:
                if self._run is None:
                    self._run = self._prepared(arguments)
        if self._run is not self._jitted:
            try:
                return self._run(*compress(arguments, self._dynamic))
            except (TypeError, ValueError):  # of other types or in other places than those of the first call, or traced
                pass
        return self._jitted(*arguments)

    def _prepared(self, arguments: tuple[Any, ...]) -> Any:
        try:
            key = ENTRY + _digest(self._function, arguments, self._dynamic)
        except _UnknownError:
            return self._jitted
        with suppress(Exception):  # whatever JAX's next version changes, the kernel itself runs
            return _read(key) or _compiled(key, self._jitted, arguments)
        return self._jitted


class _UnknownError(Exception):
    """An argument has no description that holds in another process."""


def _is_traced(arguments: tuple[Any, ...]) -> bool:
    jax = sys.modules["jax"]
    return any(isinstance(leaf, jax.core.Tracer) for leaf in jax.tree_util.tree_leaves(arguments))


def _read(key: str) -> Any:
    """The kernel of an entry, None where there is none or it cannot be used."""
    cache = compile_cache.installed()
    data = None if cache is None else cache.get(key)
    if data is None:
        return None
    jax = sys.modules["jax"]
    jax.monitoring.record_scalar(EVENT, 0.0)  # as of a compilation by JAX
    began = time.perf_counter()
    try:
        unloaded, in_tree, info, out_tree, no_kwargs = _unpickled(data)
        return jax.stages.Compiled(unloaded.load(), [], in_tree.unflatten(info), out_tree, no_kwargs=no_kwargs)
    except Exception:  # an executable that JAX has removed, or an entry of another version
        return None
    finally:
        jax.monitoring.record_event_duration_secs(EVENT, time.perf_counter() - began)


def _compiled(key: str, jitted: Any, arguments: tuple[Any, ...]) -> Any:
    """The kernel, traced and compiled, or read by JAX; it is stored where JAX has stored it."""
    lowered = jitted.lower(*arguments)
    cache = compile_cache.installed()
    with compile_cache.noted_key() as noted:
        kernel = lowered.compile()
    if cache is not None and len(noted) == 1:
        with suppress(Exception):
            cache.put(key, _pickled(kernel, noted.pop(), _needs_lapack(lowered.as_text())))
    return kernel


def _needs_lapack(text: str) -> bool:
    """Whether a lowered function calls LAPACK. ValueError where it calls something else that may not be there in another process."""
    calls = set(re.findall(r"custom_call\s*@(\w+)", text)) - {"Sharding", "SPMDFullToShardShape", "SPMDShardToFullShape"}
    if not all(call.startswith("lapack_") for call in calls):
        raise ValueError(f"a kernel that calls {calls}")
    return bool(calls)


@functools.cache
def _start_lapack() -> None:
    """JAX finds LAPACK when it lowers the first function that needs it; an executable that is read would call nothing."""
    try:
        importlib.import_module("jaxlib.lapack").prepare_lapack_call("potrf_ffi", np.dtype(float))
    except Exception:  # another version of JAX's; the first lowering of all takes half a second
        jax = sys.modules["jax"]
        jax.jit(jax.numpy.linalg.cholesky).lower(np.ones((1, 1)))


def _pickled(kernel: Any, entry: str, needs_lapack: bool) -> bytes:
    """The kernel without its executable, which is JAX's `entry`."""
    module: Any = importlib.import_module("jax.experimental.serialize_executable")

    class Pickler(module._JaxPjrtPickler):
        def persistent_id(self, value: Any) -> Any:
            return ("entry", entry) if type(value).__name__ == "LoadedExecutable" else super().persistent_id(value)

    unloaded = kernel._executable._unloaded_executable
    if kernel._params.const_args or unloaded.mut or unloaded.host_callbacks:
        raise ValueError("a kernel with constants, references or calls of Python")
    info, in_tree = sys.modules["jax"].tree_util.tree_flatten(kernel.args_info)
    with io.BytesIO() as file:
        ids = [device.id for device in unloaded.device_list]
        pickle.dump((ids, needs_lapack), file)
        Pickler(file).dump((unloaded, in_tree, info, kernel.out_tree, kernel._no_kwargs))
        return file.getvalue()


def _unpickled(data: bytes) -> Any:
    module: Any = importlib.import_module("jax.experimental.serialize_executable")
    jax, cache = sys.modules["jax"], compile_cache.installed()

    class Unpickler(module._JaxPjrtUnpickler):
        def persistent_load(self, reference: Any) -> Any:
            if reference[0] != "entry":
                return super().persistent_load(reference)
            assert cache is not None
            return self.backend.deserialize_executable(cache.executable(reference[1]), executable_devices=self.execution_devices)

    file = io.BytesIO(data)
    ids, needs_lapack = pickle.load(file)
    if needs_lapack:
        _start_lapack()
    backend = jax.local_devices(backend="cpu")[0].client
    devices = {device.id: device for device in backend.devices()}
    return Unpickler(file, backend, [devices[number] for number in ids]).load()


# --- what tells kernels apart, in any process ---


def _digest(function: Any, arguments: tuple[Any, ...], dynamic: Sequence[bool]) -> str:
    jax = sys.modules["jax"]
    if jax.default_backend() != "cpu":
        raise _UnknownError("tried on CPUs only")
    told = tuple(_dynamic(value) if varies else _static(value) for value, varies in zip(arguments, dynamic, strict=False))
    name, settings = _static(function), [(name, repr(value)) for name, value in sorted(jax.config.values.items()) if _matters(name)]
    return hashlib.sha256(repr((name, told, settings, _surroundings())).encode()).hexdigest()


def _matters(setting: str) -> bool:
    return not any(part in setting for part in _SETTINGS_LEFT_OUT)


@functools.cache
def _surroundings() -> tuple[Any, ...]:
    """The sources of this package, and the versions, devices and processor that kernels are compiled for."""
    jax, jaxlib = sys.modules["jax"], importlib.import_module("jaxlib")
    sources = hashlib.sha256()
    root = Path(__file__).parent.parent
    files = sorted(root.rglob("*.py"))
    if not files:  # in a bundle
        raise _UnknownError("no sources")
    for path in files:
        sources.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    devices = [(device.platform, device.device_kind, device.id) for device in jax.local_devices(backend="cpu")]
    return sources.hexdigest(), jax.__version__, jaxlib.__version__, np.__version__, devices, _processor(), os.environ.get("XLA_FLAGS", "")


def _processor() -> str:
    """Model and instructions of the processor."""
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return repr(sorted({line for line in lines if line.startswith(("model name", "flags", "Features"))}))
    return f"{platform.machine()} {platform.processor()}"


def _dynamic(value: Any) -> Any:
    """Structure, shapes, types and places of an argument that is traced."""
    if isinstance(value, (np.ndarray, np.generic)):
        return "array", value.shape, str(value.dtype)
    if isinstance(value, sys.modules["jax"].Array):
        return "array", value.shape, str(value.dtype), value.weak_type, value.committed and _place(value.sharding)
    if isinstance(value, (bool, int, float, complex)):
        return "number", type(value).__name__
    if value is None:
        return None
    node = sys.modules["jax"].tree_util.default_registry.flatten_one_level(value)
    if node is None:
        raise _UnknownError(f"of type {type(value)}")
    parts, meaning = node
    return _named(type(value)), tuple(_dynamic(part) for part in parts), _static(meaning)


def _place(sharding: Any) -> Any:
    if hasattr(sharding, "mesh"):
        return _static(sharding.mesh), str(sharding.spec)
    return tuple((device.platform, device.id) for device in sharding.device_set)


def _static(value: Any) -> Any:
    """A description of a static argument that is equal in any process for equal values, and for no others."""
    if value is None or isinstance(value, (bool, int, float, complex, str, bytes, Fraction, Decimal, np.dtype)):
        return type(value).__name__, repr(value)
    if isinstance(value, functools.partial):
        return "partial", _static(value.func), _static(value.args), _static(sorted(value.keywords.items()))
    if isinstance(value, MethodType):
        return "method", _static(value.__self__), value.__name__
    if isinstance(value, (type, FunctionType, BuiltinFunctionType)) or hasattr(value, "__wrapped__"):
        return "named", _named(value)
    if isinstance(value, (tuple, list)) or (is_dataclass(value) and _is_ours(type(value))):
        return _named(type(value)), tuple(map(_static, _parts(value)))
    if isinstance(value, frozenset):
        return "set", sorted(map(repr, map(_static, value)))
    if isinstance(value, sys.modules["jax"].sharding.Mesh):
        return "mesh", value.axis_names, value.devices.shape, [(device.platform, device.id) for device in value.devices.flat]
    raise _UnknownError(f"of type {type(value)}")


def _parts(value: Any) -> Iterator[Any]:
    return iter(value) if isinstance(value, (tuple, list)) else (getattr(value, field.name) for field in fields(value))


def _is_ours(named: Any) -> bool:
    return str(named.__module__).split(".", maxsplit=1)[0] == PACKAGE


def _named(value: Any) -> str:
    """The full name of a function or class of this package, or of a library; of others of the same name in another process too."""
    module, name = str(getattr(value, "__module__", "")), str(getattr(value, "__qualname__", ""))
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    if found is not value or module.split(".", maxsplit=1)[0] not in (PACKAGE, "jax", "jaxlib", "numpy", "builtins", "math", "collections"):
        raise _UnknownError(f"of {module}.{name}")
    return f"{module}.{name}"
