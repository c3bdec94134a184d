"""Common appearance of read-only tables."""

from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from funjax_gui.style import row_height, with_font


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
