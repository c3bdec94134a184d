"""A coverage-guided fuzzer of what a person types as a formula; not one of the tests. In an environment that has atheris as well:

python tests/fuzz/fuzz_expressions.py CORPUS-FOLDER -max_total_time=300 -max_len=700 -timeout=10 -rss_limit_mb=6000
"""

import atexit
import sys
import time
from collections import Counter
from pathlib import Path

import atheris  # type: ignore[import-not-found]
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))
with atheris.instrument_imports(include=["kernels.expression", "kernels.formulas.parser"]):
    from kernels.formulas import map as expression_map
    from kernels.formulas import objective as expression_objective
    from kernels.formulas import parser as expressions
    from kernels.formulas.tree import Evaluation
from kernels.catalog import find_map, find_objective

assert expression_map and expression_objective
seen: Counter[str] = Counter()


def read(text: str, variables: tuple[str, ...], vector: str) -> None:
    """The text is a formula that can be told back, read again and worked out, or it is refused at a character."""
    try:
        found = expressions.parse(text, variables, vector)
    except expressions.ExpressionError as error:
        seen["refused"] += 1
        assert error.line.isprintable() and 0 <= error.column <= len(text), (text, error.line, error.column)
        return
    seen["read"] += 1
    assert expressions.parse(found.source, variables, vector) is found and found.text.isprintable(), (text, found)
    values = {name: np.float64(0.3) for name in (*variables, *found.parameters)} | ({vector: np.full(1000, 0.3)} if vector else {})
    with np.errstate(all="ignore"):
        assert np.shape(Evaluation("numpy", values, values).real(found.rule.tree)) == ()


def one(data: bytes) -> None:
    """One input."""
    text, began = data.decode("utf-8", "surrogateescape"), time.perf_counter()
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
    assert time.perf_counter() - began < 1.0, text


if __name__ == "__main__":
    atexit.register(lambda: print(dict(seen), flush=True))
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
