"""Typed maps: a formula in x whose other names are parameters, with an initial view found from a few orbits."""

from dataclasses import replace
from functools import lru_cache
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from kernels.formulas.parser import REMEMBERED, Expression, parse
from kernels.formulas.tokens import ExpressionError
from kernels.formulas.tree import Evaluation, symbol
from kernels.geometry import Viewport
from kernels.maps import Map
from kernels.parameters import Parameter

TITLE = "Your own"

_WHOLE = (-4.0, 4.0, 1.0)
_RANGES = {
    **dict.fromkeys(("a", "r", "mu", "lam"), (0.0, 4.0, 3.5)),
    **{"b": (-1.0, 1.0, 0.3), "c": (-2.0, 2.0, -1.0), "d": (-2.0, 2.0, 0.0), "k": (0.0, 10.0, 1.0), "m": (0.0, 2.0, 1.5)},
    **{"omega": (0.0, 1.0, 0.4), "alpha": (0.0, 20.0, 6.2), "beta": (-1.0, 1.0, -0.5)},
}
"""(lowest, highest, default) of parameters by their usual names; any other name has _WHOLE."""

_STARTS = (0.5, 0.1, -0.5, 1.5)
"""Initial conditions that are tried; the first whose orbits stay bounded for most values of the parameter is used."""

_COLUMNS = 129
_STEPS = 200
_WATCHED = 32
_FAR = 1e6
_WORK = 5_000
"""Maximum number of operations on all columns to find the initial view: some tens of milliseconds."""

_NOTHING_SEEN = (-2.0, 2.0)


@lru_cache(maxsize=REMEMBERED)
def map_from(text: str) -> Map:
    """The map x -> `text`. Equal formulas are the same Map with the same rule. ExpressionError, in one line, where it is none in x.

    Its name is the formula in plain letters; its parameters are the names in it, with usual ranges; the first of them is swept. Without
    any, `sweep` is empty. View, states and start are found by following a few orbits.
    """
    expression = map_expression(text)
    return _alive.get(expression.source) or _alive.setdefault(expression.source, _map_of(expression))


def map_expression(text: str) -> Expression:
    """The parsed formula of a map, without its initial view. Raises ExpressionError, in one line, if it is not a formula in x."""
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
    start, shown, states = _tried(expression, tuple(sorted(parameters, key=lambda parameter: parameter.name != sweep)))
    return replace(found, parameters=parameters, sweep=sweep, state=states, start=start, view=Viewport.from_limits(*shown, *states))


def _map_of(expression: Expression) -> Map:
    parameters = tuple(map(_parameter, expression.parameters))
    start, shown, states = _tried(expression, parameters)
    if parameters and not shown[0] <= parameters[0].default <= shown[1]:
        swept = parameters[0]
        middle = _round((shown[0] + shown[1]) / 2, shown[1] - shown[0])
        parameters = (Parameter(swept.name, middle, swept.low, swept.high, swept.meaning, swept.letter), *parameters[1:])
    return Map(
        name=expression.source,
        title=TITLE,
        formula=expression.text,
        rule=expression.rule,
        parameters=parameters,
        sweep=parameters[0].name if parameters else "",
        state=states,
        start=start,
        view=Viewport.from_limits(*shown, *states),
        meaning="A formula of your own.",
        reference="typed in",
    )


def _parameter(name: str) -> Parameter:
    low, high, default = _RANGES.get(name, _WHOLE)
    return Parameter(name, default, low, high, "a parameter of your formula", symbol(name))


def _tried(expression: Expression, parameters: tuple[Parameter, ...]) -> tuple[float, tuple[float, float], tuple[float, float]]:
    """(start, range of the swept parameter in which orbits stay, range of states they settle in)."""
    swept = np.linspace(parameters[0].low, parameters[0].high, _COLUMNS) if parameters else np.zeros(1)
    values = {p.name: np.full(swept.shape, p.default) for p in parameters[1:]} | {p.name: swept for p in parameters[:1]}
    # All at once, since most of the time is overhead of calling numpy.
    orbits = _orbits(expression, values, len(swept))
    stay = (np.abs(orbits) < _FAR).all(0)
    best = int(np.argmax(stay.sum(1)))
    start, orbit, stays = _STARTS[best], orbits[:, best], stay[best]
    whole = (parameters[0].low, parameters[0].high) if parameters else (0.0, 1.0)
    if not stays.any():
        return _STARTS[0], whole, _NOTHING_SEEN
    low, high = _states(orbit[:, stays])
    # Without a parameter there is only one orbit, which may be constant.
    states = (low, high) if parameters else (min(low, _NOTHING_SEEN[0]), max(high, _NOTHING_SEEN[1]))
    return start, _stretch(swept, stays, whole), states


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


def _stretch(swept: NDArray[Any], stays: NDArray[np.bool_], whole: tuple[float, float]) -> tuple[float, float]:
    """The part of the parameter's range with orbits that stay, or all of it where that is most of it or hardly any."""
    inside = swept[stays]
    low, high = float(inside[0]), float(inside[-1])
    gap = float(swept[1] - swept[0]) if len(swept) > 1 else 1.0
    if high - low < 4 * gap:
        return whole
    return (max(whole[0], _round(low - gap, high - low)), min(whole[1], _round(high + gap, high - low)))


def _states(orbit: NDArray[Any]) -> tuple[float, float]:
    """A range that contains the states with a margin, with short limits."""
    low, high = float(orbit.min()), float(orbit.max())
    if high - low > 100:  # a few orbits on their way out should not make the rest a line
        low, high = (float(limit) for limit in np.percentile(orbit, [5, 95]))
    if high - low < 1e-3 * max(1.0, abs(low)):
        low, high = low - max(1.0, abs(low)), high + max(1.0, abs(high))
    width = high - low
    return _round(low - 0.05 * width, width), _round(high + 0.05 * width, width)


def _round(value: float, width: float) -> float:
    """`value` to a hundredth of the width."""
    return round(value, 2 - int(np.floor(np.log10(width)))) + 0.0
