"""Following an attractor along the columns of a diagram: each column begins where the orbit of its neighbour came to.

So a diagram from the left and one from the right differ where attractors coexist (hysteresis). It is serial in the parameter: the
transients of all columns one after another, in one orbit, then all columns side by side. Blocks of columns side by side, each begun at x0
some columns earlier, would be faster, but false: of 15 blocks of a cubic Hénon map with hysteresis 10 come to another state than the one
that was followed even after an overlap of 256 columns, since they begin in the other attractor's basin or in chaos.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from kernels.execution import batching, jax, jit, jnp, lax
from kernels.iteration import iterated, repeat
from kernels.types import Array, Floats, Rule, State

FOLLOWS = {"": "No, begin at x₀", "left": "From the left", "right": "From the right", "both": "From both sides"}
"""What columns begin with: the initial condition, or the state that the column beside it came to; with words for it."""

LANES = 16
"""Columns that one orbit costs as much as, to begin with: nothing is computed side by side."""


@jit(static_argnames=("rule",))
def followed(
    rule: Rule, state: State, begun: State, reached: State, parameters: State, start: State, about: tuple[Array, Array, Array], times: State
) -> tuple[State, State, State]:
    """(state, begun, reached) after some columns, one after another.

    about: (the first column, their number, 1 to the right or -1 to the left). times: (steps until the state is noted in `reached`,
    steps after that, whether columns begin here, rather than go on). A column begins at the state, noted in `begun`, at `start` where that
    is not finite.
    """
    first, count, towards = about
    until, after, is_new = times

    def column(n: Array, inner: Any) -> Any:
        state, begun, reached = inner
        at = first + towards * n
        values = tuple(value[at] for value in parameters)
        finite = jnp.array(True)
        for part in state:
            finite &= jnp.isfinite(part)
        state = tuple(jnp.where(finite | ~is_new, part, origin) for part, origin in zip(state, start, strict=True))
        begun = tuple(jnp.where(is_new, all_.at[at].set(part), all_) for all_, part in zip(begun, state, strict=True))

        def part_of_it(n: Array, inner: Any) -> Any:
            state, reached = inner
            state = repeat(lambda state: iterated(rule, state, values), state, jnp.where(n == 0, until, after))
            return state, tuple(jnp.where(n == 0, all_.at[at].set(part), all_) for all_, part in zip(reached, state, strict=True))

        state, reached = lax.fori_loop(0, 2, part_of_it, (state, reached))
        return state, begun, reached

    done: tuple[State, State, State] = lax.fori_loop(0, count, column, (state, begun, reached))
    return done


class Following:
    """The serial part of a diagram. begun, reached: of each column the first state, and that `tail` steps before the transient ends."""

    def __init__(self, rule: Rule, values: tuple[Floats, ...], start: tuple[float, ...], side: str, transient: int, tail: int) -> None:
        # One orbit: the processor is many times as fast as a GPU.
        self.cpu = jax.local_devices(backend="cpu")[0]
        self.rule, self.columns = rule, len(values[0])
        self.values, self.start = tuple(map(self._put, values)), tuple(self._put(np.float64(part)) for part in start)
        self.until, self.after, self.towards = transient - tail, tail, 1 if side == "left" else -1
        nothing = np.full(self.columns, np.nan)
        self.begun: Any = tuple(self._put(nothing) for _ in start)
        self.reached: Any = self.begun

    def steps(self) -> Iterator[float]:
        """Follow; the share that is done, where a caller may stop."""
        state: Any = self.start
        done, into = 0, 0
        key = ("follow", self.rule, self.cpu)
        while done < self.columns:
            fitting = batching.batch_size(key, LANES)
            whole = max(1, self.until + self.after)
            count = 1 if into else min(self.columns - done, fitting // whole)
            first = done if self.towards > 0 else self.columns - 1 - done
            if count:
                until, after = self.until - into, self.after
                taken = count * (until + after)
            else:  # one column in several calls
                count, until, after = 1, min(self.until - into, fitting), 0
                if into + until == self.until:
                    after = self.after
                taken = until + after
            about = np.int32(first), np.int32(count), np.int32(self.towards)
            times = np.int32(until), np.int32(after), np.bool_(into == 0)
            with batching.record_duration(key, max(1, taken), lambda: LANES):
                parts = followed(self.rule, state, self.begun, self.reached, self.values, self.start, about, times)
                state, self.begun, self.reached = jax.block_until_ready(parts)
            into = into + until if count == 1 and into + until < self.until else 0
            done += count if not into else 0
            yield done / self.columns

    def _put(self, value: Any) -> Any:
        return jax.device_put(value, self.cpu)
