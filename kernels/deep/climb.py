"""Climbing a renormalisation ladder: the next return of the critical orbit that renormalises, and the return map of that level.

References: P. Collet, J.-P. Eckmann, O. E. Lanford, Universal properties of maps on an interval, Commun. Math. Phys. 76 (1980).
The tests for a renormalisation are heuristic: images of the interval's ends, and the critical orbit followed for BOUNDED steps.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from flint import arb, arb_poly
from numpy.polynomial import chebyshev as series

from kernels.deep import chebyshev
from kernels.deep.level import Level, Terms, order, trimmed
from kernels.deep.lowest import MOST_NODES, TOLERANCE, places, precision
from kernels.deep.precision import log2, middle, working
from kernels.types import Bools, Floats

LONGEST = 4000
"""Return periods of one level are looked for up to this one."""

WIDEST = 40.0
"""A return whose window is smaller than the view by more than this is not a candidate."""

DECORRELATED = 4.0
"""Returns end where the columns of the window are spread over more than this, in units of the interval."""

SUPERSTABLE = -200.0
"""log2 of a derivative along the critical orbit below which nothing renormalises any more."""

LOWEST_KEPT, HIGHEST_KEPT = -2.4, 0.5
"""Beyond these values of c orbits leave the interval of a return map; those of y² + c itself, beyond -2 and 1/4."""

BOUNDED = 500
"""Steps for which critical orbits are followed in float64."""

ALIKE = 1e-3
"""Below this spread of a window's columns one is tried for all."""

TRIED = 65
"""Columns across a window that are tried."""

CORRECTIONS = 8
"""Newton steps to a critical point nearby: each doubles the digits."""

KEPT = 40
"""Chebyshev coefficients of the terms that float64 is enough for."""

NOISE = 2e-14
"""Of these terms, the last coefficients below this share of the largest are rounding, and left out: they cost time at each pixel."""


@dataclass(frozen=True)
class Return:
    """A candidate: u_n near the critical point. curvature, shift: F^n(u, t) is about u_n + curvature u² + shift t.

    quadratic, spread: in units in which it is y² + c, c is within `spread` of `quadratic` over the window.
    """

    period: int
    curvature: arb
    shift: arb
    quadratic: float
    spread: float

    @property
    def loses_columns(self) -> bool:
        """Whether the window certainly has columns whose orbits leave the interval."""
        return self.quadratic - self.spread < LOWEST_KEPT or self.quadratic + self.spread > HIGHEST_KEPT

    @property
    def scale(self) -> float:
        """The half-width of the interval in those units: its dynamical core and a little more."""
        low, high = max(-2.0, self.quadratic - self.spread), min(0.3, self.quadratic + self.spread)
        tried = (low, high, max(min(-0.5, high), low))
        return min(2.3, 1.12 * max(0.7, *(abs(c) for c in tried), *(abs(c * c + c) for c in tried)))


def returns(level: Level) -> Iterator[Return | None]:
    """The returns of the level's critical orbit that may renormalise over the whole window, the earliest first; None in between."""
    place = float(level.critical)
    half = float(series.chebval(place, level.derivatives[0][2]))
    first = level.in_u[1]
    with working(level.bits + 16):
        u = level.value(level.critical)
        product, shift = arb(1), arb(float(series.chebval(place, first)))
    for n in range(2, LONGEST):
        with working(level.bits + 16):
            after, slope = level.value(u), level.slope(u)
            place, u = float(u), after
            with working(80):
                product = middle(product * slope)
                shift = middle(shift * slope + float(series.chebval(place, first)))
                spread = float(abs(shift) * level.sigma)
                curvature = half * product
                quadratic = float(curvature * (u - level.critical))
                width = float(abs(curvature)) * spread
                ended = spread > DECORRELATED or log2(product) < SUPERSTABLE
        if ended:
            return
        if 0 < width <= WIDEST and quadratic - width < 0.25 and quadratic + width > -2.0:
            yield Return(n, middle(curvature), shift, quadratic, width)
        yield None


def next_level(level: Level, found: Return, spare: int) -> Iterator[Level | None]:
    """None where a caller may stop, then the level of this return if it is one: else nothing more."""
    with working(80):
        scale = middle(arb(found.scale) / abs(found.curvature))
        ratio = middle(abs(scale / found.shift))
        sigma = middle(level.sigma / ratio)
    if not _is_return(level, found):
        return
    bits = min(level.bits, precision(sigma, spare))
    tolerance = max(60, int(-log2(sigma)) + TOLERANCE + 4 + spare)
    highest = order(sigma)
    count = -(-int(tolerance / level.rate * 1.06 + 6) // 8) * 8
    most = min(MOST_NODES, 2 * count + 64)
    while True:
        values: list[arb] = []
        jets = [np.zeros(count) for _ in range(highest + 1)]
        yield from _iterated(level, scale, found.period, float(ratio), count, values, jets)
        coefficients = chebyshev.chebyshev_coefficients(values, bits)
        small = [log2(value) < -tolerance for value in coefficients]
        if all(small[-3:]):
            break
        # What needs far more than the level below leaves the interval on which that is known: it is not a return.
        if count > most:
            return
        count = -(-int(1.25 * count + 8) // 8) * 8
    kept = max(3, 1 + max((k for k in range(count) if not small[k]), default=0))
    matrix = chebyshev.transform(count, min(count, KEPT))
    with working(level.fine):
        floats = np.array([float(value) for value in coefficients[:kept]])
        rest = tuple(trimmed(matrix @ (jets[i] / float(scale)), NOISE) for i in range(1, highest + 1))
        terms = Terms(chebyshev.polynomial(coefficients[:kept], bits), floats, rest, arb(0))
        made = Level(
            lambda: terms,
            level.even,
            middle(level.origin + level.scale * level.critical),
            middle(level.scale * scale),
            middle(level.reach * ratio),
            sigma,
            bits,
            level.iterations * found.period,
            found.period,
            max(0.3, min(12.0, tolerance / kept)),
        )
    yield made


def _iterated(level: Level, scale: arb, period: int, ratio: float, count: int, values: list[arb], jets: list[Floats]) -> Iterator[None]:
    """Fill `values` with F^period at the nodes, in the new level's units, and `jets` with its coefficients of t."""
    with working(level.bits + 16):
        points = [middle(level.critical + scale * u) for u in places(count, level.bits, level.even)]
    for _ in range(period):
        here = np.array([float(u) for u in points])
        jets[:] = jet_step(level, here, jets, ratio)
        for k in range(0, count, 32):
            with working(level.bits + 16):
                points[k : k + 32] = [level.value(u) for u in points[k : k + 32]]
            yield None
    with working(level.bits + 16):
        values[:] = [middle((u - level.critical) / scale) for u in points]


def jet_step(level: Level, here: Floats, jets: list[Floats], ratio: float) -> list[Floats]:
    """The coefficients of t^0, t^1, … of F(u(t), ratio * t) from those of u(t) at the points `here`; the first is left 0."""
    order = len(jets) - 1
    powers = [np.ones_like(here), *(np.zeros_like(here) for _ in range(order))]
    after = [np.zeros_like(here) for _ in range(order + 1)]
    moving = any(np.any(jet) for jet in jets[1:])
    for m in range(order + 1 if moving else 1):
        for i in range(order + 1 - m):
            known = i < len(level.derivatives) and m < len(level.derivatives[i])
            if (m == 0 and i == 0) or not known or not np.any(level.derivatives[i][m]):
                continue
            value = series.chebval(here, level.derivatives[i][m]) * ratio**i
            for k in range(m, order + 1 - i):
                after[i + k] = after[i + k] + value * powers[k]
        powers = _times(powers, jets)
    return after


def _times(left: list[Floats], right: list[Floats]) -> list[Floats]:
    """The product of two truncated power series, the second without a constant term."""
    count = len(left)
    return [sum((left[i] * right[k - i] for i in range(k)), np.zeros_like(left[0])) for k in range(count)]


def _is_return(level: Level, found: Return) -> bool:
    """Whether the interval of the return is smaller than the level's and comes back to the critical point at its end only."""
    with working(80):
        scale = middle(arb(found.scale) / abs(found.curvature))
    return float(scale) <= 0.999 and _one_sided(level, scale, found.period)


def _one_sided(level: Level, scale: arb, period: int) -> bool:
    """Whether the images of the interval before its return lie on one side of the critical point, as far as its ends tell."""
    with working(level.bits + 16):
        critical = level.critical
        ends = [middle(critical + scale)] if level.even else [middle(critical + scale), middle(critical - scale)]
        centre = critical
        for _ in range(1, period):
            centre, ends = level.value(centre), [level.value(end) for end in ends]
            side = centre > critical
            if any((end > critical) != side or float(abs(end)) > 1.3 for end in ends):
                return False
    return True


def contained(level: Level, spread: float) -> Bools:
    """Which columns' critical orbits stay in the level's interval, followed in float64: of one column where they hardly differ."""
    if spread < ALIKE:
        return np.array([_stays(level)])
    table = level.columns(np.linspace(-1, 1, TRIED))
    u, z, largest = np.full(TRIED, float(level.critical)), np.zeros(TRIED), np.zeros(TRIED)
    with np.errstate(all="ignore"):
        for _ in range(BOUNDED):
            np.copyto(z, u * u if level.even else u)
            np.copyto(u, table[-1])
            for row in table[-2::-1]:
                u *= z
                u += row
            np.maximum(largest, np.abs(u), out=largest)
    return np.asarray(largest < 1.0)  # also where it is NaN


def _stays(level: Level) -> bool:
    """Whether the critical orbit of P_0 stays in the interval; one column, so plain numbers are faster than arrays."""
    first, *others = level.family()[0][::-1].tolist()
    u = float(level.critical)
    for _ in range(BOUNDED):
        z, u = u * u if level.even else u, first
        for coefficient in others:
            u = u * z + coefficient
        if not abs(u) < 1.0:
            return False
    return True


def climbed(level: Level, spare: int, if_partial: Callable[[int], bool]) -> Iterator[tuple[Level, Bools] | None]:
    """None where a caller may stop, then the next level and which columns stay in its interval; nothing more where there is none.

    if_partial: whether a level of that period is wanted even where it loses columns; else it is not built if it certainly does.
    """
    for found in returns(level):
        yield None
        if found is None:
            continue
        if found.loses_columns and not if_partial(found.period):
            if _is_return(level, found):
                return
            continue
        for made in next_level(level, found, spare):
            if made is None:
                yield None
            else:
                stays = contained(made, found.spread)
                if stays.any():
                    yield made, stays
                    return


def moved(level: Level, shift: arb, sigma: arb) -> Level:
    """The level about another parameter, `shift` of its own units away, for a window of half-width sigma within the old one."""
    return replace(level, found=lambda: _moved_terms(level, float(shift)), sigma=sigma)


def _moved_terms(level: Level, far: float) -> Terms:
    count = len(level.rest)
    width = max(len(level.chebyshev), *(len(row) for row in level.rest))
    rows = np.array([np.pad(row, (0, width - len(row))) for row in level.rest])
    binomials = np.array([[math.comb(k, i) * far ** (k - i) if i <= k else 0.0 for k in range(1, count + 1)] for i in range(count + 1)])
    after = binomials @ rows
    correction = chebyshev.polynomial([arb(value) for value in after[0].tolist()], level.bits)
    with working(level.bits + 16):
        polynomial = level.polynomial + correction
        critical = arb(0) if level.even else _critical(polynomial, level.critical, level.bits)
    floats = np.pad(level.chebyshev, (0, width - len(level.chebyshev))) + after[0]
    return Terms(polynomial, floats, tuple(after[1:]), critical)


def _critical(polynomial: arb_poly, near: arb, bits: int) -> arb:
    """The critical point of a polynomial near a number, by Newton's method; to be called within `working`."""
    slope = polynomial.derivative()
    curve, u = slope.derivative(), near
    for _ in range(CORRECTIONS):
        step = middle(slope(u) / curve(u))
        u = middle(u - step)
        if log2(step) < -bits / 2:
            break
    return u
