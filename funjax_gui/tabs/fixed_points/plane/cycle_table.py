"""The table of fixed points and cycles of a map of the plane; a row that is selected is marked in the plot."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem

from funjax_gui.figures import phase_plane as look
from funjax_gui.style import DARK, Colours, row_height, scaled, with_font
from funjax_gui.tabs.fixed_points.plane import status_text
from funjax_gui.widgets import make_quiet
from kernels.phase_plane import Cycle

COLUMNS = {
    "orbit": "A fixed point (● attracts, ○ repels, ✕ saddle, ◆ neutral) or a cycle with its period (■ attracts, □ repels)",
    "x": "First coordinate of the leftmost point; hover over it for all points with all digits",
    "y": "Second coordinate of that point",
    "eigenvalues": "Eigenvalues of the Jacobian of fᵖ; the orbit attracts if both are below 1 in absolute value",
    "kind": "Node or focus, saddle (a flip saddle has a negative expanding eigenvalue), or centre",
}
"""Heading and tip of each column."""

MOST_ROWS = 500
"""Maximum number of rows; exports contain all cycles."""


class CycleTable(QTableWidget):
    """One row for each cycle, fixed points first. `chosen` emits the index of the selected one, or None."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(0, len(COLUMNS))
        for column, (name, tip) in enumerate(COLUMNS.items()):
            heading = QTableWidgetItem(name)
            heading.setToolTip(tip)
            self.setHorizontalHeaderItem(column, heading)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        make_quiet(
            self,
            "Fixed points and cycles",
            "Select a row to mark it in the plot; click it again to clear; Ctrl+C copies the table with all digits",
        )
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        with_font(header, lambda: header.setFixedHeight(row_height() + 4))  # the default row height cuts descenders off
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in enumerate((104, 120, 120, 170)):
            self.setColumnWidth(column, scaled(width))
        self.colours: Colours = DARK
        self._cycles: tuple[Cycle, ...] = ()
        self._filling = False
        self.itemSelectionChanged.connect(self._select)

    def show_cycles(self, cycles: tuple[Cycle, ...], selected: int | None) -> None:
        """List the cycles, the selected one marked."""
        self._cycles, self._filling = cycles, True
        listed = cycles[:MOST_ROWS]
        self.setRowCount(len(listed))
        for at, cycle in enumerate(listed):
            tip = "\n".join(status_text.where(point, 17) for point in cycle.points)
            for column, text in enumerate(status_text.row(cycle)):
                item = self._put(at, column, text, tip)
                if column == 0:
                    item.setForeground(QColor(self.colours.shade(look.ROLES[cycle.stability])))
        if selected is None or selected >= len(listed):
            self.clearSelection()
        else:
            self.selectRow(selected)
        self._filling = False

    def _put(self, row: int, column: int, text: str, tip: str) -> QTableWidgetItem:
        item = self.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            self.setItem(row, column, item)
        item.setText(text)
        item.setToolTip(tip)
        return item

    def _select(self) -> None:
        if not self._filling:
            rows = [index.row() for index in self.selectionModel().selectedRows()]
            self.chosen.emit(rows[0] if rows else None)

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

    def copy(self) -> None:
        """Copy the table to the clipboard."""
        QGuiApplication.clipboard().setText(self.text())

    def text(self) -> str:
        """The table as tab-separated text with all digits, a line for each cycle."""
        lines = ["\t".join(("period", "points", "eigenvalues", "kind"))]
        for cycle in self._cycles:
            points = " ".join(f"({x!r}, {y!r})" for x, y in cycle.points)
            values = " ".join(repr(value if value.imag else value.real) for value in cycle.eigenvalues)
            lines.append("\t".join((str(cycle.period), points, values, cycle.kind)))
        return "\n".join(lines)
