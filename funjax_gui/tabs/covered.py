"""A tab over which another one may lie, such as the phase plane over the explorer of maps of the line."""

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QWidget

from funjax_gui.sessions import Session
from funjax_gui.style import Colours
from funjax_gui.tabs.base import Status, Tab
from funjax_gui.tabs.view_tab import ViewTab

Cover = TypeVar("Cover", bound=ViewTab)

if TYPE_CHECKING:
    Base = ViewTab
else:
    Base = object  # a second base class that is a widget would cut the signals of the first one


class CoveredTab(Generic[Cover], Base):
    """A tab whose parts are hidden while its cover is shown, which then does what the window asks of the tab.

    A subclass derives from this and from the tab that is covered, and calls `_cover_with` and `_turn`.
    """

    cover: Cover | None = None
    """The cover, once it was needed."""
    is_covered = False
    """Whether it is shown."""
    _colours: Colours | None = None

    @property
    def _shown(self) -> Cover | None:
        """The cover while it is shown."""
        return self.cover if self.is_covered else None

    @property
    def front(self) -> Tab:
        """What is shown: the cover, or the tab itself."""
        return self._shown or self

    def _cover_with(self, cover: Cover) -> None:
        """Take the cover, which is made when it is first needed; it is not shown yet."""
        self.cover = cover
        for signal in ("requested", "cancelled", "status_changed", "carried", "styled", "changed"):
            getattr(cover, signal).connect(getattr(self, signal))
        if self._colours is not None:
            cover.set_theme(self._colours)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(cover)

    def _turn(self, is_covered: bool) -> None:
        """Show the cover, or what it lies over."""
        if is_covered == self.is_covered or self.cover is None:
            return
        if is_covered:
            self._drop(*self.slots.kinds)
        else:
            self.cover.end_changes()
            self.cover.stop()
        has_keys = self.focusWidget() in (self.plot, self.cover.plot)
        layout = self.layout()
        assert layout is not None
        parts = [item.widget() for at in range(layout.count()) if (item := layout.itemAt(at)) is not None]
        self.is_covered = is_covered
        for part in parts:
            if isinstance(part, QWidget):
                part.setVisible((part is self.cover) == is_covered)
        if has_keys:
            self.begin_keys()
        self.actions_changed.emit()

    def _emit_requests(self) -> None:
        if not self.is_covered:
            super()._emit_requests()

    def _emit_status(self) -> None:
        if not self.is_covered:
            super()._emit_status()

    # --- what the shown one does ---

    @property
    def is_changing(self) -> bool:
        """Whether a change is under way in the panel that is shown."""
        return self._shown.is_changing if self._shown else super().is_changing

    def end_changes(self) -> None:
        """Stop sliders that are played."""
        self._shown.end_changes() if self._shown else super().end_changes()

    def view_actions(self) -> list[QAction | None]:
        """Actions of the View menu."""
        return self._shown.view_actions() if self._shown else super().view_actions()

    def first_requests(self, size: tuple[int, int]) -> list[Any]:
        """The current requests, unless they were sent."""
        return self._shown.first_requests(size) if self._shown else super().first_requests(size)

    def show_frame(self, frame: Any) -> None:
        """Show a frame, if it answers the current request of what is shown."""
        kind = type(frame.request)
        if self._shown and kind in self._shown.slots.kinds:
            self._shown.show_frame(frame)
        elif not self.is_covered and kind in self.slots.kinds:
            super().show_frame(frame)

    def show_failure(self, request: Any, message: str) -> None:
        """Note the failure."""
        if type(request) in self.slots.kinds:
            super().show_failure(request, message)
        if self.cover is not None and type(request) in self.cover.slots.kinds:
            self.cover.show_failure(request, message)

    def stop(self) -> None:
        """Stop sliders that are played; where there is none, cancel the computation."""
        self._shown.stop() if self._shown else super().stop()

    def recompute(self) -> None:
        """Compute the current requests again."""
        self._shown.recompute() if self._shown else super().recompute()

    def go_home(self) -> None:
        """Show the whole picture."""
        self._shown.go_home() if self._shown else super().go_home()

    def status(self) -> Status:
        """Status of what is shown."""
        return self._shown.status() if self._shown else super().status()

    def begin_keys(self) -> None:
        """Give the keyboard focus to the picture."""
        self._shown.begin_keys() if self._shown else super().begin_keys()

    def keys(self) -> dict[str, str]:
        """Keys and mouse actions."""
        return dict(self._shown.keys() if self._shown else super().keys())

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self._colours = colours
        super().set_theme(colours)
        if self.cover is not None:
            self.cover.set_theme(colours)

    def session(self, session: Session) -> Session:
        """`session` with the current table."""
        return self._shown.session(session) if self._shown else super().session(session)

    def export_request(self) -> Any:
        """The request of the main picture."""
        return self._shown.export_request() if self._shown else super().export_request()

    def image(self) -> QImage | None:
        """The plot with axes as on the screen."""
        return self._shown.image() if self._shown else super().image()

    def descriptions(self) -> dict[str, str]:
        """Accessible descriptions."""
        return dict(self._shown.descriptions() if self._shown else super().descriptions())
