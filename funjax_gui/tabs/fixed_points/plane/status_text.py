"""Status texts of the phase plane."""

import math

from funjax_gui.figures import phase_plane as look
from funjax_gui.figures import plane_basins
from funjax_gui.formatting import minus_sign, significant, to_spacing
from funjax_gui.plots import PLOT_KEYS
from funjax_gui.tabs.base import Status
from kernels.geometry import Grid
from kernels.phase_plane import (
    MOST_ATTRACTORS,
    UNRESOLVED,
    Cycle,
    CyclesFrame,
    ManifoldsFrame,
    OrbitNumbersFrame,
    PhasePlaneFrame,
    PlaneBasinsFrame,
    Point,
    Rotation,
    Scaling,
    SpectrumFrame,
)
from kernels.validation import grouped

KEYS = PLOT_KEYS | {
    "Click, Enter": "add an orbit from there, or (Enter) from the middle",
    "Drag the triangle": "move the chosen initial condition; Ctrl + arrow keys too",
    "Ctrl+C in the table": "copy the table as text, with all digits",
    "Esc in the table": "clear the selection",
}
"""Keys and mouse actions of the plots that are not menu actions."""


def title(cycle: Cycle) -> str:
    """Title of a cycle."""
    return "fixed point" if cycle.period == 1 else f"{cycle.period}-cycle"


def where(point: Point, digits: int = 8) -> str:
    """A point."""
    return f"({', '.join(minus_sign(significant(value, digits)) for value in point)})"


def eigenvalues(cycle: Cycle, digits: int = 6) -> str:
    """The eigenvalues: two numbers, or a conjugate pair as one with ±."""
    first, second = cycle.eigenvalues
    if first.imag:
        return f"{significant(first.real, digits)} ± {significant(abs(first.imag), digits)} i"
    return ", ".join(significant(value.real, digits) for value in (first, second))


def found(frame: CyclesFrame) -> str:
    """Where cycles are not isolated, how many others there are, and whether these are all."""
    fixed, longer = len(frame.fixed_points), len(frame.cycles) - len(frame.fixed_points)
    counted = f"{_several(fixed, 'fixed point')}, {_several(longer, 'cycle')} up to period {frame.searched}"
    if frame.continua and not frame.cycles:
        counted = f"none up to period {frame.searched}"
    open_boxes = sum(frame.unresolved)
    proved = "proved to be all in this view" if not open_boxes else f"{_several(open_boxes, 'box', 'boxes')} of the view unresolved"
    if not frame.continua:
        return f"{counted} ({proved})"
    told = [f"{'an area' if each.is_area else 'a curve'} of {_called(each.period)}" for each in frame.continua]
    return f"{', '.join(told)}; else {counted} ({'proved' if not open_boxes else proved})"


def continua(frame: CyclesFrame) -> list[str]:
    """What is said of fixed points and cycles that are not isolated."""
    on_curves, in_areas = ([_called(each.period) for each in frame.continua if each.is_area == is_area] for is_area in (False, True))
    curves = "a curve of them passes" if len(on_curves) == 1 else "curves of them pass"
    lines = [f"{' and '.join(on_curves)} are not isolated here: {curves} through the view"] if on_curves else []
    return lines + ([f"{' and '.join(in_areas)} are not isolated here: they fill an area of the view"] if in_areas else [])


def _called(period: int) -> str:
    return "fixed points" if period == 1 else f"{period}-cycles"


def _several(count: int, what: str, plural: str = "") -> str:
    return f"{grouped(count)} {what if count == 1 else plural or f'{what}s'}"


def status(frame: PhasePlaneFrame, cycles: CyclesFrame | None, running: bool) -> Status:
    """The status bar's sentence, facts and progress for a frame."""
    request = frame.request
    steps = f"{_several(request.orbits, 'orbit')}, {grouped(frame.steps)} steps"
    if frame.steps < request.steps:
        steps += f" of {grouped(request.steps)}"
    if request.transient:
        steps += f" after {grouped(frame.transient)} of transient"
    if frame.chaotic is not None:
        steps += f", {grouped(int(frame.chaotic.sum()))} of them chaotic so far"
    lost = [f"{grouped(count)} {what}" for count, what in ((frame.diverged, "diverged"), (frame.undefined, "undefined")) if count]
    parts = [steps, *lost, *([found(cycles)] if cycles is not None else [])]
    return Status(
        text=" · ".join(parts) + (" · refining" if running else ""),
        facts=(frame.device, frame.precision, f"{grouped(round(1e3 * frame.seconds))} ms"),
        progress=frame.progress if running else None,
    )


def basins(frame: PlaneBasinsFrame, cycles: CyclesFrame | None, running: bool) -> Status:
    """The status of a picture of basins."""
    rows, columns = frame.labels.shape
    unresolved = frame.shares.get(UNRESOLVED, 0.0)
    parts = [f"basins: {grouped(rows * columns)} initial conditions, at most {grouped(frame.request.steps)} steps"]
    several = _several(len(frame.attractors), "attractor")
    parts.append(f"at least {several}: no more are distinguished" if len(frame.attractors) == MOST_ATTRACTORS else several)
    parts += [f"{100 * unresolved:.2g} % unresolved"] if unresolved else []
    parts += [found(cycles)] if cycles is not None else []
    return Status(
        text=" · ".join(parts) + (" · refining" if running else ""),
        facts=(frame.device, frame.precision, f"{grouped(round(1e3 * frame.seconds))} ms"),
        progress=frame.progress if running else None,
    )


def manifolds(frame: ManifoldsFrame, cycles: CyclesFrame | None, running: bool) -> Status:
    """The status of manifolds without a picture below them."""
    parts = [found_manifolds(frame), *([found(cycles)] if cycles is not None else [])]
    return Status(
        text=" · ".join(parts) + (" · refining" if running else ""),
        facts=("float64", f"{grouped(round(1e3 * frame.seconds))} ms"),
        progress=frame.progress if running else None,
    )


def found_manifolds(frame: ManifoldsFrame) -> str:
    """How many branches there are, and how many crossings of which sort."""
    counts = {what: count for what, count in look.crossings(frame).items() if count}
    return ", ".join(
        [
            _several(len(frame.branches), "branch of manifolds", "branches of manifolds"),
            *(f"{grouped(count)} {what}" for what, count in counts.items()),
        ]
    )


def pixel(frame: PlaneBasinsFrame, row: int, column: int) -> str:
    """Read-out of a pixel of a picture of basins."""
    label = int(frame.labels[row, column])
    return f"to the {plane_basins.name(frame.attractors[label])}" if label >= 0 else plane_basins.OUTCOMES[label]


def numbers(spectrum: SpectrumFrame | None, others: OrbitNumbersFrame | None) -> list[str]:
    """Exponents, dimensions and rotation number of the chosen orbit with their errors, as far as they are known; a line each."""
    lines: list[str] = []
    if spectrum is not None:
        if any(sign is None for sign in spectrum.signs):
            return ["The chosen orbit is not finite: no Lyapunov exponent, no dimension"]
        texts = [_with_error(value, error) for value, error in zip(spectrum.exponents, spectrum.errors, strict=True)]
        lines.append(f"Lyapunov exponents {texts[0]}, {texts[1]}")
        known = math.isfinite(spectrum.dimension)
        told = significant(spectrum.dimension, 4) if known else "unresolved: neither exponent differs from 0 by more than its error"
        lines.append(f"Kaplan–Yorke dimension {told}")
    if others is not None and others.box is not None and others.correlation is not None:
        lines += [dimension("Box-counting", others.box), dimension("Correlation", others.correlation), rotation(others.rotation)]
    return lines


def dimension(name: str, found: Scaling) -> str:
    """A dimension with its error, or that it is unresolved."""
    return f"{name} dimension {_with_error(found.value, found.error) if found.is_resolved else 'unresolved'}"


def rotation(found: Rotation) -> str:
    """The rotation number with its error and what turns, or that it is unresolved."""
    if found.about is None:
        return "Rotation number unresolved"
    about = f"of {found.about}" if isinstance(found.about, str) else f"about {where(found.about, 5)}"
    return f"Rotation number {about} {_with_error(found.turns, found.error)}"


def _with_error(value: float, error: float) -> str:
    """A number to the digits that its error leaves, and the error."""
    if not error > 0 or not math.isfinite(value):
        return significant(value, 6)
    places = max(0, min(12, -math.floor(math.log10(error))))
    return minus_sign(f"{value:.{places}f} ± {error:.1g}")


def trouble(frame: PhasePlaneFrame) -> str:
    """Message of an empty plot: the reason and a remedy; empty if there is something to see."""
    if not frame.done or frame.inside:
        return ""
    if frame.diverged + frame.undefined == frame.request.orbits:
        ends = ("diverges", frame.diverged), ("leaves the map’s domain", frame.undefined)
        what = " or ".join(end for end, count in ends if count)
        change = "Change the parameters" if frame.request.parameters else "Type another formula"
        return f"Every orbit {what}. {change}, or shorten the transient."
    return "No state of these orbits lies in this view. Zoom out, press Home, or increase the steps."


def place(grid: Grid, names: tuple[str, ...], u: float, v: float) -> str:
    """Read-out of a point in window coordinates."""
    view = grid.viewport
    x = to_spacing(view.x_at(u), 2 * view.half_width / grid.columns)
    y = to_spacing(view.y_at(v), 2 * view.half_height / grid.rows)
    return f"{names[0]} = {x}   {names[1]} = {y}"


def row(cycle: Cycle) -> tuple[str, ...]:
    """A cycle's row in the table: its period, its first point, its eigenvalues, its kind."""
    x, y = cycle.points[0]
    glyph = look.GLYPHS[cycle.stability][cycle.period > 1]
    more = ", …" if cycle.period > 1 else ""
    return f"{glyph} {title(cycle)}", significant(x, 8) + more, significant(y, 8) + more, eigenvalues(cycle), cycle.kind
