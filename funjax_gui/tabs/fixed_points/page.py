"""Final against start as a picture: basins, points and fixed points, beside them the chosen start's cobweb and its way to the attractor."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
from PySide6.QtGui import QPainter

from funjax_gui.export import ExportJob, Labels, Layout, LegendEntry, Page, Parts, Plot, SheetPage, Style, lay_out, sketch
from funjax_gui.figures import Item, Marks, Polyline, Rule
from funjax_gui.figures import orbits as orbit_look
from funjax_gui.figures import starts as starts_look
from funjax_gui.formatting import MINUS, minus_sign, significant
from funjax_gui.formulas import find_map
from funjax_gui.style import Colours
from kernels.cycles import PeriodicOrbit
from kernels.fixed_point import ConvergenceFrame, ConvergenceRequest, FixedPointFrame, FixedPointRequest, Outcome
from kernels.geometry import Viewport, decimal
from kernels.single_orbit import MOST_STEPS, CobwebFrame, CobwebRequest
from kernels.validation import grouped

PARTS = Parts(beside=(10, 7))
NAMED = 4
"""Fixed points that a caption names."""

SAID = {
    Outcome.ATTRACTED: "to a fixed point",
    Outcome.CYCLE: "to a cycle",
    Outcome.DIVERGED: "diverged",
    Outcome.ON_POINT: "on a non-attracting orbit",
    Outcome.UNRESOLVED: "unresolved",
}
"""What becomes of a start, in a few words."""

STARTS = 0.9
"""The share of a picture's progress that its starts are."""


@dataclass(frozen=True)
class StartsPicture:
    """Starts, and the orbit of one of them where there is room for it."""

    starts: FixedPointRequest
    layout: Layout
    view: Viewport
    cobweb: CobwebRequest
    way: ConvergenceRequest
    at_step: int | None = None

    @classmethod
    def of(cls, export: ExportJob) -> "StartsPicture":
        """What to compute for an export. ValueError, in one line, where that cannot be."""
        request: FixedPointRequest = export.request
        if min(export.pixels) < 1:
            raise ValueError(f"a picture of {export.pixels[0]} x {export.pixels[1]} is none; give a whole number from 1 a side")
        view = starts_look.view_of(request, export.style.view)
        layout = lay_out(export.pixels, view, export.style.plain, PARTS)
        table, steps = export.session.fixed_points, min(request.steps, MOST_STEPS)
        start = find_map(request.map).start if table.start is None else table.start
        cobweb = CobwebRequest(request.map, request.parameters, start, steps, request.searched, table.power)
        way = ConvergenceRequest(request.map, request.parameters, (start, *table.pins), request.steps, request.tolerance)
        return cls(request, layout, view, cobweb, way, table.at_step)

    def frames(self) -> Iterator["StartsPictureFrame | None"]:
        """Progress; in the last frame all is there."""
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
    """Starts, cobweb and convergence, as far as they are there."""

    request: StartsPicture
    starts: FixedPointFrame = field(repr=False)
    cobweb: CobwebFrame | None = field(repr=False)
    way: ConvergenceFrame | None = field(repr=False)
    progress: float


def sheet(frame: StartsPictureFrame, style: Style) -> SheetPage:
    """The whole picture."""
    starts, layout = frame.starts, frame.request.layout

    def paint(painter: QPainter) -> None:
        sketch(painter, layout, style, frame.request.view, layout.plot, _items(frame, style.colours))
        if layout.font:
            page = Page(painter, layout, style)
            words = Labels(find_map(starts.request.map).title, formula(starts.request), "start", "final", [caption(starts)])
            page.write(words, keys(starts, style.colours))
            if frame.cobweb is not None and frame.way is not None:
                at_step = frame.request.at_step
                page.write_beside([cobweb(frame.cobweb, at_step, starts.orbits, style.colours), way(frame.way)])

    return SheetPage(layout, style, f"{find_map(starts.request.map).title}: {formula(starts.request)}", caption(starts), paint=paint)


def _items(frame: StartsPictureFrame, colours: Colours) -> list[Item]:
    """What is drawn in the plot: basins, final states, the initial conditions whose orbits are beside, and the fixed points."""
    found = [starts_look.basin_bands(frame.starts, colours), *starts_look.final_marks(frame.starts, colours)]
    start = [] if frame.cobweb is None else [Rule(frame.request.cobweb.start, "accent", upright=True)]
    pins = () if frame.cobweb is None else frame.request.way.starts[1:]
    return [*found, *start, *starts_look.chosen_items(frame.starts, colours, pins)]


def cobweb(frame: CobwebFrame, at_step: int | None, orbits: tuple[PeriodicOrbit, ...], colours: Colours) -> Plot:
    """The graph, the diagonal, and the orbit of the chosen start up to a step, or as far as there is something to be seen."""
    low, high = frame.request.states
    seen = frame.seen if at_step is None else min(at_step, frame.seen)
    states = orbit_look.near(frame.series[: seen + 1], low, high)
    stairs = orbit_look.staircase(states[-orbit_look.LATEST :])
    fixed = [n for n, orbit in enumerate(orbits) if frame.request.power % orbit.period == 0][: starts_look.MOST_MARKED]
    start, last = frame.request.start, float(states[-1])
    items: list[Item] = [
        Polyline(np.array([[low, low], [high, high]]), "muted", 1.0),
        Polyline(np.stack(stairs, axis=1), "accent", 1.2),
        Polyline(np.stack([frame.x, frame.y], axis=1), "text", 1.3),
        *(starts_look.orbit_marks(n, orbits, colours) for n in fixed),
        Polyline(np.array([[start, low], [start, start]]), "accent", 1.0, "dash"),
        Marks(np.array([[last, last]]), "circle", "accent", 7.0),
    ]
    view = Viewport.from_limits(*(decimal(limit) for limit in (low, high, low, high)))
    power = frame.request.power
    composed = "cobweb" if power == 1 else f"cobweb of f composed {power} times"
    return Plot(view, items, "x", title=f"{composed} from x₀ = {significant(start, 7)}")


def way(frame: ConvergenceFrame) -> Plot:
    """The distance from the attractor, step by step, and what its multiplier predicts."""
    low, high = (float(np.log10(height)) for height in orbit_look.heights(frame))
    end = orbit_look.longest(frame)
    items: list[Item] = []
    for index, curve in reversed(list(enumerate(frame.curves))):
        role, dash = (
            orbit_look.ORBIT_ROLES[index % len(orbit_look.ORBIT_ROLES)],
            orbit_look.ORBIT_DASHES[index % len(orbit_look.ORBIT_DASHES)],
        )
        steps = np.arange(len(curve.errors), dtype=np.float64)
        line = orbit_look.prediction(curve) if index == 0 else None
        if line is not None:
            items.append(Polyline(np.stack([steps, np.log10(line)], axis=1)[: end + 1], "muted", 1.0, "dash"))
        items.append(Polyline(np.stack([steps, np.log10(orbit_look.distances(curve))], axis=1)[: end + 1], role, 1.2, dash))
    view = Viewport.from_limits(Decimal(0), Decimal(end), decimal(low), decimal(high))
    return Plot(view, items, "n", title="distance from the attractor", powers=True)


def keys(frame: FixedPointFrame, colours: Colours) -> list[LegendEntry]:
    """What the shapes of the points mean, those that there are."""
    found = []
    for outcome, shape in starts_look.SHAPES.items():
        mine = frame.outcomes == outcome
        if mine.any():
            role = starts_look.OUTCOME_ROLES.get(outcome) or starts_look.orbit_colour(int(frame.attractor[mine][0]), frame.orbits, colours)
            found.append(LegendEntry(SAID[outcome], role, shape))
    return found


def formula(request: FixedPointRequest) -> str:
    """The map's rule and its parameters, in one line of text."""
    chosen = find_map(request.map)
    held = [f"{chosen.parameter(name).symbol} = {value:.12g}" for name, value in request.parameters]
    return ",   ".join([f"x → {chosen.formula}", *held]).replace(" = -", f" = {MINUS}")


def caption(frame: FixedPointFrame) -> str:
    """What the picture is, in one line of text."""
    counts = [f"{grouped(count)} {label.replace('-', ' ')}" for label, count in frame.counts.items() if count]
    steps = f"{grouped(len(frame.starts))} starts, {grouped(frame.request.steps)} steps: {', '.join(counts)}"
    points = [_point(orbit) for orbit in frame.fixed_points[:NAMED]]
    if len(frame.fixed_points) > NAMED:
        points.append(f"and {len(frame.fixed_points) - NAMED} more")
    fixed = f"fixed points {', '.join(points)}" if points else "no fixed point here"
    note = [frame.search_note] if frame.search_note else []
    return "  ·  ".join([steps, fixed, frame.precision, "funjax", *note])


def _point(orbit: PeriodicOrbit) -> str:
    return f"{significant(orbit.x, 8)} ({minus_sign(orbit.stability)})"
