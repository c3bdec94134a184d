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

A_INFINITY = Decimal("3.5699456718709449018420051513864989367638369115148323781079755299213628875001367775263210342163")
DELTA, ALPHA = 4.669201609102991, 2.502907875095893
WHOLE = Viewport.from_limits("3.4", 4, 0, 1)
TITLE = "Bifurcation pictures below float64, 1,280 x 800 pixels, 1,000 + 1,000 steps, processor time over the whole diagram's"


def _cascade(doublings: int) -> Viewport:
    return Viewport(A_INFINITY, Decimal("0.5"), 0.5 * DELTA**-doublings, 0.3 * ALPHA**-doublings)


def _window(period: int, guess: str) -> Viewport:
    """Of the logistic map's window of this period next to a guess: nine tenths of it."""
    with working(2600):
        a = arb(guess)
        for _ in range(80):
            x, by_a, by_x = arb(0.5), arb(0), arb(1)
            for n in range(period):
                slope = a * (1 - 2 * x)
                by_a, by_x = (slope * by_a + x * (1 - x)).mid(), (by_x * slope).mid() if n else by_x
                x = (a * x * (1 - x)).mid()
            step = ((x - arb(0.5)) / by_a).mid()
            a = (a - step).mid()
        width, height = float(2 / abs(a * by_x * by_a)), float(2 / abs(a * by_x))
        with localcontext() as context:
            context.prec = 700
            return Viewport(Decimal(a.str(640, radius=False)), Decimal("0.5"), 0.45 * width, height)


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
        "Feigenbaum's point, 1e-90": _cascade(134),
        "window of period 100, 1e-33": _window(100, "3.7"),
        "window of period 215, 1e-98": _window(215, "3.9"),
        "window of period 250, 1e-115": _window(250, "3.9"),
        "window of period 680, 1e-295": _window(680, "3.9"),
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

    for name, view, most in (("1e-50", _cascade(75), 1.0), ("1e-90", _cascade(134), 3.0)):
        figure(TITLE, f"ladder from scratch, Feigenbaum's point, {name}", built(view), most=most)
