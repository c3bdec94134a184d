"""The line that shows how far a picture in tiles is."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

WIDTH = 72


def shown(path: Path, every: float) -> Callable[[Any], None]:
    """A function that shows a kernels.posters.Progress: one line that is overwritten on a terminal, elsewhere a line `every` seconds."""
    on_terminal, last = sys.stderr.isatty(), -every

    def show(progress: Any) -> None:
        nonlocal last
        ended = progress.done == progress.total
        if on_terminal:
            print(f"funjax: {progress}"[:WIDTH].ljust(WIDTH), end="\r", file=sys.stderr, flush=True)
        elif ended or time.monotonic() - last > every:
            print(f"funjax: {path.name}: {progress}", file=sys.stderr, flush=True)
            last = time.monotonic()

    return show
