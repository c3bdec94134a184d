"""The post's first timing, many starts at once, and a parameter that is dragged."""

import time
from collections.abc import Callable
from typing import Any

import jax
import numba
import numpy as np
from numpy.typing import NDArray
from table import Table

from kernels.execution import devices
from kernels.fixed_point import starts
from kernels.fixed_point.request import FixedPointRequest
from kernels.iteration import orbits
from kernels.maps.registry import MAPS

STEPS = 500
MANY = 1_000_000
RULE = MAPS["post"].rule
VALUES = (np.float64(21), np.float64(10))

Numbers = NDArray[np.float64]


def numpy_loop(start: Numbers) -> Numbers:
    """The post's own function."""
    with np.errstate(over="ignore"):
        for _ in range(STEPS):
            start = (start**2 + 21) / 10
    return start


@numba.njit
def numba_loop(start: Numbers) -> Numbers:
    """The same, start by start."""
    final = np.empty_like(start)
    for n in range(len(start)):
        x = start[n]
        for _ in range(STEPS):
            x = (x**2 + 21) / 10
        final[n] = x
    return final


@numba.njit(parallel=True)
def numba_parallel(start: Numbers) -> Numbers:
    """As a user of Numba writes it: start by start, in parallel."""
    final = np.empty_like(start)
    for n in numba.prange(len(start)):
        x = start[n]
        for _ in range(STEPS):
            x = (x**2 + 21) / 10
        final[n] = x
    return final


@numba.njit(parallel=True)
def numba_leaving_off(start: Numbers) -> Numbers:
    """The same, each start left off when it no longer changes."""
    final = np.empty_like(start)
    for n in numba.prange(len(start)):
        x = start[n]
        for _ in range(STEPS):
            y = (x**2 + 21) / 10
            if y == x:
                break
            x = y
        final[n] = x
    return final


def test_the_posts_loop(compare: Callable[..., dict[str, Any]], figure: Callable[..., None], table: Table) -> None:
    title = "The post's loop, 38 starts, 500 steps, a call with its dispatch"
    x = np.arange(-9, 10, 0.5)
    # One core of the CPU, as the post's start was put on its device.
    laid = jax.device_put(x, jax.local_devices(backend="cpu")[0])

    def funjax() -> Any:
        return starts.iterate(RULE, laid, VALUES, np.int32(STEPS)).block_until_ready()

    results = compare(
        title,
        {
            "funjax": funjax,
            "NumPy, the post's": lambda: numpy_loop(x),
            "Numba, one core": lambda: numba_loop(x),
        },
        rounds=50,
        wanted={"NumPy, the post's": 10},
    )
    for other in ("NumPy, the post's", "Numba, one core"):
        np.testing.assert_allclose(results["funjax"], results[other], rtol=1e-12)
    taken = [_timed(funjax) for _ in range(2000)]
    figure(title, "funjax, median call", float(np.median(taken)), most=50e-6)
    table.note(title, "funjax leaves off when no start changes any more, which is exact; ±7 land on 7, as in the post")


def test_many_starts(compare: Callable[..., dict[str, Any]], table: Table) -> None:
    title = f"{MANY:,} starts, 500 steps, the post's map, float64"
    x = np.linspace(-9, 10, MANY)
    layout = devices.layout(MANY)
    laid, everywhere = layout.shard(x), tuple(layout.shard(np.full(MANY, value)) for value in VALUES)
    results = compare(
        title,
        {
            "funjax": lambda: starts.advance(RULE, layout, laid, VALUES, np.int32(STEPS)).block_until_ready(),
            "funjax, every step of every start": lambda: orbits.advance(RULE, layout, (laid,), everywhere, np.int32(STEPS))[
                0
            ].block_until_ready(),
            "Numba parallel, as a user writes it": lambda: numba_parallel(x),
            "Numba parallel, leaving off too": lambda: numba_leaving_off(x),
        },
        wanted={"Numba parallel, as a user writes it": 1},
    )
    ours = layout.gather(results["funjax"], MANY)
    for name in ("Numba parallel, as a user writes it", "Numba parallel, leaving off too"):
        np.testing.assert_allclose(ours, results[name], rtol=1e-12)
    table.note(title, "funjax leaves a block of 128 starts off when none of them changes any more: the same finals, to the last digit")


def test_dragging_a_parameter(figure: Callable[..., None], quick: bool) -> None:
    title = "Dragging a parameter, 1,000 starts, 500 steps, cycles up to 8, post's map"
    first, whole = [], []
    moves = np.linspace(15.0, 24.0, 10 if quick else 200)
    for n, b in enumerate(np.concatenate([moves[:5], moves])):
        began = time.perf_counter()
        frames = FixedPointRequest(parameters=(("b", float(b)),), starts=1000).frames()
        next(frame for frame in frames if frame is not None)
        shown = time.perf_counter()
        for _ in frames:
            pass
        if n >= 5:
            first.append(shown - began)
            whole.append(time.perf_counter() - began)
    figure(title, "fixed points and finals, p95", float(np.percentile(first, 95)), most=0.010)
    figure(title, "with basins and cycles, p95", float(np.percentile(whole, 95)), most=0.033)


def _timed(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
