"""The bifurcation diagram: the orbit of one initial condition in each column, as a parameter is swept along the horizontal axis.

A request is all that the picture depends on; its `frames` are the picture, coarse first, then refined by continuing the orbits.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kernels import validation
from kernels.bifurcation import density
from kernels.bifurcation.following import FOLLOWS
from kernels.catalog import find_map
from kernels.execution import devices
from kernels.geometry import Grid
from kernels.labelled import COLUMN, CURVE, PICTURE, Labelled
from kernels.parameters import Line, Swept, checked_line
from kernels.validation import setting

MOST_STEPS = 2**31 - 1
"""The longest transient and the most samples a column: the counts are 32 bits wide."""


QUASIPERIODIC = -3
"""In the place of a period: the orbit is quasi-periodic."""


class Engine(Protocol):
    """A way to compute a diagram, in arithmetic of one precision."""

    @property
    def name(self) -> str:
        """What the status bar and exports call it."""

    def is_available(self) -> bool:
        """Whether this device has it."""

    def resolves(self, grid: Grid, map: str) -> tuple[bool, bool]:
        """(columns, rows): whether neighbouring ones are different numbers to it, of diagrams of this map."""

    def frames(self, request: "BifurcationRequest") -> Iterator["BifurcationFrame | None"]:
        """As BifurcationRequest.frames, of a view that it resolves."""


ENGINES: list[Engine] = []
"""The engines, the fastest first and the deepest last; the module `engines` puts them here."""


def is_resolved(grid: Grid, map: str) -> tuple[bool, bool]:
    """(columns, rows): whether an engine tells neighbouring ones of the map's diagram apart."""
    columns, rows = zip(*(engine.resolves(grid, map) for engine in ENGINES), strict=True)
    return any(columns), any(rows)


@dataclass(frozen=True)
class BifurcationRequest(Swept):
    """One bifurcation diagram. Raises ValueError, in one line, where a field is out of its domain.

    grid: the sweep parameter's range and the window of states, and their pixels.
    map, sweep: names of the map and of the parameter along the horizontal axis.
    parameters: values of the others, (name, value) pairs (or a mapping); defaults are filled in and the pairs sorted.
    start: x_0 of every column; of a map of the plane the pair (x_0, y_0), or x_0 with the map's own y_0.
    observe: of a map of the plane the coordinate that is counted, by default the first, or `radius`, the distance from the origin.
    transient: steps left out. samples: steps counted after them.
    keep_refining: go on sampling after the samples asked for.
    and_sweep, line: with both ends of a line in the plane of `sweep` and `and_sweep`, two points (sweep, and_sweep), both parameters are
    swept along it; the horizontal axis is then the position on it, 0 at its first end and 1 at the second.
    follow: one of FOLLOWS: `left` or `right` begins each column, after the outermost one, at the state that the transient of its neighbour
    on that side came to, and at `start` where that is not finite; `both` makes two diagrams, of which the frames' `other` is that from
    the right.
    """

    grid: Grid
    map: str = setting("logistic", "Map", "The map that is iterated")
    sweep: str = setting("a", "Sweep", "The parameter along the horizontal axis")
    parameters: tuple[tuple[str, float], ...] = ()
    start: float | tuple[float, ...] = setting(0.5, "Initial x₀", "Initial condition of the orbit in each column")
    transient: int = setting(1000, "Transient", "Iterations discarded before counting begins", least=0, most=MOST_STEPS)
    samples: int = setting(1000, "Samples", "Iterations counted per column", least=1, most=MOST_STEPS)
    keep_refining: bool = setting(False, "Keep refining", "Keep adding samples beyond the number requested, until Esc or a change of view")
    observe: str = setting("", "Observe", "What is counted, along the vertical axis: a coordinate, or the distance from the origin")

    follow: str = setting(
        "",
        "Follow",
        "Begin each column at x₀, or at the state that its neighbour on one side came to; from both sides that shows hysteresis",
        choices=list(FOLLOWS.items()),
    )
    and_sweep: str = ""
    line: Line = ()

    def __post_init__(self) -> None:
        if self.follow not in FOLLOWS:
            raise ValueError(f"follow is {self.follow!r}; it may be {', '.join(filter(None, FOLLOWS))}, or empty for none")
        rule_map = find_map(self.map)
        rule_map.parameter(self.sweep)
        if self.line or self.and_sweep:
            rule_map.parameter(self.and_sweep)
            object.__setattr__(self, "line", checked_line(self.line, self.swept))
        others = {name: value for name, value in dict(self.parameters).items() if name not in self.swept}
        object.__setattr__(self, "parameters", tuple(pair for pair in rule_map.completed(others) if pair[0] not in self.swept))
        start, observe = rule_map.completed_state(self.start, self.observe)
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "observe", observe)
        validation.count("transient", self.transient, 0, MOST_STEPS)
        validation.count("samples", self.samples, 1, MOST_STEPS)
        devices.check_memory(f"a picture of {self.grid.columns} x {self.grid.rows}", self.bytes, "ask for fewer columns or rows")

    @property
    def cut_along(self) -> tuple[str, ...]:
        """The axes along which the picture can be cut into tiles: a column's exponents need all samples, a follower its neighbour."""
        return () if self.follow else CURVE

    @property
    def origin(self) -> tuple[float, ...]:
        """The initial condition, a number for each coordinate."""
        return self.start if isinstance(self.start, tuple) else (self.start,)

    @property
    def observed(self) -> int:
        """The index, among the map's observables, of what is counted."""
        return find_map(self.map).observables.index(self.observe) if self.observe else 0

    @property
    def bytes(self) -> int:
        """Memory that the counts take while a picture is made."""
        # 16-bit counts, the 32-bit total with its successor, and the picture twice: laid out on the devices and as handed over
        return self.grid.columns * density.bins(self.grid.rows) * (2 + 4 + 4 + 4 + 4) * (2 if self.follow == "both" else 1)

    def values(self, places: Any) -> tuple[Any, ...]:
        """All of the map's parameters in the rule's order, at places on the horizontal axis."""
        known = dict(self.parameters) | self.at(places)
        return tuple(known[p.name] for p in find_map(self.map).parameters)

    def frames(self) -> Iterator["BifurcationFrame | None"]:
        """The picture, coarse first; None where a caller may stop but nothing new is to be seen.

        The first of ENGINES that this device has and that resolves the view computes it. The last frame has just the transient and
        samples asked for; with `keep_refining` frames go on to MOST_STEPS samples. No step takes longer than about 50 ms. If a GPU
        fails, the CPU starts over. Raises ValueError, in one line, where no engine resolves the view.
        """
        return devices.or_on_cpu(self._frames)

    def _frames(self) -> Iterator["BifurcationFrame | None"]:
        ready = (each for each in ENGINES if each.is_available() and all(each.resolves(self.grid, self.map)))
        engine = next(filter(self._is_followed_by, ready), None)
        if engine is None and self.line:
            raise ValueError("float64 cannot tell neighbouring columns along the line apart in this view; zoom out, or draw a longer line")
        if engine is None:
            from kernels.deep import why_not_smooth  # FLINT is loaded with the first deep view

            why = why_not_smooth(self.map)
            raise ValueError("float64 cannot tell neighbouring columns or rows apart in this view; zoom out" + f" ({why})" * bool(why))
        if self.follow and engine is ENGINES[-1]:
            raise ValueError("columns are followed in float64, which cannot tell those of this view apart; zoom out, or begin them at x₀")
        return engine.frames(self)

    def _is_followed_by(self, engine: Engine) -> bool:
        """Whether, along a line, an engine has different values of at least one parameter in neighbouring columns."""
        if not self.line:
            return True
        dtype = getattr(engine, "dtype", None)  # one below float64 sweeps a single parameter
        if dtype is None:
            return False
        steps = [np.diff(values.astype(dtype)) != 0 for values in self.at(self.grid.column_values()).values()]
        return bool(np.logical_or(*steps).all())


@dataclass(frozen=True, eq=False)
class BifurcationFrame(
    Labelled,
    counts=PICTURE,
    period=CURVE,
    multiplier=CURVE,
    lyapunov=CURVE,
    outside=CURVE,
    skipped=CURVE,
    spectrum=(COLUMN, "exponent"),
    quasiperiodic=CURVE,
    rotation=CURVE,
):
    """The picture computed so far.

    counts: samples in each pixel, int32, shape (rows, columns), top row first. outside: samples of each column that lie in no row,
    escaped orbits included. columns: the swept parameter, or the position on the line, in float64. period, multiplier: of the cycle
    that the column's orbit has settled on (0 unresolved or chaotic, -1 diverged, -2 undefined: the map has no value at a state of the
    orbit, or none that float64 reaches; multiplier NaN there). lyapunov: ln|f'| averaged over the samples but those `skipped` with f'
    = 0; -inf on a superstable cycle, which has one such, NaN where the orbit is not finite. All of shape (columns,).
    spectrum: of a map of the plane both Lyapunov exponents, the larger first, whose sum is the mean of ln|determinant of the Jacobian|;
    shape (columns, 2). Its `lyapunov` is the larger one, and its multiplier the larger eigenvalue of a cycle's Jacobian, where these are
    complex their size.
    quasiperiodic: of a map of the plane or of a circle, once the samples asked for are there, which columns' orbits are quasi-periodic:
    the largest exponent is 0 within its error and weighted means converge fast. rotation: their rotation numbers, NaN where unresolved.
    begun: where columns are followed, the state that each one's orbit began at, shape (coordinates, columns). other: the frame from the
    right, where the request is to follow from both sides.
    transient, samples: steps done so far; progress in [0, 1]; seconds since the request was begun.
    engine: the name of an engine below float64, empty where the map itself is iterated. iterations: of the map that one step stands for:
    more than 1 below float64, where the rule is a return map; period, multiplier and lyapunov are then those of the return map, the
    orbits start at the map's critical point (`critical`, where it has several), and a column whose orbit leaves the return map's
    interval has period 0 and no exponent. certified: whether it is proved that in
    every column the return map takes an interval into itself.
    expected: 0 where samples are counted. Where they miss a view in chaos, the counts are the visits that are expected of this many
    samples a column, by the density in closed form near images of the critical point.
    """

    request: BifurcationRequest
    transient: int
    samples: int
    precision: str
    device: str
    seconds: float
    progress: float
    done: bool
    counts: NDArray[np.int32] = field(repr=False)
    columns: NDArray[np.float64] = field(repr=False)
    outside: NDArray[np.int64] = field(repr=False)
    period: NDArray[np.int32] = field(repr=False)
    multiplier: NDArray[np.float64] = field(repr=False)
    lyapunov: NDArray[np.float64] = field(repr=False)
    skipped: NDArray[np.int64] = field(repr=False)
    engine: str = ""
    iterations: int = 1
    critical: float | None = None
    certified: bool = False
    expected: float = 0.0
    spectrum: NDArray[np.float64] | None = field(default=None, repr=False)
    quasiperiodic: NDArray[np.bool_] | None = field(default=None, repr=False)
    rotation: NDArray[np.float64] | None = field(default=None, repr=False)
    begun: NDArray[np.float64] | None = field(default=None, repr=False)
    other: "BifurcationFrame | None" = field(default=None, repr=False)

    @property
    def axes(self) -> tuple[str, str]:
        """The swept parameter, or the position on a line, and the coordinate that is counted."""
        return self.request.across, self.request.observe or "x"

    @functools.cached_property
    def kinds(self) -> NDArray[np.int32]:
        """The periods, QUASIPERIODIC in their place where the orbit is so. Shape (columns,)."""
        return self.period if self.quasiperiodic is None else np.where(self.quasiperiodic, np.int32(QUASIPERIODIC), self.period)

    @property
    def offsets(self) -> NDArray[np.float64]:
        """The swept parameter less the decimal centre of the view: resolved where `columns` no longer are. Shape (columns,)."""
        return self.request.grid.column_offsets()

    @property
    def inside(self) -> int:
        """Samples in the picture, of all columns; from the left where there are two pictures."""
        return self.samples * self.request.grid.columns - int(self.outside.sum())

    @property
    def visits(self) -> float:
        """The share of a column's samples that falls into the view, on average; expected where it is in closed form."""
        columns = self.request.grid.columns
        return float(self.counts.sum(dtype=float)) / (columns * self.expected) if self.expected else self.inside / (columns * self.samples)
