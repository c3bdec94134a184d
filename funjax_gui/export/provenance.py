"""What exported numbers carry about how they were made."""

from collections.abc import Iterable, Mapping
from typing import Any

from funjax_gui import __version__
from funjax_gui.export.job import ExportJob


def provenance(export: ExportJob) -> dict[str, Any]:
    """Program, version and session, for the end of a JSON object."""
    return {"software": "funjax", "version": __version__, "session": export.session_text}


def comments(export: ExportJob, facts: Mapping[str, Any], notes: Iterable[str] = ()) -> list[str]:
    """Comment lines for the head of a table: `facts` by name, `notes`, and the session that reproduces the numbers."""
    lines = [f"funjax {__version__}", *(f"{name}: {_text(value)}" for name, value in facts.items()), *notes]
    return [*lines, "session:", *(f"  {line}" for line in export.session_text.splitlines())]


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {number!r}" for name, number in value.items()) or "none"
    return repr(value) if isinstance(value, float) else str(value)
