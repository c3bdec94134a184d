"""Push buttons with tip, What's This text and accessible name."""

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton


def button(text: str, tip: str, clicked: Callable[[], object], name: str = "") -> QPushButton:
    """Make a push button that calls `clicked`; `name` is its accessible name where the text is a symbol."""
    made = QPushButton(text)
    made.setToolTip(tip)
    made.setWhatsThis(tip)
    made.setAccessibleName(name or text.replace("&", "").strip("‹› "))
    made.clicked.connect(lambda _: clicked())
    return made
