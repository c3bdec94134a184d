"""The table [bifurcation] of a session."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, ClassVar, Literal, Self

from funjax_gui.export import SHOWN
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
from kernels.bifurcation import BifurcationRequest
from kernels.geometry import Grid, Viewport, decimal
from kernels.maps import Map
from kernels.skeleton import PARTS


@dataclass(frozen=True)
class Bifurcation(Table):
    """`range` is the swept parameter's, `x` the state's (the coordinate `observe`), `size` (columns, rows) for an export.

    `pin`: parameter of the pinned column, False for none. `keep_refining`, `colour_map` and `tone` keep the window's values where the
    table does not give them.
    """

    map: str = "logistic"
    sweep: str = "a"
    parameters: Values = ()
    range: Limits = (Decimal("3.4"), Decimal(4))
    x: Limits = (Decimal(0), Decimal(1))
    observe: str | None = None
    start: float | tuple[float, ...] = 0.5
    transient: int = 1000
    samples: int = 1000
    size: Size = (1280, 800)
    pin: Decimal | Literal[False] | None = None
    keep_refining: bool | None = None
    show: str = SHOWN[0]
    colour_map: str | None = None
    tone: str | None = None
    thickness: int = 1
    overlay: tuple[str, ...] = ()
    ranges: Ranges = ()

    NAME: ClassVar[str] = "bifurcation"
    KIND: ClassVar[type] = BifurcationRequest
    OPENS_FIRST: ClassVar[bool] = True
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "map": checks.map_name,
        "sweep": checks.text,
        "parameters": checks.parameters,
        "ranges": checks.ranges,
        "range": limits,
        "x": limits,
        "observe": checks.text,
        "start": checks.number_or_point,
        "transient": checks.whole(0),
        "samples": checks.whole(1),
        "size": checks.size,
        "pin": checks.pin,
        "keep-refining": checks.switch,
        "show": choice(*SHOWN),
        "colour-map": choice(*COLOUR_MAPS),
        "tone": choice(*TONES),
        "thickness": checks.whole(1, most=max(WIDTHS)),
        "overlay": checks.any_of(*PARTS),
    }

    @classmethod
    def read(cls, source: Source) -> Self:
        """The table from a text, with the map's own sweep, view and initial condition where it gives none."""
        given = source.table(cls.NAME, cls.CHECKS)
        if source.has(cls.NAME, "map") and "map" not in given:
            return cls()
        chosen = find_map(given.get("map", cls.map))
        sweep = given.get("sweep", chosen.sweep)
        _check_sweep(source, given, chosen, sweep)
        check_parameters(source, cls.NAME, given, chosen, unless=sweep)
        start, observe = _state(source, given, chosen)
        if source.problems:
            return cls()
        view = chosen.view_of(sweep, chosen.coordinates.index(observe) if observe else 0)
        usual = {"sweep": sweep, "range": view.x_limits, "x": view.y_limits}
        values = completed(chosen, given.get("parameters", ()), unless=sweep)
        table = cls(**(usual | fields_of(given) | {"parameters": values, "start": start, "observe": observe or None}))
        source.try_out((cls.NAME,), lambda: table.request((1, 1)))
        return table

    @property
    def subject(self) -> str:
        """The map."""
        return self.map

    def with_request(self, request: BifurcationRequest, size: Size | None = None) -> Self:
        """The table with the fields of `request`; `size` is that of its grid unless given."""
        view = request.grid.viewport
        named = {name: getattr(request, name) for name in ("map", "sweep", "start", "transient", "samples")}
        pairs = tuple(dict(request.parameters).items())
        grid_size = request.grid.columns, request.grid.rows
        named["observe"] = request.observe or None
        return replace(self, parameters=pairs, range=view.x_limits, x=view.y_limits, size=size or grid_size, **named)

    @property
    def viewport(self) -> Viewport:
        """The view of the limits."""
        return Viewport.from_limits(*self.range, *self.x)

    @property
    def pinned(self) -> Decimal | None:
        """Parameter of the pinned column; by default that of the map, if it is in the view."""
        if self.pin is None:
            usual = decimal(find_map(self.map).parameter(self.sweep).default)
            return usual if 0 <= self.viewport.u_of(usual) <= 1 else None
        return None if self.pin is False else self.pin

    def request(self, grid_size: Size | None = None) -> BifurcationRequest:
        """The request, at `grid_size` (columns, rows) or the size in the table. Raises ValueError in one line."""
        named = {name: getattr(self, name) for name in ("map", "sweep", "parameters", "start", "transient", "samples")}
        return BifurcationRequest(grid=Grid(self.viewport, *(grid_size or self.size)), observe=self.observe or "", **named)

    @property
    def appearance(self) -> dict[str, Any]:
        """Display and colours, as far as the table gives them."""
        names = ("show", "colour_map", "tone", "thickness", "overlay")
        shown = {name: getattr(self, name) for name in names}
        return {name: value for name, value in shown.items() if value is not None}


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
