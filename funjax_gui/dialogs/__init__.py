"""The dialogs of the window: export, film, poster, presets, saved formulas, keys, About."""

from funjax_gui.dialogs.about import icon, show_about
from funjax_gui.dialogs.export import ExportDialog
from funjax_gui.dialogs.film import FilmDialog
from funjax_gui.dialogs.poster import PosterDialog
from funjax_gui.dialogs.preset_gallery import Gallery
from funjax_gui.dialogs.saved_formulas import open_my_maps
from funjax_gui.dialogs.shortcut_sheet import KeySheet

__all__ = ["ExportDialog", "FilmDialog", "Gallery", "KeySheet", "PosterDialog", "icon", "open_my_maps", "show_about"]
