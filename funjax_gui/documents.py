"""What files hold: the sessions that funjax ships as presets."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from funjax_gui.files import resources
from funjax_gui.sessions import session as sessions
from funjax_gui.sessions.session import TABS, Session


@dataclass(frozen=True)
class Preset:
    """A session by its short name."""

    name: str
    session: Session

    @property
    def thumbnail(self) -> Path:
        """Its picture; it may be missing."""
        return resources.folder() / "thumbnails" / f"{self.name}.png"


@cache
def presets() -> tuple[Preset, ...]:
    """All presets, in the order of the tabs and then of their titles."""
    found = [Preset(path.stem, sessions.load(path)) for path in (resources.folder() / "sessions").glob("*.toml")]
    return tuple(sorted(found, key=lambda preset: (TABS.index(preset.session.tab), preset.session.title)))
