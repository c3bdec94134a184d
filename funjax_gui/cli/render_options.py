"""The options of `funjax render`; reading them imports neither Qt nor the kernels."""

import argparse
import re
from pathlib import Path
from typing import Any, TypeVar

Parser = TypeVar("Parser", bound=argparse.ArgumentParser)

PRESETS = ("one-column", "two-columns", "slide")
BACKGROUNDS = ("white", "light", "dark", "transparent")


def parser(kind: type[Parser]) -> Parser:
    """The parser of the command's arguments."""
    made = kind(prog="funjax render", description="Draw a session to a file without a window, as File > Export does.")
    made.add_argument("session", type=Path, metavar="SESSION.toml", help="the session; the tab that is open in it is drawn")
    formats = "the output; its suffix is the format: .png .svg .pdf .npz .csv .dat .json .py"
    made.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help=formats)
    made.add_argument("--size", type=size, metavar="WxH", help="width and height, such as 1920x1080 (default: the session's)")
    made.add_argument("--samples", type=count, metavar="N", help="samples per column of a bifurcation diagram (default: the session's)")
    colours = "colours (default: the session's, or white)"
    made.add_argument("--theme", choices=BACKGROUNDS[:3], default="", help=colours)
    made.add_argument("--plain", action="store_true", help="draw the plot area alone, without axes and caption")
    title = "pictures of any size, in tiles (.png .tif .dzi .npz .zarr), the plot area alone; see docs/posters.md"
    _add_tile_options(made.add_argument_group(title))
    _add_figure_options(made.add_argument_group("figures for print (.png .svg .pdf)"))
    return made


def _add_tile_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--workers", type=count, default=0, metavar="N", help="compute tiles by N processes on this machine")
    group.add_argument("--scheduler", default="", metavar="ADDRESS", help="by the workers of a Dask scheduler, such as tcp://host:8786")
    resume = "resume an interrupted picture in tiles; its store, OUT with the suffix .zarr, may be given as the session"
    group.add_argument("--resume", action="store_true", help=resume)
    every = "seconds between lines of progress where standard error is not a terminal (default: %(default)g)"
    group.add_argument("--report-every", type=number, default=10.0, metavar="S", help=every)


def in_tiles(given: argparse.Namespace) -> dict[str, Any]:
    """The arguments of `documents.poster` that say where the tiles are computed; empty where the picture is not made in tiles."""
    named = {name: getattr(given, name) for name in ("workers", "scheduler", "resume")}
    return named if any(named.values()) else {}


def _add_figure_options(group: argparse._ArgumentGroup) -> None:
    page = "size, resolution and font size together: one column (85 mm), two columns (175 mm), slide 16:9; other options override them"
    group.add_argument("--page", choices=PRESETS, help=page)
    group.add_argument("--width-mm", type=number, metavar="MM", help="width in mm")
    group.add_argument("--height-mm", type=number, metavar="MM", help="height in mm (default: in proportion to the session's size)")
    group.add_argument("--dpi", type=number, metavar="N", help="pixels per inch (default: 300)")
    group.add_argument("--font-size", type=number, metavar="PT", help="size of the text in pt (default: in proportion to the picture)")
    group.add_argument("--line-width", type=number, metavar="PT", help="width of curves in pt (default: in proportion to the text)")
    group.add_argument("--background", choices=BACKGROUNDS, help="background, with the colours that suit it; transparent: those for white")
    group.add_argument("--title", metavar="TEXT", help="text in place of title and formula")
    group.add_argument("--caption", metavar="TEXT", help="text in place of the caption")
    group.add_argument("--no-title", dest="title", action="store_const", const="", help="leave out the title")
    group.add_argument("--no-caption", dest="caption", action="store_const", const="", help="leave out the caption")
    group.add_argument("--no-axes", dest="axes", action="store_false", help="leave out axes and labels")
    panels = "smaller plots, colour bar and legend to draw, by name and with commas, or none (default: all)"
    group.add_argument("--panels", metavar="NAMES", help=panels)


def chosen(given: argparse.Namespace) -> dict[str, Any]:
    """The arguments of `documents.render` for the options given. Raises ValueError in one line."""
    from funjax_gui.documents import PrintSize
    from funjax_gui.export import PAGE_SIZES, PageSetup

    page = PAGE_SIZES[given.page] if given.page else None
    size = given.size
    if page is not None or given.width_mm is not None:
        if size is not None:
            raise ValueError("--size gives pixels, --width-mm and --page a size in print; give one of them")
        width = page.width if page and given.width_mm is None else given.width_mm
        height = page.height if page and given.width_mm is None and given.height_mm is None else given.height_mm
        size = PrintSize(width, height, _first(given.dpi, page.dpi if page else None, 300.0))
    elif given.height_mm is not None:
        raise ValueError("--height-mm needs the width too; give --width-mm")
    font_size = _first(given.font_size, page.font_size if page else None, 0.0)
    panels = None if given.panels is None else tuple(name.strip() for name in given.panels.split(",") if name.strip() not in ("", "none"))
    dpi = given.dpi or 0.0
    setup = PageSetup(dpi, font_size, given.line_width or 0.0, given.axes, given.title, given.caption, panels)
    transparent = given.background == "transparent"
    theme = given.theme or ("" if transparent or not given.background else given.background)
    options = {"size": size, "setup": setup, "transparent": transparent, "theme": theme}
    return options | {name: getattr(given, name) for name in ("samples", "plain")}


def _first(*values: float | None) -> float:
    """The first value that is given."""
    return next(value for value in values if value is not None)


def number(text: str) -> float:
    """A finite number above 0, as an argument's type."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0; write it as 85 or 3.5")
    return value


def count(text: str) -> int:
    """A whole number from 1, as an argument's type."""
    if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1; write digits such as 1000")
    return int(text)


def size(text: str) -> tuple[int, int]:
    """A size such as 1920x1080, as an argument's type."""
    width, cross, height = text.lower().replace("×", "x").partition("x")
    if not cross:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size; write columns x rows such as 1920x1080")
    return count(width), count(height)
