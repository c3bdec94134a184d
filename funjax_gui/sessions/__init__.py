"""Session files: TOML text to checked tables and back, each problem with its line. Knows no tab."""

from funjax_gui.sessions import checks, session, toml_reader
from funjax_gui.sessions.checks import Source
from funjax_gui.sessions.session import TABS, Session, load
from funjax_gui.sessions.table import Limits, Ranges, Size, Table, Values, check_parameters, fields_of
from funjax_gui.sessions.toml_positions import Path, line_of
from funjax_gui.sessions.toml_reader import (
    Check,
    TextError,
    choice,
    limits,
    located,
    nearest_word,
    real_number,
    shown_value,
    written_number,
)

__all__ = [
    "TABS",
    "Check",
    "Limits",
    "Path",
    "Ranges",
    "Session",
    "Size",
    "Source",
    "Table",
    "TextError",
    "Values",
    "check_parameters",
    "checks",
    "choice",
    "fields_of",
    "limits",
    "line_of",
    "load",
    "located",
    "nearest_word",
    "real_number",
    "session",
    "shown_value",
    "toml_reader",
    "written_number",
]
