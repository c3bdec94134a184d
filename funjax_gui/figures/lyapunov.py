"""Figure of the Lyapunov exponents of a diagram's columns."""

import numpy as np
from numpy.typing import NDArray

from funjax_gui.figures.figure import Figure, Range, points
from funjax_gui.figures.items import Item, Marks, Polyline, Rule, Split
from funjax_gui.formatting import minus_sign

MOST_ARROWS = 6
"""Largest number of arrows for exponents below the axis."""

ARROW = 0.08
"""Distance of the arrows from the edge, relative to the height of the plot."""

LADDER = (0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0)
"""Possible limits of the vertical axis: few, so that it does not jump while the view moves."""


def exponents(
    u: NDArray[np.float64], values: NDArray[np.float64], limits: Range | None = None, second: NDArray[np.float64] | None = None
) -> Figure:
    """Exponents (n,) at ascending window coordinates `u` (n,), 0 to 1: gaps where NaN; -inf (superstable) reaches the bottom.

    `limits` of the vertical axis are chosen from the exponents where they are not given. second: the smaller exponents (n,) of a map of
    the plane, drawn as a thin line.
    """
    low, high = limits or exponent_limits(values, second)
    bottom = 2 * low - high
    items: list[Item] = []
    if second is not None:
        items.append(Polyline(points(u, np.where(np.isneginf(second), bottom, second)), "muted", 1.0))
    items += [Split(points(u, np.where(np.isneginf(values), bottom, values)), "accent", "accent2"), Rule(0.0, "muted")]
    margin = ARROW * (high - low)
    items += _cut_marks(u, values < low, low + margin, "triangle-down", "accent2", f"below {low:g}")
    items += _cut_marks(u, values > high, high - margin, "triangle", "accent", f"above {high:g}")
    return Figure(items, (0.0, 1.0), (low, high), y_label="λ")


def _cut_marks(u: NDArray[np.float64], cut: NDArray[np.bool_], height: float, shape: str, role: str, words: str) -> list[Item]:
    """Arrows near an edge where exponents (n,) are cut there, the widest stretch with the words."""
    is_cut = np.concatenate([[False], cut, [False]])
    edges = np.flatnonzero(is_cut[1:] != is_cut[:-1])
    stretches = sorted(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True), key=lambda ends: ends[0] - ends[1])[:MOST_ARROWS]
    if not stretches:
        return []
    places = np.array([[(u[first] + u[last - 1]) / 2, height] for first, last in reversed(stretches)])
    return [Marks(places, shape, role, 6.0, label=minus_sign(words))]


def exponent_limits(values: NDArray[np.float64], second: NDArray[np.float64] | None = None) -> tuple[float, float]:
    """Limits of the vertical axis: round numbers that contain all positive and nine tenths of the negative exponents.

    Of the second ones nearly all.
    """
    finite = values[np.isfinite(values)]
    top = float(finite.max(initial=0.0))
    negative = -finite[finite < 0]
    deep = float(np.quantile(negative, 0.9)) if negative.size else 0.0
    if second is not None and (lowest := -second[np.isfinite(second)]).size:
        deep = max(deep, float(np.quantile(lowest, 0.98)))
    return -_rung(max(deep, top / 2)), _rung(top * 1.05)


def _rung(value: float) -> float:
    return next((rung for rung in LADDER if rung >= value), 2.0 * value)
