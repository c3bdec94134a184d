"""The interface of the window that the menus use."""

from typing import Protocol

from PySide6.QtWidgets import QTabWidget

from funjax_gui.app.banner import Caption
from funjax_gui.app.file_actions import Filing
from funjax_gui.app.preferences import Preferences
from funjax_gui.app.status_bar import StatusLine
from funjax_gui.app.undo import Undo
from funjax_gui.documents import Preset
from funjax_gui.sessions import Session
from funjax_gui.tabs import Tab
from funjax_gui.tours import Tours
from funjax_gui.worker import Worker


class Host(Protocol):
    """Parts and commands of the window for the menus."""

    preferences: Preferences
    filing: Filing
    undo: Undo
    tours: Tours
    tabs: QTabWidget
    worker: Worker
    status_line: StatusLine
    caption: Caption

    @property
    def tab(self) -> Tab:
        """The open tab."""
        ...

    def all_tabs(self) -> list[Tab]:
        """All tabs, in their order."""
        ...

    def session(self) -> Session:
        """The window's state."""
        ...

    def export(self) -> None:
        """Export the open tab."""
        ...

    def set_theme(self, theme: str) -> None:
        """Use a theme by name and remember it."""
        ...

    def show_preset(self, preset: Preset) -> None:
        """Open a preset in its tab."""
        ...

    def show_gallery(self) -> None:
        """Open the preset gallery."""
        ...

    def show_timings(self) -> None:
        """Open the timings of the post."""
        ...
