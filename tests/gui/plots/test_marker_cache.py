"""Marks as stamps: where they are put, what is drawn anew, on screens of any pixel ratio."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen
from PySide6.QtWidgets import QApplication

from funjax_gui.figures.markers import outline
from funjax_gui.plots.marker_cache import FINE, MOST, MOST_TEXTS, Stamps, write

SIZE = 60


class Inked:
    """A transparent picture of so many pixels to a unit, and a mark that counts how often it is drawn."""

    def __init__(self, ratio: float = 1.0) -> None:
        self.ratio, self.drawn, self.stamps = ratio, 0, Stamps()
        side = round(SIZE * ratio)
        self.image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
        self.image.setDevicePixelRatio(ratio)
        self.image.fill(0)

    def mark(self, painter: QPainter) -> None:
        self.drawn += 1
        painter.fillPath(outline("circle", 6.0), QColor("white"))

    def put(self, *places: tuple[float, float], kind: object = "disc") -> None:
        painter = QPainter(self.image)
        self.stamps.put(painter, np.array(places, np.float64).reshape(-1, 2).T, kind, 6.0, self.mark)
        painter.end()

    @property
    def ink(self) -> np.ndarray:
        """The opacity of each pixel."""
        whole = np.frombuffer(self.image.constBits(), np.uint8).reshape(self.image.height(), -1, 4)
        return whole[:, : self.image.width(), 3].astype(float)

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of all ink, in units."""
        y, x = np.indices(self.ink.shape) + 0.5
        total = self.ink.sum()
        return (x * self.ink).sum() / total / self.ratio, (y * self.ink).sum() / total / self.ratio


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
@pytest.mark.parametrize("place", [(30.0, 30.0), (20.3, 41.7), (33.5, 12.1)])
def test_a_mark_lies_where_it_is_put_to_a_part_of_a_pixel(qapp: QApplication, ratio: float, place: tuple[float, float]) -> None:
    paper = Inked(ratio)
    paper.put(place)
    assert paper.centre == pytest.approx(place, abs=0.5 / FINE / ratio + 0.02)
    assert paper.ink.sum() / 255 == pytest.approx(np.pi * (3 * ratio) ** 2, rel=0.03)


def test_many_marks_are_as_many_single_ones(qapp: QApplication) -> None:
    places = [(10.0, 10.0), (25.25, 40.0), (50.0, 30.75)]
    together, apart = Inked(), Inked()
    together.put(*places)
    for place in places:
        apart.put(place)
    assert np.array_equal(together.ink, apart.ink) and together.ink.any()


def test_a_kind_is_drawn_once(qapp: QApplication) -> None:
    paper = Inked()
    for _ in range(3):
        paper.put((20.0, 20.0), (30.0, 30.0))
    assert paper.drawn == FINE**2
    paper.put((40.0, 40.0), kind="another")
    assert paper.drawn == 2 * FINE**2


def test_no_places_and_very_many_kinds(qapp: QApplication) -> None:
    paper = Inked()
    paper.put()
    assert not paper.ink.any()
    for number in range(MOST + 5):
        paper.put((20.0, 20.0), kind=number)
    assert len(paper.stamps._sheets) <= MOST


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_a_text_is_what_is_written_without_a_cache(qapp: QApplication, ratio: float) -> None:
    style = QFont(), "PD 2", QColor("white"), QPen(QColor(0, 0, 0, 200), 3.0)
    # Places at quarters of the screen's pixels, once new and once from the cache.
    for at in ((8.0, 30.0), (10.25 / ratio, 40.75 / ratio)):
        cached, direct = Inked(ratio), Inked(ratio)
        with QPainter(direct.image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            write(painter, *at, *style)
        for _ in range(2):
            cached.image.fill(0)
            with QPainter(cached.image) as painter:
                cached.stamps.put_text(painter, *at, *style)
            assert direct.ink.any() and abs(cached.ink - direct.ink).max() <= 8
    assert len(cached.stamps._texts) == 1


def test_the_latest_texts_are_kept(qapp: QApplication) -> None:
    paper, pen = Inked(), QPen(QColor("black"), 3.0)
    with QPainter(paper.image) as painter:
        for number in range(MOST_TEXTS + 5):
            paper.stamps.put_text(painter, 5.0, 20.0, QFont(), str(number), QColor("white"), pen)
            paper.stamps.put_text(painter, 5.0, 20.0, QFont(), "used", QColor("white"), pen)
    kept = [key[0] for key in paper.stamps._texts]
    assert len(kept) == MOST_TEXTS and kept[-2:] == [str(MOST_TEXTS + 4), "used"]
