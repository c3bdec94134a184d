"""The phase plane: a picture of counts below marks, in which a click picks a point and the handle can be dragged."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGraphicsItem

from funjax_gui.figures import Item
from funjax_gui.plots.image_plot import ImagePlot
from funjax_gui.plots.item_layer import ItemLayer


class PhasePlot(ImagePlot):
    """A picture with a handle; `point_picked` tells a click, where other plots with a handle bring it there."""

    point_picked = Signal(float, float)
    """A click, or Enter, picked (u, v) of the view, in window units."""

    def __init__(self) -> None:
        super().__init__(has_handle=True)
        self.lines = self.add_layer(ItemLayer(self.x_axis.font, 15))
        # Long lines are painted once for each view, not each time that a point over them moves.
        self.lines.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.points = self.add_layer(ItemLayer(self.x_axis.font, 20))

    def set_points(self, items: Sequence[Item]) -> None:
        """Show these items over the picture and below the overlay."""
        self.points.set_items(items)

    def set_lines(self, items: Sequence[Item]) -> None:
        """Show these items over the picture and below the points."""
        self.lines.set_items(items)

    def clear(self) -> None:
        """Show no picture and no items."""
        super().clear()
        self.lines.set_items(())
        self.points.set_items(())
        self.set_overlay(())

    def _pick_at(self, u: float, v: float) -> None:
        self.point_picked.emit(min(max(u, 0.0), 1.0), min(max(v, 0.0), 1.0))
