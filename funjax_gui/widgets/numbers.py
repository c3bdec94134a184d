"""Reading of numbers that are typed."""

import math

from funjax_gui.formatting import MINUS
from kernels.geometry import decimal
from kernels.validation import brief


def finite(text: str, remedy: str) -> float:
    """The number that `text` is. Raises ValueError, in one line that ends with `remedy`, unless it is finite in float64."""
    written = "".join(text.split()).replace(MINUS, "-")
    try:
        value = float(decimal(written))
    except ValueError:
        what = f"{brief(repr(written))} is not a number" if written else "a number is missing"
        raise ValueError(f"{what}; {remedy}") from None
    if not math.isfinite(value):
        raise ValueError(f"{brief(text)} is out of range; {remedy}")
    return value
