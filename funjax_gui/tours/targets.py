"""Targets that a tour can highlight: those of each tab, its parameters, and common ones. docs/tours.md lists them."""

from collections.abc import Iterable

from funjax_gui.documents import DOCUMENTS, document_of
from funjax_gui.sessions import Session
from funjax_gui.tabs import slider_names

EVERYWHERE = ("status",)
"""Targets in every tab: the status bar."""

DIALOGS = ("timings", "scaling", "gallery")
"""What `open` opens: Help > Timings of the post, the Newton tab's scaling dialog, Presets > Gallery."""


def control_name(tab: str, target: str) -> str:
    """The object name of the control that a target names."""
    return document_of(tab).aliases.get(target, target).replace("-", "_")


def tabs_with_player() -> tuple[str, ...]:
    """Tabs with a player, for `play`, `step` and `rewind`."""
    return tuple(document.table.NAME for document in DOCUMENTS if document.has_player)


def parameters(session: Session) -> tuple[str, ...]:
    """The names of the parameters that have a slider in the session's tab."""
    return slider_names(session.table)


def names(session: Session) -> Iterable[str]:
    """All targets in the session's tab."""
    return (*parameters(session), *document_of(session.tab).targets, *EVERYWHERE)
