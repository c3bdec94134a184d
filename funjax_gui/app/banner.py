"""A banner under the tabs with the description of a preset or session, until it is closed."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from funjax_gui.style import scaled, with_font


def stacked(main: QWidget, below: QWidget) -> QWidget:
    """A widget with `main` above `below`; `main` takes the remaining height."""
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(main, 1)
    column.addWidget(below)
    return both


class Caption(QWidget):
    """A title and a description. Hidden while both are empty."""

    def __init__(self) -> None:
        super().__init__()
        self.title, self.words, self.button, close = QLabel(), QLabel(), QPushButton(), QPushButton("×")
        for label in (self.title, self.words):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setProperty("role", "title")
        self.words.setWordWrap(True)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        with_font(close, lambda: close.setFixedWidth(scaled(30)))
        close.setAccessibleName("Hide the description")
        close.setToolTip("Hide this description")
        close.clicked.connect(lambda: self.hide())
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        row.setSpacing(14)
        row.addWidget(self.title)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        row.addWidget(close)
        self.hide()

    def tell(self, title: str, words: str) -> None:
        """Show these, or hide the banner if both are empty."""
        self.title.setText(title)
        self.words.setText(words)
        self.button.hide()
        self.setVisible(bool(title or words))

    def offer(self, title: str, words: str, text: str, taken: Callable[[], Any]) -> None:
        """Show these with a button that accepts the offer."""
        self.tell(title, words)
        self.button.setText(text)
        self.button.clicked.connect(self.hide)
        self.button.clicked.connect(lambda _: taken())
        self.button.show()
