"""Type aliases. Importing this module does not import JAX."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from jax import Array as Array
else:
    Array = Any

Rule = Callable[..., Any]
"""An iterated map, elementwise on arrays: rule(*state, *parameters) is the next state, a tuple of its coordinates or the only one."""

State = tuple[Array, ...]
"""Coordinates of many states, one array each, of one shape."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Values = tuple[float, ...]
"""Values of a map's parameters in the order of the rule's arguments."""
