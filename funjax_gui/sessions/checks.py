"""Checks of the values in a session's TOML, and its reader; every error has its line."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, Literal

from funjax_gui.sessions import toml_reader
from funjax_gui.sessions.toml_reader import Check, TextError, limit, limits, located, nearest_word, real_number, shown_value
from kernels.bifurcation import MOST_STEPS
from kernels.catalog import find_map
from kernels.formulas import ExpressionError
from kernels.maps import MAPS
from kernels.parameters import check_range

whole = partial(toml_reader.whole, most=MOST_STEPS)


class SessionError(TextError):
    """A text is not a valid session; `problems` has one line for each error, `str` all of them."""


# Checks: each returns the value to keep, or raises ValueError saying what the value must be ------------------------------------


def positive(value: Any) -> float:
    """A number above 0."""
    number = real_number(value)
    if number <= 0:
        raise ValueError(f"is {shown_value(value)}; give a number above 0")
    return number


def switch(value: Any) -> bool:
    """On or off."""
    if not isinstance(value, bool):
        raise ValueError(f"is {shown_value(value)}; it may be true or false")
    return value


def text(value: Any) -> str:
    """A name, checked further elsewhere."""
    if not isinstance(value, str) or not value or not value.isprintable() or len(value) > 1000:
        raise ValueError(f"is {shown_value(value)}; give a name")
    return value


def map_name(value: Any) -> str:
    """A map of the library, or a formula, of one coordinate or two."""
    if not isinstance(value, str):
        raise ValueError(f"is {shown_value(value)}; give a map's name: {', '.join(MAPS)}, or a formula")
    try:
        find_map(value)
    except ExpressionError as error:
        raise ValueError(f"is {shown_value(value)}: {located(error)}") from None
    except ValueError:
        hint = nearest_word(value, MAPS)
        raise ValueError(f"is {shown_value(value)}{hint}; the maps are {', '.join(MAPS)}, or write a formula such as r*x*(1-x)") from None
    return value


def parameters(value: Any) -> tuple[tuple[str, float], ...]:
    """Finite numbers by name."""
    if not isinstance(value, Mapping):
        raise ValueError(f"is {shown_value(value)}; give values by name, such as {{ a = 3.5 }}")
    found = []
    for name, given in sorted(value.items()):
        try:
            found.append((name, real_number(given)))
        except ValueError as error:
            raise ValueError(f"gives {shown_value(name)}, which {error}") from None
    return tuple(found)


def ranges(value: Any) -> tuple[tuple[str, tuple[float, float]], ...]:
    """The ends of sliders by name."""
    if not isinstance(value, Mapping):
        raise ValueError(f"is {shown_value(value)}; give ranges by name, such as {{ a = [3.0, 4.0] }}")
    found = []
    for name, given in sorted(value.items()):
        try:
            low, high = (float(end) for end in limits(given))
            check_range(low, high)
        except ValueError as error:
            raise ValueError(f"gives {shown_value(name)}: {str(error).removeprefix('is ')}") from None
        found.append((name, (low, high)))
    return tuple(found)


def size(value: Any) -> tuple[int, int]:
    """Columns and rows."""
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(f"is {shown_value(value)}; give columns and rows, such as [1280, 800]")
    columns, rows = (whole(1)(side) for side in value)
    return columns, rows


def point(value: Any) -> tuple[float, ...]:
    """A point's coordinates, one at least."""
    if not isinstance(value, list) or not value:
        raise ValueError(f"is {shown_value(value)}; give a point's coordinates, such as [0.0, 0.0]")
    return tuple(real_number(coordinate) for coordinate in value)


def line(value: Any) -> tuple[tuple[float, float], ...]:
    """Both ends of a line in a plane."""
    try:
        (a, b), (c, d) = value
    except (TypeError, ValueError):
        raise ValueError(f"is {shown_value(value)}; give both ends of a line, such as [[1.0, 0.1], [1.4, 0.3]]") from None
    return (real_number(a), real_number(b)), (real_number(c), real_number(d))


def number_or_point(value: Any) -> float | tuple[float, float]:
    """A number, or the two coordinates of a point."""
    if not isinstance(value, list):
        return real_number(value)
    if len(value) != 2:
        raise ValueError(f"is {shown_value(value)}; give a number such as 0.5, or a point's two coordinates, such as [0.5, 0.0]")
    x, y = map(real_number, value)
    return x, y


def numbers_or_points(most: int, most_points: int) -> Check:
    """Up to so many different numbers, or up to `most_points` points of the plane."""

    def check(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or not any(isinstance(given, list) for given in value):
            return tuple(numbers(most)(value))
        found = tuple(dict.fromkeys(map(number_or_point, value)))
        if not all(isinstance(given, tuple) for given in found):
            raise ValueError(f"is {shown_value(value)}; give numbers, or points such as [[0.5, 0.0], [0.1, 0.2]], not both")
        if len(found) > most_points:
            raise ValueError(f"has {len(found)} points; give at most {most_points}")
        return found

    return check


def numbers(most: int) -> Check:
    """Up to so many different numbers."""

    def check(value: Any) -> tuple[float, ...]:
        if not isinstance(value, list):
            raise ValueError(f"is {shown_value(value)}; give numbers in brackets, such as [0.25, 0.5]")
        found = tuple(dict.fromkeys(map(real_number, value)))
        if len(found) > most:
            raise ValueError(f"has {len(found)} numbers; give at most {most}")
        return found

    return check


def several(*names: str) -> Check:
    """Some of these, one at least; they are kept in this order."""

    def check(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            raise ValueError(f"is {shown_value(value)}; give one or more of {', '.join(names)} in brackets")
        for given in value:
            if given not in names:
                raise ValueError(f"has {shown_value(given)}{nearest_word(given, names)}; it may have {', '.join(names)}")
        return tuple(name for name in names if name in value)

    return check


def any_of(*names: str) -> Check:
    """Some of these, or none; they are kept in this order."""

    def check(value: Any) -> tuple[str, ...]:
        return () if value == [] else several(*names)(value)

    return check


def pin(value: Any) -> Decimal | Literal[False] | tuple[float, float]:
    """A number with all its digits, false for none, or of two parameters the two coordinates of a point."""
    if value is False:
        return False
    if isinstance(value, list) and len(value) == 2:
        x, y = map(real_number, value)
        return x, y
    try:
        place = limit(value)
        real_number(place)
    except ValueError:
        raise ValueError(f"is {shown_value(value)}; give a number such as 3.57, or false for no pin") from None
    return place


# The text ----------------------------------------------------------------------------------------------------------------------


class Source(toml_reader.Source):
    """A session's TOML text, read."""

    key, version, what, error = "funjax", 1, "session", SessionError

    def top(self, checks: Mapping[str, Check]) -> dict[str, Any]:
        """Valid top-level values by key."""
        return self.checked((), self.data, checks)

    def table(self, name: str, checks: Mapping[str, Check]) -> Mapping[str, Any]:
        """Valid values of a table by key."""
        found = self.data.get(name, {})
        if not isinstance(found, Mapping):
            self.problem((name,), f"{name} is {shown_value(found)}; it must be a table: [{name}]")
            return {}
        self.refuse_unknown((name,), found, checks)
        return self.checked((name,), found, checks)

    def has(self, name: str, key: str) -> bool:
        """Whether the table has the key, with a valid value or not."""
        found = self.data.get(name)
        return isinstance(found, Mapping) and key in found

    def try_out(self, path: tuple[str, ...], made: Callable[[], Any]) -> None:
        """Note an error that a request reports about the value at `path`."""
        try:
            made()
        except ValueError as error:
            self.problem(path, str(error))
