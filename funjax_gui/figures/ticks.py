"""Ticks for a range of any depth: 1-2-5 steps in decimal arithmetic, labels with just the digits that distinguish neighbours.

The range is given by two Decimals; positions are window coordinates from 0 to 1. This module does not use Qt.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext

from funjax_gui.formatting import MINUS, minus_sign, superscript
from kernels.geometry import precision

LONG = 9
"""Length of a label above which it may be shortened."""


@dataclass(frozen=True)
class Ticks:
    """`majors`: (position, label) from low to high; `minors`: positions between them.

    `base` is empty, or the part common to all labels, written once at the end of the axis: with "3.5699…" a label "…46" means 3.569946, and
    with "0.5" a label "+2e-9" means 0.5 + 2e-9.
    """

    majors: tuple[tuple[float, str], ...]
    minors: tuple[float, ...]
    base: str = ""

    def value(self, label: str) -> Decimal:
        """The exact number that `label` stands for."""
        if label.startswith("…"):
            return _read(self.base.rstrip("…") + label.lstrip("…"))
        number, base = _read(label), _read(self.base) if self.base else Decimal(0)
        with localcontext(prec=_exact(number, base)):
            return number + base


def horizontal_ticks(
    low: Decimal, high: Decimal, width: float, character: float = 7.0, wanted: float = 90.0, shorten: bool = False
) -> Ticks:
    """Ticks for an axis of `width` pixels: about one per `wanted` pixels, fewer for long labels (`character`: width of a digit).

    With `shorten`, long labels are shortened (see `Ticks.base`), and have the room of short ones.
    """

    def room(label: int) -> float:
        return (min(label, LONG) if shorten else label) + 2.5

    found = _enough(lambda least: ticks(low, high, width, lambda label: max(least, room(label) * character)), wanted)
    return shortened(found) if shorten else found


def vertical_ticks(low: Decimal, high: Decimal, height: float, wanted: float = 48.0, shorten: bool = True) -> Ticks:
    """Ticks for a vertical axis of `height` pixels, its long labels shortened (see `Ticks.base`)."""
    found = _enough(lambda least: ticks(low, high, height, lambda label: least), wanted)
    return shortened(found) if shorten else found


def decade_ticks(low: float, high: float, length: float, wanted: float = 30.0) -> Ticks:
    """Ticks for a logarithmic axis from 10**low to 10**high: labels at powers of ten, minors at the powers or the digits between them."""
    span = high - low
    step = next((step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500) if step * length >= wanted * span), 1000)
    found = range(math.ceil(low / step) * step, math.floor(high) + 1, step)
    majors = tuple(((k - low) / span, power_label(k)) for k in found)
    whole = range(math.floor(low), math.ceil(high) + 1)
    between = [float(k) for k in whole if k % step] if step > 1 else [k + math.log10(digit) for k in whole for digit in range(2, 10)]
    if len(between) * 3 > length:
        between = []
    return Ticks(majors, tuple((at - low) / span for at in between if low <= at <= high))


def power_label(exponent: int) -> str:
    """A power of ten as text: 10⁻⁵, and 1 for 10⁰."""
    return "10" + superscript(exponent) if exponent else "1"


def _enough(find: Callable[[float], Ticks], wanted: float) -> Ticks:
    """Ticks `wanted` pixels apart, or closer where these would be fewer than two, which show no scale."""
    found = find(wanted)
    return found if len(found.majors) > 1 else find(0.4 * wanted)


def ticks(low: Decimal, high: Decimal, length: float, room: Callable[[int], float]) -> Ticks:
    """Ticks from `low` to `high` over `length` pixels.

    `room(n)` is the least distance in pixels between ticks whose longest label has n characters. ValueError on an empty range.
    """
    if not low < high:
        raise ValueError(f"the range {low} to {high} is empty or reversed; give the lower limit first")
    with localcontext(prec=precision(float(high - low), low, high)):
        span = high - low
        least = span * Decimal(max(1.0, room(1)) / max(1.0, length))
        for step in _steps(least):
            labels = _labels(_multiples(low, high, step), step, max(abs(low), abs(high)))
            longest = max((len(label) for _, label in labels), default=1)
            if float(step / span) * length >= room(longest):
                break
        majors = tuple((float((value - low) / span), label) for value, label in labels)
        first = float((low / step).to_integral_value("ROUND_CEILING") - low / step)
        return Ticks(majors, _minors(first, float(step / span), step, length))


def _steps(least: Decimal) -> Iterator[Decimal]:
    """The steps 1, 2 and 5 times a power of ten, from `least` on."""
    exponent = least.adjusted()
    for power in range(exponent, exponent + 100):
        for mantissa in (1, 2, 5):
            step = Decimal(mantissa).scaleb(power)
            if step >= least:
                yield step


def _multiples(low: Decimal, high: Decimal, step: Decimal) -> list[Decimal]:
    first = int((low / step).to_integral_value("ROUND_CEILING"))
    last = int((high / step).to_integral_value("ROUND_FLOOR"))
    return [index * step for index in range(first, last + 1)]


def _minors(first: float, step: float, number: Decimal, length: float) -> tuple[float, ...]:
    """The minor positions, the majors being at (`first` + k) * `step`: 2 is cut into 4 or 2, 1 and 5 into 5, if they fit."""
    is_two = number.as_tuple().digits == (2,)
    parts = 4 if is_two else 5
    if step * length / parts < 6.0:
        parts = 2 if is_two else 1
    places = ((first - 1 + k / parts) * step for k in range(int(parts * (1 / step + 2)) + 1) if k % parts)
    return tuple(place for place in places if 0.0 <= place <= 1.0)


def _labels(values: list[Decimal], step: Decimal, largest: Decimal) -> list[tuple[Decimal, str]]:
    """Each value with its label: plain digits, or a common power of ten where plain digits would be mostly zeros."""
    exponent = largest.adjusted()
    if -5 <= exponent < 7:
        return [(value, _plain(value, -step.adjusted())) for value in values]
    digits = exponent - step.adjusted()
    return [(value, _scaled(value, exponent, digits)) for value in values]


def _plain(value: Decimal, digits: int) -> str:
    return minus_sign(f"{value:.{max(0, digits)}f}") if value else "0"


def _scaled(value: Decimal, exponent: int, digits: int) -> str:
    if not value:
        return "0"
    return minus_sign(f"{_plain(value.scaleb(-exponent), digits)}e{exponent}")


def _read(label: str) -> Decimal:
    return Decimal(label.replace(MINUS, "-"))


def _exact(*values: Decimal) -> int:
    """Significant digits with which sums and differences of these are exact."""
    highest = max((value.adjusted() for value in values if value), default=0)
    lowest = min((int(value.as_tuple().exponent) for value in values), default=0)
    return max(1, highest - lowest + 2)


def shortened(found: Ticks) -> Ticks:
    """`found` with the common leading digits moved to `base` if a label is longer than LONG characters."""
    labels = [label for _, label in found.majors]
    if len(labels) < 2 or max(map(len, labels)) <= LONG:
        return found
    shared = _common_start(min(labels), max(labels))
    shared = shared[: len(shared) - 1] if len(shared) == min(map(len, labels)) else shared
    tail = max(map(len, labels)) - len(shared)
    if "." in shared and "e" not in labels[0] and tail + 1 <= LONG:
        return Ticks(tuple((at, "…" + label[len(shared) :]) for at, label in found.majors), found.minors, shared + "…")
    return _offsets(found)


def _common_start(first: str, last: str) -> str:
    length = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:length]


def _offsets(found: Ticks) -> Ticks:
    """The labels as differences from the roundest of them: 0.4999998, 0.5, 0.5000002 become -2e-7, 0, +2e-7 about 0.5."""
    values = [_read(label) for _, label in found.majors]
    with localcontext(prec=_exact(*values)):
        base = min(values, key=lambda value: (len(value.normalize().as_tuple().digits) if value else 0, abs(value)))
        majors = tuple((at, _difference(value - base)) for (at, _), value in zip(found.majors, values, strict=True))
        return Ticks(majors, found.minors, minus_sign(f"{base.normalize():f}"))


def _difference(value: Decimal) -> str:
    if not value:
        return "0"
    value = value.normalize()
    exponent = value.adjusted()
    text = minus_sign(f"{value.scaleb(-exponent).normalize():f}e{exponent}")
    return text if value < 0 else "+" + text
