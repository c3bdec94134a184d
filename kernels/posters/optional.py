"""Modules of the extra `cluster`, which funjax can do without."""

import importlib
from typing import Any


def needed(name: str) -> Any:
    """The module of that name. Raises ValueError in one line where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        package = name.partition(".")[0]
        raise ValueError(f"{package} is not installed, and large pictures need it; run pip install 'funjax[cluster]'") from None
