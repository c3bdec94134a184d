"""Scaling with the number of variables: points one by one, both ways solving the same system, and the inverse stopping with its reason."""

import numpy as np
import pytest

from kernels.newton.scaling import INNER, NAIVE, NewtonScalingFrame, NewtonScalingRequest, hessian_bytes, memory
from kernels.newton.solvers import linear
from kernels.objectives.registry import OBJECTIVES


def frames(request: NewtonScalingRequest) -> list[NewtonScalingFrame]:
    return [frame for frame in request.frames() if frame is not None]


def test_points_come_one_by_one_and_solve_the_system() -> None:
    request = NewtonScalingRequest(largest=6, seconds=0.05)
    assert request.sizes == (2, 4, 6)
    got = frames(request)
    assert [len(frame.points) for frame in got] == list(range(1, 7))
    assert [frame.done for frame in got] == [False] * 5 + [True] and got[-1].stopped == ""
    for point in got[-1].points:
        assert point.residual < 1e-10 and point.seconds > 0 and point.bytes > 0 and (point.steps > 0) == (point.method == INNER)
    assert got[-1].curve(NAIVE).shape == (3, 3) and got[-1].curve(NAIVE)[0].tolist() == [2, 4, 6]


def test_the_inverse_stops_where_its_hessian_would_not_fit() -> None:
    frame = frames(NewtonScalingRequest(largest=8, seconds=0.02, memory=hessian_bytes(4)))[-1]
    assert [p.n for p in frame.points if p.method == NAIVE] == [2, 4]
    assert [p.n for p in frame.points if p.method == INNER] == [2, 4, 8]
    assert "stops before n = 8" in frame.stopped and "512 bytes" in frame.stopped


def test_a_larger_condition_takes_more_inner_steps() -> None:
    steps = []
    for request in (
        NewtonScalingRequest("ill-conditioned", largest=8, seconds=0.02, parameters={"kappa": 2.0}),  # type: ignore[arg-type]
        NewtonScalingRequest("ill-conditioned", largest=8, seconds=0.02),
        NewtonScalingRequest("sum(k*x^2)", largest=8, seconds=0.02, parameters={"k": 3.0}),  # type: ignore[arg-type]
    ):
        steps.append(frames(request)[-1].points[-1].steps)
    assert steps[2] == 1 < steps[0] < steps[1]


def test_it_can_be_stopped_between_points() -> None:
    steps = NewtonScalingRequest(largest=4, seconds=0.02).frames()
    assert any(frame is None for _, frame in zip(range(3), steps, strict=False))
    steps.close()  # type: ignore[attr-defined]


def test_memory_grows_with_the_square_for_the_inverse_alone() -> None:
    rosenbrock = OBJECTIVES["rosenbrock"].at()
    few, many = (
        [memory(kernel.lower(rosenbrock, np.ones(n)).compile()) for kernel in (linear.naive_solve, linear.cg_solve)] for n in (32, 64)
    )
    assert many[0] / few[0] > 3 and many[1] / few[1] < 2.5


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"objective": "beale"}, "any n"),
        ({"largest": 1}, "from 2 to 1 000 000"),
        ({"largest": 2_000_000}, "1 000 000"),
        ({"seconds": 0.0}, "above 0"),
        ({"cg_steps": 0}, "cg steps"),
    ],
)
def test_bad_fields_are_refused(fields: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        NewtonScalingRequest(**fields)  # type: ignore[arg-type]
