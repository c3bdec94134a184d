"""Read-only tables: their common appearance, and a table of which one row can be selected."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QTableWidget, QTableWidgetItem

from funjax_gui.style import row_height, scaled, with_font


def make_quiet(table: QTableView, name: str, tip: str) -> None:
    """Make `table` read-only with row selection and no grid; Tab leaves it. `name`: its accessible name."""
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setAccessibleName(name)
    table.setToolTip(tip)
    rows = table.verticalHeader()
    rows.hide()
    with_font(table, lambda: rows.setDefaultSectionSize(row_height()))
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)


LAST = 70
"""Width of the last column in pixels at the default font size, at least."""

NARROWEST = 0.6
"""Share of their widths that the middle columns keep in a narrow table, at least."""


class ChoiceTable(QTableWidget):
    """A table of orbits of which one can be selected. `chosen` emits what the selected row stands for, or None."""

    chosen = Signal(object)

    def __init__(self, columns: Mapping[str, str], widths: Sequence[int], where: str) -> None:
        """`columns`: heading and tip of each; `widths`: of all but the last; `where`: the plots that mark the selected row."""
        super().__init__(0, len(columns))
        for column, (name, tip) in enumerate(columns.items()):
            title = QTableWidgetItem(name)
            title.setToolTip(tip)
            self.setHorizontalHeaderItem(column, title)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        tip = f"Select a row to mark it in {where}; click it again to clear; Ctrl+C copies the table with all digits"
        make_quiet(self, "Fixed points and cycles", tip)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        with_font(header, lambda: header.setFixedHeight(row_height() + 4))  # the default row height cuts descenders off
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._widths = tuple(widths)
        with_font(self, self._set_widths)

    def _set_widths(self) -> None:
        """Give the columns their widths; in a narrow table the middle ones take less, so that the last one is in view."""
        first, *others = self._widths
        room = self.viewport().width() - scaled(first) - scaled(LAST)
        share = min(1.0, max(NARROWEST, room / max(1, scaled(sum(others)))))
        for column, width in enumerate((first, *(share * width for width in others))):
            self.setColumnWidth(column, scaled(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns to the new width."""
        super().resizeEvent(event)
        self._set_widths()

    def put(self, row: int, texts: Sequence[str], tips: Sequence[str], colour: str) -> None:
        """Write a row; `colour`: of its first cell."""
        for column, (text, tip) in enumerate(zip(texts, tips, strict=True)):
            item = self.item(row, column)
            if item is None:
                item = QTableWidgetItem()
                self.setItem(row, column, item)
            if item.text() != text:
                item.setText(text)
            item.setToolTip(tip)
            if column == 0:
                item.setForeground(QColor(colour))

    def selected_row(self) -> int | None:
        """Index of the selected row."""
        rows = [index.row() for index in self.selectionModel().selectedRows()]
        return rows[0] if rows else None

    def text(self) -> str:
        """The table as tab-separated text with all digits."""
        raise NotImplementedError

    def copy(self) -> None:
        """Copy the table to the clipboard."""
        QGuiApplication.clipboard().setText(self.text())

    def event(self, event: QEvent) -> bool:
        """Keep Esc for itself while a row is selected; else it is the window's."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.setAccepted(bool(self.selectedItems()))
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy by the copy keys; letters are the tab's."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() == Qt.Key.Key_Escape and self.selectedItems():
            self.clearSelection()
        elif event.text().isprintable() and event.text():
            event.ignore()  # a table would search for cells that begin with the letter
        else:
            super().keyPressEvent(event)
