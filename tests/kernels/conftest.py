"""JAX is set up before any module of these tests makes an array, as a first kernel would do: in float64, on all cores."""

from kernels.execution import jax

assert jax.config.jax_enable_x64
