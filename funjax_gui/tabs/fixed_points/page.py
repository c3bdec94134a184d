"""Exported page of the explorer: basins, final states and fixed points, with cobweb and convergence of one orbit beside them."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtGui import QPainter

from funjax_gui.export import ExportJob, Labels, Layout, LegendEntry, Page, Parts, SheetPage, Style, lay_out, sketch
from funjax_gui.figures import PATTERNS, Figure, Item, Rule
from funjax_gui.figures import orbits as orbit_look
from funjax_gui.figures import starts as starts_look
from funjax_gui.formatting import MINUS, minus_sign, significant
from funjax_gui.formulas import find_map
from funjax_gui.style import Colours, pack, unpack
from funjax_gui.tabs.fixed_points import status_text
from kernels.cycles import PeriodicOrbit
from kernels.fixed_point import ConvergenceFrame, ConvergenceRequest, FixedPointFrame, FixedPointRequest, Outcome
from kernels.geometry import Viewport
from kernels.single_orbit import MOST_STEPS, CobwebFrame, CobwebRequest
from kernels.validation import grouped

PANELS = {"cobweb": "Cobweb", "convergence": "Convergence", "legend": "Legend"}
"""Parts of the page besides the main plot, by name."""

HEIGHTS = {"cobweb": 10.0, "convergence": 7.0}
"""Relative heights of the plots beside the main one."""

NAMED = 4
"""Maximum number of fixed points in a caption."""

SAID = {
    Outcome.ATTRACTED: "to a fixed point",
    Outcome.CYCLE: "to a cycle",
    Outcome.DIVERGED: "diverged",
    Outcome.ON_POINT: "on a non-attracting orbit",
    Outcome.UNRESOLVED: "unresolved",
    Outcome.UNDEFINED: "undefined",
}
"""Labels of the outcomes."""

PALE = 0.35
"""Strength of the colour of a basin in the legend."""

LEGEND, CAPTION = 190, 190
"""About how many characters legend and caption have."""

STARTS = 0.9
"""Share of the progress for the initial conditions."""


@dataclass(frozen=True)
class StartsPicture:
    """Request of a page: the initial conditions, and the orbit of one of them if there is room."""

    starts: FixedPointRequest
    layout: Layout
    view: Viewport
    cobweb: CobwebRequest
    way: ConvergenceRequest
    at_step: int | None = None

    @classmethod
    def of(cls, export: ExportJob) -> "StartsPicture":
        """The request for an export. Raises ValueError in one line."""
        request: FixedPointRequest = export.request
        if min(export.pixels) < 1:
            raise ValueError(f"a picture of {export.pixels[0]} x {export.pixels[1]} has no pixels; give at least 1 x 1")
        view = starts_look.view_of(request, export.style.view)
        layout = lay_out(export.pixels, view, export.style, parts(request, export.style))
        table, steps = export.session.fixed_points, min(request.steps, MOST_STEPS)
        start = find_map(request.map).start if table.start is None else table.start
        cobweb = CobwebRequest(request.map, request.parameters, start, steps, request.searched, table.power)
        way = ConvergenceRequest(request.map, request.parameters, (start, *table.pins), request.steps, request.tolerance)
        return cls(request, layout, view, cobweb, way, table.at_step)

    def frames(self) -> Iterator["StartsPictureFrame | None"]:
        """Frames with the progress; the last one is complete."""
        starts: Any = None
        for frame in self.starts.frames():
            starts = frame or starts
            yield StartsPictureFrame(self, starts, None, None, STARTS * starts.progress) if frame else None
        if not self.layout.beside:
            yield StartsPictureFrame(self, starts, None, None, 1.0)
            return
        *_, cobweb = self.cobweb.frames()
        yield None
        way: Any = None
        for part in self.way.frames():
            way = part or way
            yield None
        yield StartsPictureFrame(self, starts, cobweb, way, 1.0)


@dataclass(frozen=True, eq=False)
class StartsPictureFrame:
    """The frames of initial conditions, cobweb and convergence so far."""

    request: StartsPicture
    starts: FixedPointFrame = field(repr=False)
    cobweb: CobwebFrame | None = field(repr=False)
    way: ConvergenceFrame | None = field(repr=False)
    progress: float


def sheet(frame: StartsPictureFrame, style: Style) -> SheetPage:
    """The page."""
    starts, layout = frame.starts, frame.request.layout

    def paint(painter: QPainter) -> None:
        sketch(painter, layout, style, frame.request.view, layout.plot, _items(frame, style.colours))
        if layout.font:
            page = Page(painter, layout, style)
            names = status_text.axis_labels(starts.request.steps)
            words = Labels(find_map(starts.request.map).title, formula(starts.request), *names, [caption(starts)])
            page.write(words, keys(starts, style.colours))
            page.write_beside(_beside(frame, style))

    return SheetPage(layout, style, f"{find_map(starts.request.map).title}: {formula(starts.request)}", caption(starts), paint=paint)


def parts(request: FixedPointRequest, style: Style) -> Parts:
    """What the page has besides the main plot."""
    beside = tuple(height for name, height in HEIGHTS.items() if style.setup.has(name))
    return Parts(0.0, beside, (find_map(request.map).title, formula(request)), LEGEND, (CAPTION,))


def _beside(frame: StartsPictureFrame, style: Style) -> list[Figure]:
    """The plots beside the main one."""
    found = []
    if frame.cobweb is not None and style.setup.has("cobweb"):
        found.append(_cobweb(frame.cobweb, frame.request.at_step, frame.starts.orbits, style.colours))
    if frame.way is not None and style.setup.has("convergence"):
        found.append(orbit_look.convergence(frame.way))
    return found


def _items(frame: StartsPictureFrame, colours: Colours) -> list[Item]:
    """Items of the main plot: basins, final states, the initial conditions of the other plots, and the fixed points."""
    found = [starts_look.basin_bands(frame.starts, colours), *starts_look.final_marks(frame.starts, colours)]
    start = [] if frame.cobweb is None else [Rule(frame.request.cobweb.start, "accent", upright=True)]
    pins = () if frame.cobweb is None else frame.request.way.starts[1:]
    return [*found, *start, *starts_look.chosen_items(frame.starts, colours, pins)]


def _cobweb(frame: CobwebFrame, at_step: int | None, orbits: tuple[PeriodicOrbit, ...], colours: Colours) -> Figure:
    """Cobweb up to a step, or until nothing visible changes, titled by its initial condition."""
    at, power = frame.seen if at_step is None else min(at_step, frame.seen), frame.request.power
    title = f"Cobweb of {orbit_look.iterate(power)} from x₀ = {significant(frame.request.start, 7)}"
    return replace(orbit_look.cobweb(frame, at, orbits, colours), title=title)


def keys(frame: FixedPointFrame, colours: Colours) -> list[LegendEntry]:
    """Legend of the outcomes that occur."""
    found = []
    for outcome, shape in starts_look.SHAPES.items():
        mine = frame.outcomes == outcome
        if mine.any():
            role = starts_look.OUTCOME_ROLES.get(outcome) or starts_look.orbit_colour(int(frame.attractor[mine][0]), frame.orbits, colours)
            found.append(LegendEntry(SAID[outcome], role, shape))
    return found + _orbit_keys(frame, colours)


def _orbit_keys(frame: FixedPointFrame, colours: Colours) -> list[LegendEntry]:
    """Legend of the marks of fixed points, each kind once, and of the basins."""
    found: dict[str, LegendEntry] = {}
    for n, orbit in enumerate(frame.fixed_points):
        mark = starts_look.orbit_marks(n, frame.orbits, colours)
        name = f"{starts_look.kind(orbit)} fixed point"
        found.setdefault(name, LegendEntry(name, mark.role, mark.shape, mark.filled))
    bands = starts_look.basin_bands(frame, colours).bands
    basins = {band.pattern: (basin.orbit, band.role) for basin, band in zip(frame.basins, bands, strict=True)}
    for pattern in sorted(basins)[: len(PATTERNS)]:
        n, role = basins[pattern]
        orbit = frame.orbits[n]
        name = f"basin of {significant(orbit.x, 5)}" if orbit.period == 1 else f"basin of the {orbit.period}-cycle"
        found[f"{name} {n}"] = LegendEntry(name, _pale(role, colours), pattern=pattern % len(PATTERNS))
    return list(found.values())


def _pale(role: str, colours: Colours) -> str:
    """A colour as pale as a band of it, but for being seen in a small square, as "#rrggbb"."""
    ground = unpack(colours.background)
    mixed = ground + PALE * (unpack(colours.shade(role)) - ground)
    return f"#{int(pack(mixed)) & 0xFFFFFF:06x}"


def formula(request: FixedPointRequest) -> str:
    """Formula and parameters of the map in one line."""
    chosen = find_map(request.map)
    held = [f"{chosen.parameter(name).symbol} = {value:.12g}" for name, value in request.parameters]
    return ",   ".join([f"x → {chosen.formula}", *held]).replace(" = -", f" = {MINUS}")


def caption(frame: FixedPointFrame) -> str:
    """Caption in one line."""
    counts = [f"{grouped(count)} {label.replace('-', ' ')}" for label, count in frame.counts.items() if count]
    steps = f"{grouped(len(frame.starts))} initial conditions, {grouped(frame.request.steps)} steps: {', '.join(counts)}"
    points = [_point(orbit) for orbit in frame.fixed_points[:NAMED]]
    if len(frame.fixed_points) > NAMED:
        points.append(f"and {len(frame.fixed_points) - NAMED} more")
    fixed = f"fixed points {', '.join(points)}" if points else "no fixed point in this range"
    note = [frame.search_note] if frame.search_note else []
    return "  ·  ".join([steps, fixed, frame.precision, "funjax", *note])


def _point(orbit: PeriodicOrbit) -> str:
    return f"{significant(orbit.x, 8)} ({minus_sign(orbit.stability)})"
