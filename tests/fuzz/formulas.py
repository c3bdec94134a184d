"""A fuzzer of what a person types as a formula: python tests/fuzz/formulas.py --seconds 60 --seed 1

A formula is read, told back, read again and worked out, or refused at a character, within a second. `atheris_formulas.py` does the same
guided by coverage.
"""

import time
from collections import Counter

import numpy as np
from program import Clock, mutated

from kernels.catalog import find_map, find_objective
from kernels.formulas import parser
from kernels.formulas.tree import Evaluation
from kernels.maps import MAPS

LONGEST = 1.0
"""Seconds of this thread that one text may take."""

PIECES = "x y r a b x1 x[0] pi e sin( cos( sqrt( sum( where( exp( ( ) [ ] + - * / ^ ** % < >= == , .".split()
PIECES += "0 1 2.5 1e400 1e-9 π² λ x̂ __ and not".split()
BEGINNINGS = ["r*x*(1-x)", "sin(a*x)^2 + b", "(x^2 + y - 11)^2 + (x + y^2 - 7)^2", "sum(x^2) + x[0]", "where(x < 0.5, a*x, a*(1-x))"]

seen: Counter[str] = Counter()


def read(text: str, variables: tuple[str, ...], vector: str) -> None:
    """The text is a formula that can be told back, read again and worked out, or it is refused at a character."""
    try:
        found = parser.parse(text, variables, vector)
    except parser.ExpressionError as error:
        seen["refused"] += 1
        assert error.line.isprintable() and 0 <= error.column <= len(text), (text, error.line, error.column)
        return
    seen["read"] += 1
    assert parser.parse(found.source, variables, vector) is found and found.text.isprintable(), (text, found)
    values = {name: np.float64(0.3) for name in (*variables, *found.parameters)} | ({vector: np.full(1000, 0.3)} if vector else {})
    with np.errstate(all="ignore"):
        assert np.shape(Evaluation("numpy", values, values).real(found.rule.tree)) == ()


def one(data: bytes) -> float:
    """The seconds that this text takes."""
    text, began = data.decode("utf-8", "surrogateescape"), time.thread_time()
    seen["inputs"] += 1
    for variables, vector in ((("x",), ""), (("x",), "x"), (("x", "y"), "")):
        read(text, variables, vector)
    for find in (find_map, find_objective):
        try:
            found = find(text)
        except ValueError as error:
            assert str(error).isprintable(), text
        else:
            seen[find.__name__] += 1
            assert find(found.name) is found, (text, found.name)
    seconds = time.thread_time() - began
    assert seconds < LONGEST, (seconds, text)
    return seconds


def main() -> None:
    clock, slowest = Clock("Fuzz formulas."), 0.0
    pieces = [f"{piece} ".encode() for piece in PIECES]
    begun = [text.encode() for text in (*BEGINNINGS, *MAPS)]
    while clock.runs:
        text = clock.random.choice(begun) if clock.random.random() < 0.7 else b"".join(clock.random.choices(pieces, k=12))
        slowest = max(slowest, one(mutated(clock.random, text, pieces)))
    print(f"formulas: seed {clock.seed}, {dict(seen)}, slowest {1000 * slowest:.0f} ms")


if __name__ == "__main__":
    main()
