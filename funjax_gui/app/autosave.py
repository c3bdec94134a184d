"""Autosave: the window's state in the user's data folder while it is open, so that a crash or kill -9 loses nothing.

Each running window has a file of its own, named after its process and locked by it, and deletes it when it closes. A file without a
process that holds its lock was left by a crash.
"""

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from PySide6.QtCore import QLockFile, QObject, QTimer

from funjax_gui.files import check_lock, put_aside
from funjax_gui.sessions import Session
from funjax_gui.sessions import session as sessions

EVERY = 3000
"""Interval of the autosave in milliseconds."""


def folder() -> Path:
    """The folder of the states."""
    return platformdirs.user_data_path("funjax", appauthor=False) / "autosave"


@dataclass(frozen=True)
class LeftBehind:
    """The file of a crashed window, with its lock, which this process holds so that no other window takes the file."""

    path: Path
    lock: QLockFile

    def discard(self) -> None:
        """Delete it."""
        with suppress(OSError):
            self.path.unlink()
        self.lock.unlock()

    def put_aside(self) -> None:
        """Rename it, since it cannot be read."""
        with suppress(OSError):
            put_aside(self.path)
        self.lock.unlock()

    def release(self) -> None:
        """Leave it for the next start."""
        self.lock.unlock()


class Autosave(QObject):
    """Saves the result of `session` every EVERY milliseconds if it has changed, and on request."""

    def __init__(self, session: Callable[[], Session], parent: QObject | None = None, place: Path | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._place = place or folder()
        self._path = self._place / f"{os.getpid()}-{id(self):x}.toml"
        self._lock = _lock(self._path)
        self._kept: Session | None = None
        self._timer = QTimer(self, interval=EVERY)
        self._timer.timeout.connect(self.keep)

    def begin(self) -> None:
        """Begin to save states. Where that is impossible the window works without autosave."""
        try:
            self._place.mkdir(parents=True, exist_ok=True)
        except OSError:
            return
        if self._lock.tryLock(0):
            self._kept = self._session()
            self._timer.start()

    def take_over(self, left: LeftBehind) -> None:
        """Continue in the file of a crashed window, so that its state is on disk at all times."""
        self.end()
        self._path, self._lock, self._kept = left.path, left.lock, None
        self._timer.start()

    def keep(self) -> None:
        """Save the state if it has changed."""
        session = self._session()
        if not self._lock.isLocked() or session == self._kept:
            return
        with suppress(ValueError, OSError):
            sessions.save(self._path, session)
            self._kept = session

    def end(self) -> None:
        """Delete the file, since the window closes normally and nothing is to be restored."""
        self._timer.stop()
        if self._lock.isLocked():
            with suppress(OSError):
                self._path.unlink()
            self._lock.unlock()


def left_behind(place: Path | None = None) -> list[LeftBehind]:
    """States of crashed windows, the newest first, locked. Stale locks are removed.

    Only ordinary files count, so that a link or a folder among them does no harm.
    """
    place = place or folder()
    found = []
    for path in place.glob("*.toml"):
        lock = _lock(path)
        try:
            about = path.lstat()
            check_lock(path)
        except OSError:  # gone by now, or no lock of ours
            continue
        if stat.S_ISREG(about.st_mode) and ".broken" not in path.name and lock.tryLock(0):
            found.append((about.st_mtime_ns, path.name, LeftBehind(path, lock)))
    for path in filter(Path.is_file, place.glob("*.toml.lock")):
        if not os.path.lexists(path.with_suffix("")) and (lock := _lock(path.with_suffix(""))).tryLock(0):
            lock.unlock()
    return [left for _, _, left in sorted(found, key=lambda one: one[:2], reverse=True)]


def _lock(path: Path) -> QLockFile:
    """The lock of a file. Qt's lock detects whether its process is alive even if process numbers are reused."""
    lock = QLockFile(f"{path}.lock")
    lock.setStaleLockTime(0)
    return lock
