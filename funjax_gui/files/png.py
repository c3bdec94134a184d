"""PNG files, written strip by strip so that an export can be cancelled at any time, and the texts in them.

Qt writes a PNG in one call, and takes the line breaks out of a text that it reads.
"""

import struct
import zlib
from collections.abc import Iterable, Mapping
from typing import IO

import numpy as np
from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
STRIP = 1 << 16
"""Pixels compressed in one step, which takes some milliseconds."""

HEAD = 1 << 21
"""Bytes of a picture, PNG or SVG, in which texts are looked for: its first ones, since funjax writes them before the pixels."""

LONGEST_TEXT = 1 << 20
"""Bytes of a text that is read; longer ones are passed over."""

METRES_PER_INCH = 0.0254

Pixels = NDArray[np.uint32]


def write(file: IO[bytes], picture: Pixels, texts: Mapping[str, str], dpi: float = 0.0, has_alpha: bool = False) -> None:
    """Write 0xAARRGGBB pixels of shape (height, width) with texts by their keywords (Latin-1).

    `dpi`: pixels per inch, 0 for unknown. The alpha channel is written only if `has_alpha`.
    """
    height, width = picture.shape
    write_bands(file, (width, height), (picture,), texts, dpi, has_alpha)


def write_bands(
    file: IO[bytes], size: tuple[int, int], bands: Iterable[Pixels], texts: Mapping[str, str], dpi: float = 0.0, has_alpha: bool = False
) -> None:
    """As `write`, of a picture of `size` (width, height) that comes in bands of rows from the top, so that it is never in memory whole."""
    width, height = size
    file.write(SIGNATURE)
    _chunk(file, b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6 if has_alpha else 2, 0, 0, 0))
    if dpi:
        per_metre = round(dpi / METRES_PER_INCH)
        _chunk(file, b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1))
    for keyword, text in texts.items():
        _chunk(file, b"iTXt", keyword.encode("latin-1") + b"\0\0\0\0\0" + text.encode())
    packer = zlib.compressobj(6)
    step = max(1, STRIP // width)
    for band in bands:
        for start in range(0, len(band), step):
            _chunk(file, b"IDAT", packer.compress(_scanlines(band[start : start + step], has_alpha)))
    _chunk(file, b"IDAT", packer.flush())
    _chunk(file, b"IEND", b"")


def texts(file: IO[bytes]) -> dict[str, str]:
    """The texts in the first HEAD bytes of a PNG by their keywords, as `write` stores them, without those that are damaged or too long."""
    found: dict[str, str] = {}
    data = memoryview(file.read(HEAD))
    place = len(SIGNATURE)
    if data[:place] != SIGNATURE:
        return found
    while place + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 8 + length
        if kind == b"iTXt" and length <= LONGEST_TEXT and data[end : end + 4] == struct.pack(">I", zlib.crc32(data[place + 4 : end])):
            keyword, _, rest = bytes(data[place + 8 : end]).partition(b"\0")
            if rest.startswith(b"\0\0\0\0"):
                found[keyword.decode("latin-1")] = rest[4:].decode("utf-8", "replace")
        place = end + 4
    return found


def _scanlines(rows: Pixels, has_alpha: bool) -> bytes:
    """Rows as PNG stores them: a zero (unfiltered, which packs the speckle of a density best), then red, green, blue and any alpha."""
    shifts = (16, 8, 0, 24)[: 4 if has_alpha else 3]
    lines = np.zeros((rows.shape[0], 1 + len(shifts) * rows.shape[1]), np.uint8)
    for channel, shift in enumerate(shifts):
        lines[:, 1 + channel :: len(shifts)] = rows >> shift & 255
    return lines.tobytes()


def _chunk(file: IO[bytes], kind: bytes, data: bytes) -> None:
    if data or kind != b"IDAT":
        file.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)))
