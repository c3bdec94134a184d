"""What the menus need of the window."""

from typing import Protocol

from PySide6.QtWidgets import QTabWidget

from funjax_gui.app.file_actions import Filing
from funjax_gui.app.preferences import Preferences
from funjax_gui.app.undo import Undo
from funjax_gui.sessions import Session
from funjax_gui.tabs import Tab
from funjax_gui.tours import Tours


class Host(Protocol):
    """The window's parts and commands that the menus offer."""

    preferences: Preferences
    filing: Filing
    undo: Undo
    tours: Tours
    tabs: QTabWidget

    @property
    def tab(self) -> Tab:
        """The open tab."""
        ...

    def session(self) -> Session:
        """The window's state."""
        ...

    def export(self) -> None:
        """Ask what to export of the open tab, and begin."""
        ...

    def set_theme(self, theme: str) -> None:
        """Use a theme by name, now and from now on."""
        ...

    def show_gallery(self) -> None:
        """Open the presets."""
        ...

    def show_timings(self) -> None:
        """Open the post's timings."""
        ...
