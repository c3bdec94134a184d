"""Kernels that were traced before: read where all that tells them apart is the same, and nowhere else."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kernels.bifurcation import density
from kernels.execution import compile_cache, jit, kept_kernels, stored_kernels
from kernels.execution.devices import layout as layout_for
from kernels.execution.lazy_jax import jax
from kernels.fixed_point import starts
from kernels.formulas import map_expression, objective_from
from kernels.maps import MAPS
from kernels.newton import NewtonRequest

LOGISTIC = MAPS["logistic"].rule
PARAMETERS = (np.float64(3.0),)
ONE = np.int32(1)


def state(x: float, count: int = 3) -> Any:
    return starts.iterate(LOGISTIC, np.full(count, x), PARAMETERS, ONE)


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder without entries, and no kernels."""
    monkeypatch.setattr(kept_kernels, "_kernels", {})
    cache = compile_cache.KernelCache(tmp_path, print, lambda data: data)
    shared = compile_cache.installed()
    assert shared is not None
    monkeypatch.setattr(cache, "executable", shared.executable)
    monkeypatch.setattr(compile_cache, "installed", lambda: cache)
    yield


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of kernels that are traced by the test's thread: one of an earlier test may still be at work."""
    names: list[str] = []
    compiled, mine = stored_kernels._compiled, threading.get_ident()

    def note(key: str, jitted: Any, arguments: tuple[Any, ...]) -> Any:
        if threading.get_ident() == mine:
            names.append(jitted.__name__)
        return compiled(key, jitted, arguments)

    monkeypatch.setattr(stored_kernels, "_compiled", note)
    return names


def forget() -> None:
    """Drop the kernels, as if the program began again."""
    kept_kernels._kernels.clear()


def test_a_kernel_is_traced_once_for_all_processes(traced: list[str]) -> None:
    first = state(0.25)
    forget()
    assert state(0.25).tolist() == first.tolist() == [0.5625] * 3
    assert state(0.5).tolist() == [0.75] * 3
    assert traced == ["iterate"]


def test_donated_memory_and_several_devices_are_as_before(traced: list[str]) -> None:
    layout = layout_for(600)
    x, parameters = np.full(600, 0.25), (np.float64(3.0),)
    first = [layout.gather(starts.advance(LOGISTIC, layout, layout.shard(x), parameters, np.int32(5)), 600)]
    forget()
    first.append(layout.gather(starts.advance(LOGISTIC, layout, layout.shard(x), parameters, np.int32(5)), 600))
    assert np.array_equal(*first) and traced == ["advance"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda: starts.iterate(MAPS["sine"].rule, np.full(3, 0.5), PARAMETERS, ONE), id="another map"),
        pytest.param(lambda: state(0.5, 4), id="another shape"),
        pytest.param(lambda: starts.iterate(LOGISTIC, np.full(3, 0.5, np.float32), (np.float32(3.0),), ONE), id="another type"),
        pytest.param(lambda: starts.iterate(LOGISTIC, np.full(3, 0.5), (3.0,), ONE), id="a number for an array"),
        pytest.param(lambda: starts.iterate(map_expression("r*x*(1-x)").rule, np.full(3, 0.5), PARAMETERS, ONE), id="a formula"),
    ],
)
def test_other_arguments_are_other_kernels(traced: list[str], other: Callable[[], Any]) -> None:
    state(0.5)
    forget()
    other()
    assert traced == ["iterate"] * 2


def test_other_sources_and_settings_are_other_kernels(traced: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    state(0.5)
    forget()
    with monkeypatch.context() as patch:
        patch.setattr(stored_kernels, "_surroundings", lambda: ("another source",))
        state(0.5)
    forget()
    with jax.default_matmul_precision("float32"):
        state(0.5)
    assert traced == ["iterate"] * 3


def test_formulas_are_told_apart_by_what_they_say(traced: list[str]) -> None:
    texts = ["r*x*(1-x)", "r*x*(1-x) + 1", "r * x*(1 - x)"]
    values = []
    for text in texts:
        forget()
        values.append(float(starts.iterate(map_expression(text).rule, np.full(1, 0.5), PARAMETERS, ONE)[0]))
    assert values == [0.75, 1.75, 0.75] and len(traced) == 2


@jit(static_argnames=("rule",))
def of_a_script(rule: Any, x: Any) -> Any:
    return rule(x)


def test_functions_of_a_script_are_traced_as_ever(traced: list[str], tmp_path: Path) -> None:
    for factor in (2.0, 3.0):
        forget()
        assert of_a_script(lambda x, factor=factor: factor * x, 1.5) == 1.5 * factor
        assert starts.iterate(lambda x, r, factor=factor: factor * r * x, np.ones(2), PARAMETERS, ONE).tolist() == [3 * factor] * 2
    assert traced == [] and list(tmp_path.iterdir()) == []


def test_a_description_takes_all_into_account() -> None:
    layout, static = layout_for(600), stored_kernels._static
    assert static(layout) == static(replace(layout)) != static(replace(layout, block=layout.block * 2))
    assert static(partial(density.count, bins=3)) != static(partial(density.count, bins=4))
    assert static(objective_from("x^2 + 1").at().rule) != static(objective_from("x^2 + 2").at().rule)
    assert static((1, 2)) != static((1, 2.0)) != static([1, 2.0])
    for unknown in (object(), lambda x: x, test_a_description_takes_all_into_account):
        with pytest.raises(stored_kernels._UnknownError):
            static(unknown)


def test_other_types_and_other_kernels_may_call_it() -> None:
    assert state(0.5).tolist() == [0.75] * 3
    float32 = starts.iterate(LOGISTIC, np.full(3, 0.5, np.float32), (np.float32(3.0),), ONE)
    assert float32.tolist() == [0.75] * 3 and float32.dtype == np.float32
    within = jax.jit(lambda x: starts.iterate(LOGISTIC, x, (3.0,), 1) + 1)
    assert within(np.full(3, 0.5)).tolist() == [1.75] * 3
    slopes = jax.jvp(lambda x: starts.iterate(LOGISTIC, x, (3.0,), 1), (np.full(3, 0.25),), (np.ones(3),))[1]
    assert slopes.tolist() == [1.5] * 3


@pytest.mark.parametrize("damage", ["removed", "cut", "another's", "executable"])
def test_what_cannot_be_read_is_traced_and_stored_anew(
    traced: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    state(0.5)
    (entry,) = tmp_path.glob("*-cache")
    if damage == "removed":
        entry.unlink()
    elif damage == "cut":
        entry.write_bytes(entry.read_bytes()[:-20])
    elif damage == "another's":
        compile_cache.installed().put(entry.name.removesuffix("-cache"), b"nothing")  # type: ignore[union-attr]
    else:
        monkeypatch.setattr(compile_cache.installed(), "executable", dict[str, bytes]().__getitem__)
    for _ in range(2):
        forget()
        assert state(0.5).tolist() == [0.75] * 3
    assert traced == ["iterate"] * (3 if damage == "executable" else 2)


SCRIPT = """
import logging
from kernels.newton import NewtonRequest
from kernels.execution import jax
jax.config.update("jax_log_compiles", True)
messages = []
handler = logging.Handler()
handler.emit = messages.append
logging.getLogger("jax").addHandler(handler)
for frame in NewtonRequest(method="newton", start=(-3.0, 3.0)).frames():
    last = frame
print(repr(last.point.tolist()), sum("tracing" in message.getMessage() for message in messages))
"""


def test_kernels_that_call_lapack_run_in_the_next_process() -> None:
    """An executable that is read finds LAPACK only where JAX has looked for it."""
    for _ in range(2):  # once where an earlier run of the tests has stored them
        run = subprocess.run([sys.executable, "-W", "ignore", "-c", SCRIPT], capture_output=True, text=True, check=True)
        point, _, traced = run.stdout.rpartition(" ")
        if int(traced) == 0:
            break
    *_, last = NewtonRequest(method="newton", start=(-3.0, 3.0)).frames()
    assert int(traced) == 0 and last is not None and point == repr(last.point.tolist())
