"""A window's state as a small TOML text that a person can read and write, and that can only ever hold data.

`parse` and `dumps` are each other's inverse on every `Session`: limits are decimals, of as many digits as the depth of the zoom
needs, and a limit that no float says exactly is written as text ("3.5699456718…").
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, ClassVar, Self

import tomli_w

from funjax_gui import png
from funjax_gui.files import atomic_write, reason
from funjax_gui.session_checks import TABLES, SessionError, Source, read_toml
from funjax_gui.toml_checks import located, shown, written
from kernels.bifurcation import BifurcationRequest
from kernels.fixed_point import FixedPointRequest
from kernels.geometry import Grid, Viewport, decimal
from kernels.maps import find_map
from kernels.newton import NewtonRequest
from kernels.newton_race import RaceRequest
from kernels.objectives import find_objective

VERSION = Source.version
"""The format's version that this program writes, and the newest that it reads."""

LARGEST = 1 << 20
"""Bytes of the largest file that is read: a session is a page, and another file may be opened by mistake."""

TABS = ("fixed-points", "bifurcation", "newton")

Limits = tuple[Decimal, Decimal]
Values = tuple[tuple[str, float], ...]


Size = tuple[int, int]


class Table:
    """What each tab's table can do: say a request of the type KIND, and be asked for it again."""

    KIND: ClassVar[type | None] = None

    @classmethod
    def of(cls, request: Any, size: Size | None = None) -> Self:
        """The table that says `request`; `size` (columns, rows) counts where the table has one."""
        raise NotImplementedError

    def request(self, grid_size: Size | None = None) -> Any:
        """What to compute, at `grid_size` (columns, rows) where the picture has pixels of its own. ValueError in one line."""
        raise NotImplementedError


@dataclass(frozen=True)
class FixedPoints(Table):
    """The table [fixed-points]: `x` is the starts' range, `parameters` the (name, value) pairs that are given, by name."""

    map: str = "post"
    parameters: Values = ()
    x: Limits = (Decimal(-9), Decimal(10))
    starts: int = 401
    steps: int = 500

    KIND: ClassVar[type | None] = FixedPointRequest

    @classmethod
    def of(cls, request: FixedPointRequest, size: Size | None = None) -> Self:
        """The table that says `request`."""
        return cls(request.map, tuple(dict(request.parameters).items()), request.x, request.starts, request.steps)

    def request(self, grid_size: Size | None = None) -> FixedPointRequest:
        """What to compute: the starts of the range, and the fixed points of the map's usual range besides. ValueError in one line."""
        low, high = usual_starts(self.map)
        search = float(min(low, self.x[0])), float(max(high, self.x[1]))
        return FixedPointRequest(self.map, self.parameters, self.x, self.starts, self.steps, search=search)


@dataclass(frozen=True)
class Bifurcation(Table):
    """The table [bifurcation]: `range` is the swept parameter's, `x` the state's, `size` (columns, rows) for an export."""

    map: str = "logistic"
    sweep: str = "a"
    parameters: Values = ()
    range: Limits = (Decimal("3.4"), Decimal(4))
    x: Limits = (Decimal(0), Decimal(1))
    start: float = 0.5
    transient: int = 1000
    samples: int = 1000
    size: Size = (1280, 800)

    KIND: ClassVar[type | None] = BifurcationRequest

    @classmethod
    def of(cls, request: BifurcationRequest, size: Size | None = None) -> Self:
        """The table that says `request`; its grid's own pixels are the size, unless one is given."""
        view = request.grid.viewport
        return cls(
            map=request.map,
            sweep=request.sweep,
            parameters=tuple(dict(request.parameters).items()),
            range=view.x_limits,
            x=view.y_limits,
            start=request.start,
            transient=request.transient,
            samples=request.samples,
            size=size or (request.grid.columns, request.grid.rows),
        )

    @property
    def viewport(self) -> Viewport:
        """The view that the limits name."""
        return Viewport.from_limits(*self.range, *self.x)

    def request(self, grid_size: Size | None = None) -> BifurcationRequest:
        """What to compute, at `grid_size` (columns, rows) or at the size that the table gives. ValueError in one line."""
        return BifurcationRequest(
            grid=Grid(self.viewport, *(grid_size or self.size)),
            map=self.map,
            sweep=self.sweep,
            parameters=self.parameters,
            start=self.start,
            transient=self.transient,
            samples=self.samples,
        )


@dataclass(frozen=True)
class Newton(Table):
    """The table [newton]."""

    objective: str = "quadratic"
    goal: str = "stationary"
    start: tuple[float, ...] = (0.0, 0.0)
    method: str = "newton"
    max_steps: int = 50
    tolerance: float = 1e-10

    KIND: ClassVar[type | None] = RaceRequest

    @classmethod
    def of(cls, request: RaceRequest, size: Size | None = None) -> Self:
        """The table that says the first run of `request`."""
        run = request.runs[0]
        return cls(run.objective, run.goal, run.start, run.method, run.max_steps, run.tolerance)

    @property
    def run(self) -> NewtonRequest:
        """The run that the table says. ValueError in one line."""
        return NewtonRequest(self.objective, self.goal, self.start, self.method, self.max_steps, self.tolerance)

    def request(self, grid_size: Size | None = None) -> RaceRequest:
        """The run, as a race of one. ValueError in one line."""
        return RaceRequest((self.run,))


@dataclass(frozen=True)
class Session:
    """The state of a window: the tab that is open, and a table for each tab. `title` and `about` tell a person what it shows."""

    tab: str = "bifurcation"
    fixed_points: FixedPoints = FixedPoints()
    bifurcation: Bifurcation = Bifurcation()
    newton: Newton = Newton()
    title: str = ""
    about: str = ""

    @property
    def table(self) -> "Table":
        """The open tab's table."""
        table: Table = getattr(self, _attribute(self.tab))
        return table

    def request(self, size: Size | None = None) -> Any:
        """What the open tab's table asks to compute; `size` (columns, rows) counts where its picture has pixels of its own.

        Raises ValueError, in one line.
        """
        if self.table.KIND is None:
            raise ValueError(f'the session\'s tab is {self.tab}, which cannot be drawn yet; set tab = "bifurcation" in it')
        return self.table.request(size)

    def showing(self, request: Any, size: Size | None = None) -> "Session":
        """The session with the table that says `request`, and its tab open. TypeError where no table can say it."""
        for tab in TABS:
            table: Table = getattr(self, _attribute(tab))
            if table.KIND is type(request):
                changed: dict[str, Any] = {_attribute(tab): table.of(request, size)}
                return replace(self, tab=tab, **changed)
        raise TypeError(f"no session table says a {type(request).__name__}")


def _attribute(tab: str) -> str:
    return tab.replace("-", "_")


_USUAL: Mapping[str, FixedPoints | Bifurcation] = {"fixed-points": FixedPoints(), "bifurcation": Bifurcation()}


def load(path: Path | str) -> Session:
    """The session in the file `path`, or in a picture that funjax exported.

    SessionError, one line a problem; FileError in one line where it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            if is_picture(path):
                return _in_picture(file)
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise reason(error, Path(path), "read") from error
    except ValueError as error:  # a zero byte in the name
        raise SessionError([f"the file cannot be read: {error}"]) from None
    return parse(Source.decode(data, LARGEST))


def is_picture(path: Path | str) -> bool:
    """Whether the file is named as a picture, which may carry a session."""
    return Path(path).suffix.lower() == ".png"


def _in_picture(file: IO[bytes]) -> Session:
    text = png.texts(file).get("funjax-session")
    if text is None:
        raise SessionError(["the picture carries no session; only pictures that funjax exported do"])
    return parse(text)


def parse(text: str) -> Session:
    """The session that a TOML text says; what it leaves out has the usual values. SessionError, one 'line N: …' a problem."""
    source = read_toml(text)
    tab = source.top("tab", Session.tab)
    tables = {name: dict(source.table(name)) for name in TABLES}
    for name in ("fixed-points", "bifurcation"):
        if "map" in tables[name] or not source.has(name, "map"):  # of a map that is none, nothing more can be said
            _check_names(source, name, tables[name])
    source.stop_at_problems()
    bifurcation = Bifurcation(**_with_map_defaults(tables["bifurcation"]))
    try:
        bifurcation.request((1, 1))  # what a kernel refuses is wrong here already
    except ValueError as error:
        source.problem(("bifurcation",), str(error))
    source.stop_at_problems()
    newton = _newton(source, tables["newton"])
    source.stop_at_problems()
    words = (source.top("title", ""), source.top("about", ""))
    return Session(tab, FixedPoints(**_with_state(tables["fixed-points"])), bifurcation, newton, *words)


def _check_names(source: Source, name: str, table: Mapping[str, Any]) -> None:
    """The parameters named in a table must be those of its map, and the swept one is not given a value."""
    chosen = find_map(table.get("map", _USUAL[name].map))
    names = [parameter.name for parameter in chosen.parameters]
    sweep = table.get("sweep", chosen.sweep) if name == "bifurcation" else None
    if sweep is not None and not names:
        try:
            chosen.parameter(sweep)
        except ValueError as error:
            source.problem((name, "sweep" if "sweep" in table else "map"), str(error))
    elif sweep is not None and sweep not in names:
        source.problem((name, "sweep"), f"the map {chosen.called} has no parameter {shown(sweep)} to sweep; it has {', '.join(names)}")
    for given, _ in table.get("parameters", ()):
        path = (name, "parameters", given)
        if given not in names:
            source.problem(path, f"the map {chosen.called} has no parameter {shown(given)}; it has {', '.join(names) or 'none'}")
        elif given == sweep:
            source.problem(path, f"{given} is swept, so it has no value of its own; leave it out here")


def _newton(source: Source, table: dict[str, Any]) -> Newton:
    """The table with its objective's own start where it gives none; what a kernel refuses is wrong here already."""
    name = table.get("objective", Newton.objective)
    try:
        objective = find_objective(name)
    except ValueError as error:
        source.problem(("newton", "objective"), located(error))
        return Newton()
    usual = {"start": objective.start(objective.dimension)}
    newton = Newton(**(usual | {key.replace("-", "_"): value for key, value in table.items()}))
    try:
        newton.request()
    except ValueError as error:
        source.problem(("newton",), str(error))
    return newton


def _with_map_defaults(table: dict[str, Any]) -> dict[str, Any]:
    """The table with its map's own sweep, view and start where it gives none."""
    chosen = find_map(table.get("map", Bifurcation.map))
    usual: dict[str, Any] = {"sweep": chosen.sweep, "start": chosen.start, "x": chosen.view.y_limits}
    sweep = table.get("sweep", chosen.sweep)
    if sweep == chosen.sweep:
        usual["range"] = chosen.view.x_limits
    else:
        parameter = chosen.parameter(sweep)
        usual["range"] = (decimal(parameter.low), decimal(parameter.high))
    return usual | table


def _with_state(table: dict[str, Any]) -> dict[str, Any]:
    return {"x": usual_starts(table.get("map", FixedPoints.map))} | table


def usual_starts(map_name: str) -> Limits:
    """The range of starts that a map is first shown with: the post's own for its map, else the map's states."""
    if map_name == FixedPoints.map:
        return FixedPoints.x
    low, high = find_map(map_name).state
    return decimal(low), decimal(high)


def save(path: Path | str, session: Session) -> None:
    """Write the session to `path`, whole or not at all. FileError in one line where it cannot be written."""
    with atomic_write(path) as file:
        file.write(dumps(session).encode())


def dumps(session: Session) -> str:
    """The session as TOML text, every key of every table written out."""
    lines = ["# A session of funjax: open it in the window, or draw it with funjax render", f"funjax = {VERSION}"]
    lines += [f"{key} = {_toml(words)}" for key in ("title", "about") if (words := getattr(session, key))]
    lines.append(f"tab = {_toml(session.tab)}")
    for name, keys in TABLES.items():
        table = getattr(session, _attribute(name))
        lines += ["", f"[{name}]"]
        lines += [f"{key} = {_toml(getattr(table, _attribute(key)), key)}" for key in keys]
    return "\n".join(lines) + "\n"


def _toml(value: Any, key: str = "") -> str:
    if key == "parameters":
        pairs = ", ".join(f"{tomli_w.dumps({name: number}).strip()}" for name, number in value)
        return f"{{ {pairs} }}" if pairs else "{ }"
    return written(value)
