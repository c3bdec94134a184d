"""SVG files, written strip by strip as PNG files are, and the texts in them.

Reading one looks at its first bytes only and runs no XML machinery beyond tokens. A document that declares a type, and with it entities,
is refused, and namespaces are resolved here: expat would copy a namespace's name into that of each element and attribute.
"""

import base64
import re
from collections.abc import Mapping
from contextlib import suppress
from html import escape  # xml.sax.saxutils would load the whole of urllib at the start
from typing import IO
from xml.parsers import expat

from funjax_gui.files import png
from funjax_gui.files.png import HEAD, LONGEST_TEXT, Pixels

PLAIN = {"Title": "title", "Description": "desc"}
"""Texts that an SVG has an element for; all others are its metadata."""

NAMESPACE = "urn:funjax"
SVG = "http://www.w3.org/2000/svg"
MOST_ELEMENTS = 10_000
"""Elements among which texts are looked for; in a file of ours they are among the first six."""

DEEPEST = 64
"""Levels of elements within elements that are read."""

_UNSPEAKABLE = re.compile("[^\t\n\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(
    file: IO[bytes],
    size: tuple[int, int],
    ground: str,
    texts: Mapping[str, str],
    picture: Pixels | None,
    at: tuple[int, int],
    body: bytes,
    print_size: tuple[float, float] | None = None,
    has_alpha: bool = False,
) -> None:
    """Write an SVG `size` pixels large, each a unit of it, and of `print_size` in mm if it is given.

    On the colour `ground`, if any, lies `picture` (rows, columns), 0xAARRGGBB, with its upper left corner `at`, and on that `body`, SVG
    elements. The picture's alpha channel is used only if `has_alpha`.
    """
    file.write(_head(size, ground, texts, print_size).encode())
    if picture is not None:
        rows, columns = picture.shape
        place = f'x="{at[0]}" y="{at[1]}" width="{columns}" height="{rows}"'
        file.write(f'<image {place} preserveAspectRatio="none" xlink:href="data:image/png;base64,'.encode())
        base64_file = _Base64(file)
        png.write(base64_file, picture, {}, has_alpha=has_alpha)  # type: ignore[arg-type]
        base64_file.end()
        file.write(b'"/>\n')
    file.write(body)
    file.write(b"</svg>\n")


def _head(size: tuple[int, int], ground: str, texts: Mapping[str, str], print_size: tuple[float, float] | None) -> str:
    width, height = size
    sides = [f"{side:g}mm" for side in print_size] if print_size else [f"{side}" for side in size]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1"'
        f' width="{sides[0]}" height="{sides[1]}" viewBox="0 0 {width} {height}">',
        *(f"<{name}>{_escaped(texts[key])}</{name}>" for key, name in PLAIN.items() if key in texts),
    ]
    rest = [(key, text) for key, text in texts.items() if key not in PLAIN]
    if rest:
        kept = "\n".join(f'<funjax:text name="{escape(key)}">{_escaped(text)}</funjax:text>' for key, text in rest)
        lines.append(f'<metadata xmlns:funjax="{NAMESPACE}">\n{kept}\n</metadata>')
    lines += [f'<rect width="{width}" height="{height}" fill="{ground}"/>'] * bool(ground)
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """Text as XML has it. What no XML may hold is written as TOML, and JSON, write it in their strings: by a backslash and its number."""
    return escape(_UNSPEAKABLE.sub(lambda found: f"\\u{ord(found[0]):04X}", text), quote=False)


class _Base64:
    """Writes to a file in base64."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._left = file, b""

    def write(self, data: bytes) -> None:
        """Write what makes whole groups of three bytes; the rest waits."""
        data = self._left + data
        whole = len(data) - len(data) % 3
        self._file.write(base64.b64encode(data[:whole]))
        self._left = data[whole:]

    def end(self) -> None:
        """Write what waits."""
        self._file.write(base64.b64encode(self._left))


def texts(file: IO[bytes]) -> dict[str, str]:
    """The texts in the first HEAD bytes of an SVG by their keywords, as `write` stores them, without those that are damaged or too long."""
    reader = _Reader()
    with suppress(expat.ExpatError, _Enough):
        reader.parser.Parse(file.read(HEAD), False)  # in one part: expat begins a token again with each part
    return reader.found


class _Enough(Exception):
    """Raised to stop reading: everything was found, or a limit was exceeded."""


class _Reader:
    """Collects texts; stops at the end of the metadata that has some, at a document type, and where anything exceeds its limit."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._spaces: dict[str, str] = {}  # prefix to namespace; of those that matter, for the whole document
        self._elements = self._depth = 0
        self._key, self._parts, self._room = "", [""], 0
        self.parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._append_text

    def _refuse(self, *_: object) -> None:
        raise _Enough

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > MOST_ELEMENTS or self._depth > DEEPEST:
            raise _Enough
        for attribute, value in attributes.items():
            if value in (SVG, NAMESPACE) and attribute.split(":")[0] == "xmlns":
                self._spaces[attribute.partition(":")[2]] = value
        space, local = self._resolved(name)
        named = {element: key for key, element in PLAIN.items()} if space == SVG else {}
        key = attributes.get("name", "") if (space, local) == (NAMESPACE, "text") else named.get(local, "")
        self._key, self._parts, self._room = key if key not in self.found else "", [], LONGEST_TEXT

    def _resolved(self, name: str) -> tuple[str, str]:
        """(namespace, local name) of an element; the namespace is empty where it is neither SVG's nor ours."""
        prefix, _, local = name.rpartition(":")
        return self._spaces.get(prefix, ""), local

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._key:
            self.found[self._key] = "".join(self._parts)
        self._key = ""
        if self._resolved(name)[1] == "metadata" and self.found.keys() - PLAIN.keys():
            raise _Enough

    def _append_text(self, text: str) -> None:
        if self._key:
            self._parts.append(text)
            self._room -= len(text)
            if self._room < 0:
                raise _Enough
