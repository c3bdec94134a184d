"""Validation of the fields of requests. Each check raises ValueError in one line with the value, the allowed range and the remedy."""

import math
from dataclasses import field
from typing import Any


def grouped(number: int) -> str:
    """A whole number with its digits in groups of three."""
    return f"{number:,}".replace(",", " ")


def brief(text: str, most: int = 60) -> str:
    """A number or a text in a sentence: of a long one its beginning, and how long it is."""
    return text if len(text) <= most else f"{text[: most - 20]}… ({grouped(len(text))} characters)"


def is_number(value: Any) -> bool:
    """Whether `value` is a finite number; True and False are not."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def finite(name: str, value: Any) -> None:
    """Check that `value` is a finite number."""
    if not is_number(value):
        raise ValueError(f"the {name} {value!r} is not a finite number; give one such as 0.5")


def count(name: str, value: Any, least: int, most: int) -> None:
    """Check that `value` is a whole number from `least` to `most`."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"{_spaced(name)} {value!r} is out of range; give a whole number from {grouped(least)} to {grouped(most)}")


def setting(default: Any, label: str, tip: str, **about: Any) -> Any:
    """The dataclass field of a setting with a control: label, tip, and its range, `least` and `most`, or `low` and `high` of a slider."""
    return field(default=default, metadata={"label": label, "tip": tip, **about})


def counts(request: Any, *names: str) -> None:
    """Check that these fields are whole numbers in the ranges `least` to `most` of their metadata, which controls and sessions read too."""
    for name in names:
        about = request.__dataclass_fields__[name].metadata
        count(name, getattr(request, name), about["least"], about["most"])


def positives(request: Any, **most: float) -> None:
    """Check that the named fields are numbers above 0, each at most the number given for it."""
    for name, limit in most.items():
        positive(name, getattr(request, name), limit)


def positive(name: str, value: Any, most: float) -> None:
    """Check that `value` is a number above 0, at most `most`."""
    if not is_number(value) or not 0 < value <= most:
        raise ValueError(f"{_spaced(name)} {value!r} is out of range; give a number above 0, at most {most:g}")


def interval(name: str, low: float, high: float) -> None:
    """Check that `low` and `high` are finite and low < high."""
    if not (is_number(low) and is_number(high) and low < high):
        raise ValueError(f"the {name} {low:g} to {high:g} is empty or not finite; give the lower limit first")


def _spaced(name: str) -> str:
    return name.replace("_", " ")
