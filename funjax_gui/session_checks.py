"""What a session's TOML may hold: every key with its check, and every problem with its line."""

import difflib
import math
import re
import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from funjax_gui.toml_lines import key_lines, line_of
from kernels.bifurcation import MOST_STEPS
from kernels.expressions import ExpressionError
from kernels.geometry import Viewport, decimal, grouped
from kernels.maps import MAPS, find_map
from kernels.newton import GOALS
from kernels.newton import MOST_STEPS as MOST_NEWTON_STEPS
from kernels.solvers import METHODS

Check = Callable[[Any], Any]

MOST_PROBLEMS = 20
"""Problems that are told of one text; a file that is no session at all has thousands."""


class SessionError(ValueError):
    """A text is no session; `problems` has one line for each thing that is wrong, `str` all of them."""

    def __init__(self, problems: list[str]) -> None:
        if len(problems) > MOST_PROBLEMS:
            more = len(problems) - MOST_PROBLEMS
            problems = [*problems[:MOST_PROBLEMS], f"and {more} more such {'problem' if more == 1 else 'problems'}"]
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


# Checks: each returns the value to keep, or raises ValueError saying what the value must be ------------------------------------


def shown(value: Any) -> str:
    """A value as a message shows it: in one line, as TOML writes it where that is easy, and short."""
    if isinstance(value, list):
        text = f"[{', '.join('[…]' if isinstance(item, list) else shown(item) for item in value[:20])}]"
    elif isinstance(value, bool):
        text = str(value).lower()
    else:
        text = str(value) if isinstance(value, Decimal | int) else repr(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _whole(least: int, most: int = MOST_STEPS) -> Check:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"is {shown(value)}; give a whole number from {least} to {grouped(most)}")
        return value

    return check


def _real(value: Any) -> float:
    try:
        number = float(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else math.nan
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"is {shown(value)}; give a finite number such as 0.5")
    return number


def _positive(value: Any) -> float:
    number = _real(value)
    if number <= 0:
        raise ValueError(f"is {shown(value)}; give a number above 0")
    return number


def _choice(*names: str) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in names:
            raise ValueError(f"is {shown(value)}{_near(value, names)}; it may be {', '.join(names)}")
        return value

    return check


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value or not value.isprintable() or len(value) > 1000:
        raise ValueError(f"is {shown(value)}; give a name")
    return value


def _words(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 1000:
        raise ValueError(f"is {shown(value)}; give some words, at most 1000 characters")
    return " ".join(value.split())


def _map(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"is {shown(value)}; give a map's name: {', '.join(MAPS)}, or a formula")
    try:
        find_map(value)
    except ExpressionError as error:
        raise ValueError(f"is {shown(value)}: {located(error)}") from None
    except ValueError:
        near = _near(value, MAPS)
        raise ValueError(f"is {shown(value)}{near}; the maps are {', '.join(MAPS)}, or write a formula such as r*x*(1-x)") from None
    return value


def located(error: ValueError) -> str:
    """What is wrong, with the character where it is known."""
    return f"{error} (at character {error.column + 1})" if isinstance(error, ExpressionError) else str(error)


def _parameters(value: Any) -> tuple[tuple[str, float], ...]:
    if not isinstance(value, Mapping):
        raise ValueError(f"is {shown(value)}; give values by name, such as {{ a = 3.5 }}")
    found = []
    for name, given in sorted(value.items()):
        try:
            found.append((name, _real(given)))
        except ValueError as error:
            raise ValueError(f"gives {shown(name)}, which {error}") from None
    return tuple(found)


def _limit(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise ValueError(f"{shown(value)} is not a number; write digits such as 3.57 or 1e-9")
    if isinstance(value, str) and not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", value, re.ASCII):
        raise ValueError(f"{shown(value)} is not a number; write digits such as 3.57 or 1e-9")
    return decimal(value)


def _limits(value: Any) -> tuple[Decimal, Decimal]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(f"is {shown(value)}; give two limits, the lower one first, such as [3.4, 4.0]")
    try:
        low, high = (_limit(limit) for limit in value)
    except ValueError as error:
        raise ValueError(f"is {shown(value)}: {error}") from None
    if not low < high:
        raise ValueError(f"is [{shown(low)}, {shown(high)}], which is empty or reversed; give the lower limit first")
    try:
        Viewport.from_limits(low, high, 0, 1)
    except ValueError as error:
        raise ValueError(f"is out of range: {error}") from None
    return low, high


def _size(value: Any) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(f"is {shown(value)}; give columns and rows, such as [1280, 800]")
    columns, rows = (_whole(1)(side) for side in value)
    return columns, rows


def _point(value: Any) -> tuple[float, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError(f"is {shown(value)}; give a point's coordinates, such as [0.0, 0.0]")
    return tuple(_real(coordinate) for coordinate in value)


TABLES: Mapping[str, Mapping[str, Check]] = {
    "fixed-points": {"map": _map, "parameters": _parameters, "x": _limits, "starts": _whole(1), "steps": _whole(1)},
    "bifurcation": {
        "map": _map,
        "sweep": _text,
        "parameters": _parameters,
        "range": _limits,
        "x": _limits,
        "start": _real,
        "transient": _whole(0),
        "samples": _whole(1),
        "size": _size,
    },
    "newton": {
        "objective": _text,
        "goal": _choice(*GOALS),
        "start": _point,
        "method": _choice(*METHODS),
        "max-steps": _whole(1, MOST_NEWTON_STEPS),
        "tolerance": _positive,
    },
}
"""Every key of every table, in the order in which they are written, with its check."""

_TOP: Mapping[str, Check] = {"funjax": _whole(1, 999), "title": _words, "about": _words, "tab": _choice(*TABLES)}


# The text ----------------------------------------------------------------------------------------------------------------------


class Source:
    """A TOML text, read: its values checked one at a time, its problems gathered with their lines."""

    def __init__(self, text: str, data: Mapping[str, Any]) -> None:
        self._data = data
        self._lines = key_lines(text)
        self._problems: list[tuple[int, str]] = []

    def problem(self, path: tuple[str, ...], text: str) -> None:
        """Note what is wrong with what stands at `path`."""
        self._problems.append((line_of(self._lines, path), text))

    def stop_at_problems(self) -> None:
        """Raise SessionError with every problem noted, in the order of the lines; nothing where there is none."""
        if self._problems:
            raise SessionError([f"line {line}: {text}" for line, text in sorted(self._problems, key=lambda found: found[0])])

    def top(self, key: str, default: Any) -> Any:
        """The checked value of a key at the top; `default` where it is missing or wrong."""
        return self._checked((), self._data, {key: _TOP[key]}).get(key, default)

    def table(self, name: str) -> Mapping[str, Any]:
        """The values of a table that are there and right, by key."""
        found = self._data.get(name, {})
        if not isinstance(found, Mapping):
            self.problem((name,), f"{name} is {shown(found)}; it must be a table: [{name}]")
            return {}
        self._refuse_unknown((name,), found, TABLES[name])
        return self._checked((name,), found, TABLES[name])

    def has(self, name: str, key: str) -> bool:
        """Whether the table gives the key, be its value right or wrong."""
        found = self._data.get(name)
        return isinstance(found, Mapping) and key in found

    def check_top(self) -> None:
        """Refuse keys and tables at the top that mean nothing."""
        self._refuse_unknown((), self._data, (*_TOP, *TABLES))

    def _checked(self, path: tuple[str, ...], found: Mapping[str, Any], checks: Mapping[str, Check]) -> dict[str, Any]:
        values = {}
        for key, check in checks.items():
            if key in found:
                try:
                    values[key] = check(found[key])
                except ValueError as error:
                    self.problem((*path, key), f"{key} {error}")
        return values

    def _refuse_unknown(self, path: tuple[str, ...], found: Mapping[str, Any], known: Any) -> None:
        where = f"in [{path[0]}]" if path else "at the top"
        for key in found:
            if key not in known:
                # Looking for a near name is slow, and is not worth it for the thousandth.
                hint = _near(key, known) if len(self._problems) < MOST_PROBLEMS else ""
                self.problem((*path, key), f"unknown key {shown(key)} {where}{hint}; known are {', '.join(known)}")


def read_toml(text: str, version: int) -> Source:
    """`text` as a session of a version up to `version`, its tables yet to be read. SessionError where it is none."""
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise SessionError([_syntax(str(error), text)]) from None
    except (ValueError, RecursionError, ArithmeticError):
        # The reader's own limits: a number of thousands of digits, brackets a thousand deep.
        raise SessionError(["line 1: this is no session: a number in it is too long, or its brackets are too deep"]) from None
    source = Source(text, data)
    given = data.get("funjax")
    if given is None:
        raise SessionError([f"line 1: 'funjax = {version}' is missing; without it this is not a session"])
    if source.top("funjax", version) > version:
        source.problem(("funjax",), f"this session is of version {given}, and this funjax reads up to {version}; update funjax")
        source.stop_at_problems()
    source.check_top()
    return source


def _syntax(message: str, text: str) -> str:
    """The standard reader's message with its line in front."""
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", message, re.DOTALL)
    if not found:
        return f"line 1: {_one_line(message)}"
    line = found[2] or str(text.rstrip("\n").count("\n") + 1)
    column = f", at column {found[3]}" if found[3] else ", at the end"
    return f"line {line}: {_one_line(found[1])}{column}"


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)[:200]


def _near(value: Any, names: Any) -> str:
    """A hint at the known name that is nearest, or nothing."""
    near = difflib.get_close_matches(value[:60], list(names), 1, 0.6) if isinstance(value, str) else []
    return f" (do you mean {near[0]}?)" if near else ""
