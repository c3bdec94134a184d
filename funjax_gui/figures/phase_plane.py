"""Figures of the phase plane: cycles as marks by stability, chosen orbits as points, their coordinates against the step, and manifolds."""

from collections.abc import Callable, Sequence

import numpy as np

from funjax_gui.figures.figure import Figure, against_steps, fitted
from funjax_gui.figures.items import Item, Marks, Polyline
from funjax_gui.figures.orbits import ORBIT_ROLES
from funjax_gui.style import Colours, colour_maps
from kernels.geometry import Viewport
from kernels.phase_plane import Cycle, CyclesFrame, ManifoldsFrame, OrbitNumbersFrame, PhasePlaneFrame, PlaneOrbitsFrame, Point

SHAPES = {"attracting": "circle", "repelling": "circle", "saddle": "cross", "neutral": "diamond"}
"""Shape of the marks of each stability; cycles longer than 1 that attract or repel are squares."""

ROLES = {"attracting": "good", "repelling": "bad", "saddle": "accent2", "neutral": "text"}
GLYPHS = {"attracting": "●■", "repelling": "○□", "saddle": "✕✕", "neutral": "◆◆"}
"""Signs of a fixed point and of a cycle, by stability."""

MOST_MARKED = 200
"""Maximum number of cycles that are marked, the shortest ones."""

CONTINUUM_ROLE = "text"
"""Role of the colour of points on curves of fixed points or cycles."""

CHAOS = 0.4
"""Strength of the grey of chaotic orbits in a picture with a colour for each orbit."""

MANIFOLDS = {False: ("bad", "solid", "unstable manifold"), True: ("accent2", "dash", "stable manifold")}
"""Role of the colour, dash and name of a manifold's branch, by whether it is stable."""

CROSSINGS = {True: ("diamond", "homoclinic points"), False: ("square", "heteroclinic points")}
"""Shape of the mark and name of a crossing of manifolds, by whether it is homoclinic."""

CROSSING_ROLE = "text"
"""Role of the colour of crossings."""

LINE_WIDTH, LINE_OPACITY, CROSSING_SIZE = 1.1, 0.9, 4.0

FITS = {"D₀": ("circle", "accent"), "D₂": ("square", "accent2")}
"""Symbol, and shape and role of the marks, of the box-counting and of the correlation dimension."""

SMALLEST_SIDE = 15.0
"""Negative logarithm to base 2 of the smallest sides of boxes that are drawn."""

SHOWN = 120
"""Steps in the plots of the coordinates."""


def role_of(orbit: int) -> str:
    """Role of the colour of a chosen orbit, the first of which is the one that can be dragged."""
    return ORBIT_ROLES[orbit % len(ORBIT_ROLES)]


def cycles_items(frame: CyclesFrame | None, images: Callable[[Sequence[Point] | np.ndarray], np.ndarray]) -> list[Item]:
    """Curves of fixed points and cycles as dots, and the marks of the cycles, the shortest ones; `images`: points as the view has them."""
    if frame is None:
        return []
    curves = [Marks(images(found.points.T), "circle", CONTINUUM_ROLE, 3.0, halo=False) for found in frame.continua if found.points.size]
    return [*curves, *(cycle_marks(cycle, images(cycle.points)) for cycle in frame.cycles[:MOST_MARKED])]


def cycle_marks(cycle: Cycle, images: np.ndarray) -> Marks:
    """A cycle's points: filled where it attracts, open where it repels, a cross where it is a saddle, else a diamond.

    `images`: its points as the view has them. Shape (points, 2).
    """
    stability = cycle.stability
    shape = SHAPES[stability] if cycle.period == 1 or stability in ("saddle", "neutral") else "square"
    size = 9.0 if cycle.period == 1 else 7.0
    return Marks(images, shape, ROLES[stability], size, filled=stability in ("attracting", "neutral"))


def chaos(colours: Colours) -> str:
    """The colour of chaotic orbits in a picture with a colour for each orbit, as "#rrggbb"."""
    ground, text = colour_maps.unpack(colours.background), colour_maps.unpack(colours.text)
    return f"#{int(colour_maps.pack(ground + (text - ground) * CHAOS)) & 0xFFFFFF:06x}"


def orbit_pixels(frame: PhasePlaneFrame, colours: Colours) -> colour_maps.Packed:
    """A colour for each orbit, grey for those that are chaotic, as packed colours. Shape (rows, columns).

    The frame's request is one by orbit.
    """
    owners, chaotic = frame.owners, frame.chaotic
    assert owners is not None
    assert chaotic is not None
    ground = colour_maps.unpack(colours.background)
    hues = np.stack([colour_maps.unpack(hue) for hue in colour_maps.HUES]) * (1.0 if colours.dark else 0.85)
    number = np.arange(len(chaotic))
    shades = hues[number % len(hues)] * (0.75 ** (number // len(hues) % 3))[:, None]
    shades[chaotic] = colour_maps.unpack(chaos(colours))
    return np.take(colour_maps.pack(np.vstack([ground, shades])), owners + 1)


def selected_marks(images: np.ndarray) -> Marks:
    """Rings about the points of a selected cycle."""
    return Marks(images, "circle", "text", 17.0, filled=False)


def orbit_marks(points: np.ndarray, orbit: int) -> Marks:
    """The points of a chosen orbit in its colour. Shape (steps, 2)."""
    return Marks(points, "circle", role_of(orbit), 2.0, halo=False)


def start_marks(start: Point, orbit: int) -> Marks:
    """The initial condition of a chosen orbit; the first is the handle that can be dragged."""
    return Marks(np.array([start]), "triangle", role_of(orbit), 11.0 if orbit == 0 else 8.0)


def series(frame: PlaneOrbitsFrame, coordinate: int, name: str) -> Figure:
    """One coordinate of the chosen orbits against the step."""
    states = frame.points[:, :SHOWN, coordinate]
    items: list[Item] = []
    for orbit in range(len(states) - 1, -1, -1):
        points = against_steps(states[orbit])
        items.append(Polyline(points, role_of(orbit), 1.0, opacity=1.0 if orbit == 0 else 0.7))
    if len(states):
        items.append(Marks(against_steps(states[0]), "circle", role_of(0), 3.5, halo=False))
    return Figure(items, (0.0, float(max(states.shape[1] - 1, 1))), fitted(list(states)), x_label="n", y_label=name)


def fits(frame: OrbitNumbersFrame | None) -> Figure:
    """Logarithms of 1/N, N boxes with a state, and of C, the share of pairs in one box, against the side, with the lines fitted."""
    items: list[Item] = []
    shown: list[np.ndarray] = [np.array([-1.0, 0.0])]
    titles = []
    for name, found, (shape, role) in zip(FITS, (frame.box, frame.correlation) if frame else (None, None), FITS.values(), strict=True):
        if found is None or not len(found.sides):
            continue
        finite = np.isfinite(found.logs)
        for used in (False, True):
            some = finite & (found.used == used)
            items.append(Marks(np.stack([found.sides[some], found.logs[some]], axis=1), shape, role, 4.0, filled=used, halo=False))
        shown.append(found.logs[finite])
        if found.is_resolved:
            ends = np.array([found.sides[found.used].min(), found.sides[found.used].max()])
            items.append(Polyline(np.stack([ends, found.value * ends + found.at_zero], axis=1), role, 1.4))
            titles.append(f"{name} = {found.value:.3g}")
    return Figure(items, (-SMALLEST_SIDE, 0.0), fitted(shown), ", ".join(titles), "log₂ side", "log₂ 1/N, log₂ C")


def images(points: Sequence[Point] | np.ndarray, limits: Sequence[float], periods: Sequence[float | None]) -> np.ndarray:
    """Points as a view has them: angles moved by whole turns to the first image from the left or lower limit on. Shape (n, 2).

    limits: (left, bottom) of the view.
    """
    found = np.array(points, np.float64).reshape(-1, 2)
    for axis, (low, period) in enumerate(zip(limits, periods, strict=True)):
        if period is not None:
            found[:, axis] -= period * np.floor((found[:, axis] - low) / period + 1e-12)
    return found


def manifold_items(frame: ManifoldsFrame, view: Viewport, periods: tuple[float | None, ...]) -> list[Item]:
    """Lines and marks as a view has them; `periods`: of the map's coordinates."""
    limits = float(view.x_limits[0]), float(view.y_limits[0])
    found: list[Item] = []
    for branch in sorted(frame.branches, key=lambda branch: branch.is_stable, reverse=True):
        role, dash, _ = MANIFOLDS[branch.is_stable]
        line = interrupted(images(branch.points, limits, periods), periods)
        found.append(Polyline(line, role, LINE_WIDTH, dash, LINE_OPACITY, hair=True))
    for is_homoclinic, (shape, _) in CROSSINGS.items():
        points = frame.crossings[frame.homoclinic == is_homoclinic]
        if len(points):
            found.append(Marks(images(points, limits, periods), shape, CROSSING_ROLE, CROSSING_SIZE, filled=False, halo=False))
    return found


def interrupted(points: np.ndarray, periods: tuple[float | None, ...]) -> np.ndarray:
    """A line through points (n, 2), interrupted where an angle goes on at the other edge of the view."""
    leaps = np.zeros(max(len(points) - 1, 0), np.bool_)
    for axis, period in enumerate(periods):
        if period is not None:
            leaps |= np.abs(np.diff(points[:, axis])) > period / 2
    return np.insert(points, np.flatnonzero(leaps) + 1, np.nan, axis=0)


def crossings(frame: ManifoldsFrame) -> dict[str, int]:
    """How many crossings of each sort there are."""
    return {what: int((frame.homoclinic == is_homoclinic).sum()) for is_homoclinic, (_, what) in CROSSINGS.items()}
