"""Panel of the phase plane: shows requests and emits edits, which the tab applies."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel

from funjax_gui.formulas import MAP, PlainOrTypesetLabel, SavedFormula, find_map, is_typed, latex_of, map_control
from funjax_gui.style import COLOUR_MAPS, TONES
from funjax_gui.tabs.view_panel import COLOURS_TIP, ViewPanel, in_a_row
from funjax_gui.widgets import ChoiceControl, Control, SliderControl, button, control_for
from kernels.geometry import Viewport
from kernels.phase_plane import CyclesRequest, PhasePlaneRequest, Point

FIELDS = ("starts", "steps", "transient")
"""Fields whose control is made from the metadata of the request."""


SHOWN_TITLES = {"orbits": "Orbits", "basins": "Basins", "orbits+basins": "Basins with orbits"}
"""What the picture may show, with titles."""

COLOURING_TITLES = {"density": "Number of states", "orbits": "One per orbit, chaos grey"}
"""What the colours of orbits tell, with titles."""


class PlanePanel(ViewPanel):
    """Controls for map, orbits, view, cycles, colours and the chosen initial condition."""

    styled = Signal(str, object)
    """(`colour_map` or `tone`, new value)."""
    pinned = Signal()
    unpinned = Signal()
    carried = Signal()

    def __init__(self) -> None:
        controls: dict[str, Control] = {"map": map_control("The map that is iterated: from the library, or your own formula")}
        controls |= {name: control_for(PhasePlaneRequest, name) for name in FIELDS}
        controls["longest"] = control_for(CyclesRequest, "longest")
        for name in "xy":
            tip = f"Initial {name} of the chosen orbit; drag its triangle, or click in the picture to add an orbit"
            controls[f"start_{name}"] = SliderControl(f"Initial {name}₀", 0.0, 1.0, tip)
        super().__init__(controls, "The first view")
        self._shown_map: tuple[str, str] | None = None
        self._request: PhasePlaneRequest | None = None
        self._start: Point = (0.0, 0.0)
        self._save_from("map", self._described)
        self._formula = PlainOrTypesetLabel()
        self._formula.setProperty("role", "formula")
        self.legend = QLabel()
        self.legend.setWordWrap(True)
        self.basins, self.numbers = QLabel(), QLabel()
        for label in (self.basins, self.numbers):
            label.setWordWrap(True)
        self._shown = ChoiceControl("Show", list(SHOWN_TITLES.items()), "Orbits as density, or the basins of attraction")
        self._add_control("shown", self._shown)
        tip = "Each pixel by the number of states in it, or each orbit in a colour: curves about islands, and grey where orbits are chaotic"
        self._add_control("colouring", ChoiceControl("Colours of orbits", list(COLOURING_TITLES.items()), tip))
        self._style = {
            "colour_map": ChoiceControl("Colours", [(name, m.title) for name, m in COLOUR_MAPS.items()], COLOURS_TIP),
            "tone": ChoiceControl("Tone", [(name, name) for name in TONES], "Mapping of counts to brightness"),
        }
        for name, control in self._style.items():
            control.edited.connect(lambda value, name=name: self.styled.emit(name, value))
        self._arrange()

    def _arrange(self) -> None:
        c = self._controls
        across = button(
            "Show on the bifurcation diagram",
            "Open this map with these parameters in the bifurcation diagram (Ctrl+Enter)",
            self.carried.emit,
        )
        self.add_group("Map", c["map"], self._formula, self.parameters, across)
        self.add_group("Fixed points and cycles", self.legend, c["longest"])
        self.add_group("Picture", self._shown, self.basins)
        self.add_group("View", *self._limit_rows(), self._view_buttons)
        self.add_group("Orbits", *(c[name] for name in (*FIELDS, "colouring")))
        pins = in_a_row(
            button("Keep", "Keep this orbit; the next one begins at the same point (P)", self.pinned.emit),
            button("Clear kept", "Remove all orbits that were kept (Shift+P)", self.unpinned.emit),
        )
        self.add_group("Chosen orbit", c["start_x"], c["start_y"], pins, self.numbers)
        self.add_group("Colour", *self._style.values())

    def control(self, name: str) -> Control:
        """The control of that name, also of a style."""
        return self._style.get(name) or super().control(name)

    def set_legend(self, text: str) -> None:
        """Show the legend, as rich text."""
        self.legend.setText(text)

    def show_shown(self, shown: tuple[str, ...], why_no_basins: str) -> None:
        """Show what the picture shows; `why_no_basins`: why there are none of this map, if so."""
        self._shown.set_value("+".join(shown))
        self._shown.set_unused(why_no_basins)
        self.basins.setVisible("basins" in shown)

    def set_style(self, **chosen: str) -> None:
        """Show these values of colour map and tone."""
        for name, value in chosen.items():
            self._style[name].set_value(value)

    def show_request(self, request: PhasePlaneRequest, longest: int) -> None:
        """Show the values of the request, and clear errors."""
        self._request, shown = request, find_map(request.map)
        showing = (request.map, shown.title)
        if showing != self._shown_map:
            self._shown_map = showing
            self._formula.set_formula(shown.mapping, latex_of(shown))
            self._formula.setToolTip(f"{shown.meaning}\n{shown.reference}")
            self.label_limits(*shown.coordinates)
            self.make_sliders(shown.parameters, forget=not is_typed(shown))
        self.show_view(request.grid.viewport)
        colouring = "orbits" if request.by_orbit else "density"
        self.show_values(
            {"map": request.map, "longest": longest, "colouring": colouring} | {name: getattr(request, name) for name in FIELDS}
        )
        self.show_parameters(request.parameters)

    def show_start(self, start: Point, view: Viewport) -> None:
        """Show the chosen initial condition, on sliders over `view`."""
        self._start = start
        for name, value, limits in zip("xy", start, (view.x_limits, view.y_limits), strict=True):
            slider = self._controls[f"start_{name}"]
            assert isinstance(slider, SliderControl)
            slider.set_range(*map(float, limits))
            slider.set_value(value)

    def _described(self) -> SavedFormula:
        """The current map, to be saved."""
        assert self._request is not None
        r = self._request
        parameters = self.kept(find_map(r.map).parameters, dict(r.parameters))
        return SavedFormula(MAP, "", r.map, parameters, start=self._start)
