"""Newton fractals: pixel by pixel what plain NumPy iterates come to, cycles and non-convergence apart."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kernels import Grid, Viewport
from kernels.equations import CYCLE, EQUATIONS, EquationCurveRequest, EquationRequest, NewtonFractalFrame, NewtonFractalRequest
from kernels.equations.critical import critical_orbits
from kernels.newton import DIVERGED, OUTSIDE, UNRESOLVED

GRID = Grid(Viewport.from_limits(-2, 2, "-1.5", "1.5"), 61, 47)


def last(request: NewtonFractalRequest) -> NewtonFractalFrame:
    *_, frame = (frame for frame in request.frames() if frame is not None)
    assert frame.done
    return frame


def by_numpy(step: Callable[[Any], Any], damping: float, times: int) -> Any:
    """Where plain iterates of all pixels are after so many steps."""
    z = GRID.column_values()[None, :] + 1j * GRID.row_values()[:, None]
    with np.errstate(all="ignore"):
        for _ in range(times):
            z = z - damping * step(z)
    return z


def check_roots(frame: NewtonFractalFrame, ends: Any, roots: Any, allowed: float) -> None:
    """All pixels but a thin set, whose share is counted, are labelled with the root that NumPy comes to."""
    found = frame.roots[:, 0] + 1j * frame.roots[:, 1]
    gaps = np.abs(found[:, None] - np.asarray(roots)[None, :])
    assert len(found) == len(roots)
    assert gaps.min(1).max() < 1e-14
    wanted = np.abs(ends[..., None] - found).argmin(-1)
    close = np.abs(ends[..., None] - found).min(-1) < 1e-9
    wanted = np.where(close, wanted, UNRESOLVED)
    differ = (wanted != frame.labels) & ~((wanted == UNRESOLVED) & (frame.labels < 0))
    assert differ.mean() <= allowed, differ.sum()


@pytest.mark.parametrize("damping", [1.0, 0.8])
def test_the_fractal_of_unity_agrees_with_numpy_pixel_by_pixel(damping: float) -> None:
    frame = last(NewtonFractalRequest(GRID, "unity-3", damping, 80))
    roots = np.exp(2j * np.pi * np.arange(3) / 3)
    check_roots(frame, by_numpy(lambda z: (z**3 - 1) / (3 * z**2), damping, 80), roots, 2e-3)
    assert (frame.labels >= 0).mean() > 0.999


def test_the_cycle_of_smales_cubic_is_told_from_the_roots() -> None:
    frame = last(NewtonFractalRequest(GRID, "smale", max_steps=200))
    ends = by_numpy(lambda z: (z**3 - 2 * z + 2) / (3 * z**2 - 2), 1.0, 200)
    check_roots(frame, ends, np.roots([1, 0, -2, 2]), 2e-3)
    in_cycle = (np.abs(ends) < 1e-9) | (np.abs(ends - 1) < 1e-9)
    assert in_cycle.sum() > 10
    assert ((frame.labels == CYCLE) != in_cycle).sum() <= 3  # at the boundary rounding decides


def test_two_equations_agree_with_numpy() -> None:
    frame = last(NewtonFractalRequest(GRID, "brown", max_steps=60))
    x, y = (np.array(part, float) for part in np.meshgrid(GRID.column_values(), GRID.row_values()))
    with np.errstate(all="ignore"):
        for _ in range(60):
            f, g, determinant = 2 * x + y - 3, x * y - 1, 2 * x - y
            x, y = x - (x * f - g) / determinant, y - (2 * g - y * f) / determinant
    assert sorted(map(tuple, np.round(frame.roots, 12).tolist())) == [(0.5, 2.0), (1.0, 1.0)]
    for label, root in enumerate(frame.roots):
        wanted = (np.abs(x - root[0]) < 1e-9) & (np.abs(y - root[1]) < 1e-9)
        assert (wanted != (frame.labels == label)).mean() <= 2e-3


def test_counts_are_steps_made_smooth() -> None:
    frame = last(NewtonFractalRequest(GRID, "unity-3", max_steps=80))
    row, column = 10, 7
    start = (GRID.column_values()[column], GRID.row_values()[row])
    *_, run = EquationRequest("unity-3", start, tolerance=1e-14).frames()
    assert run is not None
    shares = run.corrections / (1 + np.abs(run.iterates).sum(1))
    k = int(np.flatnonzero(shares <= 1e-6)[0])
    assert k - 1 <= frame.counts[row, column] <= k
    # Along a row, far from the boundaries, neighbouring counts differ by a fraction of a step.
    fine = last(NewtonFractalRequest(Grid(Viewport.from_limits("1.2", "1.9", "-0.3", "0.3"), 61, 47), "unity-3", max_steps=80))
    assert np.abs(np.diff(fine.counts, axis=1)).max() < 0.2
    assert len(np.unique(fine.counts)) > 1000


def test_what_does_not_converge_is_told_apart() -> None:
    pole = last(NewtonFractalRequest(GRID, "1/z")).labels
    assert pole[23, 30] == OUTSIDE
    assert (pole == DIVERGED).sum() == pole.size - 1
    undefined = last(NewtonFractalRequest(GRID, "sqrt(x) + 1; y"))
    assert (undefined.labels[:, :30] == OUTSIDE).all()
    few = last(NewtonFractalRequest(GRID, "unity-3", max_steps=3))
    assert (few.labels == UNRESOLVED).mean() > 0.3


def test_the_strip_under_the_axis_has_the_root_that_each_start_comes_to() -> None:
    *_, frame = EquationCurveRequest(Grid(EQUATIONS["wallis"].view, 200, 50), "x^3 - x").frames()
    assert frame.roots.tolist() == [-1, 0, 1]
    for column in range(0, 200, 7):
        *_, run = EquationRequest("x^3 - x", (frame.x[column],)).frames()
        assert run is not None and run.root is not None
        assert frame.roots[frame.labels[column]] == pytest.approx(run.root[0], abs=1e-12)
    assert frame.values == pytest.approx(frame.x**3 - frame.x)


def test_roots_of_functions_of_any_size_are_found_and_poles_are_none() -> None:
    def roots(text: str) -> list[float]:
        *_, frame = EquationCurveRequest(Grid(EQUATIONS["wallis"].view, 20, 5), text).frames()
        return frame.roots.tolist()

    assert roots("1e12*(x^2 - 3)") == pytest.approx([-math.sqrt(3), math.sqrt(3)], rel=1e-15)
    assert roots("1/(x - 1)") == []
    assert roots("1e200*x^3 - 1") == []  # of 1e-67 nothing is said: the iterates are still on their way


def test_a_fractal_of_one_real_variable_and_bad_fields_are_refused() -> None:
    with pytest.raises(ValueError, match="use z for x"):
        NewtonFractalRequest(GRID, "wallis")
    with pytest.raises(ValueError, match="at most 2"):
        NewtonFractalRequest(GRID, "unity-3", 2.5)
    with pytest.raises(ValueError, match="one real variable"):
        EquationCurveRequest(GRID, "unity-3")


def test_critical_orbits_begin_where_newton_s_map_has_no_derivative_and_find_the_cycle() -> None:
    def orbits(name: str, damping: float) -> tuple[Any, ...]:
        return critical_orbits(EQUATIONS[name].at(), EQUATIONS[name].view, damping, 50)

    (cycle,) = orbits("smale", 1.0)  # f'' = 6 z
    assert np.allclose(cycle[:5], [[0, 0], [1, 0], [0, 0], [1, 0], [0, 0]], atol=1e-12) and len(cycle) == 51
    # Of z³ - 1 with half steps: z (5 z³ - 2) = 0, where 0 is a pole of the map and ends at once.
    pole, *others = orbits("unity-3", 0.5)
    assert len(pole) == 1 and len(others) == 3
    starts = np.array([orbit[0] @ (1, 1j) for orbit in others])
    assert np.allclose(starts**3, 0.4) and all(np.allclose((orbit[-1] @ (1, 1j)) ** 3, 1, atol=1e-6) for orbit in others)
    assert orbits("sine", 1.0) == (), "only the roots"
    with pytest.raises(ValueError, match="not in a complex variable"):
        NewtonFractalRequest(GRID, "circle-hyperbola", critical=True)


def test_a_real_root_has_no_imaginary_part_of_rounding() -> None:
    for a, b in ((0.306, 1.625), (0.3, 1.64)):
        frame = last(NewtonFractalRequest(GRID, "cubic-family", max_steps=60, parameters=(("a", a), ("b", b))))
        assert [1.0, 0.0] in frame.roots.tolist()
