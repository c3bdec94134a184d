"""Line numbers of the keys of a TOML text; the standard library reports those of syntax errors only."""

import re
import tomllib
from collections.abc import Iterator

_TOKEN = re.compile(
    # Strings first: brackets and marks inside them mean nothing. One without an end goes on to the text's or the line's, lest it be
    # tried again from each of its quotes.
    r'"""(?:\\.|[^\\])*?(?:"{3,5}|\\?\Z)'
    r"|'''.*?(?:'{3,5}|\Z)"
    r'|"(?:\\.|[^"\\\n])*"?'
    r"|'[^'\n]*'?"
    r"|\#[^\n]*"
    r"|[\[\]{}=.\n]"
    r"|[^\s\[\]{}=.\"'\#]+",
    re.DOTALL,
)

Path = tuple[str, ...]

MOST_PARTS = 100

DEEPEST = 8
"""The longest path, in keys, that is recorded: a hostile text has paths of thousands of keys, each prefix of which would be kept."""


def key_lines(text: str) -> dict[Path, int]:
    """The line, from 1, of each statement and table header of a valid TOML text, by its path of keys.

    A table that only dotted keys make has the line of the first of them. An element of an array of tables has its number, from "0",
    in its path. Keys within an inline table are not recorded: look them up with `line_of`, which falls back to the statement.
    Takes time in proportion to the text.
    """
    lines: dict[Path, int] = {}
    latest: dict[Path, int] = {}
    table: Path = ()
    for line, tokens in _statements(text):
        if tokens[0] == "[":
            path = table = _header(tokens, latest)
        else:
            path = table + _keys(tokens[: tokens.index("=")])
        for length in range(1, min(len(path), DEEPEST) + 1):
            lines.setdefault(path[:length], line)
    return lines


def _header(tokens: list[str], latest: dict[Path, int]) -> Path:
    """The path of a table's header; `latest` has the number of the latest element of each array of tables."""
    *above, name = _keys(token for token in tokens if token not in "[]")
    path: Path = ()
    for key in above:
        path += (key,)
        if path in latest:
            path += (str(latest[path]),)
    path += (name,)
    if tokens[1] == "[":
        latest[path] = latest.get(path, -1) + 1
        path += (str(latest[path]),)
    return path


def deep_key(text: str) -> int | None:
    """The line of a key of more than MOST_PARTS parts, None where there is none; in proportion to the text, whatever it is.

    The standard library's reader takes minutes, and all memory, for a key of a hundred thousand parts.
    """
    if all(line.count(".") < MOST_PARTS - 1 for line in text.split("\n")):
        return None
    line, dots = 1, 0
    for token in _TOKEN.findall(text):
        if token == ".":
            dots += 1
            if dots >= MOST_PARTS:
                return line
        elif token in "\n={}[]" or "," in token:  # numbers in a list have points too
            dots = 0
        line += token.count("\n")
    return None


def line_of(lines: dict[Path, int], path: Path) -> int:
    """The line of `path`, or of the nearest part of it that has one; 1 where nothing has."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _statements(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line, tokens up to and with the first '=' or all of a header) of each statement."""
    line, depth = 1, 0
    start, tokens = 1, list[str]()
    in_value = False
    for token in _TOKEN.findall(text):
        if token == "\n" and depth == 0:
            if tokens:
                yield start, tokens
            tokens, in_value = [], False
        elif token != "\n" and token[0] != "#":
            if not tokens:
                start = line
            depth += (token in ("[", "{")) - (token in ("]", "}"))
            if not in_value:
                tokens.append(token)
            in_value = in_value or token == "="
        line += token.count("\n")
    if tokens:
        yield start, tokens


def _keys(tokens: Iterator[str] | list[str]) -> Path:
    return tuple(_key(token) for token in tokens if token != ".")


def _key(token: str) -> str:
    return str(tomllib.loads(f"key = {token}")["key"]) if token[0] in "\"'" else token
