"""Numbers as files: arrays (npz), tables (csv) and objects (json), each written to a binary file in one call."""

import codecs
import csv
import json
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray


def write_arrays(file: IO[bytes], arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, Any]) -> None:
    """An npz file of these arrays and one called `metadata`, which is a JSON text; no element is an object."""
    named: dict[str, Any] = {**arrays, "metadata": np.array(json.dumps(metadata, ensure_ascii=False))}
    np.savez_compressed(file, **named)


def write_table(file: IO[bytes], columns: Mapping[str, NDArray[Any]]) -> None:
    """A csv file: the columns' names, then one line for each element, floats with the fewest digits that give them back."""
    table = csv.writer(codecs.getwriter("utf-8")(file), lineterminator="\n")
    table.writerow(columns)
    table.writerows(zip(*(array.tolist() for array in columns.values()), strict=True))


def write_object(file: IO[bytes], found: Mapping[str, Any]) -> None:
    """A JSON file of one object, a line for each key. ValueError where a number is infinite or undefined."""
    lines = (f"{json.dumps(key)}: {json.dumps(value, allow_nan=False, ensure_ascii=False)}" for key, value in found.items())
    file.write(("{\n" + ",\n".join(lines) + "\n}\n").encode())
