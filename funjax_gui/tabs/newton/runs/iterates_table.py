"""The table of iterates, with all digits."""

import math
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTableView

from funjax_gui.formatting import MINUS, capitalised, exact, significant
from funjax_gui.style import Colours, scaled, with_font
from funjax_gui.tabs.newton import equations
from funjax_gui.widgets import make_quiet
from kernels.equations import EquationFrame
from kernels.newton import NewtonFrame

Frame = NewtonFrame | EquationFrame

Index = QModelIndex | QPersistentModelIndex

COORDINATES = 4
"""Maximum number of coordinates with a column."""

NAMES = ("x", "y", "z", "w")

DIGITS = 8
"""Significant digits that are shown; tips and copies have all."""

COORDINATE = "A coordinate of the iterate; hover over it for all its digits"
TIPS = {
    "k": "Iteration number; 0 is the initial point",
    "f": "The function's value at the iterate",
    "|g|": "Gradient norm; the run has converged when it is at most the tolerance",
    "order": "Order of convergence, from three gradient norms in a row: 1 is linear, 2 quadratic",
    "λ min": "Smallest eigenvalue of the Hessian, to its reliable digits; negative where f curves down",
    "λ max": "Largest eigenvalue of the Hessian, to its reliable digits; positive where f curves up",
    "step": "Step-length factor of the last step: 1 is the full step, 0 a rejected one",
    "predicted Δf": "Change of f that the quadratic model predicted for the last step",
    "actual Δf": "Change of f in the last step",
    "CG steps": "Conjugate-gradient iterations of the last step",
    "note": "Remarks on the last step",
}


class IteratesModel(QAbstractTableModel):
    """One row for each iterate. Texts are made for visible cells only."""

    def __init__(self) -> None:
        super().__init__()
        self.frame: Frame | None = None
        self._columns: list[tuple[str, Any]] = []

    def show_frame(self, frame: Frame | None) -> None:
        """Show this run."""
        self.beginResetModel()
        self.frame = frame
        self._columns = [] if frame is None else _columns(frame)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Iterates; asked by Qt."""
        return 0 if self.frame is None else self.frame.steps + 1

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Columns; asked by Qt."""
        return len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a cell; asked by Qt."""
        if role == Qt.ItemDataRole.DisplayRole:
            value = self._columns[index.column()][1](index.row())
            return value if isinstance(value, str) else "" if math.isnan(value) else significant(value, DIGITS)
        if role == Qt.ItemDataRole.TextAlignmentRole and self._columns[index.column()][0] != "note":
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.text(index.row(), index.column())
        return None

    def text(self, row: int, column: int) -> str:
        """The text of a cell, with all digits."""
        value = self._columns[column][1](row)
        return value if isinstance(value, str) else exact(value)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the headings of the columns and their tips; asked by Qt."""
        if orientation != Qt.Orientation.Horizontal or section >= len(self._columns):
            return None
        name = self._columns[section][0]
        texts = {Qt.ItemDataRole.DisplayRole: capitalised(name), Qt.ItemDataRole.ToolTipRole: (TIPS | equations.TIPS).get(name, COORDINATE)}
        return texts.get(role)  # type: ignore[call-overload]

    def lines(self, rows: list[int] | None = None) -> str:
        """Tab-separated text with a line of headings; minus signs are hyphens, for other programs."""
        chosen = range(self.rowCount()) if rows is None else rows
        table = [[name for name, _ in self._columns]]
        table += [[self.text(row, column) for column in range(self.columnCount())] for row in chosen]
        return "\n".join("\t".join(line) for line in table).replace(MINUS, "-").replace("∞", "inf")


def _columns(frame: Frame) -> list[tuple[str, Any]]:
    if isinstance(frame, EquationFrame):
        return equations.equation_columns(frame)
    n, last = frame.iterates.shape[1], frame.steps
    shown = min(n, COORDINATES)
    names = NAMES if n <= COORDINATES else tuple(f"x{i + 1}" for i in range(shown))
    known = len(frame.curvature.eigenvalues)

    def to_here(values: Any) -> Any:
        return lambda row: float(values[row - 1]) if row else math.nan

    return [
        ("k", lambda row: str(row)),
        *((names[i], lambda row, i=i: float(frame.iterates[row, i])) for i in range(shown)),
        ("f", lambda row: float(frame.values[row])),
        ("|g|", lambda row: float(frame.gradient_norms[row])),
        ("order", lambda row: f"{frame.orders[row]:.2f}" if math.isfinite(frame.orders[row]) else ""),
        ("λ min", lambda row: float(frame.curvature.rounded_eigenvalues(row)[0]) if row < known else math.nan),
        ("λ max", lambda row: float(frame.curvature.rounded_eigenvalues(row)[-1]) if row < known else math.nan),
        ("step", to_here(frame.factors)),
        ("predicted Δf", to_here(frame.predicted)),
        ("actual Δf", to_here(frame.actual)),
        ("CG steps", lambda row: str(int(frame.cg_steps[row - 1])) if row and len(frame.cg_residuals) else ""),
        ("note", lambda row: frame.notes[row - 1] if 0 < row <= last else ""),
    ]


class IteratesTable(QTableView):
    """The table; the copy keys copy the selected rows, or all."""

    def __init__(self) -> None:
        super().__init__()
        self._scrolling = QTimer(self, singleShot=True, interval=0)
        self._scrolling.timeout.connect(self._scroll)  # the ranges of the scroll bars follow a new run with the next events
        self.iterates = IteratesModel()
        self.setModel(self.iterates)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        make_quiet(self, "Iterates", "Ctrl+C copies the selected rows (all rows if none is selected) with all digits")
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)
        self._widths: tuple[str, ...] = ()
        with_font(self, self._set_widths)

    def show_frame(self, frame: Frame | None, at: int) -> None:
        """Show this run, at this step."""
        if frame is not self.iterates.frame:
            self.iterates.show_frame(frame)
            names = tuple(name for name, _ in self.iterates._columns)
            if names != self._widths:
                self._widths = names
                self._set_widths()
        if frame is not None:
            self.selectRow(min(at, frame.steps))
            self._scrolling.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the step shown in view: the lines of the methods above, or a scroll bar, may come after it was scrolled to."""
        super().resizeEvent(event)
        self._scrolling.start()

    def _scroll(self) -> None:
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def _set_widths(self) -> None:
        longest = QFontMetrics(QApplication.font()).horizontalAdvance("−1.2345678e−123") + 16  # of the numbers there are
        for column, name in enumerate(self._widths):
            narrow = {"k": 36, "order": 56, "CG steps": 66, "note": 300}.get(name)
            self.setColumnWidth(column, scaled(narrow) if narrow else longest)

    def set_theme(self, colours: Colours) -> None:
        """Mark the step shown."""
        self.setStyleSheet(
            f"QTableView {{ border: 0; border-top: 1px solid {colours.line}; background: {colours.background};"
            f" selection-background-color: {colours.line}; selection-color: {colours.text}; }}"
            f"QTableView:focus {{ border: 1px solid {colours.accent}; }}"
            f"QHeaderView::section {{ background: {colours.background}; color: {colours.muted}; border: 0; padding: 3px 6px; }}"
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy by the copy keys; the keys of the player are the tab's."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.text().isprintable() and event.text():
            event.ignore()  # a table would search for cells that begin with the letter
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Copy the selected rows to the clipboard, or all rows if only the step shown is selected."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        QGuiApplication.clipboard().setText(self.iterates.lines(rows if len(rows) > 1 else None))
