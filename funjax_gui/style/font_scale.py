"""Lengths in pixels that grow with the font: those chosen for the usual font, multiplied by the ratio of the sizes."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

USUAL_DIGIT = 7.7
"""Pixels that a digit of the usual font is wide; all lengths were chosen for it."""

ROOM = 5
"""Pixels of the usual font that a row of a table has beside its text."""


def factor(font: QFont | None = None) -> float:
    """How many times as large as the usual font this one is, or the application's; never less than 1."""
    return max(1.0, QFontMetricsF(font or QApplication.font()).horizontalAdvance("0") / USUAL_DIGIT)


def scaled(pixels: float, font: QFont | None = None) -> int:
    """A length in pixels for the usual font, scaled to the application's."""
    return round(pixels * factor(font))


def fitting(width: int, height: int) -> QSize:
    """A size in pixels for the usual font, scaled to the application's, at most that of the screen."""
    room = QGuiApplication.primaryScreen().availableSize()
    return QSize(min(scaled(width), room.width() - 40), min(scaled(height), room.height() - 60))


def with_font(widget: QWidget, lay_out: Callable[[], object]) -> None:
    """Call `lay_out`, which sets lengths of the widget, now and whenever the application's font changes."""
    lay_out()
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    # Queued, for the widgets themselves get the font after this signal.
    application.fontChanged.connect(_Follower(widget, lay_out).follow, Qt.ConnectionType.QueuedConnection)


class _Follower(QObject):
    """Calls a function when the font changes, as long as its parent is there."""

    def __init__(self, widget: QWidget, lay_out: Callable[[], object]) -> None:
        super().__init__(widget)
        self._lay_out = lay_out

    def follow(self) -> None:
        """Call the function."""
        self._lay_out()


def row_height(font: QFont | None = None) -> int:
    """Pixels that a row of a table needs."""
    return round(QFontMetricsF(font or QApplication.font()).height()) + scaled(ROOM, font)


def points(share: float, font: QFont | None = None) -> str:
    """A multiple of the font's size, in the units of a style sheet."""
    base = font or QApplication.font()
    # A font may have been given in pixels; then it has no points.
    return f"{share * base.pointSizeF():.4g}pt" if base.pointSizeF() > 0 else f"{share * base.pixelSize():.4g}px"
