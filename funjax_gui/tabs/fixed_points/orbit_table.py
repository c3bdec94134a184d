"""The table of fixed points and cycles; a row that is selected is marked in all plots."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem

from funjax_gui.figures import starts as starts_look
from funjax_gui.formatting import capitalised
from funjax_gui.style import DARK, Colours, row_height, scaled, with_font
from funjax_gui.tabs.fixed_points import status_text
from funjax_gui.widgets import make_quiet
from kernels.cycles import PeriodicOrbit
from kernels.fixed_point import FixedPointFrame

COLUMNS = {
    "orbit": "A fixed point (● attracts, ○ repels) or a cycle with its period (■ attracts, □ repels); ◆ is neutral",
    "x": "Position, to eight digits at most; hover over it for all reliable digits and all points of a cycle",
    "multiplier": "Multiplier, the derivative of fᵖ; the orbit attracts if its absolute value is below 1",
    "stability": "Whether orbits near it converge to it",
    "basin": "Initial conditions that converge to it; ≤ and ≥ at the ends of the range that was searched",
}
"""Heading and tip of each column."""
GLYPHS = {"attracting": "●■", "repelling": "○□", "neutral": "◆◆"}
"""Signs of a fixed point and of a cycle, by stability, as in the plot and the legend."""

MOST_ROWS = 500
"""Maximum number of rows; exports contain all orbits."""


class OrbitTable(QTableWidget):
    """One row for each orbit, fixed points first. `chosen` emits the points of the selected orbit, or None."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(0, len(COLUMNS))
        for column, (name, tip) in enumerate(COLUMNS.items()):
            title = QTableWidgetItem(capitalised(name))
            title.setToolTip(tip)
            self.setHorizontalHeaderItem(column, title)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        make_quiet(
            self,
            "Fixed points and cycles",
            "Select a row to mark it in the plots; click it again to clear; Ctrl+C copies the table with all digits",
        )
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        with_font(header, lambda: header.setFixedHeight(row_height() + 4))  # the default row height cuts descenders off
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in enumerate((104, 170, 110, 130)):
            self.setColumnWidth(column, scaled(width))
        self.colours: Colours = DARK
        self._frame: FixedPointFrame | None = None
        self._selected: tuple[float, ...] | None = None
        self.itemSelectionChanged.connect(self._select)
        self._filling = False

    def empty(self) -> None:
        """Remove all rows."""
        self._frame = self._selected = None
        self.setRowCount(0)

    def show_frame(self, frame: FixedPointFrame, selected: int | None) -> None:
        """List the frame's orbits, the selected one marked."""
        self._frame, self._filling = frame, True
        orbits = frame.orbits[:MOST_ROWS]
        self.setRowCount(len(orbits))
        for row, orbit in enumerate(orbits):
            for column, (text, tip) in enumerate(zip(self._texts(row, orbit), self._tips(row, orbit), strict=True)):
                self._put(row, column, text, tip, QColor(self._shade(row)) if column == 0 else None)
        if selected is None or selected >= len(orbits):
            self.clearSelection()
        elif selected not in {index.row() for index in self.selectionModel().selectedRows()}:
            self.selectRow(selected)
        self._selected = None if selected is None else frame.orbits[selected].points
        self._filling = False

    def _texts(self, row: int, orbit: PeriodicOrbit) -> tuple[str, ...]:
        assert self._frame is not None
        mine = [basin for basin in self._frame.basins if basin.orbit == row]
        name = f"{GLYPHS[orbit.stability][orbit.period > 1]} {status_text.title(orbit)}"
        return (
            name,
            status_text.place(orbit, 8),
            status_text.multiplier(orbit),
            starts_look.kind(orbit),
            status_text.basins(mine) if mine else "—",
        )

    def _tips(self, row: int, orbit: PeriodicOrbit) -> tuple[str, ...]:
        """The texts with all reliable digits, points and intervals, for each column."""
        assert self._frame is not None
        mine = [basin for basin in self._frame.basins if basin.orbit == row]
        name, _, multiplier, stability, _ = self._texts(row, orbit)
        return name, status_text.every_point(orbit), multiplier, stability, status_text.every_basin(mine) or "no basin"

    def _shade(self, row: int) -> str:
        assert self._frame is not None
        return self.colours.shade(starts_look.orbit_colour(row, self._frame.orbits, self.colours))

    def _put(self, row: int, column: int, text: str, tip: str, colour: QColor | None) -> None:
        item = self.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            self.setItem(row, column, item)
        if item.text() != text:
            item.setText(text)
        item.setToolTip(tip)
        if colour is not None:
            item.setForeground(colour)

    def _select(self) -> None:
        if self._filling or self._frame is None:
            return
        rows = [index.row() for index in self.selectionModel().selectedRows()]
        points = self._frame.orbits[rows[0]].points if rows and rows[0] < len(self._frame.orbits) else None
        if points != self._selected:
            self._selected = points
            self.chosen.emit(points)

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
        """The table as tab-separated text with all digits."""
        lines = ["\t".join(("kind", "x", "multiplier", "stability", "basin"))]
        for row, orbit in enumerate(self._frame.orbits if self._frame else ()):
            assert self._frame is not None
            mine = [basin for basin in self._frame.basins if basin.orbit == row]
            basin = " ∪ ".join(f"({basin.low!r}, {basin.high!r})" for basin in mine)
            lines.append(
                "\t".join(
                    (status_text.title(orbit), ", ".join(map(repr, orbit.points)), repr(orbit.multiplier), starts_look.kind(orbit), basin)
                )
            )
        return "\n".join(lines)
