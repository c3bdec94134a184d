"""Points of up to a million coordinates, as immutable values that are checked and hashed once."""

from collections.abc import Iterable
from functools import cached_property
from typing import Self

import numpy as np

from kernels import validation

SHORT = 1000
"""Coordinates that are looked at one by one."""


class Coordinates(tuple[float, ...]):
    """Finite floats. A request that keeps the same object is made, compared and hashed in no time, however many they are.

    Made by `checked` or `replacing`, or of floats that are known to be finite.
    """

    @classmethod
    def checked(cls, name: str, values: Iterable[float]) -> Self:
        """The values as floats; ValueError, in one line with `name`, where one is not a finite number."""
        if isinstance(values, cls):
            return values
        listed = tuple(values)
        if len(listed) > SHORT and set(map(type, listed)) == {float} and np.isfinite(np.array(listed)).all():
            return cls(listed)
        for i, value in enumerate(listed):
            validation.finite(f"{name}'s coordinate {i + 1}", value)
        return cls(map(float, listed))

    def replacing(self, name: str, first: Iterable[float]) -> Self:
        """The point with other first coordinates, which alone are checked."""
        begun = self.checked(name, first)
        return type(self)((*begun, *self[len(begun) :]))

    @cached_property
    def _hash(self) -> int:
        return super().__hash__()

    def __hash__(self) -> int:
        return self._hash
