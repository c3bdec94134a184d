"""Paths from file dialogs."""

import re
from pathlib import Path

from PySide6.QtWidgets import QMessageBox, QWidget


def with_suffix(chosen: str, suffix: str, parent: QWidget) -> Path | None:
    """The chosen path, with `suffix` added if it was typed without one; None if nothing was chosen.

    What begins with a digit is the rest of a number, such as 3.57, and blanks at the end are not part of a name.
    The file dialog has confirmed the replacement of a file of the typed name only; with the suffix added it is confirmed here.
    """
    path = Path(chosen.rstrip())
    if not chosen or re.fullmatch(r"\.[^\W\d]\w*", path.suffix):
        return path if chosen else None
    path = path.with_name(path.name + suffix)
    buttons = QMessageBox.StandardButton
    if path.exists() and QMessageBox.question(parent, "funjax", f"Replace {path.name}?") != buttons.Yes:
        return None
    return path
