"""A user's own function as a map, for notebooks and scripts."""

import inspect

import numpy as np

from kernels import validation
from kernels.geometry import Viewport
from kernels.maps.map import Map
from kernels.maps.registry import MAPS
from kernels.parameters import Parameter, check_range
from kernels.types import Rule

_own: set[str] = set()
"""Names of the maps that were added."""

Interval = tuple[float, float]


def add_map(rule: Rule, start: float | Interval, states: Interval | tuple[Interval, Interval], **ranges: Interval) -> Map:
    """Make a function a map that requests can name, by the function's name, until the process ends.

    A map that was added before is replaced. Raises ValueError, in one line, on the name of a library's map, a parameter without a range or
    a range without a parameter, and intervals that are empty.

    Args:
        rule: elementwise, of JAX's functions; `rule(x, *parameters)` is the next state, of a map of the plane `rule(x, y, *parameters)`
            both of its coordinates.
        start: an initial condition, of a map of the plane a pair.
        states: the usual interval of states, of a map of the plane one of each coordinate.
        ranges: an interval for each parameter, by name; the parameter's default is the function's, else the middle.

    """
    name = getattr(rule, "__name__", "")
    if not name.isidentifier():
        raise ValueError(f"the function {name or rule!r} has no name that a request could give; define it with def")
    if name in MAPS and name not in _own:
        raise ValueError(f"there is a map {name!r} in the library already; give the function another name")
    starts, intervals = np.atleast_1d(start).tolist(), np.asarray(states, np.float64).reshape(-1, 2).tolist()
    if not 1 <= len(starts) == len(intervals) <= 2:
        raise ValueError(f"{len(starts)} numbers in start for {len(intervals)} intervals of states; give one or two of each")
    for low, high in intervals:
        validation.interval("interval of states", low, high)
    coordinates, parameters = _arguments(rule, len(starts), ranges)
    over = (parameters[0].low, parameters[0].high) if parameters else (0.0, 1.0)
    own = Map(
        name=name,
        title=name,
        formula=f"{name}({', '.join((*coordinates, *(p.name for p in parameters)))})",
        rule=rule,
        parameters=parameters,
        sweep=parameters[0].name if parameters else "",
        state=(intervals[0][0], intervals[0][1]),
        start=starts[0],
        view=Viewport.from_limits(*over, *intervals[0]),
        meaning=inspect.getdoc(rule) or "",
        reference="",
        coordinates=coordinates,
        rest=tuple(starts[1:]),
        plane=Viewport.from_limits(*intervals[0], *intervals[1]) if intervals[1:] else None,
    )
    _own.add(name)
    MAPS[name] = own
    return own


def _arguments(rule: Rule, coordinates: int, ranges: dict[str, Interval]) -> tuple[tuple[str, ...], tuple[Parameter, ...]]:
    """The names of the rule's coordinates, and its parameters."""
    given = inspect.signature(rule).parameters
    names = tuple(given)
    if set(names[coordinates:]) != set(ranges) or len(names) < coordinates:
        wanted, found = ", ".join(names[coordinates:]) or "none", ", ".join(ranges) or "none"
        raise ValueError(f"the function's parameters are {wanted}, and ranges are given of {found}; give one of each, as in a=(0, 4)")
    parameters = []
    for name in names[coordinates:]:
        low, high = map(float, ranges[name])
        check_range(low, high)
        default = given[name].default
        parameters.append(Parameter(name, (low + high) / 2 if default is inspect.Parameter.empty else float(default), low, high, ""))
    return names[:coordinates], tuple(parameters)
