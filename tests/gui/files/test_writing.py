"""Files are written whole or not at all, and what goes wrong is said in one line."""

import errno
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from funjax_gui.files.writing import FileError, atomic_write, remove_old_drafts


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that is there already, alone in its folder."""
    path = tmp_path / "old.txt"
    path.write_bytes(b"old")
    return path


def write(path: Path | str, data: bytes = b"new") -> None:
    with atomic_write(path) as file:
        file.write(data)


def untouched(path: Path) -> bool:
    return path.read_bytes() == b"old" and os.listdir(path.parent) == [path.name]


def test_a_new_file(tmp_path: Path) -> None:
    write(tmp_path / "new.txt")
    assert (tmp_path / "new.txt").read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["new.txt"]


def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    write(tmp_path / "new.txt")
    (tmp_path / "plain.txt").touch()
    assert (tmp_path / "new.txt").stat().st_mode == (tmp_path / "plain.txt").stat().st_mode


def test_an_old_file_is_replaced_and_keeps_its_permissions(path: Path) -> None:
    path.chmod(0o640)
    write(path)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(path.parent) == [path.name]


def test_the_old_file_is_there_until_the_end(path: Path) -> None:
    with atomic_write(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"


def test_a_link_is_followed(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.txt"
    link.symlink_to(path)
    write(link)
    assert link.is_symlink()
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt(), GeneratorExit()])
def test_an_exception_passes_and_leaves_the_old_file(path: Path, error: BaseException) -> None:
    with pytest.raises(type(error)), atomic_write(path) as file:
        file.write(b"new")
        raise error
    assert untouched(path)


@pytest.mark.parametrize("call", ["replace", "fsync"])
@pytest.mark.parametrize(
    ("number", "text"),
    [
        (errno.ENOSPC, "the disk is full; make room or choose another folder"),
        (errno.EACCES, "there is no permission; choose another folder"),
        (errno.EROFS, "the disk can only be read; choose another folder"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_a_refusal_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, text: str) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(FileError) as caught:
        write(path)
    assert str(caught.value) == f"{path} cannot be written: {text}"
    assert untouched(path)


def test_a_file_that_outgrows_its_room(path: Path) -> None:
    """The system's own refusal, in the middle of writing: a limit on the size of files stands for a full disk."""
    resource = pytest.importorskip("resource")
    import signal

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
        with pytest.raises(FileError, match="cannot be written: the file would be larger than is allowed here"):
            write(path, b"x" * 1_000_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert untouched(path)


def test_places_that_cannot_be_written(path: Path, tmp_path: Path) -> None:
    missing = tmp_path / "none" / "a.txt"
    with pytest.raises(FileError) as caught:
        write(missing)
    assert str(caught.value) == (
        f"{missing} cannot be written: the folder {missing.parent} does not exist; make it first or choose another"
    )
    for place, text in [
        (tmp_path, "it is a folder; give a file's name"),
        (path / "a.txt", "a part of its path is not a folder"),
        (tmp_path / ("n" * 300), "its name is too long"),
        (Path(os.devnull), "it is not a regular file; give another name"),
    ]:
        with pytest.raises(FileError, match=text):
            write(place)
    with pytest.raises(FileError, match="null"):
        write("a\0b")
    assert untouched(path)
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


def test_a_message_is_one_line_whatever_the_name(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        write(tmp_path / "a\nb" / "c\u2028.txt")
    assert len(str(caught.value).splitlines()) == 1


def test_only_drafts_that_a_dead_process_left_are_removed(tmp_path: Path) -> None:
    old, new, other = (tmp_path / name for name in (".funjax-aa.part", ".funjax-bb.part", "mine.part"))
    for path in (old, new, other):
        path.write_bytes(b"half")
    for path in (old, other):
        os.utime(path, (1, 1))
    (tmp_path / ".funjax-cc.part").symlink_to(other)
    remove_old_drafts(tmp_path, tmp_path / "none", other)
    assert sorted(os.listdir(tmp_path)) == [".funjax-bb.part", ".funjax-cc.part", "mine.part"]
