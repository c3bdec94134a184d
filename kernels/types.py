"""Type aliases that the kernels share. Importing this module does not import JAX."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from jax import Array as Array
else:
    Array = Any

Rule = Callable[..., Array]
"""An iterated map x -> rule(x, *parameters), elementwise on arrays."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Values = tuple[float, ...]
"""A map's parameters in the order in which its rule takes them."""
