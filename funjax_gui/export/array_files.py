"""Data files: arrays (npz), tables (csv) and objects (json), each written in one call."""

import codecs
import csv
import json
import math
from collections.abc import Iterable, Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray


def write_arrays(file: IO[bytes], arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, Any]) -> None:
    """Write an npz file of these arrays and of `metadata`, a JSON text; without pickled objects."""
    named: dict[str, Any] = {**arrays, "metadata": np.array(_json(metadata))}
    np.savez_compressed(file, **named)


def write_table(file: IO[bytes], columns: Mapping[str, NDArray[Any]], comments: Iterable[str] = ()) -> None:
    """Write a csv file: comment lines, which begin with #, the names of the columns, and one line for each element.

    Floats have the shortest exact digits.
    """
    file.writelines(f"# {' '.join(line.splitlines())}".rstrip().encode() + b"\n" for line in comments)
    table = csv.writer(codecs.getwriter("utf-8")(file), lineterminator="\n")
    table.writerow(columns)
    table.writerows(zip(*(array.tolist() for array in columns.values()), strict=True))


def write_object(file: IO[bytes], found: Mapping[str, Any]) -> None:
    """Write a JSON file of one object, a line for each key. Infinite numbers and NaN, which JSON does not have, are null."""
    lines = (f"{json.dumps(key)}: {_json(value)}" for key, value in found.items())
    file.write(("{\n" + ",\n".join(lines) + "\n}\n").encode())


def _json(value: Any) -> str:
    return json.dumps(_with_nulls(value), allow_nan=False, ensure_ascii=False)


def _with_nulls(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _with_nulls(part) for key, part in value.items()}
    return list(map(_with_nulls, value)) if isinstance(value, list | tuple) else value
