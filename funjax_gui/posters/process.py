"""A poster that is made by a process of its own, `funjax render` with tiles, beside the window."""

import re
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal

from funjax_gui.posters.order import PosterOrder
from funjax_gui.sessions import session as sessions

EVERY = 0.2
"""Seconds between two lines of progress."""

PATIENCE = 10_000
"""Milliseconds that it has to end before it is killed, as where the window is closed."""

PROGRESS = re.compile(r"(\d+) of (\d+) tiles(?:, .*)?$")
"""The end of a line of progress: str(kernels.posters.Progress)."""


class PosterProcess(QObject):
    """Runs one order at a time."""

    progressed = Signal(int, int, str)
    """Tiles done, of how many, and all that the line says."""
    ended = Signal(bool, str)
    """Whether the poster is there, and what there is to say of it or of its failure, in one line."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._rest, self._said, self._stopped = "", "", False

    @property
    def is_running(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    def start(self, order: PosterOrder, resume: bool) -> None:
        """Begin the poster, or resume with what its store has, whose session is then in the store."""
        assert self._process is None
        self._rest = self._said = ""
        self._stopped = False
        source = order.store
        if not resume:
            self._folder = tempfile.TemporaryDirectory(prefix="funjax-")
            source = Path(self._folder.name) / "poster.funjax.toml"
            sessions.save(source, order.session)
        process = self._process = QProcess(self)
        process.readyReadStandardError.connect(self._read)
        process.finished.connect(lambda status, _: self._end(status))
        process.errorOccurred.connect(lambda error: self._end(-1) if error == QProcess.ProcessError.FailedToStart else None)
        program, *words = command()
        process.start(program, [*words, "render", str(source), *order.arguments(resume), "--report-every", str(EVERY)])

    def stop(self) -> None:
        """Have the process end; the store stays, with all tiles that are in it."""
        if self._process is not None:
            self._stopped = True
            self._process.terminate()

    def close(self) -> None:
        """Stop, and wait until the process has ended."""
        process = self._process
        self.stop()
        if process is not None and not process.waitForFinished(PATIENCE):
            process.kill()
            process.waitForFinished(PATIENCE)

    def _read(self) -> None:
        assert self._process is not None
        text = self._rest + bytes(self._process.readAllStandardError().data()).decode(errors="replace")
        *lines, self._rest = text.split("\n")
        for line in filter(None, map(str.strip, lines)):
            if found := PROGRESS.search(line):
                self.progressed.emit(int(found[1]), int(found[2]), found[0])
            else:
                self._said = line

    def _end(self, status: int) -> None:
        if self._process is None:
            return
        self._read()
        process, self._process = self._process, None
        process.deleteLater()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
        said = self._said.removeprefix("funjax: ")
        if self._stopped:
            said = "stopped"
        elif status and not said:
            said = process.errorString() if status == -1 else f"the process ended with status {status}"
        self.ended.emit(status == 0 and not self._stopped, said)


def command() -> tuple[str, ...]:
    """The words that start `funjax`: this Python with the package, or the bundle's program."""
    return (sys.executable,) if getattr(sys, "frozen", False) else (sys.executable, "-m", "funjax_gui")
