"""Colour bars: what the colours of a density or a surface mean."""

import math
from dataclasses import dataclass

import numpy as np

from funjax_gui.formatting import minus_sign, significant
from funjax_gui.style import Packed
from kernels.newton import Levels
from kernels.validation import grouped

STEPS = 32
"""Number of colours in a bar."""


@dataclass(frozen=True, eq=False)
class ColourBar:
    """A strip of packed colours (STEPS,), from the value `low` to `high`, both as text; `note` is written beside it."""

    title: str
    low: str
    high: str
    colours: Packed
    note: str = ""


def density_bar(most: int, tone: str, ramp: Packed) -> ColourBar | None:
    """Bar of a density whose largest count is `most`; None if there is none. `ramp`: colours from the smallest to the largest count."""
    if most < 1:
        return None
    return ColourBar(f"visits per pixel, {tone}", "1", grouped(most), _sampled(ramp))


def surface_bar(found: Levels, uphill: bool, table: Packed) -> ColourBar:
    """Bar of a surface, from its best value, with the contour lines as a note. `table`: colours by shade."""
    ends = (found.high, found.low) if found.flip else (found.low, found.high)
    low, high = (minus_sign(f"{float(f'{_value(found, t, uphill):.3g}'):g}") for t in ends)
    return ColourBar("f, log scale" if found.log else "f", low, high, _sampled(table), f"contours {contour_spacing(found, uphill)}")


def contour_spacing(found: Levels, uphill: bool) -> str:
    """Spacing of the contour lines in words."""
    if not found.log:
        return f"every {significant(found.spacing)}"
    zero = "" if found.best == 0 else f" − {significant(found.best, 4)}".replace("− −", "+ ")
    what = f"log₁₀({significant(found.best, 4)} − f)" if uphill else f"log₁₀(f{zero})" if zero else "log₁₀ f"
    return f"every {significant(found.spacing)} of {what}"


def _value(found: Levels, t: float, uphill: bool) -> float:
    """The value of f where the level is t."""
    if not found.log:
        return t
    return found.best + (-1 if uphill else 1) * (math.inf if t > 308 else 10.0**t)


def _sampled(colours: Packed) -> Packed:
    return colours[np.linspace(0, len(colours) - 1, STEPS).astype(np.intp)]
