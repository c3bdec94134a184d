"""The window's menus."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from funjax_gui.app.host import Host
from funjax_gui.app.keyboard import ask_what_this_is
from funjax_gui.app.making import FilmMaking, PosterMaking
from funjax_gui.app.plot_menu import open_plot_menu
from funjax_gui.dialogs import KeySheet, open_my_maps, show_about
from funjax_gui.documents import DOCUMENTS, presets
from funjax_gui.plots import BasePlot
from funjax_gui.style import THEME_TITLES
from funjax_gui.widgets import action, choice, fill

Key = QKeySequence.StandardKey


class MainMenu(QObject):
    """File, Edit, View, Presets, Help. The View menu has the open tab's actions, whenever `follow_tab` is called, and the tabs."""

    def __init__(self, window: QMainWindow, host: Host, appearance: Sequence[QAction]) -> None:
        """`appearance`: actions of the View menu that concern the whole window."""
        super().__init__(window)
        self._window, self._host, self._appearance = window, host, appearance
        self.view, self.recent, self._theme = QMenu("&View", window), QMenu("Open &recent", window), QMenu("&Theme", window)
        self.films, self.posters = FilmMaking(window, host), PosterMaking(window, host)
        self.recent.aboutToShow.connect(self._fill_recent)
        bar = window.menuBar()
        self._fill_file(bar.addMenu("&File"))
        bar.addMenu("&Edit").addActions(host.undo.actions())
        bar.addMenu(self.view)
        choice(self._theme, THEME_TITLES, host.preferences.theme, host.set_theme)
        self.presets = bar.addMenu("&Presets")
        fill(self.presets, [("&Gallery…", "Ctrl+G", host.show_gallery)])
        self.presets.aboutToShow.connect(self._fill_presets)
        self._fill_help(bar.addMenu("&Help"))
        for plot in host.tabs.findChildren(BasePlot):
            plot.menu_wanted.connect(self._open_plot_menu)
        self._tabs = [action(window, host.tabs.tabText(n), f"Ctrl+{n + 1}", partial(self._open_tab, n)) for n in range(host.tabs.count())]
        self.follow_tab()

    def _fill_file(self, menu: QMenu) -> None:
        window, host, filing = self._window, self._host, self._host.filing
        fill(
            menu,
            [
                ("&Open session…", Key.Open, filing.ask_open),
                self.recent,
                ("&Save session", Key.Save, lambda: filing.save(host.session(), filing.path)),
                ("Save session &as…", "Ctrl+Shift+S", lambda: filing.save(host.session(), None)),
                None,
                ("&Export…", "Ctrl+E", host.export),
                ("&Film…", "Ctrl+Shift+E", self.films.open),
                ("&Poster…", "Ctrl+Shift+P", self.posters.open),
                ("&Copy picture", "Ctrl+Shift+C", lambda: filing.copy(host.tab.image())),
                None,
                ("&My maps…", "Ctrl+M", lambda: open_my_maps(window, host.session, filing.folder)),
                None,
                ("&Quit", "Ctrl+Q", window.close),
            ],
        )

    def _fill_help(self, menu: QMenu) -> None:
        window, host = self._window, self._host
        host.tours.fill_menu(menu)
        fill(
            menu,
            [
                None,
                ("&What is this?", "Shift+F1", ask_what_this_is),
                ("&Keyboard and mouse", ("F1", "?"), self.show_keys),
                None,
                ("T&imings of the post…", None, host.show_timings),
                ("&About funjax", None, lambda: show_about(window)),
            ],
        )

    def _fill_recent(self) -> None:
        self.recent.clear()
        paths = [Path(recent) for recent in self._host.preferences.recent]
        fill(self.recent, [(path.name, None, partial(self._host.filing.open, path)) for path in paths])
        if not paths:
            self.recent.addAction("No recent files").setEnabled(False)

    def _fill_presets(self) -> None:
        """List the presets in a submenu for each tab, when the menu is first opened: reading them takes a while."""
        if len(self.presets.actions()) > 1:
            return
        self.presets.addSeparator()
        for document in DOCUMENTS:
            mine = [preset for preset in presets() if preset.session.tab == document.table.NAME]
            fill(
                self.presets.addMenu(document.title),
                [(preset.session.title.replace("&", "&&"), None, partial(self._host.show_preset, preset)) for preset in mine],
            )

    def follow_tab(self) -> None:
        """Fill the View menu with the actions of the open tab."""
        self.view.clear()
        for entry in (*self._host.tab.view_actions(), None):
            self.view.addSeparator() if entry is None else self.view.addAction(entry)
        self.view.addMenu(self._theme)
        self.view.addActions(self._appearance)
        self.view.addSeparator()
        self.view.addActions(self._tabs)

    def _open_plot_menu(self, at: QPoint) -> None:
        plot = self.sender()
        assert isinstance(plot, BasePlot)
        open_plot_menu(plot, at, self._host)

    def _open_tab(self, index: int) -> None:
        self._host.tabs.setCurrentIndex(index)
        self._host.tab.begin_keys()

    def show_keys(self) -> None:
        """Open the list of keys and mouse actions."""
        KeySheet(self._window.menuBar(), self._host.tab, self._window).open()
