"""LaTeX of the formula of a map or objective: from the tree of a typed one, else from its text."""

import re
from dataclasses import dataclass

from kernels.equations import Equations
from kernels.formulas import GREEK, Expression, PlaneExpression, as_latex, map_expression, objective_expression
from kernels.maps import MAPS, Map
from kernels.objectives import OBJECTIVES, Objective

_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁱⁿᵏ⁄", "0123456789+-()ink/", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ᵢₙₖ", "0123456789+-ink", strict=True))
_GREEK = {letter: f"\\{name}" for name, letter in GREEK.items()} | {"λ": r"\lambda", "Ω": r"\Omega"}
_WORDS = {name: f"\\{name}" for name in ("exp", "log", "sin", "cos", "tan", "min", "max")} | {"mod": r"\bmod"}
_OPERATORS = {"−": "-", "+": "+", "=": "=", ",": r",\;", "·": r"\cdot", "…": r"\dots", "→": r"\to", "Σ": r"\sum"}
_OPERATORS |= {"⟨": r"\lvert", "⟩": r"\rvert"}

_PIECE = re.compile(
    rf"(?P<space>\s+)|(?P<number>\d+(?:\.\d+)?)|(?P<raised>[{''.join(_RAISED)}]+)|(?P<lowered>[{''.join(_LOWERED)}]+)"
    rf"|(?P<word>{'|'.join(_WORDS)})|(?P<letter>[A-Za-z{''.join(_GREEK)}])|(?P<half>½)"
    rf"|(?P<prime>′)|(?P<open>√?\()|(?P<close>\))|(?P<bar>/)|(?P<operator>[{''.join(_OPERATORS)}])"
)


def latex_of(chosen: Map | Objective | Equations) -> str:
    """LaTeX of a map, x → formula, an objective or equations; empty if it cannot be converted and is shown as plain text."""
    if isinstance(chosen, Equations):
        return _latex_of_equations(chosen)
    if isinstance(chosen, Map) and chosen.name not in MAPS:
        return latex_of_map(map_expression(chosen.name))
    try:
        if isinstance(chosen, Map):
            return _system(chosen.formula) if chosen.is_plane else text_to_latex(chosen.mapping)
        return text_to_latex(chosen.formula) if chosen.name in OBJECTIVES else as_latex(objective_expression(chosen.name).tree)
    except ValueError:
        return ""


def latex_of_map(expression: Expression | PlaneExpression) -> str:
    """LaTeX of a typed map, x → formula or the two of a map of the plane; empty if it cannot be converted."""
    try:
        if isinstance(expression, PlaneExpression):
            return _aligned([f"{name}' &= {latex}" for name, latex in expression.latex])
        return rf"x \to {as_latex(expression.tree)}"
    except ValueError:
        return ""


def _latex_of_equations(equations: Equations) -> str:
    """LaTeX of one or two equations, of two one below the other."""
    try:
        rows = [f"{as_latex(expression.tree)} &= 0" for expression in equations.expressions]
    except ValueError:
        return ""
    return rows[0].replace("&", "") if len(rows) == 1 else r"\begin{aligned}" + r" \\ ".join(rows) + r"\end{aligned}"


def _system(formula: str) -> str:
    """LaTeX of the formulas of a map of the plane, and of what they abbreviate, one below the other."""
    rows = [text_to_latex(row.strip()).replace("=", "&=", 1) for row in re.split("[;,]", formula)]
    return _aligned(rows)


def _aligned(rows: list[str]) -> str:
    return r"\begin{aligned}" + r" \\ ".join(rows) + r"\end{aligned}"


@dataclass
class _Atom:
    """A number, letter or bracket with its powers and indices; `bare`: content of the bracket, for use in a fraction."""

    tex: str
    bare: str = ""

    @property
    def in_fraction(self) -> str:
        """LaTeX as the numerator or denominator of a fraction."""
        return self.bare or self.tex


def text_to_latex(text: str) -> str:
    """LaTeX of a plain formula such as `a x − x²/2`. Raises ValueError on an unknown character."""
    text = re.sub(r"\|([^|]*)\|", r"⟨\1⟩", text)
    pieces: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        found = _PIECE.match(text, at)
        if found is None:
            raise ValueError(f"{text[at]!r} is not known in a formula")
        pieces.append((str(found.lastgroup), found[0]))
        at = found.end()
    atoms, rest = _row(pieces, False)
    if rest:
        raise ValueError("a bracket is closed that was not opened")
    return _joined(atoms)


def _joined(atoms: list[_Atom]) -> str:
    return " ".join(atom.tex for atom in atoms)


def _row(pieces: list[tuple[str, str]], nested: bool) -> tuple[list[_Atom], list[tuple[str, str]]]:
    """The atoms up to the closing bracket, or the end; and the pieces after it."""
    atoms: list[_Atom] = []
    while pieces:
        kind, piece = pieces[0]
        if kind == "close":
            return (atoms, pieces[1:]) if nested else (atoms, pieces)
        if kind == "bar":
            if not atoms:
                raise ValueError("a fraction has no numerator")
            denominator, pieces = _adjacent(pieces[1:])
            atoms[-1] = _Atom(rf"\frac{{{atoms[-1].in_fraction}}}{{{denominator}}}")
        elif kind in ("raised", "lowered"):
            if not atoms:
                raise ValueError("an exponent has no base")
            script = "".join((_RAISED if kind == "raised" else _LOWERED)[sign] for sign in piece)
            # The plain text has to bracket an exponent such as ⁱ⁄⁽ⁿ⁻¹⁾, which reads the same in LaTeX.
            atoms[-1] = _Atom(f"{atoms[-1].tex}{'^' if kind == 'raised' else '_'}{{{script}}}")
            pieces = pieces[1:]
        elif kind == "prime" and atoms:
            atoms[-1], pieces = _Atom(atoms[-1].tex + "'"), pieces[1:]
        elif kind == "space":
            pieces = pieces[1:]
        else:
            atom, pieces = _atom(pieces)
            atoms.append(atom)
    if nested:
        raise ValueError("a bracket is not closed")
    return atoms, pieces


def _atom(pieces: list[tuple[str, str]]) -> tuple[_Atom, list[tuple[str, str]]]:
    (kind, piece), rest = pieces[0], pieces[1:]
    if kind == "open":
        inner, rest = _row(rest, True)
        content = _joined(inner)
        root = piece.startswith("√")
        return (_Atom(rf"\sqrt{{{content}}}") if root else _Atom(rf"\left({content}\right)", content)), rest
    if kind == "half":
        return _Atom(r"\tfrac{1}{2}"), rest
    return _Atom({"word": _WORDS, "letter": _GREEK, "operator": _OPERATORS}.get(kind, {}).get(piece, piece)), rest


def _adjacent(pieces: list[tuple[str, str]]) -> tuple[str, list[tuple[str, str]]]:
    """A denominator: the atoms that follow without a space, as in k/2π."""
    while pieces and pieces[0][0] == "space":
        pieces = pieces[1:]
    end = next((n for n, (kind, _) in enumerate(pieces) if kind not in ("number", "letter", "raised", "lowered")), len(pieces))
    if end:
        atoms, _ = _row(pieces[:end], False)
        return _joined(atoms), pieces[end:]
    if not pieces:
        raise ValueError("a fraction has no denominator")
    atom, rest = _atom(pieces)
    return atom.in_fraction, rest
