"""The cells of docs/notebook.ipynb, run one after the other in this process; `make docs` runs them in Jupyter and draws the pictures."""

import contextlib
import io
import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from kernels.maps import MAPS, own

NOTEBOOK = Path(__file__).parent.parent / "docs/notebook.ipynb"


def test_the_notebook_runs_and_says_what_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "agg")
    if "matplotlib" in sys.modules:  # by an earlier test, which has chosen windows
        sys.modules["matplotlib"].use("agg")
    monkeypatch.setattr(own, "_own", set())
    monkeypatch.setitem(MAPS, "steep", None)
    monkeypatch.delitem(MAPS, "steep")
    cells = [cell for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    # A cell's tags name the optional packages that it needs.
    wanted = [cell for cell in cells if all(map(find_spec, cell["metadata"].get("tags", ())))]
    assert len(wanted) >= 7 and not any(cell["outputs"] for cell in cells)
    space: dict[str, Any] = {"__name__": "notebook"}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for cell in wanted:
            exec(compile("".join(cell["source"]), cell["id"], "exec"), space)
    frame, growth = space["frame"], space["growth"]
    assert abs(space["three"] - (1 + 8**0.5)) < 2 * 1.1 / 900
    assert abs(growth.columns[growth.period == 1].max() - 1.5) < 0.02
    assert int(frame.counts.sum() + frame.outside.sum()) == 2000 * 900
    assert "period 1: [0.631354 0.189406], flip saddle" in printed.getvalue()
    assert {tuple(root) for root in space["basins"].roots.round(6).tolist()} >= {(1.0, 0.0), (-0.5, 0.866025), (-0.5, -0.866025)}
