"""What a formula on paper leaves out: the sign of a product, the brackets of a function's argument, and what stands left of the =.

    r x(1-x)        r*x*(1-x)            2 sin πx        2*sin(pi*x)
    ax + √2         a*x+sqrt(2)          f(x) = x² + c   x**2+c

A product binds as if its sign were written, so 1/2x is (1/2)*x. What has two common readings is refused, with both of them.
"""

import re
from collections.abc import Collection, Iterator

from kernels.formulas.tokens import GREEK, ExpressionError, Token, letters

_LEFT_SIDE = re.compile(
    rf"\s*(?:[A-Za-z{letters}]\s*\([^()=<>]*\)|x_\{{?\s*n\s*\+\s*1\s*\}}?|xₙ₊₁|[A-Za-z{letters}]['′]?)\s*(?:=(?!=)|:=|→|↦|->)"
)
"""f(x) =, f(x, y) =, x_{n+1} =, y =, x' =, x →."""

_STATE = re.compile(r"x_\{n\}|x_n(?![A-Za-z0-9_])|xₙ")
"""The present state, where the next one is called x_{n+1}."""


def right_side(text: str) -> str:
    """The right-hand side of an equation such as f(x) = …, with x for x_n; the positions of its characters do not change."""
    left = _LEFT_SIDE.match(text)
    if left is not None:
        text = " " * left.end() + text[left.end() :]
    return _STATE.sub(lambda found: "x".ljust(len(found[0])), text)


def complete(row: list[Token], functions: Collection[str]) -> list[Token]:
    """The pieces of a formula with all signs and brackets written. ExpressionError where they could go in two places."""
    return _Writer(list(_split(row, functions)), functions).written()


def _split(row: list[Token], functions: Collection[str]) -> Iterator[Token]:
    """The pieces with names such as ax in two: one letter, or Greek letter, and a variable.

    The variable is x, or a name that stands alone elsewhere in the formula.
    """
    alone = {"x", *(token.text for token in row if token.kind == "name")}
    for token in row:
        parts = [(first, token.text.removeprefix(first)) for first in (token.text[:1], *GREEK) if token.text.startswith(first)]
        parts = [(first, rest) for first, rest in parts if rest in alone and rest in ("x", "y")]
        if token.kind != "name" or token.text in functions or not parts:
            _refuse_joined(token, functions)
            yield token
            continue
        first, rest = parts[-1]
        yield Token("name", first, token.column)
        yield Token("name", rest, token.column)


def _refuse_joined(token: Token, functions: Collection[str]) -> None:
    """ExpressionError for a function and x written as one word."""
    name = token.text[:-1]
    if token.kind == "name" and token.text.endswith("x") and name in functions:
        raise ExpressionError(f"write {name}(x) for {token.text}", token.column)


class _Writer:
    """Writes the row out, from left to right."""

    def __init__(self, row: list[Token], functions: Collection[str]) -> None:
        self._row, self._functions, self._out, self._at = row, functions, list[Token](), 0

    def written(self) -> list[Token]:
        while self._at < len(self._row):
            self._take()
        return self._out

    def _take(self) -> None:
        token = self._row[self._at]
        if self._is_product(token):
            self._out.append(Token("sign", "*", token.column))
        self._at += 1
        if token.kind == "root":
            self._out.append(Token("name", "sqrt", token.column))
            self._root()
        else:
            self._out.append(token)
            if self._is_function(token) and (self._begins_argument(self._next) or self._next.text == "**"):
                self._argument(token)

    @property
    def _next(self) -> Token:
        return self._row[min(self._at, len(self._row) - 1)]

    def _is_function(self, token: Token) -> bool:
        return token.kind == "name" and token.text in self._functions

    def _begins_argument(self, token: Token) -> bool:
        """Whether this may follow a function without brackets."""
        return token.kind in ("number", "root") or (token.kind == "name" and token.text not in self._functions)

    def _is_product(self, token: Token) -> bool:
        """Whether a * belongs between what is written and this."""
        before = self._out[-1] if self._out else Token("sign", "", 0)
        if token.kind not in ("number", "name", "root") and token.text != "(":
            return False
        if before.text in (")", "]"):
            return token.kind != "number"
        if before.kind == "number":
            return token.kind != "number"
        if before.kind != "name" or before.text in self._functions or token.kind == "number":
            return False
        # A longer name before a bracket is rather a function's, misspelt.
        return token.text != "(" or len(before.text) == 1 or before.text in GREEK

    def _root(self) -> None:
        """The brackets of a root, which takes one number, one name, or a bracket."""
        root, operand = self._out[-1], self._next
        if operand.text == "(":
            return
        if operand.kind == "end" or not self._begins_argument(operand) or operand.kind == "root":
            raise ExpressionError("√ is followed by a number, a name or a bracket: write √2, √x or √(x+1)", root.column)
        self._out += [Token("sign", "(", operand.column), operand, Token("sign", ")", operand.column)]
        self._at += 1
        if self._next.text == "**":
            raise ExpressionError(f"write √({operand.text}^2) or (√{operand.text})^2: without brackets both could be meant", root.column)

    def _argument(self, function: Token) -> None:
        """The brackets of a function's argument: numbers and names multiplied, and their powers."""
        name = function.text
        if self._next.text == "**":
            raise ExpressionError(f"write {name}(x)^2 for the power of a function's value", self._next.column)
        self._out.append(Token("sign", "(", self._next.column))
        while self._begins_argument(self._next) or self._next.text == "**":
            self._take()
        if self._next.text == "(":
            raise ExpressionError(f"write {name}(…) with brackets: where its argument ends could be read in two ways", function.column)
        self._out.append(Token("sign", ")", self._next.column))
