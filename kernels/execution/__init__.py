"""Execution: devices, layouts, adaptive batching, compilation, and JAX itself, imported with its first use."""

from kernels.execution import batching, compilation, devices
from kernels.execution.devices import WORK, Layout
from kernels.execution.kept_kernels import drop_kernels, forget_traces, note_kernels
from kernels.execution.lazy_jax import custom_jvp, jax, jit, jnp, jsp, lax, on_load, report_calls
from kernels.execution.memory import free_bytes

__all__ = [
    "WORK",
    "Layout",
    "batching",
    "compilation",
    "custom_jvp",
    "devices",
    "drop_kernels",
    "forget_traces",
    "free_bytes",
    "jax",
    "jit",
    "jnp",
    "jsp",
    "lax",
    "note_kernels",
    "on_load",
    "report_calls",
]
