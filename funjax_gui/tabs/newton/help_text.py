"""What's This help of the plots, and descriptions of their content for screen readers."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from funjax_gui.figures import QUANTITIES
from funjax_gui.formatting import minus_sign, plain_decimal, point, significant
from funjax_gui.formulas import find_objective
from kernels.geometry import Viewport
from kernels.newton import NewtonBasinFrame, NewtonFrame, NewtonRequest, SurfaceFrame
from kernels.newton.solvers import find_method

_MARKS = "a disc is a minimum, a triangle a maximum, a cross a saddle, a diamond is degenerate"
_PATHS = "Each method’s path from the ring, the start, has a colour, a dash and a mark of its own, those that stand before its name below."
_START = "Drag the ring, or click, or press Enter, to move the start."

SURFACE = (
    "Surface and paths",
    "Across and up run the first two variables; shade and contour lines tell the function’s value, as the line at the bottom says. Where "
    f"it is not finite the ground is reddish. {_PATHS} Small marks are stationary points that are known: {_MARKS}. While the runs are "
    "stepped through, the dashed curves are the contours of the local model of the method in focus, the hollow mark their centre, the "
    f"thin lines the Hessian’s eigenvectors, the circle the trust region and the arrow the next step. {_START}",
)
BASINS = (
    "Newton’s basins and paths",
    "Across and up run the two variables. Each pixel is a start, in the colour of the stationary point that full Newton steps lead it to, "
    "paler where that takes more of them; the legend names them. Hatched areas lead to no minimum; plain grey is unresolved after the "
    f"steps allowed, hatched grey diverged. {_PATHS} {_START}",
)
PLANE = {"surface": SURFACE, "basins": BASINS}
"""What the plane is called and shows, by what it shows."""

EXPLAINED = {
    "values": (
        "Function and local model",
        "Across is x, up the function f, with each method’s iterates on it. While the runs are stepped through, the dashed curve is the "
        "local model of the method in focus, a parabola that touches f at the iterate; its hollow mark is where it is stationary, and "
        f"where a full Newton step leads. {_START}",
    ),
    "slopes": (
        "Derivative and tangents",
        f"Across is x, up the derivative f′; where it is zero f is stationary: {_MARKS}. From each iterate a dotted line goes up to f′ and "
        f"a straight one along the tangent to zero: that is Newton’s next iterate. {_START}",
    ),
    "convergence": (
        "Convergence",
        "Across is the number of the step, up the quantity that is chosen above, on a logarithmic scale; 1e−17 stands for 0 too. Each "
        "method has its colour and its dash, the one in focus dots as well; what comes after the step shown is thin and grey. A straight "
        "line converges linearly, one that bends down faster: Newton’s method doubles the digits with each step.",
    ),
}
"""By the plots' names: what each is called and what it shows."""

TIME = (
    "Time of a solve",
    "Across is the number of variables n, up the seconds that one solve of Newton’s system H d = −g takes, both on logarithmic scales. "
    "The solid line forms the Hessian and its inverse, the dashed one is conjugate gradients, which needs only products with it. A "
    "power of n is a straight line there, the steeper the higher the power.",
)
MEMORY = (
    "Memory of a solve",
    "Across is the number of variables n, up the bytes that one solve needs, both on logarithmic scales. The solid line stores the "
    "Hessian, n² numbers; the dashed one, conjugate gradients, a few vectors of n.",
)
NOTHING = "Not computed yet."


def descriptions(
    request: NewtonRequest, runs: Iterable[NewtonFrame], picture: Any, view: Viewport, axes: tuple[str, str], quantity: str
) -> dict[str, str]:
    """What each plot shows now, by the plots' names.

    `picture` is the frame of the surface, the basins or the curves, None where there is none; `view` is what of it is shown, with
    `axes` as labels (horizontal, vertical); `quantity` is what is plotted against the step.
    """
    said = " ".join(f"{find_method(run.request.method).title}: {run.sentence}" for run in runs) or NOTHING
    objective = find_objective(request.objective)
    across, up = (minus_sign(f"from {plain_decimal(low)} to {plain_decimal(high)}") for low, high in (view.x_limits, view.y_limits))
    start = f"Start {point(request.start)}."
    what = f"{objective.title}, {objective.formula}: {axes[0]} {across}, {axes[1]} {up}."
    parts = [what, _picture(picture), start, said]
    title = QUANTITIES[quantity][0]
    numbers = {"convergence": f"{title} against the step. {said}"}
    if len(request.start) == 1:
        return numbers | {"values": " ".join(parts), "slopes": f"f′ of the same. {start} {said}"}
    return numbers | {"plane": " ".join(filter(None, parts))}


def _picture(frame: Any) -> str:
    if isinstance(frame, SurfaceFrame) and (finite := frame.values[np.isfinite(frame.values)]).size:
        return f"Values from {significant(float(finite.min()), 4)} to {significant(float(finite.max()), 4)}."
    if isinstance(frame, NewtonBasinFrame):
        counts = (+Counter(dict(enumerate(np.bincount(frame.labels[frame.labels >= 0]).tolist())))).most_common(4)
        said = [f"{frame.points[n].kind} {point(frame.points[n].point, 4)}, {count / frame.labels.size:.0%}" for n, count in counts]
        return f"Basins of {'; '.join(said)}." if said else ""
    return ""
