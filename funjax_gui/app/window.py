"""The main window: builds the tabs, owns the worker and connects them."""

from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QPaintEvent, QWindow
from PySide6.QtWidgets import QMainWindow, QTabWidget

from funjax_gui.app import preferences
from funjax_gui.app.autosave import Autosave
from funjax_gui.app.banner import Caption, stacked
from funjax_gui.app.display import Display
from funjax_gui.app.file_actions import Filing, dropped_session
from funjax_gui.app.keyboard import OwnKeys, in_order, order_keys
from funjax_gui.app.main_menu import MainMenu
from funjax_gui.app.pending_work import Delays
from funjax_gui.app.status_bar import StatusLine
from funjax_gui.app.undo import Undo
from funjax_gui.app.warming import Warming
from funjax_gui.dialogs import Gallery
from funjax_gui.documents import Preset
from funjax_gui.export import ExportRequest, Style
from funjax_gui.formulas import Typesetter
from funjax_gui.sessions import Session
from funjax_gui.style import Colours, apply_theme, colours_for
from funjax_gui.tabs import Status, Tab
from funjax_gui.tabs.bifurcation.tab import BifurcationTab
from funjax_gui.tabs.fixed_points.tab import FixedPointsTab
from funjax_gui.tabs.newton.tab import NewtonTab
from funjax_gui.timings import TimingsDialog, open_timings
from funjax_gui.tours import TOUR_MODULES, Tours
from funjax_gui.widgets import import_in_background
from funjax_gui.worker import Worker
from kernels.execution import devices

TABS: list[type[Tab]] = [FixedPointsTab, BifurcationTab, NewtonTab]
"""The tabs, in their order."""

LATER = ("kernels.deep", *TOUR_MODULES)
"""What is imported after the first picture: else the first view below float64 and the first tour would wait 0.1 s for it."""

T = TypeVar("T", bound=Tab)


class Window(QMainWindow):
    """Tabs, menus and status bar, connected to the worker."""

    closed = Signal()

    def __init__(self, remembered: preferences.Preferences | None = None) -> None:
        super().__init__()
        self.preferences = self._remembered = remembered or preferences.Preferences()
        self.setWindowTitle("funjax")
        room = QGuiApplication.primaryScreen().availableSize()
        self.resize(min(1600, room.width()), min(1000, room.height() - 30))
        self.restoreGeometry(self.preferences.geometry)
        self._session = Session()
        self.worker = Worker(self)
        self.status_line = StatusLine()
        self.status_line.setObjectName("status")
        self.setStatusBar(self.status_line)
        self.delays = Delays(self.worker, self.status_line, lambda: self.tab.kinds)
        self.filing = Filing(self)
        self.undo = Undo(self)
        self.tours = Tours(self, self)
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setAccessibleName("Explorers")
        self.caption = Caption()
        self._described: Session | None = None
        self.setCentralWidget(stacked(self.tabs, self.caption))
        pages = [make() for make in TABS]
        self._own_keys = OwnKeys(self)
        self.autosave = Autosave(self.session, self)
        self.setAcceptDrops(True)
        for tab in pages:
            self._add(tab)
        self.fixed_points, self.bifurcation, self.newton = self._page(FixedPointsTab), self._page(BifurcationTab), self._page(NewtonTab)
        self._connect()
        self.display = Display(self, self)
        self.menus = MainMenu(self, self, [*self.display.actions, Warming(self, self).action])
        self.set_theme(self.preferences.theme)
        for tab in pages:
            tab.set_style(self.preferences.colour_map, self.preferences.tone)
        self.tabs.setCurrentWidget(self.bifurcation)
        self.bifurcation.begin_keys()

    def _page(self, kind: type[T]) -> T:
        return next(page for page in self.all_tabs() if isinstance(page, kind))

    def _add(self, tab: Tab) -> None:
        self.tabs.setTabToolTip(self.tabs.addTab(tab, tab.title), tab.tip)
        tab.requested.connect(self.worker.submit)
        tab.cancelled.connect(self.worker.cancel)
        tab.status_changed.connect(lambda status: self._show_status(tab, status))
        tab.styled.connect(self._remember_style)
        tab.actions_changed.connect(lambda: self.menus.follow_tab())
        tab.carried.connect(self._carry)
        tab.export_wanted.connect(self.export)
        self.undo.watch(tab)

    def _connect(self) -> None:
        self.worker.frame.connect(self._deliver)
        self.worker.failed.connect(self._fail)
        self.delays.abandoned.connect(lambda request: (self._owner(request) or self.filing).stop())
        self.undo.moved.connect(self._check_caption)
        self.tabs.currentChanged.connect(self._change_tab)
        if self.preferences.folder:
            self.filing.folder = Path(self.preferences.folder)
        self.filing.opened.connect(self.show_session)
        self.filing.tour_opened.connect(self.tours.open)
        self.filing.saved.connect(self._name_after)
        self.filing.reported.connect(lambda text: self.status_line.show_status(Status(text, passing=True)))
        self.filing.export_wanted.connect(self.worker.submit)
        self.filing.export_dropped.connect(lambda: self.worker.cancel(ExportRequest))
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Move the focus in the order of the current layout; called by Qt for the Tab key."""
        order_keys(self.tab)
        return super().focusNextPrevChild(forward)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept a single file that may be a session."""
        if dropped_session(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the file that was dropped."""
        path = dropped_session(event)
        if path is not None:
            event.acceptProposedAction()
            self.filing.open(path)

    # --- the worker's frames ---

    @property
    def tab(self) -> Tab:
        """The tab that is open."""
        current = self.tabs.currentWidget()
        assert isinstance(current, Tab)
        return current

    def all_tabs(self) -> list[Tab]:
        """All tabs, in their order."""
        return [tab for i in range(self.tabs.count()) if isinstance(tab := self.tabs.widget(i), Tab)]

    def _owner(self, request: Any) -> Tab | None:
        return next((tab for tab in self.all_tabs() if isinstance(request, tab.kinds)), None)

    def _deliver(self, frame: Any) -> None:
        Typesetter.is_put_off = False
        import_in_background(*LATER)
        if isinstance(frame.request, ExportRequest):
            self.filing.show_export(frame)
        elif (tab := self._owner(frame.request)) is not None:
            tab.show_frame(frame)
        for notice in devices.notices()[self._notices_said :]:
            self._notices_said += 1
            self.status_line.show_failure(notice, "", held=True)

    _notices_said = 0

    def _fail(self, request: Any, message: str, details: str) -> None:
        if isinstance(request, ExportRequest):
            self.filing.fail_export(request, message)
        elif (tab := self._owner(request)) is not None:
            tab.show_failure(request, message)
            # The picture may continue after a failure of another plot of the tab.
            self.status_line.show_failure(message, details, held=not isinstance(request, tab.kinds[0]))

    def _show_status(self, tab: Tab, status: Status) -> None:
        if tab is self.tab:
            self.status_line.show_status(status)

    def _change_tab(self) -> None:
        self.worker.prefer(self.tab.urgent or next(iter(self.tab.kinds), None), self.tab.urgent_alone)
        self.undo.open(self.tab)
        self.menus.follow_tab()
        self._check_caption(self.tab, self.session())
        first = next((part for part in in_order(self.tab) if part.isVisibleTo(self.tab)), None)
        if self.focusWidget() is first:  # it gets the focus by default
            self.tab.begin_keys()
        self.status_line.begin_with(self.tab.status())

    def _carry(self, name: str, map_name: str, parameters: Any, start: float | None) -> None:
        """Open a map of one tab in another one."""
        for tab in self.all_tabs():
            if tab.name == name:
                tab.receive(map_name, parameters, start)
                self.tabs.setCurrentWidget(tab)

    # --- sessions and exports ---

    def session(self) -> Session:
        """The window's state."""
        session = replace(self._session, tab=self.tab.name, stretch=self.display.stretch.isChecked())
        for tab in self.all_tabs():
            session = tab.session(session)
        return session

    def show_session(self, session: Session, path: Path | None = None) -> None:
        """Restore all tabs from a session and open its tab."""
        self._session = session
        self.display.set_stretched(session.stretch)
        for tab in self.all_tabs():
            tab.end_changes()
            tab.restore(session)
            tab.resume(session)
            if tab.name == session.tab:
                self.tabs.setCurrentWidget(tab)
        if path is not None:
            self._name_after(path)
        self.filing.mark_saved(self.session())
        self._describe(session)

    def show_gallery(self) -> None:
        """Open the presets."""
        gallery = Gallery(self.colours().dark, self)
        gallery.chosen.connect(self.show_preset)
        gallery.open()

    def show_preset(self, preset: Preset) -> None:
        """Open a preset in its tab; the other tabs stay as they are."""
        self.show_table(preset.session)
        self._describe(preset.session)

    def _describe(self, session: Session) -> None:
        """Show the description of the session as long as its tab shows the same map or objective."""
        self._described = session
        self.caption.tell(session.title, session.about)

    def _check_caption(self, tab: Tab, state: Session) -> None:
        told = self._described
        if told and (self.tab.name != told.tab or (tab.name == told.tab and state.table_of(tab.name).subject != told.table.subject)):
            self._described = None
            self.caption.hide()

    def show_table(self, session: Session) -> None:
        """Restore the open tab of a session, as a step that can be undone; the other tabs stay as they are."""
        for tab in self.all_tabs():
            if tab.name == session.tab:
                self.tabs.setCurrentWidget(tab)
                self.undo.change(tab, session)
                tab.resume(session)

    def bring_back(self, session: Session) -> None:
        """Restore all tabs from a session and open its tab, as steps that can be undone."""
        for tab in self.all_tabs():
            self.undo.change(tab, session)
            tab.resume(session)
        self.show_table(session)

    def _name_after(self, path: Path) -> None:
        self.preferences = self.preferences.with_file(path)
        self.setWindowTitle(f"{path.stem} — funjax")

    def export(self) -> None:
        """Open the export dialog for the open tab, and export."""
        request = self.tab.export_request()
        if request is None:
            self.status_line.show_status(Status("nothing to export in this tab yet", passing=True))
            return
        theme = self.filing.ask_export(request, self.style_wanted(), self.session())
        self._session = replace(self._session, theme=theme)

    def style_wanted(self) -> Style:
        """Style of an export: that of the window, in the theme of the previous export."""
        return Style(**self.session().appearance)

    # --- appearance ---

    def set_theme(self, theme: str) -> None:
        """Use a theme by name and remember it."""
        self.preferences = replace(self.preferences, theme=theme)
        colours = colours_for(theme)
        apply_theme(self, colours)
        for tab in self.all_tabs():
            tab.set_theme(colours)
        for timings in self.findChildren(TimingsDialog):
            timings.set_theme(colours)
        self.tours.set_theme(colours)

    def _follow_system(self) -> None:
        if self.preferences.theme == "system":
            self.set_theme("system")

    def _remember_style(self, colour_map: str, tone: str) -> None:
        self.preferences = replace(self.preferences, colour_map=colour_map, tone=tone)

    def show_timings(self) -> None:
        """Open the post's timings, which begin at once."""
        open_timings(self, self.worker, colours_for(self.preferences.theme))

    # --- for tours ---

    def open_dialog(self, name: str) -> None:
        """Open a dialog by its name in `tours.targets.DIALOGS`."""
        {"timings": self.show_timings, "scaling": self.newton.show_scaling, "gallery": self.show_gallery}[name]()

    def is_computing(self) -> bool:
        """Whether a request of the open tab is still computed."""
        return bool(self.worker.running & set(self.tab.kinds))

    def colours(self) -> Colours:
        """Colours of the theme."""
        return colours_for(self.preferences.theme)

    def input(self) -> QWindow | None:
        """The object whose event filters see the window's input first."""
        return self.windowHandle()

    def remember_tour(self, tour: str, chapter: int) -> None:
        """Remember the tour and the chapter shown."""
        self.preferences = replace(self.preferences, tour=tour, chapter=chapter)

    def remember_greeting(self) -> None:
        """Remember that the tour was offered."""
        self.preferences = replace(self.preferences, greeted=True)

    # --- start and end ---

    def paintEvent(self, event: QPaintEvent) -> None:
        """Let the worker begin once the window has been painted; called by Qt."""
        super().paintEvent(event)
        QTimer.singleShot(0, self.worker.release)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close the window after asking about unsaved changes."""
        if not self.filing.may_leave(self.session()):
            event.ignore()
            return
        self.leave()
        super().closeEvent(event)
        self.closed.emit()

    def leave(self) -> None:
        """Save the preferences, stop everything and delete the autosave file."""
        self.tours.close()
        self.filing.close()
        self.autosave.end()
        folder = str(self.filing.folder) if self.filing.folder.is_dir() else ""
        geometry = bytes(self.saveGeometry().data())
        self.preferences = replace(self.preferences, geometry=geometry, folder=folder)
        preferences.save(self.preferences, before=self._remembered)
        self.display.close()
        self.hide()  # waits for a running step
        self.worker.close()
