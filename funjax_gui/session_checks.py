"""What a session's TOML may hold: every key with its check, and every problem with its line."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from funjax_gui import toml_checks
from funjax_gui.toml_checks import Check, TextError, choice, limits, located, near, real, shown, words
from kernels.bifurcation import MOST_STEPS
from kernels.expressions import ExpressionError
from kernels.maps import MAPS, find_map
from kernels.newton import GOALS
from kernels.newton import MOST_STEPS as MOST_NEWTON_STEPS
from kernels.solvers import METHODS

whole = partial(toml_checks.whole, most=MOST_STEPS)


class SessionError(TextError):
    """A text is no session; `problems` has one line for each thing that is wrong, `str` all of them."""


# Checks: each returns the value to keep, or raises ValueError saying what the value must be ------------------------------------


def _positive(value: Any) -> float:
    number = real(value)
    if number <= 0:
        raise ValueError(f"is {shown(value)}; give a number above 0")
    return number


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value or not value.isprintable() or len(value) > 1000:
        raise ValueError(f"is {shown(value)}; give a name")
    return value


def _map(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"is {shown(value)}; give a map's name: {', '.join(MAPS)}, or a formula")
    try:
        find_map(value)
    except ExpressionError as error:
        raise ValueError(f"is {shown(value)}: {located(error)}") from None
    except ValueError:
        hint = near(value, MAPS)
        raise ValueError(f"is {shown(value)}{hint}; the maps are {', '.join(MAPS)}, or write a formula such as r*x*(1-x)") from None
    return value


def _parameters(value: Any) -> tuple[tuple[str, float], ...]:
    if not isinstance(value, Mapping):
        raise ValueError(f"is {shown(value)}; give values by name, such as {{ a = 3.5 }}")
    found = []
    for name, given in sorted(value.items()):
        try:
            found.append((name, real(given)))
        except ValueError as error:
            raise ValueError(f"gives {shown(name)}, which {error}") from None
    return tuple(found)


def _size(value: Any) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(f"is {shown(value)}; give columns and rows, such as [1280, 800]")
    columns, rows = (whole(1)(side) for side in value)
    return columns, rows


def _point(value: Any) -> tuple[float, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError(f"is {shown(value)}; give a point's coordinates, such as [0.0, 0.0]")
    return tuple(real(coordinate) for coordinate in value)


TABLES: Mapping[str, Mapping[str, Check]] = {
    "fixed-points": {"map": _map, "parameters": _parameters, "x": limits, "starts": whole(1), "steps": whole(1)},
    "bifurcation": {
        "map": _map,
        "sweep": _text,
        "parameters": _parameters,
        "range": limits,
        "x": limits,
        "start": real,
        "transient": whole(0),
        "samples": whole(1),
        "size": _size,
    },
    "newton": {
        "objective": _text,
        "goal": choice(*GOALS),
        "start": _point,
        "method": choice(*METHODS),
        "max-steps": whole(1, most=MOST_NEWTON_STEPS),
        "tolerance": _positive,
    },
}
"""Every key of every table, in the order in which they are written, with its check."""

_TOP: Mapping[str, Check] = {"funjax": toml_checks.whole(1, 999), "title": words, "about": words, "tab": choice(*TABLES)}


# The text ----------------------------------------------------------------------------------------------------------------------


class Source(toml_checks.Source):
    """A session's TOML text, read."""

    key, version, what, error = "funjax", 1, "session", SessionError

    def top(self, key: str, default: Any) -> Any:
        """The checked value of a key at the top; `default` where it is missing or wrong."""
        return self.checked((), self.data, {key: _TOP[key]}).get(key, default)

    def table(self, name: str) -> Mapping[str, Any]:
        """The values of a table that are there and right, by key."""
        found = self.data.get(name, {})
        if not isinstance(found, Mapping):
            self.problem((name,), f"{name} is {shown(found)}; it must be a table: [{name}]")
            return {}
        self.refuse_unknown((name,), found, TABLES[name])
        return self.checked((name,), found, TABLES[name])

    def has(self, name: str, key: str) -> bool:
        """Whether the table gives the key, be its value right or wrong."""
        found = self.data.get(name)
        return isinstance(found, Mapping) and key in found


def read_toml(text: str) -> Source:
    """`text` as a session of a version that is read, its tables yet to be read. SessionError where it is none."""
    source = Source(text)
    source.refuse_unknown((), source.data, (*_TOP, *TABLES))
    return source
