"""Panel of the phase plane: shows requests and emits edits, which the tab applies."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel

from funjax_gui.formulas import MAP, PlainOrTypesetLabel, SavedFormula, find_map, is_typed, latex_of, map_control
from funjax_gui.style import COLOUR_MAPS, TONES
from funjax_gui.tabs.fixed_points.plane.manifolds import ManifoldControls
from funjax_gui.tabs.view_panel import COLOURS_TIP, ViewPanel, in_a_row
from funjax_gui.widgets import ChoiceControl, Control, Legend, SliderControl, button, control_for
from kernels.geometry import Viewport
from kernels.phase_plane import CyclesRequest, PhasePlaneRequest, Point

FIELDS = ("starts", "steps", "transient")
"""Fields whose control is made from the metadata of the request."""


SHOWN_TITLES = {"orbits": "Orbits", "basins": "Basins", "orbits+basins": "Basins with orbits", "": "Manifolds alone"}
"""What the picture may show, with titles."""

SHOWN_TIP = "Orbits, the basins of attraction, or neither below the manifolds; a map that preserves areas has no attractors, so no basins"

COLOURING_TITLES = {"density": "Number of states", "orbits": "One per orbit"}
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
        self.manifolds = ManifoldControls()
        controls |= self.manifolds.controls
        controls["longest"] = control_for(CyclesRequest, "longest")
        for name in "xy":
            tip = f"Initial {name} of the chosen orbit; drag its triangle, or click in the picture to add an orbit"
            controls[f"start_{name}"] = SliderControl(f"Initial {name}₀", 0.0, 1.0, tip)
        super().__init__(controls, "The first view")
        self._shown_map: tuple[str, str] | None = None
        self._request: PhasePlaneRequest | None = None
        self._start: Point = (0.0, 0.0)
        self._has_manifolds = False
        self._manifolds: tuple[float | None, int] = (None, 1)
        self._save_from("map", self._described)
        self._formula = PlainOrTypesetLabel()
        self._formula.setProperty("role", "formula")
        self.legend, self.basins, self.numbers = Legend(), Legend(), QLabel()
        self.numbers.setWordWrap(True)
        self._shown = ChoiceControl("Show", list(SHOWN_TITLES.items()), SHOWN_TIP)
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
        self.add_group("Manifolds", *self.manifolds.rows)
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

    def show_shown(self, shown: tuple[str, ...], has_basins: bool) -> None:
        """Show what the picture shows; without basins they are not offered."""
        self._shown.set_choices([(key, title) for key, title in SHOWN_TITLES.items() if has_basins or "basins" not in key])
        self._shown.set_value("+".join(name for name in shown if name != "manifolds"))
        self.basins.setVisible("basins" in shown)
        self._has_manifolds = "manifolds" in shown
        self._show_manifolds()

    def show_manifolds(self, length: float | None, period: int) -> None:
        """Show the length of manifolds, and the longest period of their saddles."""
        self._manifolds = length, period
        self._show_manifolds()

    def _show_manifolds(self) -> None:
        if self._request is not None:
            self.manifolds.show_values(self._request.map, self._has_manifolds, *self._manifolds)

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
