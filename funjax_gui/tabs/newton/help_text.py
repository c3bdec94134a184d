"""What's This help of the plots, and descriptions of their content for screen readers."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from funjax_gui.figures import EQUATION_QUANTITIES, QUANTITIES
from funjax_gui.formatting import minus_sign, plain_decimal, point, significant
from funjax_gui.formulas import find_equations, find_objective
from funjax_gui.style import DARK
from funjax_gui.tabs.newton.equations import figures, method_title
from kernels.equations import EquationRequest
from kernels.geometry import Viewport
from kernels.newton import NewtonBasinFrame, NewtonRequest, SurfaceFrame

_MARKS = "a disc is a minimum, a triangle a maximum, a cross a saddle, a diamond is degenerate"
_PATHS = (
    "Each method’s path begins at the ring, the initial point, and has its own colour, line style and marker, shown before its name below."
)
_START = "Drag the ring, click, or press Enter to move the initial point."

SURFACE = (
    "Surface and paths",
    "The axes are the first two variables; shading and contour lines show the value of the function, reddish areas have no finite value.\n"
    f"{_PATHS} Small marks are the known stationary points: {_MARKS}.\nWhile the runs are stepped through, dashed curves are the contours "
    "of the quadratic model, thin lines the Hessian’s eigenvectors, the circle is the trust region and the arrow the next step; a model "
    f"of the method’s own, as BFGS has, is solid in its colour.\n{_START}",
)
BASINS = (
    "Newton’s basins and paths",
    "Horizontal and vertical: the two variables. Each pixel is an initial point, in the colour of the stationary point to which full "
    "Newton steps converge from it, fainter where they take longer; the legend names the points.\nHatched areas do not converge to a "
    f"minimum; plain grey is unresolved within the allowed steps, hatched grey diverged.\n{_PATHS} {_START}",
)
GRAPH = (
    "Graph and tangents",
    "Horizontal: x; vertical: f, whose zeros, the small crosses, are sought. From each iterate of the method in focus a dotted vertical "
    "leads to the graph, and a line from there to zero gives the next one: the tangent for Newton’s method, the line through two points "
    "for the secant method. A thick bar on the axis encloses the root.\nThe strip at the bottom has the colour of the root to "
    f"which Newton’s method converges from each x, fainter where it takes longer, white or black where it ends in a cycle; the wheel over "
    f"it zooms x alone. {_START}",
)
FRACTAL = (
    "Newton’s fractal and paths",
    "Each pixel is an initial point, in the colour of the root to which Newton’s method converges from it, continuously fainter for "
    "more steps; the legend names the roots, marked by crosses. White or black never converges but ends in a cycle, grey is unresolved "
    "within the allowed steps.\nCritical orbits begin at the filled diamonds, where the derivative of Newton’s map vanishes; each "
    f"attracting cycle attracts at least one of them.\nThe damping scales the steps: the fractal’s relaxation.\n{_PATHS} {_START}",
)
FAMILY = (
    "Plane of parameters",
    "Each pixel is a pair of parameters, the real and the imaginary part of a complex one. Where the free critical point of Newton’s map, "
    "the zero of f″, converges to a root, the pixel is coloured, fainter where it takes more steps. Where it ends in a cycle, "
    "white or black, open sets of initial points never converge: small Mandelbrot sets. Grey is unresolved within the allowed steps.\n"
    "A click chooses the parameters and shows their fractal; dragging the ring moves them.",
)
PLANE = {"surface": SURFACE, "basins": BASINS}
"""Title and help text of the plane, by what it shows."""

EXPLAINED = {
    "values": (
        "Function and local model",
        "Horizontal: x; vertical: the function f, with each method’s iterates on it. While the runs are stepped through, the dashed curve "
        "is the local model of the method in focus, a parabola tangent to f at the iterate; the hollow mark is its stationary point, to "
        f"which a full Newton step leads. {_START}",
    ),
    "slopes": (
        "Derivative and tangents",
        f"Horizontal: x; vertical: the derivative f′, whose zeros are the stationary points of f: {_MARKS}. From each iterate a dotted "
        f"vertical line leads to f′, and a solid line along the tangent to zero, which is Newton’s next iterate. {_START}",
    ),
    "convergence": (
        "Convergence",
        "Horizontal: the step number; vertical: the quantity chosen above, on a logarithmic scale, where 0 is drawn at 1e−17. Each "
        "method has its own colour and line style, the method in focus also dots; steps after the one shown are thin and grey. A straight "
        "line is linear convergence, a line that bends down is faster: Newton’s method doubles the number of correct digits in each step.",
    ),
}
"""Title and help text of each plot, by its object name."""

TIME = (
    "Time of a solve",
    "Horizontal: the number of variables n; vertical: the seconds of one solve of Newton’s system H d = −g; both axes are logarithmic. "
    "The solid line forms the Hessian and its inverse; the dashed line uses conjugate gradients, which only need products with the "
    "Hessian. A power of n is a straight line, steeper for a higher power.",
)
MEMORY = (
    "Memory of a solve",
    "Horizontal: the number of variables n; vertical: the bytes that one solve needs; both axes are logarithmic. The solid line stores "
    "the Hessian, n² numbers; the dashed line, conjugate gradients, stores a few vectors of n numbers.",
)
NOTHING = "Not computed yet."


def descriptions(
    request: NewtonRequest | EquationRequest, runs: Iterable[Any], picture: Any, view: Viewport, axes: tuple[str, str], quantity: str
) -> dict[str, str]:
    """Accessible description of each plot, by object name.

    `picture`: frame of the surface, the basins or the curves, None if there is none; `view`, `axes`: its view and axis labels
    (horizontal, vertical); `quantity`: of the convergence plot.
    """
    found = " ".join(f"{method_title(run.request.method)}: {run.sentence}" for run in runs) or NOTHING
    solves = isinstance(request, EquationRequest)
    objective: Any = find_equations(request.equations) if isinstance(request, EquationRequest) else find_objective(request.objective)
    across, up = (minus_sign(f"from {plain_decimal(low)} to {plain_decimal(high)}") for low, high in (view.x_limits, view.y_limits))
    start = f"Initial point {point(request.start)}."
    what = f"{objective.title}, {objective.formula}: {axes[0]} {across}, {axes[1]} {up}."
    parts = [what, _picture(picture), start, found]
    title = (EQUATION_QUANTITIES if solves else QUANTITIES)[quantity][0]
    numbers = {"convergence": f"{title} against the step. {found}"}
    if len(request.start) == 1 and solves:
        return numbers | {"values": " ".join(filter(None, parts))}
    if len(request.start) == 1:
        return numbers | {"values": " ".join(parts), "slopes": f"The derivative f′. {start} {found}"}
    return numbers | {"plane": " ".join(filter(None, parts))}


def _picture(frame: Any) -> str:
    if isinstance(frame, SurfaceFrame) and (finite := frame.values[np.isfinite(frame.values)]).size:
        return f"Values from {significant(float(finite.min()), 4)} to {significant(float(finite.max()), 4)}."
    if isinstance(frame, NewtonBasinFrame):
        counts = (+Counter(dict(enumerate(np.bincount(frame.labels[frame.labels >= 0]).tolist())))).most_common(4)
        found = [f"{frame.points[n].kind} {point(frame.points[n].point, 4)}, {count / frame.labels.size:.0%}" for n, count in counts]
        return f"Basins of {'; '.join(found)}." if found else ""
    if isinstance(frame, figures.Picture):
        return "Roots and outcomes: " + "; ".join(f"{text}, {share:.0%}" for text, _, share in figures.listed(frame, DARK)) + "."
    return ""
