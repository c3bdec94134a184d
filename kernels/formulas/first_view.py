"""The first view of a typed map: usual ranges of parameters, and the parts of them and of the states where orbits stay."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.formulas.tree import symbol
from kernels.geometry import Viewport
from kernels.maps import Map
from kernels.parameters import Parameter

Limits = tuple[float, float]

_WHOLE = (-4.0, 4.0, 1.0)
_RANGES = {
    **dict.fromkeys(("a", "r", "mu", "lam"), (0.0, 4.0, 3.5)),
    **{"b": (-1.0, 1.0, 0.3), "c": (-2.0, 2.0, -1.0), "d": (-2.0, 2.0, 0.0), "k": (0.0, 10.0, 1.0), "m": (0.0, 2.0, 1.5)},
    **{"omega": (0.0, 1.0, 0.4), "alpha": (0.0, 20.0, 6.2), "beta": (-1.0, 1.0, -0.5)},
}
"""(lowest, highest, default) of parameters by their usual names; any other name has _WHOLE."""

FAR = 1e6
"""An orbit beyond this has left."""

NOTHING_SEEN = (-2.0, 2.0)
"""The states that are shown where no orbit stays."""


def usual_parameter(name: str) -> Parameter:
    """The parameter of that name, with its usual range and default."""
    low, high, default = _RANGES.get(name, _WHOLE)
    return Parameter(name, default, low, high, "a parameter of your formula", symbol(name))


def typed_map(expression: Any, title: str, parameters: tuple[Parameter, ...], shown: Limits, states: Limits, **others: Any) -> Map:
    """The map of an expression, whose first parameter is swept over `shown`, with these usual states; `others` are fields of the Map."""
    parameters = within(parameters, shown)
    return Map(
        name=expression.source,
        title=title,
        formula=expression.text,
        rule=expression.rule,
        parameters=parameters,
        sweep=parameters[0].name if parameters else "",
        state=states,
        view=Viewport.from_limits(*shown, *states),
        reference="typed in",
        **others,
    )


def within(parameters: tuple[Parameter, ...], shown: tuple[float, float]) -> tuple[Parameter, ...]:
    """The parameters, the first of which has a default in the part of its range that is shown."""
    if not parameters or shown[0] <= parameters[0].default <= shown[1]:
        return parameters
    middle = rounded((shown[0] + shown[1]) / 2, shown[1] - shown[0])
    return (replace(parameters[0], default=middle), *parameters[1:])


def stretch(swept: NDArray[Any], stays: NDArray[np.bool_], whole: tuple[float, float]) -> tuple[float, float]:
    """The part of the parameter's range with orbits that stay, or all of it where that is most of it or hardly any."""
    inside = swept[stays]
    low, high = float(inside[0]), float(inside[-1])
    gap = float(swept[1] - swept[0]) if len(swept) > 1 else 1.0
    if high - low < 4 * gap:
        return whole
    return (max(whole[0], rounded(low - gap, high - low)), min(whole[1], rounded(high + gap, high - low)))


def range_of(orbit: NDArray[Any]) -> tuple[float, float]:
    """A range that contains the states with a margin, with short limits."""
    low, high = float(orbit.min()), float(orbit.max())
    if high - low > 100:  # a few orbits on their way out should not make the rest a line
        low, high = (float(limit) for limit in np.percentile(orbit, [5, 95]))
    if high - low < 1e-3 * max(1.0, abs(low)):
        low, high = low - max(1.0, abs(low)), high + max(1.0, abs(high))
    width = high - low
    return rounded(low - 0.05 * width, width), rounded(high + 0.05 * width, width)


def rounded(value: float, width: float) -> float:
    """`value` to a hundredth of the width."""
    return round(value, 2 - int(np.floor(np.log10(width)))) + 0.0
