"""Colours of two pictures laid over one another: a hue each, and a third colour where both have counts."""

import numpy as np

from funjax_gui.style.colour_maps import Counts, Packed, Tone, levels, pack, shifted, strips_of, unpack

SIDES = {True: ("#56b4e9", "#e69f00", "#f4f4f4"), False: ("#0072b2", "#c04a00", "#303030")}
"""By whether the theme is dark: the first picture's colour, the second's, and that of both; of Okabe and Ito's palette."""

STRENGTHS = 64
WEAKEST = 0.4
"""Strength of the smallest count, of 1."""


def colour_sides(first: Counts, second: Counts, tone: Tone, background: str, dark: bool, out: Packed | None = None) -> Packed:
    """The packed colours of two pictures' counts (rows, columns), written to `out` where it has the shape. See `colour_maps.colour`.

    Both have one tone, so that equal counts are equally strong.
    """
    scale = levels(np.maximum(first, second), tone, STRENGTHS)
    table, strength = _table(background, dark), scale.index + 1
    strength[0] = 0
    across = strength * (STRENGTHS + 1)
    if out is None or out.shape != first.shape:
        out = np.empty(first.shape, dtype=np.uint32)
    for one, other, target in strips_of(first, second, out):
        index = np.take(across, shifted(one, scale.shift), mode="wrap")
        index += np.take(strength, shifted(other, scale.shift), mode="wrap")
        np.take(table, index, out=target, mode="wrap")
    return out


def _table(background: str, dark: bool) -> Packed:
    """Colours by both strengths, 0 where there is no count: the stronger one's, nearer to that of both the more alike they are."""
    left, right, both = (unpack(colour) for colour in SIDES[dark])
    share = np.concatenate([[0.0], np.linspace(WEAKEST, 1.0, STRENGTHS)])
    s, t = share[:, None, None], share[None, :, None]
    strength = np.maximum(s, t)
    alike = np.minimum(s, t) / np.maximum(strength, WEAKEST)
    hue = alike * both + (1 - alike) * np.where(s > t, left, right)
    ground = unpack(background)
    return pack(ground + strength * (hue - ground)).ravel()
