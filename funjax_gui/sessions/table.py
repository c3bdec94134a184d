"""What the tables of a session share: they say a request, and how its picture looks, and are read from checked values and written."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar, Self

from funjax_gui.sessions.checks import Source
from funjax_gui.sessions.toml_reader import Check, shown_value
from kernels.parameters import Parametrised

Limits = tuple[Decimal, Decimal]
Values = tuple[tuple[str, float], ...]
Ranges = tuple[tuple[str, tuple[float, float]], ...]
Size = tuple[int, int]


class Table:
    """A tab's table. A field that is None, and a key that is missing, mean what is usual for the map or the objective."""

    NAME: ClassVar[str]
    """The tab's name, which is the table's in the file."""
    KIND: ClassVar[type]
    """The type of the request that makes the tab's main picture."""
    OPENS_FIRST: ClassVar[bool] = False
    """Whether its tab is the open one in a new window."""
    CHECKS: ClassVar[Mapping[str, Check]]
    """Every key, in the order in which they are written, with its check."""

    @classmethod
    def read(cls, source: Source) -> Self:
        """The table that a text gives, what it leaves out filled in; `source` is told what is wrong with it, with its lines."""
        raise NotImplementedError

    @classmethod
    def of(cls, request: Any, size: Size | None = None) -> Self:
        """The table that says `request`, all else as usual; `size` (columns, rows) counts where the table has one."""
        return cls().with_request(request, size)

    def with_request(self, request: Any, size: Size | None = None) -> Self:
        """The table with `request` for what it asks to compute; `size` as in `of`."""
        raise NotImplementedError

    def request(self, grid_size: Size | None = None) -> Any:
        """What to compute, at `grid_size` (columns, rows) where the picture has pixels of its own. ValueError in one line."""
        raise NotImplementedError

    @property
    def subject(self) -> str:
        """The name or formula of the map or the objective."""
        raise NotImplementedError

    @property
    def appearance(self) -> dict[str, Any]:
        """What the table says of a picture's style, by the names of its fields."""
        return {}

    def written(self) -> Iterator[tuple[str, Any]]:
        """The keys that have something to say, with their values."""
        for key in self.CHECKS:
            value = getattr(self, attribute(key), None)
            if value is not None and (value or key != "ranges"):
                yield key, value


def attribute(key: str) -> str:
    """The field of the key, or the attribute of the table, that is so called in a file."""
    return key.replace("-", "_")


def fields_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is given by key, by field."""
    return {attribute(key): value for key, value in given.items()}


def check_parameters(source: Source, name: str, given: Mapping[str, Any], chosen: Parametrised, unless: str | None = None) -> None:
    """Parameters that a table names must be those of its map or objective; the one that is swept, `unless`, has no slider."""
    names = [parameter.name for parameter in chosen.parameters]
    for key, what in (("parameters", "value"), ("ranges", "slider")):
        for parameter, _ in given.get(key, ()):
            path = (name, key, parameter)
            if parameter not in names:
                has = f"it has {', '.join(names) or 'none'}"
                source.problem(path, f"the {chosen.sort} {chosen.called} has no parameter {shown_value(parameter)}; {has}")
            elif parameter == unless:
                source.problem(path, f"{parameter} is swept, so it has no {what} of its own; leave it out here")
