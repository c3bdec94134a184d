"""Modules of the extra `cluster`, which funjax can do without."""

import importlib
import importlib.util
from typing import Any


def needed(name: str) -> Any:
    """The module of that name. Raises ValueError in one line where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise ValueError(_missing(name.partition(".")[0])) from None


def lacking(*names: str) -> str:
    """What is to be installed for these packages, in one line; empty where all of them are there. None of them is imported."""
    return next((_missing(name) for name in names if importlib.util.find_spec(name) is None), "")


def _missing(package: str) -> str:
    return f"{package} is not installed, and large pictures need it; run pip install 'funjax[cluster]'"
