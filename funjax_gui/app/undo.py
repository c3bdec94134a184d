"""Undo and redo of what the user changes in the tabs: Qt's undo stacks over the tabs' own session tables."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence, QUndoCommand, QUndoGroup, QUndoStack

from funjax_gui.sessions import Session
from funjax_gui.tabs import Tab

SETTLED = 400
"""Milliseconds without a change that make what came before one step: a drag of a slider is undone as a whole."""

LONGEST = 500


class Undo(QObject):
    """A stack a tab; the open tab's is the one that undo and redo work on."""

    moved = Signal(object, object)
    """A tab has come to another state, by a change, undo or redo: the tab, and a session with the table of its state."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._group = QUndoGroup(self)
        self._watched: dict[Tab, _Watched] = {}

    def watch(self, tab: Tab) -> None:
        """Keep the states that this tab goes through."""
        self._watched[tab] = _Watched(tab, self._group, self)

    def open(self, tab: Tab) -> None:
        """Undo and redo in this tab from now on."""
        self._group.setActiveStack(self._watched[tab].stack)

    def actions(self) -> list[QAction]:
        """Undo and redo, enabled when there is something to do."""
        undo, redo = QAction("&Undo", self), QAction("&Redo", self)
        undo.setShortcut(QKeySequence("Ctrl+Z"))
        redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        for action, able, do in ((undo, self._group.canUndoChanged, self.undo), (redo, self._group.canRedoChanged, self.redo)):
            action.setEnabled(False)
            able.connect(action.setEnabled)
            action.triggered.connect(lambda _, do=do: do())
        return [undo, redo]

    def undo(self) -> None:
        """Go back to the state before the last change, also one that has only just been made."""
        self.settle()
        self._group.undo()

    def redo(self) -> None:
        """Make the change again that was undone last."""
        self.settle()
        self._group.redo()

    def change(self, tab: Tab, session: Session) -> None:
        """Have the tab show what the session says of it, as a step that can be undone."""
        self.settle()
        tab.restore(session)
        tab.changed.emit()

    def settle(self) -> None:
        """Take what the open tab shows now as a state, without waiting."""
        for watched in self._watched.values():
            watched.keep()


class _Watched(QObject):
    """A tab, its undo stack and the state it was last seen in."""

    def __init__(self, tab: Tab, group: QUndoGroup, owner: Undo) -> None:
        super().__init__(tab)
        self._owner = owner
        self.stack = QUndoStack(group)
        self.stack.setUndoLimit(LONGEST)
        self._tab = tab
        self._state = tab.session(Session())
        self._timer = QTimer(self, singleShot=True, interval=SETTLED)
        self._timer.timeout.connect(self.keep)
        tab.changed.connect(self._timer.start)

    def keep(self) -> None:
        """Push the tab's state, if it is another than before."""
        self._timer.stop()
        state = self._tab.session(Session())
        if state != self._state:
            before, self._state = self._state, state
            self.stack.push(_Step(self, before, state))
            self._owner.moved.emit(self._tab, state)

    def show(self, state: Session) -> None:
        """Have the tab show a state."""
        if state != self._state:
            self._state = state
            self._tab.restore(state)
            self._timer.stop()
            # What the tab makes of it, say a view clamped, is no step of the user's.
            self._state = self._tab.session(Session())
            self._owner.moved.emit(self._tab, self._state)


class _Step(QUndoCommand):
    """One change, from a state to another. Qt asks for it to be done when it is pushed: it is then, and nothing happens."""

    def __init__(self, watched: _Watched, before: Session, after: Session) -> None:
        super().__init__()
        self._watched, self._before, self._after = watched, before, after

    def undo(self) -> None:
        self._watched.show(self._before)

    def redo(self) -> None:
        self._watched.show(self._after)
