"""Many initial conditions at once: their states after a number of steps, the cycles they have converged to, and the steps this took.

All starts share the parameters; they lie on the devices as a `Layout` says. A block of starts none of which changes any more, be it
that all have arrived or escaped, is not iterated further: the states are those of the whole loop, to the bit.
"""

import functools
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kernels.cycles import PeriodicOrbit, Registry
from kernels.execution import Layout, batching, devices, jax, jit, jnp, lax
from kernels.fixed_point.outcomes import Settled
from kernels.formulas import escape
from kernels.iteration import LONGEST_PERIOD, UNROLL, Parameters, by_blocks, difference, orbits, repeat
from kernels.types import Array, Bools, Floats, Rule

CHECK = 64
"""Steps between two looks at whether a block still changes; cycles whose period divides this count as unchanging."""

CHUNK = 32768
"""Initial conditions in one call."""


class ConvergenceState(NamedTuple):
    """Starts on their way, shapes (starts,).

    x: the states. y: reference states, on the orbits that they go to; is_fixed: 1 where these are not iterated, else 0.
    last_outside_step: the number of steps, counted from 1, after which each was last outside the tolerance; 0 if it never was.
    """

    x: Array
    y: Array
    is_fixed: Array
    last_outside_step: Array


def _changed(before: Array, after: Array) -> Array:
    """Whether any element is another number than before; NaN is the same as NaN."""
    return ((before != after) & ~(jnp.isnan(before) & jnp.isnan(after))).any()


def iterate_until_stationary(step: Callable[[Array], Array], x: Array, times: Array) -> Array:
    """`step` applied `times` times, left off when no element of `x` changes any more; to be called in a jitted function."""

    def moving(state: Any) -> Array:
        n, _, changed = state
        return changed & (times - n >= CHECK)

    def go_on(state: Any) -> Any:
        n, x, _ = state
        y = repeat(step, x, jnp.int32(CHECK))
        return n + CHECK, y, _changed(x, y)

    n, x, changed = lax.while_loop(moving, go_on, (jnp.zeros_like(times), x, jnp.asarray(True)))
    state: Array = repeat(step, x, jnp.where(changed, times - n, (times - n) % CHECK))
    return state


@jit(static_argnames=("rule",))
def iterate(rule: Rule, x: Array, parameters: Parameters, times: Array) -> Array:
    """The states `times` steps on from `x`, of any shape, on one device without a layout; for at most a few thousand."""
    return iterate_until_stationary(lambda state: rule(state, *parameters), x, times)


@jit(static_argnames=("rule", "layout"))
def advance(rule: Rule, layout: Layout, x: Array, parameters: Parameters, times: Array) -> Array:
    """The states `times` steps on from `x`, laid out on the devices. Shape (starts,)."""

    def kernel(block: Array, shared: Any) -> Array:
        parameters, times = shared
        return iterate_until_stationary(lambda state: rule(state, *parameters), block, times)

    states: Array = by_blocks(layout, kernel, x, (parameters, times))
    return states


@jit(static_argnames=("rule", "layout"))
def classify(rule: Rule, layout: Layout, x: Array, parameters: Parameters, times: Array) -> tuple[Array, Array, Array, Array]:
    """The states `times` steps on, and (period, multiplier, exact) of the cycles that they are on.

    These are as `orbits.periods` has them; exact: f^period(x) is x to the bit. Shapes (starts,).
    """

    def kernel(block: Array, shared: Any) -> tuple[Array, Array, Array, Array]:
        parameters, times = shared
        x = iterate_until_stationary(lambda state: rule(state, *parameters), block, times)
        return x, *_cycles(rule, x, parameters)

    classified: tuple[Array, Array, Array, Array] = by_blocks(layout, kernel, x, (parameters, times))
    return classified


def _cycles(rule: Rule, first: Array, parameters: Parameters) -> tuple[Array, Array, Array]:
    """(period, multiplier, exact) of the cycles that one block is on; the test of `orbits.block_periods`, which gives the same periods.

    They are two for speed: here the block stops at its last near return and differentiates only up to it, where the diagram's columns,
    many of them chaotic, go through all periods anyhow. Testing the first near return alone is enough, for a period after a first near
    return that fails is unresolved there as well; on 7,500 random columns of five maps the two agreed throughout.
    """
    epsilon = float(jnp.finfo(first.dtype).eps)
    scale = 1 + jnp.abs(first)
    near, exact = epsilon**0.6 * scale, 4 * epsilon * scale

    def looking(state: Any) -> Array:
        p, _, period, _ = state
        return (p <= LONGEST_PERIOD) & ((period == 0) & jnp.isfinite(first)).any()

    def look(state: Any) -> Any:
        p, y, period, residual = state
        for _ in range(UNROLL):
            y = rule(y, *parameters)
            distance = jnp.abs(difference(rule, y, first))
            new = (period == 0) & (distance <= 100 * near)
            period, residual = jnp.where(new, p, period), jnp.where(new, distance, residual)
            p = p + 1
        return p, y, period, residual

    none = jnp.zeros(first.shape, jnp.int32)
    _, _, period, residual = lax.while_loop(looking, look, (jnp.int32(1), first, none, jnp.full_like(first, jnp.nan)))

    def multiply(p: Array, state: Any) -> Any:
        y, product = state
        y, derivative = orbits.value_and_derivative(rule, y, parameters)
        return y, jnp.where(p <= period, product * derivative, product)

    product = lax.fori_loop(1, period.max() + 1, multiply, (first, jnp.ones_like(first)))[1]
    settled = (jnp.abs(product) <= 1) & (residual <= near * jnp.abs(1 - product))
    found = (period > 0) & (settled | (residual <= exact))
    period = jnp.where(jnp.isfinite(first), jnp.where(found, period, 0), -1)
    return period, jnp.where(found, product, jnp.nan), found & (residual == 0)


@jit(static_argnames=("rule", "layout"))
def track_convergence(
    rule: Rule, layout: Layout, state: ConvergenceState, parameters: Parameters, tolerance: Array, begun: Array, times: Array
) -> ConvergenceState:
    """The starts `times` steps on, after `begun` steps, with the last step at which each was outside the tolerance.

    Outside is farther than `tolerance` (at least four floats) from the reference; where the reference is NaN, whatever is finite.
    """

    def kernel(block: ConvergenceState, shared: Any) -> ConvergenceState:
        # Most blocks go to fixed points; the references of these need no iterating.
        follow = functools.partial(_track_convergence, rule, shared)
        all_fixed = (block.is_fixed > 0).all()
        after: ConvergenceState = lax.cond(all_fixed, functools.partial(follow, False), functools.partial(follow, True), block)
        return after

    moved: ConvergenceState = by_blocks(layout, kernel, state, (parameters, tolerance, begun, times))
    return moved


def _track_convergence(rule: Rule, shared: Any, moving: bool, block: ConvergenceState) -> ConvergenceState:
    """`track_convergence` for one block; `moving`: whether some references are iterated."""
    parameters, tolerance, begun, times = shared

    def step(inner: Any) -> Any:
        n, (x, y, is_fixed, late) = inner
        near = jnp.maximum(tolerance, 4 * float(jnp.finfo(x.dtype).eps) * jnp.abs(y))
        away = jnp.where(jnp.isnan(y), jnp.isfinite(x), ~(jnp.abs(difference(rule, x, y)) <= near))
        moved = jnp.where(is_fixed > 0, y, rule(y, *parameters)) if moving else y
        return n + 1, ConvergenceState(rule(x, *parameters), moved, is_fixed, jnp.where(away, n + 1.0, late))

    def going(inner: Any) -> Array:
        n, _, changed = inner
        return changed & (begun + times - n >= CHECK)

    def go_on(inner: Any) -> Any:
        n, before, _ = inner
        n, after = repeat(step, (n, before), jnp.int32(CHECK))
        return n, after, _changed(before.x, after.x) | _changed(before.y, after.y)

    n, after, changed = lax.while_loop(going, go_on, (begun, block, jnp.asarray(True)))
    # Where nothing changes any more, who was away in the last round stays so to the end.
    late = after.last_outside_step
    late = jnp.where(~changed & (late > n - CHECK), (begun + times).astype(late.dtype), late)
    arrived: ConvergenceState = repeat(step, (n, after._replace(last_outside_step=late)), jnp.where(changed, begun + times - n, 0))[1]
    return arrived


class Iteration:
    """A rule with its parameters, applied to initial conditions chunk by chunk in short calls."""

    def __init__(self, rule: Rule, values: tuple[float, ...], steps: int) -> None:
        self._rule, self._steps = rule, steps
        self._values = tuple(np.float64(value) for value in values)

    def settled(self, starts: Floats, registry: Registry) -> Generator[None, None, Settled]:
        """Where the starts end; orbits that they lead to are taken into the registry. Yields where the caller may stop."""
        parts = []
        undefined = escape.has_no_value(self._rule, starts, self._values)
        x = np.where(undefined, np.nan, starts) if undefined.any() else starts
        for begin in range(0, len(starts), CHUNK):
            parts.append((yield from self._chunk(x[begin : begin + CHUNK])))
            yield
        finals, period, multiplier, exact = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        lost = np.where(escape.may_be_lost(self._rule, finals) & ~undefined, starts, np.nan)
        for begin in range(0, len(starts), CHUNK):
            chunk = slice(begin, begin + CHUNK)
            if not np.isnan(lost[chunk]).all():
                undefined[chunk] |= yield from self._undefined(lost[chunk])
        return Settled(starts, finals, period, multiplier, exact, *registry.assign(finals, period), undefined)

    def _undefined(self, starts: Floats) -> Generator[None, None, Bools]:
        """Whether the starts, whose final states are not finite, come to these other than by growing beyond float64. Shape (n,).

        Starts that are NaN themselves do not. They stand for the others of their chunk: the kernel is compiled for its size, and
        would be again for each number of starts.
        """
        layout = devices.layout(len(starts), self._steps)
        x, *parameters = layout.shard_all(starts, *(np.full(len(starts), value) for value in self._values))
        left = self._steps
        while left > 0:
            with self._paced("last finite", layout, len(starts), left) as steps:
                x, image = jax.block_until_ready(escape.last_finite(self._rule, layout, x, tuple(parameters), np.int32(steps)))
            left -= steps
            yield
        last, image = layout.gather(x, len(starts)), layout.gather(image, len(starts))
        undefined, lost = np.zeros(len(starts), np.bool_), ~np.isnan(starts)
        undefined[lost] = escape.exits(self._rule, last[lost], image[lost], self._values) != escape.Exit.DIVERGED
        return undefined

    def _chunk(self, starts: Floats) -> Generator[None, None, tuple[NDArray[Any], ...]]:
        layout = devices.layout(len(starts), self._steps)
        x, left = layout.shard(starts), self._steps
        while True:
            with self._paced("advance", layout, len(starts), left) as steps:
                if steps == left:
                    classified = jax.block_until_ready(classify(self._rule, layout, x, self._values, np.int32(steps)))
                    return tuple(layout.gather(array, len(starts)) for array in classified)
                x = advance(self._rule, layout, x, self._values, np.int32(steps)).block_until_ready()
            left -= steps
            yield

    def steps(self, settled: Settled, orbits: list[PeriodicOrbit], tolerance: float) -> Generator[None, None, NDArray[np.int64]]:
        """Steps after which each start is within the tolerance of its orbit, in phase, for good; or is no longer finite. -1 for never."""
        parts = []
        reference, is_fixed = self._reference(settled, orbits)
        # Those that go nowhere are left out; as NaN they keep no block busy.
        wanted = (settled.orbit >= 0) | ~np.isfinite(settled.finals)
        if not wanted.any():
            return np.full(len(reference), -1)
        x = np.where(wanted, settled.starts, np.nan)
        for begin in range(0, len(reference), CHUNK):
            chunk = slice(begin, begin + CHUNK)
            parts.append((yield from self._late(x[chunk], reference[chunk], is_fixed[chunk], tolerance)))
            yield
        late = np.concatenate(parts)
        return np.where(wanted & (late <= self._steps), late, -1)

    def _reference(self, settled: Settled, orbits: list[PeriodicOrbit]) -> tuple[Floats, Floats]:
        """For each start the point of its orbit that a state in phase would have begun at, and 1 where the orbit is not iterated."""
        reference, is_fixed = np.full(len(settled.starts), np.nan), np.ones(len(settled.starts))
        for n in np.unique(settled.orbit[settled.orbit >= 0]).tolist():
            mine = settled.orbit == n
            points = np.array(orbits[n].points)
            reference[mine] = points[(settled.phase[mine] - self._steps) % len(points)]
            # A repelling cycle cannot be followed by iterating it: rounding would carry it away.
            is_fixed[mine] = len(points) == 1 or orbits[n].stability == "repelling"
        return reference, is_fixed

    def _late(self, starts: Floats, reference: Floats, is_fixed: Floats, tolerance: float) -> Generator[None, None, NDArray[np.int64]]:
        layout = devices.layout(len(starts), self._steps)
        state, done = ConvergenceState(*layout.shard_all(starts, reference, is_fixed, np.zeros(len(starts)))), 0
        while done <= self._steps:
            with self._paced("convergence", layout, len(starts), self._steps + 1 - done) as steps:
                # The look at a state comes before the step away from it, so the last state is seen in one more step.
                counts = np.int64(done), np.int64(steps)
                state = track_convergence(self._rule, layout, state, self._values, np.float64(tolerance), *counts)
                state.last_outside_step.block_until_ready()
            done += steps
            if done <= self._steps:
                yield
        return layout.gather(state.last_outside_step, len(starts)).astype(np.int64)

    @contextmanager
    def _paced(self, kind: str, layout: Layout, count: int, most: int) -> Iterator[int]:
        key = (kind, self._rule, layout.mesh)
        steps = min(most, batching.batch_size(key, count))
        with batching.record_duration(key, steps, lambda: count):
            yield steps
