"""Interfaces of the window that tours use."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtGui import QWindow

from funjax_gui.sessions import Session
from funjax_gui.style import Colours
from funjax_gui.tabs import Status, Tab


class Stage(Protocol):
    """The interface for scripts."""

    @property
    def tab(self) -> Tab:
        """The open tab."""
        ...

    def show_table(self, session: Session) -> None:
        """Open the session's tab and restore it from its table, as a step that can be undone."""
        ...

    def open_dialog(self, name: str) -> None:
        """Open a dialog by its name in `tours.targets.DIALOGS`."""
        ...

    def is_computing(self) -> bool:
        """Whether a request of the open tab is still computed."""
        ...

    def colours(self) -> Colours:
        """Colours of the theme."""
        ...

    def input(self) -> QWindow | None:
        """The object whose event filters see the window's input first."""
        ...


class Remembered(Protocol):
    """The preferences of tours."""

    @property
    def tour(self) -> str:
        """The tour shown last, by its path or its short name; empty for none."""
        ...

    @property
    def chapter(self) -> int:
        """The chapter of it."""
        ...

    @property
    def greeted(self) -> bool:
        """Whether the tour was offered already."""
        ...


class Banner(Protocol):
    """The banner."""

    def hide(self) -> None:
        """Hide it."""
        ...

    def offer(self, title: str, words: str, text: str, taken: Callable[[], object], /) -> None:
        """Show a title, a description and a button that calls `taken`."""
        ...


class StatusBar(Protocol):
    """The status bar."""

    def show_status(self, status: Status, /) -> None:
        """Say this."""
        ...


class Host(Stage, Protocol):
    """The interface for the menu and panel of tours."""

    @property
    def preferences(self) -> Remembered:
        """The preferences."""
        ...

    @property
    def caption(self) -> Banner:
        """The banner."""
        ...

    @property
    def status_line(self) -> StatusBar:
        """The status bar."""
        ...

    def session(self) -> Session:
        """The window's state."""
        ...

    def bring_back(self, session: Session) -> None:
        """Restore all tabs from the session and open its tab, as steps that can be undone."""
        ...

    def remember_tour(self, tour: str, chapter: int) -> None:
        """Remember the tour and the chapter shown."""
        ...

    def remember_greeting(self) -> None:
        """Remember that the tour was offered."""
        ...
