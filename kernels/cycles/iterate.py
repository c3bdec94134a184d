"""g(x) = f^p(x) - x: value, derivatives and rounding error at many points, and its zeros polished to the last digit.

The period is a traced argument and the points are padded to a few sizes, so that a new parameter or period needs no compilation.
Everything runs on one CPU core: for a few thousand points the latency of a GPU alone would be longer.
"""

from typing import Any, NamedTuple

import numpy as np

from kernels.execution import jax, jit, jnp, lax
from kernels.iteration import circumference, difference, least_state
from kernels.types import Array, Floats, Rule, Values

SIZES = (256, 2048, 16384)
"""Numbers of points in a call: others are padded to the next of these, larger ones are split into several calls."""

SAFETY = 4.0
"""Safety factor of the rounding error, which is estimated to first order."""

PLAIN = 256
"""Up to so many points, of equally good floats the one with the shortest decimal representation is chosen."""

NEWTON_STEPS = 200
"""Maximum number of safeguarded Newton steps: every third one bisects, so this many reduce any bracket to neighbouring floats."""


class Jet(NamedTuple):
    """g(x) = f^p(x) - x at points x: value, first and second derivative, and a bound on |g| that rounding causes at a zero. Shapes (n,)."""

    x: Floats
    value: Floats
    slope: Floats
    bend: Floats
    noise: Floats

    def at(self, index: Any) -> "Jet":
        """The entries that `index` selects."""
        return Jet(*(array[index] for array in self))


def bend_error(left: Jet, right: Jet) -> Floats:
    """Error estimate of the cubic Hermite interpolant from the second derivatives at the ends, shape (n,); exact for a quartic."""
    width = right.x - left.x
    secant = (right.value - left.value) / width
    at_left = (6 * secant - 4 * left.slope - 2 * right.slope) / width - left.bend
    at_right = (4 * right.slope + 2 * left.slope - 6 * secant) / width - right.bend
    error: Floats = np.maximum(np.abs(at_left), np.abs(at_right)) * width**2 / 32
    return error


def _step(rule: Rule, parameters: tuple[Array, ...], x: Array) -> tuple[Array, Array, Array]:
    """(f, f', f'') at x, by forward differentiation twice over."""

    def once(state: Array) -> tuple[Array, Array]:
        return jax.jvp(lambda x: rule(x, *parameters), (state,), (jnp.ones_like(state),))

    (value, slope), (_, bend) = jax.jvp(once, (x,), (jnp.ones_like(x),))
    return value, slope, bend


def _jet(rule: Rule, parameters: tuple[Array, ...], x: Array, period: Array) -> tuple[Array, Array, Array, Array]:
    epsilon = float(jnp.finfo(x.dtype).eps)

    def compose(_: Array, state: Any) -> Any:
        y, first, second, error = state
        value, slope, bend = _step(rule, parameters, y)
        # An error of the state is multiplied by the slope; each evaluation is exact for a neighbouring float and rounds its value once.
        error = jnp.abs(slope) * (error + epsilon * jnp.abs(y)) + epsilon * jnp.abs(value)
        return value, slope * first, bend * first * first + slope * second, error

    start = (x, jnp.ones_like(x), jnp.zeros_like(x), jnp.zeros_like(x))
    y, first, second, error = lax.fori_loop(0, period, compose, start)
    return difference(rule, y, x), first - 1, second, SAFETY * (error + epsilon * jnp.abs(x)) + float(jnp.finfo(x.dtype).tiny)


@jit(static_argnames=("rule",))
def _jets(rule: Rule, parameters: tuple[Array, ...], x: Array, period: Array) -> tuple[Array, Array, Array, Array]:
    return _jet(rule, parameters, x, period)


@jit(static_argnames=("rule",))
def _polished(rule: Rule, parameters: tuple[Array, ...], bracket: Array, sides: Array, order: Array, period: Array) -> Array:
    def sample(x: Array) -> tuple[Array, Array]:
        value, slope, bend, _ = _jet(rule, parameters, x, period)
        # The derivative of the second derivative is not known: NaN makes each step a bisection.
        steep = jnp.where(order == 0, slope, jnp.where(order == 1, bend, jnp.nan))
        return jnp.where(order == 0, value, jnp.where(order == 1, slope, bend)), steep

    def going(state: Any) -> Array:
        n, _, _, _, done = state
        return (n < NEWTON_STEPS) & ~done.all()

    def improve(state: Any) -> Any:
        n, low, high, x, done = state
        value, steep = sample(x)
        side = jnp.where(jnp.isfinite(value), jnp.sign(value), sides[1])
        low, high = jnp.where(side == sides[0], x, low), jnp.where(side == sides[0], high, x)
        newton, middle = x - value / steep, low + (high - low) / 2
        inside = (newton > low) & (newton < high) & (n % 3 < 2)
        proposed = jnp.where(inside, newton, middle)
        over = done | (value == 0) | (middle <= low) | (middle >= high) | jnp.isnan(x)
        return n + 1, low, high, jnp.where(over, x, proposed), over

    low, high = bracket
    return lax.while_loop(going, improve, (0, low, high, low + (high - low) / 2, jnp.isnan(low)))[3]


@jit(static_argnames=("rule",))
def _newton(rule: Rule, parameters: tuple[Array, ...], x: Array, period: Array) -> Array:
    """Four Newton steps on g, without safeguard, from points that are zeros to nearly full precision."""

    def improve(_: Array, x: Array) -> Array:
        value, slope, _, _ = _jet(rule, parameters, x, period)
        moved = x - value / slope
        return jnp.where(jnp.isfinite(moved), moved, x)

    return lax.fori_loop(0, 4, improve, x)


@jit(static_argnames=("rule",))
def _neighbours(rule: Rule, parameters: tuple[Array, ...], x: Array, period: Array) -> tuple[Array, Array]:
    """The points x with the two nearest floats on either side (x in the first column), and |g| at each. Shapes (n, 5)."""
    points = [x]
    for direction in (-jnp.inf, jnp.inf):
        beside = jnp.nextafter(x, jnp.full_like(x, direction))
        points += [beside, jnp.nextafter(beside, jnp.full_like(x, direction))]
    columns = jnp.stack(points, axis=1)
    return columns, jnp.abs(_jet(rule, parameters, columns, period)[0])


@jit(static_argnames=("rule", "length"))
def _orbits(rule: Rule, parameters: tuple[Array, ...], x: Array, length: int) -> Array:
    return lax.scan(lambda state, _: (rule(state, *parameters), state), x, None, length=length)[1]


class Iterate:
    """The p-th iterate of a map at fixed parameters; methods take and return NumPy arrays of points.

    `scale`: magnitude of the numbers that the map works with, such as the width of the range. Near x = 0, where rounding relative to x
    is too small a bound, the noise is at least a hundredth of that of numbers of this magnitude.
    """

    def __init__(self, rule: Rule, values: Values, scale: float = 0.0) -> None:
        self.rule, self.circumference, self.least = rule, circumference(rule), least_state(rule)
        self.may_jump: bool = getattr(rule, "may_jump", False)
        self.may_kink: bool = getattr(rule, "may_kink", False)
        self._floor = 0.01 * float(np.finfo(np.float64).eps) * scale
        self.values = tuple(np.float64(value) for value in values)
        self._cpu = jax.local_devices(backend="cpu")[0]

    def differences(self, x: Floats, y: Floats) -> Floats:
        """The differences x - y, on a circle the shorter way round. Shape (n,)."""
        away: Floats = difference(self.rule, x, y)
        return away

    def jets(self, x: Floats, period: int) -> Jet:
        """Evaluate g and its derivatives at the points `x`, shape (n,); not finite where f is undefined or overflows."""
        if not len(x):
            return Jet(x, x, x, x, x)
        value, slope, bend, noise = self._run(_jets, x, np.int32(period))
        return Jet(x, value, slope, bend, np.maximum(noise, self._floor))

    def polished(self, low: Floats, high: Floats, sides: tuple[Floats, Floats], order: Any, period: int) -> Floats:
        """The zero of g, g' or g'' (`order` 0, 1 or 2) in each bracket, to neighbouring floats. Shape (n,).

        `sides`: its sign at the lower end of the bracket, and the sign assumed where it is not finite.
        """
        if not len(low):
            return low
        arrays = (np.stack([low, high]), np.stack(sides), np.broadcast_to(np.asarray(order, np.float64), low.shape))
        return self._run(_polished, *arrays, np.int32(period))[0]

    def newton(self, x: Floats, period: int) -> Floats:
        """Improve points that are zeros of g to nearly full precision. Shape (n,)."""
        return self._run(_newton, x, np.int32(period))[0] if len(x) else x

    def last_digit(self, x: Floats, period: int) -> Floats:
        """Of each point and the two floats on either side, the one at which |g| is smallest; x itself where they are equal. Shape (n,).

        For up to PLAIN points, of equally good floats the one with the shortest decimal representation: 3, not 3.0000000000000004.
        """
        if not len(x):
            return x
        points, sizes = self._run(_neighbours, x, np.int32(period))
        least = points[np.arange(len(x)), np.argmin(np.where(np.isnan(sizes), np.inf, sizes), axis=1)]
        equal = sizes == sizes.min(axis=1, keepdims=True)
        for n in np.flatnonzero(equal.sum(axis=1) > 1)[: PLAIN if len(x) <= PLAIN else 0]:
            least[n] = min(points[n, equal[n]].tolist(), key=lambda number: len(repr(number)))
        return least

    def orbits(self, x: Floats, length: int) -> Floats:
        """The orbits x, f(x), … of each point, shape (length, n). Compiled once for each length."""
        with jax.default_device(self._cpu):
            size = _size(len(x))
            if len(x) > size:
                return np.concatenate([self.orbits(x[i : i + size], length) for i in range(0, len(x), size)], axis=1)
            return np.asarray(_orbits(self.rule, self.values, _padded(x, size), length))[:, : len(x)]

    def _run(self, kernel: Any, *arguments: Any) -> list[Floats]:
        """Call `kernel` on arrays whose last axis is that of the points, padded with NaN; the last argument is passed as it is."""
        *arrays, last = arguments
        count = arrays[0].shape[-1]
        parts = []
        with jax.default_device(self._cpu):
            for begin in range(0, max(count, 1), SIZES[-1]):
                chunk = [array[..., begin : begin + SIZES[-1]] for array in arrays]
                size = _size(chunk[0].shape[-1])
                done = kernel(self.rule, self.values, *(_padded(array, size) for array in chunk), last)
                done = done if isinstance(done, tuple) else (done,)
                parts.append([np.asarray(array)[: chunk[0].shape[-1]] for array in done])
        return parts[0] if len(parts) == 1 else [np.concatenate(arrays) for arrays in zip(*parts, strict=True)]


def _size(count: int) -> int:
    return next((size for size in SIZES if size >= count), SIZES[-1])


def _padded(array: Floats, size: int) -> Floats:
    padded = np.full((*array.shape[:-1], size), np.nan)
    padded[..., : array.shape[-1]] = array
    return padded
