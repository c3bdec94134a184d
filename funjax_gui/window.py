"""The window: builds the tabs, owns the worker, and is the only place where both meet."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QTabWidget

from funjax_gui.appearance import THEMES, colours_for, dress
from funjax_gui.status_line import StatusLine
from funjax_gui.tab import Placeholder, Tab
from funjax_gui.tabs.bifurcation import BifurcationTab
from funjax_gui.worker import Worker

SOON = {
    "fixed-points": (
        "Fixed points",
        "The fixed-point explorer will be here: iterate a map from many starts, and see which fixed points attract, from where.",
    ),
    "newton": (
        "Newton",
        "The Newton solver will be here: step through Newton's method on a surface, explicit Hessian against conjugate gradients.",
    ),
}


class Window(QMainWindow):
    """Tabs, menus and status bar, and the wires between them and the worker."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("funjax")
        self.resize(1400, 880)
        self.worker = Worker(self)
        self.status_line = StatusLine()
        self.setStatusBar(self.status_line)
        self.tabs = QTabWidget(documentMode=True)
        self.setCentralWidget(self.tabs)
        self.bifurcation = BifurcationTab()
        for tab in (Placeholder("fixed-points", *SOON["fixed-points"]), self.bifurcation, Placeholder("newton", *SOON["newton"])):
            self._add(tab)
        self.worker.frame.connect(self._deliver)
        self.worker.failed.connect(self._fail)
        self.tabs.currentChanged.connect(self._prefer)
        self.tabs.setCurrentWidget(self.bifurcation)
        self.set_theme("system")

    def _add(self, tab: Tab) -> None:
        self.tabs.addTab(tab, tab.title)
        tab.requested.connect(self.worker.submit)
        tab.cancelled.connect(self.worker.cancel)
        tab.status_changed.connect(self.status_line.show_status)

    def _tabs(self) -> list[Tab]:
        return [self.tabs.widget(i) for i in range(self.tabs.count())]

    def _deliver(self, frame: Any) -> None:
        for tab in self._tabs():
            if isinstance(frame.request, tab.kinds):
                tab.show_frame(frame)

    def _fail(self, request: Any, message: str, details: str) -> None:
        for tab in self._tabs():
            if isinstance(request, tab.kinds):
                tab.show_failure(request, message)
        self.status_line.show_failure(message, details)

    def _prefer(self) -> None:
        kinds = self.tabs.currentWidget().kinds
        self.worker.prefer(kinds[0] if kinds else None)

    def set_theme(self, theme: str) -> None:
        colours = colours_for(theme)
        dress(QApplication.instance(), colours)
        for tab in self._tabs():
            tab.set_theme(colours)

    def closeEvent(self, event: Any) -> None:
        self.worker.close()
        super().closeEvent(event)


def run(session_path: Path | None = None) -> int:
    application = QApplication.instance() or QApplication(sys.argv[:1])
    window = Window()
    window.show()
    return application.exec()
