"""A window that the tests of a module share, and what a window does to the looks of the application."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea

from funjax_gui.app.preferences import Preferences
from funjax_gui.app.window import Window
from funjax_gui.sessions import Session
from funjax_gui.widgets.panel import Fold


def looks_of(application: QApplication) -> tuple[Any, ...]:
    """Font and palette of the application."""
    return application.font(), application.palette()


def take_back(application: QApplication, looks: tuple[Any, ...]) -> None:
    """Give the application the looks that it had."""
    font, palette = looks
    # Each widget that is still there would be styled anew.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    application.setPalette(palette)
    application.setFont(font)


class KeptWindow:
    """A window that the tests of a module share, since opening one takes half a second; each test finds it as if just opened."""

    is_open = False
    """Whether there is one now."""

    is_spoilt = False
    """Whether a test has failed since, or has done what a window cannot undo."""

    def __init__(self) -> None:
        self._window: Window | None = None

    def opened(
        self, size: tuple[int, int], session: Session | None = None, theme: str = "system", tab: str = "", *, active: bool = False
    ) -> Window:
        """The window, shown, with nothing done in it; another one after a test has failed. `active`: it has the keyboard focus."""
        if KeptWindow.is_spoilt or (active and self._window is not None and not self._window.isVisible()):
            self.close()
            KeptWindow.is_spoilt = False
        if self._window is None:
            self._window, KeptWindow.is_open = Window(Preferences(theme=theme)), True
            self._new = self._window.session()
            if session is not None:
                self._window.show_session(session)
        else:
            if not active:  # Qt's offscreen platform makes no window active again that was hidden
                self._window.hide()
            _renew(self._window, self._new if session is None else _completed(session, self._new))
            if self._window.preferences.theme != theme or looks_of(_application()) != self._looks:
                self._window.set_theme(theme)
        self._looks = looks_of(_application())
        window = self._window
        window.resize(*size)
        if tab:
            window.tabs.setCurrentWidget(next(found for found in window.all_tabs() if found.name == tab))
        window.show()
        if active:
            window.activateWindow()
            assert QTest.qWaitForWindowActive(window, 60_000)
            QApplication.processEvents()
            assert window.isActiveWindow()
        _settle(window)
        _forget(window)  # the views of other sizes too
        return window

    def close(self) -> None:
        """Close the window without a question."""
        if self._window is not None:
            self._window.filing.path = None
            self._window.close()
            self._window.deleteLater()
            self._window, KeptWindow.is_open = None, False


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application


def _completed(session: Session, new: Session) -> Session:
    """The session with what a new window has where its diagram leaves the window's values as they are."""
    given, usual = session.bifurcation, new.bifurcation
    kept = {name: getattr(usual, name) for name in ("keep_refining", "colour_map", "tone") if getattr(given, name) is None}
    return replace(session, bifurcation=replace(given, **kept))


def _renew(window: Window, new: Session) -> None:
    """Undo whatever a test may have done by the means that the window has."""
    for other in QApplication.topLevelWidgets():
        if other is not window and other.isVisible():
            other.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if window.tours.is_open:
        window.tours.leave()
    if window.display.presentation.isChecked():
        window.display.presentation.trigger()
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.preferences = window._remembered = Preferences(theme=window.preferences.theme, text=window.preferences.text)
    if window.preferences.text != 100:
        window.display.set_text(100)
    window.bifurcation.set_style(window.preferences.colour_map, window.preferences.tone)
    window.filing.path = None
    window.show_session(new)
    window.setWindowTitle("funjax")
    for tab in window.all_tabs():
        # After Esc an equal request is not sent again by itself.
        if tab.slots.abandoned or not getattr(getattr(tab, "frame", None), "done", True):
            tab.recompute()
    _forget(window)
    for fold in window.findChildren(Fold):
        fold.setChecked(False)
    for area in window.findChildren(QScrollArea):
        area.verticalScrollBar().setValue(0)
    window.tab.begin_keys()
    window.status_line.begin_with(window.tab.status())


def _settle(window: Window) -> None:
    """Let layouts and throttles come to rest: what they ask for later would be taken for what a test does."""

    def state() -> list[tuple[Any, bool]]:
        return [(tab.picture_size, tab._request_throttle._timer.isActive() and not tab.slots.is_waiting()) for tab in window.all_tabs()]

    last, rounds = state(), 0
    while rounds < 3 or any(is_active for _, is_active in last):
        QApplication.processEvents()
        rounds = rounds + 1 if state() == last else 0
        last = state()


def _forget(window: Window) -> None:
    """Empty the undo stacks and the histories of views."""
    for tab, watched in window.undo._watched.items():
        watched.keep()
        watched.stack.clear()
        history = tab._history
        history._timer.stop()
        history._views, history._at = [], -1
        history.visit(tab.plot.grid.viewport)
