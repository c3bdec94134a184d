"""Plot of a picture, given as counts for a colour table or as colours."""

import numpy as np
from PySide6.QtWidgets import QGraphicsItem, QWidget

from funjax_gui.figures import WIDTHS, ColourBar, density_bar, period_labels
from funjax_gui.plots.base import Margins
from funjax_gui.plots.branch_layer import BranchLayer
from funjax_gui.plots.colour_bar_layer import ColourBarLayer
from funjax_gui.plots.image_layer import ImageLayer
from funjax_gui.plots.view_plot import ViewPlot
from funjax_gui.style import Colours, colour_sides
from funjax_gui.style import colour_maps as tone
from kernels.geometry import Viewport

CORNER = (0.22, 0.3)
"""Height and width of the corner that a read-out takes up, relative to the picture."""


def emptiest_corner(counts: tone.Counts) -> tuple[bool, bool]:
    """(at the bottom, at the right) of the corner with the fewest pixels with counts; the upper left one of equals."""
    rows, columns = counts.shape
    high, wide = max(1, round(CORNER[0] * rows)), max(1, round(CORNER[1] * columns))

    def reached(corner: tuple[bool, bool]) -> int:
        part = counts[-high:] if corner[0] else counts[:high]
        return int(np.count_nonzero(part[:, -wide:] if corner[1] else part[:, :wide]))

    return min(((bottom, right) for bottom in (False, True) for right in (False, True)), key=reached)


class ImagePlot(ViewPlot):
    """A picture that can be zoomed. The old picture is stretched until that of a new view arrives."""

    def __init__(
        self, parent: QWidget | None = None, margins: Margins | None = None, has_handle: bool = False, has_equal_scale: bool = False
    ) -> None:
        super().__init__(parent, margins, has_handle, has_equal_scale)
        self._tone, self._colour_map = "equalised", "inferno"
        self._by_period = False
        self._counts: tuple[tone.Counts, tone.Counts | None] | None = None
        self._other: tone.Counts | None = None
        self._buffer: tone.Packed | None = None
        self._branch_thickness = 1
        self.picture = self.add_layer(ImageLayer())
        self.bar = self.add_layer(ColourBarLayer(self.x_axis.font))
        self.branches = self.add_layer(BranchLayer(self.x_axis.font, self))
        # Lines of many points are painted once for each view, not each time that the read-out moves over them.
        self.overlay.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def set_image(
        self,
        counts: tone.Counts,
        viewport: Viewport,
        period: tone.Counts | None = None,
        by_period: bool | None = None,
        other: tone.Counts | None = None,
    ) -> None:
        """Show counts of `viewport`. Shape (rows, columns), top row first; integers, none negative; any view of an array will do.

        `period` (columns,): the period of each column, for branches thicker than a pixel, and, unless `by_period` is False, for the hue
        of the column. `other`: counts of a second picture, of the same shape, to be laid over the first; each then has one hue and no
        lines for branches. The arrays are kept for recolouring: do not write to them.
        """
        self._counts, self._other = (counts, period), other
        self._by_period = period is not None if by_period is None else by_period
        self._colour(viewport)

    def set_pixels(self, pixels: tone.Packed, viewport: Viewport, bar: ColourBar | None = None) -> None:
        """Show packed 0xffRRGGBB colours of `viewport`, with the colour bar that explains them.

        Shape (rows, columns), top row first. Not copied when C-contiguous.
        """
        self._counts = None
        self.bar.set_bar(bar)
        self.picture.set_pixels(np.ascontiguousarray(pixels, dtype=np.uint32), viewport)

    def clear(self) -> None:
        """Show no picture, and nothing about the pixel under the pointer."""
        self._counts = None
        self.set_readout(None)
        self.picture.clear()
        self.branches.clear()
        self.bar.set_bar(None)

    @property
    def tone(self) -> str:
        """The tone's name."""
        return self._tone

    @property
    def colour_map(self) -> str:
        """The colour map's name."""
        return self._colour_map

    @property
    def branch_thickness(self) -> int:
        """The thickness of branches."""
        return self._branch_thickness

    def set_branch_thickness(self, thickness: int) -> None:
        """Draw the branches of cycles with a thickness of `figures.WIDTHS`; 1 is that of the picture's pixels."""
        self._branch_thickness = thickness
        self._recolour()

    def set_thickness(self, thickness: float) -> None:
        """Draw lines, and the branches of cycles, so many times as wide."""
        super().set_thickness(thickness)
        self._recolour()

    def set_tone(self, name: str) -> None:
        """Use the tone `name`, one of `tone.TONES`; ValueError otherwise."""
        self._tone = tone.check_tone(name)
        self._recolour()

    def set_colour_map(self, name: str) -> None:
        """Use the colour map `name`, one of `tone.COLOUR_MAPS`; ValueError otherwise."""
        tone.shades(name, self.colours.background, self.colours.dark)
        self._colour_map = name
        self._recolour()

    def set_theme(self, colours: Colours) -> None:
        """Draw, and colour the counts, for this theme."""
        super().set_theme(colours)
        self._recolour()

    def _recolour(self) -> None:
        if self._counts is not None and self.picture.own is not None:
            self._colour(self.picture.own)

    def _colour(self, viewport: Viewport) -> None:
        assert self._counts is not None
        counts, period = self._counts
        ground, dark = self.colours.background, self.colours.dark
        if self._other is not None:
            self._buffer = colour_sides(counts, self._other, self._tone, ground, dark, self._buffer)
            self.bar.set_bar(None)
            self.picture.set_pixels(self._buffer, viewport)
            self.branches.show_labels(viewport, [])
            self.readout.corner = emptiest_corner(counts + self._other)
            return
        if period is None or not self._by_period:
            ramp = tone.shades(self._colour_map, ground, dark)
            most = tone.largest(counts)
            levels = tone.levels(counts, self._tone, len(ramp), most=most)
            self._buffer = tone.colour(counts, levels, ramp, ground, self._buffer)
            self.bar.set_bar(density_bar(most, self._tone, ramp))
        else:
            self._buffer = tone.colour_by_period(counts, period, self._tone, ground, dark, self._buffer)
            self.bar.set_bar(None)
        self.picture.set_pixels(self._buffer, viewport)
        labels = period_labels(period) if self._by_period and period is not None else []
        if period is not None and max(self._branch_thickness, self._thickness) > 1:
            self.branches.show_branches(counts, period, self._buffer, viewport, WIDTHS[self._branch_thickness], labels)
        else:
            self.branches.show_labels(viewport, labels)
        self.readout.corner = emptiest_corner(counts)
