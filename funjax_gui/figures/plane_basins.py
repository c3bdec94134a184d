"""Colours of the basins of a map of the plane: a hue for each attractor; orbits may be drawn over them."""

import math

import numpy as np
from numpy.typing import NDArray

from funjax_gui.formatting import significant
from funjax_gui.style import Colours, colour_maps
from kernels.phase_plane import DIVERGED, UNDEFINED, UNRESOLVED, Attractor, PlaneBasinsFrame

OUTCOMES = {UNRESOLVED: "unresolved", DIVERGED: "diverged", UNDEFINED: "undefined: no value in float64"}
OUTCOME_ROLES = {UNRESOLVED: "text", DIVERGED: "muted", UNDEFINED: "bad"}
"""Role of the colour of each outcome without an attractor."""

CONTINUA = {"curve": "on a curve, not isolated", "area": "that fill an area, not isolated"}
"""What is said of fixed points and cycles that are one attractor, by its kind."""

STRENGTH = 0.55
"""Strength of the hues, so that marks and orbits stand out."""

PALE = 0.35
"""That of the outcomes without an attractor."""

LISTED = 9
"""Maximum number of attractors in the legend."""


def table(count: int, colours: Colours) -> colour_maps.Packed:
    """Packed colours, shape (3 + count,): of each label from UNDEFINED up."""
    ground = colour_maps.unpack(colours.background)
    hues = np.stack([colour_maps.unpack(hue) for hue in colour_maps.HUES]) * (1.0 if colours.dark else 0.85)
    shades = np.empty((3 + count, 3))
    for label, role in OUTCOME_ROLES.items():
        shades[label + 3] = ground + (colour_maps.unpack(colours.shade(role)) - ground) * PALE
    for n in range(count):
        shades[n + 3] = ground + (hues[n % len(hues)] * 0.8 ** min(n // len(hues), 4) - ground) * STRENGTH
    return colour_maps.pack(shades)


def pixels(frame: PlaneBasinsFrame, colours: Colours, counts: NDArray[np.int32] | None = None) -> colour_maps.Packed:
    """The picture as packed colours; pixels with `counts` of states, of one shape, are drawn as text is. Shape (rows, columns)."""
    found = coloured(frame.labels, table(len(frame.attractors), colours))
    if counts is not None and counts.shape == found.shape:
        found = np.where(counts > 0, colour_maps.pack(colour_maps.unpack(colours.text)), found)
    return found


def coloured(labels: NDArray[np.int16], colour: colour_maps.Packed) -> colour_maps.Packed:
    """The colours of labels from a `table`."""
    found: colour_maps.Packed = np.take(colour, labels.astype(np.int32) - UNDEFINED)
    return found


def name(attractor: Attractor) -> str:
    """An attractor in words."""
    x, y = (significant(value, 4) for value in attractor.points[0])
    if attractor.kind in CONTINUA:
        return f"{'fixed points' if attractor.period == 1 else f'{attractor.period}-cycles'} {CONTINUA[attractor.kind]}"
    if attractor.period:
        return f"fixed point ({x}, {y})" if attractor.period == 1 else f"{attractor.period}-cycle at ({x}, {y})"
    what = "attractor of unresolved type" if attractor.kind == "unresolved" else attractor.kind
    return f"{what} (λ ≈ {significant(attractor.exponent, 2)}) at ({x}, {y})" if attractor.kind == "chaotic" else f"{what} at ({x}, {y})"


def entries(frame: PlaneBasinsFrame, colours: Colours) -> list[tuple[str, str]]:
    """(text, colour as "#rrggbb") of each label that occurs, the largest share first."""
    shades = table(len(frame.attractors), colours)
    found = []
    for label, share in list(frame.shares.items())[: LISTED + len(OUTCOMES)]:
        what = f"to the {name(frame.attractors[label])}" if label >= 0 else OUTCOMES[label]
        percent = f"{100 * share:.1f} %" if share >= 0.001 else "under 0.1 %"
        found.append((f"{what}, {percent}", f"#{int(shades[label - UNDEFINED]) & 0xFFFFFF:06x}"))
    return found


def legend(frame: PlaneBasinsFrame, colours: Colours) -> str:
    """Legend as rich text: the attractor of each colour, its share of the view, and the boundary's uncertainty exponent."""
    lines = [f'<span style="color:{colour}">■</span>&nbsp;{text}' for text, colour in entries(frame, colours)]
    value, error = frame.uncertainty
    if frame.done and len(lines) > 1:
        told = f"{value:.2f} ± {max(error, 0.005):.2f}" if math.isfinite(value) else "unresolved in this view"
        lines.append(f"Boundary: uncertainty exponent {told}")
    return "<br>".join(lines)
