"""f^p of maps of the plane with its first three derivatives in state and parameter, composed of those of f step by step."""

from typing import Any, NamedTuple

import numpy as np

from kernels.execution import jax, jit, jnp
from kernels.skeleton.composition import Family, with_swept
from kernels.types import Array, Floats, Rule

LANES = (64, 1024)
"""Numbers of lanes in a call, as of Family.run."""


class Jet(NamedTuple):
    """f^p and its derivatives in (x, y, a), lanes first.

    value (n, 2), first (n, 2, 3), second (n, 2, 3, 3), third (n, 2, 3, 3, 3); states (n, most, 2): the orbit, NaN from the period on.
    """

    value: Floats
    first: Floats
    second: Floats
    third: Floats
    states: Floats


@jit(static_argnames=("rule", "index", "most"))
def _jets(rule: Rule, index: int, most: int, others: Any, lanes: Any, shared: Any) -> tuple[Array, ...]:
    """F at (x, y, a), shape (3, n), and its derivatives. Shapes (2, n), (2, 3, n), (2, 3, 3, n), (2, 3, 3, 3, n)."""

    def once(u: Array) -> Array:
        return jnp.stack(rule(u[0], u[1], *with_swept(index, others, u[2])))

    first = jax.jacfwd(once)
    second = jax.jacfwd(first)

    def all_of(u: Array) -> tuple[Array, ...]:
        return once(u), first(u), second(u), jax.jacfwd(second)(u)

    found: tuple[Array, ...] = jax.vmap(all_of, in_axes=-1, out_axes=-1)(lanes[0])
    return found


def jet(family: Family, u: Floats, period: Any, order: int = 2) -> Jet:
    """f^period at (x, y, a), shape (n, 3), of any period up to `family.most`; its third derivatives are those only with order 3."""
    n = len(u)
    state, first = u[:, :2].copy(), np.tile(np.eye(3), (n, 1, 1))
    second, third = np.zeros((n, 3, 3, 3)), np.zeros((n, 3, 3, 3, 3))
    states = np.full((n, family.most, 2), np.nan)
    for k in range(int(np.max(period, initial=0))):
        on = np.flatnonzero(period > k)
        states[on, k] = state[on]
        at = np.concatenate([state[on], u[on, 2:]], axis=1).T
        value, d1, d2, d3 = (np.moveaxis(array, -1, 0) for array in family.run(_jets, at, sizes=LANES))
        one, two, three = first[on], second[on], third[on]
        bent = np.einsum("nipq,nqk->nipk", d2, one)  # of each pair of sums the inner one first: 3 products instead of 9
        if order == 3:
            mixed = np.einsum("nipl,npjk->nijkl", bent, two)
            twice = np.einsum("nipqr,nrl,nqk->nipkl", d3, one, one, optimize=True)
            third[on, :2] = np.einsum("nipkl,npj->nijkl", twice, one) + np.einsum("nip,npjkl->nijkl", d1, three)
            third[on, :2] += mixed + mixed.swapaxes(3, 4) + mixed.transpose(0, 1, 4, 2, 3)
        second[on, :2] = np.einsum("nipk,npj->nijk", bent, one) + np.einsum("nip,npjk->nijk", d1, two)
        first[on, :2] = d1 @ one
        state[on] = value
    return Jet(state, first[:, :2], second[:, :2], third[:, :2], states)
