"""Help > Tour: the list of tours, the tour panel, and the return to the state before the tour.

Modules for tours are imported after the first picture, or at first use, which saves 40 ms at the start.
"""

import re
import tomllib
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QWidget

from funjax_gui.files import open_regular, resources
from funjax_gui.formulas import Typesetter
from funjax_gui.sessions import Session
from funjax_gui.style import Colours
from funjax_gui.tabs import Status
from funjax_gui.tours.host import Host
from funjax_gui.widgets import action, fill, run_in_background, show_message

if TYPE_CHECKING:
    from funjax_gui.tours.file import Tour, Trial
    from funjax_gui.tours.panel import TourPanel
    from funjax_gui.tours.runner import Runner

FIRST = "fun-with-iterations"
"""The tour that is offered first."""

NARROW, USUAL, WIDE = 290, 350, 520
"""The panel's width in pixels."""

SHARE = 0.235
"""Share of the width of a small window for the panel."""

MOST_LISTED, HEAD = 30, 4096
"""Maximum number of the user's tours in the menu, and bytes of each that are read to find its title."""

WELCOME = "Twelve short chapters with things to try; one click restores your own state."
LEFT = "the tour will continue here; Help > Back to before the tour restores your own state"


def folder() -> Path:
    """Folder of the user's own tours."""
    return platformdirs.user_data_path("funjax", appauthor=False) / "tours"


TOUR_MODULES = ("funjax_gui.tours.panel", "funjax_gui.tours.runner")
"""What the first tour needs; their import takes 40 ms."""


class Tours(QObject):
    """The window's tours."""

    def __init__(self, window: QMainWindow, host: Host) -> None:
        """`host`: the window as the tours see it."""
        super().__init__(window)
        self._window, self._host = window, host
        self.panel: TourPanel | None = None
        self._dock: QDockWidget | None = None
        self._path = Path()
        self._before: Session | None = None
        self._left: Session | None = None
        self._list = QMenu("T&ours", window)
        self._list.aboutToShow.connect(self._fill_list)
        self._back = action(window, "Back to &before the tour", None, self.restore)
        self._back.setEnabled(False)

    @cached_property
    def runner(self) -> "Runner":
        """The runner of scripts."""
        from funjax_gui.tours.runner import Runner

        return Runner(self._host, self)

    def fill_menu(self, menu: QMenu) -> None:
        """Add the tours to the Help menu."""
        fill(menu, [("&Tour", "Ctrl+T", self.toggle), self._list])
        menu.addAction(self._back)

    def _fill_list(self) -> None:
        self._list.clear()
        ours = sorted((resources.folder() / "tours").glob("*.toml"))
        own = sorted(folder().glob("*.toml"))[:MOST_LISTED]
        fill(self._list, [(_title(path), None, partial(self.open, path)) for path in ours])
        self._list.addSeparator()
        fill(self._list, [(_title(path), None, partial(self.open, path)) for path in own])
        if not own:
            note = self._list.addAction("Your own tours are listed here")
            note.setToolTip(f"Tours in {folder()}; docs/tours.md says how to write one")
            note.setEnabled(False)

    # --- opening and leaving ---

    @property
    def is_open(self) -> bool:
        """Whether the panel is visible."""
        return self._dock is not None and not self._dock.isHidden()

    def toggle(self) -> None:
        """Continue the last tour, or leave the tour that is shown."""
        if self.is_open:
            self.leave()
            return
        remembered = self._host.preferences
        path = _find(remembered.tour)
        if not path.is_file():
            path = _find(FIRST)
        self.open(path, remembered.chapter if _name(path) == remembered.tour else 0)

    def open(self, path: Path, number: int = 0) -> bool:
        """Open a tour at a chapter; on an error, show it and change nothing."""
        try:
            tour = run_in_background(self._window, f"Reading {path.name}…", lambda: _load(path))
        except (ValueError, OSError) as error:
            show_message(self._window, f"{path.name} was not opened.", str(error))
            return False
        session = self._host.session()
        if self._before is None or (not self.is_open and session != self._left):
            self._before = session
        panel = self._made()
        self._path = path
        panel.show_tour(tour, number)
        formulas = [formula for chapter in (panel.chapter, *tour.chapters) for formula in chapter.formulas]
        self._typesetter.submit(formulas)
        self._host.caption.hide()
        self._show(True)
        self._turn()
        return True

    def leave(self) -> None:
        """Hide the panel; what is shown stays."""
        self.runner.stop()
        self._show(False)
        self._host.tab.begin_keys()
        self._left = self._host.session()
        if self._left != self._before:
            self._host.status_line.show_status(Status(LEFT, passing=True))

    def restore(self) -> None:
        """Leave the tour and restore the state before it, as a step that can be undone."""
        before, self._before = self._before, None
        self.runner.stop()
        if before is not None:
            self._host.bring_back(before)
        self._show(False)
        self._host.status_line.show_status(Status("the state before the tour is restored", passing=True))

    def close(self) -> None:
        """Stop everything when the window closes."""
        if self.panel is not None:
            self.runner.stop()
            self._typesetter.close()

    def _show(self, shown: bool) -> None:
        assert self._dock is not None and self.panel is not None
        self._dock.setVisible(shown)
        self._back.setEnabled(self._before is not None)
        if shown:
            self.panel.chapters.setFocus()

    def _made(self) -> "TourPanel":
        """The panel, made at first use."""
        if self.panel is None:
            from funjax_gui.tours.panel import TourPanel

            # Typeset in a thread of its own: the worker may be compiling, most of all at the first start, when the tour is offered.
            self._typesetter = Typesetter(self)
            self.panel = panel = TourPanel()
            self.panel.set_theme(self._host.colours())
            self.panel.setMinimumWidth(NARROW)
            self.panel.setMaximumWidth(WIDE)
            self.panel.turned.connect(lambda _: self._turn())
            self.panel.shown.connect(self._try)
            self.panel.returned.connect(self.restore)
            self.panel.left.connect(self.leave)
            self._typesetter.found.connect(panel.show_found)
            self._dock = QDockWidget(self._window)
            self._dock.setObjectName("tour")
            self._dock.setTitleBarWidget(QWidget())
            self._dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
            self._dock.setWidget(self.panel)
            self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._dock)
            width = min(USUAL, max(NARROW, round(SHARE * self._window.width())))
            self._window.resizeDocks([self._dock], [width], Qt.Orientation.Horizontal)
        return self.panel

    # --- going through it ---

    def _turn(self) -> None:
        """Apply the scene of the chapter and remember the chapter."""
        assert self.panel is not None
        self._host.remember_tour(_name(self._path), self.panel.number)
        self.runner.run(self.panel.chapter.scene)

    def _try(self, trial: "Trial") -> None:
        self.runner.run(trial.show)

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        if self.panel is not None:
            self.panel.set_theme(colours)

    def greet(self) -> None:
        """Offer the tour at the first start, once."""
        if not self._host.preferences.greeted:
            self._host.remember_greeting()
            self._host.caption.offer("New here?", WELCOME, "Take the &tour", self.toggle)


def _load(path: Path) -> "Tour":
    """The tour; its reader is imported at first use, in the thread that reads."""
    from funjax_gui.tours.file import load

    return load(path)


def _find(name: str) -> Path:
    """The file of a remembered tour, given by its path or the short name of a built-in one."""
    path = Path(name)
    return path if path.is_absolute() else resources.folder() / "tours" / f"{name}.toml"


def _name(path: Path) -> str:
    return path.stem if path.parent == resources.folder() / "tours" else str(path.absolute())


def _title(path: Path) -> str:
    """Title of a tour for the menu; the file name if no title can be read."""
    with suppress(OSError, ValueError, RecursionError):
        with open_regular(path) as file:
            head = file.read(HEAD).decode("utf-8-sig", errors="replace")
        line = next((line for line in head.splitlines() if re.match(r"\s*title\s*=", line)), "")
        title = tomllib.loads(line).get("title")
        if isinstance(title, str) and title.strip():
            return " ".join(title.split())[:60].replace("&", "&&")
    return path.name.replace("&", "&&")
