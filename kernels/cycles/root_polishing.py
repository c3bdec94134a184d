"""Polishing of zeros of g(x) = f^p(x) - x: jumps and multiple zeros are recognised, equal zeros merged, errors estimated."""

from typing import NamedTuple

import numpy as np

from kernels.cycles.iterate import Iterate, Jet
from kernels.types import Bools, Floats

EPSILON = float(np.finfo(np.float64).eps)

ACCEPT = 4.0
"""Largest |g| at a zero in units of the rounding noise; where it is larger, the sign change is a jump."""

WIDE = 1e-8
"""The error of a zero that may exceed this, relative to 1 + |x|, is determined by evaluating g around it."""

MOST_NOISE = 0.01
"""Noise above this, relative to 1 + |x|, makes g meaningless."""

BENT = 1e3
"""A second derivative above this many roundings, relative to the width of the range, is not noise."""


class Bracket(NamedTuple):
    """Brackets of sign changes of g: the ends, its sign at the lower end, and the sign assumed where it is not finite. Shapes (n,)."""

    low: Floats
    high: Floats
    side: Floats
    void: Floats


def ends(side: Floats) -> tuple[Floats, Floats]:
    """The `sides` for `Iterate.polished`: the signs at the lower end, and the opposite ones where g is not finite."""
    return side, -side


def is_zero(jets: Jet) -> Bools:
    """Whether g is zero to within its rounding noise. Shape (n,).

    At a jump |g| exceeds the noise; near an overflow the noise is too large relative to x to count.
    """
    noise = np.minimum(ACCEPT * jets.noise, MOST_NOISE * (1 + np.abs(jets.x)))
    answer: Bools = (np.abs(jets.value) <= noise) | (jets.value == 0)
    return answer


def zeros(composed: Iterate, x: Floats, period: int) -> Floats:
    """The points at which g is zero to within rounding."""
    return x[is_zero(composed.jets(x, period))]


def is_double(jets: Jet, period: int) -> Bools:
    """Whether a zero has a multiplicity above one: its slope is 0 to within rounding, or to within two zeros that merge. Shape (n,)."""
    bend = np.where(np.isfinite(jets.bend), np.abs(jets.bend), 0.0)
    double: Bools = np.abs(jets.slope) <= 8 * EPSILON * period + np.sqrt(2 * jets.noise * bend)
    return double


def distinct(composed: Iterate, x: Floats, period: int) -> tuple[Floats, Jet]:
    """The zeros among sorted candidates, each once, and the jets there.

    Neighbours are one zero if g is zero to within rounding between them.
    """
    jets = composed.jets(np.concatenate([x, _between(x[:-1], x[1:])]), period)
    at, rest = jets.at(slice(None, len(x))), jets.at(slice(len(x), None))
    zero = is_zero(at)
    if not zero.all():
        return distinct(composed, x[zero], period)
    same = _hidden(rest)
    if not same.any():
        return x, at
    first = np.flatnonzero(np.concatenate([[True], ~same]))
    last = np.append(first[1:], len(x)) - 1
    # A group of equal zeros is represented by the one with the smallest |g|.
    least = [a + int(np.argmin(np.abs(at.value[a : b + 1]))) for a, b in zip(first.tolist(), last.tolist(), strict=True)]
    return x[least], at.at(least)


def same_zero(composed: Iterate, one: Floats, other: Floats, period: int) -> Bools:
    """Whether g is zero to within rounding between two zeros, so that they are one. Shape as `one`."""
    return _hidden(composed.jets(_between(one, other), period))


def canonical(iterate: Iterate, x: Floats, period: int) -> Floats:
    """The points; on a circle reduced to one turn from its least state, with points that rounding cannot tell from this set to it.

    Rounding is finer beside 0 than beside the circumference: a zero just below this is moved only if g is zero there too.
    """
    turn, least = iterate.circumference, iterate.least
    if turn is None or not len(x):
        return x
    x = np.where((x >= least) & (x < least + turn), x, least + np.mod(x - least, turn))
    seam = np.flatnonzero(least + turn - x < 1e-6 * turn)
    at_seam = x[seam] == least + turn
    if len(seam) and len(zeros(iterate, np.array([least]), period)):
        at_seam |= same_zero(iterate, x[seam], np.full(len(seam), least + turn), period)
    x[seam[at_seam]] = least
    return x


def within(x: Floats, low: float, high: float, turn: float | None) -> Bools:
    """Whether the points lie in [low, high], on a circle modulo its circumference `turn`. Shape as `x`."""
    lifted = x if turn is None else x + turn * np.ceil((low - x) / turn)
    inside: Bools = (lifted >= low) & (lifted <= high)
    return inside


def _between(one: Floats, other: Floats) -> Floats:
    return np.concatenate([one + (other - one) * share for share in (0.25, 0.5, 0.75)])


def _hidden(between: Jet) -> Bools:
    hidden: Bools = (np.abs(between.value) <= ACCEPT * between.noise).reshape(3, -1).min(axis=0)
    return hidden


@np.errstate(all="ignore")
def blurred(iterate: Iterate, jets: Jet, period: int) -> Floats:
    """Error bound of each zero: the distance within which g is zero to within rounding. Shape (n,)."""
    bend = np.where(np.isfinite(jets.bend), np.abs(jets.bend), 0.0)
    moved: Floats = np.fmin(jets.noise / np.abs(jets.slope), np.sqrt(jets.noise / bend))
    wide = np.flatnonzero(~(moved <= WIDE * (1 + np.abs(jets.x))))
    if len(wide):
        # At a zero of high order both derivatives vanish: the distance is found by evaluating g around it.
        x = jets.x[wide, None]
        away = (1 + np.abs(x)) * np.logspace(-12, 0, 49)
        around = iterate.jets(np.stack([x - away, x + away]).ravel(), period)
        hidden = (np.abs(around.value) <= around.noise).reshape(2, *away.shape).any(axis=0)
        hidden = np.logical_and.accumulate(hidden, axis=1)
        moved[wide] = np.fmin(moved[wide], np.where(hidden, away, away[:, :1]).max(axis=1))
    return moved


def sharpened(composed: Iterate, x: Floats, period: int) -> Floats:
    """Multiple zeros, whose position rounding blurs, moved to the zero of g'' if it changes sign there, else of g'. Shape (n,)."""
    if not len(x):
        return x
    at = composed.jets(x, period)
    spread = 4 * np.maximum(np.sqrt(at.noise), np.cbrt(at.noise))
    outer = composed.jets(np.concatenate([x - spread, x + spread]), period)
    low, high = outer.at(slice(None, len(x))), outer.at(slice(len(x), None))
    for order, below, above in ((1, low.slope, high.slope), (2, low.bend, high.bend)):
        found = composed.polished(low.x, high.x, ends(np.sign(below)), order, period)
        better = (below * above < 0) & is_zero(composed.jets(found, period))
        x = np.where(better, found, x)
    return x


def bent(composed: Iterate, stretch: tuple[float, float], width: float, period: int) -> float | None:
    """The flattest point of g in an interval on which g is zero to within rounding; None if g'' vanishes there too.

    Example: x - x^5 equals x to within rounding around 0 but has a single fixed point there, since its second derivative -20 x^3 is
    larger than its noise.
    """
    points = np.linspace(*stretch, 65)
    bend = np.abs(composed.jets(points, period).bend)
    if not np.nanmax(bend) * width > BENT * EPSILON:
        return None
    return 0.0 if stretch[0] <= 0 <= stretch[1] else float(points[np.nanargmin(bend)])


def only_near_zero(composed: Iterate, jets: Jet, low: float, high: float, period: int) -> Bools:
    """Which zeros are spurious: numbers tiny relative to the range pass for zeros while 0 itself is not one, as near a pole of log."""
    tiny: Bools = np.abs(jets.x) <= EPSILON * (high - low)
    if not tiny.any() or len(zeros(composed, np.zeros(1), period)):
        return np.zeros(tiny.shape, np.bool_)
    rounding = 64 * period * EPSILON * (np.abs(jets.x) + np.abs(jets.x + jets.value))
    return tiny & (np.abs(jets.value) > rounding)
