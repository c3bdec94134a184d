"""Numbers as text: significant digits, fixed decimals, points, exponents and indices, with a true minus sign everywhere.

Pure functions without Qt. Whole numbers with their thousands apart are `kernels.geometry.grouped`.
"""

import math
from collections.abc import Sequence
from decimal import Context, Decimal

MINUS = "\N{MINUS SIGN}"

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("-0123456789", "₋₀₁₂₃₄₅₆₇₈₉")

LISTED = 4
"""Coordinates of a long point that are written out."""


def capitalised(text: str) -> str:
    """The text with a capital at its beginning, for a heading; symbols such as x and λ stay."""
    return text[:1].upper() + text[1:] if len(text.partition(" ")[0]) > 2 else text


def minus_sign(text: str) -> str:
    """The text with a minus sign for each hyphen."""
    return text.replace("-", MINUS)


def significant(value: float, digits: int = 6) -> str:
    """A number to so many significant digits: `0.25`, `−1.5e20`, `∞`; `undefined` for NaN."""
    if math.isnan(value):
        return "undefined"
    return minus_sign(f"{value:.{digits}g}").replace("inf", "∞").replace("e+", "e")


def point(values: Sequence[float], digits: int = 6) -> str:
    """A point `(x, y, …)`, each coordinate to so many significant digits; of a long one the first LISTED coordinates."""
    listed = ", ".join(significant(float(v), digits) for v in values[:LISTED])
    return f"({listed}{', …' if len(values) > LISTED else ''})"


def exact(value: float) -> str:
    """The shortest text that reads back as the very same float64; empty for NaN."""
    if math.isnan(value):
        return ""
    return minus_sign(repr(float(value)).removesuffix(".0")).replace("inf", "∞")


def decimal_places(spacing: float) -> int:
    """Decimals with which numbers `spacing` (above 0) apart differ."""
    return max(0, -math.floor(math.log10(spacing)))


def to_spacing(value: float | Decimal, spacing: float) -> str:
    """A number with the decimals that tell it from its neighbours, `spacing` (above 0) apart."""
    return minus_sign(f"{Decimal(value):.{decimal_places(spacing)}f}")


def plain_decimal(value: Decimal) -> str:
    """All digits of a number as they are typed, with a hyphen; a power of ten only where zeros would fill a field."""
    value = value.normalize(Context(prec=10_000)) if value else Decimal(0)
    if -6 < value.adjusted() < 16:
        return f"{value:f}"
    return f"{value:E}".replace("E", "e").replace("+", "")


def limit(value: Decimal) -> str:
    """A limit of a view with the digits it was given with; a power of ten where these would be 20 or more."""
    plain = -20 < value.adjusted() < 20 or not value
    return minus_sign(f"{value:f}" if plain else str(value))


def superscript(number: int) -> str:
    """A whole number as an exponent or a footnote mark: `⁻¹²`."""
    return str(number).translate(_SUPERSCRIPTS)


def subscript(number: int) -> str:
    """A whole number as an index: `₁₂`."""
    return str(number).translate(_SUBSCRIPTS)
