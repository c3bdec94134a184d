"""Theme, colour maps, style sheet and font scale."""

from funjax_gui.style import colour_maps
from funjax_gui.style.colour_maps import COLOUR_MAPS, TONES, Blend, Counts, Levels, Packed, Tone, levels, pack, period_colours, unpack
from funjax_gui.style.font_scale import fitting, row_height, scaled, with_font
from funjax_gui.style.side_colours import SIDES, colour_sides
from funjax_gui.style.style_sheet import THEME_TITLES, apply_theme, colours_for
from funjax_gui.style.tally import Tally
from funjax_gui.style.theme import DARK, THEMES, Colours

__all__ = [
    "COLOUR_MAPS",
    "DARK",
    "SIDES",
    "THEMES",
    "THEME_TITLES",
    "TONES",
    "Blend",
    "Colours",
    "Counts",
    "Levels",
    "Packed",
    "Tally",
    "Tone",
    "apply_theme",
    "colour_maps",
    "colour_sides",
    "colours_for",
    "fitting",
    "levels",
    "pack",
    "period_colours",
    "row_height",
    "scaled",
    "unpack",
    "with_font",
]
