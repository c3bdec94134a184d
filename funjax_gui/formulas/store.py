"""The file of saved formulas in the user's data folder, shared by all windows: read again before each change, written atomically."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

import platformdirs
from PySide6.QtCore import QLockFile

from funjax_gui.files import FileError, atomic_write, check_lock, failure_reason, open_regular, put_aside
from funjax_gui.formulas.saved_formula import KINDS, LARGEST, MOST, MyMapsError, SavedFormula, decode, dumps, is_newer, parse, salvage

PATIENCE = 3000
"""Milliseconds to wait for another window that is writing."""

Edit = Callable[[tuple[SavedFormula, ...]], Iterable[SavedFormula]]


def path() -> Path:
    """Path of the file, whether it exists or not."""
    return platformdirs.user_data_path("funjax", appauthor=False) / "my-maps.toml"


def load(place: Path) -> tuple[SavedFormula, ...]:
    """Formulas of a file. Raises MyMapsError, one 'line N: …' for each error, or FileError if it cannot be read."""
    try:
        return parse(decode(_first_bytes(place)))
    except OSError as error:
        raise failure_reason(error, place, "read") from error


def save(place: Path, library: Iterable[SavedFormula]) -> None:
    """Write formulas to a file atomically. Raises ValueError in one line."""
    data = dumps(library).encode()
    if len(data) > LARGEST:
        raise ValueError(f"the file would be larger than {LARGEST >> 20} MiB; choose fewer formulas")
    with atomic_write(place) as file:
        file.write(data)


def _first_bytes(place: Path) -> bytes:
    with open_regular(place) as file:
        return file.read(LARGEST + 1)


class Store:
    """The file of saved formulas; `notice` is the error of its last reading, empty if there was none."""

    def __init__(self, place: Path | None = None) -> None:
        self.place = place or path()
        self.notice = ""

    @property
    def stamp(self) -> tuple[int, int, int] | None:
        """A value that changes whenever the file changes; None if there is no file."""
        try:
            about = os.stat(self.place)
        except OSError:
            return None
        return about.st_ino, about.st_mtime_ns, about.st_size

    def read(self) -> tuple[SavedFormula, ...]:
        """Formulas of the file. A damaged file is renamed and its readable part kept; a file of a newer version is left alone."""
        self.notice = ""
        found: tuple[SavedFormula, ...] = ()
        problems: list[str] = []
        try:
            found, problems = self._read()
            if problems:
                with self._locked():
                    found = self._mended()
        except ValueError as error:
            damage = f"The file of my maps is damaged ({problems[0]}), and could not be repaired" if problems else "My maps cannot be read"
            self.notice = f"{damage}: {error}"
        return found

    def change(self, edit: Edit) -> tuple[SavedFormula, ...]:
        """Apply `edit` to the current formulas of the file, write and return the result.

        Raises ValueError in one line, without a change of the file, if `edit` raises it, there are too many formulas, or writing fails.
        """
        self.notice = ""
        with self._locked():
            changed = tuple(edit(self._mended()))
            for kind in KINDS:
                if (count := sum(saved.kind == kind for saved in changed)) > MOST:
                    raise ValueError(f"that makes {count} {kind}s; at most {MOST} are kept, so delete some first, or export them")
            save(self.place, changed)
        return changed

    def _read(self) -> tuple[tuple[SavedFormula, ...], list[str]]:
        """(readable formulas, errors). Raises FileError if the file must not be modified."""
        try:
            data = _first_bytes(self.place)
        except FileNotFoundError:
            return (), []
        except OSError as error:
            raise failure_reason(error, self.place, "read") from error
        try:
            return salvage(decode(data))
        except MyMapsError as error:
            if is_newer(data):
                raise FileError(f"{self.place}: {error}") from None
            return (), list(error.problems)

    def _mended(self) -> tuple[SavedFormula, ...]:
        """Formulas of the file; a damaged file is renamed and replaced by one with the readable formulas."""
        found, problems = self._read()
        if problems:
            try:
                aside = put_aside(self.place)
            except OSError as error:
                raise failure_reason(error, self.place, "written") from error
            save(self.place, found)
            rest = f"the {len(found)} that could be read are kept, and " if found else ""
            self.notice = f"The file of my maps was damaged ({problems[0]}); {rest}it is kept as {aside}"
        return found

    def _try_to_write(self) -> None:
        """Raise FileError with the reason if no file can be made in the folder, which Qt's lock does not report."""
        try:
            with TemporaryFile(dir=self.place.parent) as file:
                file.write(b"a")
        except OSError as error:
            raise failure_reason(error, self.place, "written") from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Lock the file against other windows. Raises FileError if that fails."""
        try:
            self.place.parent.mkdir(parents=True, exist_ok=True)
            check_lock(self.place)
        except OSError as error:
            raise failure_reason(error, self.place, "written") from error
        lock = QLockFile(f"{self.place}.lock")
        if not lock.tryLock(PATIENCE):
            if lock.error() == QLockFile.LockError.LockFailedError:
                raise FileError(f"{self.place} is being changed by another window; try again")
            self._try_to_write()
            raise FileError(f"{self.place} cannot be written: there is no permission; check the permissions of its folder")
        try:
            yield
        finally:
            lock.unlock()
