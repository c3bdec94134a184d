"""What grows along orbits while they are counted: the same as by the kernels that only multiply, however the steps are divided."""

import itertools
import math
from typing import Any

import numpy as np
import pytest

from kernels.bifurcation import density
from kernels.execution import devices, jax
from kernels.iteration import growth, orbits, plane
from kernels.maps.registry import MAPS

COLUMNS = 96
WINDOW = density.Window(np.float64(0.5), np.float64(0), np.float64(40), np.float64(40))


def counted(along: growth.Along, rule: Any, state: Any, parameters: Any, carried: Any, cuts: tuple[int, ...]) -> tuple[Any, Any, Any]:
    """(states, what is carried, powers of 2 taken out of each part) after all cuts, counted one after the other."""
    layout = devices.layout(COLUMNS)
    counts, powers = density.room(layout, density.bins(40)), []
    for n, times in enumerate(cuts):
        given = parameters, carried, counts, np.bool_(n == 0), WINDOW, np.int32(times)
        state, grown, counts = density.count(rule, layout, along, state, *given)
        carried = grown[0] if len(grown) == 2 else (grown[0], grown[2])
        powers.append([layout.gather(part, COLUMNS) for part in grown[1::2]])
    state, carried = jax.tree.map(lambda part: layout.gather(part, COLUMNS), (state, carried))
    return state, carried, np.sum(powers, axis=0)


def same(one: Any, other: Any) -> bool:
    """Whether results are equal to the last bit."""
    pairs = zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True)
    return all(itertools.starmap(np.array_equal, pairs))


def test_derivatives_are_multiplied_as_without_counting() -> None:
    layout, rule = devices.layout(COLUMNS), MAPS["logistic"].rule
    # At 2 the critical point is fixed: all derivatives are 0; from 1/2 the first one is, in every column.
    x, a, one = layout.shard_all(np.full(COLUMNS, 0.5), np.linspace(2, 4, COLUMNS), np.ones(COLUMNS))
    whole = counted(growth.Slopes(), rule, (x,), (a,), one, (301,))
    assert same(whole, counted(growth.Slopes(), rule, (x,), (a,), one, (8, 64, 200, 29)))
    theirs = jax.jit(orbits.block_derivative_products, static_argnums=0)(rule, x, (a,), one, np.int32(300))
    mantissa, exponent, skipped = (layout.gather(part, COLUMNS) for part in theirs[1:])
    _, ours, (powers,) = counted(growth.Slopes(), rule, (x,), (a,), one, (300,))
    found, left_out = plane.powers(powers)
    regular = slice(0, 70)  # chaos magnifies the last bit's rounding
    assert np.array_equal(left_out, skipped) and left_out[0] == 300 and (left_out[1:] == 1).all()
    sums = orbits.logarithm(ours, found), orbits.logarithm(mantissa, exponent)
    assert sums[0][regular] == pytest.approx(sums[1][regular], abs=1e-6)


def test_a_tangent_vector_and_determinants_are_multiplied_as_without_counting() -> None:
    layout, rule = devices.layout(COLUMNS), MAPS["henon"].rule
    x, y, a, b, one = layout.shard_all(
        *(np.full(COLUMNS, v) for v in (0.1, 0.2)), np.linspace(0.2, 1, COLUMNS), *np.full((2, COLUMNS), 1.0)
    )
    b = b * 0.3
    begun = tuple(one * along for along in plane.SIDEWAYS)
    whole = counted(growth.Tangents(), rule, (x, y), (a, b), (begun, one), (301,))
    assert same(whole, counted(growth.Tangents(), rule, (x, y), (a, b), (begun, one), (7, 64, 201, 29)))
    _, (tangent, mantissa), (stretched, folded) = whole
    sums = orbits.logarithm(mantissa, folded)
    assert sums == pytest.approx(301 * math.log(0.3), abs=1e-9)
    theirs = plane.tangent_products(rule, layout, (x, y), (a, b), begun, one, np.int32(301))
    turned, powers = jax.tree.map(lambda part: layout.gather(part, COLUMNS), theirs[:2])
    ours, expected = (plane.stretching(vector, math.hypot(*plane.SIDEWAYS), by) for vector, by in ((tangent, stretched), (turned, powers)))
    assert ours[:60] == pytest.approx(expected[:60], abs=1e-6)
