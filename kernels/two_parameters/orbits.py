"""Orbits of one initial condition at many pairs of parameters: their Lyapunov exponents and the periods of their cycles."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from kernels.execution import Layout, batching, jax
from kernels.formulas import escape
from kernels.iteration import UNDEFINED, UNROLL, orbits, plane
from kernels.two_parameters import kernels
from kernels.types import Bools, Floats, Rule, State

SMALLEST = 1e-290
"""Smallest size of a multiplier that has not lost digits as a product of derivatives."""


@dataclass(frozen=True)
class Found:
    """What is known of orbits, arrays of one shape: the largest exponent, the period, and of maps of the plane the smaller exponent.

    attractors: the number of those that several orbits come to, where these are counted.
    """

    lyapunov: Floats
    period: NDArray[np.int32]
    second: Floats | None
    attractors: NDArray[np.int32] | None = None

    @classmethod
    def unknown(cls, shape: tuple[int, int], is_plane: bool, counted: bool) -> Self:
        """Nothing is known."""
        second, attractors = np.full(shape, np.nan) if is_plane else None, np.zeros(shape, np.int32) if counted else None
        return cls(np.full(shape, np.nan), np.zeros(shape, np.int32), second, attractors)

    @property
    def arrays(self) -> list[NDArray[Any]]:
        """Those that there are."""
        return [array for array in (self.lyapunov, self.period, self.second, self.attractors) if array is not None]

    def at(self, places: Bools | slice) -> "Found":
        """That of some of the orbits."""
        second = None if self.second is None else self.second[places]
        return Found(self.lyapunov[places], self.period[places], second, None if self.attractors is None else self.attractors[places])

    def put(self, rows: NDArray[np.intp], columns: NDArray[np.intp], found: "Found") -> None:
        """Set the values of these pixels."""
        self.lyapunov[rows, columns], self.period[rows, columns] = found.lyapunov, found.period
        if self.second is not None and found.second is not None:
            self.second[rows, columns] = found.second
        if self.attractors is not None and found.attractors is not None:
            self.attractors[rows, columns] = found.attractors


class StateOrbits:
    """Orbits of a map of the line, on the devices. `values`: all parameters in the rule's order, each of shape (orbits,).

    `origin`: the coordinates of the initial condition, each a number or one for each orbit.
    """

    def __init__(self, rule: Rule, layout: Layout, origin: tuple[Any, ...], values: tuple[Floats, ...]) -> None:
        self.rule, self.layout, self.values, self.count = rule, layout, values, len(values[0])
        self.parameters: tuple[Any, ...] = self.shard(*values)
        start = tuple(np.full(self.count, part) for part in origin)
        self.lost = self.undefined = self._has_no_value(start)
        self.state: State = self.shard(*(np.where(self.undefined, np.nan, part) for part in start))
        self._begin()

    def run(self, transient: int, samples: int) -> Iterator[None]:
        """Iterate, and then look for cycles; None between two calls of the device."""
        for length, step in self._parts(transient, samples):
            left = length
            while left:
                with self._paced(step.__name__, left) as steps:
                    before = self.state
                    step(np.int32(steps))
                    jax.block_until_ready(self.state)
                self._explain(before, steps)
                left -= steps
                yield
        self.cycles = tuple(map(self.gather, self._cycles()))
        yield

    def found(self, samples: int) -> Found:
        """The exponents and periods, once it has run."""
        period, multiplier = self.cycles
        log_sum = orbits.logarithm(self.gather(self.mantissa), self.exponent)
        means = orbits.lyapunov(log_sum, samples, self.skipped, period, multiplier)
        return Found(_of_cycle(multiplier, period, means), self._outcome(period), None)

    def _parts(self, transient: int, samples: int) -> list[tuple[int, Any]]:
        return [(transient, self._advance), (samples, self._grow)]

    def _begin(self) -> None:
        self.mantissa = self.shard(np.ones(self.count))[0]
        self.exponent, self.skipped = np.zeros(self.count, np.int64), np.zeros(self.count, np.int64)

    def _advance(self, times: Any) -> None:
        self.state = orbits.advance(self.rule, self.layout, self.state, self.parameters, times)

    def _grow(self, times: Any) -> None:
        """Advance, and multiply the derivatives."""
        x, self.mantissa, exponent, skipped = kernels.grown(self.rule, self.layout, *self.state, self.parameters, self.mantissa, times)
        self.state = (x,)
        self.exponent += self.gather(exponent)
        self.skipped += self.gather(skipped)

    def _cycles(self) -> tuple[Any, ...]:
        """(periods, multipliers)."""
        return kernels.cycles(self.rule, self.layout, *self.state, self.parameters)

    def _outcome(self, period: NDArray[Any]) -> NDArray[np.int32]:
        return np.where((period < 0) & self.undefined, UNDEFINED, period).astype(np.int32)

    # --- orbits that are not finite ---

    def _has_no_value(self, start: tuple[Floats, ...]) -> Bools:
        return escape.has_no_value(self.rule, start[0], self.values)

    def _explain(self, before: State, steps: int) -> None:
        """Note which of the orbits that became infinite or NaN in these steps are undefined, rather than diverged."""
        lost = self._may_be_lost() & ~self.lost
        if lost.any():
            # The others are NaN, so that the kernel is compiled for one number of orbits.
            start = self.shard(*(np.where(lost, self.gather(part), np.nan) for part in before))
            kinds = self._exits(start, np.int32(steps), lost, tuple(value[lost] for value in self.values))
            self.lost, self.undefined = self.lost | lost, self.undefined.copy()
            self.undefined[lost] = kinds != escape.Exit.DIVERGED

    def _may_be_lost(self) -> Bools:
        return escape.may_be_lost(self.rule, self.gather(self.state[0]))

    def _exits(self, start: State, times: Any, lost: Bools, values: tuple[Floats, ...]) -> NDArray[Any]:
        last, image = escape.last_finite(self.rule, self.layout, start[0], self.parameters, times)
        return escape.exits(self.rule, self.gather(last)[lost], self.gather(image)[lost], values)

    # --- the devices ---

    @contextmanager
    def _paced(self, kind: str, most: int) -> Iterator[int]:
        key = ("two parameters", kind, self.rule, self.layout.mesh)
        steps = batching.batch_size(key, self.count)
        # Only the very last call may end within an unrolled round, so that results do not depend on how the work was cut.
        steps = most if steps >= most else min(most, max(UNROLL, steps - steps % UNROLL))
        with batching.record_duration(key, steps, lambda: int(np.isfinite(self.gather(self.state[0])).sum())):
            yield steps

    def shard(self, *arrays: Floats) -> tuple[Any, ...]:
        """Arrays of shape (orbits,), laid out on the devices."""
        return self.layout.shard_all(*arrays)

    def gather(self, array: Any) -> NDArray[Any]:
        """An array on the devices, of the orbits alone."""
        return self.layout.gather(array, self.count)


class PlaneOrbits(StateOrbits):
    """Orbits of a map of the plane. The products of the base class are of the Jacobian's determinants."""

    def _parts(self, transient: int, samples: int) -> list[tuple[int, Any]]:
        aligned = min(transient, plane.ALIGNED)
        return [(transient - aligned, self._advance), (aligned, self._align), (samples, self._grow)]

    def _begin(self) -> None:
        super()._begin()
        self.tangent: State = self.shard(*(np.full(self.count, part) for part in plane.SIDEWAYS))
        self.size: Floats | None = None
        self.stretched, self.flat = np.zeros(self.count, np.int64), np.zeros(self.count, np.int64)

    def _align(self, times: Any) -> None:
        """Advance, and turn the tangent vectors into the direction that grows most."""
        self.state, (self.tangent, *_) = self._grown(times)

    def _grow(self, times: Any) -> None:
        if self.size is None:
            x, y = map(self.gather, self.tangent)
            self.size = np.hypot(x, y)
        self.state, (self.tangent, stretched, self.mantissa, folded) = self._grown(times)
        powers, flat = plane.powers(self.gather(stretched))
        self.stretched += powers
        self.flat += flat
        exponent, skipped = plane.powers(self.gather(folded))
        self.exponent += exponent
        self.skipped += skipped

    def _grown(self, times: Any) -> Any:
        return kernels.grown_in_plane(self.rule, self.layout, self.state, self.parameters, self.tangent, self.mantissa, times)

    def _cycles(self) -> tuple[Any, ...]:
        """(periods, multipliers, determinants)."""
        return plane.periods(self.rule, self.layout, self.state, self.parameters)

    def found(self, samples: int) -> Found:
        """The exponents and periods, once it has run."""
        period, multiplier, determinant = self.cycles
        log_sum = orbits.logarithm(self.gather(self.mantissa), self.exponent)
        sums = orbits.lyapunov(log_sum, samples, self.skipped, period, determinant)
        stretching = plane.stretching(map(self.gather, self.tangent), self.size, self.stretched)
        largest = orbits.lyapunov(stretching, samples, self.flat, period, multiplier)
        both = plane.spectrum(_of_cycle(multiplier, period, largest), _of_cycle(determinant, period, sums))
        return Found(both[:, 0], self._outcome(period), both[:, 1])

    def _has_no_value(self, start: tuple[Floats, ...]) -> Bools:
        return escape.state_has_no_value(self.rule, start, self.values)

    def _may_be_lost(self) -> Bools:
        return escape.state_may_be_lost(self.rule, tuple(map(self.gather, self.state)))

    def _exits(self, start: State, times: Any, lost: Bools, values: tuple[Floats, ...]) -> NDArray[Any]:
        ends = escape.last_finite_state(self.rule, self.layout, start, self.parameters, times)
        last, image = (tuple(self.gather(part)[lost] for part in state) for state in ends)
        return escape.state_exits(self.rule, last, image, values)


def _of_cycle(multiplier: Floats, period: NDArray[Any], means: Floats) -> Floats:
    """ln|multiplier| / period on cycles, as far as the multiplier has kept its digits, else the means. Shapes (pixels,)."""
    known = (period > 0) & (np.abs(multiplier) >= SMALLEST)
    return np.where(known, np.log(np.where(known, np.abs(multiplier), 1.0)) / np.maximum(period, 1), means)
