"""What a request is given, checked: parameters completed, numbers finite, counts in range; each complaint is one line with a remedy."""

import math

from kernels.catalog import find_map
from kernels.geometry import grouped
from kernels.parameters import Given, Pairs


def parameters(map_name: str, given: Given) -> Pairs:
    """(name, value) of all the map's parameters, sorted by name, defaults filled in. ValueError on unknown names and odd values."""
    return find_map(map_name).completed(given)


def values(map_name: str, pairs: Pairs) -> tuple[float, ...]:
    """The parameters in the order of the map's rule."""
    return find_map(map_name).values(dict(pairs))


def count(name: str, value: int, least: int, most: int) -> None:
    """ValueError unless `value` is a whole number in the range."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"{name} {value!r} is out of range; give a whole number from {grouped(least)} to {grouped(most)}")


def interval(name: str, low: float, high: float) -> None:
    """ValueError unless low < high and both are finite."""
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"the {name} {low:g} to {high:g} is empty or not finite; give the lower limit first")


def finite(name: str, value: float) -> None:
    """ValueError unless `value` is a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"the {name} {value!r} is not a finite number; give one such as 0.5")


def tolerance(value: float) -> None:
    """ValueError unless `value` is a distance that makes sense."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        raise ValueError(f"the tolerance {value!r} is out of range; give a distance above 0 and up to 1, such as 1e-9")
