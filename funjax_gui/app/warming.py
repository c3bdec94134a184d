"""Compiling ahead: while nothing is asked for, the other tabs' first requests are computed, so that opening a tab waits for no compiler."""

from dataclasses import replace

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMainWindow

from funjax_gui.app.host import Host
from funjax_gui.documents import request_labels
from funjax_gui.tabs import Tab
from funjax_gui.widgets import action
from funjax_gui.worker import Request, WarmingRequest

QUIET = 1.0
"""Seconds without a request after which warming begins or goes on."""

LOOK = 250
"""Milliseconds between two looks whether it is quiet."""

FIRST = "bifurcation"
"""The name of the tab whose requests come first."""


class Warming(QTimer):
    """Computes the first requests of the tabs that have not been opened, one at a time, each once; the status bar says so in a tip."""

    def __init__(self, window: QMainWindow, host: Host) -> None:
        super().__init__(window, interval=LOOK)
        self._host = host
        self._tabs: list[Tab] = sorted(host.all_tabs(), key=lambda tab: tab.name != FIRST)
        self._wanted: list[Request] = []
        self.timeout.connect(self._look)
        host.worker.finished.connect(self._end)
        host.worker.failed.connect(self._end)
        self.action = action(window, "Prepare other tabs in the background", None, self._switch, host.preferences.prepare)
        self._switch(host.preferences.prepare)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be computed ahead."""
        return not self._tabs and not self._wanted

    def _switch(self, on: bool) -> None:
        """Begin, go on or stop, and remember it."""
        self._host.preferences = replace(self._host.preferences, prepare=on)
        if on and not self.is_over:
            self.start()
        else:
            self.stop()
            self._host.worker.cancel(WarmingRequest)
            self._host.status_line.show_preparation("")

    def _look(self) -> None:
        """Submit the next request if it is quiet; one that was given up comes again, since what was compiled for it is kept."""
        if not self._host.worker.is_quiet(QUIET):
            return
        while self._tabs and not self._wanted:
            self._wanted = self._tabs.pop(0).first_requests(self._host.tab.picture_size)
        if not self._wanted:
            self.stop()
            return
        request = self._wanted[0]
        self._host.status_line.show_preparation(f"Preparing other tabs in the background: {request_labels()[type(request)]}")
        self._host.worker.submit(WarmingRequest(request))

    def _end(self, request: Request) -> None:
        """Go on with the next request, also where this one failed: opening its tab will tell."""
        if isinstance(request, WarmingRequest) and self._wanted and request.request is self._wanted[0]:
            del self._wanted[0]
            self._host.status_line.show_preparation("")
            self._look()
