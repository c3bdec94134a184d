"""Parameters, the numbers that a person drags: what each is, and values of all of them checked and completed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from kernels.validation import is_number

Given = Mapping[str, float] | Iterable[tuple[str, float]]
Pairs = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Parameter:
    """A number that a map or an objective depends on: its default and the range that a slider offers (others are allowed, if finite)."""

    name: str
    default: float
    low: float
    high: float
    meaning: str
    letter: str = ""
    usual_range: tuple[float, float] | None = None
    """The formula's own range, for a parameter saved with a default and a range of the user's."""

    @property
    def symbol(self) -> str:
        """How it is written: its Greek letter if it is named after one, else its name."""
        return self.letter or self.name


FARTHEST = 1e12
"""The ends of a parameter's range lie within this of 0."""


def check_range(low: float, high: float) -> None:
    """ValueError, in one line, unless a slider can run from `low` to `high`."""
    if not low < high:
        raise ValueError(f"the range {low:g} to {high:g} is empty or reversed; give the lower end first")
    if not -FARTHEST <= low < high <= FARTHEST:
        raise ValueError(f"the range {low:g} to {high:g} is out of range; give ends from {-FARTHEST:g} to {FARTHEST:g}")


class Parametrised:
    """What a map and an objective share: a name, and parameters in the order in which its function takes them."""

    name: str
    parameters: tuple[Parameter, ...]

    sort: ClassVar[str]
    """What it is called in a message."""
    hint: ClassVar[str] = ""
    """What to do where one without parameters is asked for one."""

    @property
    def called(self) -> str:
        """Its name as a message gives it: a long formula cut short."""
        return self.name if len(self.name) <= 40 else self.name[:39] + "…"

    def parameter(self, name: str) -> Parameter:
        """The parameter called `name`; ValueError naming those there are."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        if not self.parameters:
            named = f", so {name} cannot be set" if name else ""
            raise ValueError(f"the {self.sort} {self.called} has no parameter{named}{self.hint}")
        raise ValueError(f"the {self.sort} {self.called} has no parameter {name!r}; it has {', '.join(p.name for p in self.parameters)}")

    def values(self, given: Mapping[str, float]) -> tuple[float, ...]:
        """All parameters in the function's order: those given, defaults for the rest. ValueError on an unknown name."""
        for name in given:
            self.parameter(name)
        return tuple(float(given.get(p.name, p.default)) for p in self.parameters)

    def completed(self, given: Given) -> Pairs:
        """(name, value) of all parameters, sorted by name, defaults filled in. ValueError on unknown names and odd values."""
        pairs = dict(given)
        for name, value in pairs.items():
            usual = self.parameter(name)
            if not is_number(value):
                raise ValueError(f"{name} = {value!r} is not a finite number; give one, usually {usual.low:g} to {usual.high:g}")
        return tuple(sorted((p.name, float(pairs.get(p.name, p.default))) for p in self.parameters))
