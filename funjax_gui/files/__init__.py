"""Reading ordinary files alone, writing atomically, text inside PNG and SVG files, and the folder of resources."""

from funjax_gui.files import png, resources, svg
from funjax_gui.files.png import Pixels
from funjax_gui.files.reading import check_lock, open_regular
from funjax_gui.files.writing import FileError, atomic_write, failure_reason, put_aside, remove_old_drafts

__all__ = [
    "FileError",
    "Pixels",
    "atomic_write",
    "check_lock",
    "failure_reason",
    "open_regular",
    "png",
    "put_aside",
    "remove_old_drafts",
    "resources",
    "svg",
]
