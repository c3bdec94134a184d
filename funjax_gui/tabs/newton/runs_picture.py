"""What an exported page of runs is painted from: the runs, and the picture under them."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

from funjax_gui.export import Layout, Size, Style
from funjax_gui.figures import Floats
from funjax_gui.tabs.newton.session import Newton
from kernels.geometry import Viewport
from kernels.newton import ComparisonFrame, ComparisonRequest


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
