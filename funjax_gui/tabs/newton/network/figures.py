"""Figures of a network's training: the outputs over the plane with the data, or a fit, and curves of the methods."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funjax_gui.figures import Figure, Item, Marks, Polyline, fitted, logarithms, method_style, points, whole_decades
from funjax_gui.style import Colours, Packed, pack, unpack
from kernels.network import NetworkFrame, NetworkRun, Sample

Floats = NDArray[np.float64]

FINER = 5
"""Pixels of the picture for each side of a pixel of the outputs, interpolated between these."""

FAINTEST, STRONGEST = 0.1, 0.38
"""Strength of a class's colour at its boundary, and where the network is certain."""

ROLES = ("accent", "accent2")
"""Colours of the classes −1 and 1."""

BY = {"evaluations": "evaluations of the gradient", "seconds": "seconds of training"}
"""Horizontal axis of the curves, by field of the records."""

THIRD = {"eigenvalues": "Eigenvalues", "residuals": "CG residuals", "damping": "Damping"}
"""What the third plot may show."""


def pixels(outputs: Floats, colours: Colours, size: tuple[int, int] | None = None) -> Packed:
    """Outputs (side, side) as colours of the two classes, the stronger the more certain.

    `size`: (columns, rows) of the result, FINER times those of the outputs by default. Shape (rows, columns).
    """
    columns, rows = size or (FINER * outputs.shape[1], FINER * outputs.shape[0])
    fine = _finer(_finer(outputs, rows).T, columns).T
    with np.errstate(over="ignore", invalid="ignore"):
        certain = np.abs(np.tanh(fine / 2))
    strength = FAINTEST + (STRONGEST - FAINTEST) * np.nan_to_num(certain)
    ground = unpack(colours.background)
    hues = np.stack([unpack(getattr(colours, role)) for role in ROLES])
    found: Packed = pack(ground + (hues[(fine > 0).astype(int)] - ground) * strength[..., None])
    return found


def _finer(rows: Floats, count: int) -> Floats:
    """`count` rows interpolated linearly between the middles of these."""
    n = len(rows)
    at = np.clip((np.arange(count) + 0.5) * n / count - 0.5, 0, n - 1)
    low = np.minimum(at.astype(int), n - 2)
    share = (at - low)[:, None]
    with np.errstate(over="ignore", invalid="ignore"):  # of a method that diverged
        found: Floats = rows[low] * (1 - share) + rows[low + 1] * share
    return found


def data_items(sample: Sample) -> list[Item]:
    """Marks at the data, those for testing hollow; of a fit points (input, value)."""
    items: list[Item] = []
    for places, targets, filled in ((sample.test_points, sample.test_targets, False), (sample.points, sample.targets, True)):
        if not sample.names:
            items.append(Marks(points(places[:, 0], targets), "circle", "muted", 4.5, filled, halo=False))
            continue
        for sign, role, shape in zip((-1.0, 1.0), ROLES, ("circle", "triangle"), strict=True):
            items.append(Marks(places[targets == sign], shape, role, 5.5, filled, halo=filled))
    return items


def picture(frame: NetworkFrame, method: str, colours: Colours) -> tuple[Figure, Packed | None]:
    """The data, over the outputs of the method in focus; of a fit with the curves of all methods."""
    sample = frame.sample
    x, y = sample.view
    items = data_items(sample)
    if sample.names:
        run = next((run for run in frame.runs if run.method == method), frame.runs[0])
        return Figure(items, x, y, "", "x", "y"), pixels(run.picture, colours)
    across = np.linspace(*x, len(frame.runs[0].picture))
    for run in sorted(frame.runs, key=lambda run: run.method == method):
        style = method_style(run.method)
        items.append(Polyline(points(across, run.picture), style.role, 2.2 if run.method == method else 1.4, style.dash))
    return Figure(items, x, y, "", "x", "output"), None


def _curves(runs: Sequence[NetworkRun], by: str, values: Callable[[NetworkRun], Floats], method: str) -> tuple[list[Item], list[Floats]]:
    """A line for each method, with its marker at the end, and the ordinates."""
    items: list[Item] = []
    found = []
    for run in sorted(runs, key=lambda run: run.method == method):
        style, y = method_style(run.method), values(run)
        places = points(run.column(by), y)
        items.append(Polyline(places, style.role, 2.0 if run.method == method else 1.4, style.dash))
        items.append(Marks(places[-1:], style.shape, style.role, 7.0))
        found.append(y)
    return items, found


def _axis(runs: Sequence[NetworkRun], by: str) -> tuple[float, float]:
    last = max((float(run.column(by)[-1]) for run in runs if run.records), default=0.0)
    return (0.0, last) if last > 0 else (0.0, 1.0)


def loss(runs: Sequence[NetworkRun], by: str, method: str) -> Figure:
    """Training losses on a logarithmic axis."""
    items, found = _curves(runs, by, lambda run: logarithms(run.column("loss")), method)
    return Figure(items, _axis(runs, by), whole_decades(found), "training loss", BY[by], logarithmic_y=True)


def accuracy(runs: Sequence[NetworkRun], by: str, method: str, fits: bool) -> Figure:
    """Accuracies on the test data in percent, or root mean square errors of a fit."""
    if fits:
        items, found = _curves(runs, by, lambda run: run.column("test_error"), method)
        return Figure(items, _axis(runs, by), fitted(found), "error on the test data", BY[by])
    items, found = _curves(runs, by, lambda run: 100 - 100 * run.column("test_error"), method)
    low = min((float(y.min()) for y in found), default=50.0)
    return Figure(items, _axis(runs, by), (min(low, 90.0) - 2.0, 102.0), "accuracy on the test data, %", BY[by])


def third(runs: Sequence[NetworkRun], what: str, method: str) -> Figure:
    """Extreme eigenvalues against evaluations, those below 0 as hollow marks at their size; or CG's residuals; or the damping."""
    items: list[Item] = []
    spans: list[Floats] = []
    across = [1.0]
    for run in sorted(runs, key=lambda run: run.method == method):
        style = method_style(run.method)
        for x, y, is_hollow in _third(run, what):
            places = points(x, logarithms(np.abs(y)))
            spans.append(places[:, 1])
            across += x.tolist()
            items.append(Polyline(places, style.role, 1.4, style.dash))
            items.append(Marks(places[~is_hollow], style.shape, style.role, 5.0, halo=False))
            items.append(Marks(places[is_hollow], style.shape, style.role, 6.0, filled=False))
    title = {
        "eigenvalues": "largest and smallest eigenvalue (hollow: negative)",
        "residuals": "relative residuals of the last CG solve",
        "damping": "damping of the Hessian-free method",
    }[what]
    label = "CG iterations" if what == "residuals" else BY["evaluations"]
    return Figure(items, (0.0, max(across)), whole_decades(spans), title, label, logarithmic_y=True)


def _third(run: NetworkRun, what: str) -> list[tuple[Floats, Floats, Any]]:
    """Abscissae, values and which of them are drawn hollow."""
    if what == "eigenvalues":
        at, low, high = run.eigenvalues.T
        return [(at, high, high < 0), (at, low, low < 0)]
    if what == "residuals":
        found = np.array(run.solves[-1].residuals if run.solves else [], float)
        return [(np.arange(len(found), dtype=float), found, np.zeros(len(found), bool))]
    damping = np.array([(solve.evaluations, solve.damping) for solve in run.solves], float).reshape(-1, 2)
    return [(damping[:, 0], damping[:, 1], np.zeros(len(damping), bool))]
