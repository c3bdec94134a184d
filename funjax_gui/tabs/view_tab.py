"""Base class of tabs that show a view of a plane: panel, typed limits, view history, and requests throttled to the refresh rate."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from funjax_gui.plots import BasePlot, ViewPlot
from funjax_gui.style import scaled, with_font
from funjax_gui.tabs.base import Status, Tab
from funjax_gui.tabs.covers import Stills, StopNotice
from funjax_gui.tabs.request_slots import RequestSlots
from funjax_gui.tabs.view_history import History
from funjax_gui.tabs.view_panel import LIMITS, PARAMETER, ViewPanel
from funjax_gui.widgets import Legend, LegendBelow, Scrolled, Throttle, action, scrolled
from kernels.geometry import Grid, Viewport
from kernels.validation import brief

ABANDONED = "stopped; press F5, or change anything, to compute it"
"""First words of the status after a request was cancelled before it showed anything."""

BEGINNING = Status("computing the first picture", progress=0.0)
"""Status before the first frame."""

REFRESH = 16
"""Milliseconds between emitted requests: at most one a refresh of the screen."""

SETTLED = 500
"""Milliseconds after a change until the accessible descriptions are updated."""

LARGEST_SIDE_SHARE = 0.29
"""Largest share of a tab's width for the plots beside the picture."""


class ViewTab(Tab):
    """A tab with a panel, a picture with a view, and plots beside it.

    A subclass makes its parts, calls `_lay_out` and `_connect_view`, and implements the methods that raise NotImplementedError.
    """

    panel: ViewPanel
    slots: RequestSlots
    """The requests of all kinds, in the order in which they are sent."""
    principal: ClassVar[tuple[type, ...]]
    """The kinds of requests without whose frames the plots would contradict the panel."""
    grain: ClassVar[str] = "pixels"
    """Plural noun for what a view must resolve, in error messages: pixels or initial conditions."""

    def __init__(self) -> None:
        super().__init__()
        self._history = History(self)
        self._stills, self._stop_notice = Stills(self), StopNotice(self, self.recompute)
        self._request_throttle = Throttle(REFRESH, self)
        self._request_throttle.triggered.connect(self._emit_requests)
        self._actions: list[QAction | None] = []
        self._description_timer = QTimer(self, singleShot=True, interval=SETTLED)
        self._description_timer.timeout.connect(self._describe)

    # --- to be implemented by each tab ---

    @property
    def plot(self) -> ViewPlot:
        """The plot that shows the view."""
        raise NotImplementedError

    def _queue_requests(self) -> None:
        """Submit the current requests to the slots; called just before the due ones are sent."""

    def _show_grid(self, grid: Grid) -> None:
        """Show another view, or another size of the plot."""
        raise NotImplementedError

    def _apply(self, name: str, value: Any) -> None:
        """Set a field by name. Raises ValueError, in one line, where the value is not valid."""
        raise NotImplementedError

    def _set_parameter(self, name: str, value: float) -> None:
        """Set a parameter of the map or the objective."""
        raise NotImplementedError

    def _home(self) -> Viewport:
        """The whole picture's view."""
        raise NotImplementedError

    def _picture_status(self) -> Status | None:
        """Status of the picture; None where there is none."""
        raise NotImplementedError

    # --- layout and connections ---

    def _lay_out(self, upper: QWidget, lower: QWidget | None, heights: tuple[int, int], aside: QWidget, width: int) -> None:
        """Lay out the panel on the left, two parts one above the other (or one) in the middle, and `aside` on the right.

        `width`: of `aside`, in pixels at the default font size.
        """
        self.panel_area = scrolled(self.panel)
        middle = QSplitter(Qt.Orientation.Vertical)
        middle.addWidget(upper)
        if lower is not None:
            middle.addWidget(lower)
        middle.setStretchFactor(0, 1)
        middle.setSizes(heights)
        middle.setChildrenCollapsible(False)
        self._side_panel, self._side_width = Scrolled(aside), width
        self._side_panel.let_through()
        with_font(self._side_panel, self._narrow_side)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.panel_area)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(middle, 1)
        column.addWidget(LegendBelow(self.panel_area, self.panel.findChildren(Legend)))
        row.addWidget(centre, 1)
        row.addWidget(self._side_panel)

    def _connect_view(self, source: Any) -> None:
        """Connect the signals of a plot (or of the widget that contains it) and of the panel."""
        source.grid_changed.connect(self._show_grid)
        source.home_requested.connect(self.go_home)
        source.refused.connect(self._show_refusal)
        panel = self.panel
        panel.edited.connect(self._edit)
        panel.parameters.range_edited.connect(self.changed)
        panel.back.connect(self.go_back)
        panel.forward.connect(self.go_forward)
        panel.home.connect(self.go_home)
        self._history.changed.connect(panel.set_history)
        panel.set_behind(lambda: self.slots.unanswered or self.slots.is_waiting())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Limit the width of the side panel, which a large font would widen too much."""
        super().resizeEvent(event)
        self._stills.release()
        self._narrow_side()

    def _narrow_side(self) -> None:
        self._side_panel.setFixedWidth(min(scaled(self._side_width), round(LARGEST_SIDE_SHARE * self.width())))

    def showEvent(self, event: QShowEvent) -> None:
        """Request the pictures when the tab is first shown: their size is not known before."""
        super().showEvent(event)
        self._request_throttle.throttle()

    @property
    def is_changing(self) -> bool:
        """Whether a change is under way in the panel."""
        return self.panel.is_changing

    def end_changes(self) -> None:
        """Stop sliders that are played."""
        self.panel.stop_playing()

    def view_actions(self) -> list[QAction | None]:
        """Actions of the View menu."""
        return self._actions

    def navigation_actions(self, whole: str) -> list[QAction | None]:
        """Actions that change the view; `whole` is the text of the one that shows all of it."""
        return [
            action(self, "&Back", "Alt+Left", self.go_back),
            action(self, "&Forward", "Alt+Right", self.go_forward),
            action(self, whole, "Ctrl+0", self.go_home),
            action(self, "&Zoom in", "+", lambda: self.plot.zoom(1)),
            action(self, "Zoom &out", "-", lambda: self.plot.zoom(-1)),
        ]

    def computing_actions(self, stop: str) -> list[QAction | None]:
        """Actions that stop the computation, with the text `stop`, and that restart it."""
        return [action(self, stop, "Esc", self.stop), action(self, "Compute a&gain", "F5", self.recompute)]

    # --- requests ---

    def _emit_requests(self) -> None:
        """Emit the requests that are due and try the waiting ones at the next refresh. A hidden tab emits nothing."""
        if not self.isVisible():
            return
        self._queue_requests()
        was_stopped, sent = self.slots.abandoned, self.slots.due()
        for request in sent:
            self.requested.emit(request)
        if self.slots.is_waiting():
            self._request_throttle.throttle()
        if sent:
            self._stop_notice.hide()
        if sent and (was_stopped or self._picture_status() is None):
            self._emit_status()

    @property
    def picture_size(self) -> tuple[int, int]:
        """Columns and rows of the plot that shows the view."""
        return self.plot.grid_size

    def first_requests(self, size: tuple[int, int]) -> list[Any]:
        """The current requests, unless they were sent; a diagram that is refined for ever ends, and has this size."""
        if any(self.slots.asked(kind) is not None for kind in self.slots.kinds):
            return []
        self._queue_requests()
        newest = [self.slots.newest(kind) for kind in self.kinds if kind in self.slots.kinds]
        return [
            replace(request, grid=Grid(request.grid.viewport, *size), keep_refining=False) if hasattr(request, "keep_refining") else request
            for request in newest
            if request is not None
        ]

    def _drop(self, *kinds: type) -> None:
        """Discard the requests of these kinds and cancel them in the worker."""
        for kind in kinds:
            if self.slots.drop(kind):
                self.cancelled.emit(kind)

    # --- edits and navigation ---

    def _edit(self, name: str, value: Any) -> None:
        """Apply an edited field, or show in one line why it is not valid."""
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
        grid, limits = self.plot.grid, self.panel.limits(self.plot.given_view) | {name: value}
        self.panel.check_order(limits)
        wanted = Viewport.from_limits(**limits)
        if not all(self.plot.is_resolved(replace(grid, viewport=wanted))):
            what = f"{brief(str(value))} makes the view too narrow for float64 to resolve its {self.grain}"
            raise ValueError(f"{what}; give limits farther apart{self._obstacle()}")
        self.panel.keep_limits(wanted, limits)
        self._go(wanted)

    def _go(self, view: Viewport | None) -> None:
        if view is not None and view != self.plot.given_view:
            self.plot.set_viewport(view)
            self._show_grid(self.plot.grid)

    def go_home(self) -> None:
        """Show the whole picture."""
        self._go(self._home())

    def go_back(self) -> None:
        """Show the view before this one."""
        self._go(self._history.back())

    def go_forward(self) -> None:
        """Show the view after this one in the history."""
        self._go(self._history.forward())

    def _show_refusal(self, text: str) -> None:
        self._show_message(text + self._obstacle())

    def _obstacle(self) -> str:
        """What is added to a message that a view cannot be narrower: why, where more is known."""
        return ""

    def stop(self) -> None:
        """Stop sliders that are played; where there is none, cancel the computation. What is shown stays."""
        if self.panel.stop_playing():
            return
        self._request_throttle.cancel()
        missing = self.slots.abandon()
        self._stills.release()
        for kind in self.kinds:
            self.cancelled.emit(kind)
        if missing & {*self.principal}:
            self._stop_notice.show(self.plot)
        self._emit_status()

    def recompute(self) -> None:
        """Compute the current requests again."""
        self.slots.renew(self.slots.kinds)
        self._request_throttle.throttle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show the whole picture by Home, wherever the focus is, unless a text field has taken the key."""
        if event.key() == Qt.Key.Key_Home and not event.modifiers():
            self.plot.home_requested.emit()
        else:
            super().keyPressEvent(event)

    def begin_keys(self) -> None:
        """Give the keyboard focus to the picture."""
        self.plot.setFocus()

    # --- status and accessible descriptions ---

    def status(self) -> Status:
        """Status of the picture, and whether its computation was cancelled."""
        known = self._picture_status()
        if self.slots.abandoned:
            text = f"{ABANDONED} · {known.text}" if known else ABANDONED
            return Status(text, known.facts if known else (), at_once=True)
        return known or (BEGINNING if self.slots.unanswered else Status())

    def _emit_status(self) -> None:
        self.status_changed.emit(self.status())
        self._schedule_descriptions()

    def _schedule_descriptions(self) -> None:
        """Update the accessible descriptions after a short delay."""
        if not self._description_timer.isActive():
            self._description_timer.start()

    def _explain(self, texts: Mapping[str, tuple[str, str]]) -> None:
        """Set the titles and help texts of the plots, by object name."""
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
        """Accessible description of each plot, by object name."""
        return {}

    def _show_message(self, text: str) -> None:
        self.status_changed.emit(Status(text, passing=True))
