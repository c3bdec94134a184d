"""The table [fixed-points] of a session."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

from funjax_gui.formulas import completed, find_map
from funjax_gui.sessions import Check, Limits, Ranges, Size, Source, Table, Values, check_parameters, checks, fields_of, limits, real_number
from funjax_gui.tabs.fixed_points.requests import POST, POSTS_STARTS, over, usual_starts
from kernels.fixed_point import MOST_FOLLOWED as MOST_FOLLOWED
from kernels.fixed_point import MOST_STARTS, MOST_STEPS, FixedPointRequest
from kernels.geometry import Viewport
from kernels.single_orbit import MOST_COMPOSED


@dataclass(frozen=True)
class FixedPoints(Table):
    """`x`, `final`: limits of the view, for initial conditions and final states. `parameters`: the given (name, value) pairs.

    `start`, `power`: initial condition and iterate of the cobweb, shown at step `at_step` (None: its end). `pins`: the pinned initial
    conditions.
    """

    map: str = POST
    parameters: Values = ()
    x: Limits = POSTS_STARTS
    starts: int = 401
    steps: int = 500
    final: Limits | None = None
    start: float | None = None
    pins: tuple[float, ...] = ()
    power: int = 1
    ranges: Ranges = ()
    at_step: int | None = field(default=None, compare=False)

    NAME: ClassVar[str] = "fixed-points"
    KIND: ClassVar[type] = FixedPointRequest
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "map": checks.map_name,
        "parameters": checks.parameters,
        "ranges": checks.ranges,
        "x": limits,
        "starts": checks.whole(1, most=MOST_STARTS),
        "steps": checks.whole(1, most=MOST_STEPS),
        "final": limits,
        "start": real_number,
        "pins": checks.numbers(MOST_FOLLOWED - 1),
        "power": checks.whole(1, most=MOST_COMPOSED),
        "at-step": checks.whole(0),
    }

    @classmethod
    def read(cls, source: Source) -> Self:
        """The table from a text; with an invalid map nothing else is checked."""
        given = source.table(cls.NAME, cls.CHECKS)
        if source.has(cls.NAME, "map") and "map" not in given:
            return cls()
        chosen = find_map(given.get("map", cls.map))
        check_parameters(source, cls.NAME, given, chosen)
        values = completed(chosen, given.get("parameters", ()))
        table = cls(**({"x": usual_starts(chosen.name)} | fields_of(given) | {"parameters": values}))
        if not source.problems:
            source.try_out((cls.NAME,), table.request)
        return table

    @property
    def subject(self) -> str:
        """The map."""
        return self.map

    def with_request(self, request: FixedPointRequest, size: Size | None = None) -> Self:
        """The table with the fields of `request`."""
        named = {name: getattr(request, name) for name in ("map", "x", "starts", "steps")}
        return replace(self, parameters=tuple(dict(request.parameters).items()), **named)

    def request(self, grid_size: Size | None = None) -> FixedPointRequest:
        """The request: initial conditions of the range, and a search of the map's usual range too. Raises ValueError in one line."""
        return over(FixedPointRequest(self.map, self.parameters, self.x, self.starts, self.steps), self.x)

    @property
    def appearance(self) -> dict[str, Any]:
        """The view, if the table gives it."""
        return {"view": Viewport.from_limits(*self.x, *self.final) if self.final else None}
