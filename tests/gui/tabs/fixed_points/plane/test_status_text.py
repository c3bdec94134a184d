"""What is said of fixed points and cycles of the plane that are not isolated."""

import numpy as np
import pytest

from funjax_gui.tabs.fixed_points.plane import status_text
from kernels.geometry import Viewport
from kernels.phase_plane import Continuum, CyclesFrame, CyclesRequest


@pytest.mark.parametrize(
    ("continua", "unresolved", "told"),
    [
        ((), (0, 0), "0 fixed points, 0 cycles up to period 2 (proved to be all in this view)"),
        (
            (Continuum(1, np.zeros((2, 3))),),
            (0, 0),
            "a curve of fixed points; else none up to period 2 (proved)",
        ),
        (
            (Continuum(1, np.zeros((2, 3))), Continuum(2, np.empty((2, 0)), is_area=True)),
            (0, 7),
            "a curve of fixed points, an area of 2-cycles; else none up to period 2 (7 boxes of the view unresolved)",
        ),
    ],
)
def test_what_is_not_isolated_is_said_first(continua: tuple[Continuum, ...], unresolved: tuple[int, ...], told: str) -> None:
    frame = CyclesFrame(CyclesRequest(Viewport.from_limits(0, 1, 0, 1), longest=2), (), unresolved, (64, 64), continua, 0.1, 1.0, True)
    assert status_text.found(frame) == told
