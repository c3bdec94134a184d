"""Posters as Deep Zoom tiles, with a page that shows them in a browser, from a server or from the disk."""

import html
import json
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np

from funjax_gui.files import atomic_write, png, resources
from funjax_gui.posters import pyramid
from funjax_gui.posters.picture import Poster
from funjax_gui.posters.pyramid import TILE, Rows

DESCRIPTION = """\
<?xml version="1.0" encoding="UTF-8"?>
<Image xmlns="http://schemas.microsoft.com/deepzoom/2008" Format="png" Overlap="0" TileSize="{tile}">
  <Size Width="{width}" Height="{height}"/>
</Image>
"""


def write(path: Path, poster: Poster) -> None:
    """Write NAME.dzi, the tiles in NAME_files, and NAME.html, which shows them; tiles of an older poster of that name are replaced."""
    levels = pyramid.sizes(poster.size)
    target = path.with_name(f"{path.stem}_files")
    draft = Path(tempfile.mkdtemp(dir=path.absolute().parent, prefix=".funjax-"))
    try:
        draft.chmod(0o777 & ~_umask())
        for level in range(len(levels)):
            (draft / str(level)).mkdir()

        def put(level: int, number: int, rows: Rows) -> None:
            folder = draft / str(len(levels) - 1 - level)
            for column, left in enumerate(range(0, rows.shape[1], TILE)):
                with open(folder / f"{column}_{number}.png", "wb") as file:
                    png.write(file, _packed(rows[:, left : left + TILE]), {})

        pyramid.build(poster.bands(), len(levels), put)
        if target.exists():
            shutil.rmtree(target)
        os.replace(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    width, height = poster.size
    facts = {"folder": target.name, "width": width, "height": height, "tile": TILE, "levels": len(levels)}
    page = (resources.folder() / "deep-zoom.html").read_text(encoding="utf-8")
    page = page.replace("__FACTS__", json.dumps(facts).replace("<", "\\u003c"))
    page = page.replace("__TITLE__", html.escape(poster.texts["Title"] or path.stem))
    for name, text in ((".html", page), (path.suffix, DESCRIPTION.format(tile=TILE, width=width, height=height))):
        with atomic_write(path.with_suffix(name)) as file:
            file.write(text.encode())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _packed(rows: Rows) -> png.Pixels:
    wide = rows.astype(np.uint32)
    return np.asarray(wide[..., 0] << 16 | wide[..., 1] << 8 | wide[..., 2], np.uint32)
