"""Keeps the window's state in the user's data folder while it is open, so that a crash, or kill -9, loses nothing.

Each running window has a file of its own, named after its process, and takes it away when it closes. One that is still there, of a
process that is not, was left by a crash.
"""

import os
from collections.abc import Callable
from pathlib import Path

import platformdirs
from PySide6.QtCore import QLockFile, QObject, QTimer

from funjax_gui.sessions import Session
from funjax_gui.sessions import session as sessions

EVERY = 3000
"""Milliseconds between looks at whether there is something to keep."""


def folder() -> Path:
    """Where the states are kept."""
    return platformdirs.user_data_path("funjax", appauthor=False) / "autosave"


class Autosave(QObject):
    """Keeps what `session` returns, every EVERY milliseconds if it changed, and when told to."""

    def __init__(self, session: Callable[[], Session], parent: QObject | None = None, place: Path | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._place = place or folder()
        self._path = self._place / f"{os.getpid()}-{id(self):x}.toml"
        # Qt's lock knows whether the process that holds it is alive, also where process numbers are used again.
        self._lock = QLockFile(str(self._path) + ".lock")
        self._lock.setStaleLockTime(0)
        self._kept: Session | None = None
        self._timer = QTimer(self, interval=EVERY)
        self._timer.timeout.connect(self.keep)

    def begin(self) -> None:
        """Keep states from now on; one that cannot be kept is no reason to disturb anybody."""
        try:
            self._place.mkdir(parents=True, exist_ok=True)
        except OSError:
            return
        if self._lock.tryLock(0):
            self._kept = self._session()
            self._timer.start()

    def keep(self) -> None:
        """Write the state down if it is another than before."""
        session = self._session()
        if not self._lock.isLocked() or session == self._kept:
            return
        try:
            sessions.save(self._path, session)
            self._kept = session
        except (ValueError, OSError):
            pass

    def end(self) -> None:
        """The window closes in good order: nothing is to be restored."""
        self._timer.stop()
        if self._lock.isLocked():
            self._path.unlink(missing_ok=True)
            self._lock.unlock()


def left_behind(place: Path | None = None) -> Path | None:
    """The newest state of a window that did not close in good order, under a name of its own; None where there is none.

    Others that are left are older states of windows that crashed: they are cleared away.
    """
    place = place or folder()
    found = sorted((path for path in place.glob("*.toml") if _is_orphan(path)), key=lambda path: path.stat().st_mtime)
    for path in found[:-1]:
        path.unlink(missing_ok=True)
    return found[-1] if found else None


def _is_orphan(path: Path) -> bool:
    lock = QLockFile(str(path) + ".lock")
    lock.setStaleLockTime(0)
    free = lock.tryLock(0)
    if free:
        lock.unlock()
    return free
