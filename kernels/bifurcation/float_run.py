"""A bifurcation diagram in the processor's own floating-point types: orbits are iterated, call by call, and counted."""

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from kernels.bifurcation import density, quasiperiodic
from kernels.bifurcation.following import Following
from kernels.bifurcation.request import MOST_STEPS, BifurcationFrame, BifurcationRequest
from kernels.catalog import find_map
from kernels.execution import batching, devices, jax
from kernels.formulas import escape
from kernels.geometry import split
from kernels.iteration import UNDEFINED, Along, growth, orbits, plane
from kernels.types import Rule, State

SHOW_EVERY = 0.1
"""Seconds between the frames of a picture that takes long."""

IN_PASSING = 0.4
"""Duration of a refining call, as a share of the usual one: the next view waits for it to end."""

REFINED = MOST_STEPS
"""Samples per column to which a picture is refined."""

PREVIEW = 64
"""Samples per column in the preview shown while a long transient runs."""


@dataclass(frozen=True, eq=False)
class Iterated:
    """What is iterated in the columns: a rule, its parameters' values (numbers or of shape (columns,)), a start and a window of states.

    centre: of the window, as an unevaluated sum of two floats. iterations: of the map, one step of the rule. engine: the name of one
    below float64, else empty; its orbits become NaN where they leave the interval on which the rule is known. seen: None, or another rule
    with a second coordinate, which the window is one of, and what it takes as parameters after `values`.
    critical: the critical point that is followed, where the map has several. certified: as of BifurcationFrame.
    """

    rule: Rule
    values: tuple[Any, ...]
    start: float
    centre: tuple[float, float]
    half_height: float
    engine: str = ""
    iterations: int = 1
    seen: tuple[Rule, tuple[Any, ...]] | None = None
    critical: float | None = None
    certified: bool = False

    def values_of(self, columns: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        """The values of the parameters in each column. Shapes (columns,)."""
        return tuple(np.broadcast_to(np.asarray(value, np.float64), columns.shape) for value in self.values)

    @classmethod
    def of(cls, request: BifurcationRequest) -> Self:
        """The map itself."""
        view, values = request.grid.viewport, request.values(request.grid.column_values())
        return cls(find_map(request.map).rule, values, request.origin[0], split(view.y), view.half_height)


class Run:
    """One diagram being computed: the orbits' states on the devices, of the floating-point type `dtype`, and what was counted so far."""

    def __init__(self, request: BifurcationRequest, dtype: Any, iterated: Iterated) -> None:
        grid = request.grid
        chosen = find_map(request.map)
        self.request, self.iterated, self.began = request, iterated, time.perf_counter()
        self.is_deep = bool(iterated.engine)
        self.columns = grid.column_values()
        self.layout = devices.layout(grid.columns)
        self.dtype = np.dtype(dtype)
        self.rule = iterated.rule
        self.parameters = self._shard_all(iterated.values)
        self._known: tuple[State, NDArray[Any], NDArray[Any]] | None = None
        self._begin()
        self.window = self._window()
        seen = iterated.seen
        self.seen = None if seen is None else (seen[0], self._shard_all(seen[1]))
        self.begun: NDArray[np.float64] | None = None
        self.counts: Any = None
        self.quasiperiodic: NDArray[np.bool_] | None = None
        self.rotation: NDArray[np.float64] | None = None
        if chosen.is_plane or chosen.periods[0] is not None:
            self.quasiperiodic, self.rotation = np.zeros(grid.columns, np.bool_), np.full(grid.columns, np.nan)
        self._forget()

    def _begin(self) -> None:
        """Put each orbit at its start, unless the map has no value there."""
        start = self.iterated.start
        self.lost = self.undefined = escape.has_no_value(self.rule, np.full(len(self.columns), start), self.iterated.values)
        self.state: State = (self._shard(np.where(self.undefined, np.nan, start)),)

    @property
    def _end(self) -> int:
        """Samples a column of the last frame."""
        return max(self.request.samples, REFINED) if self.request.keep_refining else self.request.samples

    def frames(self) -> Iterator[BifurcationFrame | None]:
        """The picture, coarse first; None where a caller may stop."""
        try:
            yield from self._frames()
        except Exception:
            self.counts = None  # a call may fail when it has returned them: each that takes them would fail as well
            raise
        finally:
            if self.counts is not None:
                density.give_back(self.layout, self.counts)
                self.counts = None

    def _frames(self) -> Iterator[BifurcationFrame | None]:
        asked = self.request.samples
        yield from self._transient()
        samples, shown = 0, -math.inf
        while samples < self._end:
            # The samples asked for are a stop also where the picture goes on.
            if samples < asked:
                samples += self._sample(asked - samples)
            else:
                samples += self._sample(self._end - samples, IN_PASSING)
            if samples == asked:
                yield from self._look_closer(samples)
            if samples == asked or time.perf_counter() - shown > SHOW_EVERY:
                yield self._frame(self.request.transient, samples)
                shown = time.perf_counter()
            else:
                yield None

    def _look_closer(self, samples: int) -> Iterator[None]:
        """Once the samples asked for are there: find the columns that are quasi-periodic, if the map may have some."""
        if self.quasiperiodic is None or self.rotation is None or self.is_deep:
            return
        period, multiplier = self._settled()
        exponents = self._exponents(samples, period, multiplier)
        spectrum = exponents.get("spectrum", np.stack([exponents["lyapunov"], np.full(len(period), -np.inf)], axis=-1))
        chosen = find_map(self.request.map)
        wanted = quasiperiodic.is_candidate(period, spectrum, samples, chosen.area_preserving)
        state = np.stack([self._gather(part) for part in self.state])
        values = tuple(map(self._gather, self.parameters))
        yield from quasiperiodic.look(self.rule, state, values, chosen.periods, wanted, self.quasiperiodic, self.rotation)

    def _transient(self) -> Iterator[BifurcationFrame | None]:
        """Iterate the transient; while that takes long, yield a rough picture of the present states from time to time."""
        done, shown = 0, time.perf_counter()
        if self.request.follow and self.request.transient:
            done = self.request.transient - self._tail
            yield from self._follow(done)
        while done < self.request.transient:
            done += self._advance(self.request.transient - done)
            if done < self.request.transient:
                due = time.perf_counter() - shown > SHOW_EVERY
                yield self._preview(done) if due else None
                shown = time.perf_counter() if due else shown

    @property
    def _tail(self) -> int:
        """Steps at the end of the transient that all columns do side by side, also where they are followed."""
        return min(self.request.transient, plane.ALIGNED)

    def _follow(self, transient: int) -> Iterator[None]:
        """Follow the attractor from column to column; the states are then those after so many steps."""
        origin, side = self.request.origin, self.request.follow
        following = Following(self.rule, self.iterated.values_of(self.columns), origin, side, self.request.transient, self._tail)
        yield from batching.yield_points(following.steps())
        self.begun, reached = (np.stack([np.asarray(part) for part in parts]) for parts in (following.begun, following.reached))
        lost = ~np.isfinite(reached).all(0)
        if lost.any() and transient:
            # Once more, to find which of them are undefined.
            self.state = tuple(self._shard(np.where(lost, part, np.nan)) for part in self.begun)
            done = 0
            while done < transient:
                done += self._advance(transient - done)
                yield None
        gone = tuple(self._gather(part) for part in self.state)
        self.state = tuple(self._shard(np.where(lost, part, came)) for part, came in zip(gone, reached, strict=True))
        self.lost = self.lost & lost

    def _preview(self, transient: int) -> BifurcationFrame:
        kept = self.state
        samples = self._sample(PREVIEW)
        frame = self._frame(transient, samples)
        self.state = kept
        self._forget()
        return frame

    def _forget(self) -> None:
        """Begin to count, with nothing counted: samples, derivatives' products, steps left out of these."""
        self.total: Any = None
        self.counted = 0
        self.mantissa = self._shard(1.0)
        self.exponent, self.skipped = np.zeros(len(self.columns), np.int64), np.zeros(len(self.columns), np.int64)

    def _advance(self, most: int) -> int:
        """Go on by as many steps as fit into one call, `most` at most; return how many."""
        with self._paced("advance", most) as steps:
            before = self.state
            self.state = self._advanced(np.int32(steps))
            jax.block_until_ready(self.state)
        self._explain(before, steps)
        return steps

    def _sample(self, most: int, share: float = 1.0) -> int:
        """Go on by as many steps as fit into one call (`share` of it), `most` at most, and count them; return how many."""
        with self._paced("sample", most, share, density.limit(self.layout)) as steps:
            before = self.state
            self._make_room(steps)
            self._count(np.int32(steps))
            self.counted += steps
            self.counts.block_until_ready()
        self._explain(before, steps)
        return steps

    def _advanced(self, times: Any) -> State:
        """The states `times` steps on."""
        return orbits.advance(self.rule, self.layout, self.state, self.parameters, times)

    def _cycles(self) -> tuple[Any, Any]:
        """The periods and multipliers from the present states."""
        return orbits.periods(self.rule, self.layout, *self.state, self.parameters)

    def _settled(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """The periods and multipliers from the present states, found once for them. Shapes (columns,)."""
        if self._known is None or self._known[0] is not self.state:
            period, multiplier = map(self._gather, self._cycles())
            self._known = self.state, period, multiplier
        return self._known[1:]

    def _make_room(self, steps: int) -> None:
        """For so many more samples in the counts, which are narrow: where they would not hold them, they are added to the total."""
        if self.counts is None:
            self.counts = density.room(self.layout, density.bins(self.request.grid.rows))
        if self.counted + steps > density.limit(self.layout):
            self.total, self.counted = density.add(self._parts), 0

    @property
    def _parts(self) -> tuple[Any, ...]:
        """What was counted, in parts."""
        return (self.counts,) if self.total is None else (self.total, self.counts)

    def _count(self, times: Any) -> None:
        """Go on by `times` steps: count these, and multiply the derivatives."""
        self.mantissa, counted = self._counted(growth.Slopes(), self.mantissa, times)
        powers, skipped = plane.powers(self._gather(counted))
        self.exponent += powers
        self.skipped += skipped

    def _counted(self, along: Along, begun: Any, times: Any, observed: int = 0, common: Any = ()) -> Any:
        """Count `times` steps; the growth from `begun`."""
        rule, state, parameters, is_new = self.rule, self.state, self.parameters, np.bool_(not self.counted)
        if self.seen is not None:
            rule, state, parameters, observed = self.seen[0], state * 2, parameters + self.seen[1], 1
        given = along, state, parameters, begun, self.counts, is_new, self.window, times, observed, common
        state, grown, self.counts = density.count(rule, self.layout, *given)
        self.state = state[: len(self.state)]
        return grown

    def _explain(self, before: State, steps: int) -> None:
        """Note which of the orbits that became infinite or NaN in these steps are undefined, rather than diverged."""
        if self.is_deep:
            return
        lost = escape.may_be_lost(self.rule, self._gather(self.state[0])) & ~self.lost
        if lost.any():
            # The others are NaN, so that the kernel is compiled for one number of columns.
            start = self._shard(np.where(lost, self._gather(before[0]), np.nan))
            found = escape.last_finite(self.rule, self.layout, start, self.parameters, np.int32(steps))
            last, image = (self._gather(array)[lost].astype(np.float64) for array in found)
            values = tuple(self._gather(value)[lost] for value in self.parameters)
            self.lost, self.undefined = self.lost | lost, self.undefined.copy()
            self.undefined[lost] = escape.exits(self.rule, last, image, values) != escape.Exit.DIVERGED

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
        return int(np.isfinite(self._gather(self.state[0])).sum())

    def _frame(self, transient: int, samples: int) -> BifurcationFrame:
        request = self.request
        period, multiplier = self._settled()
        period = np.where((period < 0) & self.undefined, UNDEFINED, period)
        exponents = self._exponents(samples, period, multiplier)
        if self.is_deep:
            period = np.maximum(period, 0)  # what left the return map's interval has not diverged
        counts = self._gather(density.picture(self._parts))
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
            done=transient == request.transient and samples == self._end,
            counts=counts[:rows][::-1],
            columns=self.columns,
            outside=counts[rows].astype(np.int64),
            period=period,
            multiplier=multiplier.astype(np.float64),
            **exponents,
            quasiperiodic=None if self.quasiperiodic is None else self.quasiperiodic.copy(),
            rotation=None if self.rotation is None else self.rotation.copy(),
            begun=self.begun,
            other=None,
            engine=self.iterated.engine,
            iterations=self.iterated.iterations,
            critical=self.iterated.critical,
            certified=self.iterated.certified,
        )

    def _exponents(self, samples: int, period: NDArray[Any], multiplier: NDArray[Any]) -> dict[str, Any]:
        """The frame's Lyapunov exponents, and the steps left out of them."""
        log_sum = orbits.logarithm(self._gather(self.mantissa), self.exponent)
        return {"lyapunov": orbits.lyapunov(log_sum, samples, self.skipped, period, multiplier), "skipped": self.skipped.copy()}

    def _shard(self, value: float | NDArray[np.float64]) -> Any:
        return self._shard_all((value,))[0]

    def _shard_all(self, values: Sequence[float | NDArray[np.float64]]) -> tuple[Any, ...]:
        """Laid out in one go: a return map has a dozen of coefficients, and each on its own takes as long as all together."""
        return self.layout.shard_all(*(np.broadcast_to(value, self.columns.shape).astype(self.dtype) for value in values))

    def _gather(self, array: Any) -> NDArray[Any]:
        return self.layout.gather(array, len(self.columns))

    def _window(self) -> density.Window:
        rows = self.request.grid.rows
        high, low = (self.dtype.type(part) for part in self.iterated.centre)
        return density.Window(high, low, self.dtype.type(rows / (2 * self.iterated.half_height)), self.dtype.type(rows))
