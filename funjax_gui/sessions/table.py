"""Base class of the tables of a session, each with a request and the appearance of its picture."""

from collections.abc import Collection, Iterator, Mapping
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
    """The table of a tab. A field that is None, or a missing key, means the default of the map or objective."""

    NAME: ClassVar[str]
    """The tab's name, which is the table's in the file."""
    KIND: ClassVar[type]
    """The type of the request that makes the tab's main picture."""
    OTHER_KINDS: ClassVar[tuple[type, ...]] = ()
    """Further types of request that may make it, for other sorts of map."""
    OPENS_FIRST: ClassVar[bool] = False
    """Whether its tab is the open one in a new window."""
    CHECKS: ClassVar[Mapping[str, Check]]
    """Checks by key, in the order in which keys are written."""

    @classmethod
    def read(cls, source: Source) -> Self:
        """The table from a text, with defaults filled in; errors are noted in `source`."""
        raise NotImplementedError

    @classmethod
    def of(cls, request: Any, size: Size | None = None) -> Self:
        """A table with the fields of `request` and defaults; `size` (columns, rows) is used if the table has one."""
        return cls().with_request(request, size)

    def with_request(self, request: Any, size: Size | None = None) -> Self:
        """The table with the fields of `request`; `size` as in `of`."""
        raise NotImplementedError

    def request(self, grid_size: Size | None = None) -> Any:
        """The request, at `grid_size` (columns, rows) if it has a grid. Raises ValueError in one line."""
        raise NotImplementedError

    @property
    def subject(self) -> str:
        """The name or formula of the map or the objective."""
        raise NotImplementedError

    @property
    def appearance(self) -> dict[str, Any]:
        """Fields of the style of the picture, by name."""
        return {}

    def written(self) -> Iterator[tuple[str, Any]]:
        """Keys and values that are set."""
        for key in self.CHECKS:
            value = getattr(self, attribute(key), None)
            if value is not None and (value or key != "ranges"):
                yield key, value


def attribute(key: str) -> str:
    """Name of the field for a key of the file."""
    return key.replace("-", "_")


def fields_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Values by field instead of by key."""
    return {attribute(key): value for key, value in given.items()}


def check_parameters(source: Source, name: str, given: Mapping[str, Any], chosen: Parametrised, unless: Collection[str] = ()) -> None:
    """Check that the named parameters belong to the map or objective; swept ones, `unless`, have no slider."""
    names = [parameter.name for parameter in chosen.parameters]
    for key, what in (("parameters", "value"), ("ranges", "slider")):
        for parameter, _ in given.get(key, ()):
            path = (name, key, parameter)
            if parameter not in names:
                has = f"it has {', '.join(names) or 'none'}"
                source.problem(path, f"the {chosen.sort} {chosen.called} has no parameter {shown_value(parameter)}; {has}")
            elif parameter in unless:
                source.problem(path, f"{parameter} is swept, so it has no {what} of its own; leave it out here")
