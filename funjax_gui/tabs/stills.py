"""The plots as they were, shown until the first picture of another map or objective is there."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from funjax_gui.plots import BasePlot, picture_of


class Stills:
    """Pictures over the visible plots of a widget; they take no mouse events."""

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
