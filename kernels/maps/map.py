"""A map: rule, parameters with ranges, initial views, meaning and reference."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kernels import validation
from kernels.geometry import Viewport
from kernels.iteration import circumferences
from kernels.parameters import Parameter, Parametrised
from kernels.types import Rule

RADIUS = "radius"
"""What a diagram of a map of the plane may count besides its coordinates: the distance from the origin."""


@dataclass(frozen=True)
class Map(Parametrised):
    """An iterated map of the line or of the plane: `rule(*state, *parameters)` is the next state, of the line a number, else a tuple.

    Attributes:
        formula: the rule in mathematical notation.
        state: the usual interval of states, of the first coordinate.
        start: an initial condition whose orbit converges to the attractor, its first coordinate.
        sweep: the parameter along the horizontal axis of the bifurcation diagram; view: its initial view.
        critical: the critical points, where the derivative vanishes, as a function of the parameters; None if there is none.
        meaning, reference: one sentence each.
        coordinates: their names; two of a map of the plane. rest: the initial condition's coordinates after the first.
        plane: the first view of a map of the plane's phase plane, None of a map of the line.
        inverse: of an invertible map of the plane, the rule that takes the next state to the state, with the same parameters.
        area_preserving: whether the Jacobian's determinant is 1 or -1 at every state, whatever the parameters.

    """

    sort = "map"
    hint = "; a diagram sweeps one, so write one in, as in a*sin(x)"

    name: str
    title: str
    formula: str
    rule: Rule
    parameters: tuple[Parameter, ...]
    sweep: str
    state: tuple[float, float]
    start: float
    view: Viewport
    meaning: str
    reference: str
    critical: Callable[..., tuple[float, ...]] | None = None
    coordinates: tuple[str, ...] = ("x",)
    rest: tuple[float, ...] = ()
    plane: Viewport | None = None
    inverse: Rule | None = None
    area_preserving: bool = False

    @property
    def is_plane(self) -> bool:
        """Whether it has two coordinates."""
        return len(self.coordinates) == 2

    @property
    def origin(self) -> tuple[float, ...]:
        """The initial condition, all coordinates of it."""
        return (self.start, *self.rest)

    @property
    def initial(self) -> float | tuple[float, ...]:
        """The initial condition as requests take it: a number, of a map of the plane a pair."""
        return self.origin if self.is_plane else self.start

    @property
    def observables(self) -> tuple[str, ...]:
        """What a diagram can count: the coordinates, of a map of the plane also the radius."""
        return (*self.coordinates, RADIUS) if self.is_plane and RADIUS not in self.coordinates else self.coordinates

    def states_of(self, observed: int) -> tuple[float, float]:
        """The usual interval of an observable, by its index."""
        if self.plane is None or not observed:
            return self.state
        if observed == 2:
            farthest = (max(map(abs, map(float, limits))) for limits in (self.plane.x_limits, self.plane.y_limits))
            return 0.0, float(f"{math.hypot(*farthest):.2g}")
        low, high = self.plane.y_limits
        return float(low), float(high)

    def completed_state(self, start: Any, observe: str) -> tuple[float | tuple[float, ...], str]:
        """(initial condition, coordinate observed) as requests keep them: of a map of the line a number and no name.

        One number for a map of the plane is the first coordinate; the second is then that of `origin`. Raises ValueError in one line.
        """
        names = self.coordinates
        if observe and observe not in self.observables:
            raise ValueError(f"the map {self.called} has no coordinate {observe!r}; it has {', '.join(self.observables)}")
        given = tuple(start) if isinstance(start, tuple | list) else (start,)
        given = (*given, *self.rest) if self.is_plane and len(given) == 1 else given
        if len(given) != len(names):
            raise ValueError(f"the initial condition has {len(given)} numbers; give {len(names)}: {', '.join(names)}")
        for number in given:
            validation.finite("initial condition", number)
        return (given, observe or names[0]) if self.is_plane else (given[0], "")

    @property
    def periods(self) -> tuple[float | None, ...]:
        """After what each coordinate begins anew, where it is an angle; None where it is not."""
        return circumferences(self.rule, len(self.coordinates))

    @property
    def mapping(self) -> str:
        """The formula with what it stands for: x → a x − a x² or x′ = 1 − a x² + y; y′ = b x."""
        return self.formula if self.is_plane else f"{self.coordinates[0]} → {self.formula}"

    @property
    def plain_mapping(self) -> str:
        """As `mapping`, with the arrow in ASCII: x -> a x − a x², as data files have it."""
        return self.mapping.replace("→", "->")

    def view_of(self, sweep: str, observed: int = 0) -> Viewport:
        """View of the whole diagram over `sweep`: `view`, or for another parameter its usual range, for another observable its own."""
        if sweep == self.sweep and not observed:
            return self.view
        heights: tuple[Any, Any] = self.plane.y_limits if self.plane is not None and observed else self.view.y_limits
        heights = self.states_of(observed) if observed == 2 else heights
        if sweep == self.sweep:
            return Viewport.from_limits(*self.view.x_limits, *heights)
        about = self.parameter(sweep)
        return Viewport.from_limits(about.low, about.high, *heights)
