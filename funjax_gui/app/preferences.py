"""Preferences: theme, colours, geometry of the window, recent files.

Stored by QSettings in an INI file. No function raises: an invalid value is replaced by its default, and a file that cannot be read is
renamed. Choices are stored by name, so that reordering a list changes none of them.
"""

import os
import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Self

import platformdirs
from PySide6.QtCore import QByteArray, QSettings

from funjax_gui.files import check_lock, failure_reason, open_regular, put_aside
from funjax_gui.style import COLOUR_MAPS, THEME_TITLES, TONES

MOST_RECENT = 10
TEXT_SIZES = (100, 115, 130, 150, 175, 200)
"""Sizes of the text in percent of the system's."""

LARGEST = 1 << 20
"""Largest settings file in bytes; usual ones have a few hundred."""

LONGEST_PATH = 4096
LONGEST_GEOMETRY = 1024


@dataclass(frozen=True)
class Preferences:
    """What is remembered. `geometry` is what QWidget.saveGeometry gave, `folder` the last one used (empty: none).

    `recent` has the absolute paths of the sessions opened or saved, the latest first. `tour` is the tour shown last, by its path or the
    name of one that funjax ships, and `chapter` the place in it; `greeted` whether the first start is over.
    `text` is one of TEXT_SIZES. `prepare`: whether other tabs are prepared in the background.
    """

    theme: str = "system"
    colour_map: str = "inferno"
    tone: str = "equalised"
    geometry: bytes = b""
    folder: str = ""
    recent: tuple[str, ...] = ()
    tour: str = ""
    chapter: int = 0
    greeted: bool = False
    text: int = 100
    prepare: bool = True

    def with_file(self, path: Path | str) -> Self:
        """These, with `path` the latest of the recent files and its folder the last one used."""
        latest = os.path.abspath(path)
        others = [other for other in self.recent if other != latest]
        return replace(self, folder=os.path.dirname(latest), recent=(latest, *others)[:MOST_RECENT])

    def changes_over(self, before: Self, current: Self) -> Self:
        """`current` with the changes from `before` to these preferences, and the recent files of both."""
        names = [field.name for field in fields(Preferences) if getattr(self, field.name) != getattr(before, field.name)]
        changed = {name: getattr(self, name) for name in names}
        if "recent" in changed:
            changed["recent"] = tuple(dict.fromkeys((*self.recent, *current.recent)))[:MOST_RECENT]
        return replace(current, **changed)


def path() -> Path:
    """Path of the settings file, whether it exists or not."""
    return platformdirs.user_config_path("funjax", appauthor=False) / "funjax.ini"


def load(place: Path | None = None) -> tuple[Preferences, str]:
    """Load the preferences; also returns a message, not empty if the file was broken and has been renamed."""
    place = place or path()
    try:
        if not os.path.lexists(place):
            return Preferences(), ""
        _check_readable(place)
        settings = QSettings(str(place), QSettings.Format.IniFormat)
        stored = {field.name: settings.value(field.name) for field in fields(Preferences) if settings.contains(field.name)}
        if settings.status() != QSettings.Status.NoError:
            raise ValueError("it is damaged")
    except Exception as error:  # the window opens whatever the file contains
        return Preferences(), _put_aside(place, error)
    return _checked(stored), ""


def save(preferences: Preferences, place: Path | None = None, before: Preferences | None = None) -> str:
    """Save these preferences; returns a message, not empty if that failed.

    With `before`, the preferences as loaded, only the changes since are saved, so that those of another window are kept.
    """
    place = place or path()
    if before is not None:
        preferences = preferences.changes_over(before, load(place)[0])
    try:
        check_lock(place)
        with suppress(FileNotFoundError, NotADirectoryError):
            open_regular(place).close()  # QSettings would wait for a pipe
        settings = QSettings(str(place), QSettings.Format.IniFormat)
        for field in fields(preferences):
            value = getattr(preferences, field.name)
            settings.setValue(field.name, list(value) if isinstance(value, tuple) else _stored(value))
        settings.sync()
        refused = settings.status() != QSettings.Status.NoError
    except Exception as error:
        return f"the preferences in {place} were not saved: {error}"
    return f"the preferences were not saved: {place} cannot be written; check the folder's permissions and free space" if refused else ""


def _stored(value: Any) -> Any:
    return QByteArray(value) if isinstance(value, bytes) else value


def _check_readable(place: Path) -> None:
    """Raise OSError or ValueError where QSettings would fail silently or take long."""
    with open_regular(place) as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"it is larger than {LARGEST >> 20} MiB")
    if b"\0" in data or re.search(rb'[=, "]@Variant\(', data):  # any of Qt's types, of which we never store one
        raise ValueError("it is damaged")
    data.decode()


def _put_aside(place: Path, error: Exception) -> str:
    """Rename the broken file; returns the message for the user."""
    why = str(failure_reason(error, place, "read")) if isinstance(error, OSError) else f"{place} is not a settings file: {error}"
    if isinstance(error, UnicodeDecodeError):
        why = f"{place} is not a settings file: it is not UTF-8 text"
    try:
        aside = put_aside(place)
    except OSError:
        return f"{why}; the default preferences are used; remove the file so that new ones can be saved"
    return f"{why}; the default preferences are used, and the file is kept as {aside.name}"


def _checked(stored: dict[str, Any]) -> Preferences:
    """Preferences from the stored values, with defaults for missing and invalid ones."""
    usual = Preferences()
    folder = _text(stored.get("folder"))
    recent = stored.get("recent")
    listed = [recent] if isinstance(recent, str) else recent if isinstance(recent, list) else []
    kept = dict.fromkeys(_text(item) for item in listed)
    return Preferences(
        text=int(text) if (text := str(stored.get("text"))) in map(str, TEXT_SIZES) else usual.text,
        theme=_choice(stored.get("theme"), THEME_TITLES, usual.theme),
        colour_map=_choice(stored.get("colour_map"), COLOUR_MAPS, usual.colour_map),
        tone=_choice(stored.get("tone"), TONES, usual.tone),
        geometry=_bytes(stored.get("geometry")),
        folder=folder if os.path.isdir(folder) else usual.folder,
        recent=tuple(item for item in kept if os.path.isabs(item))[:MOST_RECENT],
        tour=_text(stored.get("tour")),
        chapter=int(chapter) if re.fullmatch("[0-9]{1,3}", chapter := str(stored.get("chapter"))) else 0,
        greeted=stored.get("greeted") in (True, "true"),
        prepare=stored.get("prepare") not in (False, "false"),
    )


def _choice(value: Any, names: Collection[str], usual: str) -> str:
    return value if isinstance(value, str) and value in names else usual


def _text(value: Any) -> str:
    """A path as text; empty if it is not a text."""
    return value if isinstance(value, str) and len(value) <= LONGEST_PATH and "\0" not in value else ""


def _bytes(value: Any) -> bytes:
    data = bytes(value.data()) if isinstance(value, QByteArray) else b""
    return data if len(data) <= LONGEST_GEOMETRY else b""
