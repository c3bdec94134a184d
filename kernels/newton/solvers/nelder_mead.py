"""The simplex method of Nelder and Mead, which needs no derivatives."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from kernels.execution import jax, jnp, lax
from kernels.newton.solvers.base import RUNNING, STALLED, Descent, Move, Problem, Settings, State, arrive
from kernels.newton.solvers.linear import CGState
from kernels.types import Array

RELATIVE_EDGE, LEAST_EDGE = 0.05, 0.00025
"""Edges of the first simplex: relative to a coordinate, and for a coordinate that is 0."""

REFLECTED, EXPANDED, OUTSIDE, INSIDE = 1.0, 2.0, 0.5, -0.5
"""Candidates for a new vertex: factors of the reflection of the worst vertex in the centroid of the others."""


class Simplex(NamedTuple):
    """The vertices, best first, shape (n + 1, n), and the values there, inf where the function is undefined."""

    vertices: Array
    values: Array


@dataclass(frozen=True)
class NelderMead(Descent):
    """A simplex that is reflected, expanded, contracted and shrunk; its best vertex is the iterate, and the gradient there the residual.

    J. A. Nelder and R. Mead, Computer J. 7 (1965), with the first simplex and the rules of Lagarias, Reeds, Wright and Wright, SIAM J.
    Optimization 9 (1998).
    """

    @property
    def makes_matrix(self) -> bool:
        """True: the simplex."""
        return True

    def recall(self, problem: Problem, state: State) -> Simplex:
        """The first simplex: the initial point and a step along each axis."""
        edges = jnp.where(state.x == 0, LEAST_EDGE, RELATIVE_EDGE * state.x)
        vertices = jnp.concatenate([state.x[None], state.x[None] + jnp.diag(edges)])
        return Simplex(vertices, _values(problem, vertices))

    def step(self, problem: Problem, state: State, settings: Settings, inner: CGState | None) -> tuple[State, Move]:
        """One new simplex. The factor is that of the reflection, NaN where the simplex shrinks; STALLED once it is below rounding."""
        # The initial point comes first until the first step, so that a run begins there.
        ordered = _ordered(*state.memory)
        vertices, values = ordered
        centroid = vertices[:-1].mean(0)
        factors = jnp.array([REFLECTED, EXPANDED, OUTSIDE, INSIDE], state.x.dtype)
        tried = centroid[None] + factors[:, None] * (centroid - vertices[-1])[None]
        found = _values(problem, tried)
        reflected, expanded, outside, inside = found
        outer = jnp.where(outside <= reflected, 2, 4)
        contracted = jnp.where(reflected < values[-1], outer, jnp.where(inside < values[-1], 3, 4))
        number = jnp.where(reflected < values[-2], 0, contracted)
        number = jnp.where(reflected < values[0], jnp.where(expanded < reflected, 1, 0), number)
        factor = jnp.append(factors, jnp.nan)[number]
        kept = jnp.minimum(number, 3)
        replaced = Simplex(vertices.at[-1].set(tried[kept]), values.at[-1].set(found[kept]))
        simplex = lax.cond(number == 4, lambda: _shrunk(problem, ordered), lambda: replaced)
        simplex = _ordered(*simplex)
        x = simplex.vertices[0]
        after = arrive(state, settings, x, *problem.evaluate(x))
        size = jnp.abs(simplex.vertices - x[None]).max()
        lost = size <= float(jnp.finfo(x.dtype).eps) * jnp.abs(x).max()
        status = jnp.where((after.status == STALLED) | (after.status == RUNNING), jnp.where(lost, STALLED, RUNNING), after.status)
        return after._replace(memory=simplex, status=status.astype(jnp.int32)), Move.of(jnp.full_like(state.value, jnp.nan), factor)


def _values(problem: Problem, points: Array) -> Array:
    values = jax.vmap(problem.function)(points)
    return jnp.where(jnp.isnan(values), jnp.inf, values)


def _ordered(vertices: Array, values: Array) -> Simplex:
    order = jnp.argsort(values)
    return Simplex(vertices[order], values[order])


def _shrunk(problem: Problem, simplex: Simplex) -> Any:
    """The simplex with all edges to its best vertex halved."""
    best = simplex.vertices[:1]
    vertices = best + (simplex.vertices - best) / 2
    return Simplex(vertices, _values(problem, vertices))
