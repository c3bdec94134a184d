"""Sessions drawn by hypothesis: of every map, objective and equation, with every key, or with only some of those that may be left out."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from funjax_gui.figures import WIDTHS
from funjax_gui.sessions.session import TABS, Session
from funjax_gui.style.colour_maps import COLOUR_MAPS, TONES
from funjax_gui.tabs.bifurcation.session import Bifurcation
from funjax_gui.tabs.fixed_points.session import FixedPoints
from funjax_gui.tabs.newton.session import ALL_METHODS, Newton
from kernels.equations import EQUATION_METHODS, EQUATIONS, MOST_STEPS
from kernels.maps.registry import LINE_MAPS, MAPS
from kernels.newton.run_settings import GOALS
from kernels.newton.solvers import METHODS
from kernels.objectives.registry import OBJECTIVES
from kernels.parameters import Parametrised
from kernels.skeleton import PARTS

numbers = st.floats(-1e6, 1e6)
words = st.text("abc έ—…", max_size=20).map(lambda text: " ".join(text.split()))


@st.composite
def limits(draw: Any) -> tuple[Decimal, Decimal]:
    """Limits with as many digits as a zoom near the end of float64 has."""
    low = Decimal(draw(st.integers(-(10**12), 10**12))).scaleb(-9)
    return low, low + Decimal(draw(st.integers(1, 10**6))).scaleb(draw(st.integers(-8, 0)))


def maybe(strategy: st.SearchStrategy[Any], whole: bool) -> st.SearchStrategy[Any]:
    """What may be left out, unless the whole is wanted."""
    return strategy if whole else st.none() | strategy


def values(chosen: Parametrised, but: str = "") -> st.SearchStrategy[tuple[tuple[str, float], ...]]:
    """Values of all parameters, sorted by name as requests have them."""
    names = sorted(parameter.name for parameter in chosen.parameters if parameter.name != but)
    return st.tuples(*(st.tuples(st.just(name), numbers) for name in names))


@st.composite
def ranges(draw: Any, chosen: Parametrised, but: str = "") -> Any:
    """Ends of the sliders of some parameters, which are not their usual ones."""
    names = sorted(parameter.name for parameter in chosen.parameters if parameter.name != but and draw(st.booleans()))
    return tuple((name, (low, low + draw(st.integers(1, 1000)) / 7)) for name in names for low in [draw(numbers)])


@st.composite
def fixed_points(draw: Any, whole: bool = False) -> FixedPoints:
    """A table [fixed-points]."""
    chosen = LINE_MAPS[draw(st.sampled_from(sorted(LINE_MAPS)))]
    return FixedPoints(
        chosen.name,
        draw(values(chosen)),
        draw(limits()),
        draw(st.integers(1, 3000)),
        draw(st.integers(1, 10**6)),
        draw(maybe(limits(), whole)),
        draw(maybe(numbers, whole)),
        tuple(draw(st.lists(numbers, max_size=5, unique=True))),
        draw(st.integers(1, 8)),
        draw(ranges(chosen)),
        draw(st.none() | st.integers(0, 10**6)),
    )


@st.composite
def bifurcations(draw: Any, whole: bool = False) -> Bifurcation:
    """A table [bifurcation]."""
    chosen = MAPS[draw(st.sampled_from(sorted(MAPS)))]
    sweep = draw(st.sampled_from(sorted(parameter.name for parameter in chosen.parameters)))
    return Bifurcation(
        chosen.name,
        sweep,
        draw(values(chosen, but=sweep)),
        draw(limits()),
        draw(limits()),
        draw(st.sampled_from(chosen.coordinates)) if chosen.is_plane else None,
        draw(st.tuples(numbers, numbers)) if chosen.is_plane else draw(numbers),
        draw(st.none() | st.sampled_from(["left", "right", "both"])),
        draw(st.integers(0, 2**31 - 1)),
        draw(st.integers(1, 2**31 - 1)),
        draw(st.tuples(st.integers(1, 4000), st.integers(1, 4000))),
        draw(maybe(st.just(False) | limits().map(lambda pair: pair[0]), whole)),
        draw(maybe(st.booleans(), whole)),
        draw(st.sampled_from(["density", "period"])),
        draw(maybe(st.sampled_from(sorted(COLOUR_MAPS)), whole)),
        draw(maybe(st.sampled_from(sorted(TONES)), whole)),
        draw(st.sampled_from(sorted(WIDTHS))),
        overlay=draw(st.sampled_from([(), PARTS[:1], PARTS])),
        ranges=draw(ranges(chosen, but=sweep)),
    )


@st.composite
def newtons(draw: Any, whole: bool = False) -> Newton:
    """A table [newton]."""
    chosen = OBJECTIVES[draw(st.sampled_from(sorted(OBJECTIVES)))]
    n = draw(st.integers(chosen.least, 20)) if chosen.any_dimension else chosen.dimension
    goal = draw(st.sampled_from(GOALS))
    squares_fit = goal != "maximum"
    fit = [name for name, method in METHODS.items() if not method.misfit(chosen, n) and (squares_fit or not method.for_squares)]
    method = draw(st.sampled_from(fit))
    others = draw(st.sets(st.sampled_from(fit)))
    methods = tuple(name for name in METHODS if name in {method, *others})
    return Newton(
        chosen.name,
        goal,
        tuple(draw(st.lists(numbers, min_size=n, max_size=n))),
        method,
        draw(st.integers(1, 10_000)),
        draw(st.floats(1e-300, 1e10)),
        draw(values(chosen)),
        draw(maybe(st.just(methods), whole)),
        draw(st.floats(1e-3, 2.0)),
        draw(maybe(st.floats(1e-9, 1e9), whole)),
        draw(st.floats(1e-9, 1e9)),
        draw(st.integers(1, 1_000_000)),
        draw(maybe(limits(), whole)),
        draw(maybe(limits(), whole)),
        draw(limits()) if n == 1 and whole else None,
        draw(st.sampled_from(["surface", "basins"])) if chosen.dimension == n == 2 else "surface",
        draw(maybe(st.sampled_from(sorted(COLOUR_MAPS)), whole)),
        draw(ranges(chosen)),
        draw(st.none() | st.integers(0, 10_000)),
        momentum=draw(st.floats(0.0, 0.999)),
    )


@st.composite
def equations(draw: Any, whole: bool = False) -> Newton:
    """A table [newton] with an equation of the library."""
    chosen = EQUATIONS[draw(st.sampled_from(sorted(EQUATIONS)))]
    fit = [name for name, method in EQUATION_METHODS.items() if chosen.kind in method.kinds]
    method = draw(st.sampled_from(fit))
    others = draw(st.sets(st.sampled_from(fit)))
    n = chosen.coordinates
    return Newton(
        equations=(chosen.name,),
        start=tuple(draw(st.lists(numbers, min_size=n, max_size=n))),
        method=method,
        methods=draw(maybe(st.just(tuple(name for name in ALL_METHODS if name in {method, *others})), whole)),
        max_steps=draw(st.integers(1, MOST_STEPS)),
        tolerance=draw(st.floats(1e-300, 1e10)),
        parameters=draw(values(chosen)),
        damping=draw(st.floats(1e-3, 2.0)),
        multiplicity=draw(st.floats(1e-3, 100.0)),
        x=draw(maybe(limits(), whole)),
        y=draw(maybe(limits(), whole)),
        ranges=draw(ranges(chosen)),
        at_step=draw(st.none() | st.integers(0, 10_000)),
        critical_orbits=draw(st.booleans()),
    )


def sessions(whole: bool = False) -> st.SearchStrategy[Session]:
    """Sessions; with `whole` nothing is left out of them, as a window tells them."""
    tables = st.tuples(fixed_points(whole), bifurcations(whole), newtons(whole) | equations(whole))
    return st.builds(Session, st.sampled_from(TABS), tables, words, words, st.sampled_from(["dark", "light"]))
