"""What is said to compile does, and nothing else is."""

import threading

import jax
import jax.numpy as jnp
import pytest

from kernels.execution import compilation


def test_a_thread_compiles_while_jax_traces_and_not_when_it_runs() -> None:
    said: list[bool] = []

    @jax.jit
    def kernel(x: jax.Array) -> jax.Array:
        said.append(compilation.is_under_way(threading.get_ident()))  # runs while it is traced
        return jax.jit(jnp.sin)(x)

    mine = threading.get_ident()
    assert not compilation.is_under_way(mine)
    kernel(jnp.ones(3)).block_until_ready()
    assert said == [True]
    assert not compilation.is_under_way(mine)


def test_a_compile_that_fails_is_over() -> None:
    @jax.jit
    def kernel(x: jax.Array) -> jax.Array:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        kernel(jnp.ones(3))
    assert not compilation.is_under_way(threading.get_ident())


def test_each_thread_is_told_apart() -> None:
    traced, over, said = threading.Event(), threading.Event(), []

    @jax.jit
    def kernel(x: jax.Array) -> jax.Array:
        traced.set()
        assert over.wait(60)
        return x + 1

    thread = threading.Thread(target=lambda: kernel(jnp.ones(5)))
    thread.start()
    assert traced.wait(60)
    said = [compilation.is_under_way(thread.ident), compilation.is_under_way(threading.get_ident()), compilation.is_under_way()]
    over.set()
    thread.join()
    assert said == [True, False, True]
    assert not compilation.is_under_way(thread.ident)
