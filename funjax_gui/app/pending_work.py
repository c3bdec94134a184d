"""Long-running work in the status bar: the request that is compiled or computed, its duration, and a button to abandon it."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from funjax_gui.app.status_bar import StatusLine
from funjax_gui.documents import request_labels
from funjax_gui.formulas import find_equations, find_map, find_objective
from funjax_gui.worker import Delay, Worker
from kernels.equations import TITLE as EQUATION_TITLE
from kernels.execution import compilation
from kernels.formulas import TITLE

LONGEST, ALL = 36, 1000
"""Maximum number of characters of a formula; the tool tip has all of it."""

HELD = 500
"""Milliseconds for which it stays shown between two long steps of a request."""


def subject(request: Any) -> str:
    """Name of the map or objective of a request: its title, or the formula of a typed one; empty if it has neither."""
    request = getattr(request, "runs", (request,))[0]
    if hasattr(request, "map"):
        chosen: Any = find_map(request.map)
    elif hasattr(request, "objective"):
        chosen = find_objective(request.objective)
    elif hasattr(request, "equations"):
        chosen = find_equations(request.equations)
    else:
        return ""
    return str(chosen.formula if chosen.title in (TITLE, EQUATION_TITLE) else chosen.title)


def what(request: Any, longest: int) -> str:
    """The part of the picture and its map or objective, shortened to `longest` characters; for an export, what it computes."""
    computed = getattr(request, "request", request)
    part = request_labels()[type(computed)] + ("" if computed is request else ", to export")
    name = subject(computed)
    short = name if len(name) <= longest else name[: longest - 1] + "…"
    return f"{part}: {short}" if name else part


def sentence(delay: Delay, longest: int = LONGEST) -> str:
    """What delays the request, and for how long."""
    named = what(delay.request, longest)
    if delay.thread is None:
        text = f"waiting for the compiler, {named}"
    elif compilation.is_under_way(delay.thread):
        text = f"compiling {named}"
    else:
        text = f"computing {named}" + ("; the compiler is busy" if compilation.is_under_way() else "")
    return f"{text} · {delay.seconds:.0f} s" if delay.seconds >= 1 else text


class Delays(QObject):
    """Says in `line` what the worker is held up by: requests of the open tab, whose kinds `first` names in their order, or an export."""

    abandoned = Signal(object)
    """The request that the user abandons."""

    def __init__(self, worker: Worker, line: StatusLine, first: Callable[[], tuple[type, ...]]) -> None:
        super().__init__(line)
        self._worker, self._line, self._first = worker, line, first
        self._shown: Any = None
        self._held = QTimer(self, singleShot=True, interval=HELD)
        self._held.timeout.connect(self._end)
        worker.delayed.connect(self._show)
        line.abandon.clicked.connect(lambda: self.abandoned.emit(self._shown))

    def _show(self, delays: tuple[Delay, ...]) -> None:
        order = self._first()
        exports = [delay for delay in delays if hasattr(delay.request, "request")]
        known = sorted((delay for delay in delays if type(delay.request) in order), key=lambda delay: order.index(type(delay.request)))
        if chosen := next(iter([*known, *exports]), None):
            self._shown = chosen.request
            self._held.stop()
            self._line.show_delay(sentence(chosen), sentence(chosen, ALL))
        elif type(self._shown) not in self._worker.running:
            self._end()
        elif not self._held.isActive():
            self._held.start()  # its next step may be as long

    def _end(self) -> None:
        self._shown = None
        self._held.stop()
        self._line.show_delay("")
