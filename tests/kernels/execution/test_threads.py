"""Several threads compute at once, as in the window while a kernel compiles: what comes is the same to the last bit."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kernels.bifurcation.request import BifurcationRequest
from kernels.execution import devices
from kernels.fixed_point.request import FixedPointRequest
from kernels.geometry import Grid, Viewport
from kernels.newton.comparison import ComparisonRequest
from kernels.newton.request import NewtonRequest
from kernels.newton.surface import SurfaceRequest
from kernels.single_orbit.cobweb import CobwebRequest
from kernels.single_orbit.column import ColumnRequest

MAP = "r*x*(1-x) + b*sin(pi*x)/9"
OBJECTIVE = "(x^2 + y - 11)^2 + (x + y^2 - 7)^2 + cos(x*y)"
PARAMETERS = (("b", 0.3), ("r", 3.5))


def requests() -> list[Any]:
    diagram = BifurcationRequest(Grid(Viewport.from_limits(2, 4, 0, 1), 200, 120), MAP, "r", PARAMETERS[:1], transient=300, samples=300)
    plane = Grid(Viewport.from_limits(-5, 5, -5, 5), 90, 70)
    return [
        diagram,
        ColumnRequest(MAP, PARAMETERS, 0.5, 300, (0.0, 1.0)),
        FixedPointRequest(MAP, PARAMETERS, starts=201, steps=300),
        CobwebRequest(MAP, PARAMETERS, 0.2, 200, (0.0, 1.0)),
        ComparisonRequest(tuple(NewtonRequest(OBJECTIVE, method=method, start=(1.0, 2.0)) for method in ("newton", "newton-cg"))),
        SurfaceRequest(plane, OBJECTIVE),
    ]


def arrays(frame: Any) -> list[Any]:
    """The arrays and numbers of a frame, in order, those of its runs too; not the times."""
    if hasattr(frame, "runs"):
        return [part for run in frame.runs for part in arrays(run)]
    return [value for value in vars(frame).values() if isinstance(value, np.ndarray)]


def last(request: Any) -> list[Any]:
    *_, frame = (frame for frame in request.frames() if frame is not None)
    return arrays(frame)


def together(*calls: Callable[[], Any]) -> list[Any]:
    """What the calls return when all begin at once, each on a thread of its own."""
    gate, found, failed = threading.Barrier(len(calls)), [None] * len(calls), []

    def run(n: int) -> None:
        try:
            gate.wait()
            found[n] = calls[n]()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed
    return found


def test_what_threads_compute_together_is_what_each_computes_alone() -> None:
    at_once = [together(*(lambda request=request: last(request) for request in requests())) for _ in range(2)]  # compiling, then not
    for request, *found in zip(requests(), *at_once, strict=True):
        alone = last(request)
        assert alone
        for parts in found:
            for mine, own in zip(parts, alone, strict=True):
                assert np.array_equal(mine, own, equal_nan=True), type(request).__name__


def test_the_same_formula_met_by_threads_at_once_is_one() -> None:
    from kernels.catalog import find_map

    rules = together(*[lambda: find_map("r*x*(1-x) + 7*b").rule] * 4)
    assert len(set(rules)) == 1


def test_a_gpu_that_fails_in_two_threads_is_noticed_once_and_both_start_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "_gpu_failed", False)
    monkeypatch.setattr(devices, "_notices", [])
    monkeypatch.setattr(devices, "platform", lambda: "cpu" if devices._gpu_failed else "gpu")
    both = threading.Barrier(2)

    def work() -> list[str]:
        def frames() -> Any:
            on = devices.platform()
            yield on
            if on == "gpu":
                both.wait()  # both have begun on the GPU
                raise RuntimeError("RESOURCE_EXHAUSTED")

        return list(devices.or_on_cpu(frames))

    assert together(work, work) == [["gpu", "cpu"]] * 2
    assert len(devices.notices()) == 1
