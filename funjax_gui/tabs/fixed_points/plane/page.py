"""Exported page of a phase plane: the density of orbits, cycles and chosen orbits on it, and the orbits' coordinates beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainter

from funjax_gui.export import ExportJob, Labels, Layout, LegendEntry, Page, Parts, SheetPage, Style, lay_out, sketch
from funjax_gui.figures import Figure, Item, density_bar, plane_basins
from funjax_gui.figures import phase_plane as look
from funjax_gui.files import Pixels
from funjax_gui.formatting import MINUS, significant
from funjax_gui.formulas import find_map
from funjax_gui.style import Colours, colour_maps
from funjax_gui.tabs.fixed_points.plane import manifolds, requests, status_text
from kernels.geometry import Grid
from kernels.phase_plane import (
    CyclesFrame,
    ManifoldsFrame,
    ManifoldsRequest,
    OrbitNumbersFrame,
    OrbitNumbersRequest,
    PhasePlaneFrame,
    PhasePlaneRequest,
    PlaneBasinsFrame,
    PlaneBasinsRequest,
    PlaneOrbitsFrame,
    SpectrumFrame,
    SpectrumRequest,
)
from kernels.validation import grouped

LEGEND, CAPTION = 150, 230
"""About how many characters legend and caption have."""

SMALL = 300
"""Width in pixels below which a picture, such as a thumbnail, has no room for orbits, and only among basins for marks."""

PICTURE, CYCLES = 0.4, 0.4
"""Shares of the progress for the orbits and for the cycles."""


def pictured(export: ExportJob) -> Any:
    """What a poster shows: the basins if they are wanted, of a single pixel, else the request itself."""
    request = export.request
    is_basins = isinstance(request, PhasePlaneRequest) and "basins" in export.session.fixed_points.show
    return requests.basins(request) if is_basins else request


class PlaneBasinsPainter:
    """Colours of basins in parts; the attractors that labels count are the request's."""

    arrays, stored = ("labels",), 2

    def __init__(self, request: PlaneBasinsRequest, style: Style, columns: Mapping[str, NDArray[Any]]) -> None:
        found = request.attractors.found if request.attractors is not None else []
        self._table = plane_basins.table(len(found), style.colours)

    def look(self, labels: NDArray[np.int16]) -> None:
        """Nothing of the whole picture is needed."""

    def paint(self, labels: NDArray[np.int16]) -> Pixels:
        """The colours of rows of the picture. Shape (rows, columns), both."""
        return plane_basins.coloured(labels, self._table)


@dataclass(frozen=True)
class PlanePicture:
    """What an export needs: the picture, the cycles, the chosen orbits, and the exponents and dimensions of the first of them."""

    picture: PhasePlaneRequest
    cycles: Any
    orbits: Any
    spectrum: SpectrumRequest
    basins: PlaneBasinsRequest | None
    manifolds: ManifoldsRequest | None
    shown: tuple[str, ...]
    numbers: OrbitNumbersRequest | None

    @classmethod
    def of(cls, export: ExportJob, size: tuple[int, int], with_numbers: bool = True) -> "PlanePicture":
        """For an export whose plot has `size` (columns, rows), with dimensions if wanted. Raises ValueError in one line."""
        request: PhasePlaneRequest = replace(export.request, grid=Grid(export.request.grid.viewport, *size))
        table = export.session.fixed_points
        usual = requests.usual_start(request.map)
        start = table.start if isinstance(table.start, tuple) else usual
        pins = tuple(pin for pin in table.pins if isinstance(pin, tuple))
        others = requests.cycles(request, table.longest_period), requests.orbits(request, (start, *pins)), requests.spectrum(request, start)
        drawn = requests.manifolds(request, table.manifold_length, table.manifold_period) if "manifolds" in table.show else None
        numbers = requests.numbers(request, start) if with_numbers else None
        return cls(request, *others, requests.basins(request) if "basins" in table.show else None, drawn, table.show, numbers)

    def frames(self) -> Iterator["PlanePictureFrame | None"]:
        """Frames with the progress; the last one is complete."""
        picture: Any = None
        cycles: Any = None
        for frame in self.picture.frames():
            picture = frame or picture
            yield PlanePictureFrame(self, picture, progress=PICTURE * picture.progress) if frame else None
        for found in self.cycles.frames():
            cycles = found or cycles
            yield PlanePictureFrame(self, picture, cycles, progress=PICTURE + CYCLES * cycles.progress) if found else None
        *_, orbits = self.orbits.frames()
        spectrum: Any = None
        for part in self.spectrum.frames():
            spectrum = part or spectrum
            yield None
        basins: Any = None
        for pixels in self.basins.frames() if self.basins is not None else ():
            basins = pixels or basins
            yield PlanePictureFrame(self, picture, cycles, progress=PICTURE + CYCLES + 0.1 * basins.progress) if pixels else None
        drawn: Any = None
        for grown in self.manifolds.frames() if self.manifolds is not None else ():
            drawn = grown or drawn
            yield None
        numbers: Any = None
        for told in self.numbers.frames() if self.numbers is not None else ():
            numbers = told or numbers
            yield None
        yield PlanePictureFrame(self, picture, cycles, orbits, spectrum, basins, drawn, numbers, 1.0)


@dataclass(frozen=True, eq=False)
class PlanePictureFrame:
    """The frames so far."""

    request: PlanePicture
    picture: PhasePlaneFrame = field(repr=False)
    cycles: CyclesFrame | None = field(default=None, repr=False)
    orbits: PlaneOrbitsFrame | None = field(default=None, repr=False)
    spectrum: SpectrumFrame | None = None
    basins: PlaneBasinsFrame | None = field(default=None, repr=False)
    manifolds: ManifoldsFrame | None = field(default=None, repr=False)
    numbers: OrbitNumbersFrame | None = None
    progress: float = 0.0


def layout(export: ExportJob) -> Layout:
    """Layout of the page of an export."""
    request: PhasePlaneRequest = export.request
    beside = (1.0,) * (2 * export.style.setup.has("coordinates") + export.style.setup.has("dimensions"))
    shown = export.session.fixed_points.show
    bar = "orbits" in shown and "basins" not in shown and not request.by_orbit
    parts = Parts(0.0, beside, (find_map(request.map).title, formula(request)), LEGEND, (CAPTION,), bar=bar)
    return lay_out(export.pixels, request.grid.viewport, export.style, parts)


def sheet(frame: PlanePictureFrame, layout: Layout, style: Style) -> SheetPage:
    """The page. The picture's grid is that of the layout."""
    request, colours = frame.picture.request, style.colours
    ramp = colour_maps.shades(style.colour_map, colours.background, colours.dark)
    bar = None
    if frame.basins is not None:
        picture = plane_basins.pixels(frame.basins, colours, frame.picture.counts if "orbits" in frame.request.shown else None)
    elif "orbits" not in frame.request.shown:
        picture = np.full(frame.picture.counts.shape, int(colours.background.lstrip("#"), 16) | 0xFF000000, np.uint32)
    elif request.by_orbit:
        picture = look.orbit_pixels(frame.picture, colours)
    else:
        picture = colour_maps.colour(frame.picture.counts, style.toning, ramp, colours.background)
        bar = density_bar(int(frame.picture.counts.max()), style.tone, ramp)
    chosen = find_map(request.map)
    x, y = chosen.coordinates

    def paint(painter: QPainter) -> None:
        over = items(frame) if layout.plot.width() >= SMALL else [*_lines(frame), *(_marks(frame) if frame.basins is not None else [])]
        sketch(painter, layout, style, request.grid.viewport, layout.plot, over)
        if layout.font:
            page = Page(painter, layout, style)
            words = Labels(chosen.title, formula(request), x, y, [caption(frame)])
            page.write(words, keys(frame, colours), "", bar)
            if layout.beside:
                page.write_beside(_beside(frame, chosen.coordinates, style))

    return SheetPage(layout, style, f"{chosen.title}: {formula(request)}", caption(frame), picture, paint)


def _beside(frame: PlanePictureFrame, names: tuple[str, ...], style: Style) -> list[Figure]:
    found = []
    if frame.orbits is not None and style.setup.has("coordinates"):
        found = [look.series(frame.orbits, coordinate, name) for coordinate, name in enumerate(names)]
    return [*found, look.fits(frame.numbers)] if style.setup.has("dimensions") else found


def items(frame: PlanePictureFrame) -> list[Item]:
    """Chosen orbits, cycles and initial conditions, as the view has them."""
    view, periods = frame.picture.request.grid.viewport, find_map(frame.picture.request.map).periods
    limits = float(view.x_limits[0]), float(view.y_limits[0])
    found = _lines(frame)
    if frame.orbits is not None:
        states, starts = frame.orbits.points, look.images(frame.orbits.request.starts, limits, periods)
        found += [look.orbit_marks(look.images(states[n], limits, periods), n) for n in range(len(states) - 1, -1, -1)]
    found += _marks(frame)
    if frame.orbits is not None:
        found += [look.start_marks(starts[n], n) for n in range(len(starts) - 1, -1, -1)]
    return found


def _lines(frame: PlanePictureFrame) -> list[Item]:
    """Manifolds and their crossings, as the view has them."""
    request = frame.picture.request
    return look.manifold_items(frame.manifolds, request.grid.viewport, find_map(request.map).periods) if frame.manifolds is not None else []


def _marks(frame: PlanePictureFrame) -> list[Item]:
    """Marks of the cycles, as the view has them."""
    view, periods = frame.picture.request.grid.viewport, find_map(frame.picture.request.map).periods
    limits = float(view.x_limits[0]), float(view.y_limits[0])
    return look.cycles_items(frame.cycles, lambda points: look.images(points, limits, periods))


def keys(frame: PlanePictureFrame, colours: Colours) -> list[LegendEntry]:
    """Legend of the kinds of cycles that occur, and of the basins."""
    found: dict[str, LegendEntry] = {}
    if frame.basins is not None:
        found = {text: LegendEntry(text, colour) for text, colour in plane_basins.entries(frame.basins, colours)}
    elif "orbits" in frame.request.shown and frame.picture.chaotic is not None and frame.picture.chaotic.any():
        found = {"chaos": LegendEntry("chaotic orbits", look.chaos(colours))}
    found |= manifolds.keys(frame.manifolds, colours) if frame.manifolds is not None else {}
    if frame.cycles is not None and any(each.points.size for each in frame.cycles.continua):
        found["curve"] = LegendEntry("curve of fixed points or cycles", look.CONTINUUM_ROLE, "circle", True)
    for cycle in frame.cycles.cycles if frame.cycles else ():
        mark = look.cycle_marks(cycle, look.images(cycle.points, (0.0, 0.0), (None, None)))
        name = f"{'fixed point' if cycle.period == 1 else 'cycle'}, {cycle.kind}"
        found.setdefault(name, LegendEntry(name, mark.role, mark.shape, mark.filled))
    return list(found.values())


def formula(request: PhasePlaneRequest) -> str:
    """Formula and parameters of the map in one line."""
    chosen = find_map(request.map)
    held = [f"{chosen.parameter(name).symbol} = {value:.12g}" for name, value in request.parameters]
    return ",   ".join([chosen.mapping, *held]).replace(" = -", f" = {MINUS}")


def caption(frame: PlanePictureFrame) -> str:
    """Caption in one line, of what the picture shows."""
    request, parts = frame.picture.request, list[str]()
    if "orbits" in frame.request.shown:
        parts.append(f"{grouped(request.orbits)} orbits, {grouped(request.transient)} transient + {grouped(request.steps)} steps")
    if frame.basins is not None:
        parts.append(f"basins: at most {grouped(frame.basins.request.steps)} steps")
    if frame.manifolds is not None:
        parts.append(status_text.found_manifolds(frame.manifolds))
    if frame.cycles is not None:
        parts.append(status_text.found(frame.cycles))
    if frame.spectrum is not None and all(sign is not None for sign in frame.spectrum.signs):
        parts.append(f"Lyapunov exponents {', '.join(significant(value, 4) for value in frame.spectrum.exponents)}")
    return "  ·  ".join([*parts, frame.picture.precision, "funjax"])
