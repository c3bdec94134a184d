"""A layer of a plot that shows items of a figure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QWidget

from funjax_gui.figures import Item, Points
from funjax_gui.plots.drawing import Drawing
from funjax_gui.plots.marker_cache import Stamps
from funjax_gui.plots.overlays import Overlay
from funjax_gui.style import Colours
from kernels.geometry import FARTHEST, SMALLEST, Viewport, decimal


def relative_view(shown: Viewport, own: Viewport) -> Viewport:
    """The view `shown` in window units of `own`, which are accurate at any depth."""

    def side(centre: float, ratio: float) -> tuple[Decimal, float]:
        return decimal(min(max(centre, -FARTHEST), FARTHEST)), min(max(ratio / 2, SMALLEST), FARTHEST)

    x, half_width = side(own.u_of(shown.x), shown.half_width / own.half_width)
    y, half_height = side(own.v_of(shown.y), shown.half_height / own.half_height)
    return Viewport(x, y, half_width, half_height)


class ItemLayer(Overlay):
    """Items of a figure, the first below the others. `depth` is the layer's place among the others: the picture is at 0.

    overhang: how far marks at the edge stand out of the plot area, in pixels; without it they are cut there.
    """

    def __init__(self, font: QFont, depth: float = 50.0, overhang: float = 0.0) -> None:
        super().__init__()
        self._overhang = overhang
        self._font = font
        self._thickness = 1.0
        self.items: tuple[Item, ...] = ()
        self._stamps = Stamps()
        self._drawing: Drawing | None = None
        self.setZValue(depth)

    def set_items(self, items: Sequence[Item]) -> None:
        """Show these items."""
        self.items = tuple(items)
        if self._drawing is not None:
            self._drawing.forget_all_but(self.items)
        self.setVisible(bool(items))
        self.update()

    def show_in(self, view: Viewport) -> None:
        """Show the items in this view."""
        self._drawing = None
        super().show_in(view)

    def place(self) -> None:
        """Cover the plot area."""
        self._drawing = None
        beyond = self._overhang
        self._move(self.area.adjusted(-beyond, -beyond, beyond, beyond))

    def set_colours(self, colours: Colours) -> None:
        """Draw in these colours."""
        self._drawing = None
        super().set_colours(colours)

    def set_thickness(self, thickness: float) -> None:
        """Draw lines so many times as wide."""
        self._thickness, self._drawing = thickness, None
        self.update()

    def pixels(self, points: Points) -> Points:
        """Places of the plane in the view's pixels. Shapes (k, 2)."""
        return self.drawing(1.0).pixels(points)

    def drawing(self, ratio: float) -> Drawing:
        """The Drawing for a device pixel ratio."""
        assert self.view is not None
        if self._drawing is None or self._drawing.ratio != ratio:
            area = QRectF(self.area)
            self._drawing = Drawing(
                self._font, self.colours, self.view, area, ratio, overhang=self._overhang, thickness=self._thickness, stamps=self._stamps
            )
        return self._drawing

    def paint(self, painter: QPainter, option: Any, widget: QWidget | None = None) -> None:
        """Draw all; called by Qt."""
        if self.view is not None:
            self.drawing(painter.device().devicePixelRatio()).paint(painter, self.items)


class RelativeItemLayer(ItemLayer):
    """Items in window units of a view of their own, which are stretched while another view is shown."""

    own: Viewport | None = None

    def set_own(self, own: Viewport, items: Sequence[Item]) -> None:
        """Show these items, which lie in the unit square of the view `own`."""
        shown, self.own = self._shown, own
        self.set_items(items)
        if shown is not None:
            self.show_in(shown)

    _shown: Viewport | None = None

    def show_in(self, view: Viewport) -> None:
        """Show the items in this view."""
        self._shown = view
        super().show_in(relative_view(view, self.own) if self.own is not None else view)
