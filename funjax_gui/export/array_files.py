"""Numbers as files: npz and csv (arrays), json; and those of a bifurcation diagram.

Each writer takes a binary file and is a generator of the share that is done, in steps of some milliseconds.
"""

import itertools
import json
import math
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from kernels.bifurcation import BifurcationFrame

STRIP = 1 << 18
"""Bytes, about, that are written in one step."""

COLUMN_ARRAYS = ("period", "multiplier", "lyapunov", "outside", "skipped")
"""What a frame knows of each column, beside the parameter's value."""


def write_npz(file: IO[bytes], frame: BifurcationFrame, session: str) -> Iterator[float]:
    """Arrays by name: counts (rows, columns), top row first; columns, rows (their values); one of each of COLUMN_ARRAYS.

    `metadata` is a JSON text: map, parameters, steps, precision, device, and the session that makes the arrays again.
    """
    arrays = {
        "counts": frame.counts,
        "columns": frame.columns,
        "rows": frame.request.grid.row_values(),
        **{name: getattr(frame, name) for name in COLUMN_ARRAYS},
    }
    return write_arrays(file, arrays, _metadata(frame, session))


def write_arrays(file: IO[bytes], arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, Any]) -> Iterator[float]:
    """An npz file of these arrays and one called `metadata`, which is a JSON text; no element is an object."""
    arrays = {**arrays, "metadata": np.array(json.dumps(metadata, ensure_ascii=False))}
    total = sum(array.nbytes for array in arrays.values())
    done = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                for size in _write_array(member, array):
                    done += size
                    yield done / total


def _write_array(file: IO[bytes], array: NDArray[Any]) -> Iterator[int]:
    """Write an npy file, strip by strip; yields the bytes of each strip."""
    header = {"descr": np.lib.format.dtype_to_descr(array.dtype), "fortran_order": False, "shape": array.shape}
    np.lib.format.write_array_header_1_0(file, header)
    rows = np.atleast_1d(array)
    step = max(1, STRIP // max(1, rows[0].nbytes if len(rows) else 1))
    for start in range(0, len(rows), step):
        strip = rows[start : start + step]
        file.write(np.ascontiguousarray(strip).tobytes())
        yield strip.nbytes


def _metadata(frame: BifurcationFrame, session: str) -> dict[str, Any]:
    request = frame.request
    return {
        "software": "funjax",
        "map": request.map,
        "sweep": request.sweep,
        "parameters": dict(request.parameters),
        "start": request.start,
        "transient": frame.transient,
        "samples": frame.samples,
        "precision": frame.precision,
        "device": frame.device,
        "session": session,
    }


def write_csv(file: IO[bytes], frame: BifurcationFrame, session: str) -> Iterator[float]:
    """One line a column of the picture, from left to right, under a line of names; nan and -inf as Python reads them."""
    return write_table(file, {frame.request.sweep: frame.columns, **{name: getattr(frame, name) for name in COLUMN_ARRAYS}})


def write_table(file: IO[bytes], columns: Mapping[str, NDArray[Any]]) -> Iterator[float]:
    """A csv file: the columns' names, then one line for each element; numbers as Python reads them, text as it is."""
    file.write((",".join(columns) + "\n").encode())
    step, count = STRIP // 64, len(next(iter(columns.values())))
    for start in range(0, count, step):
        rows = zip(*(array[start : start + step].tolist() for array in columns.values()), strict=True)
        lines = (",".join(cell if isinstance(cell, str) else repr(cell) for cell in row) for row in rows)
        file.write("".join(line + "\n" for line in lines).encode())
        yield min(1.0, (start + step) / count)


def write_object(file: IO[bytes], found: Mapping[str, Any]) -> Iterator[float]:
    """A JSON file of data that has nothing infinite or undefined in it, a line for each key. ValueError where it has."""
    for index, (key, value) in enumerate(found.items()):
        file.write(f"{'{' if index == 0 else ','}\n{json.dumps(key)}: ".encode())
        parts = json.JSONEncoder(allow_nan=False, ensure_ascii=False).iterencode(value)
        while some := "".join(itertools.islice(parts, STRIP // 16)):
            file.write(some.encode())
            yield index / len(found)
    file.write(b"\n}\n")
    yield 1.0


def write_json(file: IO[bytes], frame: BifurcationFrame, session: str) -> Iterator[float]:
    """One object: the swept parameter under its own name, period, lyapunov, and how they were made; null where no number is."""
    arrays: dict[str, NDArray[Any]] = {frame.request.sweep: frame.columns, "period": frame.period, "lyapunov": frame.lyapunov}
    for index, (name, array) in enumerate(arrays.items()):
        file.write(f"{'{' if index == 0 else ','}\n{json.dumps(name)}: [".encode())
        for done in _write_numbers(file, array):
            yield (index + done) / len(arrays)
        file.write(b"]")
    rest = {"samples": frame.samples, "transient": frame.transient, "precision": frame.precision}
    for name, value in rest.items():
        file.write(f",\n{json.dumps(name)}: {json.dumps(value)}".encode())
    file.write(b"\n}\n")


def _write_numbers(file: IO[bytes], array: NDArray[Any]) -> Iterator[float]:
    step = STRIP // 16
    for start in range(0, len(array), step):
        text = ", ".join(_numbers(array[start : start + step].tolist()))
        file.write((", " * bool(start) + text).encode())
        yield min(1.0, (start + step) / len(array))


def _numbers(values: Iterable[float | int]) -> Iterator[str]:
    return (repr(value) if math.isfinite(value) else "null" for value in values)
