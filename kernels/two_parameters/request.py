"""The plane of two parameters of a map: at each pixel the orbit of one initial condition, its Lyapunov exponent and its period.

From several initial conditions the attractors that their orbits come to are counted. A request is all that the picture depends on; its
`frames` are the picture, coarse first.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from kernels import validation
from kernels.catalog import find_map
from kernels.execution import devices
from kernels.geometry import Grid
from kernels.labelled import PICTURE, Labelled
from kernels.maps import Map
from kernels.parameters import Pairs
from kernels.two_parameters.attractors import MOST_STARTS, error_of, spread
from kernels.two_parameters.forced import check_word, forced
from kernels.two_parameters.picture import Picture
from kernels.types import Bools, Floats
from kernels.validation import setting

MOST_STEPS = 1_000_000
"""The longest transient and the most samples of an orbit."""

PIXEL = 60
"""Bytes for each pixel of the picture and of the copy that is shown."""


@dataclass(frozen=True)
class TwoParametersRequest:
    """One picture of the plane of two parameters. Raises ValueError, in one line, where a field is out of its domain.

    grid: the ranges of `sweep`, along the horizontal axis, and of `and_sweep`, along the vertical one, and their pixels.
    map, parameters, start, transient: as of a BifurcationRequest; `parameters` are those that are not swept.
    samples: steps over which the exponents are averaged, after the transient.
    sequence: with `and_sweep` the same as `sweep`, of a map of the line: the parameter has its value on the horizontal axis at the steps A
    of this word, repeated for ever, and that on the vertical axis at the steps B.
    starts: initial conditions at each pixel; with more than one the attractors that their orbits come to are counted. The first is
    `start`, the others are spread evenly over the map's usual states.
    """

    cut_along: ClassVar[tuple[str, ...]] = PICTURE

    grid: Grid
    map: str = "henon"
    sweep: str = setting("a", "Sweep", "The parameter along the horizontal axis")
    and_sweep: str = setting("b", "And sweep", "The parameter along the vertical axis")
    parameters: Pairs = ()
    start: float | tuple[float, ...] = setting((0.0, 0.0), "Initial x₀", "Initial condition of the orbit at each pixel")
    transient: int = setting(500, "Transient", "Iterations discarded at each pixel", least=0, most=MOST_STEPS)
    samples: int = setting(500, "Samples", "Iterations over which exponents are averaged", least=1, most=MOST_STEPS)
    sequence: str = ""
    starts: int = setting(
        1,
        "Starts",
        "Initial conditions at each pixel from which attractors are counted: x₀, and others spread over the usual states",
        least=2,
        most=MOST_STARTS,
    )

    def __post_init__(self) -> None:
        chosen = find_map(self.map)
        self._check_swept(chosen)
        given = {name: value for name, value in dict(self.parameters).items() if name not in self.swept}
        object.__setattr__(self, "parameters", tuple(pair for pair in chosen.completed(given) if pair[0] not in self.swept))
        object.__setattr__(self, "start", chosen.completed_state(self.start, "")[0])
        validation.counts(self, "transient", "samples")
        validation.count("starts", self.starts, 1, MOST_STARTS)
        devices.check_picture(self.grid.columns, self.grid.rows, PIXEL * self.grid.columns * self.grid.rows)

    def _check_swept(self, chosen: Map) -> None:
        if not self.sequence and len(chosen.parameters) < 2:
            raise ValueError(f"the map {chosen.called} has no second parameter to sweep; choose another map, or force it by a sequence")
        for name in self.swept:
            chosen.parameter(name)
        if self.sequence:
            check_word(self.sequence)
            if self.sweep != self.and_sweep or chosen.is_plane:
                raise ValueError("a sequence forces one parameter of a map of the line; sweep it along both axes, or give no sequence")
        elif self.sweep == self.and_sweep:
            others = ", ".join(p.name for p in chosen.parameters if p.name != self.sweep)
            raise ValueError(f"{self.sweep} is swept along both axes; sweep {others} along one of them, or give a sequence such as AB")

    @property
    def axes(self) -> tuple[str, str]:
        """What both axes are called in files: the parameters' names, of a forced one with the letter at which it has the value."""
        return (f"{self.sweep}_A", f"{self.sweep}_B") if self.sequence else self.swept

    @property
    def swept(self) -> tuple[str, str]:
        """The names of both parameters, the horizontal one first."""
        return self.sweep, self.and_sweep

    @property
    def origin(self) -> tuple[float, ...]:
        """The initial condition, a number for each coordinate."""
        return self.start if isinstance(self.start, tuple) else (self.start,)

    def values(self, sweep: Any, and_sweep: Any) -> tuple[Any, ...]:
        """All of the map's parameters in the rule's order, with these in the places of the swept ones; of a forced one at A, then at B."""
        known = dict(self.parameters) | {self.and_sweep: and_sweep, self.sweep: sweep}
        values = tuple(known[p.name] for p in find_map(self.map).parameters)
        return (*values, and_sweep) if self.sequence else values

    def frames(self) -> Iterator["TwoParametersFrame | None"]:
        """The picture, coarse first; None where a caller may stop. No step takes longer than about 50 ms.

        If a GPU fails, the CPU starts over. Raises ValueError, in one line, where float64 does not resolve the view.
        """
        return devices.or_on_cpu(self._frames)

    def _frames(self) -> Iterator["TwoParametersFrame | None"]:
        if not all(self.grid.is_resolved()):
            raise ValueError("float64 cannot tell neighbouring columns or rows apart in this view; zoom out")
        chosen = find_map(self.map)
        rule = chosen.rule
        if self.sequence:
            rule = forced(rule, [p.name for p in chosen.parameters].index(self.sweep), self.sequence)
        picture = Picture(self.grid, rule, spread(chosen, self.origin, self.starts), self.values, self.transient, self.samples)
        for due in picture.steps():
            yield self._frame(picture) if due else None

    def _frame(self, picture: Picture) -> "TwoParametersFrame":
        return TwoParametersFrame(
            request=self,
            device=devices.describe(),
            seconds=picture.seconds,
            progress=picture.progress,
            done=picture.progress == 1.0,
            side=picture.side,
            lyapunov=picture.found.lyapunov.copy(),
            period=picture.found.period.copy(),
            second=None if picture.found.second is None else picture.found.second.copy(),
            attractors=None if picture.found.attractors is None else picture.found.attractors.copy(),
        )


@dataclass(frozen=True, eq=False)
class TwoParametersFrame(Labelled, lyapunov=PICTURE, period=PICTURE, second=PICTURE, attractors=PICTURE):
    """The picture so far.

    lyapunov: the largest Lyapunov exponent: of a cycle from its multiplier, so it is that of the cycle itself, else averaged over the
    samples; -inf on a superstable cycle, NaN where the orbit is not finite. period: of the cycle that the orbit has settled on (0 none
    found up to 256, -1 diverged, -2 undefined). second: of a map of the plane the smaller exponent, else None. attractors: of a request
    with several starts the number of attractors that their orbits come to, infinity not among them (0 not resolved: two orbits are told
    neither to be on one attractor nor on two, or one is still moving away; -1 all orbits diverge, -2 none is finite and one is
    undefined), else None; the other arrays are of the first start. All of shape (rows, columns), top row first. Pixels that are not
    computed yet have the values of a neighbour.
    progress: share of the pixels that is done, in [0, 1]. side: of the squares, in pixels, of which one pixel is known everywhere; 1 at
    the end. seconds: since the request was begun.
    """

    request: TwoParametersRequest
    device: str
    seconds: float
    progress: float
    done: bool
    side: int
    lyapunov: Floats = field(repr=False)
    period: NDArray[np.int32] = field(repr=False)
    second: Floats | None = field(default=None, repr=False)
    attractors: NDArray[np.int32] | None = field(default=None, repr=False)

    @property
    def axes(self) -> tuple[str, str]:
        """The two parameters."""
        return self.request.axes

    @property
    def precision(self) -> str:
        """The floating-point type."""
        return "float64"

    @property
    def error(self) -> float:
        """About how far an average over the samples is from the exponent."""
        return error_of(self.request.samples)

    @property
    def chaotic(self) -> Bools:
        """Where there is no cycle and the exponent is above 0 by more than its error. Shape (rows, columns)."""
        return (self.period == 0) & (self.lyapunov > self.error)

    @property
    def unresolved(self) -> Bools:
        """Where there is no cycle and the exponent is not above 0 by more than its error: quasiperiodic, or not settled."""
        return (self.period == 0) & ~(self.lyapunov > self.error)
