"""What all tables have in common: lines are read and selected, not edited, and nothing but their text is drawn."""

from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from funjax_gui.style import row_height


def make_quiet(table: QTableView, name: str, tip: str) -> None:
    """Let `table` be read by whole lines, without a grid; the Tab key leaves it. `name` is what screen readers say."""
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
    rows.setDefaultSectionSize(row_height())
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
