"""Final states against initial conditions: marks over bands of the horizontal axis."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from funjax_gui.figures import Bands, Item
from funjax_gui.plots.base import Margins
from funjax_gui.plots.item_layer import ItemLayer
from funjax_gui.plots.view_plot import ViewPlot


class StartsPlot(ViewPlot):
    """Final states over basins, and a pin that a click sets.

    Points keep their coordinates when the view moves, so that they are correct in the new view at once.
    """

    def __init__(self, parent: QWidget | None = None, margins: Margins | None = None) -> None:
        super().__init__(parent, margins)
        self.bands = self.add_layer(ItemLayer(self.x_axis.font, -10))
        self.points = self.add_layer(ItemLayer(self.x_axis.font, 20))

    def set_bands(self, bands: Bands) -> None:
        """Show these bands behind the points."""
        if self.bands.items != (bands,):
            self.bands.set_items([bands])

    def set_points(self, points: Sequence[Item]) -> None:
        """Show these points, the first below the others."""
        self.points.set_items(points)
