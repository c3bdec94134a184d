"""What the plots are, to who asks; and what they show, in words, to who cannot see it."""

import math
from collections import Counter

import numpy as np

from funjax_gui.formatting import minus_sign, plain_decimal, significant
from funjax_gui.formulas.library import find_map
from kernels.bifurcation.request import BifurcationFrame, BifurcationRequest
from kernels.single_orbit.column import ColumnFrame

EXPLAINED = {
    "picture": (
        "Bifurcation diagram",
        "Across runs the parameter, up the state x. In each column the map is iterated at that parameter from the same start, the first "
        "steps are left out, and each pixel is coloured by how many of the following states fell on it; one of the ground’s colour was "
        "never met. A few thin lines are a cycle, a cloud is chaos or has not settled yet, and an empty column diverges. Shown by period, "
        "a column has its cycle’s colour; grey is chaotic or unresolved. Drag to move, turn the wheel to zoom; a click, or Enter, pins a "
        "column, whose line can be dragged.",
    ),
    "lyapunov": (
        "Lyapunov exponent",
        "Across runs the same parameter as above, up the exponent λ: neighbouring orbits part, or come together, by the factor e to the λ "
        "at each step, on average. Filled above zero the column is chaotic, filled below zero its orbit settles; at a bifurcation the "
        "curve touches zero. It is cut off where it is deeper than there is room for, down to −∞ where a cycle is super-attracting, and "
        "has a gap where the orbit diverges. The wheel zooms the diagram across.",
    ),
    "cobweb": (
        "Cobweb of the pinned column",
        "Across is a state x, up the next one: the curve is the map at the pinned parameter, the thin diagonal is where x stays what it "
        "is. The coloured steps go from the diagonal to the curve and across to the diagonal again, a step of the orbit each, after the "
        "steps left out. A closed path is a cycle, a tangle is chaos; an orbit that diverges is drawn from its start until it leaves.",
    ),
    "time-series": (
        "Time series of the pinned column",
        "Across is the number of the step, from the start on and with nothing left out; up is the state x. One sees how long the orbit "
        "takes to settle, if it does; one that diverges ends where it leaves the range.",
    ),
    "density": (
        "Density of the pinned column",
        "Across is the state x, up how often the orbit is near it after the steps left out: the area of a part is its share of all states. "
        "Spikes are the points of a cycle, a filled stretch is chaos. States outside the range are not drawn; the title says how many.",
    ),
}
"""By the plots' names: what each is called and what it shows."""

NOTHING = "Not computed yet."
MOST_PERIODS = 4
"""Periods that are counted in words."""


def descriptions(request: BifurcationRequest, frame: BifurcationFrame | None, pinned: ColumnFrame | None, where: str) -> dict[str, str]:
    """What each plot shows now, by the plots' names.

    `frame` is the diagram and `pinned` the pinned column, None where not computed yet; `where` is the pin as text, such as "a = 3.5".
    """
    shown = find_map(request.map)
    view = request.grid.viewport
    symbol = shown.parameter(request.sweep).symbol
    others = "".join(f", {name} = {significant(value)}" for name, value in request.parameters)
    across, up = (minus_sign(f"from {plain_decimal(low)} to {plain_decimal(high)}") for low, high in (view.x_limits, view.y_limits))
    what = f"{shown.title} map, x → {shown.formula}: {symbol} {across}, x {up}; start {significant(request.start)}{others}."
    return {
        "picture": f"{what} {_outcomes(frame) if frame else NOTHING}",
        "lyapunov": _exponents(frame, symbol) if frame else NOTHING,
        **(_pinned(pinned, where) if pinned else {}),
    }


def _outcomes(frame: BifurcationFrame) -> str:
    counts = Counter(frame.period.tolist())
    resolved = [(period, count) for period, count in counts.most_common() if period > 0]
    said = [f"{count} of period {period}" for period, count in resolved[:MOST_PERIODS]]
    rest = sum(count for _, count in resolved[MOST_PERIODS:])
    said += [f"{rest} of other periods"] if rest else []
    said += [f"{counts[period]} {what}" for period, what in ((0, "chaotic or unresolved"), (-1, "diverged")) if counts[period]]
    return f"Of {len(frame.period)} columns {', '.join(said)}."


def _exponents(frame: BifurcationFrame, symbol: str) -> str:
    finite = frame.lyapunov[np.isfinite(frame.lyapunov)]
    if not len(finite):
        return "No column has an exponent."
    share = f"{np.count_nonzero(finite > 0)} of {len(frame.lyapunov)} columns"
    low = "−∞" if np.isneginf(frame.lyapunov).any() else significant(float(finite.min()), 3)
    return f"λ against {symbol}, from {low} to {significant(float(finite.max()), 3)}; above zero in {share}."


def _pinned(frame: ColumnFrame, where: str) -> dict[str, str]:
    cycle = ", ".join(significant(float(x), 5) for x in frame.cobweb[: min(frame.period, MOST_PERIODS)])
    if frame.period < 0:
        said = "the orbit diverges"
    elif frame.period == 0:
        said = "the orbit is chaotic or unresolved"
    else:
        what = "a fixed point" if frame.period == 1 else f"a cycle of period {frame.period}"
        said = f"the orbit settles on {what}: {cycle}{', …' if frame.period > MOST_PERIODS else ''}"
    exponent = f"; λ = {significant(frame.lyapunov, 3)}" if math.isfinite(frame.lyapunov) else ""
    first = ", ".join(significant(float(x), 4) for x in frame.series[:5])
    return {
        "cobweb": f"At {where} {said}{exponent}.",
        "time-series": f"At {where}: {first}, …; {said}.",
        "density": f"At {where} {said}; {frame.samples} samples.",
    }
