"""Figures of equations: Newton fractals in colours, the graph with tangents and brackets, roots, paths, and words about a picture."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funjax_gui.figures import Arrow, Item, Marks, Polyline, Rule, method_style, path_items
from funjax_gui.formatting import significant
from funjax_gui.style import Colours, colour_maps
from funjax_gui.tabs.newton.equations.family import ROOT
from kernels.equations import COMPLEX, CYCLE, EquationCurveFrame, EquationFrame, NewtonFamilyFrame, NewtonFractalFrame, find_equations
from kernels.newton import DIVERGED, ELSEWHERE, OUTSIDE, SINGULAR, UNRESOLVED
from kernels.validation import grouped

Floats = NDArray[np.float64]
Picture = NewtonFractalFrame | NewtonFamilyFrame | EquationCurveFrame

SHADES = 256
LONGEST = 40.0
"""Number of steps at which the shade is the palest one."""

STRIP = 0.035
"""Share of the height of a graph for the basins along its axis."""

LATEST = 40
"""Number of tangents that are drawn, the last ones."""

LISTED = 9
"""Maximum number of roots in the legend."""

OUTCOMES = {
    CYCLE: "cycle: never converges",
    UNRESOLVED: "unresolved within the allowed steps",
    DIVERGED: "diverged",
    SINGULAR: "singular: no step",
    OUTSIDE: "undefined: outside the domain",
    ELSEWHERE: "another root",
}
ROLES = {CYCLE: "text", UNRESOLVED: "muted", DIVERGED: "line", SINGULAR: "bad", OUTSIDE: "bad", ELSEWHERE: "panel"}
"""Role of the colour of each outcome."""


def hues(count: int, colours: Colours) -> Floats:
    """Colour of each root. Shape (count, 3)."""
    shades = np.stack([colour_maps.unpack(hue) for hue in colour_maps.HUES]) * (1.0 if colours.dark else 0.9)
    places = np.arange(count)
    found: Floats = shades[places % len(shades)] * (0.85 ** np.minimum(places // len(shades), 4))[:, None]
    return found


def _table(count: int, colours: Colours) -> colour_maps.Packed:
    """Packed colours of each label from CYCLE up and each shade. Shape (6 + count, SHADES)."""
    ground = colour_maps.unpack(colours.background)
    strength = (1.0 - 0.75 * np.linspace(0, 1, SHADES) ** 0.6)[None, :, None]
    whole = ground + (np.concatenate([np.zeros((-CYCLE, 3)), hues(count, colours)])[:, None] - ground) * strength
    for label, role in ROLES.items():
        whole[label - CYCLE] = colour_maps.unpack(getattr(colours, role))
    whole[OUTSIDE - CYCLE] = ground + (whole[OUTSIDE - CYCLE] - ground) * 0.45
    return colour_maps.pack(whole)


def coloured(labels: NDArray[np.int16], counts: NDArray[np.float32], roots: int, colours: Colours) -> colour_maps.Packed:
    """The colours of labels, that many roots among them, fainter for more steps. Shape (rows, columns), or (columns,)."""
    shade = np.clip(counts * ((SHADES - 1) / LONGEST), 0, SHADES - 1).astype(np.int32)
    index = (labels.astype(np.int32) - CYCLE) * SHADES + shade
    found: colour_maps.Packed = np.take(_table(roots, colours).ravel(), index, mode="clip")
    return found


def fractal_pixels(frame: NewtonFractalFrame | NewtonFamilyFrame, colours: Colours) -> colour_maps.Packed:
    """The fractal, or the plane of parameters, as packed colours. Shape (rows, columns)."""
    return coloured(frame.labels, frame.counts, _colours_of(frame), colours)


def _colours_of(frame: Picture) -> int:
    """Number of colours beside those of the outcomes: the roots, or one for all of them in the plane of parameters."""
    return 1 if isinstance(frame, NewtonFamilyFrame) else len(frame.roots)


def strip_pixels(frame: EquationCurveFrame, rows: int, colours: Colours) -> colour_maps.Packed:
    """The basins along the axis as a strip at the bottom of an empty picture. Shape (rows, columns)."""
    found = np.full((rows, len(frame.labels)), colour_maps.pack(colour_maps.unpack(colours.background)[None])[0])
    found[rows - max(1, round(STRIP * rows)) :] = coloured(frame.labels, frame.counts, len(frame.roots), colours)
    return found


def place(point: Any, is_complex: bool, digits: int = 6) -> str:
    """A point as text: a number, a pair, or a complex number."""
    if len(point) == 1:
        return significant(float(point[0]), digits)
    real, imaginary = (float(part) for part in point)
    if not is_complex:
        return f"({significant(real, digits)}, {significant(imaginary, digits)})"
    if not imaginary:
        return significant(real, digits)
    return f"{significant(real, digits)} {'−' if imaginary < 0 else '+'} {significant(abs(imaginary), digits)} i"


def listed(frame: Picture, colours: Colours) -> list[tuple[str, str, float]]:
    """(text, colour, share of the picture) of each root and outcome in the picture, the roots with the largest shares first."""
    labels, counts = np.unique(frame.labels, return_counts=True)
    share = dict(zip(labels.tolist(), (counts / frame.labels.size).tolist(), strict=True))
    is_complex = find_equations(frame.request.equations).kind == COMPLEX
    shades = hues(_colours_of(frame), colours)
    order = sorted((label for label in share if label >= 0), key=lambda label: -share[label])
    found = []
    for label in order[:LISTED]:
        red, green, blue = (round(channel) for channel in shades[label])
        text = ROOT if isinstance(frame, NewtonFamilyFrame) else place(np.atleast_1d(frame.roots[label]), is_complex, 5)
        found.append((text, f"#{red:02x}{green:02x}{blue:02x}", share[label]))
    if len(order) > LISTED:
        found.append((f"{len(order) - LISTED} more roots", colours.background, sum(share[label] for label in order[LISTED:])))
    return found + [(text, getattr(colours, ROLES[label]), share[label]) for label, text in OUTCOMES.items() if label in share]


def legend(frame: Picture, colours: Colours) -> str:
    """Legend as rich text: each root and outcome with its colour and its share of the view."""
    lines = [
        f'<span style="color:{colour}">■</span>&nbsp;{text}, {f"{100 * share:.1f}" if share >= 0.001 else "under 0.1"} %'
        for text, colour, share in listed(frame, colours)
    ]
    return "<br>".join([*lines, "Fainter: more steps."])


def readout(frame: NewtonFractalFrame | NewtonFamilyFrame, row: int, column: int) -> str:
    """Read-out of a pixel: the root to which its initial point comes, or what the critical point comes to."""
    label, count = int(frame.labels[row, column]), float(frame.counts[row, column])
    if label < 0:
        return OUTCOMES.get(label, "")
    steps = math.ceil(count)
    if isinstance(frame, NewtonFamilyFrame):
        return f"the critical point {ROOT} in {steps} step{'s' * (steps != 1)}"
    root = place(frame.roots[label], find_equations(frame.request.equations).kind == COMPLEX, 5)
    return f"to the root {root} in {steps} step{'s' * (steps != 1)}"


def sentence(frame: NewtonFractalFrame | NewtonFamilyFrame, running: bool) -> str:
    """Sentence for the status bar."""
    rows, columns = frame.labels.shape
    parts = [_computed(frame, grouped(rows * columns)) + f", at most {frame.request.max_steps} steps"]
    parts.append("refining" if running else "done")
    for label, text in ((CYCLE, "end in a cycle"), (UNRESOLVED, "unresolved")):
        if count := int((frame.labels == label).sum()):
            parts.append(f"{grouped(count)} {text}")
    return " · ".join(parts)


def _computed(frame: NewtonFractalFrame | NewtonFamilyFrame, count: str) -> str:
    if isinstance(frame, NewtonFamilyFrame):
        return f"Free critical point of Newton’s map at {count} parameters"
    factor = "" if frame.request.damping == 1 else f" with relaxation {significant(frame.request.damping, 4)}"
    return f"Newton’s fractal{factor}: {count} initial points"


# --- items ---


def root_items(roots: Floats) -> list[Item]:
    """Marks at the roots, shape (k, 2)."""
    return [Marks(roots, "cross", "text", 8.0, filled=False)] if 0 < len(roots) <= 100 else []


def plane_items(frame: NewtonFractalFrame | None, runs: Sequence[EquationFrame], at: int, focus: str, at_end: bool) -> list[Item]:
    """Roots, the critical points' orbits and the paths of the runs over a fractal at step `at`."""
    items: list[Item] = []
    if frame is not None:
        items += root_items(frame.roots)
        for orbit in frame.critical_orbits:
            items.append(Polyline(orbit, "text", 1.4, "dot", halo=True))
            items += [Marks(orbit[1:], "circle", "text", 4.0, gap=6.0), Marks(orbit[:1], "diamond", "text", 11.0)]
    for run in sorted(runs, key=lambda run: run.request.method == focus):
        k = min(at, run.steps)
        items += path_items(run, k, run.request.method == focus, arrow=not at_end and k < run.steps)
    if runs:
        items.append(Marks(runs[0].iterates[:1], "circle", "text", 13.0, filled=False))
    return items


def graph_items_of(frame: EquationCurveFrame | None, runs: Sequence[EquationFrame], at: int, focus: str, at_end: bool) -> list[Item]:
    """The graph of f with the lines by whose zeros the iterates of the method in focus are found, its bracket, and all iterates."""
    items: list[Item] = [Rule(0.0, "muted", 1.0)]
    if frame is not None:
        items.append(Polyline(np.stack([frame.x, frame.values], axis=1), "text", 1.6))
        items += root_items(np.stack([frame.roots, np.zeros(len(frame.roots))], axis=1))
    for run in sorted(runs, key=lambda run: run.request.method == focus):
        chosen, k = run.request.method == focus, min(at, run.steps)
        style = method_style(run.request.method)
        if chosen:
            items += _lines(run, k, style.role, at_end)
        places = np.stack([run.iterates[: k + 1, 0], run.residuals[: k + 1, 0]], axis=1)
        items.append(Marks(places, style.shape, style.role, 6.5 if chosen else 5.0, gap=8.0))
        items.append(Marks(places[-1:], style.shape, style.role, 10.0 if chosen else 8.0))
    if runs:
        first = np.array([[runs[0].iterates[0, 0], runs[0].residuals[0, 0]]])
        items.append(Marks(first, "circle", "text", 13.0, filled=False))
    return items


def _lines(run: EquationFrame, k: int, role: str, at_end: bool) -> list[Item]:
    """Verticals to the graph, lines to their zeros, and the bracket, up to iterate k; the next line as an arrow."""
    items: list[Item] = []
    x, f = run.iterates[:, 0], run.residuals[:, 0]
    for j in range(max(0, k - LATEST), k):
        items.append(Polyline(np.array([[x[j], 0.0], [x[j], f[j]]]), role, 1.0, "dot"))
        if np.isfinite(run.slopes[j]) and run.slopes[j]:
            items.append(Polyline(np.array([[x[j], f[j]], [x[j] - f[j] / run.slopes[j], 0.0]]), role, 1.4))
    if not at_end and k < run.steps:
        items.append(Polyline(np.array([[x[k], 0.0], [x[k], f[k]]]), role, 1.0, "dot"))
        if np.isfinite(run.slopes[k]) and run.slopes[k]:
            items.append(Arrow(np.array([x[k], f[k]]), np.array([x[k] - f[k] / run.slopes[k], 0.0]), role, 1.8))
    if k and np.isfinite(run.brackets[k - 1]).all():
        ends = np.stack([run.brackets[k - 1], np.zeros(2)], axis=1)
        items += [Polyline(ends, role, 5.0, opacity=0.55), Marks(ends, "square", role, 6.0)]
    return items
