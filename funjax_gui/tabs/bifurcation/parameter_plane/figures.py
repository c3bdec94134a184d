"""Colours of the plane of two parameters, and their legends.

Exponents on a scale that diverges about 0, periods, numbers of attractors, and signs of the spectrum.
"""

import math

import numpy as np
from numpy.typing import NDArray

from funjax_gui.figures import ColourBar
from funjax_gui.formatting import MINUS, minus_sign
from funjax_gui.style import Colours, Packed, pack, period_colours, unpack
from kernels.two_parameters import DIVERGED, UNDEFINED, UNRESOLVED, TwoParametersFrame

SHOWN = {"exponent": "Lyapunov exponent", "period": "Period", "attractors": "Attractors", "spectrum": "Signs of both exponents"}
"""What the colours may mean, with titles; the last one of maps of the plane."""

LIMIT = 1.0
"""Size of an exponent from which the colour no longer changes."""

SHADES = 1025
"""Colours of the diverging scale, from -LIMIT to LIMIT; the middle one is 0."""

BAR = 32
"""Colours of the bar that explains them."""

LISTED = 9
"""Maximum number of periods in a legend."""

NEGATIVE, POSITIVE = "#2f86c9", "#d9670b"
"""Hues of exponents below and above 0."""

TWICE = "#f0d442"
"""Hue of two exponents above 0."""

CHAOTIC = "#8a8f98"
UNSETTLED = {True: "#6b5b8c", False: "#b5a6cf"}
"""Colours of chaos where periods are shown, and in a dark theme and in a light one of what has no cycle and an exponent near 0."""

OPEN = "unresolved: orbits still moving away, or not told to be on one attractor or on two"
"""What an open number of attractors means."""

OUTCOMES = {
    "unresolved": "quasiperiodic or unsettled",
    "chaotic": "chaotic",
    "diverged": "diverged",
    "undefined": "undefined: no value in float64",
}

COUNTED = {
    "unresolved": "unresolved",
    "diverged": "all starts diverge",
    "undefined": "no start has a finite orbit, at least one is undefined",
}
"""Outcomes of several starts."""

NUMBERED = {"period": ("period {}", "period {}"), "attractors": ("{} attractor", "{} attractors")}
"""What is shown with a colour for each number, and what 1 and others are called."""


def pixels(frame: TwoParametersFrame, shown: str, colours: Colours) -> Packed:
    """The picture as packed colours. Shape (rows, columns)."""
    if shown == "exponent":
        found = ramp(colours)[_shade(frame.lyapunov)]
    elif shown in NUMBERED:
        numbers = _numbers(frame, shown)
        known = np.arange(max(1, int(numbers.max()) + 1))  # a table: sorting a large picture would take longer than a frame
        found = pack(period_colours(known, colours.background, colours.dark))[np.maximum(numbers, 0)]
    else:
        found = np.full(frame.period.shape, _packed(NEGATIVE))
        second = frame.lyapunov if frame.second is None else frame.second
        found[frame.lyapunov > frame.error] = _packed(POSITIVE)
        found[second > frame.error] = _packed(TWICE)
    if shown != "exponent":
        found[frame.chaotic & (shown == "period")] = _packed(CHAOTIC)
    for name, where in _outcomes(frame, shown).items():
        found[where] = _packed(_outcome_colour(name, colours))
    picture: Packed = found
    return picture


def _numbers(frame: TwoParametersFrame, shown: str) -> NDArray[np.int32]:
    """What has a colour for each number: attractors, or else periods. Shape (rows, columns)."""
    return frame.period if shown != "attractors" or frame.attractors is None else frame.attractors


def _outcomes(frame: TwoParametersFrame, shown: str) -> dict[str, NDArray[np.bool_]]:
    """The pixels that have colours of their own whatever is shown, by names of `OUTCOMES`."""
    numbers = _numbers(frame, shown)
    unresolved = frame.unresolved if numbers is frame.period else numbers == UNRESOLVED
    return {"unresolved": unresolved, "diverged": numbers == DIVERGED, "undefined": numbers == UNDEFINED}


def _shade(exponents: NDArray[np.float64]) -> NDArray[np.intp]:
    """Index of the colour of each exponent: the square root of its size, so that small ones differ from 0; -inf has the first."""
    share = exponents.astype(np.float32)
    share[np.isnan(share)] = 0.0
    np.clip(share / LIMIT, -1.0, 1.0, out=share)
    place = np.copysign(np.sqrt(np.abs(share)), share)
    place *= SHADES // 2
    np.rint(place, out=place)
    found: NDArray[np.intp] = place.astype(np.intp)
    found += SHADES // 2
    return found


def ramp(colours: Colours) -> Packed:
    """The diverging scale: from the background at 0 to a blue below and to an orange above, strongest at the ends."""
    ground, end = unpack(colours.background), 255.0 if colours.dark else 0.0
    share = np.linspace(0.0, 1.0, SHADES // 2 + 1)[:, None]

    def half(hue: str) -> NDArray[np.float64]:
        middle = unpack(hue)
        last = middle + (end - middle) * 0.75
        return np.where(share < 0.7, ground + (middle - ground) * share / 0.7, middle + (last - middle) * (share - 0.7) / 0.3)

    return pack(np.concatenate([half(NEGATIVE)[::-1], half(POSITIVE)[1:]]))


def bar(colours: Colours) -> ColourBar:
    """The bar that explains the diverging scale."""
    low, high = f"≤ {MINUS}{LIMIT:g}", f"≥ {LIMIT:g}"
    return ColourBar("λ, square-root scale about 0", low, high, ramp(colours)[np.linspace(0, SHADES - 1, BAR).astype(np.intp)])


def _packed(colour: str) -> np.uint32:
    return np.uint32(pack(unpack(colour)[None])[0])


def _outcome_colour(name: str, colours: Colours) -> str:
    return {"unresolved": UNSETTLED[colours.dark], "diverged": colours.line, "undefined": colours.bad, "chaotic": CHAOTIC}[name]


def entries(frame: TwoParametersFrame, shown: str, colours: Colours) -> list[tuple[str, str]]:
    """(text, colour as "#rrggbb") of what occurs in the picture, with its share."""
    size = frame.period.size
    found: list[tuple[str, str, float]] = []
    if shown in NUMBERED:
        numbers = _numbers(frame, shown)
        every = np.bincount(numbers[numbers > 0])
        periods = np.flatnonzero(every)
        counts = every[periods]
        shades = pack(period_colours(periods, colours.background, colours.dark)) if len(periods) else np.empty(0, np.uint32)
        listed = sorted(np.argsort(-counts)[:LISTED].tolist())
        one, many = NUMBERED[shown]
        found += [((one if periods[k] == 1 else many).format(periods[k]), _written(shades[k]), counts[k] / size) for k in listed]
        others = int(counts.sum() - counts[listed].sum())
        more = f"{len(periods) - len(listed)} other {'periods' if shown == 'period' else 'numbers'}"
        found += [(more, colours.background, others / size)] if others else []
    elif shown == "spectrum" and frame.second is not None:
        chaotic, both = frame.chaotic, frame.second > frame.error
        kinds = [("a cycle: both below 0", NEGATIVE, frame.period > 0), ("chaos: one above 0", POSITIVE, chaotic & ~both)]
        kinds.append(("hyperchaos: both above 0", TWICE, chaotic & both))
        found += [(text, colour, np.count_nonzero(where) / size) for text, colour, where in kinds if where.any()]
    masks = _outcomes(frame, shown)
    if shown == "period":
        masks["chaotic"] = frame.chaotic
    texts = OUTCOMES | (COUNTED if shown == "attractors" else {})
    for name, text in texts.items():
        if name in masks and masks[name].any():
            found.append((text, _outcome_colour(name, colours), np.count_nonzero(masks[name]) / size))
    return [(f"{text}, {f'{100 * share:.1f}' if share >= 0.001 else 'under 0.1'} %", colour) for text, colour, share in found]


def _written(packed: np.uint32) -> str:
    return f"#{int(packed) & 0xFFFFFF:06x}"


def legend(frame: TwoParametersFrame, shown: str, colours: Colours) -> str:
    """Legend as rich text."""
    lines = [f'<span style="color:{colour}">■</span>&nbsp;{text}' for text, colour in entries(frame, shown, colours)]
    if shown == "exponent":
        signs = (NEGATIVE, "λ below 0: a cycle attracts"), (POSITIVE, "λ above 0: chaos")
        lines = [*(f'<span style="color:{colour}">■</span>&nbsp;{text}' for colour, text in signs), *lines]
    return "<br>".join(lines)


def explained(frame: TwoParametersFrame, shown: str) -> str:
    """What the legend has no room for."""
    if shown == "attractors":
        return f"Seen from {frame.request.starts} starts. {OPEN[:1].upper()}{OPEN[1:]}."
    return f"{OUTCOMES['unresolved'].capitalize()}: no cycle was found, and the exponent is 0 within its error."


def readout(frame: TwoParametersFrame, row: int, column: int) -> list[str]:
    """Read-out of a pixel."""
    period, value = int(frame.period[row, column]), float(frame.lyapunov[row, column])
    if frame.attractors is not None:
        return [counted(int(frame.attractors[row, column]), frame.request.starts)]
    if period < 0:
        return [OUTCOMES["undefined" if period == UNDEFINED else "diverged"]]
    if period:
        what, exponent = f"period {period}", "λ = −∞" if math.isinf(value) else minus_sign(f"λ = {value:.4f}")
    else:
        what = "chaotic" if frame.chaotic[row, column] else "quasiperiodic, or not settled"
        exponent = minus_sign(f"λ ≈ {value:.{max(1, min(6, int(-math.log10(frame.error))))}f}")
    found = [f"{what} · {exponent}"]
    if frame.second is not None and math.isfinite(smaller := float(frame.second[row, column])):
        found.append(minus_sign(f"λ₂ {'=' if period else '≈'} {smaller:.4f}" if period else f"λ₂ ≈ {smaller:.1f}"))
    return found


def counted(number: int, starts: int) -> str:
    """A number of attractors in words."""
    outcome = {UNRESOLVED: "unresolved", DIVERGED: "diverged", UNDEFINED: "undefined"}.get(number)
    if outcome:
        return OPEN if number == UNRESOLVED else COUNTED[outcome]
    return f"{NUMBERED['attractors'][number > 1].format(number)} seen from {starts} starts"
