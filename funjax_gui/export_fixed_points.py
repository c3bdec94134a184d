"""The formats of the fixed-point explorer: final against start as a picture, and the numbers."""

import itertools
from collections.abc import Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from funjax_gui import export_script, png, starts_look
from funjax_gui.export_data import write_arrays, write_object, write_table
from funjax_gui.export_format import PIXELS, Exporter
from funjax_gui.export_page import LARGEST_SIDE, Layout, Page, Style, Words, lay_out, painted
from funjax_gui.plots_shapes import PATTERNS, outline
from funjax_gui.starts_look import Dots
from funjax_gui.ticks import MINUS
from kernels.fixed_point import FixedPointFrame, FixedPointRequest, as_json
from kernels.geometry import Viewport, grouped, split
from kernels.maps import find_map
from kernels.periodic import PeriodicOrbit
from kernels.starts import Outcome

if TYPE_CHECKING:
    from funjax_gui.export import ExportRequest

NAMED = 4
"""Fixed points that a caption names."""


def _layout(export: "ExportRequest") -> Layout:
    return lay_out(export.pixels, starts_look.view_of(export.request, export.style.view), export.style.plain)


def _checked(export: "ExportRequest") -> FixedPointRequest:
    request: FixedPointRequest = export.request
    if min(export.pixels) < 1:
        raise ValueError(f"a picture of {export.pixels[0]} x {export.pixels[1]} is none; give a whole number from 1 a side")
    return request


def _write_png(file: IO[bytes], frame: FixedPointFrame, export: "ExportRequest") -> Iterator[float]:
    layout = _layout(export)
    picture = painted(layout, export.style, lambda painter: draw(painter, frame, layout, export.style))
    texts = {
        "Title": f"{find_map(frame.request.map).title}: {formula(frame.request)}",
        "Description": caption(frame),
        "Software": "funjax",
        "funjax-session": export.session_text,
    }
    return png.write(file, picture, {key: text if key == "funjax-session" else " ".join(text.split()) for key, text in texts.items()})


def draw(painter: QPainter, frame: FixedPointFrame, layout: Layout, style: Style) -> None:
    """Paint the whole picture: basins, points, fixed points on the diagonal, and around them axes and words."""
    view = starts_look.view_of(frame.request, style.view)
    width, height = layout.size
    scale = max(1.0, min(width / 98, height / 61) / 13)
    painter.save()
    painter.setClipRect(layout.plot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw_bands(painter, frame, view, QRectF(layout.plot), style)
    for dots in starts_look.dots(frame, style.colours):
        _draw_dots(painter, dots, view, layout, style, scale)
    for n in range(min(len(frame.fixed_points), starts_look.MOST_MARKED)):
        _draw_dots(painter, starts_look.points(n, frame.orbits, style.colours), view, layout, style, scale, halo=True)
    painter.restore()
    if layout.font:
        words = Words(find_map(frame.request.map).title, formula(frame.request), "start", "final", caption(frame))
        Page(painter, layout, style).write(words)


def _draw_bands(painter: QPainter, frame: FixedPointFrame, view: Viewport, area: QRectF, style: Style) -> None:
    for band in starts_look.bands(frame, style.colours, None):
        ends = starts_look.shares(np.array([band.low, band.high]), split(view.x), view.half_width)
        left, right = (area.left() + np.clip(ends, 0.0, 1.0) * area.width()).tolist()
        colour = QColor(style.colours.shade(band.role))
        colour.setAlphaF(band.strength)
        stripe = QRectF(left, area.top(), right - left, area.height())
        painter.fillRect(stripe, colour)
        if pattern := band.pattern % len(PATTERNS):
            painter.fillRect(stripe, QBrush(colour, PATTERNS[pattern]))


def _draw_dots(painter: QPainter, dots: Dots, view: Viewport, layout: Layout, style: Style, scale: float, halo: bool = False) -> None:
    plot, filled = layout.plot, dots.filled and dots.shape not in ("cross", "plus")
    colour = QColor(style.colours.shade(dots.role))
    shape = outline(dots.shape, round(dots.size * scale, 2))
    u, v = starts_look.seen(dots, view, plot.width(), plot.height(), starts_look.RIM * scale)
    for x, y in zip((plot.left() + u * plot.width()).tolist(), (plot.top() + (1 - v) * plot.height()).tolist(), strict=True):
        painter.translate(x, y)
        if halo:
            painter.strokePath(shape, QPen(QColor(style.colours.background), 4.0 * scale))
        if filled:
            painter.fillPath(shape, colour)
        else:
            painter.strokePath(shape, QPen(colour, 1.5 * scale))
        painter.translate(-x, -y)


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
    return "  ·  ".join([steps, fixed, frame.precision, "funjax"])


def _point(orbit: PeriodicOrbit) -> str:
    return f"{orbit.x:.8g} ({orbit.stability})".replace("-", MINUS)


# Numbers -------------------------------------------------------------------------------------------------------------------------


def _write_npz(file: IO[bytes], frame: FixedPointFrame, export: "ExportRequest") -> Iterator[float]:
    return write_arrays(file, arrays(frame), _metadata(frame, export.session_text))


def _write_csv(file: IO[bytes], frame: FixedPointFrame, export: "ExportRequest") -> Iterator[float]:
    labels = np.array([outcome.label for outcome in sorted(Outcome)])
    outcomes = {"start": frame.starts, "final": frame.finals, "outcome": labels[frame.outcomes]}
    return write_table(file, outcomes | {name: getattr(frame, name) for name in ("attractor", "period", "steps")})


def _write_json(file: IO[bytes], frame: FixedPointFrame, export: "ExportRequest") -> Iterator[float]:
    return write_object(file, as_json(frame))


def arrays(frame: FixedPointFrame) -> dict[str, NDArray[Any]]:
    """The arrays of an npz file.

    Of the starts: starts, finals, outcomes (a number that counts through outcome_names), attractor (the orbit's index, -1 for none),
    period, steps. Of the orbits, fixed points first: orbit_period, orbit_multiplier, orbit_stability, and all their points one after
    another in orbit_points. Of the basins: basin_ends (basins, 2), basin_orbit, and basin_immediate (1, 0, or -1 where not known).
    """
    orbits, basins = frame.orbits, frame.basins
    immediate = [-1 if basin.immediate is None else int(basin.immediate) for basin in basins]
    return {
        **{name: getattr(frame, name) for name in ("starts", "finals", "outcomes", "attractor", "period", "steps")},
        "outcome_names": np.array([outcome.label for outcome in sorted(Outcome)]),
        "orbit_period": np.array([orbit.period for orbit in orbits], np.int32),
        "orbit_multiplier": np.array([orbit.multiplier for orbit in orbits], np.float64),
        "orbit_stability": np.array([orbit.stability for orbit in orbits], np.str_),
        "orbit_points": np.array(list(itertools.chain.from_iterable(orbit.points for orbit in orbits)), np.float64),
        "basin_ends": np.array([(basin.low, basin.high) for basin in basins], np.float64).reshape(-1, 2),
        "basin_orbit": np.array([basin.orbit for basin in basins], np.int32),
        "basin_immediate": np.array(immediate, np.int8),
    }


def _metadata(frame: FixedPointFrame, session: str) -> Mapping[str, Any]:
    request = frame.request
    return {
        "software": "funjax",
        "map": request.map,
        "parameters": dict(request.parameters),
        "iterations": request.steps,
        "tolerance": request.tolerance,
        "precision": frame.precision,
        "device": frame.device,
        "note": frame.search_note,
        "session": session,
    }


PICTURE = """\
plt.figure(figsize=(12, 7.5))
plt.scatter(frame.starts, frame.finals, c=frame.outcomes, s=8, cmap="viridis")
plt.xlabel("start")
plt.ylabel(f"after {request.steps} steps")"""
"""What a script does with matplotlib."""


def _title(request: FixedPointRequest) -> str:
    return f"Where starts go under x -> {find_map(request.map).formula}."


EXPORTERS: dict[str, Exporter] = {
    ".png": Exporter("Picture", _write_png, _checked, PIXELS, LARGEST_SIDE),
    ".npz": Exporter("NumPy arrays", _write_npz),
    ".csv": Exporter("Table, a line a start", _write_csv),
    ".json": Exporter("Numbers, JSON", _write_json),
    ".py": export_script.exporter(_title, PICTURE),
}
"""Suffix, in lower case, to exporter."""
