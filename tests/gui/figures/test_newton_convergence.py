"""The figure of Newton's runs against their steps."""

from typing import Any

import numpy as np

from funjax_gui.figures import Marks, Polyline, method_style
from funjax_gui.figures.newton_convergence import MOST_DOTS, SMALLEST, convergence


class Run:
    """What the figure reads of a run."""

    def __init__(self, method: str, norms: list[float]) -> None:
        self.request = self
        self.method, self.gradient_norms, self.steps = method, np.array(norms), len(norms) - 1


def test_each_method_has_its_line_and_its_mark_and_the_axis_ends_at_whole_decades() -> None:
    runs: list[Any] = [Run("newton", [50.0, 0.0]), Run("newton-cg", [50.0, 2.0, np.inf]), Run("gradient", [3.0] * (MOST_DOTS + 2))]
    figure = convergence(runs, "gradient", 1, "newton")
    assert figure.logarithmic_y and figure.y == (np.log10(SMALLEST), 2.0) and figure.x == (0.0, MOST_DOTS + 1)
    lines = [item for item in figure.items if isinstance(item, Polyline)]
    assert [len(line.points) for line in lines] == [2, 2, 3, 2, MOST_DOTS + 2, 2], "faint all of it, clear as far as the step shown"
    marks = [item for item in figure.items if isinstance(item, Marks)]
    assert [mark.shape for mark in marks] == [method_style(name).shape for name in ("newton-cg", "newton")], "the one in focus last"
    assert all(isinstance(item, Marks) for item in figure.items[len(lines) :]), "marks lie over lines"
