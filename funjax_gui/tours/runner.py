"""Runs a tour script step by step through the window's ordinary controls; any key, click or turn of the wheel ends it."""

import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal, localcontext
from functools import singledispatchmethod
from time import monotonic
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QWidget

from funjax_gui.documents import document_of
from funjax_gui.tabs import Tab
from funjax_gui.tours.actions import Action, Drag, Fly, Highlight, Open, Play, Rewind, Script, Show, Step, Wait
from funjax_gui.tours.highlight import Outline
from funjax_gui.tours.host import Stage
from funjax_gui.tours.targets import EVERYWHERE, control_name
from funjax_gui.widgets import Player, unfold
from kernels.geometry import Viewport, decimal, precision

REFRESH = 30
"""Milliseconds between two steps of a motion."""

POLITE = 700
"""Milliseconds to notice an outline or a step."""

INPUT = (QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride, QEvent.Type.TouchBegin)
MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)


class Runner(QObject):
    """Runs one script at a time."""

    ended = Signal()

    def __init__(self, stage: Stage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stage = stage
        self._steps: Iterator[int] = iter(())
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._go_on)
        self._running = self._fresh = False
        self._tab: Tab | None = None
        self._sources: list[QObject] = []

    @property
    def running(self) -> bool:
        """Whether a script is running."""
        return self._running

    def run(self, script: Script) -> None:
        """Run a script in place of a running one."""
        self.stop()
        self._running, self._tab = True, None
        self._steps = (wait for action in script for wait in self._do(action))
        QGuiApplication.instance().focusObjectChanged.connect(self._listen)  # type: ignore[union-attr]
        self._listen(QGuiApplication.focusObject())
        self._go_on()

    def stop(self) -> None:
        """Stop the script; what is shown stays."""
        if not self._running:
            return
        self._running = False
        self._timer.stop()
        self._steps = iter(())
        QGuiApplication.instance().focusObjectChanged.disconnect(self._listen)  # type: ignore[union-attr]
        self._listen(None)
        player = (self._tab or self._stage.tab).findChild(Player)
        if player is not None and player.playing:
            player.play()
        self.ended.emit()

    def _listen(self, focus: QObject | None) -> None:
        """Watch the window's input while a script runs. Shortcut keys are sent to the focused widget only."""
        for source in self._sources:
            with suppress(RuntimeError):  # deleted meanwhile
                source.removeEventFilter(self)
        self._sources = [source for source in (self._stage.input(), focus) if source is not None and self._running]
        for source in self._sources:
            source.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stop at any input, which is delivered as usual."""
        if event.type() in INPUT and not (isinstance(event, QKeyEvent) and event.key() in MODIFIERS):
            self.stop()
        return False

    def _go_on(self) -> None:
        # Each action belongs to the tab that the script has opened; undo, say, may open another.
        wait = next(self._steps, None) if self._tab in (None, self._stage.tab) else None
        if wait is None:
            self.stop()
        elif self._running:
            self._tab = self._stage.tab
            self._timer.start(wait)

    # --- the actions: each is done in steps, and says how many milliseconds to wait after each ---

    @singledispatchmethod
    def _do(self, action: Action) -> Iterator[int]:
        raise NotImplementedError

    @_do.register
    def _show(self, action: Show) -> Iterator[int]:
        self._stage.show_table(action.session)
        self._fresh = True
        yield 4 * REFRESH  # the tab asks at the next refresh of the screen

    def _settled(self) -> Iterator[int]:
        """Wait for the requests of a scene, up to a limit, before a motion."""
        patience = document_of(self._stage.tab.name).patience if self._fresh else 0.0
        self._fresh = False
        begun = monotonic()
        while monotonic() - begun < patience and self._stage.is_computing():
            yield REFRESH

    @_do.register
    def _drag(self, action: Drag) -> Iterator[int]:
        yield from self._settled()
        move = self._pin if action.name == "pin" else control_of(self._stage.tab, action.name).edited.emit
        yield from _evenly(action.seconds, lambda share: move(action.at(share)))

    def _pin(self, value: Any) -> None:
        """Pin a column, as a click does."""
        plot: Any = self._stage.tab.plot  # type: ignore[attr-defined]
        plot.set_pin_at(decimal(value))
        plot.column_picked.emit(plot.grid.viewport.u_of(value))

    @_do.register
    def _fly(self, action: Fly) -> Iterator[int]:
        yield from self._settled()
        plot: Any = self._stage.tab.plot  # type: ignore[attr-defined]
        first = plot.given_view
        yield from _evenly(action.seconds, lambda share: plot.go(between(first, action.view, share)))

    @_do.register
    def _play(self, action: Play) -> Iterator[int]:
        yield from self._settled()
        player = self._player()
        player.reset()
        yield POLITE
        player.play()
        begun = monotonic()
        while player.playing and monotonic() - begun < action.seconds:
            yield REFRESH
        player.run()

    @_do.register
    def _rewind(self, action: Rewind) -> Iterator[int]:
        yield from self._settled()
        self._player().reset()
        yield POLITE

    @_do.register
    def _step(self, action: Step) -> Iterator[int]:
        yield from self._settled()
        player = self._player()
        for _ in range(action.steps):
            (player.inner_step if action.inner else player.step)()
            yield POLITE

    def _player(self) -> Player:
        player = self._stage.tab.findChild(Player)
        assert player is not None
        return player

    @_do.register
    def _highlight(self, action: Highlight) -> Iterator[int]:
        for name in action.names:
            target = part_of(self._stage.tab, name)
            unfold(target)
            if target.isVisible():
                Outline(target, self._stage.colours())
        yield POLITE

    @_do.register
    def _open(self, action: Open) -> Iterator[int]:
        self._stage.open_dialog(action.dialog)
        yield POLITE

    @_do.register
    def _wait(self, action: Wait) -> Iterator[int]:
        yield round(1000 * action.seconds)


def control_of(tab: Tab, name: str) -> Any:
    """The control of a session's key or a parameter. Raises KeyError if there is none."""
    return tab.front.panel.control(control_name(tab.name, name))  # type: ignore[attr-defined]


def part_of(tab: Tab, name: str) -> QWidget:
    """The widget of that name. Raises LookupError if there is none."""
    with suppress(KeyError):
        control: QWidget = control_of(tab, name)
        return control
    found = (
        tab.window().findChild(QWidget, name) if name in EVERYWHERE else tab.front.findChild(QWidget, name) or tab.findChild(QWidget, name)
    )
    if found is None:
        raise LookupError(f"no widget in {tab.name} is called {name}")
    return found


def _evenly(seconds: float, move: Callable[[float], Any]) -> Iterator[int]:
    """Call `move` with shares from 0 to 1 of the time, at its end with 1 exactly."""
    begun = monotonic()
    share = 0.0
    while share < 1:
        move(share)
        yield REFRESH
        share = (monotonic() - begun) / seconds
    move(1.0)
    yield REFRESH


def between(first: Viewport, last: Viewport, share: float) -> Viewport:
    """The view at `share` of a zoom with smooth start and end and constant rate of magnification."""
    if share >= 1:
        return last
    gentle = share * share * (3 - 2 * share)
    x, half_width = _axis(first.x, first.half_width, last.x, last.half_width, gentle)
    y, half_height = _axis(first.y, first.half_height, last.y, last.half_height, gentle)
    return Viewport(x, y, half_width, half_height).panned(0.0, 0.0)  # tidied


def _axis(first: Decimal, first_half: float, last: Decimal, last_half: float, share: float) -> tuple[Decimal, float]:
    """The centre and half of the side: what is magnified stays under its place, as where a wheel is turned."""
    half = first_half * (last_half / first_half) ** share
    if math.isclose(first_half, last_half, rel_tol=1e-6):
        left = 1 - share
    else:
        left = (half - last_half) / (first_half - last_half)
    with localcontext(prec=precision(half, first, last)):
        return last + (first - last) * Decimal(left), half
