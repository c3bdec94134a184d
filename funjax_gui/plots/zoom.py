"""Views after a zoom, a pan or a box: pure functions without Qt."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from kernels.geometry import Grid, Viewport

FARTHEST = 1e6
"""Limits stay within this of 0: no map has anything beyond it, and zooming out must end somewhere."""

NOTCH = 0.8
"""Scale factor of the view per notch of the wheel."""

Snap = Callable[[float, float | None], Decimal | None]
"""The abscissa that a click at (u, v), or the pin that is dragged to u (no v), is drawn to; None if to none."""

IsResolved = Callable[[Grid], tuple[bool, bool]]
"""(columns, rows): whether neighbouring ones of a grid are distinct numbers for the engine of the picture."""


def clamped(view: Viewport) -> Viewport:
    """`view`, moved and if necessary shrunk so that its limits are within FARTHEST of 0."""
    x, half_width = _clamped(view.x, view.half_width)
    y, half_height = _clamped(view.y, view.half_height)
    return replace(view, x=x, y=y, half_width=half_width, half_height=half_height)


def _clamped(centre: Decimal, half: float) -> tuple[Decimal, float]:
    half = min(half, FARTHEST)
    room = Decimal(FARTHEST) - Decimal(half)
    return (centre if abs(centre) <= room else room.copy_sign(centre)), half


def boxed(grid: Grid, box: tuple[float, float, float, float], is_resolved: IsResolved) -> tuple[Viewport, str]:
    """The part `box` (u0, v0, u1, v1) of the grid's view, and why an axis was left as it is: "" where none was.

    An axis is not zoomed in to where `is_resolved` fails on it; the other one still is.
    """
    u0, v0, u1, v1 = box
    try:
        wanted = grid.viewport.box(u0, v0, u1, v1)
    except ValueError as error:  # below the least view that there is
        return grid.viewport, f"{str(error).removesuffix('; zoom out')}; the zoom stops"
    columns, rows = is_resolved(replace(grid, viewport=wanted))
    stopped = (not columns and abs(u1 - u0) < 1.0, not rows and abs(v1 - v0) < 1.0)
    if stopped[0]:
        u0, u1 = 0.0, 1.0
    if stopped[1]:
        v0, v1 = 0.0, 1.0
    if (u0, v0, u1, v1) == (0.0, 0.0, 1.0, 1.0):
        return grid.viewport, refusal(*stopped)
    return clamped(grid.viewport.box(u0, v0, u1, v1)), refusal(*stopped)


def zoom_box(factor_x: float, factor_y: float, u: float, v: float) -> tuple[float, float, float, float]:
    """The box that scales a view by the factors (below 1 zooms in) about the point (u, v), which stays where it is."""
    return u - u * factor_x, v - v * factor_y, u + (1 - u) * factor_x, v + (1 - v) * factor_y


def refusal(columns: bool, rows: bool) -> str:
    """The sentence for a zoom that stopped on these axes; empty for none."""
    stopped = " and ".join(name for name, is_stopped in (("columns", columns), ("rows", rows)) if is_stopped)
    return f"float64 cannot tell neighbouring {stopped} apart here; the zoom stops" if stopped else ""
