"""What's This help of the plots, and descriptions of their content for screen readers."""

import math
from collections import Counter

import numpy as np

from funjax_gui.formatting import minus_sign, plain_decimal, significant
from funjax_gui.formulas import find_map
from funjax_gui.tabs.bifurcation import edits, sides
from funjax_gui.tabs.bifurcation.status_text import initial
from kernels.bifurcation import DIVERGED, QUASIPERIODIC, UNDEFINED, BifurcationFrame, BifurcationRequest
from kernels.single_orbit import ColumnFrame

EXPLAINED = {
    "picture": (
        "Bifurcation diagram",
        "Horizontal: the parameter, or the position on a line across the plane of two; vertical: the state x, of a map of the plane a "
        "coordinate or the distance from the origin. Each column iterates the map; the transient is discarded, and each pixel is coloured "
        "by the number of states on it.\n"
        "A few thin lines are a cycle, a cloud is chaos or an orbit that has not settled, and an empty column diverges or leaves the map’s "
        "domain. Shown by period, grey is chaotic or unresolved, red undefined, white or black quasi-periodic: the largest exponent is 0 "
        "within its error. Overlays: cycles, dashed where they repel, images of critical points, and named points.\n"
        "Drag to pan, turn the wheel to zoom, click to pin a column. H fits the height; N and U go to copies.",
    ),
    "lyapunov": (
        "Lyapunov exponent",
        "Horizontal: the same parameter as above; vertical: the exponent λ. The distance between neighbouring orbits changes by the "
        "factor e to the λ per step, on average. Positive λ means chaos, negative λ an attracting cycle; at a bifurcation of a cycle the "
        "curve touches zero. Arrows mark values beyond the axis, down to −∞ where a cycle is super-attracting, and the curve "
        "has a gap where the orbit diverges. A map of the plane has two exponents: the thin line is the smaller one, and their sum the "
        "mean of ln|determinant of the Jacobian|; of columns followed from both sides it is the exponent from the right.\n"
        "The wheel zooms the diagram horizontally; with Ctrl, or over λ’s labels, it scales λ, and a double click chooses its range anew.",
    ),
    "cobweb": (
        "Cobweb of the pinned column",
        "Horizontal: a state x; vertical: the next state. The curve is the map at the pinned parameter; on the thin diagonal x is "
        "unchanged. Each step of the orbit goes from the diagonal vertically to the curve and horizontally back to the diagonal, after "
        "the transient. A closed path is a cycle, a tangle is chaos; a diverging orbit is drawn from x₀ until it leaves the range. Of a "
        "map of the plane the last states are drawn instead, in the phase plane.",
    ),
    "time-series": (
        "Time series of the pinned column",
        "Horizontal: the step number, from the start on and including the transient; vertical: the state. The plot shows how long the "
        "orbit takes to settle, if it does; a diverging orbit ends where it leaves the range.",
    ),
    "density": (
        "Density of the pinned column",
        "Horizontal: the state; vertical: the density of the orbit after the transient. Areas are shares of all states. "
        "Spikes are the points of a cycle, a filled stretch is chaos. States outside the range are not drawn; the title says how many.",
    ),
}
"""Title and help text of each plot, by its object name."""

NOTHING = "Not computed yet."
OTHERS = (0, "chaotic or unresolved"), (QUASIPERIODIC, "quasi-periodic"), (DIVERGED, "diverged"), (UNDEFINED, "undefined")
MOST_PERIODS = 4
"""Maximum number of periods listed in a description."""


def descriptions(request: BifurcationRequest, frame: BifurcationFrame | None, pinned: ColumnFrame | None, where: str) -> dict[str, str]:
    """Accessible description of each plot, by object name.

    `frame`: the diagram, `pinned`: the pinned column, None if not computed yet; `where`: the pin as text, such as "a = 3.5".
    """
    shown = find_map(request.map)
    view = request.grid.viewport
    symbol = edits.symbol(request)
    others = "".join(f", {name} = {significant(value)}" for name, value in request.parameters)
    across, up = (minus_sign(f"from {plain_decimal(low)} to {plain_decimal(high)}") for low, high in (view.x_limits, view.y_limits))
    along = f" on the line with {edits.ends(request)}" if request.line else ""
    what = f"{shown.title} map, {shown.mapping}: {symbol} {across}{along}, {request.observe or 'x'} {up}; {initial(request)}{others}."
    return {
        "picture": f"{what} {_of_sides(frame) if frame else NOTHING}",
        "lyapunov": _exponents(frame, symbol) if frame else NOTHING,
        **(pinned_descriptions(pinned, where) if pinned else {}),
    }


def _of_sides(frame: BifurcationFrame) -> str:
    said = [f"{words[:1].upper()}{words[1:]}." for words in sides.summary(frame)]
    if frame.other is None:
        return " ".join([*said, _outcomes(frame)])
    return " ".join([*said, f"From the left: {_outcomes(frame)}", f"From the right: {_outcomes(frame.other)}"])


def _outcomes(frame: BifurcationFrame) -> str:
    counts = Counter(frame.kinds.tolist())
    resolved = [(period, count) for period, count in counts.most_common() if period > 0]
    found = [f"{count} of period {period}" for period, count in resolved[:MOST_PERIODS]]
    rest = sum(count for _, count in resolved[MOST_PERIODS:])
    found += [f"{rest} of other periods"] if rest else []
    found += [f"{counts[period]} {what}" for period, what in OTHERS if counts[period]]
    return f"Of {len(frame.period)} columns {', '.join(found)}."


def _exponents(frame: BifurcationFrame, symbol: str) -> str:
    finite = frame.lyapunov[np.isfinite(frame.lyapunov)]
    if not len(finite):
        return "No column has an exponent."
    share = f"{np.count_nonzero(finite > 0)} of {len(frame.lyapunov)} columns"
    low = "−∞" if np.isneginf(frame.lyapunov).any() else significant(float(finite.min()), 3)
    return f"λ against {symbol}, from {low} to {significant(float(finite.max()), 3)}; above zero in {share}."


def pinned_descriptions(frame: ColumnFrame, where: str) -> dict[str, str]:
    """Descriptions of the plots of a pinned orbit, by object name."""
    cycle = ", ".join(significant(float(x), 5) for x in frame.cobweb[: min(frame.period, MOST_PERIODS)])
    if frame.period < 0:
        found = "the orbit reaches a point where the map has no float64 value" if frame.period == UNDEFINED else "the orbit diverges"
    elif frame.has_left:
        found = "the orbit leaves the return map's interval"
    elif frame.period == 0:
        found = "the orbit is chaotic or unresolved"
    else:
        what = "a fixed point" if frame.period == 1 else f"a cycle of period {frame.period}"
        found = f"the orbit converges to {what}: {cycle}{', …' if frame.period > MOST_PERIODS else ''}"
    exponent = f"; λ = {significant(frame.lyapunov, 3)}" if math.isfinite(frame.lyapunov) else ""
    first = ", ".join(significant(float(x), 4) for x in frame.series[:5])
    return {
        "cobweb": f"At {where} {found}{exponent}.",
        "time-series": f"At {where}: {first}, …; {found}.",
        "density": f"At {where} {found}; {frame.samples} samples.",
    }
