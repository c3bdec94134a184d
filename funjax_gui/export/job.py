"""The data of an export for its writer: request, file, size and style."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from funjax_gui.export.page_layout import Style
from funjax_gui.export.page_setup import Size
from funjax_gui.sessions import session as sessions

PICTURE: Size = (1600, 1000)
"""Default size (width, height) of a picture in pixels, if the request has no grid."""


@dataclass(frozen=True)
class ExportJob:
    """Export `request` to `path` at `size` (width, height), by default the size of the request's own grid.

    The size is that of the whole file: a PNG has exactly these pixels, and its plot is what the axes leave of them (all of them if
    `style.plain`); for numbers it is columns and rows, or nothing where they have no size. `session` is written into the file; only
    the request's own table in it is replaced.
    """

    request: Any
    path: Path
    size: Size | None = None
    style: Style = field(default_factory=Style)
    session: sessions.Session = field(default_factory=sessions.Session, repr=False)

    @property
    def pixels(self) -> Size:
        """The size of the output."""
        grid = getattr(self.request, "grid", None)
        return self.size or ((grid.columns, grid.rows) if grid else PICTURE)

    @property
    def session_text(self) -> str:
        """The session that reproduces this file, as TOML."""
        return sessions.dumps(self.session.showing(self.request, self.pixels))
