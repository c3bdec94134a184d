"""f^p and its derivatives in the state and in the swept parameter, for many cycles of different periods at once."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from kernels.execution import jax, jnp, lax
from kernels.iteration import circumference, circumferences, least_state
from kernels.types import Array, Floats, Rule

SIZES = (512, 4096, 16384)
"""Numbers of lanes in a call: others are padded to the next of these, so that few kernels are compiled."""

LENGTHS = (8, 12, 16)
"""Periods beyond the first are rounded up to the next of these in what is compiled."""


@dataclass(frozen=True)
class Family:
    """The maps x -> rule(x, *parameters) whose parameter number `index` is swept; `others`: the values of the rest, in order.

    `longest`: the longest period that is looked for.
    """

    rule: Rule
    index: int
    others: tuple[float, ...]
    longest: int

    @property
    def most(self) -> int:
        """The longest period that kernels are compiled for: of long ones some serve several."""
        return next((size for size in LENGTHS if size >= self.longest > LENGTHS[0]), self.longest)

    @property
    def static(self) -> tuple[Any, ...]:
        """What kernels are compiled for."""
        return self.rule, self.index, self.most

    def run(self, kernel: Any, *lanes: Any, shared: tuple[Any, ...] = (), sizes: tuple[int, ...] = SIZES) -> list[Any]:
        """Call a kernel on arrays whose last axis is that of the lanes, padded by repeating the first lane, on one CPU core.

        Arrays of the result have the lanes on the last axis too.
        """
        count = lanes[0].shape[-1]
        size = next((size for size in sizes if size >= count), sizes[-1])
        if count > size:
            parts = [self.run(kernel, *(a[..., i : i + size] for a in lanes), shared=shared, sizes=sizes) for i in range(0, count, size)]
            return [np.concatenate(arrays, axis=-1) for arrays in zip(*parts, strict=True)]
        others = tuple(np.float64(value) for value in self.others)
        with jax.default_device(jax.local_devices(backend="cpu")[0]):
            done = kernel(*self.static, others, tuple(_padded(array, size) for array in lanes), shared)
            return [np.asarray(array)[..., :count] for array in done]


def _padded(array: Any, size: int) -> Any:
    return np.concatenate([array, np.repeat(array[..., :1], size - array.shape[-1], axis=-1)], axis=-1)


@dataclass(frozen=True)
class AlongLine:
    """A rule as one of the position on a line in the plane of two of its parameters, those at `places`.

    Its own parameters are the position, both values at position 0, both at position 1, and then the rule's other parameters, in order.
    """

    rule: Rule
    coordinates: int
    places: tuple[int, int]

    def __call__(self, *given: Array) -> Any:
        """The next state, of the state and the parameters."""
        state, (position, *rest) = given[: self.coordinates], given[self.coordinates :]
        ends, values = rest[:4], rest[4:]
        swept = zip(self.places, ends[:2], ends[2:], strict=True)
        for place, first, last in sorted(swept, key=lambda each: each[0]):
            values.insert(place, (1 - position) * first + position * last)
        return self.rule(*state, *values)

    @property
    def circumference(self) -> float | None:
        """The circumference of the circle that the states lie on; None where they lie on a line."""
        return circumference(self.rule)

    @property
    def circumferences(self) -> tuple[float | None, ...]:
        """The circumference of each coordinate, None of one that is not an angle."""
        return circumferences(self.rule, self.coordinates)

    @property
    def least_state(self) -> float:
        """Where the states of a circle begin."""
        return least_state(self.rule)


@lru_cache(maxsize=32)
def along_line(rule: Rule, coordinates: int, places: tuple[int, int]) -> Rule:
    """The rule along a line, the same object for the same arguments, by which kernels are compiled."""
    return AlongLine(rule, coordinates, places)


def with_swept(index: int, others: tuple[Array, ...], a: Array) -> tuple[Array, ...]:
    """All parameters, with the swept one in its place."""
    return (*others[:index], a, *others[index:])


def step(rule: Rule, index: int, others: tuple[Array, ...], y: Array, a: Array) -> tuple[Array, Array, Array]:
    """(f, its derivative in the state, its derivative in the swept parameter) at y and a."""

    def once(y: Array, a: Array) -> Array:
        return rule(y, *with_swept(index, others, a))

    one, none = jnp.ones_like(y), jnp.zeros_like(y)
    value, slope = jax.jvp(once, (y, a), (one, none))
    return value, slope, jax.jvp(once, (y, a), (none, one))[1]


class Composed(NamedTuple):
    """f^p at x, and the orbit to it. Shapes (n,), those of the orbit (most, n): NaN from the period on.

    states: x_0 … x_{p-1}; slopes: f'(x_k); in_x, in_a: derivatives of x_k in x_0 and in a. value: x_p; value_x, value_a: its
    derivatives. half: x_{p/2}, where the period is even. noise: bound on the rounding error of x_p.
    """

    states: Array
    slopes: Array
    in_x: Array
    in_a: Array
    value: Array
    value_x: Array
    value_a: Array
    half: Array
    noise: Array


def composed(rule: Rule, index: int, most: int, others: tuple[Array, ...], x: Array, a: Array, period: Array) -> Composed:
    """Evaluate f^period and its derivatives at states x and parameters a, shape (n,), of any period up to `most`."""
    epsilon = float(jnp.finfo(x.dtype).eps)

    def compose(carry: Any, k: Array) -> Any:
        y, in_x, in_a, noise, half = carry
        value, slope, sensitivity = step(rule, index, others, y, a)
        on = k < period
        seen = tuple(jnp.where(on, each, jnp.nan) for each in (y, slope, in_x, in_a))
        error = jnp.abs(slope) * (noise + epsilon * jnp.abs(y)) + epsilon * jnp.abs(value)
        later = (value, slope * in_x, slope * in_a + sensitivity, error)
        y, in_x, in_a, noise = (jnp.where(on, new, old) for new, old in zip(later, (y, in_x, in_a, noise), strict=True))
        return (y, in_x, in_a, noise, jnp.where(2 * (k + 1) == period, y, half)), seen

    start = (x, jnp.ones_like(x), jnp.zeros_like(x), jnp.zeros_like(x), jnp.full_like(x, jnp.nan))
    (y, in_x, in_a, noise, half), (states, slopes, all_x, all_a) = lax.scan(compose, start, jnp.arange(most))
    return Composed(states, slopes, all_x, all_a, y, in_x, in_a, half, noise + epsilon * jnp.abs(x))


def turns(orbits: Floats, period: int) -> Floats:
    """The states of cycles, shape (period, n), each begun at every one of its points: shape (period, period, n)."""
    order = np.arange(period)
    turned: Floats = orbits[(order[:, None] + order) % period]
    return turned
