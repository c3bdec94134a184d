"""The texts of PNG files: read from the head alone, whatever a file holds."""

import io
import struct
import zlib

import numpy as np
import pytest

from funjax_gui.files import png

TEXTS = {"Title": "α\nβ", "funjax-session": "[t]\nkey = 1\n"}


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def written() -> bytes:
    file = io.BytesIO()
    png.write(file, np.zeros((4, 4), np.uint32), TEXTS)
    return file.getvalue()


class Counted(io.BytesIO):
    """Counts the bytes that are read."""

    counted = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.counted += len(data)
        return data


def text(keyword: bytes, words: bytes) -> bytes:
    return chunk(b"iTXt", keyword + b"\0\0\0\0\0" + words)


@pytest.mark.parametrize(
    ("hostile", "kept"),
    [
        (b"".join(text(b"k%d" % n, b"a" * 500_000) for n in range(30)), 4),
        (text(b"k", b"a" * (png.LONGEST_TEXT + 1)), 0),
        (text(b"k", b"a" * (png.HEAD * 3)), 0),
        (chunk(b"none", b"") * 500_000, 0),
        (struct.pack(">I4s", 2**32 - 1, b"iTXt") + b"a" * 100, 0),
        (chunk(b"iTXt", b"k\0\1\0\0\0" + zlib.compress(bytes(10**7))), 0),
        (chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(10**7))), 0),
    ],
    ids=["many", "long", "longer", "empty chunks", "length", "compressed", "zTXt"],
)
def test_a_hostile_file_is_read_no_farther_than_its_head(hostile: bytes, kept: int) -> None:
    whole = written()
    file = Counted(whole[:33] + hostile + whole[33:])
    assert len([key for key in png.texts(file) if key not in TEXTS]) == kept
    assert file.counted <= png.HEAD


def test_texts_come_back_with_their_lines() -> None:
    assert png.texts(io.BytesIO(written())) == TEXTS


def test_texts_that_another_program_put_behind_the_pixels_are_read() -> None:
    whole = written()
    head, moved, rest = whole[:33], whole[33 : whole.index(b"IDAT") - 4], whole[whole.index(b"IDAT") - 4 :]
    assert png.texts(io.BytesIO(head + rest[:-12] + moved + rest[-12:])) == TEXTS
