"""The timings of the post, as a dialog and as text."""

from funjax_gui.timings import report
from funjax_gui.timings.dialog import TimingsDialog, open_timings

__all__ = ["TimingsDialog", "open_timings", "report"]
