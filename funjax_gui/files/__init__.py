"""Writing files atomically, text inside PNG and SVG files, and the folder of resources."""

from funjax_gui.files import png, resources, svg
from funjax_gui.files.png import Pixels
from funjax_gui.files.writing import FileError, atomic_write, failure_reason

__all__ = ["FileError", "Pixels", "atomic_write", "failure_reason", "png", "resources", "svg"]
