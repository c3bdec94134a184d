"""Films: sessions as key frames, the pictures between them computed one by one, and encoders."""

from funjax_gui.films import film_file
from funjax_gui.films.encoders import SUFFIXES
from funjax_gui.films.key_frames import EASINGS
from funjax_gui.films.preview import FilmPreview, FilmPreviewFrame
from funjax_gui.films.request import MOST_FPS, FilmFrame, FilmRequest

__all__ = ["EASINGS", "MOST_FPS", "SUFFIXES", "FilmFrame", "FilmPreview", "FilmPreviewFrame", "FilmRequest", "film_file"]
