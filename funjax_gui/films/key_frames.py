"""Sessions between two key frames: views zoom by a constant factor per second, numbers change linearly.

A flight from one view to another scales about the one point that both views show at the same place, as a zoom by the wheel does.
Reference: van Wijk and Nuij, "Smooth and efficient zooming and panning", 2003, of which this is the case without panning.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from decimal import Decimal, localcontext
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from funjax_gui.sessions import Session, Table

PRECISION = 700
"""Decimal digits of the arithmetic of views: those of the deepest zoom twice, since the first view's centre is followed to the last."""

KEPT = 6
"""Decimal digits of a limit relative to the width of its view: less than a hundredth of a pixel, and short captions."""

SAME_WIDTH = Decimal("1e-9")
"""Views whose widths differ by less, relatively, move at constant speed: the point that they scale about is too far away."""

EASINGS: Mapping[str, Callable[[float], float]] = MappingProxyType(
    {
        "smooth": lambda t: t * t * (3 - 2 * t),
        "linear": lambda t: t,
    }
)
"""The share of the way between two key frames at the share t of the time, by name."""


def check(key_frames: Sequence[Session]) -> None:
    """Raise ValueError, in one line, unless each session can turn into the next one."""
    if len(key_frames) < 2:
        raise ValueError("a film needs two sessions, its first picture and its last; give another one")
    for first, last in pairwise(key_frames):
        between(first, last, 0.5)


def at(key_frames: Sequence[Session], share: float, easing: str = "linear") -> Session:
    """The session at the share [0, 1] of the film; the way from each key frame to the next takes as long and is eased by itself."""
    place = share * (len(key_frames) - 1)
    k = min(int(place), len(key_frames) - 2)
    return between(key_frames[k], key_frames[k + 1], EASINGS[easing](place - k))


def between(first: Session, last: Session, share: float) -> Session:
    """The session at the share [0, 1] of the way from `first` to `last`. ValueError where they differ in more than numbers."""
    if first.tab != last.tab:
        raise ValueError(f"the sessions' tabs are {first.tab} and {last.tab}; a film shows one tab")
    if share in (0, 1):
        return last if share else first
    old, new = first.table, last.table
    changed = {field.name: _between(field.name, getattr(old, field.name), getattr(new, field.name), share) for field in fields(old)}  # type: ignore[arg-type]
    table: Table = replace(old, **changed)  # type: ignore[type-var]
    return first.with_table(table)


def _between(name: str, old: Any, new: Any, share: float) -> Any:
    if old == new or name == "ranges":  # the ends of sliders are not part of a picture
        return old
    if _are(Decimal, old, new) and len(old) == 2:
        return limits(old, new, share)
    if isinstance(old, Decimal) and isinstance(new, Decimal):
        with localcontext(prec=PRECISION):
            return old + (new - old) * Decimal(share)
    if _are_numbers(old, new):
        value = old + (new - old) * share
        return round(value) if isinstance(old, int) and isinstance(new, int) else value
    if _are(tuple, old, new) and all(_is_pair(a) and _is_pair(b) and a[0] == b[0] for a, b in zip(old, new, strict=True)):
        return tuple((key, _between(key, a, b, share)) for (key, a), (_, b) in zip(old, new, strict=True))
    if _are(float, old, new):
        return tuple(_between(name, a, b, share) for a, b in zip(old, new, strict=True))
    shown = name.replace("_", "-")
    raise ValueError(f"the sessions' {shown} differ ({_short(old)} and {_short(new)}), and only numbers and views can change in a film")


def _are(kind: type, old: Any, new: Any) -> bool:
    """Whether these are tuples of the same length of elements of that type."""
    return isinstance(old, tuple) and isinstance(new, tuple) and len(old) == len(new) and all(isinstance(x, kind) for x in (*old, *new))


def _are_numbers(*values: Any) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) for value in values)


def _is_pair(value: Any) -> bool:
    return len(value) == 2 and isinstance(value[0], str)


def _short(value: Any) -> str:
    text = "none" if value is None else str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def limits(old: tuple[Decimal, Decimal], new: tuple[Decimal, Decimal], share: float) -> tuple[Decimal, Decimal]:
    """The limits of a view on the way: its width changes by a constant factor per share, about the point that stays in its place."""
    with localcontext(prec=PRECISION):
        (half, centre), (last_half, last_centre) = (((high - low) / 2, (high + low) / 2) for low, high in (old, new))
        ratio = last_half / half
        part = Decimal(share)
        if abs(ratio - 1) > SAME_WIDTH:
            now = half * (ratio.ln() * part).exp()
            part = (half - now) / (half - last_half)
        else:
            now = half + (last_half - half) * part
        middle = centre + (last_centre - centre) * part
        digit = Decimal(1).scaleb(now.adjusted() - KEPT)
        return (middle - now).quantize(digit), (middle + now).quantize(digit)
