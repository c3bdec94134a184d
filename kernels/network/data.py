"""Data for a network: two classes of points of the plane, or a noisy polynomial, from a seed; or one's own from a CSV.

Each has a training part and a test part.
"""

import csv
import io
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import numpy as np

from kernels.types import Floats
from kernels.validation import grouped

MOST_BYTES = 4 * 2**20
MOST_ROWS = 4_000
FEWEST_ROWS = 10
MOST_SAMPLES = 2_000

FARTHEST = 1e100
"""Largest coordinate of a point of one's own: squares are finite."""

Generator: TypeAlias = "np.random.Generator"
"""As text, since numpy.random takes long to import."""


class Sample(NamedTuple):
    """Training and test data: points (n, inputs) and targets (n,), which are classes -1 and 1 or, for a fit, values.

    The network's input is (points - centre) / scale. `names`: of the classes -1 and 1; none for a fit.
    """

    points: Floats
    targets: Floats
    test_points: Floats
    test_targets: Floats
    centre: Floats
    scale: Floats
    names: tuple[str, ...]

    @property
    def view(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Limits (horizontal, vertical) that show all points with a margin; of a fit those of inputs and values."""
        both = np.concatenate([self.points, self.test_points])
        if both.shape[1] == 1:
            both = np.column_stack([both, np.concatenate([self.targets, self.test_targets])])
        low, high = both.min(axis=0), both.max(axis=0)
        margin = 0.12 * np.where(high > low, high - low, 1.0)
        (left, bottom), (right, top) = (low - margin).tolist(), (high + margin).tolist()
        return (left, right), (bottom, top)


def _moons(random: "Generator", n: int) -> tuple[Floats, Floats]:
    classes = np.where(np.arange(n) % 2, 1.0, -1.0)
    angle = np.pi * random.random(n)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    lower = np.column_stack([1 - np.cos(angle), 0.5 - np.sin(angle)])
    return np.where(classes[:, None] > 0, upper, lower) - np.array([0.5, 0.25]), classes


def _spiral(random: "Generator", n: int) -> tuple[Floats, Floats]:
    classes = np.where(np.arange(n) % 2, 1.0, -1.0)
    turn = np.sqrt(random.random(n))
    angle = 3 * np.pi * turn
    return 1.5 * (classes * turn)[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), classes


def _circles(random: "Generator", n: int) -> tuple[Floats, Floats]:
    classes = np.where(np.arange(n) % 2, 1.0, -1.0)
    angle = 2 * np.pi * random.random(n)
    return np.where(classes > 0, 0.5, 1.2)[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), classes


def _polynomial(random: "Generator", n: int) -> tuple[Floats, Floats]:
    x = random.uniform(-1.0, 1.0, n)
    return x[:, None], 4 * x**3 - 3 * x


DATA: dict[str, tuple[str, Callable[["Generator", int], tuple[Floats, Floats]]]] = {
    "moons": ("Two moons", _moons),
    "spiral": ("Spiral", _spiral),
    "circles": ("Circles", _circles),
    "polynomial": ("Polynomial 4x³ − 3x", _polynomial),
}
"""Title and generator of each kind of data: `generator(random, n)` returns points and targets without noise."""


def generated(data: str, samples: int, noise: float, seed: int) -> Sample:
    """`samples` training points of this kind and half as many test points, with normal noise of this standard deviation."""
    random = np.random.default_rng(seed)
    total = samples + max(1, samples // 2)
    points, targets = DATA[data][1](random, total)
    fits = data == "polynomial"
    disturbed = noise * random.standard_normal(total if fits else points.shape)
    if fits:
        targets = targets + disturbed
    else:
        points = points + disturbed
    d = points.shape[1]
    parts = points[:samples], targets[:samples], points[samples:], targets[samples:]
    return Sample(*parts, np.zeros(d), np.ones(d), () if fits else ("−1", "1"))


@dataclass(frozen=True)
class OwnData:
    """Points of a CSV: `values` are rows (x, y, class -1 or 1) as bytes of float64; `labels` the names of the two classes.

    Raises ValueError where a coordinate is beyond ±FARTHEST.
    """

    name: str
    labels: tuple[str, str]
    values: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not (largest := float(np.abs(self.rows).max(initial=0.0))) <= FARTHEST:
            raise ValueError(
                f"{self.name} has the coordinate ±{largest:g}, which is out of range; give numbers from −{FARTHEST:g} to {FARTHEST:g}"
            )

    @property
    def rows(self) -> Floats:
        """Rows (x, y, class)."""
        return np.frombuffer(self.values, np.float64).reshape(-1, 3)

    def sample(self, seed: int) -> Sample:
        """A quarter of the rows, drawn at random, are the test data; the network's inputs have mean 0 and standard deviation 1."""
        rows = self.rows[np.random.default_rng(seed).permutation(len(self.rows))]
        tests = max(1, len(rows) // 4)
        points, targets = rows[tests:, :2], rows[tests:, 2]
        scale = points.std(axis=0)
        return Sample(points, targets, rows[:tests, :2], rows[:tests, 2], points.mean(axis=0), np.where(scale > 0, scale, 1.0), self.labels)


def parse_points(text: bytes, name: str) -> OwnData:
    """The points of a CSV with two columns of numbers and a label, separated by comma, semicolon or tab; a first line of titles is skipped.

    Raises ValueError in one line that names the place and the remedy.
    """
    if len(text) > MOST_BYTES:
        raise ValueError(
            f"{name} has more than {MOST_BYTES // 2**20} MiB; give at most {grouped(MOST_ROWS)} rows of two numbers and a label"
        )
    rows: list[tuple[float, float]] = []
    labels: list[str] = []
    for number, fields in _lines(text, name):
        if len(fields) != 3:
            said = f"{len(fields)} field{'s' if len(fields) != 1 else ''}"
            raise ValueError(f"line {number} of {name} has {said}; give two numbers and a label, as in 0.5, -1.2, a")
        values = [_number(part) for part in fields[:2]]
        if None in values and not rows and number == 1:
            continue
        for value, part in zip(values, fields, strict=False):
            if value is None or not math.isfinite(value):
                raise ValueError(f"line {number} of {name}: {part.strip()[:30]!r} is not a finite number; give one such as 0.5")
        if len(rows) == MOST_ROWS:
            raise ValueError(f"{name} has more than {grouped(MOST_ROWS)} rows; leave some out")
        rows.append((values[0] or 0.0, values[1] or 0.0))
        labels.append(fields[2].strip())
    if len(rows) < FEWEST_ROWS:
        raise ValueError(f"{name} has {len(rows)} row{'s' * (len(rows) != 1)} of numbers; give at least {FEWEST_ROWS}")
    names = sorted(set(labels))
    if len(names) != 2:
        what = f"the one label {names[0][:30]!r}" if len(names) == 1 else f"{grouped(len(names))} labels"
        raise ValueError(f"{name} has {what}; two classes are needed: give two labels")
    classes = np.where(np.array(labels) == names[1], 1.0, -1.0)
    return OwnData(name, (names[0], names[1]), np.column_stack([np.array(rows), classes]).tobytes())


def _lines(text: bytes, name: str) -> list[tuple[int, list[str]]]:
    """Line number and fields of each line that is not empty."""
    try:
        decoded = text.decode("utf-8-sig")
        if "\0" in decoded:
            raise ValueError
        first = next((line for line in decoded.splitlines() if line.strip()), "")
        comma = next((mark for mark in ("\t", ";", ",") if mark in first), ",")
        found = csv.reader(io.StringIO(decoded), delimiter=comma)
        return [(found.line_num, fields) for fields in found if any(part.strip() for part in fields)]
    except (ValueError, csv.Error) as error:
        raise ValueError(f"{name} is not a CSV; give lines of two numbers and a label, as in 0.5, -1.2, a") from error


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
