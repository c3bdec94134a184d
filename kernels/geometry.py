"""Viewports (rectangles of the plane with decimal centres) and grids of pixels on them.

A viewport's centre is a `decimal.Decimal` and its half-widths are floats, so a limit keeps as many digits as the depth of the
zoom needs, and a column is `centre + half_width * t` with `t` in (-1, 1). This module does not use JAX.
"""

import math
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation, localcontext
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from kernels.validation import brief, count

DIGITS = 60
"""Significant digits of decimal results, relative to the size of a view."""

TIDY = 9
"""Significant digits, relative to the size of the view, to which the limits of a moved view are rounded."""

FARTHEST = 1e300
"""Largest absolute value of a limit."""

SAME_SCALE = 1e-6
"""Largest relative difference of two scales that count as equal, far below a pixel."""

OVERVIEW = 600
"""Columns and rows, at most, at which a picture of any size is looked at for what all of its parts share."""

SMALLEST = 1e-300
"""Smallest half-width of a view, well above the subnormal floats."""

Number = Decimal | float | int | str


def decimal(value: Number) -> Decimal:
    """`value` as a finite Decimal; a float becomes the shortest decimal that reads back as that float.

    Raises ValueError, naming the value, on text that is not a number, on infinities and on NaN.
    """
    try:
        number = Decimal(repr(float(value)) if isinstance(value, float) else value)
    except (InvalidOperation, TypeError):
        if isinstance(value, str) and not value.strip():
            raise ValueError("a number is missing; write digits such as 3.57 or 1e-9") from None
        raise ValueError(f"{brief(repr(value))} is not a number; write digits such as 3.57 or 1e-9") from None
    if not number.is_finite():
        raise ValueError(f"{value} is not a finite number; write digits such as 3.57 or 1e-9")
    if number.adjusted() > 99_999 and number:  # Decimal's own arithmetic would overflow
        raise ValueError(f"{brief(str(value))} is out of range; write a number within ±{FARTHEST:g}")
    return number


def precision(half_width: float, *values: Decimal) -> int:
    """Significant digits of `values` at which DIGITS digits of a half-width are resolved; more for a deeper zoom."""
    leading = max((value.adjusted() for value in values if value), default=0)
    return max(0, leading - math.floor(math.log10(half_width))) + DIGITS


def _rounded(value: Decimal, half_width: float, digits: int) -> Decimal:
    """`value` to `digits` significant digits of `half_width`, without trailing zeros."""
    exponent = math.floor(math.log10(half_width)) - digits
    with localcontext(prec=precision(half_width, value)):
        number = value.quantize(Decimal(1).scaleb(exponent)).normalize()
        return number if number else Decimal(0)


@dataclass(frozen=True)
class Viewport:
    """A rectangle of the plane: `x`, `y` are its centre, `half_width` and `half_height` half of its sides.

    Window units (u, v) run from (0, 0) at the lower left corner to (1, 1) at the upper right one.
    Raises ValueError where a half-width is not positive and finite.
    """

    x: Decimal
    y: Decimal
    half_width: float
    half_height: float

    def __post_init__(self) -> None:
        for name, half in (("width", self.half_width), ("height", self.half_height)):
            if not 0.0 < half <= FARTHEST:
                raise ValueError(f"the view's {name} {2 * half:g} is out of range; give limits that differ, within ±{FARTHEST:g}")
            if half < SMALLEST:
                raise ValueError(f"the view's {name} {2 * half:g} is below {2 * SMALLEST:g}, the smallest that is supported; zoom out")
        for centre in (self.x, self.y):
            if not abs(centre) <= Decimal(FARTHEST):
                raise ValueError(f"the view's centre {brief(str(centre))} is out of range; keep the limits within ±{FARTHEST:g}")

    @classmethod
    def from_limits(cls, left: Number, right: Number, bottom: Number, top: Number) -> Self:
        """The viewport with these limits, as numbers or as text with any number of digits."""
        x, half_width = _centre_and_half(decimal(left), decimal(right), "horizontal")
        y, half_height = _centre_and_half(decimal(bottom), decimal(top), "vertical")
        return cls(x, y, half_width, half_height)

    @property
    def x_limits(self) -> tuple[Decimal, Decimal]:
        """(left, right), with the digits that the half-width resolves."""
        return _limits(self.x, self.half_width)

    @property
    def y_limits(self) -> tuple[Decimal, Decimal]:
        """(bottom, top), with the digits that the half-height resolves."""
        return _limits(self.y, self.half_height)

    def x_at(self, u: float) -> Decimal:
        """The abscissa at window coordinate `u`."""
        return _rounded(_along(self.x, self.half_width, u), self.half_width, 15)

    def y_at(self, v: float) -> Decimal:
        """The ordinate at window coordinate `v`."""
        return _rounded(_along(self.y, self.half_height, v), self.half_height, 15)

    def u_of(self, x: Number) -> float:
        """The window coordinate of the abscissa `x`; outside [0, 1] for x outside the view."""
        return _share(self.x, self.half_width, decimal(x))

    def v_of(self, y: Number) -> float:
        """The window coordinate of the ordinate `y`."""
        return _share(self.y, self.half_height, decimal(y))

    def box(self, u0: float, v0: float, u1: float, v1: float) -> "Viewport":
        """The view between the corners (u0, v0) and (u1, v1), which may lie outside [0, 1]; used for zoom, pan and rubber band.

        It is rounded to TIDY digits of its size, far below a pixel, so that the limits stay short.
        """
        left, right = sorted((u0, u1))
        bottom, top = sorted((v0, v1))
        return replace(
            self,
            x=_centre(self.x, self.half_width, (left + right) / 2, right - left),
            y=_centre(self.y, self.half_height, (bottom + top) / 2, top - bottom),
            half_width=_tidy(self.half_width * (right - left)),
            half_height=_tidy(self.half_height * (top - bottom)),
        )

    def zoomed(self, factor_x: float, factor_y: float, u: float = 0.5, v: float = 0.5) -> "Viewport":
        """The view scaled by these factors (below 1 zooms in) about the fixed window point (u, v)."""
        return self.box(u - u * factor_x, v - v * factor_y, u + (1 - u) * factor_x, v + (1 - v) * factor_y)

    def panned(self, du: float, dv: float) -> "Viewport":
        """The view moved by (du, dv), relative to its size."""
        return self.box(du, dv, 1 + du, 1 + dv)

    def with_equal_scale(self, columns: int, rows: int) -> "Viewport":
        """The smallest view about the same centre that contains this one and has square pixels on a grid of that shape.

        A view whose scales differ by less than SAME_SCALE, as after rounding, stays as it is.
        """
        ratio = (self.half_width / columns) / (self.half_height / rows)
        if abs(ratio - 1.0) < SAME_SCALE:
            return self
        if ratio < 1.0:
            return replace(self, half_width=min(FARTHEST, _tidy(self.half_height * columns / rows)))
        return replace(self, half_height=min(FARTHEST, _tidy(self.half_width * rows / columns)))


def _plain(value: Decimal) -> str:
    """A number in plain notation for messages: 10, not 1E+1."""
    return brief(f"{value:f}" if -20 < value.adjusted() < 20 else str(value))


def _centre_and_half(low: Decimal, high: Decimal, axis: str) -> tuple[Decimal, float]:
    if not low < high:
        raise ValueError(f"the lower {axis} limit ({_plain(low)}) must be below the upper one ({_plain(high)})")
    with localcontext(prec=DIGITS):
        half = float((high - low) / 2)
    if not half:
        raise ValueError(f"the {axis} limits differ by less than {SMALLEST:g}, which no view resolves; give limits farther apart")
    with localcontext(prec=precision(min(half, FARTHEST), low, high)):
        return (low + high) / 2, half


def _limits(centre: Decimal, half: float) -> tuple[Decimal, Decimal]:
    return _rounded(_along(centre, half, 0.0), half, 15), _rounded(_along(centre, half, 1.0), half, 15)


def _along(centre: Decimal, half: float, share: float) -> Decimal:
    with localcontext(prec=precision(half, centre)):
        # The shortest decimal of the half-width, not its binary expansion, so that short limits stay short.
        return centre + decimal(half) * (2 * Decimal(share) - 1)


def _share(centre: Decimal, half: float, value: Decimal) -> float:
    with localcontext(prec=DIGITS):
        return float((value - centre) / decimal(half) / 2) + 0.5


def _centre(centre: Decimal, half: float, share: float, scale: float) -> Decimal:
    return _rounded(_along(centre, half, share), half * scale if scale > 0 else half, TIDY)


def _tidy(half: float) -> float:
    return float(f"{half:.{TIDY}g}")


@dataclass(frozen=True)
class Grid:
    """A viewport with a grid of pixels; `columns` and `rows` are at least 1."""

    viewport: Viewport
    columns: int
    rows: int

    def __post_init__(self) -> None:
        for name, size in (("columns", self.columns), ("rows", self.rows)):
            count(f"the number of {name}", size, 1, 2**31 - 1)

    def column_values(self) -> NDArray[np.float64]:
        """The abscissa of the centre of each column, correctly rounded. Shape (columns,)."""
        return _middles(self.viewport.x, self.viewport.half_width, self.columns)

    def column_offsets(self) -> NDArray[np.float64]:
        """Distance of the centre of each column to the right of the view's centre. Shape (columns,)."""
        return self.viewport.half_width * self.column_shares()

    def row_values(self) -> NDArray[np.float64]:
        """The ordinate of the centre of each row, top row first. Shape (rows,)."""
        return _middles(self.viewport.y, self.viewport.half_height, self.rows)[::-1]

    def column_shares(self) -> NDArray[np.float64]:
        """The centre of each column, from -1 at the view's left side to 1 at its right one. Shape (columns,)."""
        return _steps(self.columns)

    @property
    def whole(self) -> "Grid":
        """The grid that this one is a part of; itself where it is none."""
        return self

    def part(self, column: int, row: int, columns: int, rows: int) -> "GridPart":
        """The pixels of so many columns from `column` and so many rows from `row`, counted from the top."""
        return GridPart(self.viewport, columns, rows, column, row, (self.columns, self.rows))

    @property
    def overview(self) -> "Grid":
        """The whole view with at most OVERVIEW columns and rows."""
        whole = self.whole
        return Grid(self.viewport, min(whole.columns, OVERVIEW), min(whole.rows, OVERVIEW))

    def is_resolved(self, dtype: Any = np.float64) -> tuple[bool, bool]:
        """(columns, rows): whether neighbouring ones are distinct numbers of the floating-point type `dtype` throughout the view.

        The spacing must be at least the gap between floats at the far end of the view.
        """
        view = self.viewport
        return (
            _distinct(view.x, view.half_width, self.columns, dtype),
            _distinct(view.y, view.half_height, self.rows, dtype),
        )


@dataclass(frozen=True)
class GridPart(Grid):
    """Pixels of a larger grid: they lie just where they do in it, to the last bit.

    `viewport` is that of the whole grid, whose `shape` is (columns, rows); the part begins at `column` and at `row` from the top.
    """

    column: int
    row: int
    shape: tuple[int, int]

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, first, size, most in (
            ("columns", self.column, self.columns, self.shape[0]),
            ("rows", self.row, self.rows, self.shape[1]),
        ):
            if not 0 <= first <= first + size <= most:
                raise ValueError(f"{name} {first} to {first + size} are not part of {most}; give a range within them")

    @property
    def whole(self) -> Grid:
        """The grid that this one is a part of."""
        return Grid(self.viewport, *self.shape)

    def column_values(self) -> NDArray[np.float64]:
        """As of the whole grid."""
        return self.whole.column_values()[self._columns]

    def row_values(self) -> NDArray[np.float64]:
        """As of the whole grid."""
        return self.whole.row_values()[self.row : self.row + self.rows]

    def column_shares(self) -> NDArray[np.float64]:
        """As of the whole grid."""
        return self.whole.column_shares()[self._columns]

    def is_resolved(self, dtype: Any = np.float64) -> tuple[bool, bool]:
        """As of the whole grid, so that all of its parts are computed alike."""
        return self.whole.is_resolved(dtype)

    @property
    def _columns(self) -> slice:
        return slice(self.column, self.column + self.columns)


def split(centre: Decimal) -> tuple[float, float]:
    """`centre` as an unevaluated sum of two floats: (nearest float, remainder)."""
    high = float(centre)
    with localcontext(prec=DIGITS):
        return high, float(centre - Decimal(high))


def _middles(centre: Decimal, half: float, count: int) -> NDArray[np.float64]:
    """Centre + half (2k + 1 - count) / count, as good as rounded once: 0.05 among them is 0.05. Shape (count,)."""
    high, low = split(centre)
    steps = 2.0 * np.arange(count) + 1.0 - count
    upper = _upper_half(half)
    # The quotient and what it lacks, from products that are exact: few bits times few.
    quotient = _upper_half(half * steps / count)
    lacking = ((upper * steps - quotient * count) + (half - upper) * steps) / count
    total = high + quotient
    back = total - high
    lost = (high - (total - back)) + (quotient - back)
    middles: NDArray[np.float64] = total + (lost + (low + lacking))
    return middles


def _upper_half(x: Any) -> Any:
    """The numbers to 26 bits (Veltkamp's splitting), so that products with whole numbers below 2**27 are exact."""
    scaled = 134217729.0 * x
    return scaled - (scaled - x)


def _steps(count: int) -> NDArray[np.float64]:
    """Midpoints of `count` equal parts of the interval from -1 to 1. Shape (count,)."""
    steps: NDArray[np.float64] = (2.0 * np.arange(count) + 1.0 - count) / count
    return steps


def _distinct(centre: Decimal, half: float, count: int, dtype: Any) -> bool:
    farthest = abs(float(centre)) + half
    return 2.0 * half / count >= float(np.spacing(np.asarray(farthest, dtype=dtype)))
