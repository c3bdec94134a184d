"""Typed maps: a formula in x, or two of a map of the plane, whose other names are parameters; a few orbits give an initial view."""

from dataclasses import replace
from functools import lru_cache
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from kernels.formulas.first_view import FAR, NOTHING_SEEN, range_of, stretch, typed_map, usual_parameter
from kernels.formulas.parser import REMEMBERED, Expression, parse
from kernels.formulas.plane import PlaneExpression, is_plane_text, plane_expression, plane_map_of, plane_map_with
from kernels.formulas.tokens import ExpressionError
from kernels.formulas.tree import Evaluation
from kernels.geometry import Viewport
from kernels.maps import Map
from kernels.parameters import Parameter

TITLE = "Your own"

_STARTS = (0.5, 0.1, -0.5, 1.5)
"""Initial conditions that are tried; the first whose orbits stay bounded for most values of the parameter is used."""

_COLUMNS = 129
_STEPS = 200
_WATCHED = 32
_WORK = 5_000
"""Maximum number of operations on all columns to find the initial view: some tens of milliseconds."""


@lru_cache(maxsize=REMEMBERED)
def map_from(text: str) -> Map:
    """The map x -> `text`. Equal formulas are the same Map with the same rule. ExpressionError, in one line, where it is none in x.

    Two formulas, such as x' = 1 - a*x^2 + y; y' = b*x, are a map of the plane. Its name is the formula in plain letters; its parameters are
    the names in it, with usual ranges; the first of them is swept. Without any, `sweep` is empty. View, states and start are found by
    following a few orbits.
    """
    expression = map_expression(text)
    known = _alive.get(expression.source)
    if known is None:
        known = plane_map_of(expression, TITLE) if isinstance(expression, PlaneExpression) else _map_of(expression)
    return _alive.setdefault(expression.source, known)


def map_expression(text: str) -> Expression | PlaneExpression:
    """The parsed formula or formulas of a map, without an initial view. ExpressionError, in one line, if it is not a formula in x."""
    if is_plane_text(text):
        return plane_expression(text)
    expression = parse(text)
    if "x" not in expression.used:
        raise ExpressionError("the formula has no x in it; write the next state in terms of x, such as r*x*(1-x)", 0)
    return expression


_alive: WeakValueDictionary[str, Map] = WeakValueDictionary()


@lru_cache(maxsize=REMEMBERED)
def map_with(text: str, parameters: tuple[Parameter, ...], sweep: str) -> Map:
    """The map x -> `text` with other defaults and ranges, and another parameter swept: its first picture is found with those.

    `parameters` are all of the formula's, in its order. The rule is the same, compiled once.
    """
    found, expression = map_from(text), map_expression(text)
    if isinstance(expression, PlaneExpression):
        return plane_map_with(found, expression, parameters, sweep)
    start, shown, states = _tried(expression, tuple(sorted(parameters, key=lambda parameter: parameter.name != sweep)))
    return replace(found, parameters=parameters, sweep=sweep, state=states, start=start, view=Viewport.from_limits(*shown, *states))


def _map_of(expression: Expression) -> Map:
    parameters = tuple(map(usual_parameter, expression.parameters))
    start, shown, states = _tried(expression, parameters)
    return typed_map(expression, TITLE, parameters, shown, states, start=start, meaning="A formula of your own.")


def _tried(expression: Expression, parameters: tuple[Parameter, ...]) -> tuple[float, tuple[float, float], tuple[float, float]]:
    """(start, range of the swept parameter in which orbits stay, range of states they settle in)."""
    swept = np.linspace(parameters[0].low, parameters[0].high, _COLUMNS) if parameters else np.zeros(1)
    values = {p.name: np.full(swept.shape, p.default) for p in parameters[1:]} | {p.name: swept for p in parameters[:1]}
    # All at once, since most of the time is overhead of calling numpy.
    orbits = _orbits(expression, values, len(swept))
    stay = (np.abs(orbits) < FAR).all(0)
    best = int(np.argmax(stay.sum(1)))
    start, orbit, stays = _STARTS[best], orbits[:, best], stay[best]
    whole = (parameters[0].low, parameters[0].high) if parameters else (0.0, 1.0)
    if not stays.any():
        return _STARTS[0], whole, NOTHING_SEEN
    low, high = range_of(orbit[:, stays])
    # Without a parameter there is only one orbit, which may be constant.
    states = (low, high) if parameters else (min(low, NOTHING_SEEN[0]), max(high, NOTHING_SEEN[1]))
    return start, stretch(swept, stays, whole), states


def _orbits(expression: Expression, values: dict[str, NDArray[Any]], columns: int) -> NDArray[Any]:
    """The last states of the orbits of all initial conditions. Shape (_WATCHED, initial conditions, columns)."""
    steps = max(2 * _WATCHED, min(_STEPS, _WORK // expression.size))
    x, kept = np.repeat(np.array(_STARTS)[:, np.newaxis], columns, axis=1), []
    with np.errstate(all="ignore"):
        for n in range(steps):
            x = np.broadcast_to(Evaluation("numpy", values | {"x": x}, {}).real(expression.rule.tree), x.shape)
            if n >= steps - _WATCHED:
                kept.append(x)
    return np.array(kept)
