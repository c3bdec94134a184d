"""Chaos in tiny views: the density near images of the critical point in closed form, where hardly any sample of an orbit would fall.

Orbits pass the critical point c with a density ρ(c). What passes at c + ε comes to lie at c_n + B_n ε² after n steps, with c_n the
image of c and B_n half of the second derivative of F^n at c: so the density has the singularity ρ(c) / √(B_n (x - c_n)) at each
image of c, a caustic. In a view of height h those of images within it outweigh the smooth rest by 1/√h.
L.-S. Young, Decay of correlations for certain quadratic maps, Commun. Math. Phys. 146 (1992), 123-138, on such singularities.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.polynomial import polynomial
from numpy.typing import NDArray

from kernels.deep.perturbation import LENGTH, Reference
from kernels.deep.return_map import OUTSIDE
from kernels.types import Floats

FAR = 300.0
"""Images of c farther from the view than this many of its half-heights are a part of the smooth rest."""

FAINT = 1e3
"""A caustic is fainter than the rest where its curvature, times the view's half-height, is beyond this."""

TALLEST = 5e-5
"""Half-height of a view in u from which the rest is not small."""

ALIKE = 1e-3
"""Rows by which a caustic may move across the view to be computed as one column."""

ORBITS, SETTLING, FOLLOWED, NEIGHBOURHOOD = 2048, 100, 800, 0.004
"""ρ(c) is measured by so many orbits: steps left out, and counted, in this distance from c, in units of the interval."""

AT_ONCE = 20
"""Steps between two places where a caller may stop."""


@dataclass(frozen=True, eq=False)
class Caustics:
    """The density in a view. weights: the share of an orbit's states in each pixel, shape (rows, columns), top row first.

    images: how many images of critical points have caustics in the view.
    """

    weights: Floats
    images: int


class _Images(NamedTuple):
    """The n-th images of the columns' critical points: places in the view from -1 to 1, and B_n in u."""

    places: Floats
    curvatures: Floats


def caustics(found: Reference, shares: Floats, rows: int) -> Iterator[Caustics | None]:
    """None where a caller may stop, then the caustics in the columns at `shares` (from -1 to 1). None at all where the view is too high."""
    if 1 / float(found.shared[4]) > TALLEST:
        return
    weights, images = np.zeros((rows, len(shares))), 0
    for each in (found, *found.others):
        density = yield from _density(each)
        unit = 2 * density / np.sqrt(float(each.shared[4]))
        for n, image in enumerate(_images(each, shares)):
            if n % AT_ONCE == 0:
                yield None
            if np.abs(image.places).min() < FAR and _add(weights, image, unit):
                images += 1
                yield None
    yield Caustics(weights, images)


def _images(found: Reference, shares: Floats) -> Iterator[_Images]:
    """Those of c, the first, second and so on, until the columns' are so far apart, or their caustics so faint, that none is seen."""
    states, _, places, coefficients, unit = found.shared
    even, added = found.level.even, found.columns(shares)
    slope = polynomial.polyder(coefficients[:, None] + added)
    curvature = slope[0] if even else polynomial.polyval(states[0], polynomial.polyder(slope) / 2)
    delta = np.zeros(len(shares))
    for n in range(LENGTH - 1):
        if n:
            u = states[n] + delta
            curvature = curvature * (2 * u * polynomial.polyval(u * u, slope, False) if even else polynomial.polyval(u, slope, False))
        delta = _next(even, float(states[n]), delta, coefficients, added)
        if not np.abs(states[n + 1] + delta).max() < OUTSIDE:
            return
        if np.abs(curvature).min() > FAINT * unit or np.abs(delta).min() * unit > FAR * len(shares):
            return
        yield _Images(places[n + 1] + delta * unit, curvature)


def _next(even: bool, state: float, delta: Floats, coefficients: Floats, added: Floats) -> Floats:
    """The columns' differences after a step, from divided differences of the polynomial, so that no digits cancel."""
    u = state + delta
    first, second = (state * state, u * u) if even else (state, u)
    value, divided, more = 0.0, np.zeros_like(u), np.zeros_like(u)
    for m in range(len(coefficients) - 1, -1, -1):
        divided = divided * second + value
        value = value * first + coefficients[m]
        more = more * second + added[m]
    return (delta * (2 * state + delta) if even else delta) * divided + more


def _add(weights: Floats, image: _Images, unit: float) -> bool:
    """Add the caustic to the rows, from top to bottom; whether it is in the view."""
    rows = len(weights)
    alike = np.ptp(image.places) * rows < 2 * ALIKE
    near = np.array([0]) if alike else np.flatnonzero(np.abs(image.places) < FAR)
    places, curvatures = image.places[near], image.curvatures[near]
    edges = (rows - 2.0 * np.arange(rows + 1)) / rows
    depth = np.sqrt(np.maximum((edges[:, None] - places) * np.sign(curvatures), 0.0))
    share = np.abs(np.diff(depth, axis=0)) * (unit / np.sqrt(np.abs(curvatures)))
    if alike:
        weights += share
    else:
        weights[:, near] += share
    return bool((np.abs(places) <= 1).any())


def _density(found: Reference) -> Generator[None, None, float]:
    """None where a caller may stop; returns the density of an orbit's states at c, of the level's u."""
    level = found.level
    row, critical = level.family()[0], float(level.critical)
    u: NDArray[np.float64] = critical + np.linspace(-1e-3, 1e-3, ORBITS)
    inside, counted = 0, 0
    for n in range(SETTLING + FOLLOWED):
        with np.errstate(all="ignore"):
            u = polynomial.polyval(u * u if level.even else u, row)
        if n >= SETTLING:
            inside += int((np.abs(u - critical) < NEIGHBOURHOOD).sum())
            counted += int(np.isfinite(u).sum())
        if n % AT_ONCE == AT_ONCE - 1:
            yield None
    return inside / (2 * NEIGHBOURHOOD * max(1, counted))
