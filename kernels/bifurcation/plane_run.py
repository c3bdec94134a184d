"""A bifurcation diagram of a map of the plane: one coordinate is counted, and both Lyapunov exponents are found along the orbits."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.bifurcation.float_run import Run
from kernels.formulas import escape
from kernels.iteration import growth, orbits, plane
from kernels.types import Floats, State


class PlaneRun(Run):
    """A run whose states have two coordinates. The products of the base class are of the Jacobian's determinants."""

    def _begin(self) -> None:
        start = tuple(np.full(len(self.columns), part) for part in self.request.origin)
        self.lost = self.undefined = escape.state_has_no_value(self.rule, start, self.iterated.values)
        self.state = tuple(self._shard(np.where(self.undefined, np.nan, part)) for part in start)

    def _forget(self) -> None:
        super()._forget()
        self.tangent: State = tuple(self._shard(part) for part in plane.SIDEWAYS)
        self.size: Floats = np.zeros(0)
        self.stretched, self.flat = np.zeros(len(self.columns), np.int64), np.zeros(len(self.columns), np.int64)

    def _advance(self, most: int) -> int:
        if most > plane.ALIGNED:
            return super()._advance(most - plane.ALIGNED)
        before = self.state
        steps = super()._advance(most)
        self.tangent = self._grown(before, np.int32(steps))[0]
        return steps

    def _grown(self, state: State, times: Any) -> plane.Growth:
        return plane.tangent_products(self.rule, self.layout, state, self.parameters, self.tangent, self.mantissa, times)

    def _count(self, times: Any) -> None:
        if not self.size.size:
            self.size = self._tangent_size()
        grown = self._counted(growth.Tangents(), (self.tangent, self.mantissa), times, observed=self.request.observed)
        self.tangent, stretched, self.mantissa, folded = grown
        for powers, flat, counted in ((self.stretched, self.flat, stretched), (self.exponent, self.skipped, folded)):
            more, left_out = plane.powers(self._gather(counted))
            powers += more
            flat += left_out

    def _tangent_size(self) -> Floats:
        x, y = (self._gather(part).astype(np.float64) for part in self.tangent)
        return np.hypot(x, y)

    def _cycles(self) -> tuple[Any, Any]:
        period, multiplier, self.determinant = plane.periods(self.rule, self.layout, self.state, self.parameters)
        return period, multiplier

    def _exponents(self, samples: int, period: NDArray[Any], multiplier: NDArray[Any]) -> dict[str, Any]:
        sums = super()._exponents(samples, period, self._gather(self.determinant))["lyapunov"]
        stretching = plane.stretching(map(self._gather, self.tangent), self.size, self.stretched)
        spectrum = plane.spectrum(orbits.lyapunov(stretching, samples, self.flat, period, multiplier), sums)
        return {"lyapunov": spectrum[:, 0], "skipped": self.flat.copy(), "spectrum": spectrum}

    def _explain(self, before: State, steps: int) -> None:
        lost = escape.state_may_be_lost(self.rule, tuple(map(self._gather, self.state))) & ~self.lost
        if lost.any():
            # The others are NaN, so that the kernel is compiled for one number of columns.
            start = tuple(self._shard(np.where(lost, self._gather(part), np.nan)) for part in before)
            found = escape.last_finite_state(self.rule, self.layout, start, self.parameters, np.int32(steps))
            last, image = (tuple(self._gather(part)[lost].astype(np.float64) for part in state) for state in found)
            values = tuple(self._gather(value)[lost] for value in self.parameters)
            self.lost, self.undefined = self.lost | lost, self.undefined.copy()
            self.undefined[lost] = escape.state_exits(self.rule, last, image, values) != escape.Exit.DIVERGED
