"""The lowest level of a ladder: the map itself on the interval of its critical orbit, as a polynomial."""

import numpy as np
from flint import arb

from kernels.deep import chebyshev
from kernels.deep.level import Level, Terms, order
from kernels.deep.precision import log2, middle, working
from kernels.deep.rules import NEEDED, NotSmoothError, SmoothRule
from kernels.types import Floats

TOLERANCE = 40
"""Bits by which errors of a level lie below the window's own effect on it."""

GUARD = 44
"""Bits that are carried beyond that."""

MOST_NODES = 768
"""Nodes at most of an interpolation: a level of a cascade at 1e-300 has half of that, and its table takes some 100 MB."""

FOLLOWED = 4000
"""Steps of the critical orbit by which the interval of states is found."""

ACROSS = (0.0, -1.0, -0.5, 0.5, 1.0)
"""Columns of the window, in units of its half-width, of whose orbits the interval is made."""

FAR = 1e6
"""A critical orbit beyond this has diverged."""

FLOAT_NODES = 48

PARITY = (0.13, 0.37, 0.71, 0.93)
"""Where evenness about the critical point is looked at, in units of the interval."""


def precision(sigma: arb, spare: int) -> int:
    """Bits after the point that P_0 needs for a window of half-width sigma."""
    return max(120, int(-log2(sigma)) + TOLERANCE + GUARD + spare)


def critical_points(rule: SmoothRule, a0: arb, bits: int) -> tuple[arb, ...]:
    """The map's critical points at a0 whose orbits stay, from left to right. Raises NotSmoothError where there is none."""
    with working(bits + 60):
        found = rule.critical_points(a0)
    staying = tuple(point for point in found if _interval(rule, a0, point) is not None)
    if not staying:
        raise NotSmoothError(f"the orbit of the map's critical point diverges here: {NEEDED} one that stays; zoom out, or move the view")
    return staying


def lowest(rule: SmoothRule, a0: arb, sigma: arb, critical: arb, spare: int) -> Level:
    """The level 0 of a ladder at a0 for a window of half-width sigma."""
    across = [_interval(rule, a0 + sigma * share, critical) for share in ACROSS]
    if across[0] is None:
        raise NotSmoothError(f"the orbit of the map's critical point diverges here: {NEEDED} one that stays; zoom out, or move the view")
    found = min(each[0] for each in across if each), max(each[1] for each in across if each)
    bits = precision(sigma, spare)
    with working(bits + 40):
        low, high = (arb(limit) for limit in found)
        reach = max(float(critical) - float(low), float(high) - float(critical))
        even = _is_even(rule, a0, critical, reach)
        centre, scale = (critical, arb(reach)) if even else (middle((low + high) / 2), (high - low) / 2)
        tolerance = int(-log2(sigma)) + TOLERANCE + 8 + spare
        coefficients = _coefficients(rule, a0, centre, scale, even, bits, tolerance)
        place = middle((critical - centre) / scale)
    polynomial = chebyshev.polynomial(coefficients, bits)
    floats = np.array([float(value) for value in coefficients])
    terms = Terms(polynomial, floats, _rest(rule, a0, centre, scale, even, order(sigma)), place)
    return Level(
        lambda: terms,
        even,
        centre,
        scale,
        arb(1),
        sigma,
        bits,
        rate=max(0.3, tolerance / max(4, len(coefficients))),
    )


def _interval(rule: SmoothRule, a0: arb, critical: arb) -> tuple[float, float] | None:
    """An interval that holds the critical orbit, with a margin; None where it diverges."""
    with working(64):
        x, a = middle(+critical), middle(+a0)
        orbit = [float(x)]
        for _ in range(FOLLOWED // 16):
            x = middle(rule(x, a))
            orbit.append(float(x))
            if not abs(orbit[-1]) < FAR:
                return None
    low, high = min(orbit), max(orbit)
    margin = 0.05 * (high - low) + 1e-3
    return low - margin, high + margin


def _is_even(rule: SmoothRule, a0: arb, critical: arb, reach: float) -> bool:
    """Whether f(c + h) = f(c - h): then half of the coefficients are 0."""
    for share in PARITY:
        h = arb(reach * share)
        if abs(float(rule(critical + h, a0) - rule(critical - h, a0))) > 1e-25:
            return False
    return True


def places(count: int, bits: int, even: bool) -> list[arb]:
    """Values of u at the nodes of the polynomial's argument."""
    if not even:
        return chebyshev.nodes(count, bits)
    table = chebyshev.cosines(2 * count, bits)
    return [table[2 * k + 1] for k in range(count)]  # cos(θ/2), where 2 u² - 1 = cos θ


def _coefficients(rule: SmoothRule, a0: arb, centre: arb, scale: arb, even: bool, bits: int, tolerance: int) -> list[arb]:
    count = 16
    while count <= MOST_NODES:
        values = [middle((rule(centre + scale * u, a0) - centre) / scale) for u in places(count, bits + 40, even)]
        found = chebyshev.chebyshev_coefficients(values, bits)
        small = [log2(value) < -tolerance for value in found]
        if all(small[-3:]):
            return found[: max(2, 1 + max(k for k in range(count) if k < 2 or not small[k]))]
        count = -(-int(1.3 * count + 8) // 8) * 8
    raise NotSmoothError(f"the map has a singularity too near the states of this view: {NEEDED} a smooth map; zoom out")


def _rest(rule: SmoothRule, a0: arb, centre: arb, scale: arb, even: bool, order: int) -> tuple[Floats, ...]:
    with working(90):
        a = middle(+a0)
        states = [middle(centre + scale * u) for u in places(FLOAT_NODES, 90, even)]
        rows = [[middle(value / scale) for value in rule.in_parameter(x, a, order)] for x in states]
        found = [chebyshev.chebyshev_coefficients([row[i] for row in rows], 80) for i in range(1, order + 1)]
        floats = [np.array([float(value) for value in term]) for term in found]
    return tuple(_cut(term) for term in floats)


def _cut(term: Floats) -> Floats:
    """Without what interpolation leaves of zeros."""
    seen = np.flatnonzero(np.abs(term) > 1e-20)
    return term[: int(seen[-1]) + 1] if len(seen) else np.zeros(1)
