"""How large an exported picture is in print, and what is drawn around its plot."""

from collections.abc import Mapping
from dataclasses import dataclass

Size = tuple[int, int]

MM_PER_INCH = 25.4
POINTS_PER_INCH = 72.0
SCREEN_DPI = 96.0
"""Pixels per inch that a picture is taken to have, as in a browser, where only its pixels are given."""

CURVE = 1.6
"""Width of a usual curve in pixels of the window, to which a given line width refers."""

LIMITS: Mapping[str, tuple[float, float, str]] = {
    "width": (10.0, 2000.0, "mm"),
    "height": (10.0, 2000.0, "mm"),
    "dpi": (36.0, 2400.0, "pixels per inch"),
    "font size": (3.0, 144.0, "pt"),
    "line width": (0.05, 20.0, "pt"),
    "seconds": (0.02, 3600.0, "s"),
    "pictures per second": (0.1, 120.0, "1/s"),
}
"""Smallest and largest value of each length, and its unit."""


def check_length(name: str, value: float) -> float:
    """`value` if it is within the LIMITS of `name`; ValueError in one line otherwise, also for NaN."""
    low, high, unit = LIMITS[name]
    if not low <= value <= high:
        raise ValueError(f"the {name} {value:g} {unit} is out of range; give {low:g} to {high:g} {unit}")
    return value


@dataclass(frozen=True)
class PageSetup:
    """The print size of a picture, and what it has besides its plot.

    `dpi` is 0 where a size in pixels is all that is known. `font_size` and `line_width` (of a usual curve; others are in proportion) are
    points, 0 for in proportion to the picture. `title` and `caption` replace the usual texts where they are not None; empty ones leave
    them out. `panels` names the smaller plots, colour bar and legend that are drawn; None for all. `steady`: margins that do not depend
    on the axes' labels, so that the plot of a film stays in its place. Raises ValueError in one line.
    """

    dpi: float = 0.0
    font_size: float = 0.0
    line_width: float = 0.0
    axes: bool = True
    title: str | None = None
    caption: str | None = None
    panels: tuple[str, ...] | None = None
    steady: bool = False

    def __post_init__(self) -> None:
        """Check the lengths."""
        for name, value in (("dpi", self.dpi), ("font size", self.font_size), ("line width", self.line_width)):
            if value != 0:
                check_length(name, value)

    @property
    def point(self) -> float:
        """Pixels of a point (1/72 inch)."""
        return (self.dpi or SCREEN_DPI) / POINTS_PER_INCH

    def print_size(self, size: Size) -> tuple[float, float] | None:
        """Width and height in mm of a picture of `size` pixels; None where it has none."""
        return (millimetres(size[0], self.dpi), millimetres(size[1], self.dpi)) if self.dpi else None

    def has(self, panel: str) -> bool:
        """Whether this panel is wanted."""
        return self.panels is None or panel in self.panels


@dataclass(frozen=True)
class PageSize:
    """A size in print with the resolution and font size that suit it."""

    title: str
    width: float
    height: float
    dpi: float
    font_size: float


PAGE_SIZES: Mapping[str, PageSize] = {
    "one-column": PageSize("One column, 85 mm", 85.0, 75.0, 300.0, 8.0),
    "two-columns": PageSize("Two columns, 175 mm", 175.0, 110.0, 300.0, 8.0),
    "slide": PageSize("Slide 16:9", 338.7, 190.5, 144.0, 16.0),
}
"""Sizes to choose from, by name; lengths in mm, fonts in pt."""


def pixels_of(width: float, height: float, dpi: float) -> Size:
    """Whole pixels of a picture of `width` x `height` mm. Raises ValueError in one line on a length out of range."""
    for name, value in (("width", width), ("height", height), ("dpi", dpi)):
        check_length(name, value)
    return max(1, round(width / MM_PER_INCH * dpi)), max(1, round(height / MM_PER_INCH * dpi))


def millimetres(pixels: int, dpi: float) -> float:
    """Length in mm of so many pixels, rounded to 0.01 mm."""
    return round(pixels / dpi * MM_PER_INCH, 2)
