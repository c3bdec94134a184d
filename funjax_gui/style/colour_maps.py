"""Counts to packed colours through one table, which combines tone curve and colour map.

A table has one packed 0xffRRGGBB for each count, so that colouring is one look-up and recolouring computes no orbit. Count 0 is
the plot's background and no other count is; a higher count is never an earlier colour.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray

Packed = NDArray[np.uint32]
Numbers = NDArray[np.float64]
Counts = NDArray[np.integer[Any]]

LIMIT = 1 << 18
"""The longest table. Larger counts are shifted right, rounding up, so that none but 0 becomes 0."""

SAMPLED = 1 << 18
"""The equalised tone ranks the counts by as few of the picture's lines as have about so many pixels; the order stays the same."""

EQUALISED_GAMMA = 1.7
"""Exponent that darkens the many pixels with few samples, so that regions of high density stand out."""

STRIP = 1 << 16
SHADES = 1024
CONTRAST = 12.0
"""How far the lightness (CIE L*, 0 to 100) of the first colour is from the background's, at least."""


@dataclass(frozen=True)
class ColourMap:
    """A colour map: the `title` shown, and pyqtgraph's name of it, the `source`."""

    title: str
    source: str


COLOUR_MAPS: dict[str, ColourMap] = {
    "inferno": ColourMap("Inferno", "inferno"),
    "magma": ColourMap("Magma", "magma"),
    "plasma": ColourMap("Plasma", "plasma"),
    "viridis": ColourMap("Viridis", "viridis"),
    "cividis": ColourMap("Cividis", "cividis"),
    "fire": ColourMap("Fire", "CET-L3"),
    "blue": ColourMap("Blue", "CET-L6"),
    "blue-green": ColourMap("Blue to green", "CET-CBL2"),
    "grey": ColourMap("Grey", "CET-L1"),
}


def _linear(counts: Numbers, histogram: NDArray[np.int64] | None) -> Numbers:
    levels: Numbers = counts / counts[-1]
    return levels


def _log(counts: Numbers, histogram: NDArray[np.int64] | None) -> Numbers:
    levels: Numbers = np.log1p(counts) / np.log1p(counts[-1])
    return levels


def _equalised(counts: Numbers, histogram: NDArray[np.int64] | None) -> Numbers:
    assert histogram is not None
    pixels = histogram[1:].astype(np.float64)
    levels: Numbers = ((np.cumsum(pixels) - pixels / 2.0) / pixels.sum()) ** EQUALISED_GAMMA
    return levels


TONES: dict[str, Callable[[Numbers, NDArray[np.int64] | None], Numbers]] = {
    "linear": _linear,
    "log": _log,
    "equalised": _equalised,
}
"""Name -> (counts 1..maximum, pixels of each count 0..maximum or None) -> level in [0, 1] of each of those counts.

Equalised: the share of the pixels with samples that have fewer, half of those that have as many included, to a power.
"""


def check_tone(name: str) -> str:
    """`name` if it is a tone; else ValueError naming the choices."""
    if name not in TONES:
        raise ValueError(f"{name!r} is not a tone; choose one of {', '.join(TONES)}")
    return name


def pack(colours: Numbers) -> Packed:
    """Colours of shape (..., 3), each 0 to 255, as 0xffRRGGBB. Shape (...)."""
    channels = np.clip(np.rint(colours), 0, 255).astype(np.uint32)
    opaque = np.uint32(0xFF000000)
    return np.asarray(opaque | (channels[..., 0] << 16) | (channels[..., 1] << 8) | channels[..., 2], dtype=np.uint32)


def unpack(colour: str) -> Numbers:
    """The red, green and blue of "#rrggbb", 0 to 255. Shape (3,)."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float64)


@lru_cache(maxsize=32)
def shades(name: str, background: str, dark: bool) -> Packed:
    """The colours of the map `name` in the order that counts climb: towards light in a dark theme, towards dark in a light one.

    Those too near the lightness of `background` ("#rrggbb") are left out. Shape (SHADES,). ValueError on an unknown name.
    """
    try:
        source = pg.colormap.get(COLOUR_MAPS[name].source)
    except (KeyError, FileNotFoundError):
        raise ValueError(f"{name!r} is not a colour map; choose one of {', '.join(COLOUR_MAPS)}") from None
    colours = source.map(np.linspace(0.0, 1.0, SHADES), mode="byte")[:, :3].astype(np.float64)
    light = lightness(colours)
    if (light[0] < light[-1]) != dark:
        colours, light = colours[::-1], light[::-1]
    near = np.abs(light - lightness(unpack(background))) < CONTRAST
    first = int(np.argmin(near))
    kept = np.linspace(first, SHADES - 1, SHADES)
    packed = pack(colours[np.rint(kept).astype(np.intp)])
    packed.flags.writeable = False
    return packed


def lightness(colours: Numbers) -> Numbers:
    """CIE L* (0 black to 100 white) of sRGB colours 0 to 255. Shape (..., 3) -> (...)."""
    share = colours / 255.0
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    luminance = linear @ np.array([0.2126, 0.7152, 0.0722])
    light: Numbers = np.where(luminance > 0.008856, 116.0 * np.cbrt(luminance) - 16.0, 903.3 * luminance)
    return light


@dataclass(frozen=True, eq=False)
class Levels:
    """The tone of a picture: `index` (maximum + 1,) maps a count, shifted right by `shift`, to a shade; index[0] means nothing."""

    index: NDArray[np.intp]
    shift: int


FINE = 4096
"""Steps of the tones that a blend is of."""


@dataclass(frozen=True, eq=False)
class Blend:
    """A tone between those of two pictures, of FINE steps each, at the share [0, 1] of the way from the first to the last one.

    A count has the same colour in all pictures with the same blend, so that a film does not flicker.
    """

    first: Levels
    last: Levels
    share: float

    def curve(self, counts: Numbers) -> Numbers:
        """The levels of these counts, 0 to 1."""
        return (1.0 - self.share) * _relative(self.first, counts) + self.share * _relative(self.last, counts)


Tone = str | Blend | Levels
"""The name of a tone, a blend of two, or levels that are found already, as those of a picture that comes in parts."""


def _relative(scale: Levels, counts: Numbers) -> Numbers:
    places = np.minimum(np.ceil(counts / 2**scale.shift).astype(np.intp), len(scale.index) - 1)
    return np.asarray(scale.index[places] / (FINE - 1), dtype=np.float64)


def levels(counts: Counts, tone: Tone, steps: int, limit: int = LIMIT, most: int | None = None) -> Levels:
    """The tone's levels 0 to `steps` - 1 for a table of at most `limit` + 1 entries. `most`: the largest count, where it is known."""
    if isinstance(tone, Levels):
        return tone
    lines = _memory_order(counts)(counts)
    top = largest(counts) if most is None else most
    shift = shift_of(top, limit)
    return graded(top, shift, tone, steps, lambda most: _histogram(lines, most, shift))


def largest(counts: Counts) -> int:
    """The largest count; 0 of none. In the order of the memory, a third of the time that the view of an array takes."""
    return int(_memory_order(counts)(counts).max(initial=0))


def graded(top: int, shift: int, tone: str | Blend, steps: int, histogram: Callable[[int], NDArray[np.int64]]) -> Levels:
    """The levels of a picture whose largest count is `top`; `histogram` of the most count that is left by `shift` has its pixels."""
    if not isinstance(tone, Blend):
        check_tone(tone)
    top = int(shifted(np.array([top], dtype=np.int64), shift)[0]) if top else 0
    index = np.zeros(top + 1, dtype=np.intp)
    if top:
        shown = np.arange(1, top + 1, dtype=np.float64)
        if isinstance(tone, Blend):
            level = tone.curve(shown * 2**shift)
        else:
            level = TONES[tone](shown, histogram(top) if tone == "equalised" else None)
        index[1:] = np.rint(level * (steps - 1))
    return Levels(index, shift)


def shift_of(top: int, limit: int) -> int:
    """By how many bits counts up to `top` are shifted to be at most `limit`, a power of two."""
    return max(0, (top - 1).bit_length() - (limit.bit_length() - 1)) if top else 0


def shifted(counts: Counts, shift: int) -> Counts:
    """The counts divided by 2**shift, rounded up."""
    if not shift:
        return counts
    signed = counts if counts.dtype.kind == "i" else counts.astype(np.int64)
    return ((signed - 1) >> shift) + 1


def _histogram(lines: Counts, top: int, shift: int) -> NDArray[np.int64]:
    some = lines[:: -(-lines.size // SAMPLED)]
    lines = some if some.any() else lines
    total = np.zeros(top + 1, dtype=np.int64)
    for start, stop in _strips(lines, max(STRIP, 4 * top)):
        total += np.bincount(shifted(lines[start:stop], shift).ravel(), minlength=top + 1)
    return total


def _strips(lines: Counts, size: int = STRIP) -> Iterator[tuple[int, int]]:
    """The lines in strips that stay in the processor's cache, and whose temporary copies the allocator can reuse."""
    step = max(16, size // lines.shape[1])
    return ((start, min(start + step, len(lines))) for start in range(0, len(lines), step))


def strips_of(*pictures: NDArray[Any]) -> Iterator[tuple[NDArray[Any], ...]]:
    """Pictures of one shape in strips of the same pixels, in the order in which the first one lies in memory."""
    view = _memory_order(pictures[0])
    ordered = [view(picture) for picture in pictures]
    return (tuple(lines[start:stop] for lines in ordered) for start, stop in _strips(ordered[0]))


def _memory_order(picture: NDArray[Any]) -> Callable[[NDArray[Any]], NDArray[Any]]:
    """A function that views an array of the shape of `picture` in the order in which its lines lie in memory."""
    turned = abs(picture.strides[0]) < abs(picture.strides[1])
    flipped = picture.strides[0 if turned else 1] < 0

    def view(array: NDArray[Any]) -> NDArray[Any]:
        array = array.T if turned else array
        return array[:, ::-1] if flipped else array

    return view


def colour(counts: Counts, tone: Tone, ramp: Packed, background: str, out: Packed | None = None) -> Packed:
    """The packed colours of `counts`, written to `out` where it has the shape. Shape (rows, columns), both.

    `counts` is of any integer type, none negative, and may be a transposed or flipped view; `out` is C-contiguous.
    """
    scale = levels(_checked(counts), tone, len(ramp))
    table = ramp[scale.index]
    table[0] = pack(unpack(background))
    return _look_up(table, counts, scale.shift, None, out)


def _checked(counts: Counts) -> Counts:
    if counts.ndim != 2 or counts.dtype.kind not in "iu" or not counts.size:
        raise ValueError(f"an array {counts.dtype} {counts.shape} is not a picture; give whole numbers, shape (rows, columns)")
    return counts


def _look_up(table: Packed, counts: Counts, shift: int, offsets: NDArray[np.intp] | None, out: Packed | None) -> Packed:
    """table[counts + offsets], reading memory in its own order: turning strips is cheaper than walking across it.

    `offsets` has one number a column.
    """
    if out is None or out.shape != counts.shape:
        out = np.empty(counts.shape, dtype=np.uint32)
    ordered = _memory_order(counts)
    lines, target = ordered(counts), ordered(out)
    added = None if offsets is None else ordered(np.broadcast_to(offsets, counts.shape))
    for start, stop in _strips(lines):
        index = shifted(lines[start:stop], shift)
        if added is not None:
            index = index + added[start:stop]
        target[start:stop] = np.take(table, index, mode="wrap")
    return out


# --- colour by period ------------------------------------------------------------------------------------------------------------

HUES = ("#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#f0e442", "#d55e00", "#0072b2")
"""Okabe and Ito's colour-blind safe palette, for periods 1 to 7; longer periods repeat it, lighter or darker."""

CHAOS = {True: "#8a8f98", False: "#8a8f98"}
UNDEFINED = {True: "#f0716c", False: "#c0322c"}
"""Tints the empty columns whose orbits leave the domain of the map."""

QUASIPERIODIC = {True: "#f4f4f4", False: "#101010"}
"""Of columns whose orbits are quasi-periodic."""

STRENGTHS = 64
TINT = 0.16
"""How much of a period's hue the empty pixels of its columns have, where the picture shows periods."""

PERIOD_LIMIT = 1 << 12


def period_colours(period: Counts, background: str, dark: bool) -> Numbers:
    """The colour of each period.

    0 (chaotic or unresolved) is a muted grey, -1 (diverged) the background, -2 (undefined) red, -3 (quasi-periodic) white or black.
    Shape (n,) -> (n, 3).
    """
    hues = np.stack([unpack(hue) for hue in HUES]) * (1.0 if dark else 0.8)
    p = np.maximum(np.asarray(period, dtype=np.int64), 1) - 1
    turn = np.minimum(p // len(hues), 12)[:, None]
    # Turned, so that a cascade of doublings does not come back to a colour that it had.
    colours: Numbers = hues[(p + 2 * turn[:, 0]) % len(hues)]
    towards = np.where(turn % 2 == 1, 255.0 if dark else 0.0, 128.0)
    colours = colours + (towards - colours) * (1.0 - 1.0 / (1.0 + 0.45 * np.sqrt(turn)))
    colours[np.asarray(period) == 0] = unpack(CHAOS[dark])
    colours[np.asarray(period) == -1] = unpack(background)
    colours[np.asarray(period) == -2] = unpack(UNDEFINED[dark])
    colours[np.asarray(period) == -3] = unpack(QUASIPERIODIC[dark])
    return colours


def colour_by_period(counts: Counts, period: Counts, tone: Tone, background: str, dark: bool, out: Packed | None = None) -> Packed:
    """The picture with each column in the hue of its `period` (columns,) and as strong as its counts' tone. See `colour`."""
    if period.shape != counts.shape[1:]:
        raise ValueError(f"{period.shape[0]} periods do not fit {counts.shape[1]} columns; give one period a column")
    scale = levels(_checked(counts), tone, STRENGTHS, PERIOD_LIMIT)
    kinds, row = np.unique(period, return_inverse=True)
    ground = unpack(background)
    strength = np.linspace(0.35, 1.0, STRENGTHS)[None, :, None]
    palette = pack(ground + (period_colours(kinds, background, dark)[:, None, :] - ground) * strength)
    table = palette[:, scale.index]
    # A little of the hue in empty pixels too: thin curves alone would hardly show the period of a narrow window.
    settled = np.where((kinds > 0) | (kinds <= -2), TINT, 0.0)[:, None]
    table[:, 0] = pack(ground + (period_colours(kinds, background, dark) - ground) * settled)
    offsets = row.astype(np.intp) * table.shape[1]
    return _look_up(table.ravel(), counts, scale.shift, offsets, out)
