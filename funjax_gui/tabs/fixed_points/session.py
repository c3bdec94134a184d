"""The table [fixed-points] of a session."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

from funjax_gui.formulas import completed, find_map
from funjax_gui.sessions import Check, Limits, Ranges, Size, Source, Table, Values, check_parameters, checks, choice, fields_of, limits
from funjax_gui.style import COLOUR_MAPS, TONES
from funjax_gui.tabs.fixed_points import plane
from funjax_gui.tabs.fixed_points.requests import POST, POSTS_STARTS, over, usual_starts
from kernels.fixed_point import MOST_FOLLOWED as MOST_FOLLOWED
from kernels.fixed_point import MOST_STARTS, MOST_STEPS, FixedPointRequest
from kernels.geometry import Grid, Viewport
from kernels.maps import Map
from kernels.phase_plane import LONGEST, LONGEST_SADDLE, MOST_DRAWN, ManifoldsRequest, PhasePlaneRequest, Point
from kernels.single_orbit import MOST_COMPOSED

SIZE: Size = (1280, 800)
"""Usual columns and rows of a phase plane."""

ONLY_LINE = ("final", "power", "branches", "at-step")
ONLY_PLANE = ("y", "transient", "longest-period", "show", "colouring", "manifold-length", "manifold-period", "colour-map", "tone")
"""Keys of maps of the line, and of the plane, alone."""


@dataclass(frozen=True)
class FixedPoints(Table):
    """`parameters`: the given (name, value) pairs. `start`, `pins`: the chosen and the kept initial conditions.

    Of a map of the line `x` and `final` are limits of the view, for initial conditions and final states, `power` is the iterate of the
    cobweb, shown at step `at_step` (None: its end), and `branches` the parameter against which those of cycles are shown.
    Of a map of the plane `x` and `y` are limits of the view, initial conditions are points, `show` is what the picture shows, `colouring`
    what the colours of orbits mean, and `longest_period` that of the cycles looked for. `manifold_length`: of each branch, None for the
    usual one; `manifold_period`: manifolds are of saddles up to that period.
    """

    map: str = POST
    parameters: Values = ()
    x: Limits = POSTS_STARTS
    starts: int = 401
    steps: int = 500
    final: Limits | None = None
    start: float | Point | None = None
    pins: tuple[float, ...] | tuple[Point, ...] = ()
    power: int = 1
    ranges: Ranges = ()
    at_step: int | None = field(default=None, compare=False)
    y: Limits | None = None
    transient: int = 0
    longest_period: int = plane.LONGEST_USUAL
    show: tuple[str, ...] = plane.SHOWN[:1]
    colouring: str = plane.COLOURINGS[0]
    manifold_length: float | None = None
    manifold_period: int = 1
    colour_map: str | None = None
    tone: str | None = None
    branches: str | None = None

    NAME: ClassVar[str] = "fixed-points"
    KIND: ClassVar[type] = FixedPointRequest
    OTHER_KINDS: ClassVar[tuple[type, ...]] = (PhasePlaneRequest,)
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "map": checks.map_name,
        "parameters": checks.parameters,
        "ranges": checks.ranges,
        "x": limits,
        "y": limits,
        "starts": checks.whole(1, most=MOST_STARTS),
        "steps": checks.whole(1, most=MOST_STEPS),
        "transient": checks.whole(0),
        "final": limits,
        "start": checks.number_or_point,
        "pins": checks.numbers_or_points(MOST_FOLLOWED - 1, MOST_DRAWN - 1),
        "power": checks.whole(1, most=MOST_COMPOSED),
        "branches": checks.text,
        "longest-period": checks.whole(1, most=LONGEST),
        "show": checks.several(*plane.SHOWN),
        "colouring": choice(*plane.COLOURINGS),
        "manifold-length": checks.positive,
        "manifold-period": checks.whole(1, most=LONGEST_SADDLE),
        "colour-map": choice(*COLOUR_MAPS),
        "tone": choice(*TONES),
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
        _check_sort(source, given, chosen)
        if "branches" in given and not chosen.is_plane:
            source.try_out((cls.NAME, "branches"), lambda: chosen.parameter(given["branches"]))
        if source.problems:
            return cls()
        values = completed(chosen, given.get("parameters", ()))
        table = cls(**(_usual(chosen) | fields_of(given) | {"parameters": values}))
        source.try_out((cls.NAME,), table.request)
        if table.manifold_length is not None and not source.problems:
            source.try_out((cls.NAME, "manifold-length"), table.manifolds)
        return table

    @property
    def is_plane(self) -> bool:
        """Whether its map is one of the plane."""
        return find_map(self.map).is_plane

    @property
    def subject(self) -> str:
        """The map."""
        return self.map

    def written(self) -> Iterator[tuple[str, Any]]:
        """Keys and values that are set, of those that the map's sort has."""
        others = ONLY_LINE if self.is_plane else ONLY_PLANE
        return ((key, value) for key, value in super().written() if key not in others)

    def with_request(self, request: FixedPointRequest | PhasePlaneRequest, size: Size | None = None) -> Self:
        """The table with the fields of `request`."""
        named: dict[str, Any] = {name: getattr(request, name) for name in ("map", "starts", "steps")}
        if isinstance(request, PhasePlaneRequest):
            view = request.grid.viewport
            named |= {"x": view.x_limits, "y": view.y_limits, "transient": request.transient}
            named["colouring"] = plane.COLOURINGS[request.by_orbit]
        else:
            named |= {"x": request.x, "y": None}
        return replace(self, parameters=tuple(dict(request.parameters).items()), **named)

    def request(self, grid_size: Size | None = None) -> FixedPointRequest | PhasePlaneRequest:
        """The request: of a map of the line a search of its usual range too. Raises ValueError in one line."""
        if self.is_plane:
            grid = Grid(self.viewport, *(grid_size or SIZE))
            return plane.request_for(find_map(self.map), self.parameters, grid, self.starts, self.steps, self.transient, self.colouring)
        return over(FixedPointRequest(self.map, self.parameters, self.x, self.starts, self.steps), self.x)

    def manifolds(self) -> ManifoldsRequest:
        """The request of the manifolds of a map of the plane. Raises ValueError in one line."""
        return ManifoldsRequest(self.viewport, self.map, self.parameters, self.manifold_length, self.manifold_period)

    @property
    def viewport(self) -> Viewport:
        """The view of a phase plane."""
        first = plane.home(find_map(self.map))
        return Viewport.from_limits(*self.x, *(self.y or first.y_limits))

    @property
    def appearance(self) -> dict[str, Any]:
        """The view of a map of the line, if the table gives it; of one of the plane the colours that it gives."""
        if self.is_plane:
            shown = {"colour_map": self.colour_map, "tone": self.tone}
            return {name: value for name, value in shown.items() if value is not None}
        return {"view": Viewport.from_limits(*self.x, *self.final) if self.final else None}


def _usual(chosen: Map) -> dict[str, Any]:
    """What a table of this map has where it gives nothing."""
    if not chosen.is_plane:
        return {"x": usual_starts(chosen.name)}
    first = plane.home(chosen)
    counts = {"starts": plane.STARTS, "steps": plane.STEPS, "transient": plane.usual_transient(chosen)}
    return {"x": first.x_limits, "y": first.y_limits, "colouring": plane.usual_colouring(chosen)} | counts


def _check_sort(source: Source, given: Mapping[str, Any], chosen: Map) -> None:
    """Check that keys and initial conditions are those of a map of the plane, or of the line."""
    what = "the plane" if chosen.is_plane else "the line"
    for key in ONLY_LINE if chosen.is_plane else ONLY_PLANE:
        if key in given:
            source.problem((FixedPoints.NAME, key), f"{key} is not a key for {chosen.called}, a map of {what}; leave it out")
    if chosen.area_preserving and "basins" in given.get("show", ()):
        source.problem((FixedPoints.NAME, "show"), f"{chosen.called} preserves areas, so it has no basins; leave them out of show")
    wanted = "points such as [0.5, 0.0]" if chosen.is_plane else "numbers such as 0.5"
    for key, starts in (("start", (given["start"],) if "start" in given else ()), ("pins", given.get("pins", ()))):
        if any(isinstance(start, tuple) != chosen.is_plane for start in starts):
            source.problem((FixedPoints.NAME, key), f"{key}: initial conditions of {chosen.called}, a map of {what}, are {wanted}")
