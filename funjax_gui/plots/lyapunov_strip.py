"""The strip of Lyapunov exponents below a diagram."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from funjax_gui.figures import exponents
from funjax_gui.plots.base import BasePlot, Margins
from funjax_gui.plots.gestures import notches_of
from funjax_gui.plots.item_layer import ItemLayer, relative_view
from funjax_gui.plots.overlays import PinLine
from funjax_gui.plots.view_plot import ViewPlot
from funjax_gui.plots.zoom import NOTCH
from kernels.geometry import Viewport

Values = NDArray[np.float64]

LEAST, MOST = 1e-3, 1e3
"""Range of the larger limit of the vertical axis."""


class LyapunovStrip(BasePlot):
    """Plot of the Lyapunov exponents of the columns of a picture: positive for chaos, negative for cycles."""

    def __init__(self, parent: QWidget | None = None, margins: Margins | None = None) -> None:
        super().__init__(parent, margins or Margins(top=8))
        self._own: Viewport | None = None
        self._viewport: Viewport | None = None
        self._image: ViewPlot | None = None
        self._limits = (0.0, 1.0)
        self._values: tuple[Values, Values, Values | None] | None = None
        self._is_scaled = False
        self.exponents, self.pin_line = self.add_layer(ItemLayer(self.x_axis.font, 0)), self.add_layer(PinLine())
        self.set_labels("", "λ")
        self.setAccessibleName("Lyapunov exponent of each column")

    def link(self, image: ViewPlot) -> None:
        """Follow the horizontal axis and the pin of `image`, which the wheel over the strip zooms."""
        self._image = image
        image.view_changed.connect(self.set_viewport)
        image.pin_moved.connect(self.pin_line.set_at)
        self.set_viewport(image.grid.viewport)
        self.pin_line.set_at(image.pin)

    def set_lyapunov(self, u: Values, values: Values, viewport: Viewport, second: Values | None = None) -> None:
        """Show `values` (n,), and a second exponent of each column, at the places `u` (n,), ascending, in window units of `viewport`.

        NaN leaves a gap, -inf reaches the bottom.
        """
        self._own, self._values = viewport, (u, values, second)
        self._draw()

    def _draw(self) -> None:
        if self._values is not None:
            u, values, second = self._values
            figure = exponents(u, values, self._limits if self._is_scaled else None, second)
            self._limits = figure.y
            self.exponents.set_items(figure.items)
        self._follow()

    def scale_exponents(self, notches: float) -> None:
        """Divide the range of the vertical axis, in which zero stays, by that of so many notches; it is kept for later exponents."""
        factor = NOTCH**notches
        if self._values is not None and LEAST <= factor * max(-self._limits[0], self._limits[1]) <= MOST:
            low, high = self._limits
            self._limits, self._is_scaled = (float(f"{low * factor:.3g}"), float(f"{high * factor:.3g}")), True
            self._draw()

    def fit(self) -> None:
        """Choose the range of the vertical axis from the exponents."""
        self._is_scaled = False
        self._draw()

    def clear(self) -> None:
        """Show no exponents; the next ones have a range of their own."""
        self._values, self._is_scaled = None, False
        self.exponents.set_items(())

    def set_viewport(self, viewport: Viewport) -> None:
        """Show the horizontal range of `viewport`, stretching the old exponents to it."""
        self._viewport = viewport
        self._follow()

    def _follow(self) -> None:
        view, limits = self._viewport or self._own, self._limits
        if view is None:
            return
        heights = Viewport.from_limits(0, 1, *limits)
        self._show_in(replace(view, y=heights.y, half_height=heights.half_height))
        if self._own is not None:  # positions are relative to their own view, so that they are accurate at any depth
            relative = relative_view(view, self._own)
            self.exponents.show_in(replace(relative, y=heights.y, half_height=heights.half_height))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom the picture horizontally about the cursor; with Ctrl or beside the plot area, scale the exponents."""
        event.accept()
        u, _ = self.window_point(event.position())
        notches = notches_of(event)
        if notches and (u < 0.0 or event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            self.scale_exponents(notches)
        elif self._image is not None and notches:
            self._image.zoom(notches, min(max(u, 0.0), 1.0), vertical=False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Choose the range of the exponents anew."""
        event.accept()
        self.fit()
