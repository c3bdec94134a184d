"""Newton's method from every pixel of a grid: the pixels are grouped into tiles, each computed on one core.

All initial points of a tile are iterated until the last of them has ended; tiles are small and compact so that little of this is wasted.
"""

import functools
import math
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from kernels.execution import Layout, jax, jit, jnp, lax
from kernels.geometry import Grid
from kernels.iteration import by_blocks
from kernels.newton.solvers import FAR, SINGULAR_BEYOND
from kernels.objectives import Bound, Function
from kernels.types import Array

UNRESOLVED, DIVERGED, SINGULAR, OUTSIDE, ELSEWHERE = -1, -2, -3, -4, -5
"""Labels of initial points that do not lead to a known stationary point: step limit reached, diverged, singular Hessian, objective
undefined (it or its gradient is not finite), converged to a stationary point that is not in the table."""

TILE = (16, 32)
"""Rows and columns of a tile; neighbouring pixels take about the same number of steps."""

BLOCK = TILE[0] * TILE[1]

ENDED = 1024
"""Code of a pixel: its number of steps, plus ENDED times the outcome once it has ended."""

AT_POINT, RAN_AWAY, STOPPED, TOO_LONG, LEFT, NO_PIXEL = range(1, 7)

SIDE = 256
"""Columns and rows are padded to a multiple of this, so that resizing a window rarely compiles."""

NEAR = 1e-3
"""Converged iterates are identified with a stationary point within this distance, relative to its norm."""

TABLE = 16
"""Number of stationary points that the kernel distinguishes; further ones are assigned afterwards."""

Shared = TypeVar("Shared")


class Tiles:
    """Labels and numbers of steps of a grid, padded to whole tiles; top row first. `dtype`: of both."""

    def __init__(self, grid: Grid, dtype: type[np.generic] = np.int16) -> None:
        self.grid = grid
        self.down, self.across = -(-grid.rows // TILE[0]), -(-grid.columns // TILE[1])
        self.xs, self.ys = _padded(grid.column_values()), _padded(grid.row_values())
        self.whole = np.zeros((2, self.down * TILE[0], self.across * TILE[1]), dtype)

    def __len__(self) -> int:
        return self.down * self.across

    @property
    def pictures(self) -> NDArray[Any]:
        """Labels and numbers of steps, shape (2, rows, columns); a view."""
        return self.whole[:, : self.grid.rows, : self.grid.columns]

    def put(self, first: int, count: int, labels: NDArray[Any], steps: NDArray[Any]) -> None:
        """Store the results of `count` tiles from `first` on, each of shape (count * BLOCK,)."""
        down, across = np.divmod(np.arange(first, first + count), self.across)
        tiled = self.whole.reshape(2, self.down, TILE[0], self.across, TILE[1]).swapaxes(2, 3)
        tiled[:, down, across] = np.stack([labels, steps]).reshape(2, count, *TILE)


def _padded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.pad(values, (0, -len(values) % SIDE), constant_values=np.nan)


def spread(layout: Layout, first: int, count: int) -> Array:
    """The indices of `count` tiles from `first` on, sharded over the devices."""
    return layout.shard(np.arange(first, first + count, dtype=np.float64))


def gather(layout: Layout, array: Array, count: int) -> NDArray[Any]:
    """The pixels of the first `count` tiles of a sharded array. Shape (count * BLOCK,)."""
    devices = layout.mesh.size
    tiles = np.asarray(array).reshape(devices, layout.per_device, BLOCK)[:, : -(-count // devices)]
    return tiles.reshape(-1, BLOCK)[:count].reshape(-1)


class Plane(NamedTuple):
    """Data shared by all tiles: function, coordinates of the pixels, number of tiles across, known points and settings.

    `table`: the known stationary points, shape (TABLE, 2), inf in empty rows.
    """

    function: Bound
    xs: Any
    ys: Any
    across: Any
    table: Any
    damping: Any
    tolerance: Any
    most: Any


def replicated(layout: Layout, shared: Shared) -> Shared:
    """Data shared by all tiles, on each device."""
    if layout.is_default_device:
        return shared
    everywhere: Shared = jax.device_put(shared, jax.sharding.NamedSharding(layout.mesh, jax.sharding.PartitionSpec()))
    return everywhere


@jit(static_argnames=("layout",))
def basins(layout: Layout, tiles: Array, plane: Plane) -> tuple[Array, Array, Array, Array]:
    """Outcome of tiles, given by their row-major indices (NaN: none): (labels, steps, x, y), each of shape (tiles, BLOCK)."""

    def kernel(tile: Array, plane: Plane) -> tuple[Array, Array, Array, Array]:
        number = jnp.where(jnp.isfinite(tile[0]), tile[0], 0.0).astype(jnp.int32)
        x = lax.dynamic_slice(plane.xs, (number % plane.across * TILE[1],), (TILE[1],))
        y = lax.dynamic_slice(plane.ys, (number // plane.across * TILE[0],), (TILE[0],))
        x, y = jnp.tile(x, TILE[0]), jnp.repeat(y, TILE[1])
        ended = _tile(jnp.where(jnp.isfinite(tile[0]), x, jnp.nan), y, plane)
        return tuple(array[None] for array in ended)  # type: ignore[return-value]

    found: tuple[Array, Array, Array, Array] = by_blocks(layout, kernel, tiles, plane)
    return found


def _tile(x: Array, y: Array, plane: Plane) -> tuple[Array, Array, Array, Array]:
    derivatives = jax.vmap(functools.partial(_derivatives, plane.function))
    ended = ENDED * jnp.arange(7, dtype=jnp.int32)

    def step(state: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        x, y, code = state
        value, gx, gy, xx, xy, yy = derivatives(x, y)
        determinant = xx * yy - xy * xy
        # As in a single run (`solvers.base.init` and `arrive`): the initial point may be far away, but must be defined.
        defined = jnp.isfinite(value) & jnp.isfinite(jnp.abs(gx) + jnp.abs(gy)) & ~jnp.isnan(x + y)
        far = jnp.maximum(jnp.abs(x), jnp.abs(y)) > FAR
        away = (far | (value == -jnp.inf)) & (code > 0)
        there = (gx * gx + gy * gy <= plane.tolerance**2) & defined & ~away
        # The condition number of the scaled Hessian, within a factor of 4, as in a single run (`solvers.newton`).
        inverse, off = 1.0 / determinant, jnp.abs(xy)
        above, below = jnp.maximum(jnp.abs(xx), off), jnp.maximum(jnp.abs(yy), off)
        singular = jnp.isfinite(above + below) & ~(above * (below * jnp.abs(inverse)) < SINGULAR_BEYOND)
        stopped = jnp.where(singular, ended[STOPPED], 1)
        way = jnp.where(away, ended[RAN_AWAY], jnp.where(defined, stopped, ended[LEFT]))
        way = jnp.where((way == 1) & (code >= plane.most), ended[TOO_LONG], way)
        # Pixels that have ended keep being iterated; a converged one stays where it is. To freeze them would take twice the time
        # (measured), since every part of the compiled step would then depend on all the others.
        factor = jnp.where(singular, 0.0, plane.damping * inverse)
        moved = x - factor * (yy * gx - xy * gy), y - factor * (xx * gy - xy * gx)
        return *moved, jnp.where(code >= ENDED, code, code + jnp.where(there, ended[AT_POINT], way))

    code = jnp.where(jnp.isfinite(x) & jnp.isfinite(y), 0, ended[NO_PIXEL])
    x, y, code = lax.while_loop(lambda state: (state[2] < ENDED).any(), step, (x, y, code))
    way, steps = code // ENDED, code % ENDED
    label = jnp.where(way == RAN_AWAY, DIVERGED, jnp.where(way == STOPPED, SINGULAR, UNRESOLVED))
    label = jnp.where(way == LEFT, OUTSIDE, label)
    label = jnp.where(way == AT_POINT, nearest_in(x, y, plane.table), label)
    return label.astype(jnp.int16), steps.astype(jnp.int16), x, y


def _derivatives(function: Function, x: Array, y: Array) -> tuple[Array, ...]:
    """Value, first and second derivatives at one point, as scalars.

    Forward mode throughout: with two variables it costs no more and compiles to plain arithmetic on arrays of pixels, whereas the
    pads and slices of reverse mode take ten times as long (measured).
    """
    one, none = jnp.ones_like(x), jnp.zeros_like(x)

    def value(x: Array, y: Array) -> Array:
        return function(jnp.stack([x, y]))

    def along_x(x: Array, y: Array) -> Array:
        return jax.jvp(value, (x, y), (one, none))[1]

    def along_y(x: Array, y: Array) -> Array:
        return jax.jvp(value, (x, y), (none, one))[1]

    gx, xx = jax.jvp(along_x, (x, y), (one, none))
    gy, yy = jax.jvp(along_y, (x, y), (none, one))
    _, xy = jax.jvp(along_x, (x, y), (none, one))
    return value(x, y), gx, gy, xx, xy, yy


def nearest_in(x: Array, y: Array, table: Array) -> Array:
    """Index of the nearest point in the table; ELSEWHERE if it is farther than NEAR."""

    def look(i: Array, best: tuple[Array, Array]) -> tuple[Array, Array]:
        gap = jnp.maximum(jnp.abs(x - table[i, 0]), jnp.abs(y - table[i, 1]))
        share = gap / (1 + jnp.maximum(jnp.abs(table[i, 0]), jnp.abs(table[i, 1])))
        closer = share < best[0]
        return jnp.where(closer, share, best[0]), jnp.where(closer, i, best[1])

    entries = jnp.isfinite(table[:, 0]).sum().astype(jnp.int32)
    start = (jnp.full_like(x, math.inf), jnp.full(x.shape, ELSEWHERE, jnp.int32))
    gap, index = lax.fori_loop(0, entries, look, start)
    return jnp.where(gap <= NEAR, index, ELSEWHERE)
