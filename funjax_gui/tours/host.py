"""What tours need of the window that shows them."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtGui import QWindow

from funjax_gui.sessions import Session
from funjax_gui.style import Colours
from funjax_gui.tabs import Status, Tab


class Stage(Protocol):
    """What a tour's script acts on."""

    @property
    def tab(self) -> Tab:
        """The open tab."""
        ...

    def show_table(self, session: Session) -> None:
        """Open the session's tab and show what its table says, as a change that undo takes back."""
        ...

    def open_dialog(self, name: str) -> None:
        """Open a dialog by its name in `tours.targets.DIALOGS`."""
        ...

    def is_computing(self) -> bool:
        """Whether something that the open tab asked for is still to come."""
        ...

    def colours(self) -> Colours:
        """The theme's."""
        ...

    def input(self) -> QWindow | None:
        """What gets the window's input before its widgets do."""
        ...


class Remembered(Protocol):
    """What is remembered of tours from one start to the next."""

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
    """A line above the tabs."""

    def hide(self) -> None:
        """Take it away."""
        ...

    def offer(self, title: str, words: str, text: str, taken: Callable[[], object], /) -> None:
        """Show a title and some words, and a button with a text that calls `taken`."""
        ...


class StatusBar(Protocol):
    """The line at the bottom."""

    def show_status(self, status: Status, /) -> None:
        """Say this."""
        ...


class Host(Stage, Protocol):
    """The window, as far as the tours' menu and panel go."""

    @property
    def preferences(self) -> Remembered:
        """What is remembered."""
        ...

    @property
    def caption(self) -> Banner:
        """The line above the tabs."""
        ...

    @property
    def status_line(self) -> StatusBar:
        """The line at the bottom."""
        ...

    def session(self) -> Session:
        """The window's state."""
        ...

    def bring_back(self, session: Session) -> None:
        """Show what the session says in all tabs, and open its tab, as changes that undo takes back."""
        ...

    def remember_tour(self, tour: str, chapter: int) -> None:
        """Remember the tour and the chapter shown."""
        ...

    def remember_greeting(self) -> None:
        """Remember that the tour was offered."""
        ...
