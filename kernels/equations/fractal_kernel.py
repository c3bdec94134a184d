"""Newton's method for equations from every pixel of a grid, tile by tile, each on one core until its last pixel has ended."""

from typing import Any, NamedTuple

from kernels.equations.attraction import CYCLE, FAR, MOVES, RETURN, TOLERANCE
from kernels.equations.system import COMPLEX, VARIABLES, Trees
from kernels.execution import Layout, jit, jnp, lax
from kernels.formulas import derivative
from kernels.iteration import by_blocks
from kernels.newton import DIVERGED, ELSEWHERE, OUTSIDE, SINGULAR, TILE, UNRESOLVED, nearest_in
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
        ended = _tile(trees, jnp.where(jnp.isfinite(tile[0]), x, jnp.nan), y, field)
        return tuple(array[None] for array in ended)

    found: tuple[Array, Array, Array, Array] = by_blocks(layout, kernel, tiles, field)
    return found


def _critical_point(trees: Trees, parameters: Any, like: Array) -> tuple[Array, Array]:
    """The zero of f″, which is linear in z or zero at 0, of many parameters: its real and imaginary part, each of the shape of `like`."""
    zero = jnp.zeros_like(like, complex)
    found = trees.evaluate("jax", (trees.second, derivative(trees.second, VARIABLES[trees.kind][0])), (zero,), parameters)
    bend, slope = (jnp.broadcast_to(jnp.asarray(value, zero.dtype), like.shape) for value in found)
    at = jnp.where(bend == 0, 0.0, -bend / jnp.where(slope == 0, 1.0, slope))
    return at.real, at.imag


RUNS, NO_PIXEL = 100, -100
"""Labels of pixels that have not ended, and of padding."""


class _Pixels(NamedTuple):
    """State of a tile's pixels after k steps.

    `label`: outcome so far, RUNS until it has ended; `taken`: smooth number of steps; `before`: length of the last step; `old_x`, `old_y`:
    an earlier place, to which the iterates of a cycle return.
    """

    k: Array
    x: Array
    y: Array
    label: Array
    taken: Array
    before: Array
    old_x: Array
    old_y: Array


def _tile(trees: Trees, x: Array, y: Array, field: Field) -> tuple[Array, ...]:
    """As `attraction.follow`, for one tile."""

    def step(now: _Pixels) -> _Pixels:
        x, y, k = now.x, now.y, now.k
        zero, good, singular, dx, dy = _newton_steps(trees, x, y, field.parameters)
        size = 1 + jnp.abs(x) + jnp.abs(y)
        share = jnp.sqrt(dx * dx + dy * dy) / size
        found = (share <= TOLERANCE) & good & ~singular | zero
        far = (jnp.maximum(jnp.abs(x), jnp.abs(y)) > FAR) & (k > 0)
        back = (jnp.abs(x - now.old_x) + jnp.abs(y - now.old_y) <= RETURN * size) & (share >= MOVES) & (k > 0)
        label = jnp.where(k >= field.most, UNRESOLVED, RUNS)
        for mask, kind in ((back, CYCLE), (singular, SINGULAR), (~good, OUTSIDE), (found, ELSEWHERE), (far, DIVERGED)):
            label = jnp.where(mask, kind, label)
        runs = now.label == RUNS
        part = (jnp.log(TOLERANCE) - jnp.log(now.before)) / (jnp.log(jnp.maximum(share, 1e-300)) - jnp.log(now.before))
        part = jnp.where(jnp.isfinite(part) & jnp.isfinite(now.before), jnp.clip(part, 0, 1), 1.0)
        count = jnp.where(found & ~far, k - 1 + part, k.astype(x.dtype))
        marks = (k & (k - 1)) == 0
        # A singular Jacobian has no step; what has ended may go on, its label is kept.
        return _Pixels(
            k + 1,
            jnp.where(runs & (label == RUNS), x + field.damping * dx, x),
            jnp.where(runs & (label == RUNS), y + field.damping * dy, y),
            jnp.where(runs, label, now.label),
            jnp.where(runs, count, now.taken),
            share,
            jnp.where(marks, x, now.old_x),
            jnp.where(marks, y, now.old_y),
        )

    label = jnp.where(jnp.isfinite(x) & jnp.isfinite(y), RUNS, NO_PIXEL).astype(jnp.int32)
    zero = jnp.zeros_like(x)
    first = _Pixels(jnp.int32(0), x, y, label, zero, zero + jnp.inf, x, y)
    last = lax.while_loop(lambda now: (now.label == RUNS).any(), step, first)
    nearest = nearest_in(last.x, last.y, field.table)
    label = jnp.where(last.label == ELSEWHERE, nearest, last.label)
    return label.astype(jnp.int16), last.taken.astype(jnp.float32), last.x, last.y


def _newton_steps(trees: Trees, x: Array, y: Array, parameters: Any) -> tuple[Array, ...]:
    """(whether it is a root, whether the functions are defined, whether the Jacobian is singular, Newton's step) of many points."""
    flat = [tree for row in trees.jacobian for tree in row]
    variables = (lax.complex(x, y),) if trees.kind == COMPLEX else (x, y)
    found = trees.evaluate("jax", (*trees.functions, *flat), variables, parameters)
    values = [jnp.broadcast_to(jnp.asarray(value, variables[0].dtype), x.shape) for value in found]
    good = jnp.isfinite(sum(jnp.abs(jnp.real(value)) + jnp.abs(jnp.imag(value)) for value in values))
    if trees.kind == COMPLEX:
        (fx, fy), (gx, gy) = ((value.real, value.imag) for value in values)
        size = gx * gx + gy * gy
        factor = jnp.where(size == 0, 0.0, -1 / size)
        return (fx == 0) & (fy == 0), good & jnp.isfinite(size), size == 0, factor * (fx * gx + fy * gy), factor * (fy * gx - fx * gy)
    f, g, a, b, c, d = values
    determinant = a * d - b * c
    factor = jnp.where(determinant == 0, 0.0, 1 / determinant)
    zero = (f == 0) & (g == 0)
    return zero, good & jnp.isfinite(determinant), determinant == 0, factor * (b * g - d * f), factor * (c * f - a * g)
