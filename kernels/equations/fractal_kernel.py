"""Newton's method for equations from every pixel of a grid, tile by tile, each on one core until its last pixel has ended."""

import math
from typing import Any, NamedTuple

from kernels.equations.attraction import CYCLE, FAR, MOVES, RETURN, TOLERANCE
from kernels.equations.complex_pairs import Pair
from kernels.equations.system import COMPLEX, VARIABLES, Trees
from kernels.execution import Layout, jit, jnp, lax
from kernels.formulas import derivative
from kernels.iteration import by_blocks
from kernels.newton import DIVERGED, OUTSIDE, SINGULAR, TILE, UNRESOLVED, nearest_in
from kernels.types import Array


class Field(NamedTuple):
    """Data shared by all tiles: values of the parameters, coordinates of the pixels, number of tiles across, roots and settings."""

    parameters: Any
    xs: Any
    ys: Any
    across: Any
    table: Any
    damping: Any
    most: Any


@jit(static_argnames=("layout", "trees", "family"))
def fractal(layout: Layout, trees: Trees, tiles: Array, field: Field, family: bool = False) -> tuple[Array, Array, Array, Array]:
    """Outcome of tiles, given by their row-major indices (NaN: none): (labels, smooth steps, x, y), each of shape (tiles, pixels).

    A pixel is an initial point; of a `family` it is the first two parameters, and the initial point their free critical point.
    """

    def kernel(tile: Array, field: Field) -> tuple[Array, ...]:
        number = jnp.where(jnp.isfinite(tile[0]), tile[0], 0.0).astype(jnp.int32)
        x = lax.dynamic_slice(field.xs, (number % field.across * TILE[1],), (TILE[1],))
        y = lax.dynamic_slice(field.ys, (number // field.across * TILE[0],), (TILE[0],))
        x, y = jnp.tile(x, TILE[0]), jnp.repeat(y, TILE[1])
        if family:
            field = field._replace(parameters=(x, y, *field.parameters[2:]))
            x, y = _critical_point(trees, field.parameters, x)
        # A call has room for many more tiles than it computes.
        nothing = jnp.zeros(x.shape, jnp.int16), jnp.zeros(x.shape, jnp.float32), x, y
        ended = lax.cond(jnp.isfinite(tile[0]), lambda: _tile(trees, x, y, field), lambda: nothing)
        return tuple(array[None] for array in ended)

    found: tuple[Array, Array, Array, Array] = by_blocks(layout, kernel, tiles, field)
    return found


def _critical_point(trees: Trees, parameters: Any, like: Array) -> tuple[Array, Array]:
    """The zero of f″, which is linear in z or zero at 0, of many parameters: its real and imaginary part, each of the shape of `like`."""
    zero = jnp.zeros_like(like)
    second = trees.second, derivative(trees.second, VARIABLES[trees.kind][0])
    bend, slope = (Pair.of(value) for value in trees.evaluate("jax", second, (Pair(zero, zero),), parameters))
    found = -bend / slope
    still = (bend.re == 0) & (bend.im == 0)
    return jnp.where(still, 0.0, found.re) + zero, jnp.where(still, 0.0, found.im) + zero


ENDED = 2**12
"""Codes of pixels that have ended are ENDED times the way in which they did, plus the number of steps; there are at most 1000."""

RAN_AWAY, ARRIVED, LEFT, STOPPED, CAME_BACK, TOO_LONG, NO_PIXEL = range(1, 8)
"""Ways to end; the last is that of padding beside the picture."""

LABELS = ((RAN_AWAY, DIVERGED), (LEFT, OUTSIDE), (STOPPED, SINGULAR), (CAME_BACK, CYCLE))


class _Pixels(NamedTuple):
    """State of a tile's pixels after k steps.

    `code`: 0 until the pixel has ended; `share`, `before`: squared lengths of the last two of Newton's steps, relative to 1 + |x|;
    `old_x`, `old_y`: an earlier place, to which the iterates of a cycle return.
    """

    k: Array
    x: Array
    y: Array
    code: Array
    share: Array
    before: Array
    old_x: Array
    old_y: Array


def _tile(trees: Trees, x: Array, y: Array, field: Field) -> tuple[Array, ...]:
    """As `attraction.follow`, for one tile."""

    def step(now: _Pixels) -> _Pixels:
        x, y, k = now.x, now.y, now.k
        zero, good, singular, dx, dy = _newton_steps(trees, x, y, field.parameters)
        size, length = 1 + jnp.abs(x) + jnp.abs(y), dx * dx + dy * dy
        square = size * size
        found = (length <= TOLERANCE**2 * square) & good & ~singular | zero
        far = (jnp.maximum(jnp.abs(x), jnp.abs(y)) > FAR) & (k > 0)
        back = (jnp.abs(x - now.old_x) + jnp.abs(y - now.old_y) <= RETURN * size) & (length >= MOVES**2 * square) & (k > 0)
        way = jnp.where(k >= field.most, TOO_LONG, 0)
        for mask, kind in ((back, CAME_BACK), (singular, STOPPED), (~good, LEFT), (found, ARRIVED), (far, RAN_AWAY)):
            way = jnp.where(mask, kind, way)
        # Each array is computed by itself, with all that it needs: so what has ended stays by its code before the step, and the logarithms
        # of the smooth count come after the loop.
        runs, marks = now.code == 0, (k & (k - 1)) == 0
        return _Pixels(
            k + 1,
            jnp.where(runs, x + field.damping * dx, x),
            jnp.where(runs, y + field.damping * dy, y),
            jnp.where(runs & (way > 0), ENDED * way + k, now.code),
            jnp.where(runs, length / square, now.share),
            jnp.where(runs, now.share, now.before),
            jnp.where(marks, x, now.old_x),
            jnp.where(marks, y, now.old_y),
        )

    code = jnp.where(jnp.isfinite(x) & jnp.isfinite(y), 0, ENDED * NO_PIXEL).astype(jnp.int32)
    unknown = jnp.full_like(x, jnp.inf)
    first = _Pixels(jnp.int32(0), x, y, code, unknown, unknown, x, y)
    last = lax.while_loop(lambda now: (now.code == 0).any(), step, first)
    way, k = last.code // ENDED, (last.code % ENDED).astype(x.dtype)
    earlier = jnp.log(last.before)
    part = (2 * math.log(TOLERANCE) - earlier) / (jnp.log(jnp.maximum(last.share, 1e-300)) - earlier)
    part = jnp.where(jnp.isfinite(part) & jnp.isfinite(last.before), jnp.clip(part, 0, 1), 1.0)
    label = jnp.full(x.shape, UNRESOLVED, jnp.int32)
    for kind, named in LABELS:
        label = jnp.where(way == kind, named, label)
    label = jnp.where(way == ARRIVED, nearest_in(last.x, last.y, field.table), label)
    return label.astype(jnp.int16), jnp.where(way == ARRIVED, k - 1 + part, k).astype(jnp.float32), last.x, last.y


def _newton_steps(trees: Trees, x: Array, y: Array, parameters: Any) -> tuple[Array, ...]:
    """(whether it is a root, whether the functions are defined, whether the Jacobian is singular, Newton's step) of many points."""
    flat = [tree for row in trees.jacobian for tree in row]
    variables: tuple[Any, ...] = (Pair(x, y),) if trees.kind == COMPLEX else (x, y)
    found = trees.evaluate("jax", (*trees.functions, *flat), variables, parameters)
    if trees.kind == COMPLEX:
        f, g = (Pair.of(value) for value in found)
        size = g.re * g.re + g.im * g.im
        good = jnp.isfinite(jnp.abs(f.re) + jnp.abs(f.im) + size)
        factor = jnp.where(size == 0, 0.0, -1 / size)
        return (f.re == 0) & (f.im == 0), good, size == 0, factor * (f.re * g.re + f.im * g.im), factor * (f.im * g.re - f.re * g.im)
    values = [jnp.broadcast_to(jnp.asarray(value, x.dtype), x.shape) for value in found]
    u, v, a, b, c, d = values
    determinant = a * d - b * c
    good = jnp.isfinite(sum(jnp.abs(value) for value in values) + jnp.abs(determinant))
    factor = jnp.where(determinant == 0, 0.0, 1 / determinant)
    return (u == 0) & (v == 0), good, determinant == 0, factor * (b * v - d * u), factor * (c * u - a * v)
