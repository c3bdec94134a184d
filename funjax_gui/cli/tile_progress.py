"""The line that shows how far a picture in tiles is."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

EVERY = 10.0
"""Seconds between lines where standard error is no terminal, such as the log of a cluster's job."""

WIDTH = 72


def shown(path: Path) -> Callable[[Any], None]:
    """A function that shows a kernels.posters.Progress: one line that is overwritten on a terminal, elsewhere a line from time to time."""
    on_terminal, last = sys.stderr.isatty(), -EVERY

    def show(progress: Any) -> None:
        nonlocal last
        ended = progress.done == progress.total
        if on_terminal:
            print(f"funjax: {progress}"[:WIDTH].ljust(WIDTH), end="\r", file=sys.stderr, flush=True)
        elif ended or time.monotonic() - last > EVERY:
            print(f"funjax: {path.name}: {progress}", file=sys.stderr, flush=True)
            last = time.monotonic()

    return show
