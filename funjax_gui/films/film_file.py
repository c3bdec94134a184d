"""Film files: a `[film]` table of TOML with the key frames, which are session files, and the fields of a film."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from funjax_gui.files import open_regular
from funjax_gui.films.key_frames import EASINGS
from funjax_gui.films.request import MOST_FPS
from funjax_gui.sessions import Check, TextError, checks, choice, load, toml_reader
from funjax_gui.style import THEMES

LARGEST = 1 << 16
"""Largest size of a film file in bytes."""

MOST_KEY_FRAMES = 1000


def _paths(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not 2 <= len(value) <= MOST_KEY_FRAMES or not all(isinstance(path, str) and path for path in value):
        raise ValueError(f"is {toml_reader.shown_value(value)}; give two or more session files, such as ['first.toml', 'last.toml']")
    return tuple(value)


def _rate(value: Any) -> float:
    rate = checks.positive(value)
    if rate > MOST_FPS:
        raise ValueError(f"is {toml_reader.shown_value(value)}; give at most {MOST_FPS:g} pictures per second")
    return rate


CHECKS: Mapping[str, Check] = {
    "key-frames": _paths,
    "seconds": checks.positive,
    "fps": _rate,
    "easing": choice(*EASINGS),
    "size": checks.size,
    "theme": choice(*THEMES),
}


class _Source(toml_reader.Source):
    key, version, what, error = "funjax", 1, "film", TextError


def read(path: Path | str) -> dict[str, Any] | None:
    """The fields of a FilmRequest that the film file gives, its sessions among them; None where the file has no `[film]` table.

    Paths of key frames are relative to the file. Raises ValueError, a line for each problem, OSError where a file cannot be read.
    """
    with open_regular(path) as file:
        data = file.read(LARGEST + 1)
    if not re.search(rb"^[ \t]*\[film\]", data, re.MULTILINE):
        return None
    source = _Source(_Source.decode(data, LARGEST))
    source.refuse_unknown((), source.data, (_Source.key, "film"))
    table = source.data["film"]
    source.refuse_unknown(("film",), table, CHECKS)
    found = source.checked(("film",), table, CHECKS)
    if "key-frames" not in table:
        source.problem(("film",), "key-frames is missing; give two or more session files, such as ['first.toml', 'last.toml']")
    source.stop_at_problems()
    folder = Path(path).parent
    return {"sessions": tuple(_session(folder / frame) for frame in found.pop("key-frames"))} | found


def _session(path: Path) -> Any:
    try:
        return load(path)
    except TextError as error:
        raise TextError([f"{path}: {problem}" for problem in error.problems]) from None
