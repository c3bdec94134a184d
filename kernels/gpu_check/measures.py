"""How fast the kernels are on the present device, beside what the device could do: its memory's bandwidth and its arithmetic, measured."""

import functools
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kernels import BifurcationRequest, FixedPointRequest, NewtonRequest
from kernels.bifurcation import FloatEngine
from kernels.execution import devices, jax, jit, jnp, lax
from kernels.gpu_check.comparison import Call, recorded
from kernels.gpu_check.samples import diagram, last_of, newton_basins, view_of_diagram

STEP_FLOPS = 3
"""Of a step of the logistic map, a x (1 - x)."""

SAMPLE_BYTES = 8
"""Read and written for each sample that is counted, in 32 bits; which of them reach the memory is up to the caches."""

VECTORS = 10
"""Vectors of n numbers, at least, that an iteration of conjugate gradients reads or writes."""

CHAIN = 64
"""Multiplications and additions of a number in one iteration of the arithmetic's measure."""


@dataclass(frozen=True)
class Sizes:
    """How much is computed: columns and steps of iteration and counting, pixels, variables, views of a zoom, elements of the limits."""

    columns: int = 2**18
    steps: int = 512
    picture: tuple[int, int] = (2048, 1000)
    basins: tuple[int, int] = (1024, 1024)
    starts: int = 4001
    variables: tuple[int, ...] = (10**5, 10**6)
    views: int = 30
    elements: int = 2**24
    repeats: int = 5


SMALL = Sizes(2**10, 64, (256, 200), (64, 64), 101, (1000,), 3, 2**18, 2)
"""Of a dry run."""


def limits(sizes: Sizes) -> dict[str, float]:
    """Bytes a second to and from memory, and operations a second in float32 and in float64, of one device."""
    with jax.default_device(devices.mesh().devices.flat[0]):
        found = {}
        x = jnp.zeros(sizes.elements, jnp.float32)
        found["bytes"] = 2 * x.nbytes / _seconds(lambda: _copied(x), sizes.repeats)
        for dtype in (np.float32, np.float64):
            some, rounds = jnp.full(2**18, 0.5, dtype), np.int32(sizes.elements // 2**16)
            operations = 2 * CHAIN * int(rounds) * some.size
            found[np.dtype(dtype).name] = operations / _seconds(functools.partial(_chained, some, rounds), sizes.repeats)
        return found


@jit
def _copied(x: Any) -> Any:
    return x + 1


@jit
def _chained(x: Any, rounds: Any) -> Any:
    def several(_: Any, x: Any) -> Any:
        for _step in range(CHAIN):
            x = x * 0.999 + 0.001
        return x

    return lax.fori_loop(0, rounds, several, x)


def measures(sizes: Sizes) -> Iterator[dict[str, Any]]:
    """Rows of the report: what was measured, seconds, items (of `unit`) a second, operations and bytes a second where they are known."""
    for dtype in (np.float32, np.float64):
        yield from _guarded(f"iteration, {np.dtype(dtype)}", _iteration, sizes, dtype)
        yield from _guarded(f"density, {np.dtype(dtype)}", _density, sizes, dtype)
        yield from _guarded(f"wheel to picture, {np.dtype(dtype)}", _wheel, sizes, dtype)
    yield from _guarded("basins of Newton's method", _newton_basins, sizes)
    yield from _guarded("basins of fixed points", _fixed_points, sizes)
    for n in sizes.variables:
        yield from _guarded(f"Newton-CG, {n} variables", _newton_cg, n)


def _guarded(name: str, measure: Callable[..., dict[str, Any]], *arguments: Any) -> Iterator[dict[str, Any]]:
    try:
        yield {"name": name} | measure(*arguments)
    except Exception as error:  # the others are measured all the same
        yield {"name": name, "failed": f"{type(error).__name__}: {error}"[:500]}


def _seconds(call: Callable[[], Any], repeats: int) -> float:
    """The median time of a call, after one that compiles."""
    jax.block_until_ready(call())
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        jax.block_until_ready(call())
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _row(seconds: float, items: float, unit: str, flops: float = 0.0, moved: float = 0.0) -> dict[str, Any]:
    return {"seconds": seconds, "per_second": items / seconds, "unit": unit, "flops": flops / seconds, "bytes": moved / seconds}


def _call_of(name: str, request: BifurcationRequest, dtype: Any, steps: int) -> Call:
    """The call of that kernel for this picture, with so many steps."""
    call = next(call for call in recorded([lambda: FloatEngine(dtype).frames(request)]) if call.name == name)
    place = call.kernel.parameters.index("times")
    arguments = [*call.arguments]
    arguments[place] = np.int32(steps)
    layout = arguments[call.kernel.parameters.index("layout")]
    state = call.kernel.parameters.index("state")
    for at in (state, state + 1):
        arguments[at] = tuple(jax.device_put(array, layout.sharding) for array in arguments[at])
    return Call(call.kernel, tuple(arguments))


def _iteration(sizes: Sizes, dtype: Any) -> dict[str, Any]:
    request = BifurcationRequest(view_of_diagram(sizes.columns, 1), transient=1, samples=1)
    call = _call_of("orbits.advance", request, dtype, sizes.steps)
    steps = sizes.columns * sizes.steps
    seconds = _seconds(lambda: call.kernel(*call.arguments), sizes.repeats)
    return _row(seconds, steps, "steps", STEP_FLOPS * steps, 2 * sizes.columns * np.dtype(dtype).itemsize)


def _density(sizes: Sizes, dtype: Any) -> dict[str, Any]:
    request = replace(diagram(*sizes.picture), transient=1, samples=1)
    call = _call_of("density.count", request, dtype, sizes.steps)
    samples = sizes.picture[0] * sizes.steps
    arguments = [*call.arguments]

    def counted() -> Any:
        # The counts are donated; the call's last result.
        *_, arguments[call.kernel.parameters.index("counts")] = found = call.kernel(*arguments)
        return found

    seconds = _seconds(counted, sizes.repeats)
    return _row(seconds, samples, "samples", (STEP_FLOPS + 5) * samples, SAMPLE_BYTES * samples)


def _wheel(sizes: Sizes, dtype: Any) -> dict[str, Any]:
    """From a request to its first frame with counts, for views that zoom in; the slowest of twenty, too."""
    request = diagram(*sizes.picture, 1000)
    times = []
    for n in range(sizes.views + 1):
        view = request.grid.viewport
        zoomed = replace(view, half_width=view.half_width * 0.98**n, half_height=view.half_height * 0.98**n)
        began = time.perf_counter()
        frames = FloatEngine(dtype).frames(replace(request, grid=replace(request.grid, viewport=zoomed)))
        next(frame for frame in frames if frame is not None)
        times.append(time.perf_counter() - began)
    times = sorted(times[1:])  # the first one compiled
    return _row(statistics.median(times), 1, "pictures") | {"p95": times[int(0.95 * (len(times) - 1))]}


def _newton_basins(sizes: Sizes) -> dict[str, Any]:
    request = newton_basins(*sizes.basins)
    return _row(_seconds(lambda: last_of(request.frames()).labels, 1), sizes.basins[0] * sizes.basins[1], "initial points")


def _fixed_points(sizes: Sizes) -> dict[str, Any]:
    request = FixedPointRequest(starts=sizes.starts, max_period=3)
    return _row(_seconds(lambda: last_of(request.frames()).finals, 1), sizes.starts, "initial conditions")


def _newton_cg(variables: int) -> dict[str, Any]:
    request = NewtonRequest(objective="rosenbrock", method="newton-cg", start=(0.0,) * variables, max_steps=2, cg_steps=20)
    last_of(request.frames())  # compiles
    began = time.perf_counter()
    last = last_of(request.frames())
    products = max(1, last.hessian_vector_products)
    return _row(time.perf_counter() - began, products, "Hessian-vector products", 0.0, VECTORS * 8.0 * variables * products)
