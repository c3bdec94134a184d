"""How work is run: devices, layouts, adaptive batching, compilation, and JAX itself, imported with its first use."""

from kernels.execution import batching, compilation, devices

__all__ = ["batching", "compilation", "devices"]
