"""Colours of Newton's basins: a hue for each stationary point, fainter for more steps; saddles and maxima are hatched."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from funjax_gui.formatting import point
from funjax_gui.style import Colours, colour_maps
from kernels.newton import DIVERGED, ELSEWHERE, OUTSIDE, SINGULAR, UNRESOLVED, NewtonBasinFrame
from kernels.objectives import DEGENERATE, MINIMUM, StationaryPoint
from kernels.validation import grouped

STEPS = 40
"""Number of steps with distinct shades; more steps share the palest one."""

HATCH = 6
"""Spacing of hatching lines in pixels."""

OUTCOMES = {
    UNRESOLVED: "unresolved within the allowed steps",
    DIVERGED: "diverged",
    SINGULAR: "singular Hessian",
    OUTSIDE: "undefined: outside the domain",
    ELSEWHERE: "another stationary point",
}
OUTCOME_LOOKS = {
    **{UNRESOLVED: ("muted", False), DIVERGED: ("muted", True), SINGULAR: ("bad", False), OUTSIDE: ("bad", True)},
    ELSEWHERE: ("text", False),
}
"""Role of the colour of each outcome, and whether it is hatched."""

LISTED = 9
"""Maximum number of stationary points in the legend."""


def hues(points: Sequence[StationaryPoint], colours: Colours) -> NDArray[np.float64]:
    """Colour of each stationary point: clear hues for minima, paler ones for the others. Shape (points, 3)."""
    shades = np.stack([colour_maps.unpack(hue) for hue in colour_maps.HUES]) * (1.0 if colours.dark else 0.85)
    order = sorted(range(len(points)), key=lambda i: points[i].kind != MINIMUM)
    found = np.empty((len(points), 3))
    for place, index in enumerate(order):
        found[index] = shades[place % len(shades)] * 0.8 ** min(place // len(shades), 4)
    return found


def table(points: Sequence[StationaryPoint], colours: Colours) -> colour_maps.Packed:
    """Packed colours, shape (5 + points, 2, STEPS): of each label, from ELSEWHERE up; of its hatching's ground and lines; of each step."""
    ground, text = colour_maps.unpack(colours.background), colour_maps.unpack(colours.text)
    strength = (1.0 - 0.72 * (np.arange(STEPS) / (STEPS - 1)) ** 0.6)[None, None, :, None]
    bad, muted = colour_maps.unpack(colours.bad), colour_maps.unpack(colours.muted)
    base = np.concatenate([[text, bad, bad, ground, muted], hues(points, colours)])
    whole = ground + (base[:, None, None, :] - ground) * strength * np.ones((1, 2, 1, 1))
    whole[:5] = base[:5, None, None, :]
    whole[[1, 4]] = ground + (whole[[1, 4]] - ground) * 0.45
    hatched = [False, True, False, True, False] + [p.kind != MINIMUM for p in points]
    lines = np.flatnonzero(hatched)
    whole[lines, 1] += ((text if colours.dark else ground) - whole[lines, 1]) * 0.35
    return colour_maps.pack(whole)


def pixels(frame: NewtonBasinFrame, colours: Colours) -> colour_maps.Packed:
    """The picture as packed colours. Shape (rows, columns)."""
    return coloured(frame.labels, frame.steps, table(frame.points, colours))


def coloured(labels: NDArray[np.int16], steps: NDArray[np.int16], colour: colour_maps.Packed, first: int = 0) -> colour_maps.Packed:
    """The colours, from a `table`, of rows of a picture of which `first` is the number of the first one. Shape (rows, columns)."""
    rows, columns = labels.shape
    diagonal = (np.arange(columns)[None, :] + np.arange(first, first + rows)[:, None]) % HATCH == 0
    index = labels.astype(np.int32)
    index -= ELSEWHERE
    index *= 2
    index += diagonal
    index *= STEPS
    index += np.minimum(steps, STEPS - 1)
    found: colour_maps.Packed = np.take(colour.ravel(), index, mode="clip")
    return found


def legend(frame: NewtonBasinFrame, colours: Colours) -> str:
    """Legend as rich text: the point of each colour and its share of the view."""
    count = Counter(dict(zip(*(part.tolist() for part in np.unique(frame.labels, return_counts=True)), strict=True)))
    size = frame.labels.size
    shades = hues(frame.points, colours)
    lines = []
    for label, pixel_count in sorted(((i, c) for i, c in count.items() if i >= 0), key=lambda entry: -entry[1])[:LISTED]:
        found = frame.points[label]
        kind = "degenerate" if found.kind == DEGENERATE else found.kind
        mark = "■" if found.kind == MINIMUM else "▨"
        red, green, blue = (round(channel) for channel in shades[label])
        share = _percent(pixel_count / size)
        lines.append(f'<span style="color:#{red:02x}{green:02x}{blue:02x}">{mark}</span>&nbsp;{kind} {point(found.point, 4)}, {share}')
    more = sum(1 for i in count if i >= 0) - LISTED
    lines += [f"and {more} more points"] if more > 0 else []
    for outcome, text in OUTCOMES.items():
        if count[outcome]:
            role, hatched = OUTCOME_LOOKS[outcome]
            mark, share = "▨" if hatched else "■", _percent(count[outcome] / size)
            lines.append(f'<span style="color:{getattr(colours, role)}">{mark}</span>&nbsp;{text}, {share}')
    return "<br>".join([*lines, "Fainter: more steps. Hatched: no minimum."])


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share >= 0.001 else "under 0.1 %"


def readout(frame: NewtonBasinFrame, row: int, column: int) -> str:
    """Read-out of a pixel: the limit of its initial point."""
    label, steps = int(frame.labels[row, column]), int(frame.steps[row, column])
    if label < 0:
        return OUTCOMES.get(label, "")
    found = frame.points[label]
    kind = "degenerate point" if found.kind == DEGENERATE else found.kind
    return f"to the {kind} {point(found.point, 5)} in {steps} step{'s' * (steps != 1)}"


def sentence(frame: NewtonBasinFrame, running: bool) -> str:
    """Sentence for the status bar."""
    rows, columns = frame.labels.shape
    lost = int((frame.labels == UNRESOLVED).sum())
    parts = [f"Newton’s basins: {grouped(rows * columns)} initial points, at most {frame.request.max_steps} steps"]
    parts.append("refining" if running else "done")
    if lost:
        parts.append(f"{grouped(lost)} unresolved")
    return " · ".join(parts)
