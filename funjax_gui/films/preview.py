"""A few small pictures of a film, to look at before it is made."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from funjax_gui.films.request import FilmRequest, png_of

WIDTH = 150
"""Width of a picture in pixels; its height is in proportion to the film's."""


@dataclass(frozen=True)
class FilmPreview:
    """Pictures of `film` at `count` equally spaced times, the first and the last one among them: the plot area alone."""

    film: FilmRequest
    count: int = 5

    def frames(self) -> Iterator["FilmPreviewFrame | None"]:
        """A frame for each picture; the last one has them all."""
        width, height = self.film.pixels
        size = WIDTH, max(1, round(WIDTH * height / width))
        pictures: tuple[bytes, ...] = ()
        for index in range(self.count):
            number = round(index * (self.film.count - 1) / (self.count - 1))
            pictures = (*pictures, (yield from png_of(self.film.picture(number, size, plain=True))))
            yield FilmPreviewFrame(self, pictures)


@dataclass(frozen=True, eq=False)
class FilmPreviewFrame:
    """The pictures computed so far, as PNG files."""

    request: FilmPreview
    pictures: tuple[bytes, ...] = field(repr=False)
