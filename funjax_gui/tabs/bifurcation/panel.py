"""The controls beside the diagram. They show a request and say what the user wants changed; they decide nothing."""

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel

from funjax_gui.form import ChoiceControl, Control, control_for
from funjax_gui.formula import is_typed, map_control
from funjax_gui.theme import Colours
from funjax_gui.tone import COLOUR_MAPS, TONES, pack, period_colours
from funjax_gui.view_panel import ViewPanel
from kernels.bifurcation import BifurcationRequest
from kernels.maps import find_map

FIELDS = ("sweep", "start", "transient", "samples", "keep_refining")
"""The request's fields that have a control made from what the request says of them."""

LEGEND = 7
"""Periods that the legend names."""

SHOWN = (("density", "Density"), ("period", "Period"))


class BifurcationPanel(ViewPanel):
    """Controls for map, orbit, view and colour."""

    styled = Signal(str, object)
    """colour_map, tone or shown, and the value wanted."""

    def __init__(self) -> None:
        controls: dict[str, Control] = {"map": map_control("The map that is iterated: one of the library, or your own formula")}
        super().__init__(controls | {name: control_for(BifurcationRequest, name) for name in FIELDS}, "The whole diagram")
        self._shown_for: tuple[str, str] | None = None
        self._formula = QLabel()
        self._formula.setProperty("role", "formula")
        self._formula.setWordWrap(True)
        self._style = self._style_controls()
        self.legend = QLabel()
        self.legend.setWordWrap(True)
        self._arrange()

    def _style_controls(self) -> dict[str, ChoiceControl]:
        choices = {
            "colour_map": ("Map", [(name, m.title) for name, m in COLOUR_MAPS.items()], "Colours, even to colour-blind eyes"),
            "tone": ("Tone", [(name, name) for name in TONES], "How counts become brightness"),
            "shown": ("Show", SHOWN, "Colour by how often an orbit comes by, or by the period of its column"),
        }
        controls = {name: ChoiceControl(*about) for name, about in choices.items()}
        for name, control in controls.items():
            control.edited.connect(lambda value, name=name: self.styled.emit(name, value))
        return controls

    def _arrange(self) -> None:
        c = self._controls
        self.add_group("Map", c["map"], self._formula, c["sweep"], self._parameters, c["start"])
        self.add_group("Orbit", c["transient"], c["samples"], c["keep_refining"])
        self.add_group("View", *self._limits, self._view_buttons)
        self.add_group("Colour", *self._style.values(), self.legend)

    def control(self, name: str) -> Control:
        """The control of that name, or of a style."""
        return self._style.get(name) or super().control(name)

    def set_legend(self, colours: Colours) -> None:
        """Say which colour is which period, in this theme."""
        named = [*((p, str(p)) for p in range(1, LEGEND + 1)), (0, "chaotic or unresolved")]
        shades = pack(period_colours(np.array([p for p, _ in named]), colours.background, colours.dark))
        marks = [
            f'<span style="color:#{int(shade) & 0xFFFFFF:06x}">■</span>&nbsp;{name}' for shade, (_, name) in zip(shades, named, strict=True)
        ]
        self.legend.setText("&nbsp; ".join(marks[:-1]) + f"<br>{marks[-1]}<br>Longer periods use the colours again, paler or darker.")

    def set_style(self, **chosen: str) -> None:
        """Show this colour map, tone, or what is shown."""
        if "shown" in chosen:
            self.legend.setVisible(chosen["shown"] == "period")
        for name, value in chosen.items():
            self._style[name].set_value(value)

    def show_request(self, request: BifurcationRequest) -> None:
        """Show the request's values; complaints go."""
        if (request.map, request.sweep) != self._shown_for:
            another = self._shown_for is None or request.map != self._shown_for[0]
            self._shown_for = (request.map, request.sweep)
            self._follow_map(request)
            shown = find_map(request.map)
            self.make_sliders([shown.parameter(name) for name, _ in request.parameters], another and not is_typed(shown))
        self.show_view(request.grid.viewport)
        self.show_values({name: getattr(request, name) for name in ("map", *FIELDS)})
        self.show_parameters(request.parameters)

    def _follow_map(self, request: BifurcationRequest) -> None:
        shown = find_map(request.map)
        self._formula.setText(f"x → {shown.formula}")
        self._formula.setToolTip(f"{shown.meaning}\n{shown.reference}")
        self._controls["sweep"].set_choices([(p.name, p.symbol) for p in shown.parameters])  # type: ignore[attr-defined]
        self._controls["sweep"].setVisible(len(shown.parameters) > 1)
        self._controls["start"].set_range(*shown.state)  # type: ignore[attr-defined]
        swept = shown.parameter(request.sweep).symbol
        self.label_limits(f"{swept} from", f"{swept} to", "x from", "x to")
