"""Items of figures, in the coordinates of the axes; painted alike in the window and on exported pages."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

DASHES: dict[str, list[float]] = {"solid": [], "dash": [6, 4], "dot": [1.5, 3], "dash-dot": [7, 3, 1.5, 3], "long": [12, 4]}
"""Dash patterns by name, in pen widths."""


@dataclass(frozen=True, eq=False)
class Polyline:
    """A line through points (k, 2), interrupted at points that are not finite; `halo`: with an outline in the background's colour.

    `hair`: on a screen a pixel wide, whatever its width and the thickness of lines: Qt takes thirty times as long for wider ones.
    `smooth`: of many parts that turn little from point to point. On a screen only those in view are drawn, those shorter than a pixel as
    dots, and joins are not round.
    """

    points: Points
    role: str = "accent"
    width: float = 1.6
    dash: str = "solid"
    opacity: float = 1.0
    halo: bool = False
    hair: bool = False
    smooth: bool = False


@dataclass(frozen=True, eq=False)
class Marks:
    """A mark of `size` pixels at each of points (k, 2); shapes as in figures.markers. `label` is written beside the last of them.

    `halo`: with an outline in the background's colour. `rim`: infinite ordinates are drawn at the plot's upper or lower edge, NaN at
    the lower one; without it points that are not finite are left out. `gap`: marks nearer than this to the previous one, in pixels, are
    left out.
    """

    points: Points
    shape: str = "circle"
    role: str = "accent"
    size: float = 7.0
    filled: bool = True
    label: str = ""
    halo: bool = True
    rim: bool = False
    gap: float = 0.0


@dataclass(frozen=True, eq=False)
class Arrow:
    """An arrow between two points of shape (2,)."""

    start: Points
    end: Points
    role: str = "accent"
    width: float = 2.0
    dash: str = "solid"


@dataclass(frozen=True, eq=False)
class Circle:
    """A circle about `centre`, shape (2,)."""

    centre: Points
    radius: float
    role: str = "muted"
    dash: str = "dash"
    width: float = 1.2


@dataclass(frozen=True, eq=False)
class Rays:
    """Lines through `centre`, shape (2,), along directions (m, 2), with a length in pixels to either side and labels where they lead."""

    centre: Points
    directions: Points
    pixels: float = 46.0
    labels: tuple[str, ...] = ()
    role: str = "text"
    dash: str = "solid"


@dataclass(frozen=True, eq=False)
class Split:
    """A line through points (k, 2), ascending in x, filled towards zero with one colour above and another below."""

    points: Points
    above: str = "accent"
    below: str = "accent2"
    width: float = 1.0


@dataclass(frozen=True, eq=False)
class Rule:
    """A line across the whole plot at the ordinate `at`, or, if `upright`, at that abscissa."""

    at: float
    role: str = "text"
    width: float = 1.0
    dash: str = "solid"
    opacity: float = 1.0
    upright: bool = False


@dataclass(frozen=True, eq=False)
class Histogram:
    """A histogram with `heights` (n,) and ascending `edges` (n + 1,)."""

    edges: Points
    heights: Points
    role: str = "accent"


@dataclass(frozen=True, eq=False)
class Label:
    """Text with its middle at the point `at`, shape (2,), or `raised` above it by so many of its heights.

    It has an outline in the background's colour. It is left out where it would lie over another one before it.
    """

    at: Points
    text: str
    role: str = "text"
    raised: float = 0.0


@dataclass(frozen=True)
class Band:
    """An interval of the horizontal axis; `pattern` is an index into PATTERNS, which distinguish bands without colour."""

    low: float
    high: float
    role: str = "accent2"
    strength: float = 0.16
    pattern: int = 0


@dataclass(frozen=True)
class Bands:
    """Intervals of the horizontal axis, over the full height of the plot; they do not overlap."""

    bands: tuple[Band, ...]


Item = Polyline | Marks | Arrow | Circle | Rays | Rule | Split | Histogram | Label | Bands
