"""Status texts of the diagram: numbers to their reliable digits, and sentences about a frame."""

import math
from dataclasses import replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from funjax_gui.export import SHOWN
from funjax_gui.formatting import minus_sign, significant, to_spacing
from funjax_gui.formulas import find_map
from funjax_gui.plots import PLOT_KEYS
from funjax_gui.tabs.base import Status
from funjax_gui.tabs.bifurcation import sides
from kernels.bifurcation import (
    CAUSTICS,
    DIFFERENCES,
    DIVERGED,
    QUASIPERIODIC,
    UNDEFINED,
    BifurcationFrame,
    BifurcationRequest,
    JourneyRequest,
)
from kernels.geometry import Grid, Viewport
from kernels.validation import grouped

ENOUGH = 500
"""Samples a pixel, on average, after which refining ends by itself."""

SMOOTH = 25
"""Samples a pixel, on average, from which a picture in another size replaces the one that is shown."""

KEYS = PLOT_KEYS | {
    "Click, Enter": "pin the column under the cursor, or (Enter) the middle one",
    "Drag the line, Ctrl + arrow keys": "move the pinned column",
    "Wheel over the labels of λ, Ctrl + wheel": "scale the exponents; a double click chooses their range anew",
}
"""Keys and mouse actions of the plots that are not menu actions."""


def place(view: Viewport, columns: int, x: float | Decimal) -> str:
    """An abscissa with the digits that distinguish neighbouring columns."""
    return to_spacing(x, 2 * view.half_width / columns)


def height(view: Viewport, rows: int, y: Decimal) -> str:
    """An ordinate with the digits that distinguish neighbouring rows."""
    return to_spacing(y, 2 * view.half_height / rows)


def where(grid: Grid, symbol: str, u: float, v: float, observed: str = "x") -> list[str]:
    """Read-out of a point in window coordinates."""
    view = grid.viewport
    return [f"{symbol} = {place(view, grid.columns, view.x_at(u))}", f"{observed} = {height(view, grid.rows, view.y_at(v))}"]


def initial(request: BifurcationRequest) -> str:
    """The initial condition as text, such as x₀ = 0.5."""
    names = find_map(request.map).coordinates
    return ", ".join(f"{name}₀ = {significant(value)}" for name, value in zip(names, request.origin, strict=True))


def exponent(frame: BifurcationFrame, column: int) -> str:
    """Lyapunov exponent of a column: from the multiplier of a cycle, else from the mean over n samples, with an error of about 1 / √n."""
    period, multiplier = int(frame.period[column]), float(frame.multiplier[column])
    if period < 0:
        return ""
    if period > 0:
        return "λ = −∞" if multiplier == 0 else minus_sign(f"λ = {math.log(abs(multiplier)) / period:.4f}").replace("inf", "∞")
    value = float(frame.lyapunov[column])
    if not math.isfinite(value):
        return "λ not known"
    return minus_sign(f"λ ≈ {value:.{_decimals(frame)}f}")


def _decimals(frame: BifurcationFrame) -> int:
    """Reliable decimals of a mean over the samples."""
    return max(1, min(6, int(math.log10(frame.samples) / 2)))


def second(frame: BifurcationFrame) -> NDArray[np.float64] | None:
    """The smaller Lyapunov exponent of each column; None for a map of the line."""
    return None if frame.spectrum is None else frame.spectrum[:, 1]


def thin_line(frame: BifurcationFrame) -> NDArray[np.float64] | None:
    """The exponents that are drawn as a thin line: from the right where there are two diagrams, else the smaller ones."""
    return second(frame) if frame.other is None else frame.other.lyapunov


def smaller(frame: BifurcationFrame, column: int) -> str:
    """The smaller Lyapunov exponent of a column of a map of the plane, from the mean over n samples; empty where there is none."""
    values = second(frame)
    if values is None or math.isnan(values[column]):
        return ""
    value = float(values[column])
    return f"λ₂ ≈ {minus_sign(f'{value:.{_decimals(frame)}f}')}" if math.isfinite(value) else "λ₂ = −∞"


def outcome(frame: BifurcationFrame, column: int) -> str:
    """Outcome of the orbit of a column."""
    period = int(frame.period[column])
    if period < 0:
        return "undefined: no value in float64" if period == UNDEFINED else "diverged"
    if period == 0:
        return "chaotic or unresolved" if frame.kinds[column] == 0 else quasiperiodic(frame, column)
    multiplier = abs(float(frame.multiplier[column]))
    kind = "on a repelling cycle, " if multiplier > 1 else "super-attracting, " if multiplier == 0 else ""
    return f"{kind}period {period}"


def quasiperiodic(frame: BifurcationFrame, column: int) -> str:
    """Outcome of a quasi-periodic column: with its rotation number, to the digits that are reliable."""
    turns = math.nan if frame.rotation is None else float(frame.rotation[column])
    return "quasi-periodic" + (f", rotation number {turns:.4f}" if math.isfinite(turns) else "")


def readout(frame: BifurcationFrame, column: int) -> list[str]:
    """Read-out of a column, of two diagrams of both."""
    if frame.other is not None:
        both = {"left": replace(frame, other=None), "right": frame.other}
        return [f"from the {side}: {line}" for side, part in both.items() for line in readout(part, column) if line]
    lines = [" · ".join(filter(None, (outcome(frame, column), exponent(frame, column), smaller(frame, column))))]
    if frame.iterations > 1 and lines[0]:
        lines.append(f"in {returns(frame.iterations)}")
    if frame.skipped[column] and math.isfinite(frame.lyapunov[column]):
        lines.append(f"λ excludes {grouped(int(frame.skipped[column]))} steps with derivative 0")
    return lines


def arithmetic(frame: BifurcationFrame) -> str:
    """The precision; of a return map also how many iterations of the map a sample stands for."""
    if frame.engine in ("", CAUSTICS):
        return frame.precision
    returns = f": 1 sample = 1 return = {iterations(frame.iterations)} iterations" if frame.iterations > 1 else ""
    point = "" if frame.critical is None else f" of the critical point x = {significant(frame.critical, 4)}"
    return f"{frame.engine}{point}, {frame.precision}{returns}"


def containment(frame: BifurcationFrame) -> list[str]:
    """Of a return map: whether it is proved that it takes an interval into itself in every column, or was found by following orbits."""
    return [f"containment: {'proved' if frame.certified else 'heuristic'}"] if frame.engine not in ("", DIFFERENCES, CAUSTICS) else []


def closed_form(frame: BifurcationFrame) -> list[str]:
    """Of chaos that samples miss: that the density is drawn in closed form, and how rare samples are in the view."""
    if frame.engine != CAUSTICS:
        return []
    share = f"of an orbit's samples one in {1 / frame.visits:.1e} falls into the view"
    return [f"{CAUSTICS}: density in closed form near images of the critical point; {share}"]


def iterations(number: int) -> str:
    """So many iterations of the map: a power of 2 as one, others with all digits or four of them."""
    power = number.bit_length() - 1
    if number == 1 << power and power > 9:
        return f"2^{power}"
    return grouped(number) if number < 10**12 else f"{number:.4g}"


def returns(number: int) -> str:
    """The unit of steps, periods and exponents of a return map."""
    return f"returns of {iterations(number)} iterations"


def status(frame: BifurcationFrame, running: bool) -> Status:
    """The status bar's sentence, facts and progress for a frame."""
    request, asked = frame.request, frame.request.samples
    if frame.transient < request.transient:
        sentence = f"coarse: {grouped(frame.transient)} of {grouped(request.transient)} transient steps done"
    else:
        sentence = f"{grouped(frame.transient)} transient + {grouped(frame.samples)} samples per column"
        if frame.samples < asked:
            sentence += f" of {grouped(asked)}"
    complete = frame.done or is_enough(frame)
    state = "refining" if running else "done" if complete else "stopped"
    census = [] if frame.other is not None else _census(frame)
    parts = [*closed_form(frame), sentence, state, *sides.summary(frame), *census, *containment(frame)]
    if frame.engine and (zeros := _unwritten(request.grid.viewport)):
        parts.append(zeros)
    if is_alike(frame):
        parts.append("every periodic window is narrower than a column: columns differ by sampling only")
    return Status(
        text=" · ".join(parts),
        facts=(frame.device, arithmetic(frame), f"{grouped(round(1e3 * frame.seconds))} ms"),
        progress=frame.progress if running else None,
    )


def _unwritten(view: Viewport) -> str:
    """That the decimal centre has fewer digits than the view's width, and is taken to end with them."""
    exponent = view.x.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent >= -math.log10(view.half_width) - 1:
        return ""
    return f"the centre is {view.x:f} continued with zeros"


def trouble(frame: BifurcationFrame, shown: str) -> str:
    """Message of an empty plot: the reason and a remedy; empty if there is something to see."""
    request = frame.request
    if frame.progress < 1:
        return ""
    if frame.other is not None:  # something is to see if one of both has it
        return trouble(replace(frame, other=None), SHOWN[0]) and trouble(frame.other, SHOWN[0])
    if (frame.period < 0).all():
        end = "leaves the map’s domain, or diverges," if (frame.period == UNDEFINED).any() else "diverges"
        what = f"Every orbit from {initial(request)} {end} here"
        return f"{what}. Choose another initial condition, or press Home for the whole diagram."
    if not frame.inside and not frame.counts.any():
        return _why_empty(frame)
    if shown == "period" and not ((frame.kinds > 0) | (frame.kinds == QUASIPERIODIC)).any():
        return "No period was found in this view: every orbit is chaotic or has not settled. Increase the transient, or show the density."
    return ""


def obstacle(map: str) -> str:
    """Why the zoom of a map's diagram ends at float64, in brackets; empty where it does not."""
    why = JourneyRequest.obstacle(map)
    return f" ({why})" if why else ""


def _why_empty(frame: BifurcationFrame) -> str:
    """Why no sample lies in the view, and remedies."""
    request = frame.request
    remedy = "Zoom out, or press Home for the whole diagram."
    if request.line or JourneyRequest.obstacle(request.map):
        return f"No points in this view. {remedy}"
    if is_alike(frame) or (not frame.engine and is_chaotic(frame)):
        low, high = find_map(request.map).state
        times = (high - low) / (2 * request.grid.viewport.half_height)
        sparse = f"No points in this view: orbits here are chaotic, and about one sample in {times:.0e} falls into so low a view."
        same = " No image of the critical point is near, so that all columns have the same, uniform density." if is_alike(frame) else ""
        return f"{sparse}{same} Press H to fit the height. {remedy}"
    return f"No points in this view: it lies beside the attractor, or between its points. Press H to fit the height. {remedy}"


def is_alike(frame: BifurcationFrame) -> bool:
    """Whether the columns differ by their samples only, as far as they tell: all chaotic, too near for float64, and no return map."""
    return frame.engine == DIFFERENCES and is_chaotic(frame)


def is_chaotic(frame: BifurcationFrame) -> bool:
    """Whether every column is chaotic, or unresolved."""
    return not frame.period.any()


def is_enough(frame: BifurcationFrame) -> bool:
    """Whether refining can end: the requested samples are there, and more would not be visible."""
    return frame.samples >= frame.request.samples and frame.inside >= ENOUGH * frame.counts.size


def outlasts(shown: BifurcationFrame | None, frame: BifurcationFrame) -> bool:
    """Whether the picture that is shown stays before `frame`: it has more samples, or is of the same view in another size.

    The first is so after a change of 'keep refining'; another engine begins anew. The second, while this one is coarse, when a panel is
    hidden or the window gets another size: the picture is stretched.
    """
    if shown is None:
        return False
    old, new = shown.request, frame.request
    if replace(old, keep_refining=new.keep_refining) == new:
        return shown.engine == frame.engine and shown.samples > frame.samples
    if frame.done or frame.samples >= min(shown.samples, SMOOTH * frame.request.grid.rows):
        return False
    resized = replace(old, grid=replace(old.grid, columns=new.grid.columns, rows=new.grid.rows), keep_refining=new.keep_refining)
    return resized == new and old.grid != new.grid


def _census(frame: BifurcationFrame) -> list[str]:
    columns = len(frame.period)
    counts = {label: int((frame.period == code).sum()) for code, label in ((DIVERGED, "diverged"), (UNDEFINED, "undefined"))}
    counted: list[str] = []
    for code, label in ((0, "chaotic or unresolved"), (QUASIPERIODIC, "quasi-periodic")):
        if found := int((frame.kinds == code).sum()):
            counted.append(f"{found} of {columns} columns {label}" if not counted else f"{found} {label}")
    return counted + [f"{count} {label}" for label, count in counts.items() if count]
