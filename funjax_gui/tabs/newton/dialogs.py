"""The dialogs of the Newton tab for bigger problems: scaling with the number of variables, and the training of a network."""

from functools import cached_property
from typing import Any

from funjax_gui.style import DARK, Colours
from funjax_gui.tabs.base import Tab
from funjax_gui.tabs.newton.network import Training
from funjax_gui.tabs.newton.network.dialog import NetworkDialog
from funjax_gui.tabs.newton.scaling_dialog import ScalingDialog
from kernels.network import NetworkRequest
from kernels.newton import NewtonScalingRequest

DIALOG_KINDS = (NewtonScalingRequest, NetworkRequest)
"""Types of the dialogs' requests."""


class Dialogs:
    """Both dialogs, connected to the tab that owns them. Each is made when it is first needed: the window is there sooner."""

    def __init__(self, tab: Tab) -> None:
        self._tab, self._colours = tab, DARK
        self._made: dict[type, Any] = {}

    @cached_property
    def scaling(self) -> ScalingDialog:
        """The dialog of scaling with the number of variables."""
        made = ScalingDialog(self._tab)
        self._connect(made, NewtonScalingRequest)
        return made

    @cached_property
    def network(self) -> NetworkDialog:
        """The dialog of the network."""
        made = NetworkDialog(self._tab)
        self._connect(made, NetworkRequest)
        made.changed.connect(self._tab.changed)
        made.export_wanted.connect(self._tab.export_wanted)
        return made

    def _connect(self, dialog: Any, kind: type) -> None:
        dialog.requested.connect(self._tab.requested)
        dialog.stopped.connect(lambda: self._tab.cancelled.emit(kind))
        dialog.set_theme(self._colours)
        self._made[kind] = dialog

    def of(self, request: Any) -> Any:
        """The dialog that makes such requests, or None."""
        return self._made.get(type(request))

    @property
    def training(self) -> Training | None:
        """The network's training that a session keeps; None while its dialog is hidden."""
        return self.network.training if NetworkRequest in self._made else None

    def restore(self, training: Training | None) -> None:
        """Show this training, or hide the network's dialog."""
        if training is not None or NetworkRequest in self._made:
            self.network.restore(training)

    def show_network(self) -> None:
        """Open the network dialog."""
        self.network.show()
        self.network.raise_()

    def halt(self) -> None:
        """Stop what they compute."""
        for dialog in self._made.values():
            dialog.halt()

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self._colours = colours
        for dialog in self._made.values():
            dialog.set_theme(colours)
