"""Covers over the plots of a tab: the plots as they were, until the next pictures are there, and the notice that they were not computed."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from funjax_gui.plots import BasePlot, picture_of
from funjax_gui.widgets import button

STOPPED = "Stopped. Press F5 to compute"

VEIL = 0.9
"""Opacity of the cover over plots that may show something else than the panel says."""


class Stills:
    """Pictures of the visible plots of a widget, over them; they take no mouse events."""

    def __init__(self, owner: QWidget) -> None:
        self._owner = owner
        self._labels: list[QLabel] = []

    def hold(self) -> None:
        """Keep showing the plots as they are now; those that are held already stay."""
        if self._labels:
            return
        for plot in self._owner.findChildren(BasePlot):
            if plot.isVisible():
                still = QLabel(plot)
                still.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
                still.setPixmap(QPixmap.fromImage(picture_of(plot)))
                still.setGeometry(plot.rect())
                still.show()
                self._labels.append(still)

    def release(self) -> None:
        """Show the plots again."""
        for still in self._labels:
            still.hide()
            still.deleteLater()
        self._labels = []


class StopNotice:
    """A veil over each plot of a widget, with the notice and a button in the main plot, until something is computed again."""

    def __init__(self, owner: QWidget, compute: Callable[[], object]) -> None:
        self._owner, self._compute = owner, compute
        self._veils: list[Veil] = []

    @property
    def is_shown(self) -> bool:
        """Whether it is shown."""
        return bool(self._veils)

    def show(self, main: BasePlot) -> None:
        """Cover all plots, and show the notice in `main`."""
        self.hide()
        for plot in self._owner.findChildren(BasePlot):
            self._veils.append(Veil(plot))
            if plot is main:
                self._veils[-1].say(STOPPED, button("Compute", "Compute with these settings (F5)", self._compute))

    def hide(self) -> None:
        """Show the plots again."""
        for veil in self._veils:
            veil.hide()
            veil.deleteLater()
        self._veils = []


class Veil(QWidget):
    """A cover of the size of its plot, in the colour of the background, through which the plot is hardly seen."""

    def __init__(self, plot: BasePlot) -> None:
        super().__init__(plot)
        plot.installEventFilter(self)
        self.setGeometry(plot.rect())
        self.show()

    def say(self, text: str, below: QWidget) -> None:
        """Show a sentence in the middle, and a widget below it."""
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(QLabel(text), alignment=Qt.AlignmentFlag.AlignCenter)
        column.addWidget(below, alignment=Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill with the background's colour; called by Qt."""
        ground = QColor(self.palette().base().color())
        ground.setAlphaF(VEIL)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), ground)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the plot; called by Qt."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False
