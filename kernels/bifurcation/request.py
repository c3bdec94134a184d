"""The bifurcation diagram: where the orbit of one start goes, column by column, as a parameter is swept along the horizontal axis.

A request is all that the picture depends on; its `frames` are the picture, coarse first, then finer, by carrying the orbits on.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.bifurcation import density
from kernels.catalog import find_map
from kernels.execution import batching, devices
from kernels.geometry import Grid, grouped, split
from kernels.iteration import orbits
from kernels.maps import Map

MOST_STEPS = 2**31 - 1
"""The longest transient and the most samples a column: the counts are 32 bits wide."""

SHOW_EVERY = 0.1
"""Seconds between the frames of a picture that takes long."""

IN_PASSING = 0.4
"""How long a call is, beside those for the samples asked for, once they are done: the next view waits for it to end."""

PREVIEW = 64
"""Samples a column in the rough picture shown while a long transient runs."""


@dataclass(frozen=True)
class BifurcationRequest:
    """One bifurcation diagram. Raises ValueError, in one line, where a field is out of its domain.

    grid: the sweep parameter's range and the window of states, and their pixels.
    map, sweep: names of the map and of the parameter along the horizontal axis.
    parameters: values of the others, (name, value) pairs (or a mapping); defaults are filled in and the pairs sorted.
    start: x_0 of every column. transient: steps left out. samples: steps counted after them.
    keep_refining: go on sampling after the samples asked for.
    """

    grid: Grid
    map: str = field(default="logistic", metadata={"label": "Map", "tip": "The map that is iterated"})
    sweep: str = field(default="a", metadata={"label": "Sweep", "tip": "The parameter along the horizontal axis"})
    parameters: tuple[tuple[str, float], ...] = ()
    start: float = field(default=0.5, metadata={"label": "Start x₀", "tip": "Initial condition of the orbit in each column"})
    transient: int = field(
        default=1000,
        metadata={"label": "Transient", "tip": "Iterations discarded before counting begins", "least": 0, "most": MOST_STEPS},
    )
    samples: int = field(
        default=1000, metadata={"label": "Samples", "tip": "Iterations counted per column", "least": 1, "most": MOST_STEPS}
    )
    keep_refining: bool = field(
        default=False,
        metadata={"label": "Keep refining", "tip": "Keep adding samples beyond the number requested, until Esc or a change of view"},
    )

    def __post_init__(self) -> None:
        rule_map = find_map(self.map)
        rule_map.parameter(self.sweep)
        object.__setattr__(self, "parameters", _complete(rule_map, self.sweep, dict(self.parameters)))
        if not math.isfinite(self.start):
            raise ValueError(f"the start {self.start} is not finite; give a number such as {rule_map.start:g}")
        _check_count("transient", self.transient, 0)
        _check_count("samples", self.samples, 1)
        if self.bytes > devices.memory_bytes():
            raise ValueError(
                f"a picture of {self.grid.columns} x {self.grid.rows} needs {grouped(self.bytes)} bytes, and this machine has"
                f" {grouped(devices.memory_bytes())}; ask for fewer columns or rows"
            )

    @property
    def bytes(self) -> int:
        """Memory that the counts take while a picture is made."""
        # 16-bit counts, the 32-bit total with its successor, and the picture twice: laid out on the devices and as handed over
        return self.grid.columns * density.bins(self.grid.rows) * (2 + 4 + 4 + 4 + 4)

    @property
    def precision(self) -> str:
        """The narrowest of the device's floating-point types in which neighbouring columns and rows differ, or `exhausted`."""
        types = [np.float64] if devices.platform() == "cpu" else [np.float32, np.float64]
        return next((np.dtype(t).name for t in types if all(self.grid.told_apart(t))), "exhausted")

    def values(self, sweep: Any) -> tuple[Any, ...]:
        """All of the map's parameters in the rule's order, with `sweep` in the place of the swept one."""
        others = dict(self.parameters)
        return tuple(sweep if p.name == self.sweep else others[p.name] for p in find_map(self.map).parameters)

    def frames(self) -> Iterator["BifurcationFrame | None"]:
        """The picture, coarse first; None where a caller may stop but nothing new is to be seen.

        The last frame has just the transient and samples asked for; with `keep_refining` frames go on to MOST_STEPS samples. No
        step takes longer than about 50 ms. If a GPU fails, the CPU starts over.
        """
        return devices.or_on_cpu(lambda: _Run(self).frames())


@dataclass(frozen=True, eq=False)
class BifurcationFrame:
    """What is known of the picture so far.

    counts: samples in each pixel, int32, shape (rows, columns), top row first. outside: samples of each column that lie in no row,
    escaped orbits included. columns: the swept parameter. period, multiplier: of the cycle that the column's orbit has settled on
    (0 unresolved or chaotic, -1 diverged; multiplier NaN there). lyapunov: ln|f'| averaged over the samples but those `skipped` with
    f' = 0; -inf where all were (super-attracting), NaN where the orbit diverged. All of shape (columns,).
    transient, samples: steps done so far; progress in [0, 1]; seconds since the request was begun.
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

    @property
    def inside(self) -> int:
        """Samples in the picture, of all columns."""
        return self.samples * len(self.columns) - int(self.outside.sum())


def _complete(rule_map: Map, sweep: str, given: dict[str, float]) -> tuple[tuple[str, float], ...]:
    given.pop(sweep, None)
    rule_map.values(given)
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            parameter = rule_map.parameter(name)
            raise ValueError(f"{name} = {value!r} is not a finite number; give one, usually {parameter.low:g} to {parameter.high:g}")
    others = [p for p in rule_map.parameters if p.name != sweep]
    return tuple(sorted((p.name, float(given.get(p.name, p.default))) for p in others))


def _check_count(name: str, value: int, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST_STEPS:
        raise ValueError(f"{name} {value!r} is out of range; give a whole number from {least} to {grouped(MOST_STEPS)}")


class _Run:
    """One request being worked off: the orbits' states on the devices, and what was counted of them so far."""

    def __init__(self, request: BifurcationRequest) -> None:
        if request.precision == "exhausted":
            raise ValueError("float64 cannot tell neighbouring columns or rows apart in this view; zoom out")
        grid = request.grid
        self.request, self.began = request, time.perf_counter()
        self.columns = grid.column_values()
        self.layout = devices.layout(grid.columns)
        self.dtype = np.dtype(request.precision)
        self.rule = find_map(request.map).rule
        self.parameters = tuple(self._spread(value) for value in request.values(self.columns))
        self.x = self._spread(request.start)
        self.window = self._window()
        self._forget()

    def frames(self) -> Iterator[BifurcationFrame | None]:
        asked, refining = self.request.samples, self.request.keep_refining
        yield from self._transient()
        samples, shown = 0, -math.inf
        while samples < (MOST_STEPS if refining else asked):
            # The samples asked for are a stop also where the picture goes on.
            if samples < asked:
                samples += self._sample(asked - samples)
            else:
                samples += self._sample(MOST_STEPS - samples, IN_PASSING)
            if samples == asked or time.perf_counter() - shown > SHOW_EVERY:
                yield self._frame(self.request.transient, samples)
                shown = time.perf_counter()
            else:
                yield None

    def _transient(self) -> Iterator[BifurcationFrame | None]:
        """Leave the transient behind; while that takes long, a rough picture of the orbits as they are now and then."""
        done, shown = 0, time.perf_counter()
        while done < self.request.transient:
            done += self._advance(self.request.transient - done)
            if done < self.request.transient:
                due = time.perf_counter() - shown > SHOW_EVERY
                yield self._preview(done) if due else None
                shown = time.perf_counter() if due else shown

    def _preview(self, transient: int) -> BifurcationFrame:
        kept = self.x
        samples = self._sample(PREVIEW)
        frame = self._frame(transient, samples)
        self.x = kept
        self._forget()
        return frame

    def _forget(self) -> None:
        """Begin to count, with nothing counted: samples, derivatives' products, steps left out of these."""
        self.total: Any = None
        self.mantissa = self._spread(1.0)
        self.exponent, self.skipped = np.zeros(len(self.columns), np.int64), np.zeros(len(self.columns), np.int64)

    def _advance(self, most: int) -> int:
        """Go on by as many steps as fit into one call, `most` at most; return how many."""
        with self._paced("advance", most) as steps:
            self.x = orbits.advance(self.rule, self.layout, self.x, self.parameters, np.int32(steps)).block_until_ready()
        return steps

    def _sample(self, most: int, share: float = 1.0) -> int:
        """Go on by as many steps as fit into one call (`share` of it), `most` at most, and count them; return how many."""
        with self._paced("sample", most, share, density.limit(self.layout)) as steps:
            times = np.int32(steps)
            self.mantissa, exponent, skipped = orbits.derivative_products(
                self.rule, self.layout, self.x, self.parameters, self.mantissa, times
            )
            self.x, counts = density.count(
                self.rule, self.layout, density.bins(self.request.grid.rows), self.x, self.parameters, self.window, times
            )
            self.total = counts if self.total is None else density.add(self.total, counts)
            self.exponent += self._gather(exponent)
            self.skipped += self._gather(skipped)
            self.total.block_until_ready()
        return steps

    @contextmanager
    def _paced(self, kind: str, most: int, share: float = 1.0, limit: int = MOST_STEPS) -> Iterator[int]:
        key = (kind, self.rule, self.dtype, self.layout.mesh)
        steps = min(limit, batching.batch_size(key, len(self.columns), share))
        # Only the very last call may end within an unrolled round: the compiler may round the odd steps' arithmetic otherwise, and
        # so the picture is the same to the last bit however the work was cut.
        steps = most if steps >= most else min(most, max(orbits.UNROLL, steps - steps % orbits.UNROLL))
        with batching.record_duration(key, steps, self._alive):
            yield steps

    def _alive(self) -> int:
        return int(np.isfinite(self._gather(self.x)).sum())

    def _frame(self, transient: int, samples: int) -> BifurcationFrame:
        request = self.request
        period, multiplier = map(self._gather, orbits.periods(self.rule, self.layout, self.x, self.parameters))
        counts = self._gather(density.picture(self.total))
        rows = request.grid.rows
        asked = request.transient + request.samples
        return BifurcationFrame(
            request=request,
            transient=transient,
            samples=samples,
            precision=self.dtype.name,
            device=devices.describe(),
            seconds=time.perf_counter() - self.began,
            progress=min(1.0, (transient + (samples if transient == request.transient else 0)) / asked),
            done=transient == request.transient and samples == (MOST_STEPS if request.keep_refining else request.samples),
            counts=counts[:rows][::-1],
            columns=self.columns,
            outside=counts[rows].astype(np.int64),
            period=period,
            multiplier=multiplier.astype(np.float64),
            lyapunov=self._lyapunov(period, samples),
            skipped=self.skipped.copy(),
        )

    def _lyapunov(self, period: NDArray[np.int32], samples: int) -> NDArray[np.float64]:
        counted = samples - self.skipped
        log_sum = orbits.logarithm(self._gather(self.mantissa), self.exponent)
        means = np.divide(log_sum, counted, out=np.full(len(counted), -np.inf), where=counted > 0)
        return np.where(period == -1, np.nan, means)

    def _spread(self, value: float | NDArray[np.float64]) -> Any:
        return self.layout.shard(np.broadcast_to(value, self.columns.shape).astype(self.dtype))

    def _gather(self, array: Any) -> NDArray[Any]:
        return self.layout.gather(array, len(self.columns))

    def _window(self) -> density.Window:
        grid = self.request.grid
        high, low = (self.dtype.type(part) for part in split(grid.viewport.y))
        scale = self.dtype.type(grid.rows / (2 * grid.viewport.half_height))
        return density.Window(high, low, scale, self.dtype.type(grid.rows))
