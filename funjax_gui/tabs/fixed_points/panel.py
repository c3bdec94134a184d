"""Panel of the explorer: shows requests and emits edits, which the tab applies."""

from decimal import Decimal

from PySide6.QtCore import Signal

from funjax_gui.formulas import MAP, PlainOrTypesetLabel, SavedFormula, find_map, is_typed, latex_of, map_control
from funjax_gui.tabs.view_panel import ViewPanel, in_a_row
from funjax_gui.widgets import ChoiceControl, Control, CountControl, Legend, SliderControl, button, control_for
from kernels.fixed_point import FixedPointRequest
from kernels.geometry import Viewport
from kernels.single_orbit import MOST_COMPOSED


class FixedPointsPanel(ViewPanel):
    """Controls for map, initial conditions, view and the chosen initial condition."""

    pinned = Signal()
    unpinned = Signal()
    carried = Signal()

    def __init__(self) -> None:
        controls: dict[str, Control] = {"map": map_control("The map that is iterated: from the library, or your own formula")}
        controls |= {name: control_for(FixedPointRequest, name) for name in ("starts", "steps")}
        controls["start"] = SliderControl(
            "Initial x₀", 0.0, 1.0, "Initial condition of the cobweb's orbit; drag its line, or click in the picture"
        )
        controls["power"] = CountControl(
            "Iterate fⁿ, n =", 1, MOST_COMPOSED, "Cobweb of the n-th iterate fⁿ, whose fixed points include the points of period n"
        )
        tip = "A small diagram beside the cobweb: the branches of cycles up to period 8 against a parameter, which dragging there moves too"
        controls["branches"] = ChoiceControl("Branches against", (), tip)
        super().__init__(controls, "All initial conditions")
        self.label_limits("x₀", "x")
        self._shown_map: tuple[str, str] | None = None
        self._request: FixedPointRequest | None = None
        self._start = 0.0
        self._save_from("map", self._described)
        self._formula = PlainOrTypesetLabel()
        self._formula.setProperty("role", "formula")
        self.legend = Legend()
        self._arrange()

    def _arrange(self) -> None:
        c = self._controls
        across = button(
            "Show on the bifurcation diagram",
            "Open this map with these parameters in the bifurcation diagram (Ctrl+Enter)",
            self.carried.emit,
        )
        self.add_group("Map", c["map"], self._formula, self.parameters, c["branches"], across)
        self.add_group("Outcomes", self.legend)
        self.add_group("Initial conditions", *self._limit_rows(), self._view_buttons, c["starts"], c["steps"])
        pins = in_a_row(
            button("Keep", "Keep this initial condition in the convergence plot (P)", self.pinned.emit),
            button("Clear kept", "Remove all initial conditions that were kept (Shift+P)", self.unpinned.emit),
        )
        self.add_group("Orbit", c["start"], c["power"], pins)

    def set_legend(self, text: str) -> None:
        """Show the legend, as rich text."""
        self.legend.setText(text)

    def show_request(self, request: FixedPointRequest, view: Viewport) -> None:
        """Show the values of the request and the limits of the view, and clear errors."""
        self._request = request
        showing = (request.map, find_map(request.map).title)
        if showing != self._shown_map:
            self._shown_map = showing
            self._follow_map(request)
        self.show_view(view)
        self.show_values({name: getattr(request, name) for name in ("map", "starts", "steps")})
        self.show_parameters(request.parameters)

    def show_orbit(self, start: Decimal | float, power: int, states: tuple[float, float]) -> None:
        """Show the chosen initial condition, the range of its slider, and the power of the iterate."""
        self._start = float(start)
        slider = self._controls["start"]
        assert isinstance(slider, SliderControl)
        slider.set_range(*states)
        slider.set_value(self._start)
        self._controls["power"].set_value(power)

    def _follow_map(self, request: FixedPointRequest) -> None:
        shown = find_map(request.map)
        self._formula.set_formula(f"x → {shown.formula}", latex_of(shown))
        self._formula.setToolTip(f"{shown.meaning}\n{shown.reference}")
        self.make_sliders(shown.parameters, forget=not is_typed(shown))
        branches = self._controls["branches"]
        assert isinstance(branches, ChoiceControl)
        branches.set_choices([("", "none"), *((p.name, p.symbol) for p in shown.parameters)])
        branches.setVisible(bool(shown.parameters))

    def range_of(self, parameter: str) -> tuple[float, float]:
        """The ends of a parameter's slider; (0, 1) where there is none of that name."""
        return self.parameters.ends.get(parameter, (0.0, 1.0))

    def _described(self) -> SavedFormula:
        """The current map, to be saved."""
        assert self._request is not None
        r = self._request
        parameters = self.kept(find_map(r.map).parameters, dict(r.parameters))
        return SavedFormula(MAP, "", r.map, parameters, start=(self._start,), starts=r.x)
