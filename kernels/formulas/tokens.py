"""Tokenizer of formulas, with error messages for invalid text.

Valid text is a short sequence of plain numbers, names, operators and matched brackets, and only this is passed to Python's parser. Each
error is one line with its position.
"""

import difflib
import keyword
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kernels.validation import grouped

LONGEST = 500
"""Maximum number of characters of a formula."""

DEEPEST = 50
"""Maximum depth of nested brackets and operations."""

LONGEST_NAME = 32

SIGNS = {"×": "*", "·": "*", "⋅": "*", "÷": "/", "−": "-", "–": "-", "≤": "<=", "≥": ">=", "≠": "!=", "^": "**"}
"""Signs with the operators that they stand for; `^` is a power."""

GREEK = {
    **{"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ", "kappa": "κ"},
    **{"lam": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "chi": "χ", "psi": "ψ"},
    **{"omega": "ω", "pi": "π"},
}
"""Names of Greek letters, which may be typed as well."""

POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
"""Superscript digits."""

SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
"""Subscript digits."""

_LETTERS = {letter: name for name, letter in GREEK.items()}
_DIGITS = {digit: str(value) for value, digit in enumerate(SUBSCRIPTS)}
letters = "".join(_LETTERS)
"""The Greek letters that may be typed."""

_WORDS = ("and", "or", "not")

_BINARY = {"+", "-", "*", "/", "%", "**", "<", "<=", ">", ">=", "==", "!=", "and", "or"}
_UNARY = {"+", "-", "not"}
_PAIRS = {")": "(", "]": "["}

_PIECE = re.compile(
    rf"(?P<space>[ \t]+)"
    rf"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    rf"|(?P<name>(?:[A-Za-z_][A-Za-z0-9_]*|[{letters}])[{SUBSCRIPTS}]*)"
    rf"|(?P<root>√)"
    rf"|(?P<power>[{POWERS}]+)"
    rf"|(?P<sign>\*\*|//|<=|>=|==|!=|[-+*/%^<>=(),\[\]{''.join(sign for sign in SIGNS if sign != '^')}])"
    rf"|(?P<other>.)",
    re.DOTALL,
)

_HINTS = {
    "//": "write floor(a/b) for a whole quotient",
    "=": "type only the right-hand side, or == to compare",
    ".": "attributes are not allowed, and a number needs a digit",
    ":": "ranges are not allowed",
    "!": "write != for unequal",
    "&": "write and",
    "|": "write or, or abs(x)",
    "~": "write not",
    "'": "strings are not allowed",
    '"': "strings are not allowed",
    "\n": "write the formula in one line",
}
_ALLOWED = "a formula has numbers, names, + - * / ^ % ( ) , comparisons, and functions such as sin"


class ExpressionError(ValueError):
    """A text is not a valid formula. `line`: the error in one line; `column`: its position, from 0."""

    def __init__(self, line: str, column: int) -> None:
        super().__init__(line)
        self.line, self.column = line, column


@dataclass(frozen=True)
class Token:
    """A token: its kind (number, name, root, sign or end), its text in Python, and its column."""

    kind: str
    text: str
    column: int


def short(text: str) -> str:
    """A text for a message: quoted, in one line, shortened."""
    return repr(text if len(text) <= 40 else text[:39] + "…")


def near(name: str, names: Iterable[str]) -> str:
    """A hint at the most similar known name, or an empty text."""
    found = difflib.get_close_matches(name[:60], list(names), 1, 0.6)
    return f" (do you mean {found[0]}?)" if found else ""


def check_length(text: str) -> None:
    """Raise ExpressionError where a formula is too long."""
    if len(text) > LONGEST:
        raise ExpressionError(f"the formula has {grouped(len(text))} characters; {LONGEST} are allowed", LONGEST)


def tokens(text: str) -> list[Token]:
    """Tokens of `text`, the last one its end. Raises ExpressionError on invalid text."""
    check_length(text)
    if not text.strip(" \t"):
        raise ExpressionError("the formula is empty; write one such as r*x*(1-x)", 0)
    return [token for match in _PIECE.finditer(text) for token in _tokens_of(match)] + [Token("end", "", len(text))]


def _tokens_of(match: re.Match[str]) -> Iterator[Token]:
    kind, piece, column = match.lastgroup, match[0], match.start()
    if kind == "number":
        yield Token("number", _number(piece, column), column)
    elif kind == "name":
        yield _name("".join(_LETTERS.get(letter, _DIGITS.get(letter, letter)) for letter in piece), column)
    elif kind == "root":
        yield Token("root", "√", column)
    elif kind == "power":
        yield Token("sign", "**", column)
        yield Token("number", _number("".join(str(POWERS.index(digit)) for digit in piece), column), column)
        if match.string[match.end() :].lstrip().startswith(("**", "^")):
            raise ExpressionError("a power of a power needs brackets: write (x^2)^3", match.end())
    elif kind == "sign" and piece not in _HINTS:
        yield Token("sign", SIGNS.get(piece, piece), column)
    elif kind != "space":
        raise ExpressionError(f"unexpected {short(piece)}: {_HINTS.get(piece, _ALLOWED)}", column)


def _number(digits: str, column: int) -> str:
    value = float(digits)
    if not math.isfinite(value):
        raise ExpressionError(f"the number {short(digits)} is too large; give one below 1e308", column)
    return repr(value)


def _name(name: str, column: int) -> Token:
    if name in _WORDS:
        return Token("sign", name, column)
    if name in ("if", "else"):
        raise ExpressionError("write a choice as where(x < 0.5, this, that)", column)
    if name.startswith("_") or "__" in name:
        raise ExpressionError(f"the name {short(name)} is not allowed; names begin with a letter and have no double underscore", column)
    if keyword.iskeyword(name):
        other = "lam" if name == "lambda" else f"{name.lower()}1"
        raise ExpressionError(f"{short(name)} is a Python keyword and cannot be a name; choose another, such as {other}", column)
    if len(name) > LONGEST_NAME:
        raise ExpressionError(f"the name {short(name)} has {len(name)} letters; {LONGEST_NAME} are allowed", column)
    return Token("name", name, column)


def check(row: list[Token], functions: Iterable[str]) -> None:
    """ExpressionError unless operands and operators take turns and brackets match, with a * wherever one multiplies."""
    known = frozenset(functions)
    open_brackets: list[tuple[Token, bool]] = []
    before, operand_next = Token("sign", "", 0), True
    for token in row[:-1]:
        if operand_next:
            operand_next = _operand(token, before, open_brackets)
        else:
            operand_next = _after_operand(token, before, open_brackets, known)
        if len(open_brackets) > DEEPEST:
            raise ExpressionError(f"the brackets are nested more than {DEEPEST} deep; that many are allowed", token.column)
        before = token
    if operand_next:
        raise ExpressionError(f"something is missing after {before.text!r}", row[-1].column)
    if open_brackets:
        bracket = open_brackets[-1][0]
        raise ExpressionError(f"the bracket {bracket.text!r} is never closed", bracket.column)


def _operand(token: Token, before: Token, open_brackets: list[tuple[Token, bool]]) -> bool:
    """Check a token in the position of an operand; returns whether an operand must follow."""
    if token.kind in ("number", "name"):
        return False
    if token.text == "(":
        open_brackets.append((token, False))
    elif token.text not in _UNARY:
        where = f"between {before.text!r} and {token.text!r}" if before.text else f"before {token.text!r}"
        raise ExpressionError(f"something is missing {where}", token.column)
    return True


def _after_operand(token: Token, before: Token, open_brackets: list[tuple[Token, bool]], functions: frozenset[str]) -> bool:
    """Check a token after an operand; returns whether an operand must follow."""
    if token.text in _PAIRS:
        if not open_brackets or open_brackets[-1][0].text != _PAIRS[token.text]:
            raise ExpressionError(f"the bracket {token.text!r} has no opening bracket", token.column)
        open_brackets.pop()
        return False
    if token.text == ",":
        if not open_brackets or not open_brackets[-1][1]:
            raise ExpressionError("a comma stands only between a function's arguments; write a decimal as 0.5", token.column)
    elif token.text == "(" and before.kind == "name" and before.text in functions:
        open_brackets.append((token, True))
    elif token.text == "[" and before.kind == "name":
        open_brackets.append((token, False))
    elif token.text == "(" and before.kind == "name" and len(before.text) > 1 and before.text not in GREEK:
        hint = near(before.text, functions)
        raise ExpressionError(f"there is no function {short(before.text)}{hint}; to multiply, write {before.text[:32]}*(…)", before.column)
    elif token.text not in _BINARY:
        raise ExpressionError("an operator is missing: write * between two factors", token.column)
    return True
