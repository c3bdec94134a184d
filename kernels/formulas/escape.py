"""Why an orbit leaves the finite numbers: it grows beyond all bounds, it comes to where the map has no value, or the formula overflows.

NaN is not infinity, nor is every infinity: exp(x)/(1+exp(x)) is NaN and log(1+exp(x)) infinite in float64 at x = 800, where both have
ordinary values, and 1/x has none at 0.
"""

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.execution import Layout, jit, jnp, lax
from kernels.formulas.extended import Extended
from kernels.formulas.parser import Formula
from kernels.formulas.plane import PlaneFormula
from kernels.formulas.tree import Evaluation, Node, walk
from kernels.iteration import Parameters, by_blocks, repeat
from kernels.types import Array, Bools, Floats, Rule, State

FAR = 1e30
"""Of a map that is not a typed formula a state beyond this has diverged where its image is NaN: infinity minus infinity."""

CHECK = 16
"""Steps between two looks at whether any orbit is still finite."""

_TAME = ("number", "name", "element", "terms", "negative")


class Exit(IntEnum):
    """Why the image of a finite state is not finite: beyond float64, no value there, or a value that float64 arithmetic does not reach."""

    DIVERGED = 0
    NO_VALUE = 1
    OVERFLOW = 2


@jit(static_argnames=("rule", "layout"))
def last_finite(rule: Rule, layout: Layout, x: Array, parameters: Parameters, times: Array) -> tuple[Array, Array]:
    """The last finite one of the states up to `times` steps on from `x`, or a few more, and its image.

    Shapes (columns,), of the parameters too.
    """

    def kernel(block: Any, times: Array) -> tuple[Array, Array]:
        start, parameters = block

        def step(state: Any) -> Any:
            x, finite = state
            after = rule(x, *parameters)
            finite &= jnp.isfinite(after)
            return jnp.where(finite, after, x), finite

        def go_on(state: Any) -> Any:
            return state[0] + CHECK, *repeat(step, state[1:], jnp.int32(CHECK))

        begun = (jnp.zeros_like(times), start, jnp.isfinite(start))
        last: Array = lax.while_loop(lambda state: (state[0] < times) & state[2].any(), go_on, begun)[1]
        return last, rule(last, *parameters)

    states: tuple[Array, Array] = by_blocks(layout, kernel, (x, parameters), times)
    return states


@jit(static_argnames=("rule", "layout"))
def last_finite_state(rule: Rule, layout: Layout, state: State, parameters: Parameters, times: Array) -> tuple[State, State]:
    """As `last_finite`, of a map of the plane: a state is finite where both of its coordinates are."""

    def kernel(block: Any, times: Array) -> tuple[State, State]:
        start, parameters = block

        def step(inner: Any) -> Any:
            (x, y), finite = inner
            u, v = rule(x, y, *parameters)
            finite &= jnp.isfinite(u) & jnp.isfinite(v)
            return (jnp.where(finite, u, x), jnp.where(finite, v, y)), finite

        def go_on(inner: Any) -> Any:
            return inner[0] + CHECK, *repeat(step, inner[1:], jnp.int32(CHECK))

        begun = (jnp.zeros_like(times), start, jnp.isfinite(start[0]) & jnp.isfinite(start[1]))
        last: State = lax.while_loop(lambda inner: (inner[0] < times) & inner[2].any(), go_on, begun)[1]
        return last, rule(*last, *parameters)

    states: tuple[State, State] = by_blocks(layout, kernel, (state, parameters), times)
    return states


def exits(rule: Rule, last: Floats, image: Floats, values: tuple[Any, ...]) -> NDArray[np.int8]:
    """The `Exit` of orbits from their last finite state and its image in float64. Shape (n,); values: the parameters, numbers or as `last`.

    Of a typed formula the image is worked out again, with a practically unbounded range of exponents. Of any other rule a NaN is taken
    for no value unless the state was FAR.
    """
    if not isinstance(rule, Formula):
        return np.where(np.isnan(image) & (np.abs(last) < FAR), Exit.NO_VALUE, Exit.DIVERGED).astype(np.int8)
    given = (last, *(np.broadcast_to(np.asarray(value, np.float64), last.shape) for value in values))
    known = {name: Extended(value) for name, value in zip(rule.variables + rule.parameters, given, strict=True)}
    with np.errstate(all="ignore"):
        found = Evaluation("numpy", known, known).real(rule.tree)
        true = np.broadcast_to(found.floats() if isinstance(found, Extended) else found, last.shape)
    kinds = np.where(np.isnan(true), Exit.NO_VALUE, np.where(np.isinf(true), Exit.DIVERGED, Exit.OVERFLOW))
    # Iterated anew, an orbit may round otherwise and not leave the numbers at all; from infinity, it had left them before.
    return np.where(np.isfinite(image) | np.isinf(last), Exit.DIVERGED, kinds).astype(np.int8)


def may_be_lost(rule: Rule, state: Floats) -> Bools:
    """Which final states may come of anything but growth: NaN; and infinity, if a typed formula has more than sums and products in it."""
    lost: Bools = ~np.isfinite(state) if is_wild(rule) else np.isnan(state)
    return lost


def has_no_value(rule: Rule, x: Floats, values: tuple[Any, ...]) -> Bools:
    """At which states a typed formula has no value; float64 may give infinity there and come back from it. Shapes as of `exits`."""
    missing = np.zeros(x.shape, np.bool_)
    if not isinstance(rule, Formula) or not is_wild(rule):
        return missing
    known = dict(zip(rule.variables + rule.parameters, (x, *values), strict=True))
    with np.errstate(all="ignore"):
        image = np.broadcast_to(Evaluation("numpy", known, known).real(rule.tree), x.shape)
    lost = ~np.isfinite(image)
    if lost.any():
        of_lost = tuple(np.broadcast_to(value, x.shape)[lost] for value in values)
        missing[lost] = exits(rule, x[lost], image[lost], of_lost) == Exit.NO_VALUE
    return missing


def state_exits(rule: Rule, last: tuple[Floats, ...], image: tuple[Floats, ...], values: tuple[Any, ...]) -> NDArray[np.int8]:
    """As `exits`, of a map of the plane: no value where one of the coordinates has none."""
    if not isinstance(rule, PlaneFormula):
        missing = np.isnan(image[0]) | np.isnan(image[1])
        near = np.maximum(np.abs(last[0]), np.abs(last[1])) < FAR
        return np.where(missing & near, Exit.NO_VALUE, Exit.DIVERGED).astype(np.int8)
    given = (*last, *(np.broadcast_to(np.asarray(value, np.float64), last[0].shape) for value in values))
    known = {name: Extended(value) for name, value in zip(rule.variables + rule.parameters, given, strict=True)}
    kinds = np.full(last[0].shape, Exit.OVERFLOW)
    for wanted, kind in ((np.isinf, Exit.DIVERGED), (np.isnan, Exit.NO_VALUE)):
        for tree in rule.trees:
            with np.errstate(all="ignore"):
                found = Evaluation("numpy", known, known).real(tree)
            true = np.broadcast_to(found.floats() if isinstance(found, Extended) else found, last[0].shape)
            kinds = np.where(wanted(true), kind, kinds)
    grown = np.isfinite(image[0]) & np.isfinite(image[1]) | np.isinf(last[0]) | np.isinf(last[1])
    return np.where(grown, Exit.DIVERGED, kinds).astype(np.int8)


def state_may_be_lost(rule: Rule, state: tuple[Floats, ...]) -> Bools:
    """As `may_be_lost`, of a map of the plane."""
    lost: Bools = ~np.isfinite(state[0]) | ~np.isfinite(state[1]) if is_wild(rule) else np.isnan(state[0]) | np.isnan(state[1])
    return lost


def state_has_no_value(rule: Rule, state: tuple[Floats, ...], values: tuple[Any, ...]) -> Bools:
    """As `has_no_value`, of a map of the plane."""
    missing = np.zeros(state[0].shape, np.bool_)
    if isinstance(rule, PlaneFormula) and is_wild(rule):
        known = dict(zip(rule.variables + rule.parameters, (*state, *values), strict=True))
        with np.errstate(all="ignore"):
            image = tuple(np.broadcast_to(Evaluation("numpy", known, known).real(tree), missing.shape) for tree in rule.trees)
        lost = ~(np.isfinite(image[0]) & np.isfinite(image[1]))
        if lost.any():
            of_lost = tuple(np.broadcast_to(value, missing.shape)[lost] for value in values)
            last, after = (tuple(part[lost] for part in each) for each in (state, image))
            missing[lost] = state_exits(rule, last, after, of_lost) == Exit.NO_VALUE
    return missing


def is_wild(rule: Rule) -> bool:
    """Whether a typed formula has more than sums and products in it, so that infinity may be a pole or an overflow on the way."""
    trees = (rule.tree,) if isinstance(rule, Formula) else rule.trees if isinstance(rule, PlaneFormula) else ()
    return not all(_is_tame(node) for tree in trees for node in walk(tree))


def _is_tame(node: Node) -> bool:
    whole = node.kind == "power" and node.args[1].kind == "number" and node.args[1].value >= 0 and node.args[1].value.is_integer()
    products = node.kind == "factors" and not set(node.signs) - {"*"}
    return node.kind in _TAME or whole or products
