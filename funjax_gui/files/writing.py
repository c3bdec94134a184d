"""Writing a file whole or not at all, and saying in one line why it could not be read or written."""

import errno
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from funjax_gui.process_exit import DRAFTS

_REASONS = {
    errno.ENOSPC: "the disk is full; make room or choose another folder",
    errno.EDQUOT: "the disk quota is used up; make room or choose another folder",
    errno.EFBIG: "the file would be larger than is allowed here; choose another folder",
    errno.EACCES: "there is no permission; choose another folder",
    errno.EPERM: "there is no permission; choose another folder",
    errno.EROFS: "the disk can only be read; choose another folder",
    errno.ENOTDIR: "a part of its path is not a folder",
    errno.EISDIR: "it is a folder; give a file's name",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ELOOP: "its link leads to itself",
}


DAY = 86_400
"""Seconds."""


class FileError(ValueError):
    """A file could not be read or written; the text is one line that names the file, the reason and the remedy."""


def failure_reason(error: OSError, path: Path, action: str) -> FileError:
    """The FileError for `error` while doing `action` ("read" or "written") with `path`."""
    if error.errno == errno.ENOENT and action == "written":
        text = f"the folder {_shown(path.parent)} does not exist; make it first or choose another"
    elif error.errno == errno.ENOENT:
        text = "there is no such file"
    else:
        text = _REASONS.get(error.errno or 0) or error.strerror or str(error) or type(error).__name__
    return FileError(f"{_shown(path)} cannot be {action}: {text}")


@contextmanager
def atomic_write(path: Path | str) -> Iterator[IO[bytes]]:
    """A binary file to write, which becomes `path` when the block ends well; a link's target is replaced, not the link.

    However the block ends otherwise, `path` is as it was and nothing is left beside it. The file is begun at once, so that a
    wrong folder is known before any work is done. Raises FileError where the system refuses; other exceptions pass through.
    """
    shown = Path(path)
    try:
        target = Path(os.path.realpath(path))
        mode = _writable(target)
        draft = target.with_name(f".funjax-{secrets.token_hex(6)}.part")
        # Not tempfile: its files are for their owner alone, this one gets the usual permissions.
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    except ValueError as error:  # a zero byte in the name
        raise FileError(f"{_shown(shown)} cannot be written: {error}") from None
    except OSError as error:
        raise failure_reason(error, shown, "written") from error
    DRAFTS.add(draft)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            os.chmod(draft, mode)
        os.replace(draft, target)
    except OSError as error:
        raise failure_reason(error, shown, "written") from error
    finally:
        with suppress(OSError):
            os.unlink(draft)  # gone already where all went well
        DRAFTS.discard(draft)


def remove_old_drafts(*folders: Path) -> None:
    """Delete the drafts in these folders that have not been written to for a day: their process was killed."""
    for folder in folders:
        for draft in folder.glob(".funjax-*.part"):
            with suppress(OSError):
                about = draft.lstat()
                if stat.S_ISREG(about.st_mode) and time.time() - about.st_mtime > DAY:
                    draft.unlink()


def put_aside(path: Path) -> Path:
    """Rename a broken file to `NAME.broken.SUFFIX`, with a number where there is one of that name; returns the new path. OSError."""
    number, aside = 1, path.with_name(f"{path.stem}.broken{path.suffix}")
    while os.path.lexists(aside):
        number += 1
        aside = path.with_name(f"{path.stem}.broken-{number}{path.suffix}")
    os.rename(path, aside)
    return aside


def _writable(target: Path) -> int | None:
    """The mode to keep of an existing `target`, None where there is none. OSError where it must not be replaced."""
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "")
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is not a regular file; give another name")
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "")
    return stat.S_IMODE(mode)


def _shown(path: Path) -> str:
    """The path in one line, whatever is in its name."""
    text = str(path)
    return text if text.isprintable() else repr(text)
