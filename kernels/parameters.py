"""Parameters of maps and objectives: name, default, range and meaning, and completion of given values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from kernels import validation
from kernels.validation import is_number

Given = Mapping[str, float] | Iterable[tuple[str, float]]
Pairs = tuple[tuple[str, float], ...]
Line = tuple[tuple[float, float], ...]
"""Both ends of a line in the plane of two parameters."""

POSITION = "position"
"""What the place on a line is called."""


@dataclass(frozen=True)
class Parameter:
    """A parameter with its default and the range of its slider; any finite value is allowed."""

    name: str
    default: float
    low: float
    high: float
    meaning: str
    letter: str = ""
    usual_range: tuple[float, float] | None = None
    """The range that the formula has by itself, for a parameter saved with another one."""

    @property
    def symbol(self) -> str:
        """Its symbol: the Greek letter of that name, else the name."""
        return self.letter or self.name


FARTHEST = 1e12
"""Largest absolute value of an end of a parameter's range."""


def check_range(low: float, high: float) -> None:
    """Raise ValueError, in one line, unless `low` to `high` is a valid range of a slider."""
    if not low < high:
        raise ValueError(f"the range {low:g} to {high:g} is empty or reversed; give the lower end first")
    if not -FARTHEST <= low < high <= FARTHEST:
        raise ValueError(f"the range {low:g} to {high:g} is out of range; give ends from {-FARTHEST:g} to {FARTHEST:g}")


class Parametrised:
    """Base class of maps and objectives: a name, and parameters in the order of the function's arguments."""

    name: str
    parameters: tuple[Parameter, ...]

    sort: ClassVar[str]
    """The noun for messages."""
    hint: ClassVar[str] = ""
    """Remedy in the message about an unknown parameter where there is none at all."""

    @property
    def called(self) -> str:
        """Its name in messages, where a long formula is shortened."""
        return self.name if len(self.name) <= 40 else self.name[:39] + "…"

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name. Raises ValueError, naming those available."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        if not self.parameters:
            named = f", so {name} cannot be set" if name else ""
            raise ValueError(f"the {self.sort} {self.called} has no parameter{named}{self.hint}")
        raise ValueError(f"the {self.sort} {self.called} has no parameter {name!r}; it has {', '.join(p.name for p in self.parameters)}")

    def values(self, given: Mapping[str, float]) -> tuple[float, ...]:
        """Values of all parameters in the function's order, with defaults for missing ones. Raises ValueError on an unknown name."""
        for name in given:
            self.parameter(name)
        return tuple(float(given.get(p.name, p.default)) for p in self.parameters)

    def completed(self, given: Given) -> Pairs:
        """(name, value) of all parameters, sorted, with defaults filled in. Raises ValueError on unknown names and invalid values."""
        pairs = dict(given)
        for name, value in pairs.items():
            usual = self.parameter(name)
            if not is_number(value):
                raise ValueError(f"{name} = {value!r} is not a finite number; give one, usually {usual.low:g} to {usual.high:g}")
        return tuple(sorted((p.name, float(pairs.get(p.name, p.default))) for p in self.parameters))


def checked_line(line: Any, swept: tuple[str, ...]) -> Line:
    """The ends of a line. Raises ValueError, in one line, where they are none, or where one parameter is swept twice."""
    ends = tuple(map(tuple, line))
    if len(ends) != 2 or any(len(end) != 2 for end in ends):
        raise ValueError(f"the line {line!r} does not have two ends; give two points ({', '.join(swept)})")
    if len(set(swept)) == 1:
        raise ValueError(f"{swept[0]} is swept twice along the line; a line is one of two parameters")
    for end in ends:
        for number in end:
            validation.finite("line's end", number)
    if ends[0] == ends[1]:
        raise ValueError(f"both ends of the line are {ends[0]}; give two different points")
    return tuple((float(x), float(y)) for x, y in ends)


class Swept:
    """A request whose columns differ in its parameter `sweep`, or along `line`, where it is not empty, in `and_sweep` too."""

    sweep: str
    and_sweep: str
    line: Line

    @property
    def swept(self) -> tuple[str, ...]:
        """The parameters that differ from column to column: one, or along a line two."""
        return (self.sweep, self.and_sweep) if self.and_sweep else (self.sweep,)

    @property
    def across(self) -> str:
        """What the horizontal axis is called in files: the swept parameter, or POSITION."""
        return POSITION if self.line else self.sweep

    def at(self, place: Any) -> dict[str, Any]:
        """The values of the swept parameters, by name, at a place on the horizontal axis; of an array arrays."""
        if not self.line:
            return {self.sweep: place}
        return {name: (1 - place) * first + place * last for name, first, last in zip(self.swept, *self.line, strict=True)}
