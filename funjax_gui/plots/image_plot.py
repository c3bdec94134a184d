"""Plot of a picture, given as counts for a colour table or as colours."""

import numpy as np
from PySide6.QtWidgets import QWidget

from funjax_gui.plots.base import Margins
from funjax_gui.plots.image_layer import ImageLayer
from funjax_gui.plots.view_plot import ViewPlot
from funjax_gui.style import Colours
from funjax_gui.style import colour_maps as tone
from kernels.geometry import Viewport


class ImagePlot(ViewPlot):
    """A picture that can be zoomed. The old picture is stretched until that of a new view arrives."""

    def __init__(self, parent: QWidget | None = None, margins: Margins | None = None, has_handle: bool = False) -> None:
        super().__init__(parent, margins, has_handle)
        self._tone, self._colour_map = "equalised", "inferno"
        self._counts: tuple[tone.Counts, tone.Counts | None] | None = None
        self._buffer: tone.Packed | None = None
        self.picture = self.add_layer(ImageLayer())

    def set_image(self, counts: tone.Counts, viewport: Viewport, period: tone.Counts | None = None) -> None:
        """Show counts of `viewport`. Shape (rows, columns), top row first; integers, none negative; any view of an array will do.

        With `period` (columns,) each column is in its period's hue. The arrays are kept for recolouring: do not write to them.
        """
        self._counts = (counts, period)
        self._colour(viewport)

    def set_pixels(self, pixels: tone.Packed, viewport: Viewport) -> None:
        """Show packed 0xffRRGGBB colours of `viewport`. Shape (rows, columns), top row first. Not copied when C-contiguous."""
        self._counts = None
        self.picture.set_pixels(np.ascontiguousarray(pixels, dtype=np.uint32), viewport)

    def clear(self) -> None:
        """Show no picture."""
        self._counts = None
        self.picture.clear()

    @property
    def tone(self) -> str:
        """The tone's name."""
        return self._tone

    @property
    def colour_map(self) -> str:
        """The colour map's name."""
        return self._colour_map

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
        if period is None:
            ramp = tone.shades(self._colour_map, ground, dark)
            self._buffer = tone.colour(counts, self._tone, ramp, ground, self._buffer)
        else:
            self._buffer = tone.colour_by_period(counts, period, self._tone, ground, dark, self._buffer)
        self.picture.set_pixels(self._buffer, viewport)
