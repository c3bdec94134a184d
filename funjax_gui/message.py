"""Message boxes that hold nothing up: opened, not waited for, gone when they are closed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def show_message(
    parent: QWidget, text: str, more: str = "", details: str = "", *, title: str = "", icon: QMessageBox.Icon = QMessageBox.Icon.Warning
) -> QMessageBox:
    """Open a box that says `text`, `more` below it, and `details` at a button. A box with a `title` says rich text, others plain."""
    box = QMessageBox(icon, title or "funjax", text, QMessageBox.StandardButton.Close, parent)
    # Files' and errors' own words are no markup.
    box.setTextFormat(Qt.TextFormat.RichText if title else Qt.TextFormat.PlainText)
    box.setInformativeText(more)
    box.setDetailedText(details)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
    return box
