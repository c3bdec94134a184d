"""Densities in closed form, against histograms of float64 orbits where these can still count."""

from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pytest

from kernels import Grid, Viewport
from kernels.deep import Caustics, SmoothRule, caustics, references


def found(map: str, sweep: str, grid: Grid) -> Caustics:
    *_, reference = filter(None, references(SmoothRule(map, sweep, ()), grid))
    *_, closed = filter(None, caustics(reference, grid.column_shares(), grid.rows))
    return closed


MAPS = {
    "logistic": lambda x, a: a * x * (1 - x),
    "ricker": lambda x, r: x * np.exp(r * (1 - x)),
    "cubic": lambda x, a: a * x - x * x * x,
}


def image(map: str, sweep: float, critical: float, times: int) -> tuple[Decimal, Decimal]:
    """A parameter, and an image of the critical point there, in float64."""
    x = critical
    for _ in range(times):
        x = float(MAPS[map](x, sweep))
    return Decimal(repr(sweep)), Decimal(repr(x))


def histogram(map: str, grid: Grid, orbits: int, steps: int) -> Any:
    """What share of the states of so many orbits in each column falls into each row, the top one first."""
    a, low = grid.column_values(), float(grid.viewport.y) - grid.viewport.half_height
    x, counts = np.random.default_rng(1).uniform(0.2, 0.8, (orbits, grid.columns)), np.zeros((grid.rows, grid.columns))
    columns = np.broadcast_to(np.arange(grid.columns), x.shape)
    for n in range(steps + 100):
        x = MAPS[map](x, a)
        place = (x - low) * (grid.rows / (2 * grid.viewport.half_height))
        seen = (place >= 0) & (place < grid.rows)
        if n >= 100:
            np.add.at(counts, (place[seen].astype(int), columns[seen]), 1)
    return counts[::-1]


def band_merging() -> tuple[Decimal, Decimal]:
    """Where the third image of the logistic map's critical point is the fixed point 1 - 1/a, and that point: a fan of caustics."""
    with localcontext(prec=320):
        a = Decimal("3.6785735104283222")
        for _ in range(12):
            a -= (a**3 - 2 * a * a - 4 * a - 8) / (3 * a * a - 4 * a - 4)
        return a, 1 - 1 / a


FAN = band_merging()


@pytest.mark.parametrize(
    ("map", "sweep", "at", "size", "images"),
    [
        ("logistic", "a", FAN, 1e-5, range(5, 20)),
        ("ricker", "r", image("ricker", 3.1, 1 / 3.1, 4), 1e-4, range(1, 3)),
        ("cubic", "a", image("cubic", 2.9, (2.9 / 3) ** 0.5, 2), 1e-4, range(1, 3)),
    ],
)
def test_the_density_is_that_of_histograms(map: str, sweep: str, at: tuple[Decimal, Decimal], size: float, images: range) -> None:
    """Of all samples of an orbit, how many fall into the view, and where in each column."""
    grid, orbits, steps = Grid(Viewport(*at, size / 2, size / 2), 24, 20), 400, 400
    closed, counted = found(map, sweep, grid), histogram(map, grid, orbits, steps)
    expected = closed.weights * orbits * steps
    scatter = ((counted - expected) ** 2 / (expected + 1)).mean(0)
    assert closed.images in images
    assert expected.sum() > 1000 and counted.sum() == pytest.approx(expected.sum(), rel=0.1)
    assert np.median(scatter) < 1.2 and np.quantile(scatter, 0.9) < 2.5


def test_a_fan_is_the_same_at_every_depth() -> None:
    """At band merging the images of c move away from the fixed point by its multiplier: but for the share all is alike."""
    fans = [found("logistic", "a", Grid(Viewport(*FAN, half, half), 48, 60)) for half in (5e-31, 5e-291)]
    np.testing.assert_allclose(fans[0].weights / fans[0].weights.sum(), fans[1].weights / fans[1].weights.sum(), rtol=1e-6, atol=1e-12)
    assert fans[1].weights.sum() / fans[0].weights.sum() == pytest.approx(1e-130, rel=1e-6)


def test_between_images_there_is_nothing() -> None:
    closed = found("logistic", "a", Grid(Viewport(Decimal("3.8"), Decimal("0.6180339887"), 5e-31, 5e-31), 48, 60))
    assert closed.images == 0
