"""Pictures below float64: 1,280 x 800 pixels, 1,000 + 1,000 steps, against the whole diagram in float64; ladders; a wheel's first picture.

Processor time, and ratios within a round: other programs may take the machine meanwhile.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from decimal import Decimal, localcontext
from typing import Any

from flint import arb

from kernels import BifurcationRequest, Grid, Viewport
from kernels.deep import SmoothRule, ladders, working
from kernels.deep import ladder as kept

A_INFINITY = Decimal(
    "3.569945671870944901842005151386498936763836911514832378107975529921362887500136777526321034216331"
    "5846692521261833024278785479090084650640340690807872736648882930209573814319879518610193949904392787"
    "580297728055821689434845409870808333068487415252016649900570619293567369686396274365101082"
)
"""Where the cascade ends: 95 digits of the literature, then by superstable parameters of ladders down to 1e-285."""

DELTA, ALPHA = 4.669201609102991, 2.502907875095893
WHOLE = Viewport.from_limits("3.4", 4, 0, 1)
BITS = 2600
"""Of the arithmetic by which windows are found."""

TITLE = "Bifurcation pictures below float64, 1,280 x 800 pixels, 1,000 + 1,000 steps, processor time over the whole diagram's"


def _cascade(doublings: int) -> Viewport:
    return Viewport(A_INFINITY, Decimal("0.5"), 0.5 * DELTA**-doublings, 0.3 * ALPHA**-doublings)


def _superstable(period: int, guess: arb) -> tuple[arb, arb, arb]:
    """Next to a guess where 1/2 has this period: a; of the y² + c that the return is about the derivative of c, and the curvature."""
    a = guess
    for _ in range(80):
        x, by_a, by_x = arb(0.5), arb(0), arb(1)
        for n in range(period):
            slope = a * (1 - 2 * x)
            by_a, by_x = (slope * by_a + x * (1 - x)).mid(), (by_x * slope).mid() if n else by_x
            x = (a * x * (1 - x)).mid()
        step = ((x - arb(0.5)) / by_a).mid()
        a = (a - step).mid()
        if abs(step) < arb(2) ** (24 - BITS):
            break
    return a, (-a * by_x * by_a).mid(), (-a * by_x).mid()


def _nest(guess: str, period: int, depth: int = 1) -> Viewport:
    """Nine tenths of the logistic map's window of this period next to a guess; deeper, of the window of period 3 in that, and so on."""
    with working(BITS):
        a, slope, curvature = _superstable(period, arb(guess))
        for n in range(1, depth):
            a, slope, curvature = _superstable(period * 3**n, (a - arb("1.7548776662466927600495") / slope).mid())
        with localcontext(prec=700):
            return Viewport(Decimal(a.str(640, radius=False)), Decimal("0.5"), float(0.9 / abs(slope)), float(2 / abs(curvature)))


def _request(view: Viewport) -> BifurcationRequest:
    return BifurcationRequest(Grid(view, 1280, 800), transient=1000, samples=1000)


def _drawn(request: BifurcationRequest) -> float:
    """Seconds of processor time of the picture."""
    began = time.process_time()
    *_, frame = filter(None, request.frames())
    assert frame.done and frame.inside
    return time.process_time() - began


def _rounds(views: dict[str, Viewport], rounds: int) -> Iterator[dict[str, float]]:
    for view in (WHOLE, *views.values()) * 2:
        _drawn(_request(view))
    for _ in range(rounds):
        whole = _drawn(_request(WHOLE))
        yield {name: _drawn(_request(view)) / whole for name, view in views.items()}


def test_pictures(figure: Callable[..., None], quick: bool) -> None:
    views = {
        "Feigenbaum's point, 1e-30": _cascade(45),
        "Feigenbaum's point, 1e-100": _cascade(149),
        "Feigenbaum's point, 1e-280": _cascade(418),
        "window of period 680, 4e-295": _nest("3.9", 680),
        "window in a window in a window, from period 80, 2e-30": _nest("3.7", 80, 3),
        "window in a window in a window, from period 215, 8e-103": _nest("3.9", 215, 3),
        "window in a window in a window, from period 680, 1e-298": _nest("3.9", 680, 3),
    }
    found = list(_rounds(views, 3 if quick else 15))
    for name in views:
        figure(TITLE, name, statistics.median(each[name] for each in found), unit="x", most=2.5)


def test_wheel(figure: Callable[..., None], quick: bool) -> None:
    """Each turn of the wheel asks for a view that is a little narrower, beside the one before."""
    times = []
    for turn in range(10 if quick else 60):
        view = _cascade(45)
        with localcontext() as context:
            context.prec = 120
            view = Viewport(view.x + Decimal(0.1 * turn * view.half_width / 60), view.y, view.half_width * 0.97**turn, view.half_height)
        began = time.process_time()
        next(filter(None, _request(view).frames()))
        times.append(time.process_time() - began)
    figure(TITLE, "wheel to first picture, p95", sorted(times[3:])[int(0.95 * (len(times) - 4))], most=0.050)


def test_ladders(figure: Callable[..., None]) -> None:
    def built(view: Viewport) -> Any:
        kept.forget()
        began = time.process_time()
        *_, ladder = filter(None, ladders(SmoothRule("logistic", "a", ()), view.x, view.half_width, 1280))
        assert ladder.complete
        return time.process_time() - began

    for name, view, most in (("1e-50", _cascade(75), 1.0), ("1e-100", _cascade(149), 3.0), ("1e-280", _cascade(418), 30.0)):
        figure(TITLE, f"ladder from scratch, Feigenbaum's point, {name}", built(view), most=most)
