"""The options of `funjax animate`; reading them imports neither Qt nor the kernels."""

import argparse
from pathlib import Path
from typing import TypeVar

from funjax_gui.cli.render_options import BACKGROUNDS, number, size

Parser = TypeVar("Parser", bound=argparse.ArgumentParser)

ABOUT = "Make a film that leads from one session to the next: views zoom by a constant factor, parameters and other numbers change evenly."


def parser(kind: type[Parser]) -> Parser:
    """The parser of the command's arguments."""
    made = kind(prog="funjax animate", description=ABOUT)
    sessions = (
        "two or more sessions of the same tab, which differ in numbers and views only: the key frames; or one file with a [film] table"
    )
    made.add_argument("sessions", type=Path, nargs="+", metavar="SESSION.toml", help=sessions)
    output = "the film; its suffix is the format: .mp4 .webp .gif, or none for a new folder of PNG files"
    made.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help=output)
    made.add_argument("--seconds", type=number, metavar="S", help="length of the film (default: 5)")
    made.add_argument("--fps", type=number, metavar="N", help="pictures per second (default: 25)")
    made.add_argument("--size", type=size, metavar="WxH", help="width and height, such as 1280x720 (default: the first session's)")
    easing = "speed between key frames: smooth starts and stops slowly (default: smooth)"
    made.add_argument("--easing", choices=("smooth", "linear"), help=easing)
    made.add_argument("--theme", choices=BACKGROUNDS[:3], help="colours (default: the first session's, or white)")
    made.add_argument("--plain", action="store_true", help="draw the plot area alone, without axes and caption")
    return made
