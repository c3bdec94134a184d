"""Named points on branches of cycles of maps of the plane, and their normal forms.

Folds, period doublings and Neimark-Sacker points are solved for in state and parameter by Newton's method on f^p(z) = z and det(J - 1) = 0,
det(J + 1) = 0 or det J = 1, J the Jacobian of f^p; transcritical points and pitchforks by the equations of branch points of G. Moore, The
numerical treatment of non-trivial bifurcation points, Numer. Funct. Anal. Optim. 2 (1980). The coefficients are those of Yu. A. Kuznetsov,
Elements of Applied Bifurcation Theory (2004), chapter 5.4.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kernels.skeleton.branch import Box, Branch, PlaneBranch
from kernels.skeleton.composition import Family
from kernels.skeleton.named import STILL, STRAYED, UNSEEN, NamedPoint, distinct
from kernels.skeleton.plane_columns import away_of
from kernels.skeleton.plane_jets import Jet, jet
from kernels.types import Floats

FOLD, FLIP, SPIN, BRANCHING = range(4)
"""What is solved for."""

DOUBLE = 1e-4
"""Sine of the angle between an eigenvector and the plane of the others below which the eigenvalue is double to within rounding."""

STEPS = 10
"""Newton steps."""


def _spectral(jet: Jet) -> tuple[Floats, Floats, Floats, Floats]:
    """Trace and determinant of the Jacobians of f^p, and their derivatives in (x, y, a). Shapes (n,), (n,), (n, 3), (n, 3)."""
    (p, q), (r, s) = jet.first[:, :, :2].transpose(1, 2, 0)
    (dp, dq), (dr, ds) = jet.second[:, :, :2].transpose(1, 2, 0, 3)
    along = [array[:, None] for array in (p, q, r, s)]
    return p + s, p * s - q * r, dp + ds, along[0] * ds + dp * along[3] - along[1] * dr - dq * along[2]


def _gap(family: Family, jet: Jet, u: Floats) -> tuple[Floats, Floats]:
    """(f^p(z) - z, its derivatives in (x, y, a)). Shapes (n, 2), (n, 2, 3)."""
    return away_of(family, jet.value.T, u[:, :2].T).T, jet.first - np.eye(2, 3)


def _equations(family: Family, u: Floats, period: Any, kind: Any) -> tuple[Floats, Floats]:
    """The three equations of a fold, a doubling or a Neimark-Sacker point, and their derivatives. Shapes (n, 3), (n, 3, 3)."""
    found = jet(family, u, period)
    gap, slopes = _gap(family, found, u)
    trace, area, in_trace, in_area = _spectral(found)
    sign = np.select([kind == FOLD, kind == FLIP], [-1.0, 1.0], 0.0)
    third = sign * trace + area + np.where(kind == SPIN, -1.0, 1.0)
    return np.concatenate([gap, third[:, None]], axis=1), np.concatenate([slopes, (sign[:, None] * in_trace + in_area)[:, None]], axis=1)


def _branching(family: Family, u: Floats, period: Any, _: Any) -> tuple[Floats, Floats]:
    """Equations of points at which two branches cross: f^p(z) - z + b w = 0, w normal to its derivatives in x, y and a, |w| = 1.

    The unknowns are x, y, a, b and w. Shapes (n, 6), (n, 6, 6).
    """
    found = jet(family, u[:, :3], period)
    gap, slopes = _gap(family, found, u)
    b, w = u[:, 3:4], u[:, 4:]
    values = [gap + b * w, np.einsum("ni,nij->nj", w, slopes), (w * w).sum(axis=1, keepdims=True) - 1]
    derivatives = np.zeros((len(u), 6, 6))
    derivatives[:, :2, :3], derivatives[:, :2, 3] = slopes, w
    derivatives[:, :2, 4:] = b[..., None] * np.eye(2)
    derivatives[:, 2:5, :3] = np.einsum("ni,nijk->njk", w, found.second)
    derivatives[:, 2:5, 4:] = slopes.swapaxes(1, 2)
    derivatives[:, 5, 4:] = 2 * w
    return np.concatenate(values, axis=1), derivatives


def _newton(family: Family, equations: Any, u: Floats, period: Any, kind: Any) -> Generator[None, None, tuple[Floats, Floats, Floats]]:
    """(solutions, last changes, what remains), each as u; it yields where a caller may stop."""
    change = np.full_like(u, np.inf)
    for _ in range(STEPS):
        with np.errstate(all="ignore"):
            value, slopes = equations(family, u, period, kind)
            good = np.isfinite(slopes).all(axis=(1, 2)) & np.isfinite(value).all(axis=1)
            change = np.full_like(u, np.nan)
            change[good] = (np.linalg.pinv(slopes[good]) @ value[good, :, None])[..., 0]
            u = u - change
        yield
    with np.errstate(all="ignore"):
        return u, np.abs(change), np.abs(equations(family, u, period, kind)[0])


@dataclass(frozen=True)
class _Guess:
    """Where a point is looked for: its period, state (2,) and parameter, and the length of its interval in window units."""

    period: int
    z: Floats
    a: float
    length: float


def _guesses(branch: PlaneBranch, values: Floats, box: Box) -> list[_Guess]:
    """A guess for each sign change of `values` along a branch."""
    states = np.stack([branch.states, branch.beside])
    a, found = branch.parameter, []
    for k in np.flatnonzero(np.diff(values >= 0)).tolist():
        share = values[k] / (values[k] - values[k + 1])
        change = states[..., k + 1] - states[..., k]
        z = states[..., k] + share * change
        row = int(np.argmin(np.abs(z[0] - box.middle)))
        length = max(abs(a[k + 1] - a[k]) / box.width, np.abs(change[0]).max() / box.height, np.abs(change[1]).max() / box.beside)
        found.append(_Guess(branch.period, z[:, row], float(a[k] + share * (a[k + 1] - a[k])), float(length)))
    return found


def plane_named_points(family: Family, branches: Sequence[Branch], box: Box) -> Generator[None, None, list[NamedPoint]]:
    """All named points of the branches, by parameter; of each kind and cycle one. A generator: it yields where a caller may stop."""
    guesses: list[tuple[int, _Guess]] = []
    crossings: list[_Guess] = []
    for branch in branches:
        if not isinstance(branch, PlaneBranch):
            continue
        trace, area = branch.slopes
        guesses += [(FLIP, g) for g in _guesses(branch, 1 + trace + area, box)]
        if np.abs(area - 1).max() > 1e-9:  # of area-preserving maps the determinant is 1 but for rounding
            guesses += [(SPIN, g) for g in _guesses(branch, area - 1, box)]
        ones = _guesses(branch, 1 - trace + area, box)
        guesses += [(FOLD, g) for g in ones]
        crossings += ones + _guesses(branch, branch.turning, box)
        yield
    found: list[NamedPoint] = []
    if crossings:
        found += yield from _accepted(family, crossings, [BRANCHING] * len(crossings), box)
        yield
    if guesses:
        found += yield from _accepted(family, [g for _, g in guesses], [kind for kind, _ in guesses], box)
        yield
    return distinct(found, box)


def _accepted(family: Family, guesses: list[_Guess], kinds: list[int], box: Box) -> Generator[None, None, list[NamedPoint]]:
    """What Newton's method finds from the guesses, as far as it is what was looked for."""
    first = np.array([[*g.z, g.a] for g in guesses])
    period, kind = np.array([g.period for g in guesses]), np.array(kinds)
    equations: Any = _equations
    start = first
    if kinds[0] == BRANCHING:
        equations = _branching
        left = np.linalg.svd(_gap(family, jet(family, first, period), first)[1], full_matrices=False)[0]
        start = np.concatenate([first, np.zeros((len(first), 1)), left[..., 1]], axis=1)
    u, change, rest = yield from _newton(family, equations, start, period, kind)
    u, change, rest[:, 0] = u[:, :3], change[:, :3], np.maximum(rest[:, 0], np.abs(u[:, 3]) if u.shape[1] > 3 else 0)
    found, scale = jet(family, u, period, 3), np.array([box.height, box.beside, box.width])
    points = []
    for n, guess in enumerate(guesses):
        cycle = found.states[n, : guess.period]
        moved, bend = np.abs(u[n] - first[n]) / scale, 1 + np.abs(found.second[n]).max() * box.height
        arrived = rest[n, :2].max() <= 1e-11 * (1 + np.abs(cycle).max()) and rest[n, 2:].max() <= 1e-7 * bend
        fine = np.isfinite(u[n]).all() and (change[n] / scale).max() <= 1e-6
        if fine and arrived and moved.max() <= max(STRAYED * guess.length, UNSEEN) and box.left <= u[n, 2] <= box.right:
            if kinds[n] == FOLD and _is_still(found.first[n], box):
                continue  # two branches cross there
            derivatives = found.first[n, :, :2], found.second[n, :, :2, :2], found.third[n, :, :2, :2, :2]
            with np.errstate(all="ignore"):
                point = _named(family, kinds[n], u[n], change[n], cycle, derivatives, box)
            points += [point] if point is not None else []
    return points


def _is_still(slopes: Floats, box: Box) -> bool:
    """Whether at an eigenvalue of 1 the branch goes on in the parameter, as it does where branches cross."""
    p = _vectors(slopes[:, :2], 1.0)[1].real
    return bool(abs(p @ slopes[:, 2]) * box.width <= STILL * np.linalg.norm(p) * max(box.height, box.beside))


def _named(
    family: Family, kind: int, u: Floats, change: Floats, cycle: Floats, derivatives: tuple[Floats, ...], box: Box
) -> NamedPoint | None:
    period, sizes = len(cycle), np.array([[box.height], [box.beside]])
    apart = np.abs(away_of(family, cycle[1:].T, cycle[:1].T)) / sizes
    if any(apart[:, k - 1].max() <= 1e-6 for k in range(1, period) if period % k == 0):
        return None
    jacobian, second, third = derivatives
    if kind == SPIN and abs(np.trace(jacobian)) >= 2 - 1e-9:
        return None  # two real eigenvalues whose product is 1
    name = {FOLD: "fold", FLIP: "period-doubling", SPIN: "neimark-sacker", BRANCHING: "transcritical"}[kind]
    coefficient = _coefficient(kind, jacobian, second, third)
    if kind == BRANCHING and not np.isfinite(coefficient):
        return None  # whether it is one or a pitchfork is not known
    if kind == BRANCHING and abs(coefficient) * box.height <= STILL * max(1.0, abs(third).max() * box.height**2):
        name, coefficient = "pitchfork", _cubic(jacobian, second, third, 1.0)
    errors = 4 * change[2] + 2 * np.spacing(abs(u[2])), 4 * (change[:2].max() + np.spacing(np.abs(cycle).max()))
    states, beside = cycle.T.tolist()
    return NamedPoint(name, period, float(u[2]), float(u[0]), coefficient, tuple(states), float(errors[0]), float(errors[1]), tuple(beside))


def _vectors(jacobian: Floats, eigenvalue: complex) -> tuple[Any, Any]:
    """The eigenvector q of length 1 and the adjoint one p with <p, q> = 1, of the eigenvalue that is nearest to the given one.

    p is NaN where <p, q> = 0: at a double eigenvalue, as area-preserving maps have.
    """
    values, vectors = np.linalg.eig(jacobian)
    q = vectors[:, np.argmin(np.abs(values - eigenvalue))]
    values, vectors = np.linalg.eig(jacobian.T)
    p = vectors[:, np.argmin(np.abs(values - np.conj(eigenvalue)))]
    size = np.conj(np.vdot(p, q))
    return q, p / size if abs(size) > DOUBLE else np.full(2, np.nan)


def _coefficient(kind: int, jacobian: Floats, second: Floats, third: Floats) -> float:
    """That of the normal form: of folds and transcritical points p·B(q, q)/2; of doublings positive where they are supercritical."""
    if kind == FLIP:
        return _cubic(jacobian, second, third, -1.0)
    if kind != SPIN:
        q, p = (vector.real for vector in _vectors(jacobian, 1.0))
        return float(p @ np.einsum("ijk,j,k", second, q, q)) / 2
    values = np.linalg.eigvals(jacobian)
    value = values[np.argmax(values.imag)]
    q, p = _vectors(jacobian, value)
    other, one = np.conj(q), np.eye(2)

    def bent(u: Any, v: Any) -> Any:
        return np.einsum("ijk,j,k", second, u, v)

    cubic = np.einsum("ijkl,j,k,l", third, q, q, other)
    cubic = cubic + 2 * bent(q, np.linalg.solve(one - jacobian, bent(q, other)))
    cubic = cubic + bent(other, np.linalg.solve(value**2 * one - jacobian, bent(q, q)))
    return float((np.conj(value) * np.vdot(p, cubic)).real) / 2


def _cubic(jacobian: Floats, second: Floats, third: Floats, eigenvalue: float) -> float:
    """p·(C(q, q, q) + 3 B(q, h))/6, where h is how the other direction follows: (1 - J) h = B(q, q), of a pitchfork across q."""
    q, p = (vector.real for vector in _vectors(jacobian, eigenvalue))
    bent = np.einsum("ijk,j,k", second, q, q)
    if not np.isfinite(p).all():
        return float("nan")
    follows = np.linalg.lstsq(np.eye(2) - jacobian, bent - (p @ bent) * q * (eigenvalue == 1.0), rcond=1e-9)[0]
    cubic = np.einsum("ijkl,j,k,l", third, q, q, q) + 3 * np.einsum("ijk,j,k", second, q, follows)
    return float(p @ cubic) / 6
