"""The file of my maps in the user's data folder, shared by all windows that are open: read again before every change, written whole."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

import platformdirs
from PySide6.QtCore import QLockFile

from funjax_gui.files import FileError, atomic_write, failure_reason, open_regular, put_aside
from funjax_gui.formulas.saved_formula import KINDS, LARGEST, MOST, MyMapsError, SavedFormula, decode, dumps, is_newer, parse, salvage

PATIENCE = 3000
"""Milliseconds to wait for another window that is writing, which takes it a few."""

Edit = Callable[[tuple[SavedFormula, ...]], Iterable[SavedFormula]]


def path() -> Path:
    """Where the file is, whether it exists or not."""
    return platformdirs.user_data_path("funjax", appauthor=False) / "my-maps.toml"


def load(place: Path) -> tuple[SavedFormula, ...]:
    """What a file of maps holds. MyMapsError, one 'line N: …' a problem; FileError where it cannot be read."""
    try:
        return parse(decode(_first_bytes(place)))
    except OSError as error:
        raise failure_reason(error, place, "read") from error


def save(place: Path, library: Iterable[SavedFormula]) -> None:
    """Write them to a file, whole or not at all. ValueError in one line where that cannot be."""
    data = dumps(library).encode()
    if len(data) > LARGEST:
        raise ValueError(f"the file would be larger than {LARGEST >> 20} MiB; choose fewer formulas")
    with atomic_write(place) as file:
        file.write(data)


def _first_bytes(place: Path) -> bytes:
    with open_regular(place) as file:
        return file.read(LARGEST + 1)


class Store:
    """The file. `notice` says in one line what was wrong with it when it was last read; empty: nothing."""

    def __init__(self, place: Path | None = None) -> None:
        self.place = place or path()
        self.notice = ""

    @property
    def stamp(self) -> tuple[int, int, int] | None:
        """Another one whenever the file is another; None where there is none."""
        try:
            about = os.stat(self.place)
        except OSError:
            return None
        return about.st_ino, about.st_mtime_ns, about.st_size

    def read(self) -> tuple[SavedFormula, ...]:
        """What is in the file. A damaged one is put aside and what can be read of it kept; one that is not ours to change stays."""
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
        """Write what `edit` makes of what the file holds by now, and return that.

        ValueError in one line, and a file as it was, where `edit` raises it, where they are too many, or the system refuses.
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
        """What can be read, and a line for each thing that cannot. FileError where the file is not to be touched."""
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
        """What the file holds. Where a part of it makes no sense the file is put aside, and one with the rest takes its place."""
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
        """Raise FileError with the reason where the folder takes no new file, which Qt's lock does not tell."""
        try:
            with TemporaryFile(dir=self.place.parent) as file:
                file.write(b"a")
        except OSError as error:
            raise failure_reason(error, self.place, "written") from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other windows from changing the file meanwhile. FileError where that cannot be had."""
        try:
            self.place.parent.mkdir(parents=True, exist_ok=True)
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
