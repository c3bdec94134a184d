"""The table of the named points in the view: what each is, and its numbers to the digits that are right."""

import math
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from funjax_gui.export import write_table
from funjax_gui.figures import KINDS
from funjax_gui.files import atomic_write
from funjax_gui.formatting import significant, to_spacing
from funjax_gui.formulas import find_map
from funjax_gui.style import scaled
from funjax_gui.tabs.bifurcation import edits
from funjax_gui.widgets import button, make_quiet, show_message, with_suffix
from kernels.skeleton import Cascade, NamedPoint, SkeletonFrame

WARY = 10.0
"""Spacing to which a number is written, in units of the estimate of its error."""

LEAST = 1e-17
"""Spacing to which a state at 0 is written."""


class SkeletonTable(QDialog):
    """A row for each named point; a click flies to it."""

    picked = Signal(object)
    """The named point that was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Named points in the view")
        self.table = QTableWidget(0, 6)
        make_quiet(self.table, "Named points in the view", "Click a row, or press Enter, to fly there")
        self._points: tuple[NamedPoint, ...] = ()
        self._frame: SkeletonFrame | None = None
        self._folder = Path.home()
        self._header: list[str] = []
        self._count, self._cascades = QLabel(), QLabel()
        self._count.setWordWrap(True)
        self._cascades.setWordWrap(True)
        self._cascades.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._rows: list[list[str]] = []
        self.table.cellClicked.connect(self._pick)
        self.table.cellActivated.connect(self._pick)
        row = QHBoxLayout()
        row.addWidget(self._count, 1)
        row.addWidget(button("Copy", "Copy the selected rows, or all with the cascades if one is selected or none, as text", self.copy))
        row.addWidget(button("Save…", "Save all points as a table (CSV) with all digits", self._ask_save))
        row.addWidget(button("Close", "Close this window (Esc)", self.reject))
        column = QVBoxLayout(self)
        column.addWidget(self.table, 1)
        column.addWidget(self._cascades)
        column.addLayout(row)
        self.resize(scaled(720), scaled(420))

    def show_frame(self, frame: SkeletonFrame | None) -> None:
        """Show the points of a view."""
        self._frame, self._points = frame, frame.named if frame is not None else ()
        if frame is not None:
            self._header = ["Kind", "Form", "Period", edits.symbol(frame.request), frame.request.observe or "x", "Coefficient"]
            self.table.setHorizontalHeaderLabels(self._header)
        self.table.setRowCount(len(self._points))
        for n, point in enumerate(self._points):
            for k, text in enumerate(cells(point)):
                cell = QTableWidgetItem(text)
                if k >= 2:
                    cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(n, k, cell)
        self.table.resizeColumnsToContents()
        found = frame.cascades if frame is not None else ()
        self._cascades.setText("\n".join(summary(cascade, self._header[3]) for cascade in found))
        self._cascades.setVisible(bool(found))
        self._rows = [row for cascade in found for row in cascade_rows(cascade, self._header[3])]
        self._count.setText(_found(frame) if frame is not None else "")

    def _pick(self, row: int, _column: int) -> None:
        self.picked.emit(self._points[row])

    def copy(self) -> None:
        """Copy the selected rows to the clipboard, or all rows, with the header, tab-separated."""
        chosen = sorted({index.row() for index in self.table.selectedIndexes()})
        rows = chosen if len(chosen) > 1 else range(len(self._points))
        lines = [self._header, *(cells(self._points[row]) for row in rows)] + (self._rows if len(chosen) < 2 else [])
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines).replace("−", "-"))

    def _ask_save(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, "Save the named points", str(self._folder / "named-points.csv"), "Table (*.csv)")
        path = with_suffix(chosen, ".csv", self)
        if path is not None:
            self.save(path)

    def save(self, path: Path) -> None:
        """Save all points to a CSV file, a row each, after a line that says of what."""
        if self._frame is None:
            return
        request, points = self._frame.request, self._points
        numbers = {"period": "period", request.across: "parameter", request.observe or "x": "x", "coefficient": "coefficient"}
        numbers |= {f"{request.across}_error": "error", f"{request.observe or 'x'}_error": "x_error"}
        columns = {name: np.array([getattr(point, name) for point in points], np.str_) for name in ("kind", "form")}
        columns |= {name: np.array([getattr(point, of) for point in points]) for name, of in numbers.items()}
        if request.line:
            columns |= request.at(columns[request.across])
        held = "".join(f", {name} = {value!r}" for name, value in request.parameters)
        held += f", along {edits.ends(request)}" if request.line else ""
        try:
            with atomic_write(path) as file:
                write_table(file, columns, [f"Named points of the map {find_map(request.map).mapping}{held}"])
        except ValueError as error:
            show_message(self, f"{path.name} was not written.", str(error))
            return
        self._folder = path.parent


def _found(frame: SkeletonFrame) -> str:
    """How many points the table has, and what it may lack."""
    number = f"{len(frame.named)} points" if len(frame.named) != 1 else "1 point"
    note = f" ({frame.note})" if frame.note else ""
    return (
        f"{number} of cycles to period {frame.request.most_period}{note}, found from the cycles in some columns of this view: what lies "
        "between two columns, and tiny crises, may be missing. Zoom in to find more."
    )


def cells(point: NamedPoint) -> list[str]:
    """The texts of a row."""
    kind = KINDS[point.kind][2]
    coefficient = significant(point.coefficient, 6) if math.isfinite(point.coefficient) else ""
    return [kind, point.form, str(point.period), *numbers(point), coefficient]


def summary(cascade: Cascade, symbol: str) -> str:
    """A cascade in one line: its doublings, their ratios, and where they accumulate."""
    ratios = ", ".join(significant(ratio, 5) for ratio in cascade.ratios[:3])
    limit = to_spacing(cascade.accumulation, WARY * cascade.accumulation_error)
    widths = ", ".join(significant(width, 5) for width in cascade.widths[:3])
    return (
        f"Cascade from period {cascade.periods[0]}: {len(cascade.periods)} doublings; ratios of their distances {ratios}, … tend to "
        f"δ = 4.66920…, {widths} of their cycles’ widths to α = 2.50290…; they accumulate at {symbol} = {limit}"
    )


def cascade_rows(cascade: Cascade, symbol: str) -> list[list[str]]:
    """Feigenbaum's table: each doubling's period, parameter, and the ratio of the distances before and after it, and of the widths.

    A width is the distance of the cycle's nearest point from the critical point; the ratio is that of the one before to this one.
    """
    ratios = ["", *(significant(ratio, 7) for ratio in cascade.ratios), ""]
    widths = ["", "", *(significant(width, 7) for width in cascade.widths)]
    parameters = [to_spacing(a, WARY * error) for a, error in zip(cascade.parameters, cascade.errors, strict=True)]
    rows = [[str(period), *numbers] for period, *numbers in zip(cascade.periods, parameters, ratios, widths, strict=True)]
    limit = to_spacing(cascade.accumulation, WARY * cascade.accumulation_error)
    return [[""], ["Period that doubles", symbol, "Ratio, to δ", "Ratio of widths, to α"], *rows, ["accumulation", limit, "", ""]]


def numbers(point: NamedPoint) -> tuple[str, str]:
    """Parameter and state of a named point to the digits that are right."""
    return to_spacing(point.parameter, WARY * point.error), to_spacing(point.x, max(WARY * point.x_error, LEAST))
