"""Base class of the tabs: emits requests, shows frames, reports its status, and is saved in and restored from sessions."""

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
    """A status of the status bar.

    Attributes:
        text: a sentence.
        facts: short facts, such as device and precision.
        progress: in [0, 1] while something is computed, else None.
        passing: show only the text, for a few seconds; then the last status that is not passing is shown again.
        at_once: replace a passing status immediately.

    """

    text: str = ""
    facts: tuple[str, ...] = ()
    progress: float | None = None
    passing: bool = False
    at_once: bool = False


class Tab(QWidget):
    """A page of the window. It has no access to the worker: it emits requests, and the window delivers the frames."""

    name: ClassVar[str]
    title: ClassVar[str]
    tip: ClassVar[str]
    """Tool tip: what the tab is for."""
    kinds: ClassVar[tuple[type, ...]] = ()
    """Types of its requests, that of the main picture first."""
    urgent: ClassVar[type | None] = None
    """The type that the worker computes before the others; None: that of the main picture."""
    urgent_alone: ClassVar[bool] = False
    """Whether nothing is compiled beside what is computed before the others, which is then shown sooner, and the others later."""

    requested = Signal(object)
    cancelled = Signal(object)
    """The type of a request to be cancelled."""
    status_changed = Signal(object)
    carried = Signal(str, str, object, object)
    """(tab's name, map's name, parameters by name, initial condition or None): show this map there."""
    styled = Signal(str, str)
    """The user chose this colour map and tone."""
    export_wanted = Signal()
    """The user asks for the export dialog."""
    actions_changed = Signal()
    """The View menu has other actions now."""
    changed = Signal()
    """The user changed something that a session saves."""

    @property
    def is_changing(self) -> bool:
        """Whether a change by the user is under way, which is to be undone as one."""
        return False

    @property
    def front(self) -> "Tab":
        """The tab, or the one that lies over it."""
        return self

    @property
    def picture_size(self) -> tuple[int, int]:
        """Columns and rows of its picture, once it has been shown."""
        return 1024, 768

    def first_requests(self, size: tuple[int, int]) -> list[Any]:
        """The requests that it makes when it is first opened, for a picture of this size; none where it has been opened. All end."""
        return []

    def end_changes(self) -> None:
        """End changes that go on by themselves, such as a slider that is played."""

    def show_frame(self, frame: Any) -> None:
        """Show a frame if it answers a current request."""

    def show_failure(self, request: Any, message: str) -> None:
        """Handle a failed request; what is shown stays."""

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""

    def set_style(self, colour_map: str, tone: str) -> None:
        """Draw with this colour map and tone."""

    def stop(self) -> None:
        """Cancel the computation."""

    def status(self) -> Status:
        """Status for the status bar while the tab is open."""
        return Status()

    def keys(self) -> Mapping[str, str]:
        """Keys and mouse actions of the plots and the table that are not menu actions: description by key, in order."""
        return {}

    def begin_keys(self) -> None:
        """Give the keyboard focus to the main part; called when the tab is first opened by a key."""

    def view_actions(self) -> list[QAction | None]:
        """Actions of the View menu for this tab; None is a separator."""
        return []

    def session(self, session: Session) -> Session:
        """`session` with this tab's table in its current state."""
        return session

    def restore(self, session: Session) -> None:
        """Restore the tab from its table of the session."""

    def resume(self, session: Session) -> None:
        """Show the step in the session. Undo and redo do not call this: they change settings, not the step shown."""

    def receive(self, map_name: str, parameters: Mapping[str, float], start: float | None = None) -> None:
        """Show a map that was opened from another tab, with these parameters and, if it is in the usual view, this initial condition."""

    def export_request(self) -> Any:
        """The request whose result File > Export writes; None where there is nothing to export."""
        return None

    def image(self) -> QImage | None:
        """The picture as it is shown, for the clipboard."""
        return None


def column(*widgets: tuple[QWidget, int]) -> QWidget:
    """A column of widgets without gaps, each with its stretch factor; 0: its preferred height."""
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget, share in widgets:
        layout.addWidget(widget, share)
    return made


def named(**parts: QWidget) -> None:
    """Set the object names of parts of a tab, by which tours highlight them (tours write hyphens for underscores)."""
    for name, part in parts.items():
        part.setObjectName(name.replace("_", "-"))
