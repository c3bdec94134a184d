"""What the tabs that show a view of a plane share: a panel, limits typed in, views to go back to, and asking once a refresh at most."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget
from superqt.utils import QSignalThrottler

from funjax_gui.plots import BasePlot, ViewPlot
from funjax_gui.style import scaled
from funjax_gui.tabs.base import Status, Tab
from funjax_gui.tabs.request_slots import RequestSlots
from funjax_gui.tabs.view_history import History
from funjax_gui.tabs.view_panel import LIMITS, PARAMETER, ViewPanel, limits_of
from funjax_gui.widgets import Scrolled, action, scrolled
from kernels.geometry import Grid, Viewport

ABANDONED = "abandoned; F5, or any change, computes it"
"""What the status begins with where nothing was to be seen of what was asked for, and nothing will be."""

BEGINNING = Status("computing the first picture", progress=0.0)
"""The status of what nothing is to be seen of yet."""

REFRESH = 16
"""Milliseconds: requests are emitted once a refresh of the screen at most."""

SETTLED = 500
"""Milliseconds after which plots are described anew, when something has changed."""

MOST_BESIDE = 0.29
"""What stands beside the picture has no more of a tab's width than this."""


class ViewTab(Tab):
    """A tab makes its parts, then calls `_lay_out` and `_connect_view`. Its own are the methods that raise NotImplementedError."""

    panel: ViewPanel
    slots: RequestSlots
    """The requests of all kinds, in the order in which they are sent."""
    grain: ClassVar[str] = "pixels"
    """The word for what must differ in a view that is wide enough: pixels, or initial conditions."""

    def __init__(self) -> None:
        super().__init__()
        self._history = History(self)
        self._ask = QSignalThrottler(parent=self)
        self._ask.setTimeout(REFRESH)
        self._ask.triggered.connect(self._emit_requests)
        # The throttle calls back at once, so that it cannot be asked again from there.
        self._again = QTimer(self, singleShot=True, interval=REFRESH)
        self._again.timeout.connect(self._emit_requests)
        self._actions: list[QAction | None] = []
        self._settling = QTimer(self, singleShot=True, interval=SETTLED)
        self._settling.timeout.connect(self._describe)

    # --- what each tab says of itself ---

    @property
    def plot(self) -> ViewPlot:
        """The plot that shows the view."""
        raise NotImplementedError

    def _want(self) -> None:
        """Put what is to be shown into the slots, just before what is due is sent."""

    def _show_grid(self, grid: Grid) -> None:
        """The view or the size of the plot has changed."""
        raise NotImplementedError

    def _apply(self, name: str, value: Any) -> None:
        """Change a field by name. ValueError, in one line, where the value will not do."""
        raise NotImplementedError

    def _set_parameter(self, name: str, value: float) -> None:
        """Change a parameter of the map or the objective."""
        raise NotImplementedError

    def _home(self) -> Viewport:
        """The whole picture's view."""
        raise NotImplementedError

    def _known(self) -> Status | None:
        """What is known of the picture; None where there is none."""
        raise NotImplementedError

    # --- the parts, and the wires between them ---

    def _lay_out(self, upper: QWidget, lower: QWidget, heights: tuple[int, int], aside: QWidget, width: int) -> None:
        """The panel at the left, two parts one above the other, and what stands beside them, so many pixels of the usual font wide."""
        self.panel_area = scrolled(self.panel)
        middle = QSplitter(Qt.Orientation.Vertical)
        middle.addWidget(upper)
        middle.addWidget(lower)
        middle.setStretchFactor(0, 1)
        middle.setSizes(heights)
        middle.setChildrenCollapsible(False)
        self._beside, self._beside_width = Scrolled(aside), width
        self._beside.let_through()
        self._beside.setFixedWidth(width)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.panel_area)
        row.addWidget(middle, 1)
        row.addWidget(self._beside)

    def _connect_view(self, source: Any) -> None:
        """Follow what the hand does to the view, told by a plot or by what holds it, and what the panel's controls say."""
        source.grid_changed.connect(self._show_grid)
        source.home_requested.connect(self.go_home)
        source.refused.connect(self._refuse)
        panel = self.panel
        panel.edited.connect(self._edit)
        panel.parameters.range_edited.connect(self.changed)
        panel.back.connect(self.go_back)
        panel.forward.connect(self.go_forward)
        panel.home.connect(self.go_home)
        self._history.changed.connect(panel.set_history)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the picture its room where a large font would have what stands beside it take too much."""
        super().resizeEvent(event)
        self._beside.setFixedWidth(min(scaled(self._beside_width), round(MOST_BESIDE * self.width())))

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the pictures when the tab is first seen: until then their size is not known."""
        super().showEvent(event)
        self._ask.throttle()

    def view_actions(self) -> list[QAction | None]:
        """What the View menu offers."""
        return self._actions

    def moves(self, whole: str) -> list[QAction | None]:
        """The menu's actions that move the view; `whole` is the text of the one that shows all."""
        return [
            action(self, "&Back", "Alt+Left", self.go_back),
            action(self, "&Forward", "Alt+Right", self.go_forward),
            action(self, whole, "Ctrl+0", self.go_home),
            action(self, "&Zoom in", "+", lambda: self.plot.zoom(1)),
            action(self, "Zoom &out", "-", lambda: self.plot.zoom(-1)),
        ]

    def computes(self, stop: str) -> list[QAction | None]:
        """The menu's actions that end what is computed, by the text `stop`, and that begin it anew."""
        return [action(self, stop, "Esc", self.stop), action(self, "Compute a&gain", "F5", self.again)]

    # --- what is asked for ---

    def _emit_requests(self) -> None:
        """Send what is due; look again at the next refresh where something still waits. A hidden tab sends nothing."""
        if not self.isVisible():
            return
        self._want()
        sent = self.slots.due()
        for request in sent:
            self.requested.emit(request)
        if self.slots.is_waiting():
            self._again.start()
        if sent and self._known() is None:
            self._tell()

    def _drop(self, *kinds: type) -> None:
        """Forget the requests of these kinds, and have the worker do so."""
        for kind in kinds:
            if self.slots.drop(kind):
                self.cancelled.emit(kind)

    # --- what the user wants ---

    def _edit(self, name: str, value: Any) -> None:
        """The user wants a field changed: take it, or say in one line why not."""
        try:
            if name in LIMITS:
                self._go_to_limit(name, value)
            elif name.startswith(PARAMETER):
                self._set_parameter(name.removeprefix(PARAMETER), value)
            else:
                self._apply(name, value)
        except ValueError as error:
            self.panel.control(name).complain(str(error))

    def _go_to_limit(self, name: str, value: Decimal) -> None:
        grid = self.plot.grid
        wanted = moved(grid.viewport, {name: value})
        if not all(self.plot.is_resolved(replace(grid, viewport=wanted))):
            raise ValueError(f"{value} makes the view too narrow: float64 cannot tell its {self.grain} apart; give limits further apart")
        self._go(wanted)

    def _go(self, view: Viewport | None) -> None:
        if view is not None and view != self.plot.grid.viewport:
            self.plot.set_viewport(view)
            self._show_grid(self.plot.grid)

    def go_home(self) -> None:
        """Show the whole picture."""
        self._go(self._home())

    def go_back(self) -> None:
        """Show the view before this one."""
        self._go(self._history.back())

    def go_forward(self) -> None:
        """Show the view that we came back from."""
        self._go(self._history.forward())

    def _refuse(self, text: str) -> None:
        self._say(text)

    def stop(self) -> None:
        """Compute no more of what is asked for; what is shown stays."""
        self._ask.cancel()
        self._again.stop()
        self.slots.abandon()
        for kind in self.kinds:
            self.cancelled.emit(kind)
        self._tell()

    def again(self) -> None:
        """Compute what is shown anew."""
        self.slots.renew(self.slots.kinds)
        self._ask.throttle()

    def begin_keys(self) -> None:
        """Let the keys go to the picture."""
        self.plot.setFocus()

    # --- what is told ---

    def status(self) -> Status:
        """What is known of the picture, and whether what was asked for will not come."""
        known = self._known()
        if self.slots.abandoned:
            text = f"{ABANDONED} · {known.text}" if known else ABANDONED
            return Status(text, known.facts if known else (), at_once=True)
        return known or (BEGINNING if self.slots.unanswered else Status())

    def _tell(self) -> None:
        self.status_changed.emit(self.status())
        self._settle()

    def _settle(self) -> None:
        """Describe the plots anew, soon."""
        if not self._settling.isActive():
            self._settling.start()

    def _explain(self, texts: Mapping[str, tuple[str, str]]) -> None:
        """Name the plots, and say what they are, by their object names."""
        for name, (title, text) in texts.items():
            self._plot_called(name).explain(title, text)

    def _describe(self) -> None:
        for name, text in self.descriptions().items():
            self._plot_called(name).describe(text)

    def _plot_called(self, name: str) -> BasePlot:
        found = self.findChild(BasePlot, name)
        assert found is not None, name
        return found

    def descriptions(self) -> Mapping[str, str]:
        """What each plot shows now in words, by object name, for screen readers."""
        return {}

    def _say(self, text: str) -> None:
        self.status_changed.emit(Status(text, passing=True))


def moved(view: Viewport, limits: dict[str, Decimal]) -> Viewport:
    """`view` with some of its limits, by name, replaced. ValueError where that leaves nothing."""
    return Viewport.from_limits(**(limits_of(view) | limits))
