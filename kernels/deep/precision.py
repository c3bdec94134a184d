"""Arithmetic of any precision, by FLINT's real numbers (arb): working precisions, and conversions from and to decimals and floats.

FLINT's precision is one setting of the process, so all arithmetic here is done inside `working`, which holds a lock.
"""

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import flint
from flint import arb

_lock = threading.RLock()


@contextmanager
def working(bits: int) -> Iterator[None]:
    """Arithmetic with `bits` binary digits within the block; other threads wait for its end, so that it must be short."""
    with _lock:
        before = flint.ctx.prec
        flint.ctx.prec = bits
        try:
            yield
        finally:
            flint.ctx.prec = before


def from_decimal(value: Decimal | float) -> arb:
    """The number as it is written, at the working precision: of a float its shortest decimal."""
    return arb(str(value) if isinstance(value, Decimal) else repr(value))


def to_decimal(value: arb, size: float) -> Decimal:
    """The number, right to some 20 digits of `size`; to be called within `working`."""
    digits = max(1, int(log2(value) * 0.30103) - math.floor(math.log10(size))) + 20 if value else 1
    return Decimal(value.str(digits, radius=False))


def middle(value: arb) -> arb:
    """The midpoint of a ball, as an exact number: errors are bounded by choosing the precision, not by the balls."""
    return value.mid()


def log2(value: arb) -> float:
    """log2|value| to about 15 digits, also of numbers beyond float64; -inf of 0."""
    mantissa, exponent = value.mid().man_exp()
    size = abs(int(mantissa))
    if not size:
        return float("-inf")
    with _lock:
        return float(arb(size).log() / arb.const_log2()) + int(exponent)
