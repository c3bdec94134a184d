"""What the program is: its icon, and Help > About."""

from pathlib import Path

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMessageBox, QWidget

from funjax_gui import __version__
from funjax_gui.files import resources
from funjax_gui.widgets import show_message
from kernels.execution import devices

ABOUT = f"""<h3>funjax {__version__}</h3>
<p>Explore iterated maps and Newton's method interactively.</p>
<p>It grew out of the post “Fun with Jax”. Orbits are computed by JAX, drawn by Qt and pyqtgraph; what is not
resolved is marked as such.</p><p>MIT licence.</p>"""


def icon() -> Path:
    """The program's icon."""
    return resources.folder() / "icons" / "funjax.svg"


def show_about(window: QWidget) -> None:
    """Say what the program is, and what it computes on."""
    box = show_message(window, ABOUT, f"Computing on {devices.describe()}.", title="About funjax", icon=QMessageBox.Icon.NoIcon)
    box.setIconPixmap(QIcon(str(icon())).pixmap(64, 64))
