"""Data files: arrays (npz), tables (csv) and objects (json), each written in one call."""

import codecs
import csv
import json
from collections.abc import Iterable, Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray


def write_arrays(file: IO[bytes], arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, Any]) -> None:
    """Write an npz file of these arrays and of `metadata`, a JSON text; without pickled objects."""
    named: dict[str, Any] = {**arrays, "metadata": np.array(json.dumps(metadata, ensure_ascii=False))}
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
    """Write a JSON file of one object, a line for each key. Raises ValueError if a number is infinite or NaN."""
    lines = (f"{json.dumps(key)}: {json.dumps(value, allow_nan=False, ensure_ascii=False)}" for key, value in found.items())
    file.write(("{\n" + ",\n".join(lines) + "\n}\n").encode())
