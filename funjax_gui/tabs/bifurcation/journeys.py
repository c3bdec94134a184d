"""Journeys to other views of the diagram, to the next copy of it and out again: asked of the worker, then flown to."""

from collections.abc import Callable
from decimal import Decimal, localcontext

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStyle

from funjax_gui.plots import ViewPlot
from funjax_gui.tabs.request_slots import RequestSlots
from kernels.bifurcation import BifurcationFrame, BifurcationRequest, Goal, JourneyFrame, JourneyRequest
from kernels.geometry import Grid, Viewport, precision

DURATION = 700
"""Milliseconds of a flight."""

REFRESH = 16
"""Milliseconds between its frames."""

FARTHEST = 1e9
"""Ratio of the views' sizes beyond which there is no flight: the picture would be a single pixel for most of it."""

INPUT = {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.NativeGesture}
"""Events that end a flight at once, at its goal."""


class Journeys(QObject):
    """Asks for the goal of a journey, and shows its frames.

    `slots` takes requests, `ask` sends them; `request` returns the diagram's; `show` shows a view and requests its picture. A picture that
    is there before the end of a flight is kept until then, and given to `landed`.
    """

    def __init__(
        self,
        plot: ViewPlot,
        slots: RequestSlots,
        ask: Callable[[], object],
        request: Callable[[], BifurcationRequest],
        show: Callable[[Grid], object],
        landed: Callable[[BifurcationFrame], object],
    ) -> None:
        super().__init__(plot)
        self._plot, self._slots, self._ask, self._request, self._show, self._landed = plot, slots, ask, request, show, landed
        self._clock, self._timer = QElapsedTimer(), QTimer(self, interval=REFRESH)
        self._timer.timeout.connect(self._step)
        self._ends = plot.given_view, plot.given_view
        self._ahead: BifurcationFrame | None = None

    def travel(self, goal: Goal) -> None:
        """Go to the height of the attractor, into the largest copy in the view, or out to the copy around, as soon as that is known."""
        r = self._request()
        if r.line:
            self._plot.refused.emit("The height is not fitted, and no copies are looked for, along a line: there one parameter is swept.")
            return
        self._slots.submit(JourneyRequest(r.grid.viewport, r.map, r.sweep, r.parameters, goal))
        self._ask()

    def arrive(self, frame: JourneyFrame) -> None:
        """Go where the frame says, unless the view has changed meanwhile: to a copy in a flight."""
        self._slots.drop(JourneyRequest)
        now = self._request().grid.viewport
        if frame.request.viewport != now or frame.viewport == now:
            return
        begin = self._plot.given_view
        self._show(Grid(frame.viewport, *self._plot.grid_size))
        if frame.request.goal != "fit" and self._is_animated() and _is_near(begin, frame.viewport):
            self._ends = begin, frame.viewport
            self._clock.start()
            self._timer.start()
            self._plot.set_viewport(begin)
            self._application().installEventFilter(self)

    def keeps(self, frame: BifurcationFrame) -> bool:
        """Whether the view is on its way to that of the frame, which is kept until the end."""
        if self._timer.isActive():
            self._ahead = frame
        return self._timer.isActive()

    def end(self) -> None:
        """End the flight at its goal."""
        ahead = self._ahead
        if self.drop():
            self._plot.set_viewport(self._ends[1])
            if ahead is not None:
                self._landed(ahead)

    def drop(self) -> bool:
        """End the flight where it is, if there is one: another view is shown."""
        flying, self._ahead = self._timer.isActive(), None
        if flying:
            self._timer.stop()
            self._application().removeEventFilter(self)
        return flying

    @staticmethod
    def _application() -> QCoreApplication:
        application = QCoreApplication.instance()
        assert application is not None
        return application

    def _is_animated(self) -> bool:
        """Whether the desktop wants animations."""
        duration: int = self._plot.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration)
        return self._plot.isVisible() and duration > 0

    def _step(self) -> None:
        share = self._clock.elapsed() / DURATION
        if share >= 1:
            self.end()
        else:
            self._plot.set_viewport(on_the_way(*self._ends, share * share * (3 - 2 * share)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """End the flight at any input, and before the plot gets another size; Esc does nothing else."""
        if event.type() not in INPUT and not (event.type() == QEvent.Type.Resize and watched is self._plot):
            return False
        self.end()
        return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape


def on_the_way(begin: Viewport, end: Viewport, share: float) -> Viewport:
    """The view at a share of the way: its sizes change by a constant factor per share, about the point that stays in its place."""
    x, half_width = _between(begin.x, begin.half_width, end.x, end.half_width, share)
    y, half_height = _between(begin.y, begin.half_height, end.y, end.half_height, share)
    return Viewport(x, y, half_width, half_height)


def _between(begin: Decimal, half: float, end: Decimal, last: float, share: float) -> tuple[Decimal, float]:
    ratio = last / half
    left = (ratio**share - ratio) / (1 - ratio) if abs(ratio - 1) > 1e-6 else 1 - share
    with localcontext(prec=precision(min(half, last), begin, end)):
        return end + (begin - end) * Decimal(left), half * ratio**share


def _is_near(begin: Viewport, end: Viewport) -> bool:
    ratios = end.half_width / begin.half_width, end.half_height / begin.half_height
    return all(1 / FARTHEST < ratio < FARTHEST for ratio in ratios)
