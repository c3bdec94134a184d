"""The levels of a tone for a picture that comes in parts."""

import numpy as np

from funjax_gui.style.colour_maps import LIMIT, Counts, Levels, graded, shift_of, shifted


class Tally:
    """How many pixels have each count, whatever the parts that the picture comes in. `tone`, `steps` and `limit` are as of `levels`."""

    def __init__(self, tone: str, steps: int, limit: int = LIMIT) -> None:
        self.tone, self.steps, self.limit = tone, steps, limit
        self.top, self.shift = 0, 0
        self.pixels = np.zeros(1, np.int64)

    def add(self, counts: Counts) -> None:
        """Count the pixels of another part, of shape (rows, columns)."""
        self.top = max(self.top, int(counts.max(initial=0)))
        if self.tone != "equalised":
            return
        if (shift := shift_of(self.top, self.limit)) > self.shift:
            # Rounding up twice is rounding up once by both shifts.
            places = shifted(np.arange(len(self.pixels)), shift - self.shift)
            self.pixels = np.bincount(places, self.pixels).astype(np.int64)
            self.shift = shift
        found = np.bincount(shifted(counts, self.shift).ravel(), minlength=len(self.pixels))
        found[: len(self.pixels)] += self.pixels
        self.pixels = found

    def levels(self) -> Levels:
        """The levels of all parts."""
        return graded(self.top, shift_of(self.top, self.limit), self.tone, self.steps, lambda most: self.pixels[: most + 1])
