"""Formulas saved by name, my maps, objectives and equations, as a TOML text that a person can read and write, and that only holds data.

`parse` and `dumps` are each other's inverse. A formula is read by the whitelist of `kernels.formulas.parser`, so a stranger's file can run
nothing; names, sizes and counts are bounded, so it can take neither memory nor time. `my_maps_store` keeps the user's own file.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from funjax_gui.sessions import Check, Path, TextError, limits, located, real_number, shown_value, toml_reader, written_number
from kernels.equations import equation_text, equations_from
from kernels.formulas import is_plane_text, map_expression, objective_from
from kernels.geometry import Viewport
from kernels.parameters import Parameter, check_range

MAP, OBJECTIVE, EQUATION = KINDS = ("map", "objective", "equation")

LONGEST_NAME = 60
MOST = 200
"""Formulas of each kind in one file: more than a combo box is good for."""

LARGEST = 1 << 20
"""Bytes of the largest file that is read."""

MOST_COORDINATES = 100
"""Coordinates of a start that are kept; a longer one is made by rule."""

Limits = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class SavedParameter:
    """A parameter's value, and the range that its slider offers."""

    name: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class SavedFormula:
    """A formula by its name, and what it begins with; whatever is left empty is as usual for the formula.

    kind: one of KINDS. formula: its plain text, of an equation with "= 0". start: a number or a pair for a map, a point for others.
    across, up: the limits of the view; of a map its diagram's, along `sweep`. starts: the range of starts of the fixed-point explorer.
    """

    kind: str
    name: str
    formula: str
    parameters: tuple[SavedParameter, ...] = ()
    sweep: str = ""
    start: tuple[float, ...] = ()
    across: Limits | None = None
    up: Limits | None = None
    starts: Limits | None = None

    @property
    def view(self) -> Viewport | None:
        """The saved view, None for the formula's usual one."""
        return Viewport.from_limits(*self.across, *self.up) if self.across and self.up else None

    def over(self, earlier: "SavedFormula") -> "SavedFormula":
        """The same, with what it leaves empty as the earlier one of the same formula had it: each tab knows a part."""
        if (self.kind, self.formula) != (earlier.kind, earlier.formula):
            return self
        empty = {key: getattr(earlier, key) for key in ("sweep", "start", "starts") if not getattr(self, key)}
        if self.across is None and self.sweep in ("", earlier.sweep):
            empty |= {"across": earlier.across, "up": earlier.up}
        return replace(self, **empty)


class MyMapsError(TextError):
    """A text is not a file of maps; `problems` has one line for each thing that is wrong, `str` all of them."""


def check_name(name: str) -> str:
    """The name, without spaces at its ends. ValueError in one line where it will not do."""
    name = name.strip()
    if not name:
        raise ValueError("the name is empty; give one such as Logistic with harvest")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"the name has {len(name)} characters; give at most {LONGEST_NAME}")
    if not name.isprintable():
        raise ValueError(f"the name {name!r} has characters that cannot be shown; give letters, digits and signs")
    return name


def free_name(name: str, taken: Collection[str]) -> str:
    """`name`, or where it is taken the same with the first free number behind it: Tent (2)."""
    if name not in taken:
        return name
    stem = re.sub(r" \(\d{1,4}\)$", "", name)
    for number in range(2, len(taken) + 3):
        ending = f" ({number})"
        other = stem[: LONGEST_NAME - len(ending)].rstrip() + ending
        if other not in taken:
            return other
    raise AssertionError("there are more numbers than names")


def formula_of(kind: str, text: str) -> tuple[str, tuple[str, ...]]:
    """The plain text of a formula, and the names of its parameters, read but not tried out. ExpressionError where it is none."""
    if kind == MAP:
        expression = map_expression(text)
        return expression.source, expression.parameters
    if kind == EQUATION:
        equations = equations_from(text)
        return equation_text(equations), tuple(parameter.name for parameter in equations.parameters)
    objective = objective_from(text)
    return objective.name, tuple(parameter.name for parameter in objective.parameters)


def saved_parameters(parameters: Iterable[Parameter], values: Mapping[str, float]) -> tuple[SavedParameter, ...]:
    """Parameters as they are to be kept, at these values; those without one at their default."""
    return tuple(SavedParameter(p.name, float(values.get(p.name, p.default)), p.low, p.high) for p in parameters)


# Reading -----------------------------------------------------------------------------------------------------------------------


class _Source(toml_reader.Source):
    key, version, what, error = "funjax-maps", 1, "file of maps", MyMapsError


def _formula(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"is {shown_value(value)}; give a formula such as r*x*(1-x)")
    return value


def _start(value: Any) -> tuple[float, ...]:
    if not isinstance(value, list):
        return (real_number(value),)
    if len(value) != 2:
        raise ValueError(f"is {shown_value(value)}; give a number such as 0.5, or a point's two coordinates, such as [0.5, 0.0]")
    return tuple(map(real_number, value))


def _point(value: Any) -> tuple[float, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_COORDINATES:
        raise ValueError(f"is {shown_value(value)}; give a point of at most {MOST_COORDINATES} coordinates, such as [0.5, -0.5]")
    return tuple(real_number(coordinate) for coordinate in value)


def _name(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"is {shown_value(value)}; give a parameter's name")
    return value


def _kept(value: Any) -> tuple[float, float, float]:
    keys = ("value", "low", "high")
    if not isinstance(value, Mapping) or set(value) != set(keys):
        raise ValueError(f"is {shown_value(value)}; give its value and range, such as {{ value = 3.5, low = 0.0, high = 4.0 }}")
    number, low, high = (real_number(value[key]) for key in keys)
    try:
        check_range(low, high)
    except ValueError as error:
        raise ValueError(f"has no slider: {error}") from None
    return number, low, high


_OF_POINTS: Mapping[str, tuple[str, Check]] = {
    "formula": ("formula", _formula),
    "start": ("start", _point),
    "x": ("across", limits),
    "y": ("up", limits),
}

_KEYS: Mapping[str, Mapping[str, tuple[str, Check]]] = {
    MAP: {
        "formula": ("formula", _formula),
        "sweep": ("sweep", _name),
        "start": ("start", _start),
        "range": ("across", limits),
        "x": ("up", limits),
        "starts": ("starts", limits),
    },
    OBJECTIVE: _OF_POINTS,
    EQUATION: _OF_POINTS,
}
"""Every key of a table beside its parameters, in the order in which they are written, with the field that it says and its check."""


def parse(text: str) -> tuple[SavedFormula, ...]:
    """What a TOML text holds, in its order. MyMapsError, one 'line N: …' a problem."""
    found, problems = salvage(text)
    if problems:
        raise MyMapsError(problems)
    return found


def decode(data: bytes) -> str:
    """The text of a file; `data` are its first LARGEST + 1 bytes. MyMapsError where it is none."""
    return _Source.decode(data, LARGEST)


def is_newer(data: bytes) -> bool:
    """Whether it is a file of a later funjax, which knows better what is in it."""
    found = re.search(rf"^\s*{_Source.key}\s*=\s*([0-9]{{1,3}})\b".encode(), data[:4096], re.MULTILINE)
    return found is not None and int(found[1]) > _Source.version


def salvage(text: str) -> tuple[tuple[SavedFormula, ...], list[str]]:
    """What can be read of a TOML text, and a line for each thing that cannot. MyMapsError where nothing can."""
    source = _Source(text)
    source.refuse_unknown((), source.data, (source.key, *KINDS))
    found = [saved for kind in KINDS for saved in _read_kind(source, kind)]
    return tuple(found), source.problems


def _read_kind(source: _Source, kind: str) -> Iterable[SavedFormula]:
    tables = source.data.get(kind, {})
    if not isinstance(tables, Mapping):
        source.problem((kind,), f"{kind} is {shown_value(tables)}; give tables such as [{kind}.Tent]")
        return
    if len(tables) > MOST:
        source.problem((kind,), f"there are {len(tables)} {kind}s; at most {MOST} are read")
    for name in list(tables)[:MOST]:
        saved = _read(source, kind, name, tables[name])
        if saved is not None:
            yield saved


def _read(source: _Source, kind: str, name: str, table: Any) -> SavedFormula | None:
    """One of them, without what is wrong with it; None where its name or its formula is."""
    path, keys = (kind, name), _KEYS[kind]
    if not isinstance(table, Mapping):
        source.problem(path, f"{kind}.{shown_value(name)} is {shown_value(table)}; give a table with a formula")
        return None
    source.refuse_unknown(path, table, (*keys, "parameters"))
    values = source.checked(path, table, {key: check for key, (_, check) in keys.items()})
    try:
        if check_name(name) != name:
            raise ValueError(f"the name {name!r} begins or ends with a space; remove it")
        if "formula" not in table:
            raise ValueError(f"{name} has no formula; give one such as r*x*(1-x)")
    except ValueError as error:
        source.problem(path, str(error))
        return None
    if "formula" not in values:
        return None
    try:
        formula, names = formula_of(kind, values["formula"])
    except ValueError as error:
        source.problem((*path, "formula"), f"formula is {shown_value(values['formula'])}: {located(error)}")
        return None
    values |= {"formula": formula, "parameters": _parameters(source, path, table, names)}
    _check_together(source, path, values, names)
    fields = {keys[key][0] if key in keys else key: value for key, value in values.items()}
    return SavedFormula(kind, name, **fields)


def _parameters(source: _Source, path: Path, table: Mapping[str, Any], names: Sequence[str]) -> tuple[SavedParameter, ...]:
    given, path = table.get("parameters", {}), (*path, "parameters")
    if not isinstance(given, Mapping):
        source.problem(path, f"parameters is {shown_value(given)}; give values by name: r = {{ value = 3.5, low = 0.0, high = 4.0 }}")
        return ()
    for name in given:
        if name not in names:
            source.problem((*path, name), f"the formula has no parameter {shown_value(name)}; it has {', '.join(names) or 'none'}")
    return tuple(SavedParameter(name, *value) for name, value in source.checked(path, given, dict.fromkeys(names, _kept)).items())


def _check_together(source: _Source, path: Path, values: dict[str, Any], names: Sequence[str]) -> None:
    """Take away what does not fit the formula, or is half of a pair."""

    def drop(key: str, problem: str) -> None:
        source.problem((*path, key), problem)
        del values[key]

    if path[0] == MAP:
        if "sweep" in values and values["sweep"] not in names:
            drop("sweep", f"the formula has no parameter {shown_value(values['sweep'])} to sweep; it has {', '.join(names) or 'none'}")
        wanted = 2 if is_plane_text(values["formula"]) else 1
        if "start" in values and len(values["start"]) != wanted:
            drop("start", f"start is {shown_value(list(values['start']))}; the map has {('one coordinate', 'two coordinates')[wanted - 1]}")
    elif "start" in values:
        try:
            _check_start(path[0], values["formula"], len(values["start"]))
        except ValueError as error:
            drop("start", f"start is {shown_value(list(values['start']))}: {error}")
    pair = ("range", "x") if path[0] == MAP else ("x", "y")
    if len(given := [key for key in pair if key in values]) == 1:
        drop(given[0], f"{given[0]} is given without {pair[given[0] == pair[0]]}; a view has both")


def _check_start(kind: str, formula: str, count: int) -> None:
    """Raise ValueError, in one line, where a point of an objective or of equations has another number of coordinates."""
    if kind == OBJECTIVE:
        objective_from(formula).check_dimension(count)
    elif count != (wanted := equations_from(formula).coordinates):
        raise ValueError(f"the equation's points have {wanted} coordinates; give {wanted}")


# Writing -----------------------------------------------------------------------------------------------------------------------


def dumps(library: Iterable[SavedFormula]) -> str:
    """These as TOML text, kind by kind."""
    parts = [f"# Maps, objectives and equations saved with funjax; File > My maps imports them\n{_Source.key} = {_Source.version}\n"]
    for saved in sorted(library, key=lambda saved: KINDS.index(saved.kind)):
        head = f"{saved.kind}.{_key(saved.name)}"
        lines = [f"[{head}]"]
        for key, (field, _) in _KEYS[saved.kind].items():
            value = getattr(saved, field)
            if value not in ((), "", None):
                lines.append(f"{key} = {written_number(value[0] if (saved.kind, key, len(value)) == (MAP, 'start', 1) else value)}")
        if saved.parameters:
            lines += ["", f"[{head}.parameters]"]
        for p in saved.parameters:
            lines.append(
                f"{p.name} = {{ value = {written_number(p.value)}, low = {written_number(p.low)}, high = {written_number(p.high)} }}"
            )
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else written_number(name)
