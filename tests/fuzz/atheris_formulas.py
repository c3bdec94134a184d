"""The fuzzer of formulas guided by coverage; not one of the tests. In an environment that has atheris as well:

python tests/fuzz/atheris_formulas.py CORPUS-FOLDER -max_total_time=300 -max_len=700 -timeout=10 -rss_limit_mb=6000
"""

import atexit
import sys

import atheris  # type: ignore[import-not-found]

with atheris.instrument_imports(include=["kernels.formulas"]):
    from formulas import one, seen


def check(data: bytes) -> None:
    """One input."""
    one(data)


if __name__ == "__main__":
    atexit.register(lambda: print(dict(seen), flush=True))
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
