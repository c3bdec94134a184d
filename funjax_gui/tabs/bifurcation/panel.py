"""Panel of the bifurcation diagram: shows a request and emits edits, which the tab applies."""

from functools import partial

import numpy as np
from PySide6.QtCore import Signal

from funjax_gui.export import SHOWN
from funjax_gui.figures import WIDTHS
from funjax_gui.formulas import MAP, PlainOrTypesetLabel, SavedFormula, find_map, is_typed, latex_of, map_control
from funjax_gui.style import COLOUR_MAPS, TONES, Colours, pack, period_colours
from funjax_gui.tabs.bifurcation import edits, sides
from funjax_gui.tabs.bifurcation.edits import STARTS
from funjax_gui.tabs.bifurcation.parameter_plane import choices
from funjax_gui.tabs.bifurcation.skeleton_controls import SkeletonControls
from funjax_gui.tabs.view_panel import COLOURS_TIP, ViewPanel, in_a_row
from funjax_gui.widgets import ChoiceControl, Control, Legend, SliderControl, SwitchControl, button, control_for
from kernels.bifurcation import QUASIPERIODIC, BifurcationRequest

FIELDS = ("sweep", "observe", "start", "follow", "transient", "samples", "keep_refining")
"""Fields whose control is made from the metadata of the request."""

LEGEND = 7
"""Maximum number of periods in the legend."""

TRAVELS = (
    ("fit", "Fit", "Make the view as high as the attractor in it (H)"),
    ("in", "Next copy", "Go to the largest copy of the diagram in the view: a window, or the next doubling (N)"),
    ("out", "Copy out", "Go out to the copy of the diagram that the view lies in (U)"),
)
"""Goals of JourneyRequest, with a button's text and tip."""

SHOWN_TITLES = [(name, name.capitalize()) for name in SHOWN]


class BifurcationPanel(ViewPanel):
    """Controls for map, orbit, view and colour."""

    styled = Signal(str, object)
    """(`colour_map`, `tone`, `shown` or `thickness`, new value)."""
    travelled = Signal(str)
    """Where to go: `fit`, `in` or `out`."""
    plane_wanted = Signal()
    """From a line, back to the plane of two parameters."""
    fitting = Signal(object)
    """Whether the height is to be kept fitted."""

    def __init__(self) -> None:
        controls: dict[str, Control] = {"map": map_control("The map that is iterated: from the library, or your own formula")}
        controls |= {name: control_for(BifurcationRequest, name) for name in FIELDS}
        tip = "A second parameter, or a second value of the same one, along the vertical axis: the picture becomes the plane of both"
        controls["and_sweep"] = ChoiceControl("And sweep", (), tip)
        controls["start_y"] = SliderControl("Initial y₀", 0.0, 1.0, "The initial condition's second coordinate, in each column")
        super().__init__(controls, "The whole diagram")
        self._shown_for: tuple[str, ...] | None = None
        self._request: BifurcationRequest | None = None
        self._by_period, self._legends = False, ("", "")
        self._save_from("map", self._described)
        self._formula = PlainOrTypesetLabel()
        self._formula.setProperty("role", "formula")
        self._style = self._style_controls()
        self.skeleton = SkeletonControls()
        self._travel = in_a_row(
            *(button(text, tip, partial(self.travelled.emit, goal)) for goal, text, tip in TRAVELS),
        )
        self.keep_fitted = SwitchControl("Keep fitted", "Fit the height again after each zoom or pan along the parameter")
        self.keep_fitted.edited.connect(self.fitting)
        tip = "The plane of both parameters, in which the line was drawn"
        self._back_to_plane = button("Back to the plane", tip, self.plane_wanted.emit)
        self.legend = Legend()
        self._arrange()

    def _style_controls(self) -> dict[str, ChoiceControl]:
        choices = {
            "colour_map": (
                "Colours",
                [(name, m.title) for name, m in COLOUR_MAPS.items()],
                COLOURS_TIP,
            ),
            "tone": ("Tone", [(name, name) for name in TONES], "Mapping of counts to brightness"),
            "shown": ("Show", SHOWN_TITLES, "Colour by density (states in a pixel), or by the period of the column"),
            "thickness": (
                "Thickness",
                [(str(n), str(n)) for n in WIDTHS],
                "Thickness of branches; 1: a pixel of the picture",
            ),
        }
        controls = {name: ChoiceControl(*about) for name, about in choices.items()}
        for name, control in controls.items():
            control.edited.connect(lambda value, name=name: self.styled.emit(name, value))
        return controls

    def _arrange(self) -> None:
        c = self._controls
        begin = c["start"], c["start_y"], c["follow"]
        self.add_group(
            "Map", c["map"], self._formula, c["sweep"], c["and_sweep"], self._back_to_plane, c["observe"], self.parameters, *begin
        )
        self.add_group("View", *self._limit_rows(), self._view_buttons, self._travel, self.keep_fitted)
        self.add_group("Colour", *self._style.values(), self.legend)
        self.add_group("Overlays", *self.skeleton.rows)
        self.add_group("Orbit", c["transient"], c["samples"], c["keep_refining"])

    def control(self, name: str) -> Control:
        """The control of that name, also of a style."""
        return self._style.get(name) or super().control(name)

    def set_legend(self, colours: Colours) -> None:
        """Show the legend of periods in this theme."""
        named = [*((p, str(p)) for p in range(1, LEGEND + 1)), (QUASIPERIODIC, "quasi-periodic"), (0, "chaotic or unresolved")]
        shades = pack(period_colours(np.array([p for p, _ in named]), colours.background, colours.dark))
        marks = [
            f'<span style="color:#{int(shade) & 0xFFFFFF:06x}">■</span>&nbsp;{name}' for shade, (_, name) in zip(shades, named, strict=True)
        ]
        periods = (
            "&nbsp; ".join(marks[:-2])
            + f"<br>{'&nbsp; '.join(marks[-2:])}<br>Longer periods: paler or darker colours, with numbers over wide bands."
        )
        both = "&nbsp; ".join(f'<span style="color:{key.colour}">■</span>&nbsp;from the {key.text}' for key in sides.keys(colours.dark)[:2])
        one = sides.keys(colours.dark)[2]
        self._legends = periods, f'{both}<br><span style="color:{one.colour}">■</span>&nbsp;{one.text}: one attractor'
        self._tell_use()

    def set_style(self, **chosen: str) -> None:
        """Show these values of colour map, tone and display."""
        for name, value in chosen.items():
            self._style[name].set_value(value)
        self._by_period = chosen.get("shown", "period" if self._by_period else "") == "period"
        self._tell_use()

    def _tell_use(self) -> None:
        """Show the legend that belongs to the picture, and which choices it does not depend on; the tone is used always."""
        both = self._request is not None and self._request.follow == "both"
        self.legend.setVisible(both or self._by_period)
        self.legend.setText(self._legends[both])
        why = "Not used now: each side has a colour of its own" if both else ""
        self._style["shown"].set_unused(why)
        self._style["thickness"].set_unused(why)
        self._style["colour_map"].set_unused(why or ("Not used now: each period has a colour of its own" if self._by_period else ""))

    def show_request(self, request: BifurcationRequest) -> None:
        """Show the values of the request and clear errors."""
        self._request, shown = request, find_map(request.map)
        showing = (request.map, shown.title, request.observe, *request.swept)
        if showing != self._shown_for:
            another = self._shown_for is None or self._shown_for[:2] != showing[:2]
            self._shown_for = showing
            self._follow_map(request)
            self.make_sliders([shown.parameter(name) for name, _ in request.parameters], another and not is_typed(shown))
        self.show_view(request.grid.viewport)
        values = {name: getattr(request, name) for name in ("map", *FIELDS)}
        self.show_values(values | dict(zip(STARTS, request.origin, strict=False)))
        self.show_parameters(request.parameters)
        self._tell_use()

    def _follow_map(self, request: BifurcationRequest) -> None:
        shown = find_map(request.map)
        self._formula.set_formula(shown.mapping, latex_of(shown))
        self._formula.setToolTip(f"{shown.meaning}\n{shown.reference}")
        self._controls["sweep"].set_choices([(p.name, p.symbol) for p in shown.parameters])  # type: ignore[attr-defined]
        self._controls["sweep"].setVisible(len(shown.parameters) > 1)
        self._controls["and_sweep"].set_choices(choices(shown, request.sweep))  # type: ignore[attr-defined]
        self._controls["and_sweep"].set_value(request.and_sweep)
        self._back_to_plane.setVisible(bool(request.line))
        self._controls["observe"].set_choices([(name, name) for name in shown.observables])  # type: ignore[attr-defined]
        self._controls["observe"].setVisible(shown.is_plane)
        self._controls["start_y"].setVisible(shown.is_plane)
        for at, name in enumerate(shown.coordinates):
            self._controls[STARTS[at]].set_range(*shown.states_of(at))  # type: ignore[attr-defined]
            self._controls[STARTS[at]].set_label(f"Initial {name}₀")
        self.label_limits(edits.symbol(request), request.observe or "x")

    def _described(self) -> SavedFormula:
        """The current map, to be saved."""
        assert self._request is not None
        r, view = self._request, self._request.grid.viewport
        # The swept parameter has no value here: its default is saved, or the centre of the view if that is outside.
        swept, low, high = find_map(r.map).parameter(r.sweep).default, *map(float, view.x_limits)
        swept = swept if low <= swept <= high else (low + high) / 2
        parameters = self.kept(find_map(r.map).parameters, dict(r.parameters) | (r.at(0.5) if r.line else {r.sweep: swept}))
        # The view is kept of the first coordinate, which is shown first.
        limits = () if r.observed or r.line else (view.x_limits, view.y_limits)
        return SavedFormula(MAP, "", r.map, parameters, r.sweep, r.origin, *limits)
