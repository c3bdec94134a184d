"""The stable branch of a saddle of a map without a known inverse: preimages of each piece, continued point by point by Newton's method.

A piece's preimage is looked for along its polygon, each solution being the guess for the next; errors across the manifold shrink with each
preimage as the map stretches them. Where the polygon leaves the map's image, at the image of a curve of det J = 0, the branch ends.
"""

from collections.abc import Generator
from typing import Any

import numpy as np

from kernels.execution import jax, jit, jnp, lax
from kernels.phase_plane.counting import Wraps
from kernels.phase_plane.manifolds.branch import MOST_PARTS, MOST_POINTS, Branch, Seed, Space
from kernels.types import Array, Floats, Rule

CHUNK = 256
"""Targets of one call, so that the kernel is compiled once."""

NEWTON_STEPS = 6

SOLVED = 1e-9
"""Residual of a solution, relative to the first view."""

CLOSEST = 1e-10
"""Part of the first view that a step along the polygon is not divided beyond."""


@jit(static_argnames=("rule", "wraps"))
def followed(rule: Rule, wraps: Wraps, begin: Array, targets: Array, values: tuple[Any, ...], times: Array) -> tuple[Array, Array]:
    """(solutions z of f^times(z) = target, residuals) for targets (n, 2), one after another, from the guess `begin` (2,) on."""

    def image(z: Array) -> Array:
        return jnp.stack(lax.fori_loop(0, times, lambda _, state: rule(*state, *values), (z[0], z[1])))

    def turned(d: Array) -> Array:
        return jnp.stack([x - p * jnp.round(x / p) if p else x for x, p in zip(d, wraps, strict=True)])

    def improved(_: Array, carry: Any) -> Any:
        z, target, _ = carry
        value, (a, c) = jax.jvp(image, (z,), (jnp.array([1.0, 0.0]),))
        b, d = jax.jvp(image, (z,), (jnp.array([0.0, 1.0]),))[1]
        miss = turned(target - value)
        determinant = a * d - b * c
        way = jnp.stack([d * miss[0] - b * miss[1], a * miss[1] - c * miss[0]]) / determinant
        return z + way, target, jnp.hypot(*miss)

    def next_one(z: Array, target: Array) -> tuple[Array, tuple[Array, Array]]:
        z, _, size = lax.fori_loop(0, NEWTON_STEPS, improved, (z, target, jnp.inf))
        return z, (z, size)

    found: tuple[Array, Array] = lax.scan(next_one, begin, targets)[1]
    return found


def grow_back(branch: Branch, seed: Seed, rule: Rule, values: tuple[Any, ...], space: Space, most: float) -> Generator[None, None, None]:
    """Grow a stable branch to the length `most`; None where a caller may stop."""
    piece = seed.places(np.linspace(0.0, 1.0, 9))
    branch.add(piece, space, most)
    while branch.length < most and not branch.end:
        before, piece = piece, piece[-1:]
        for first in range(0, len(before) - 1, CHUNK // 4):
            new, end = yield from _preimages(piece[-1], before[first : first + CHUNK // 4 + 1], seed.steps, rule, values, space)
            branch.add(new, space, most)
            piece = np.concatenate([piece, new[1:]])
            branch.end = end or ("points" if len(branch.points) > MOST_POINTS else "")
            if branch.length >= most:
                branch.end = ""
            if branch.end or branch.length >= most:
                return


def _preimages(
    begin: Floats, targets: Floats, times: int, rule: Rule, values: tuple[Any, ...], space: Space
) -> Generator[None, None, tuple[Floats, str]]:
    """(the preimages of the polygon `targets`, from that of its first point, which is `begin`, on; why they end)."""
    steps = space.turned(np.diff(targets, axis=0))
    targets = targets[0] + np.concatenate([np.zeros((1, 2)), np.cumsum(steps, axis=0)])
    while True:
        solved, residual = np.empty_like(targets), np.zeros(len(targets))
        solved[0] = begin
        for first in range(1, len(targets), CHUNK):
            part = targets[first : first + CHUNK]
            padded = np.full((CHUNK, 2), np.nan)
            padded[: len(part)] = part
            found = followed(rule, space.wraps, solved[first - 1], padded, values, np.int32(times))
            solved[first : first + CHUNK], residual[first : first + CHUNK] = (np.asarray(array)[: len(part)] for array in found)
        yield None
        over = space.gaps(solved)[2]
        missed = ~(residual[1:] <= SOLVED * space.first.max())
        over = np.where(missed | ~np.isfinite(over), np.inf, over)
        if missed.any():
            # What follows a miss starts from a wrong guess.
            over = over[: int(np.argmax(missed)) + 1]
        if (over <= 1).all():
            return solved, ""
        parts = np.where(over > 1, np.minimum(np.ceil(np.minimum(over, MOST_PARTS)), MOST_PARTS), 1).astype(int)
        steps = np.diff(targets, axis=0)[: len(over)]
        stuck = (parts > 1) & (np.hypot(*steps.T) <= CLOSEST * space.first.max())
        if stuck.any() or len(targets) > MOST_POINTS:
            last = int(np.argmax(stuck | (parts > 1)))
            return solved[: last + 1], "preimage" if stuck.any() else "points"
        shares = np.concatenate([np.arange(n) / n for n in parts])
        at = np.repeat(np.arange(len(parts)), parts)
        rest = targets[len(over) :]
        targets = np.concatenate([targets[at] + shares[:, None] * steps[at], rest])
