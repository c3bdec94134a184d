"""The program's icon, and Help > About."""

from pathlib import Path

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMessageBox, QWidget

from funjax_gui import __version__
from funjax_gui.files import resources
from funjax_gui.widgets import call_in_background, show_message
from kernels.execution import devices

ABOUT = f"""<h3>funjax {__version__}</h3>
<p>Explore iterated maps and Newton's method interactively.</p>
<p>funjax grew out of the post “Fun with Jax”. Orbits are computed with JAX and drawn with Qt and pyqtgraph.
Results that are not resolved are marked as such.</p><p>MIT licence.</p>"""

COMPUTING = "Computing on {}."


def icon() -> Path:
    """The program's icon."""
    return resources.folder() / "icons" / "funjax.svg"


def show_about(window: QWidget) -> None:
    """Show version and licence, and the compute device as soon as it is known."""
    box = show_message(window, ABOUT, COMPUTING.format("…"), title="About funjax", icon=QMessageBox.Icon.NoIcon)
    box.setIconPixmap(QIcon(str(icon())).pixmap(64, 64))
    # In a thread, since the first query may have to load JAX.
    call_in_background(box, devices.describe, lambda device: box.setInformativeText(COMPUTING.format(device)))
