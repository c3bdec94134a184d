"""Diagrams of chaos in views that hardly any sample falls into: their density in closed form, by the images of the critical point."""

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np

from kernels.bifurcation.request import BifurcationFrame, BifurcationRequest
from kernels.catalog import find_map
from kernels.execution import batching
from kernels.geometry import Grid

CAUSTICS = "caustics"
"""What the engine is called where the density is drawn in closed form."""

LOW = 1e-3
"""Height of a view, in units of the map's usual states, from which it is sampled, however few samples fall into it."""

PROBE = 64
"""Columns and rows of the picture by which counts are scaled, and by which it is decided for all tiles of a poster alike."""

TYPICAL = 1000.0
"""The count of a pixel of median density."""

MOST = 2**30
"""The largest count: at an image that hardly moves across the view the density is unbounded."""

NEARLY = 0.9
"""The progress of a picture that samples miss, until it is known whether there is another."""

Frames = Iterator[BifurcationFrame | None]

Closed = Generator[BifurcationFrame | None, None, bool]
"""Frames, None where a caller may stop, and whether the picture is complete with them."""


def completed(frames: Frames, instead: Callable[[BifurcationFrame], Closed]) -> Frames:
    """The frames; where the samples asked for miss the view, what `instead` finds of it."""
    for frame in frames:
        if frame is not None and is_missed(frame):
            yield replace(frame, done=False, progress=NEARLY)
            if (yield from instead(frame)):
                return
        yield frame


def is_missed(frame: BifurcationFrame) -> bool:
    """Whether the samples asked for are there, all columns are chaotic or unresolved, and the view is low and not seen by one each."""
    request = frame.request
    if frame.transient < request.transient or frame.samples != request.samples or not _is_low(request):
        return False
    if request.grid.whole is not request.grid:
        found = _engine(replace(request, grid=Grid(request.grid.viewport, PROBE, PROBE), keep_refining=False))
        return found == CAUSTICS or bool(found and not frame.engine)
    return frame.inside < request.grid.columns and not frame.period.any()


def _is_low(request: BifurcationRequest) -> bool:
    low, high = find_map(request.map).state
    return not find_map(request.map).is_plane and 2 * request.grid.viewport.half_height < LOW * (high - low)


def in_closed_form(frame: BifurcationFrame) -> Closed:
    """The frame with the density in closed form; False, and no frame, where no image of the critical point has a caustic in the view."""
    from kernels.deep import SmoothRule, caustics, references  # FLINT is loaded with the first deep view

    request, grid, began = frame.request, frame.request.grid, time.perf_counter()
    shape = Grid(grid.viewport, PROBE, PROBE)
    try:
        found = yield from batching.last_of(references(SmoothRule(request.map, request.sweep, request.parameters), grid.whole))
    except ValueError:  # a map that is not smooth, or a critical point whose orbit diverges
        return False
    assert found is not None
    coarse = yield from batching.last_of(caustics(found, shape.column_shares(), PROBE))
    if coarse is None or not coarse.images:
        return False
    whole = yield from batching.last_of(caustics(found, grid.column_shares(), grid.rows))
    assert whole is not None
    expected = float(TYPICAL * grid.rows / (PROBE * np.median(coarse.weights[coarse.weights > 0])))
    counts = np.minimum(np.rint(whole.weights * expected), MOST).astype(np.int32)
    seconds = frame.seconds + time.perf_counter() - began
    yield replace(frame, counts=counts, engine=CAUSTICS, expected=expected, seconds=seconds, done=True, progress=1.0, certified=False)
    return True


@lru_cache(maxsize=4)
def _engine(request: BifurcationRequest) -> str:
    """The engine below float64 by which a picture is complete, as a small one tells; empty where there is none."""
    *_, frame = filter(None, request.frames())
    return frame.engine
