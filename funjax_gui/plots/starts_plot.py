"""Final states against initial conditions: marks over bands of the horizontal axis."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from funjax_gui.figures import Bands, Item
from funjax_gui.plots.base import Margins
from funjax_gui.plots.item_layer import ItemLayer
from funjax_gui.plots.view_plot import ViewPlot


class StartsPlot(ViewPlot):
    """Points over bands, and a pin that a click sets. The wheel zooms horizontally, with Ctrl vertically.

    Points keep their places in the plane when the view moves, so that what is known of a new view is right at once.
    """

    def __init__(self, parent: QWidget | None = None, margins: Margins | None = None) -> None:
        super().__init__(parent, margins)
        self.bands = self.add_layer(ItemLayer(self.x_axis.font, -10))
        self.points = self.add_layer(ItemLayer(self.x_axis.font, 20))

    def set_bands(self, bands: Bands) -> None:
        """Draw these bands behind the points, and no others."""
        self.bands.set_items([bands])

    def set_points(self, points: Sequence[Item]) -> None:
        """Draw these points, the first below the others, and no others."""
        self.points.set_items(points)

    def zoom(self, notches: float, u: float = 0.5, v: float = 0.5, horizontal: bool = True, vertical: bool = True) -> None:
        """Zoom in horizontally, about u, unless only the vertical axis is named: finer starts are what there is to see."""
        super().zoom(notches, u, v, horizontal, vertical and not horizontal)
