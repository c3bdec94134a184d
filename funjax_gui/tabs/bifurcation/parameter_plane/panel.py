"""Panel of the plane of two parameters: shows a request and emits edits, which the tab applies."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel

from funjax_gui.formatting import minus_sign
from funjax_gui.formulas import MAP, PlainOrTypesetLabel, SavedFormula, find_map, is_typed, latex_of, map_control
from funjax_gui.tabs.bifurcation.edits import STARTS
from funjax_gui.tabs.bifurcation.parameter_plane.figures import SHOWN
from funjax_gui.tabs.bifurcation.parameter_plane.requests import choices, symbols
from funjax_gui.tabs.view_panel import ViewPanel, in_a_row
from funjax_gui.widgets import ChoiceControl, Control, Legend, SliderControl, TextControl, button, control_for
from kernels.maps import Map
from kernels.skeleton import USUAL
from kernels.two_parameters import TwoParametersRequest, check_word

FIELDS = ("transient", "samples", "starts")
"""Fields whose control is made from the metadata of the request."""


FORCED = "Not while the parameter is forced: both need one map, with one value of the parameter; choose another second parameter"
"""Why a forced map's points lead nowhere."""


def _starts_tip(chosen: Map) -> str:
    """Where the starts lie from which attractors are counted: one that none of their orbits comes to is not seen."""
    ranges = [minus_sign("{} from {:g} to {:g}".format(name, *chosen.states_of(at))) for at, name in enumerate(chosen.coordinates)]
    first = f"Initial conditions at each pixel from which attractors are counted: {chosen.coordinates[0]}₀, and others spread over"
    return f"{first} {', '.join(ranges)}. An attractor that none of these orbits comes to is not seen"


class WordControl(TextControl):
    """A text field for a word of the letters A and B."""

    def _parse(self, text: str) -> str:
        check_word(text.upper())
        return text.upper()


class ParameterPlanePanel(ViewPanel):
    """Controls for map, parameters, orbit, view and colour."""

    carried = Signal()
    line_wanted = Signal()

    def __init__(self) -> None:
        controls: dict[str, Control] = {"map": map_control("The map that is iterated: from the library, or your own formula")}
        controls |= {name: control_for(TwoParametersRequest, name) for name in ("sweep", "and_sweep", *FIELDS)}
        for name, symbol in zip(STARTS, "xy", strict=True):
            tip = f"Initial condition’s coordinate {symbol} of the orbit at each pixel"
            controls[name] = SliderControl(f"Initial {symbol}₀", 0.0, 1.0, tip)
        tip = "The parameter has the horizontal value at the steps A and the vertical one at the steps B; the sequence repeats"
        controls["sequence"] = WordControl("Sequence", tip, "Letters A and B, both of them, such as AABAB")
        super().__init__(controls, "The usual ranges of both parameters")
        self._shown_for: tuple[str, ...] | None = None
        self._request: TwoParametersRequest | None = None
        self._save_from("map", self._described)
        self._formula = PlainOrTypesetLabel()
        self._formula.setProperty("role", "formula")
        self._shown = ChoiceControl("Show", (), "What the colours stand for, such as the largest Lyapunov exponent or the period")
        self._add_control("shown", self._shown)
        periods = [("0", "none"), *((str(n), f"period {n}") for n in range(1, USUAL + 1))]
        tip = (
            "Over the picture the curves on which cycles of a period have a fold (solid), double their period (dashed), or of maps of the "
            "line are superstable (dotted), with cusps and other points of codimension 2"
        )
        self._curves = ChoiceControl("Curves", periods, tip)
        self._add_control("curves", self._curves)
        self.legend, self._note = Legend(), QLabel()
        self._note.setWordWrap(True)
        self._note.setProperty("role", "muted")
        self._note.setVisible(False)
        c = self._controls
        across = button("In fixed points", "Explore the map with these parameters (Ctrl+Enter)", self.carried.emit)
        tip = "The bifurcation diagram along the horizontal line through the pinned point (L); Ctrl + drag over the picture draws any line"
        along = button("Along a line", tip, self.line_wanted.emit)
        self._ways = {way: way.toolTip() for way in (across, along)}
        starts = (c[name] for name in STARTS)
        self.add_group("Map", c["map"], self._formula, c["sweep"], c["and_sweep"], c["sequence"], self.parameters, *starts)
        self.add_group("View", *self._limit_rows(), self._view_buttons)
        self.add_group("Picture", self._shown, self.legend, self._curves, self._note)
        self.add_group("Orbit", *(c[name] for name in FIELDS), in_a_row(across, along))

    def set_note(self, text: str) -> None:
        """Show why there are no curves, or what they lack; nothing for an empty text."""
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def show_request(self, request: TwoParametersRequest, shown_as: str) -> None:
        """Show the values of the request and clear errors."""
        self._request, shown = request, find_map(request.map)
        showing = (request.map, shown.title, *request.swept)
        if showing != self._shown_for:
            another = self._shown_for is None or self._shown_for[:2] != showing[:2]
            self._shown_for = showing
            self._follow_map(shown, request)
            for way, tip in self._ways.items():
                way.setEnabled(not request.sequence)
                way.setToolTip(FORCED if request.sequence else tip)
            self.make_sliders([shown.parameter(name) for name, _ in request.parameters], another and not is_typed(shown))
        self.show_view(request.grid.viewport)
        values = {name: getattr(request, name) for name in ("map", "sweep", "and_sweep", "sequence", *FIELDS)}
        self.show_values(values | {"shown": shown_as} | dict(zip(STARTS, request.origin, strict=False)))
        self._controls["starts"].setVisible(request.starts > 1)
        self.show_parameters(request.parameters)

    def _follow_map(self, shown: Map, request: TwoParametersRequest) -> None:
        self._formula.set_formula(shown.mapping, latex_of(shown))
        self._formula.setToolTip(f"{shown.meaning}\n{shown.reference}")
        self._controls["sweep"].set_choices([(p.name, p.symbol) for p in shown.parameters])  # type: ignore[attr-defined]
        self._controls["and_sweep"].set_choices(choices(shown, request.sweep))  # type: ignore[attr-defined]
        self._controls["sequence"].setVisible(bool(request.sequence))
        self._shown.set_choices([pair for pair in SHOWN.items() if shown.is_plane or pair[0] != "spectrum"])
        self._controls[STARTS[1]].setVisible(shown.is_plane)
        for at, _ in enumerate(shown.coordinates):
            self._controls[STARTS[at]].set_range(*shown.states_of(at))  # type: ignore[attr-defined]
        self._controls["starts"].set_tip(_starts_tip(shown))
        self.label_limits(*symbols(request))

    def _described(self) -> SavedFormula:
        """The current map, to be saved, with the middle of the view as its parameters."""
        assert self._request is not None
        r, view = self._request, self._request.grid.viewport
        middle = {r.and_sweep: float(view.y)} | {r.sweep: float(view.x)}
        parameters = self.kept(find_map(r.map).parameters, dict(r.parameters) | middle)
        return SavedFormula(MAP, "", r.map, parameters, r.sweep, r.origin)
