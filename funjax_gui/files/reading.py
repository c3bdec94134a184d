"""Opening a file of unknown origin."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import IO


def open_regular(path: Path | str) -> IO[bytes]:
    """The file at `path`, opened to be read. OSError where it is a pipe or a device, which could keep its reader waiting for ever."""
    file = open(path, "rb", opener=_open)
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "it is not a regular file")
    return file


def check_lock(path: Path | str) -> None:
    """Raise OSError where the lock of the file at `path` is a pipe or a device, which Qt would wait for."""
    with suppress(FileNotFoundError, NotADirectoryError):
        if not stat.S_ISREG(os.stat(f"{path}.lock").st_mode):
            raise OSError(errno.EINVAL, f"{path}.lock is not a regular file; remove it")


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # opening a pipe waits for its writer without it
