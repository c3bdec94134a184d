"""Controls, sliders, panels, menus and message boxes, independent of the tabs."""

from funjax_gui.widgets.background import call_in_background, import_in_background, run_in_background
from funjax_gui.widgets.buttons import button
from funjax_gui.widgets.controls import (
    ChoiceControl,
    Choices,
    Control,
    CountControl,
    NumberControl,
    SliderControl,
    SwitchControl,
    TextControl,
    control_for,
)
from funjax_gui.widgets.editors import Box, Line
from funjax_gui.widgets.eliding_label import ElidingLabel
from funjax_gui.widgets.file_dialogs import with_suffix
from funjax_gui.widgets.legend import Legend, LegendBelow
from funjax_gui.widgets.log_sliders import LogSlider, WholeSlider
from funjax_gui.widgets.menus import Entry, action, choice, fill
from funjax_gui.widgets.message_box import show_message
from funjax_gui.widgets.panel import Panel, Scrolled, scrolled, unfold
from funjax_gui.widgets.parameter_sliders import ParameterSlider, ParameterSliders
from funjax_gui.widgets.play_button import PlayButton
from funjax_gui.widgets.player import TRANSPORT, Player
from funjax_gui.widgets.quiet_table import ChoiceTable, make_quiet
from funjax_gui.widgets.throttle import Throttle

__all__ = [
    "TRANSPORT",
    "Box",
    "ChoiceControl",
    "ChoiceTable",
    "Choices",
    "Control",
    "CountControl",
    "ElidingLabel",
    "Entry",
    "Legend",
    "LegendBelow",
    "Line",
    "LogSlider",
    "NumberControl",
    "Panel",
    "ParameterSlider",
    "ParameterSliders",
    "PlayButton",
    "Player",
    "Scrolled",
    "SliderControl",
    "SwitchControl",
    "TextControl",
    "Throttle",
    "WholeSlider",
    "action",
    "button",
    "call_in_background",
    "choice",
    "control_for",
    "fill",
    "import_in_background",
    "make_quiet",
    "run_in_background",
    "scrolled",
    "show_message",
    "unfold",
    "with_suffix",
]
