"""What is asked for: a poster of a session, its file, and where it is computed."""

from dataclasses import dataclass
from pathlib import Path

from funjax_gui.export import Size
from funjax_gui.sessions import Session
from kernels.posters import lacking


@dataclass(frozen=True)
class PosterOrder:
    """A poster to be made: `workers` processes on this machine or a `scheduler`, neither for one process on all cores."""

    session: Session
    path: Path
    size: Size
    dpi: float = 0.0
    workers: int = 0
    scheduler: str = ""

    @property
    def store(self) -> Path:
        """The path of the store."""
        return self.path.with_suffix(".zarr")

    @property
    def lacks(self) -> str:
        """What is to be installed for it, in one line; empty where nothing is."""
        computing = ("distributed",) if self.workers or self.scheduler else ()
        return lacking("zarr", *computing, *(("tifffile",) if self.path.suffix.lower() in (".tif", ".tiff") else ()))

    def arguments(self, resume: bool) -> list[str]:
        """The arguments of `funjax render` after the session. A store that is resumed has the size too."""
        made = ["-o", str(self.path)] + ([] if resume else ["--size", f"{self.size[0]}x{self.size[1]}"])
        made += ["--dpi", f"{self.dpi:g}"] if self.dpi and self.path.suffix.lower() != ".zarr" else []
        made += ["--workers", str(self.workers)] if self.workers else []
        made += ["--scheduler", self.scheduler] if self.scheduler else []
        # One process asks for tiles by --resume, which begins where there is nothing to go on with.
        return made + (["--resume"] if resume or not (self.workers or self.scheduler) else [])
