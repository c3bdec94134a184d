"""What an exported page of runs is painted from: the runs, and the picture under them."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

from funjax_gui.export import Layout, LegendEntry, Size, Style
from funjax_gui.figures import Figure, Floats, method_style, newton_convergence
from funjax_gui.tabs.newton.session import Newton
from kernels.geometry import Viewport
from kernels.newton import ComparisonFrame, ComparisonRequest

BESIDE = ("gradient", "value")
"""Quantities whose convergence is drawn beside the picture."""


@dataclass(frozen=True)
class RunsPicture:
    """A comparison of methods over the picture that `picture` computes, None where there is none.

    `table`: gives the step to be shown and, for one variable, the vertical limits of f and f' unless they are chosen automatically.
    """

    RUNS_SHARE: ClassVar[float]
    """Share of the progress for the runs."""

    comparison: ComparisonRequest
    size: Size
    style: Style
    table: Newton
    view: Viewport
    picture: Any = None

    def layout(self, view: Viewport) -> Layout:
        """Layout of the page with this view."""
        raise NotImplementedError

    def lines(self, picture: Any) -> Generator[None, None, Sequence[Floats]]:
        """Returns lines over the complete picture; yields where the caller may stop."""
        yield from ()
        return ()

    def with_equal_scale(self) -> Self:
        """The same with its view extended to equal scales on a page whose margins depend on the view's labels in turn."""
        view = self.view
        for _ in range(3):
            view = self.view.with_equal_scale(*self.layout(view).grid)
        return replace(self, view=view)

    def frames(self) -> Iterator["RunsPictureFrame | None"]:
        """Frames with the progress; the last one is complete."""
        comparison: Any = None
        for frame in self.comparison.frames():
            comparison = frame or comparison
            yield RunsPictureFrame(self, comparison, None, (), self.RUNS_SHARE * comparison.progress) if frame else None
        picture: Any = None
        for part in self.picture.frames() if self.picture else ():
            picture = part or picture
            yield None
        lines = yield from self.lines(picture)
        yield RunsPictureFrame(self, comparison, picture, lines, 1.0)


@dataclass(frozen=True, eq=False)
class RunsPictureFrame:
    """The frames of comparison and picture, and the lines over it, so far."""

    request: RunsPicture
    comparison: ComparisonFrame
    picture: Any = field(repr=False)
    lines: Sequence[Floats] = field(repr=False)
    progress: float

    def beside(self) -> list[Figure]:
        """The convergence of the runs, a figure for each quantity that the page has."""
        request, runs = self.request, self.comparison.runs
        step, focus = request.table.at_step, runs[0].request.method
        return [newton_convergence.convergence(runs, name, step, focus) for name in BESIDE if request.style.setup.has(name)]


def method_keys(runs: Sequence[Any], title: Callable[[str], str]) -> list[LegendEntry]:
    """Legend of the methods: title, colour, line style and marker of each."""
    looks = [(title(run.request.method), method_style(run.request.method)) for run in runs]
    return [LegendEntry(text, look.role, look.shape, dash=look.dash) for text, look in looks]
