"""What every tab is to the window: it asks for frames, shows them, says what it shows, and can be kept in a session."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from funjax_gui.sessions import Session
from funjax_gui.style import Colours


@dataclass(frozen=True)
class Status:
    """What the status bar says of a tab: a sentence, short facts, and progress in [0, 1] while something runs, else None.

    A `passing` one is only a sentence, which stays for a few seconds whatever comes meanwhile; then the last other one is back. One that
    is to be said `at_once` ends a passing one.
    """

    text: str = ""
    facts: tuple[str, ...] = ()
    progress: float | None = None
    passing: bool = False
    at_once: bool = False


class Tab(QWidget):
    """A page of the window. It never meets the worker: it emits requests, and the window brings the frames."""

    name: ClassVar[str]
    title: ClassVar[str]
    tip: ClassVar[str]
    """What one does in it."""
    kinds: ClassVar[tuple[type, ...]] = ()
    """The types of its requests, the one that makes its main picture first."""
    urgent: ClassVar[type | None] = None
    """The type that the worker lets go before the others; None: that of the main picture."""

    requested = Signal(object)
    cancelled = Signal(object)
    """A kind of request that is not wanted any more."""
    status_changed = Signal(object)
    carried = Signal(str, str, object)
    """(tab's name, map's name, parameters by name): show this map there."""
    styled = Signal(str, str)
    """The user chose this colour map and tone."""
    changed = Signal()
    """Something that a session keeps was changed by the user."""

    def show_frame(self, frame: Any) -> None:
        """Show a frame, if it is the answer to what the tab asks for now."""

    def show_failure(self, request: Any, message: str) -> None:
        """A request failed; what was shown stays."""

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""

    def set_style(self, colour_map: str, tone: str) -> None:
        """Draw with this colour map and tone."""

    def stop(self) -> None:
        """Ask for no more than is shown."""

    def status(self) -> Status:
        """What the status bar says while the tab is open."""
        return Status()

    def keys(self) -> Mapping[str, str]:
        """What keys and mouse do in the plots and the table, beside what the menus' actions say of themselves: by key, in order."""
        return {}

    def begin_keys(self) -> None:
        """The tab is opened by keys for the first time: let them go to what is there to be looked at."""

    def view_actions(self) -> list[QAction | None]:
        """What the View menu offers for this tab; None is a separator."""
        return []

    def session(self, session: Session) -> Session:
        """`session` with this tab's table as the tab is now."""
        return session

    def restore(self, session: Session) -> None:
        """Show what the session says of this tab."""

    def resume(self, session: Session) -> None:
        """Show the step that the session says; undo and redo, which are of what is set, leave it where it is."""

    def receive(self, map_name: str, parameters: Mapping[str, float]) -> None:
        """Show a map that another tab carried over, with these parameters."""

    def export_request(self) -> Any:
        """The request whose frame File > Export writes; None where there is nothing to export."""
        return None

    def image(self) -> QImage | None:
        """The picture as shown, for the clipboard."""
        return None


def column(*widgets: tuple[QWidget, int]) -> QWidget:
    """Widgets from top to bottom without gaps, each with its share of the height; 0: what it needs."""
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget, share in widgets:
        layout.addWidget(widget, share)
    return made


def named(**parts: QWidget) -> None:
    """Give parts of a tab the names by which a tour points at them; a tour writes hyphens."""
    for name, part in parts.items():
        part.setObjectName(name.replace("_", "-"))
