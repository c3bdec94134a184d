"""The engines of the bifurcation diagram, in the order in which they are tried. A new one is a class and an entry in the list."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kernels.bifurcation.closed_form import completed
from kernels.bifurcation.float_run import Iterated, Run
from kernels.bifurcation.ladder_engine import LadderEngine
from kernels.bifurcation.plane_run import PlaneRun
from kernels.bifurcation.request import ENGINES, BifurcationFrame, BifurcationRequest
from kernels.catalog import find_map
from kernels.execution import devices
from kernels.geometry import Grid


@dataclass(frozen=True)
class FloatEngine:
    """Orbits in one of the processor's own floating-point types."""

    dtype: Any
    gpu_only: bool = False

    @property
    def name(self) -> str:
        """The type's name, such as float64."""
        return np.dtype(self.dtype).name

    def is_available(self) -> bool:
        """True, except for float32 on a CPU, where it is not faster."""
        return not self.gpu_only or devices.platform() != "cpu"

    def resolves(self, grid: Grid, map: str) -> tuple[bool, bool]:
        """(columns, rows): whether neighbouring ones are different numbers of the type, whatever the map."""
        return grid.is_resolved(self.dtype)

    def frames(self, request: BifurcationRequest) -> Iterator[BifurcationFrame | None]:
        """The picture, coarse first."""
        kind = PlaneRun if find_map(request.map).is_plane else Run
        if not request.follow and not request.line:
            return completed(kind(request, self.dtype, Iterated.of(request)).frames(), LadderEngine().instead)
        if request.follow != "both":
            return kind(request, self.dtype, Iterated.of(request)).frames()
        sides = (replace(request, follow=side) for side in ("left", "right"))
        return _together(request, [kind(side, self.dtype, Iterated.of(side)).frames() for side in sides])


def _together(request: BifurcationRequest, sides: list[Iterator[BifurcationFrame | None]]) -> Iterator[BifurcationFrame | None]:
    """The frames of two diagrams, that from the right as `other` of that from the left."""
    newest: list[BifurcationFrame | None] = [None, None]
    running = list(range(len(sides)))
    while running:
        is_new = False
        for n in list(running):
            try:
                frame = next(sides[n])
            except StopIteration:
                running.remove(n)
                continue
            newest[n], is_new = frame or newest[n], is_new or frame is not None
        left, right = newest
        if left is None or right is None or not is_new:
            yield None
            continue
        share, done = (left.progress + right.progress) / 2, left.done and right.done
        transient, samples = min(left.transient, right.transient), min(left.samples, right.samples)
        yield replace(left, request=request, other=right, progress=share, done=done, transient=transient, samples=samples)


# A CPU is as fast in float64; a GPU is many times faster in float32.
ENGINES += (FloatEngine(np.float32, gpu_only=True), FloatEngine(np.float64), LadderEngine())
