"""Spoken form of formulas in a subset of LaTeX, for screen readers.

Unknown commands are refused and length and depth are bounded: a formula of a tour is typeset only if it has a spoken form, so that
typesetting can neither take long nor fail.
"""

import re
from collections.abc import Mapping

LONGEST = 300
"""Maximum number of characters of a formula."""

DEEPEST = 8
"""Maximum depth of nested braces."""

_GREEK = "alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau phi varphi chi psi omega"
_CAPITALS = "Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"

SYMBOLS: Mapping[str, str] = {
    **{name: name for name in f"{_GREEK} {_CAPITALS}".split()},
    **{name: name for name in "ln log exp sin cos tan sinh cosh tanh min max det dim".split()},
    **dict.fromkeys((",", ";", ":", "!", " ", "quad", "qquad"), ""),
    "Delta": "delta",
    "ast": "star",
    "approx": "is about",
    "bmod": "modulo",
    "cdot": "times",
    "cdots": "and so on",
    "circ": "after",
    "dots": "and so on",
    "equiv": "is the same as",
    "ge": "is at least",
    "geq": "is at least",
    "gg": "is much more than",
    "in": "in",
    "infty": "infinity",
    "int": "integral",
    "ldots": "and so on",
    "le": "is at most",
    "leq": "is at most",
    "lim": "limit",
    "ll": "is much less than",
    "lvert": "bar",
    "lVert": "norm",
    "mapsto": "maps to",
    "nabla": "gradient",
    "ne": "is not",
    "neq": "is not",
    "partial": "d",
    "pm": "plus or minus",
    "prime": "prime",
    "prod": "product",
    "propto": "is proportional to",
    "rightarrow": "to",
    "rvert": "bar",
    "rVert": "norm",
    "sim": "is like",
    "sum": "sum",
    "times": "times",
    "to": "to",
    "top": "transposed",
    "|": "norm",
    "{": "brace",
    "}": "brace",
}
"""Spoken forms of commands without arguments."""

ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "bar": ("{} bar",),
    "frac": ("{}", "over {}"),
    "hat": ("{} hat",),
    "mathbb": ("{}",),
    "mathbf": ("{}",),
    "mathcal": ("{}",),
    "mathrm": ("{}",),
    "operatorname": ("{}",),
    "overline": ("{} bar",),
    "sqrt": ("root of {}",),
    "text": ("{}",),
    "tfrac": ("{}", "over {}"),
    "tilde": ("{} tilde",),
    "underbrace": ("{}",),
}
"""Spoken forms of commands with arguments in braces."""

ENVIRONMENTS: Mapping[str, str] = {"aligned": "", "cases": "in cases", "pmatrix": "matrix"}

LIMITS: Mapping[str, tuple[str, str]] = dict.fromkeys(("\\sum", "\\prod", "\\int"), ("from", "to")) | {"\\lim": ("as", "to")}
"""Spoken forms of the lower and upper limits of these."""

_DELIMITERS: Mapping[str, str] = {sign: sign for sign in "()[]"} | {".": "", "|": "bar", "\\|": "norm", "\\{": "brace", "\\}": "brace"}

_CHARACTERS: Mapping[str, str] = {
    "+": "plus",
    "-": "minus",
    "=": "equals",
    "<": "less than",
    ">": "greater than",
    "|": "bar",
    "'": "prime",
    "/": "over",
    "&": "",
    "~": "",
}
_POWERS: Mapping[str, str] = {"2": "squared", "3": "cubed", "-1": "inverse", "T": "transposed"}
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
_PLAIN = re.compile(r"[A-Za-z0-9.,;:!?()\[\]…]|\d+(?:\.\d+)?")


def words(tex: str) -> str:
    """Spoken form of the formula `tex`. Raises ValueError, in one line, if it is empty, too long, too deep or has an unknown command."""
    if len(tex) > LONGEST:
        raise ValueError(f"the formula has {len(tex)} characters; {LONGEST} are allowed")
    words = " ".join(_Reader(tex).row("").split())
    if not words:
        raise ValueError("the formula is empty; write it in LaTeX between the dollar signs, such as $x_n$")
    return re.sub(r" (?=[,.;:!?)\]…])|(?<=[(\[]) ", "", words)


def _shown(name: str) -> str:
    return f"\\{name}" if name.isprintable() else repr(f"\\{name}")


class _Reader:
    """A recursive-descent reader of tokens."""

    def __init__(self, tex: str) -> None:
        self._tokens = _TOKEN.findall(tex)
        self._at = self._depth = 0
        self._limits = ("sub", "")

    def row(self, end: str) -> str:
        """Spoken form up to and including the token `end`; "" is the end of the formula."""
        words: list[str] = []
        while (token := self._next()) != end:
            if not token:
                raise ValueError(f"the formula ends before its {end}")
            words.append(self._spoken(token))
        return " ".join(words)

    def _next(self) -> str:
        token = self._tokens[self._at] if self._at < len(self._tokens) else ""
        self._at += 1
        return token

    def _spoken(self, token: str) -> str:
        if token == "{":
            return self._nested("}")
        if token in ("^", "_"):
            return self._raised(token)
        self._limits = LIMITS.get(token, ("sub", ""))
        if token[0] == "\\":
            return self._command(token[1:])
        if token in _CHARACTERS or token.isspace():
            return _CHARACTERS.get(token, "")
        if not _PLAIN.fullmatch(token):
            raise ValueError(f"{token!r} is not allowed in a formula; write LaTeX such as x_{{n+1}} = a \\, x_n")
        return token

    def _nested(self, end: str) -> str:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ValueError(f"the formula's braces are more than {DEEPEST} deep; that many are allowed")
        words = self.row(end)
        self._depth -= 1
        return words

    def _delimiter(self, name: str) -> str:
        token = self._next()
        if token not in _DELIMITERS:
            raise ValueError(f"the formula has no bracket after \\{name}; write \\left( … \\right)")
        return _DELIMITERS[token]

    def _raised(self, sign: str) -> str:
        start, (below, above) = self._at, self._limits
        words = self._argument(f"a {sign}")
        self._limits = (below, above)
        if sign == "_":
            return f"{below} {words}"
        if above:
            return f"{above} {words}"
        tex = "".join(self._tokens[start : self._at]).strip("{}")
        return _POWERS.get(tex) or (words if words in ("prime", "star", "transposed") else f"to the power {words}")

    def _argument(self, after: str) -> str:
        while (token := self._next()).isspace():
            pass
        if token in ("", "}", "^", "_"):
            raise ValueError(f"the formula has nothing after {after}")
        return self._spoken(token)

    def _command(self, name: str) -> str:
        if name in SYMBOLS:
            return SYMBOLS[name]
        if name == "\\":
            return ","
        if name == "begin":
            return self._environment()
        if name == "left":
            return " ".join((self._delimiter("left"), self._nested("\\right"), self._delimiter("right")))
        if name not in ARGUMENTS:
            raise ValueError(f"{_shown(name)} is not known here; write the formula with the commands of docs/tours.md")
        return " ".join(form.format(self._braced(name)) for form in ARGUMENTS[name])

    def _braced(self, name: str) -> str:
        token = self._next()
        if token != "{":
            raise ValueError(f"the formula has no brace after \\{name}; write \\{name}{{…}}")
        return self._text() if name in ("text", "operatorname") else self._nested("}")

    def _text(self) -> str:
        """Plain text within a formula."""
        words = ""
        while (token := self._next()) != "}":
            if not token or token[0] in "\\{$^_" or not token.isprintable():
                raise ValueError("a formula's \\text{…} takes plain words")
            words += token
        return words

    def _environment(self) -> str:
        name = self._name()
        if name not in ENVIRONMENTS:
            raise ValueError(f"\\begin{{{name[:20]}}} is not known here; there are {', '.join(ENVIRONMENTS)}")
        words = self._nested("\\end")
        if (other := self._name()) != name:
            raise ValueError(f"\\begin{{{name}}} is ended by \\end{{{other[:20]}}}")
        return f"{ENVIRONMENTS[name]} {words}"

    def _name(self) -> str:
        if self._next() != "{":
            raise ValueError("the formula has a \\begin or \\end without its name in braces")
        return self._text()
