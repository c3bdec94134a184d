"""The dialogs of the Newton tab for bigger problems: scaling with the number of variables, and the training of a network."""

from typing import Any

from funjax_gui.tabs.base import Tab
from funjax_gui.tabs.newton.network.dialog import NetworkDialog
from funjax_gui.tabs.newton.scaling_dialog import ScalingDialog
from kernels.network import NetworkRequest
from kernels.newton import NewtonScalingRequest

DIALOG_KINDS = (NewtonScalingRequest, NetworkRequest)
"""Types of the dialogs' requests."""


class Dialogs:
    """Both dialogs, connected to the tab that owns them."""

    def __init__(self, tab: Tab) -> None:
        self.scaling, self.network = ScalingDialog(tab), NetworkDialog(tab)
        self._by_kind: dict[type, Any] = dict(zip(DIALOG_KINDS, (self.scaling, self.network), strict=True))
        for kind, dialog in self._by_kind.items():
            dialog.requested.connect(tab.requested)
            dialog.stopped.connect(lambda kind=kind: tab.cancelled.emit(kind))
        self.network.changed.connect(tab.changed)
        self.network.export_wanted.connect(tab.export_wanted)

    def of(self, request: Any) -> Any:
        """The dialog that makes such requests, or None."""
        return self._by_kind.get(type(request))

    def show_network(self) -> None:
        """Open the network dialog."""
        self.network.show()
        self.network.raise_()

    def halt(self) -> None:
        """Stop what they compute."""
        self.scaling.halt()
        self.network.halt()
