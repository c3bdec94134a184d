"""Undo and redo of what the user changes in the tabs: Qt's undo stacks over the tabs' own session tables."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence, QUndoCommand, QUndoGroup, QUndoStack

from funjax_gui.sessions import Session
from funjax_gui.tabs import Tab

SETTLED = 400
"""Milliseconds without a change that end an undo step: the drag of a slider is a single step, and so is the typing of a formula."""

LONGEST = 500


class Undo(QObject):
    """An undo stack for each tab; undo and redo act on that of the open tab."""

    moved = Signal(object, object)
    """The state of a tab has changed, by an edit, undo or redo: (tab, session with its table)."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._group = QUndoGroup(self)
        self._watched: dict[Tab, _Watched] = {}

    def watch(self, tab: Tab) -> None:
        """Record the states of this tab."""
        self._watched[tab] = _Watched(tab, self._group, self)

    def open(self, tab: Tab) -> None:
        """Make this tab's stack the active one."""
        self._group.setActiveStack(self._watched[tab].stack)

    def actions(self) -> list[QAction]:
        """The Undo and Redo actions."""
        undo, redo = QAction("&Undo", self), QAction("&Redo", self)
        undo.setShortcut(QKeySequence("Ctrl+Z"))
        redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        for action, able, do in ((undo, self._group.canUndoChanged, self.undo), (redo, self._group.canRedoChanged, self.redo)):
            action.setEnabled(False)
            able.connect(action.setEnabled)
            action.triggered.connect(lambda _, do=do: do())
        return [undo, redo]

    def undo(self) -> None:
        """Undo the last change, also one that is not recorded yet."""
        self.settle()
        self._group.undo()

    def redo(self) -> None:
        """Redo the last undone change."""
        self.settle()
        self._group.redo()

    def change(self, tab: Tab, session: Session) -> None:
        """Restore the tab from the session, as a step that can be undone."""
        self.settle()
        tab.restore(session)
        tab.changed.emit()

    def settle(self) -> None:
        """Record the state of the open tab at once."""
        for watched in self._watched.values():
            watched.keep()


class _Watched(QObject):
    """A tab, its undo stack and its last recorded state."""

    def __init__(self, tab: Tab, group: QUndoGroup, owner: Undo) -> None:
        super().__init__(tab)
        self._owner = owner
        self.stack = QUndoStack(group)
        self.stack.setUndoLimit(LONGEST)
        self._tab = tab
        self._state = tab.session(Session())
        self._timer = QTimer(self, singleShot=True, interval=SETTLED)
        self._timer.timeout.connect(self._settle)
        tab.changed.connect(self._timer.start)

    def _settle(self) -> None:
        """Record the state, once no change is under way."""
        if self._tab.is_changing:
            self._timer.start()
        else:
            self.keep()

    def keep(self) -> None:
        """Push the tab's state if it has changed; what changes by itself ends."""
        self._tab.end_changes()
        self._timer.stop()
        state = self._tab.session(Session())
        if state != self._state:
            before, self._state = self._state, state
            self.stack.push(_Step(self, before, state))
            self._owner.moved.emit(self._tab, state)

    def show(self, state: Session) -> None:
        """Restore a state of the tab."""
        if state != self._state:
            self._state = state
            self._tab.restore(state)
            self._timer.stop()
            # Adjustments by the tab, such as a clamped view, are not a step of the user.
            self._state = self._tab.session(Session())
            self._owner.moved.emit(self._tab, self._state)


class _Step(QUndoCommand):
    """A change from one state to another. Qt calls redo when it is pushed, which has no effect since it is done already."""

    def __init__(self, watched: _Watched, before: Session, after: Session) -> None:
        super().__init__()
        self._watched, self._before, self._after = watched, before, after

    def undo(self) -> None:
        self._watched.show(self._before)

    def redo(self) -> None:
        self._watched.show(self._after)
