"""Combo box of a library, whose list has headings; a long name takes the place of the label too."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QGridLayout, QLabel, QStyle, QStyleOptionComboBox

from funjax_gui.widgets import Box

MARGIN = 6
"""Pixels beside the name within the box's field, both sides together."""


class LibraryBox(Box):
    """A combo box beside its label, in the first line of a grid. It emits a signal before its list is shown."""

    opening = Signal()

    def __init__(self, grid: QGridLayout, label: QLabel) -> None:
        super().__init__()
        self._own_grid, self._own_label = grid, label
        self._is_wide = False

    def fit(self, width: int) -> None:
        """Leave the label its place in a line of this width in pixels, unless the name would be cut off beside it."""
        grid, label = self._own_grid, self._own_label
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self)
        needed = self.fontMetrics().horizontalAdvance(self.currentText()) + MARGIN + self.width() - field.width()
        beside = width - max(grid.columnMinimumWidth(0), label.sizeHint().width()) - max(0, grid.horizontalSpacing())
        if self._is_wide != (wide := needed > beside):
            self._is_wide = wide
            label.setVisible(not wide)
            grid.removeWidget(self)
            grid.addWidget(self, 0, 0 if wide else 1, 1, 2 if wide else 1)

    def showPopup(self) -> None:
        """Emit the signal, and show the list."""
        self.opening.emit()
        super().showPopup()

    def add_heading(self, text: str) -> None:
        """Add a heading below a separator."""
        self.insertSeparator(self.count())
        self.addItem(text.upper())
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        model.item(self.count() - 1).setEnabled(False)
