"""Compiled kernels that are kept: of the formulas used last, and of all those used last; the others go with all that was compiled."""

import gc
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import pytest

from kernels.execution import jit, kept_kernels
from kernels.execution.lazy_jax import jax
from kernels.formulas import map_expression, objective_from
from kernels.maps import MAPS

HALF, TWO = np.float64(0.5), np.float64(2.0)


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


def names() -> list[str]:
    return [kernel.run.__name__ for kernel in kept_kernels.kept_kernels()]


@pytest.fixture(scope="module", autouse=True)
def _only_what_these_tests_make_is_looked_at() -> None:
    """Each count of executables collects garbage, which takes most of a second where all that came before is looked at again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def no_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_kernels, "MOST_FORMULAS", 2)
    monkeypatch.setattr(kept_kernels, "_kernels", {})


def test_of_many_formulas_only_the_kernels_of_the_last_ones_stay() -> None:
    counts = []
    for number in range(6):
        assert two_steps(rule(number), HALF, TWO) == pytest.approx(2 * (0.5 + number) * (0.5 - number) + number)
        assert value(objective_from(f"x^2 + {number}").at(), np.array([3.0])) == 9 + number
        counts.append(executables())
    assert counts[2:] == counts[1:2] * 4
    assert len({kernel.formula for kernel in kept_kernels.kept_kernels()}) == 2


def test_a_formula_that_is_used_again_keeps_its_kernels() -> None:
    two_steps(rule(0), HALF, TWO)
    kernels = kept_kernels.kept_kernels()
    for number in range(1, 4):
        two_steps(rule(number), HALF, TWO)
        two_steps(map_expression("r * x*(1 - x) + 0").rule, HALF, TWO)  # an equal formula
    assert set(kernels) < set(kept_kernels.kept_kernels()) and names() == ["next_state", "two_steps"] * 2


def test_kernels_of_the_library_are_not_dropped() -> None:
    logistic = MAPS["logistic"].rule
    two_steps(logistic, HALF, TWO)
    kernels = kept_kernels.kept_kernels()
    for number in range(4):
        two_steps(rule(number), HALF, TWO)
    two_steps(logistic, HALF, TWO)
    assert set(kernels) < set(kept_kernels.kept_kernels())


def test_of_many_kernels_those_used_last_stay(
    compiled: Callable[[], AbstractContextManager[list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_kernels, "MOST_KERNELS", 3)
    logistic = MAPS["logistic"].rule
    before = executables()
    for count in (1, 2, 3, 1, 4, 1, 5):
        assert next_state(logistic, np.full(count, 0.5), 2.0).tolist() == [0.5] * count
    with compiled() as kernels:
        for count in (1, 4, 5):
            next_state(logistic, np.full(count, 0.25), 3.0)
    assert kernels == [] and executables() == before + 3


def test_parameters_and_named_arguments_make_no_other_kernels() -> None:
    logistic = MAPS["logistic"].rule
    for r in map(np.float64, (2.0, 2.5, 3.0)):
        assert next_state(logistic, x=np.array([0.5, 0.25]), r=r)[0] == r / 4
        next_state(logistic, np.array([0.5, 0.25]), r)
    assert len(names()) == 1


def test_all_kernels_are_dropped_but_those_noted_on_this_thread() -> None:
    used: set[int] = set()
    logistic, before = MAPS["logistic"].rule, executables()
    with kept_kernels.note_kernels(used):
        next_state(logistic, np.full(2, 0.5), 2.0)
    next_state(logistic, np.full(3, 0.5), 2.0)
    thread = threading.Thread(target=next_state, args=(logistic, np.full(4, 0.5), 2.0))
    thread.start()
    thread.join()
    assert len(names()) == 3 and len(used) == 1
    kept_kernels.drop_kernels(used)
    assert len(names()) == 1 and executables() == before + 1


def test_kernels_take_a_fixed_number_of_arguments() -> None:
    with pytest.raises(TypeError, match=r"total takes any number of arguments.* give it a tuple"):

        @jit
        def total(*parts: Any) -> Any:
            return sum(parts)
