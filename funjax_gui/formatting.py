"""Numbers and points as a person reads them."""

import math
from collections.abc import Sequence


def number(value: float, digits: int = 6) -> str:
    """A number to so many significant digits."""
    if math.isnan(value):
        return "undefined"
    return f"{value:.{digits}g}".replace("-", "−").replace("inf", "∞")


def point(values: Sequence[float], digits: int = 6) -> str:
    """A point, of a long one the first coordinates."""
    listed = ", ".join(number(float(v), digits) for v in values[:4])
    return f"({listed}{', …' if len(values) > 4 else ''})"
