"""The compiled kernels of typed formulas: kept for the formulas used last, and dropped with all that was compiled for the others."""

import gc
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from kernels.execution import jit, lazy_jax
from kernels.execution.lazy_jax import jax
from kernels.formulas import map_expression, objective_from
from kernels.maps import MAPS


@jit(static_argnames=("rule",))
def next_state(rule: Any, x: Any, r: Any) -> Any:
    return rule(x, r)


@jit(static_argnames=("rule",))
def two_steps(rule: Any, x: Any, r: Any) -> Any:
    return next_state(rule, next_state(rule, x, r), r)


@jit
def value(function: Any, x: Any) -> Any:
    return function(x)


def rule(number: int) -> Any:
    return map_expression(f"r*x*(1-x) + {number}").rule


def executables() -> int:
    gc.collect()
    return len(jax.local_devices(backend="cpu")[0].client.live_executables())


@pytest.fixture(autouse=True)
def few_formulas(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(lazy_jax, "MOST_FORMULAS", 2)
    lazy_jax._formula_kernels.clear()
    yield
    lazy_jax._formula_kernels.clear()


def test_of_many_formulas_only_the_kernels_of_the_last_ones_stay() -> None:
    counts = []
    for number in range(6):
        assert two_steps(rule(number), 0.5, 2.0) == pytest.approx(2 * (0.5 + number) * (0.5 - number) + number)
        assert value(objective_from(f"x^2 + {number}").at(), np.array([3.0])) == 9 + number
        counts.append(executables())
    assert counts[2:] == counts[1:2] * 4
    assert len(lazy_jax._formula_kernels) == 2


def test_a_formula_that_is_used_again_keeps_its_kernels() -> None:
    first = rule(0)
    two_steps(first, 0.5, 2.0)
    kernels = lazy_jax._formula_kernels[first]
    for number in range(1, 4):
        two_steps(rule(number), 0.5, 2.0)
        two_steps(map_expression("r * x*(1 - x) + 0").rule, 0.5, 2.0)  # an equal formula
    assert lazy_jax._formula_kernels[first] is kernels and set(kernels) == {two_steps, next_state}


def test_kernels_of_the_library_are_not_dropped() -> None:
    logistic = MAPS["logistic"].rule
    two_steps(logistic, 0.5, 2.0)
    assert not lazy_jax._formula_kernels and two_steps._cache_size() == 1
    for number in range(4):
        two_steps(rule(number), 0.5, 2.0)
    two_steps(logistic, 0.5, 2.0)
    assert two_steps._cache_size() == 1


def test_variants_of_a_function_are_dropped_when_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lazy_jax, "MOST_VARIANTS", 3)
    logistic, sizes = MAPS["logistic"].rule, []
    for count in range(1, 9):
        assert next_state(logistic, np.full(count, 0.5), 2.0).tolist() == [0.5] * count
        sizes.append(next_state._cache_size())
    assert max(sizes) <= 3
