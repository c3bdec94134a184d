"""Zeros of g(x) = f^p(x) - x from brackets: polished to the last digit, jumps told from zeros, double ones from simple, each once."""

from typing import NamedTuple

import numpy as np

from kernels.cycles.iterate import Iterate, Jet
from kernels.types import Bools, Floats

EPSILON = float(np.finfo(np.float64).eps)

ACCEPT = 4.0
"""|g| at a zero, in units of the noise that rounding makes: more is a jump."""

WIDE = 1e-8
"""A zero that may have moved by more than this, relative to 1 + |x|, is looked at by evaluating g around it."""

MOST_NOISE = 0.01
"""Noise above this, relative to 1 + |x|, says that nothing is known."""


BENT = 1e3
"""Roundings, beside the range's width, from which a second derivative is no noise."""


class Bracket(NamedTuple):
    """Ends between which g changes sign, its sign at the low ones, and the sign that what is not finite stands for. Shapes (n,)."""

    low: Floats
    high: Floats
    side: Floats
    void: Floats


def ends(side: Floats) -> tuple[Floats, Floats]:
    """For `Composed.polished`: the signs at the low end, and the other ones for what is not finite."""
    return side, -side


def is_zero(jets: Jet) -> Bools:
    """Whether g is nothing but noise, of which there may be little beside x; at a jump g is more, near an overflow the noise is."""
    noise = np.minimum(ACCEPT * jets.noise, MOST_NOISE * (1 + np.abs(jets.x)))
    answer: Bools = (np.abs(jets.value) <= noise) | (jets.value == 0)
    return answer


def zeros(composed: Iterate, x: Floats, period: int) -> Floats:
    """Those points at which g is nothing but noise."""
    return x[is_zero(composed.jets(x, period))]


def is_double(jets: Jet, period: int) -> Bools:
    """Whether the slope at a zero is one that rounding, or two zeros too close to be told apart, can make of zero."""
    bend = np.where(np.isfinite(jets.bend), np.abs(jets.bend), 0.0)
    double: Bools = np.abs(jets.slope) <= 8 * EPSILON * period + np.sqrt(2 * jets.noise * bend)
    return double


def distinct(composed: Iterate, x: Floats, period: int) -> tuple[Floats, Jet]:
    """Of candidates in order those that are zeros, each once, and the jets there.

    Neighbours are one zero if there is nothing but noise between them. One evaluation tells all of it, unless some have to go.
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
    # The zero that a group of equal ones stands for is where |g| is least.
    least = [a + int(np.argmin(np.abs(at.value[a : b + 1]))) for a, b in zip(first.tolist(), last.tolist(), strict=True)]
    return x[least], at.at(least)


def same_zero(composed: Iterate, one: Floats, other: Floats, period: int) -> Bools:
    """Whether rounding hides what lies between two zeros, so that they are one. Shape as `one`."""
    return _hidden(composed.jets(_between(one, other), period))


def canonical(iterate: Iterate, x: Floats, period: int) -> Floats:
    """The points; on a circle as numbers from 0 to below its circumference, and as 0 where rounding cannot tell them from it."""
    turn = iterate.circumference
    if turn is None or not len(x):
        return x
    x = np.mod(x, turn)
    seam = np.flatnonzero(turn - x < 1e-6 * turn)
    at_seam = x[seam] == turn
    if len(seam):
        at_seam |= same_zero(iterate, x[seam], np.full(len(seam), turn), period)
    x[seam[at_seam]] = 0.0
    return x


def within(x: Floats, low: float, high: float, turn: float | None) -> Bools:
    """Whether the points lie in [low, high]; on a circle, whether a turn of them does."""
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
    """How far each zero may be from where it is computed: as far as rounding hides whether g is zero. Shape (n,)."""
    bend = np.where(np.isfinite(jets.bend), np.abs(jets.bend), 0.0)
    moved: Floats = np.fmin(jets.noise / np.abs(jets.slope), np.sqrt(jets.noise / bend))
    wide = np.flatnonzero(~(moved <= WIDE * (1 + np.abs(jets.x))))
    if len(wide):
        # Of a zero of high order neither derivative says how far.
        x = jets.x[wide, None]
        away = (1 + np.abs(x)) * np.logspace(-12, 0, 49)
        around = iterate.jets(np.stack([x - away, x + away]).ravel(), period)
        hidden = (np.abs(around.value) <= around.noise).reshape(2, *away.shape).any(axis=0)
        hidden = np.logical_and.accumulate(hidden, axis=1)
        moved[wide] = np.fmin(moved[wide], np.where(hidden, away, away[:, :1]).max(axis=1))
    return moved


def sharpened(composed: Iterate, x: Floats, period: int) -> Floats:
    """Multiple zeros, which rounding spreads, put where a derivative of g vanishes: g'' if it changes sign there, else g'."""
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
    """Where g is flattest in a stretch of nothing but noise, if its second derivative is more than that; None if all of it is zero.

    x - x^5 is x to within rounding about 0, but has one fixed point there: the second derivative, -20 x^3, is no noise.
    """
    points = np.linspace(*stretch, 65)
    bend = np.abs(composed.jets(points, period).bend)
    if not np.nanmax(bend) * width > BENT * EPSILON:
        return None
    return 0.0 if stretch[0] <= 0 <= stretch[1] else float(points[np.nanargmin(bend)])


def only_near_zero(composed: Iterate, jets: Jet, low: float, high: float, period: int) -> Bools:
    """Which zeros are some only because numbers near 0 are small beside the range, where 0 itself is none, as at a pole of log."""
    tiny: Bools = np.abs(jets.x) <= EPSILON * (high - low)
    if not tiny.any() or len(zeros(composed, np.zeros(1), period)):
        return np.zeros(tiny.shape, np.bool_)
    rounding = 64 * period * EPSILON * (np.abs(jets.x) + np.abs(jets.x + jets.value))
    return tiny & (np.abs(jets.value) > rounding)
