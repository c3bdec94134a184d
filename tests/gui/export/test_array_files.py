"""Data files read back by numpy, csv and json are what was written."""

import csv
import io
import json
import math

import numpy as np
import pytest

from funjax_gui.export import write_arrays, write_object, write_table

NUMBERS = np.array([0.1, 1 / 3, 5e-324, -1.7976931348623157e308, np.inf, -np.inf, np.nan, -0.0])


def test_arrays_keep_their_types_shapes_and_names() -> None:
    arrays = {
        "newton/x": NUMBERS.reshape(2, 4),
        "none": np.empty((0, 2)),
        "names": np.array(["α", "b,c"]),
        "counts": np.arange(3, dtype=np.uint16),
    }
    file = io.BytesIO()
    write_arrays(file, arrays, {"map": "x → y"})
    with np.load(io.BytesIO(file.getvalue()), allow_pickle=False) as read:
        assert set(read.files) == {*arrays, "metadata"}
        for name, array in arrays.items():
            np.testing.assert_array_equal(read[name], array)
            assert read[name].dtype == array.dtype
        assert json.loads(str(read["metadata"])) == {"map": "x → y"}


def test_a_table_has_every_digit_and_quotes_what_needs_it() -> None:
    file = io.BytesIO()
    write_table(file, {"x": NUMBERS, "n": np.arange(8), "word": np.array(["α", 'a "b", c', *"defghi"])})
    assert file.getvalue().decode().splitlines()[:2] == ["x,n,word", "0.1,0,α"]
    rows = list(csv.DictReader(io.StringIO(file.getvalue().decode())))
    np.testing.assert_array_equal([float(row["x"]) for row in rows], NUMBERS)
    assert [row["n"] for row in rows] == list("01234567")
    assert rows[1]["word"] == 'a "b", c'


def test_an_object_is_json_with_a_line_for_each_key() -> None:
    file = io.BytesIO()
    write_object(file, {"x": [0.1, None], "note": "λ", "none": {}})
    assert file.getvalue().decode() == '{\n"x": [0.1, null],\n"note": "λ",\n"none": {}\n}\n'


def test_numbers_that_json_does_not_have_are_null_at_any_depth() -> None:
    file = io.BytesIO()
    write_object(file, {"x": NUMBERS.tolist(), "of": {"pair": (math.nan, 1.5)}})
    written = json.loads(file.getvalue(), parse_constant=pytest.fail)
    assert written["of"] == {"pair": [None, 1.5]}
    assert [value is None for value in written["x"]] == [not math.isfinite(value) for value in NUMBERS]
