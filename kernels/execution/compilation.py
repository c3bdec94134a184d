"""Which threads are compiling now, by JAX's monitoring events.

Compiling comes before a kernel's first run: tracing, lowering, and XLA's compiler, or reading the compiled kernel from its cache
folder. It cannot be interrupted.
"""

import threading

from kernels.execution.lazy_jax import jax, on_load

_EVENTS = frozenset(f"/jax/core/compile/{part}_duration" for part in ("jaxpr_trace", "jaxpr_to_mlir_module", "backend_compile"))
"""JAX records a scalar under these names at the beginning and a duration at the end, both on the thread that compiles."""

_depths: dict[int, int] = {}
"""The number of nested compilations under way, by thread identifier."""


def is_under_way(thread: int | None = None) -> bool:
    """Whether the thread of this identifier (`threading.get_ident`) is compiling; None: whether any is. May be asked on any thread."""
    return bool(_depths) if thread is None else thread in _depths


def _begin(event: str, value: float, **kwargs: str | int) -> None:
    if event in _EVENTS:
        thread = threading.get_ident()
        _depths[thread] = _depths.get(thread, 0) + 1


def _end(event: str, duration_secs: float, **kwargs: str | int) -> None:
    if event in _EVENTS:
        thread = threading.get_ident()
        depth = _depths.pop(thread, 1) - 1
        if depth:
            _depths[thread] = depth


def _listen() -> None:
    jax.monitoring.register_scalar_listener(_begin)
    jax.monitoring.register_event_duration_secs_listener(_end)


on_load(_listen)
