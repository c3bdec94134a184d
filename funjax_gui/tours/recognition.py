"""Recognition of tour files without importing their parser."""

from pathlib import Path

from funjax_gui.files import open_regular

KEY = "funjax-tour"
"""The key that makes a file a tour: its value is the format's version."""


def is_tour(path: Path) -> bool:
    """Whether the beginning of the file has the key of tours."""
    try:
        with open_regular(path) as file:
            start = file.read(4096)
    except (OSError, ValueError):  # a zero byte in the name
        return False
    return any(line.split(b"=")[0].strip() == KEY.encode() for line in start.splitlines())
