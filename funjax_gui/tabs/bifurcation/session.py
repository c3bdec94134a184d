"""The table [bifurcation] of a session."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, ClassVar, Literal, Self

from funjax_gui.export import PLANE_SHOWN, SHOWN
from funjax_gui.figures import WIDTHS
from funjax_gui.formulas import completed, find_map
from funjax_gui.sessions import (
    Check,
    Limits,
    Ranges,
    Size,
    Source,
    Table,
    Values,
    check_parameters,
    checks,
    choice,
    fields_of,
    limits,
    shown_value,
)
from funjax_gui.style import COLOUR_MAPS, TONES
from funjax_gui.tabs.bifurcation.parameter_plane import SEQUENCE, STEPS, usual_range
from funjax_gui.tabs.bifurcation.parameter_plane import STARTS as PLANE_STARTS
from kernels.bifurcation import FOLLOWS, BifurcationRequest
from kernels.geometry import Grid, Viewport, decimal
from kernels.maps import Map
from kernels.skeleton import LONGEST, PARTS, USUAL
from kernels.two_parameters import MOST_STARTS, TwoParametersRequest

ONLY_DIAGRAM = ("x", "observe", "follow", "keep-refining", "colour-map", "tone", "thickness", "overlay", "snap", "longest-period")
"""Keys of a diagram alone, which a plane of two parameters does not have."""

ONLY_SECOND = ("and-range", "sequence", "curves", "starts")
"""Keys that a diagram does not have."""


@dataclass(frozen=True)
class Bifurcation(Table):
    """`range` is the swept parameter's, `x` the state's (the coordinate `observe`), `size` (columns, rows) for an export.

    `pin`: parameter of the pinned column, False for none. `keep_refining`, `colour_map` and `tone` keep the window's values where the
    table does not give them. `longest_period`: of the cycles of the overlay.

    With `and_sweep` the picture is the plane of two parameters: `and_range` is the second one's range, `sequence` the word that forces a
    parameter that is swept along both axes, `curves` the period of the curves over the picture (None: no curves), `starts` the number of
    initial conditions from which attractors are counted (None where they are not), `pin` a point (None: the defaults), and `x` and what
    else is a diagram's alone is not used. With `line` too it is a diagram again, along a line in that plane between these two points, and
    `range` is that of the position on it.
    """

    map: str = "logistic"
    sweep: str = "a"
    parameters: Values = ()
    range: Limits = (Decimal("3.4"), Decimal(4))
    x: Limits = (Decimal(0), Decimal(1))
    observe: str | None = None
    start: float | tuple[float, ...] = 0.5
    follow: str | None = None
    transient: int = 1000
    samples: int = 1000
    size: Size = (1280, 800)
    pin: Decimal | Literal[False] | tuple[float, float] | None = None
    keep_refining: bool | None = None
    show: str = SHOWN[0]
    colour_map: str | None = None
    tone: str | None = None
    thickness: int = 1
    overlay: tuple[str, ...] = ()
    snap: bool = True
    longest_period: int = USUAL
    ranges: Ranges = ()
    and_sweep: str | None = None
    and_range: Limits | None = None
    sequence: str | None = None
    curves: int | None = None
    starts: int | None = None
    line: tuple[tuple[float, float], ...] | None = None

    NAME: ClassVar[str] = "bifurcation"
    KIND: ClassVar[type] = BifurcationRequest
    OTHER_KINDS: ClassVar[tuple[type, ...]] = (TwoParametersRequest,)
    OPENS_FIRST: ClassVar[bool] = True
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "map": checks.map_name,
        "sweep": checks.text,
        "parameters": checks.parameters,
        "ranges": checks.ranges,
        "range": limits,
        "and-sweep": checks.text,
        "and-range": limits,
        "sequence": checks.text,
        "line": checks.line,
        "x": limits,
        "observe": checks.text,
        "start": checks.number_or_point,
        "follow": choice(*filter(None, FOLLOWS)),
        "transient": checks.whole(0),
        "samples": checks.whole(1),
        "size": checks.size,
        "pin": checks.pin,
        "keep-refining": checks.switch,
        "show": choice(*dict.fromkeys((*SHOWN, *PLANE_SHOWN))),
        "curves": checks.whole(1, most=USUAL),
        "starts": checks.whole(2, most=MOST_STARTS),
        "colour-map": choice(*COLOUR_MAPS),
        "tone": choice(*TONES),
        "thickness": checks.whole(1, most=max(WIDTHS)),
        "overlay": checks.any_of(*PARTS),
        "snap": checks.switch,
        "longest-period": checks.whole(1, most=LONGEST),
    }

    @classmethod
    def read(cls, source: Source) -> Self:
        """The table from a text, with the map's own sweep, view and initial condition where it gives none."""
        given = source.table(cls.NAME, cls.CHECKS)
        if source.has(cls.NAME, "map") and "map" not in given:
            return cls()
        chosen = find_map(given.get("map", cls.map))
        sweep, and_sweep = given.get("sweep", chosen.sweep), given.get("and-sweep")
        _check_sweep(source, given, chosen, sweep)
        _check_sort(source, given, chosen)
        check_parameters(source, cls.NAME, given, chosen, unless=(sweep, and_sweep or ""))
        start, observe = _state(source, given, chosen)
        if source.problems:
            return cls()
        view = chosen.view_of(sweep, chosen.observables.index(observe) if observe else 0)
        usual = {"sweep": sweep, "range": view.x_limits, "x": view.y_limits}
        values = completed(chosen, given.get("parameters", ()), unless=sweep)
        if and_sweep:
            values = tuple(pair for pair in values if pair[0] != and_sweep)
        if "line" in given:
            usual["range"] = (Decimal(0), Decimal(1))
        elif and_sweep:
            usual |= {"range": usual_range(chosen, sweep), "and_range": usual_range(chosen, and_sweep), "show": PLANE_SHOWN[0]}
            usual |= {"transient": STEPS, "samples": STEPS, "sequence": SEQUENCE if and_sweep == sweep and not chosen.is_plane else None}
            usual |= {"starts": PLANE_STARTS if given.get("show") == "attractors" else None}
            observe = ""
        table = cls(**(usual | fields_of(given) | {"parameters": values, "start": start, "observe": observe or None}))
        source.try_out((cls.NAME,), lambda: table.request((1, 1)))
        return table

    @property
    def is_plane(self) -> bool:
        """Whether the picture is the plane of two parameters."""
        return bool(self.and_sweep and not self.line)

    @property
    def subject(self) -> str:
        """The map."""
        return self.map

    def written(self) -> Iterator[tuple[str, Any]]:
        """Keys and values that are set, of those that the picture has."""
        return ((key, value) for key, value in super().written() if key not in (ONLY_DIAGRAM if self.is_plane else ONLY_SECOND))

    def with_request(self, request: BifurcationRequest | TwoParametersRequest, size: Size | None = None) -> Self:
        """The table with the fields of `request`; `size` is that of its grid unless given."""
        view = request.grid.viewport
        if isinstance(request, TwoParametersRequest):
            return self._with_plane(request, size)
        named = {name: getattr(request, name) for name in ("map", "sweep", "start", "transient", "samples")}
        pairs = tuple(dict(request.parameters).items())
        grid_size = request.grid.columns, request.grid.rows
        named |= {
            "observe": request.observe or None,
            "follow": request.follow or None,
            "and_sweep": request.and_sweep or None,
            "line": request.line or None,
            "and_range": None,
            "sequence": None,
            "starts": None,
        }
        if self.is_plane:
            named |= {"pin": None, "show": SHOWN[0], "curves": None}
        return replace(self, parameters=pairs, range=view.x_limits, x=view.y_limits, size=size or grid_size, **named)

    def _with_plane(self, request: TwoParametersRequest, size: Size | None) -> Self:
        """The table of a plane of two parameters; what is a diagram's alone has its defaults."""
        view, names = request.grid.viewport, ("show", "pin", "curves", "ranges")
        kept = {name: getattr(self, name) for name in names} if self.is_plane else {}
        named = {name: getattr(request, name) for name in ("map", "sweep", "and_sweep", "parameters", "start", "transient", "samples")}
        named |= {"range": view.x_limits, "and_range": view.y_limits, "sequence": request.sequence or None}
        named["starts"] = request.starts if request.starts > 1 else None
        named["x"] = find_map(request.map).view_of(request.sweep).y_limits
        return type(self)(
            **(
                {"show": "attractors" if named["starts"] else PLANE_SHOWN[0], "size": size or (request.grid.columns, request.grid.rows)}
                | kept
                | named
            )
        )

    @property
    def viewport(self) -> Viewport:
        """The view of the limits."""
        if self.and_range:
            return Viewport.from_limits(*self.range, *self.and_range)
        return Viewport.from_limits(*self.range, *self.x)

    @property
    def pinned(self) -> Decimal | None:
        """Parameter of the pinned column; by default that of the map, if it is in the view."""
        if self.pin is None:
            usual = Decimal("0.5") if self.line else decimal(find_map(self.map).parameter(self.sweep).default)
            return usual if 0 <= self.viewport.u_of(usual) <= 1 else None
        return self.pin if isinstance(self.pin, Decimal) else None

    def request(self, grid_size: Size | None = None) -> BifurcationRequest | TwoParametersRequest:
        """The request, at `grid_size` (columns, rows) or the size in the table. Raises ValueError in one line."""
        named = {name: getattr(self, name) for name in ("map", "sweep", "parameters", "start", "transient", "samples")}
        grid = Grid(self.viewport, *(grid_size or self.size))
        named["and_sweep"] = self.and_sweep or ""
        if self.is_plane:
            return TwoParametersRequest(grid=grid, sequence=self.sequence or "", starts=self.starts or 1, **named)
        return BifurcationRequest(grid=grid, observe=self.observe or "", follow=self.follow or "", line=self.line or (), **named)

    @property
    def appearance(self) -> dict[str, Any]:
        """Display and colours, as far as the table gives them."""
        names = ("show", "curves") if self.is_plane else ("show", "colour_map", "tone", "thickness", "overlay", "longest_period")
        shown = {name: getattr(self, name) for name in names}
        return {name: value for name, value in shown.items() if value is not None}


def _check_sort(source: Source, given: Mapping[str, Any], chosen: Map) -> None:
    """Check that keys and values are those of a diagram, or of a plane of two parameters."""
    second = given.get("and-sweep")
    if "line" in given:
        if not second:
            source.problem((Bifurcation.NAME, "line"), "line is not a key without and-sweep; name the second parameter of the line by it")
        second = None
    for key in ONLY_DIAGRAM if second else ONLY_SECOND:
        if key in given:
            why = "with line" if "line" in given else "with and-sweep" if second else "without and-sweep"
            source.problem((Bifurcation.NAME, key), f"{key} is not a key {why}; leave it out")
    shown = PLANE_SHOWN[: 4 if chosen.is_plane else 3] if second else SHOWN
    if given.get("show", shown[0]) not in shown:
        what = f"of two parameters of {chosen.called}" if second else "of one parameter"
        source.problem((Bifurcation.NAME, "show"), f"show is {shown_value(given['show'])}; {what} it may be {', '.join(shown)}")
    if second and "starts" in given and given.get("show") != "attractors":
        source.problem((Bifurcation.NAME, "starts"), 'starts is a key with show = "attractors" alone; give that too, or leave it out')
    if "pin" in given and given["pin"] is not False and isinstance(given["pin"], tuple) != bool(second):
        wanted = "a point such as [1.4, 0.3]" if second else "a number such as 3.57, or false for no pin"
        source.problem((Bifurcation.NAME, "pin"), f"pin: give {wanted}")
    second = given.get("and-sweep")
    if second is not None:
        source.try_out((Bifurcation.NAME, "and-sweep"), lambda: chosen.parameter(second))


def _state(source: Source, given: Mapping[str, Any], chosen: Map) -> tuple[float | tuple[float, ...], str]:
    """The initial condition and the coordinate observed, the map's own where the table gives none."""
    found: dict[str, Any] = {"start": chosen.initial, "observe": ""}
    for key in found:
        tried = found | ({key: given[key]} if key in given else {})
        try:
            start, observe = chosen.completed_state(tried["start"], tried["observe"])
        except ValueError as error:
            source.problem((Bifurcation.NAME, key), f"{key}: {error}")
        else:
            found = {"start": start, "observe": observe}
    return found["start"], found["observe"]


def _check_sweep(source: Source, given: Mapping[str, Any], chosen: Map, sweep: str) -> None:
    """Check that the swept parameter belongs to the map."""
    names = [parameter.name for parameter in chosen.parameters]
    path = (Bifurcation.NAME, "sweep" if "sweep" in given else "map")
    if not names:
        source.try_out(path, lambda: chosen.parameter(sweep))
    elif sweep not in names:
        source.problem(path, f"the map {chosen.called} has no parameter {shown_value(sweep)} to sweep; it has {', '.join(names)}")
