"""The library of equations. To add one, add an entry to the tuple below: its left-hand sides are formulas as they are typed."""

from kernels.equations.system import JOINT, Equations
from kernels.equations.typed import equations_from, has_equality, read_equations
from kernels.formulas import looks_like_a_name
from kernels.geometry import Viewport
from kernels.parameters import Parameter


def _entry(
    name: str,
    title: str,
    texts: tuple[str, ...],
    start: tuple[float, ...],
    view: tuple[str, str, str, str],
    meaning: str,
    reference: str,
    parameters: tuple[Parameter, ...] = (),
    formula: str = "",
) -> Equations:
    typed = read_equations(JOINT.join(texts))
    limits = Viewport.from_limits(*view)
    formula = formula or typed.formula
    ordered = tuple(next(p for p in parameters if p.name == usual.name) for usual in typed.parameters)
    return Equations(name, title, formula, typed.expressions, typed.kind, start, limits, meaning, reference, ordered)


_POLYAK = "A. M. Ostrowski, Solution of Equations and Systems of Equations (1960)"
_CAYLEY = "A. Cayley, The Newton-Fourier imaginary problem, American Journal of Mathematics 2 (1879)"
_SMALE = "S. Smale, On the efficiency of algorithms of analysis, Bulletin of the AMS 13 (1985)"
_CURRY = "J. H. Curry, L. Garnett and D. Sullivan, On the iteration of a rational function, Commun. Math. Phys. 91 (1983)"
_PEITGEN = "H.-O. Peitgen and P. H. Richter, The Beauty of Fractals (1986)"
_MORE = "J. J. Moré, B. S. Garbow and K. E. Hillstrom, Testing unconstrained optimization software, ACM TOMS 7 (1981)"

_EQUATIONS = (
    _entry(
        "heron",
        "Square root",
        ("x^2 - a",),
        (1.0,),
        ("-3", "3", "-4", "6"),
        "Newton's method is Heron's: the mean of x and a/x. Below a = 0 there is no real root, and the iterates are chaotic.",
        "Heron of Alexandria, Metrica, about 60",
        (Parameter("a", 2.0, -2.0, 4.0, "the number whose square root is sought"),),
    ),
    _entry(
        "two-cycle",
        "A 2-cycle of Newton's method",
        ("x^3 - 2*x + 2",),
        (0.1,),
        ("-3", "3", "-6", "8"),
        "Newton's method has the attracting cycle 0, 1: initial points near it never converge to the root −1.7693.",
        _SMALE,
    ),
    _entry(
        "cube-root",
        "Cube root",
        ("sign(x)*abs(x)^(1/3)",),
        (0.1,),
        ("-3", "3", "-2", "2"),
        "Each Newton step leads to −2x: it diverges from everywhere but the root, where the tangent is vertical.",
        "J. Nocedal and S. J. Wright, Numerical Optimization (2006)",
        formula="∛x = 0",
    ),
    _entry(
        "cubic-unity",
        "x³ = 1",
        ("x^3 - 1",),
        (-0.6,),
        ("-2", "2", "-4", "4"),
        "One real root; near 0 the tangent is flat, and the step leads far away.",
        _CAYLEY,
    ),
    _entry(
        "cosine",
        "Fixed point of the cosine",
        ("cos(x) - x",),
        (-1.0,),
        ("-7", "7", "-8", "8"),
        "The only root is 0.739085; from far away the iterates wander before they approach it.",
        "Fun with Jax, the post that this program grew out of",
    ),
    _entry(
        "kepler",
        "Kepler's equation",
        ("x - epsilon*sin(x) - m",),
        (0.2,),
        ("-4", "7", "-4", "6"),
        "The eccentric anomaly x of an orbit of eccentricity ε at mean anomaly m. For ε near 1 and small m the start matters.",
        "P. Colwell, Solving Kepler's Equation over Three Centuries (1993)",
        (
            Parameter("epsilon", 0.97, 0.0, 1.0, "eccentricity", "ε"),
            Parameter("m", 0.2, 0.0, 6.2831853, "mean anomaly"),
        ),
    ),
    _entry(
        "arctangent",
        "Arctangent",
        ("atan(x)",),
        (1.35,),
        ("-6", "6", "-2", "2"),
        "Converges from |x| < 1.39174520; from farther away each step overshoots more, from there it repeats ±1.39174520.",
        "J. E. Dennis and R. B. Schnabel, Numerical Methods for Unconstrained Optimization (1983)",
    ),
    _entry(
        "wallis",
        "Wallis' cubic",
        ("x^3 - 2*x - 5",),
        (2.0,),
        ("-3", "4", "-12", "20"),
        "The equation by which Wallis published Newton's method; its real root is 2.0945514815.",
        "J. Wallis, A Treatise of Algebra (1685)",
    ),
    _entry(
        "double-root",
        "A double root",
        ("(x - 1)^2*(x + a)",),
        (3.0,),
        ("-3", "4", "-3", "8"),
        "At the double root 1 Newton's method converges linearly, the error halved by each step; with multiplicity 2 quadratically.",
        _POLYAK,
        (Parameter("a", 2.0, -4.0, 4.0, "minus the simple root"),),
    ),
    _entry(
        "circle-hyperbola",
        "Circle and hyperbola",
        ("x^2 + y^2 - r^2", "x*y - c"),
        (1.0, 2.5),
        ("-4.8", "4.8", "-3", "3"),
        "Up to four points of intersection; on the lines x = ±y the Jacobian matrix is singular.",
        "C. T. Kelley, Solving Nonlinear Equations with Newton's Method (2003)",
        (Parameter("r", 2.0, 0.1, 4.0, "radius"), Parameter("c", 1.0, -4.0, 4.0, "the hyperbola's product")),
    ),
    _entry(
        "freudenstein-roth-equations",
        "Freudenstein and Roth's equations",
        ("-13 + x + ((5 - y)*y - 2)*y", "-29 + x + ((y + 1)*y - 14)*y"),
        (0.5, -2.0),
        ("-20", "40", "-6", "8"),
        "The only root is (5, 4); near (11.41, −0.8968) |f| has a minimum that is not a root, at which descent ends.",
        _MORE,
    ),
    _entry(
        "brown",
        "Brown's almost linear equations",
        ("2*x + y - 3", "x*y - 1"),
        (0.5, 0.5),
        ("-3.2", "4.8", "-2", "3"),
        "Of two variables: roots (1, 1) and (1/2, 2).",
        _MORE,
    ),
    _entry(
        "unity-3",
        "z³ = 1",
        ("z^3 - 1",),
        (-0.6, 0.35),
        ("-2.4", "2.4", "-1.5", "1.5"),
        "Newton's fractal: the boundary of each root's basin is the boundary of all three.",
        _CAYLEY,
    ),
    _entry(
        "unity-4",
        "z⁴ = 1",
        ("z^4 - 1",),
        (0.7, 0.6),
        ("-2.4", "2.4", "-1.5", "1.5"),
        "Four roots on the unit circle.",
        _CAYLEY,
    ),
    _entry(
        "unity-n",
        "zⁿ = 1",
        ("z^n - 1",),
        (0.7, 0.6),
        ("-2.4", "2.4", "-1.5", "1.5"),
        "n roots on the unit circle; between whole n the power has a cut along the negative real axis.",
        _CAYLEY,
        (Parameter("n", 5.0, 2.0, 12.0, "exponent"),),
    ),
    _entry(
        "smale",
        "An open set without convergence",
        ("z^3 - 2*z + 2",),
        (0.1, 0.1),
        ("-2.4", "2.4", "-1.5", "1.5"),
        "Around the cycle 0, 1 of Newton's method lies an open set of initial points that never converge.",
        _SMALE,
    ),
    _entry(
        "cubic-family",
        "A family of cubics",
        ("z^3 + (a + b*i - 1)*z - a - b*i",),
        (0.0, 0.1),
        ("-2.4", "2.4", "-1.5", "1.5"),
        "Every cubic is similar to one of these: 1 is a root, a + bi chooses the others, and 0 is the free critical point.",
        _CURRY,
        (Parameter("a", 0.3, -2.5, 2.5, "real part of the parameter"), Parameter("b", 1.64, -2.5, 2.5, "imaginary part of the parameter")),
    ),
    _entry(
        "sine",
        "Sine",
        ("sin(z)",),
        (1.4, 0.2),
        ("-6.4", "6.4", "-4", "4"),
        "Infinitely many roots kπ, each with a basin.",
        _PEITGEN,
    ),
    _entry(
        "rational",
        "A rational function",
        ("(z^3 - 1)/(z^2 + a)",),
        (0.4, 0.8),
        ("-3.2", "3.2", "-2", "2"),
        "Three roots and two poles; at a pole, where f is infinite, Newton's map has a repelling fixed point.",
        _PEITGEN,
        (Parameter("a", 1.0, -4.0, 4.0, "minus the poles' square"),),
    ),
)

EQUATIONS: dict[str, Equations] = {entry.name: entry for entry in _EQUATIONS}
"""The library by name."""


def find_equations(name: str) -> Equations:
    """The equations of that name, or those that the text `name` says.

    Raises ValueError in one line on an unknown name; ExpressionError, with the position, on text that says no equation.
    """
    if name in EQUATIONS:
        return EQUATIONS[name]
    if looks_like_a_name(name, ("x", "y", "z")):
        raise ValueError(f"there is no equation {name!r}; the equations are {', '.join(EQUATIONS)}, or write one such as x^2 - 2")
    return equations_from(name)


def equation_text(equations: Equations) -> str:
    """The name of equations of the library, else their text, with "= 0", by which it is distinguished from an objective."""
    return equations.name if equations.name in EQUATIONS else JOINT.join(f"{text} = 0" for text in equations.texts())


def says_equation(text: str) -> bool:
    """Whether a text is a name of the library, or an equation by its sign of equality or semicolon, rather than an objective."""
    return text in EQUATIONS or has_equality(text)
