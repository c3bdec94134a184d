"""Colour tables of surfaces, from tone to packed colour, so that a change of theme needs no computation."""

import functools

import numpy as np
from numpy.typing import NDArray

from funjax_gui.style import Colours, colour_maps
from kernels.newton import LINES, SHADES, UNDEFINED

STRENGTH = 0.82
"""Opacity of the colour map over the background in a dark and in a light theme; paths drawn above must stand out."""


@functools.lru_cache(maxsize=16)
def surface_table(colour_map: str, colours: Colours) -> colour_maps.Packed:
    """Packed colour of each tone of a SurfaceFrame. Shape (UNDEFINED + 1,)."""
    ramp = colour_maps.shades(colour_map, colours.background, colours.dark)
    steps = np.linspace(0, len(ramp) - 1, SHADES).astype(np.intp)
    rgb = np.stack([(ramp[steps] >> shift) & 0xFF for shift in (16, 8, 0)], axis=1).astype(np.float64)
    ground, text = colour_maps.unpack(colours.background), colour_maps.unpack(colours.text)
    fill = ground + (rgb - ground) * STRENGTH
    cover = (np.arange(LINES) / (LINES - 1) * line_strength(colours))[None, :, None]
    table = fill[:, None, :] * (1 - cover) + text * cover
    undefined = ground * 0.8 + colour_maps.unpack(colours.bad) * 0.2
    return colour_maps.pack(np.concatenate([table.reshape(-1, 3), undefined[None]]))


def surface_shades(colour_map: str, colours: Colours) -> colour_maps.Packed:
    """Packed colour of each shade of a surface, from the best value on. Shape (SHADES,)."""
    return surface_table(colour_map, colours)[: SHADES * LINES : LINES]


def line_strength(colours: Colours) -> float:
    """Opacity of contour lines."""
    return 0.38 if colours.dark else 0.5


def surface_pixels(tones: NDArray[np.uint16], colour_map: str, colours: Colours, lines: bool = True) -> colour_maps.Packed:
    """The picture of a surface as packed colours, with or without contour lines. Shape (rows, columns)."""
    assert UNDEFINED == SHADES * LINES
    pixels: colour_maps.Packed = np.take(surface_table(colour_map, colours), tones if lines else tones // LINES * LINES)
    return pixels
