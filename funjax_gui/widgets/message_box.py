"""Modeless message boxes, deleted when they are closed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

MOST_LINES = 6
"""Maximum number of lines of an explanation, so that a box fits the screen; the details contain all."""


def show_message(
    parent: QWidget, text: str, more: str = "", details: str = "", *, title: str = "", icon: QMessageBox.Icon = QMessageBox.Icon.Warning
) -> QMessageBox:
    """Open a box with `text`, `more` below it, and a button for `details`. With a `title` the text is rich, otherwise plain."""
    box = QMessageBox(icon, title or "funjax", text, QMessageBox.StandardButton.Close, parent)
    # Files' and errors' own words are not markup.
    box.setTextFormat(Qt.TextFormat.RichText if title else Qt.TextFormat.PlainText)
    lines = more.splitlines()
    if len(lines) > MOST_LINES:
        more, details = "\n".join([*lines[:MOST_LINES], f"… and {len(lines) - MOST_LINES} more lines in the details"]), details or more
    box.setInformativeText(more)
    box.setDetailedText(details)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
    return box
