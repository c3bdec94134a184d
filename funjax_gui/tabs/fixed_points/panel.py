"""The controls beside the fixed-point plots. They show requests and say what the user wants changed; they decide nothing."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from funjax_gui.form import Control, CountControl, NumberControl, Panel, SliderControl, control_for
from funjax_gui.formula import is_typed, map_control
from funjax_gui.parameters import ParameterSliders
from kernels.fixed_point import FixedPointRequest
from kernels.geometry import Viewport
from kernels.maps import find_map

LIMITS = ("left", "right", "bottom", "top")
MOST_COMPOSED = 8


class FixedPointsPanel(Panel):
    """Controls for map, starts, view and the chosen start."""

    edited = Signal(str, object)
    """A field's name and the value wanted: of the request, of the view (LIMITS), `start`, `power`, or `parameter:NAME`."""
    back = Signal()
    forward = Signal()
    home = Signal()
    pinned = Signal()
    unpinned = Signal()
    carried = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._controls: dict[str, Control] = {"map": map_control("The map that is iterated: one of the library, or your own formula")}
        self._controls |= {name: control_for(FixedPointRequest, name) for name in ("starts", "steps")}
        tip = "A limit of the view, with all its digits; Enter goes there"
        for name, label in zip(LIMITS, ("start from", "start to", "final from", "final to"), strict=True):
            self._controls[name] = NumberControl(label, tip)
        self._controls["start"] = SliderControl("Start x₀", 0.0, 1.0, "Where the cobweb's orbit begins; drag it there, or click a start")
        self._controls["power"] = CountControl("Compose", 1, MOST_COMPOSED, "How many times f is composed with itself in the cobweb")
        for name, control in self._controls.items():
            control.edited.connect(lambda value, name=name: self.edited.emit(name, value))
        self._shown_map = ""
        self._formula = QLabel()
        self._formula.setProperty("role", "formula")
        self._formula.setWordWrap(True)
        self._parameters = ParameterSliders()
        self._parameters.edited.connect(lambda name, value: self.edited.emit(f"parameter:{name}", value))
        self.legend = QLabel()
        self.legend.setWordWrap(True)
        self._arrange()

    def _arrange(self) -> None:
        c = self._controls
        across = _button("Show on the bifurcation diagram", "This map at these parameters there (Ctrl+Enter)", self.carried.emit)
        self.add_group("Map", c["map"], self._formula, self._parameters, across)
        self.add_group("Starts", c["left"], c["right"], c["bottom"], c["top"], self._view_buttons(), c["starts"], c["steps"])
        pins = _row(
            _button("Pin", "Keep this start in the convergence plot (P)", self.pinned.emit),
            _button("Unpin all", "Take all pinned starts away", self.unpinned.emit),
        )
        self.add_group("Orbit", c["start"], c["power"], pins)
        self.add_group("Outcomes", self.legend)

    def _view_buttons(self) -> QWidget:
        self._back = _button("◀", "Back to the view before (Alt+Left)", self.back.emit, "Back")
        self._forward = _button("▶", "Forward to the view come back from (Alt+Right)", self.forward.emit, "Forward")
        return _row(self._back, self._forward, _button("Whole", "All starts (Home, or double click)", self.home.emit))

    def control(self, name: str) -> Control:
        """The control of a field, a limit, `start`, `power` or `parameter:NAME`."""
        return self._controls[name]

    def set_history(self, back: bool, forward: bool) -> None:
        """Whether there are views to go back and forward to."""
        self._back.setEnabled(back)
        self._forward.setEnabled(forward)

    def set_legend(self, text: str) -> None:
        """What the marks mean and how many there are, as rich text."""
        self.legend.setText(text)

    def show_request(self, request: FixedPointRequest, view: Viewport) -> None:
        """Show the request's values and the view's limits; complaints go."""
        if request.map != self._shown_map:
            self._shown_map = request.map
            self._follow_map(request)
        values: dict[str, Any] = dict(zip(LIMITS, (*view.x_limits, *view.y_limits), strict=True))
        values |= {name: getattr(request, name) for name in ("map", "starts", "steps")}
        values |= {f"parameter:{name}": value for name, value in request.parameters}
        for name, value in values.items():
            self._controls[name].set_value(value)

    def show_orbit(self, start: Decimal | float, power: int, states: tuple[float, float]) -> None:
        """Show the chosen start, in the range that its slider has, and how often f is composed."""
        slider = self._controls["start"]
        assert isinstance(slider, SliderControl)
        slider.set_range(*states)
        slider.set_value(float(start))
        self._controls["power"].set_value(power)

    def _follow_map(self, request: FixedPointRequest) -> None:
        shown = find_map(request.map)
        self._formula.setText(f"x → {shown.formula}")
        self._formula.setToolTip(f"{shown.meaning}\n{shown.reference}")
        self._controls = {name: control for name, control in self._controls.items() if not name.startswith("parameter:")}
        sliders = self._parameters.follow(shown.parameters, forget=not is_typed(shown))
        self._controls |= {f"parameter:{name}": slider for name, slider in sliders.items()}


def _button(text: str, tip: str, pressed: Callable[[], Any], name: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAccessibleName(name or text)
    button.clicked.connect(lambda _: pressed())
    return button


def _row(*widgets: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        layout.addWidget(widget, 1)
    return row
