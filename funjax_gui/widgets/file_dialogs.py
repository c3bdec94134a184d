"""What the dialogs that choose a file share."""

from pathlib import Path

from PySide6.QtWidgets import QMessageBox, QWidget


def with_suffix(chosen: str, suffix: str, parent: QWidget) -> Path | None:
    """The chosen path, with `suffix` added if it was typed without one; None if nothing was chosen.

    The file dialog has confirmed the replacement of a file of the typed name only; with the suffix added it is confirmed here.
    """
    path = Path(chosen)
    if not chosen or path.suffix:
        return path if chosen else None
    path = path.with_name(path.name + suffix)
    buttons = QMessageBox.StandardButton
    if path.exists() and QMessageBox.question(parent, "funjax", f"Replace {path.name}?") != buttons.Yes:
        return None
    return path
