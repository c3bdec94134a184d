"""Maps of the line that are forced periodically: a parameter has one of two values at each step, in the order of a word such as AABAB.

Where both values are those of a point of the plane, the exponents are the picture of M. Markus, Chaos in maps with continuous and
discontinuous maxima, Computers in Physics 4 (1990).
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.formulas import escape
from kernels.iteration import circumference
from kernels.two_parameters.orbits import Found, StateOrbits
from kernels.types import Array, Bools, Floats, Rule, State

LONGEST = 24
"""Maximum number of letters of a word."""


def check_word(word: str) -> None:
    """Raise ValueError, in one line, where a word is not of the letters A and B with both in it."""
    if not isinstance(word, str) or set(word) != {"A", "B"} or len(word) > LONGEST:
        raise ValueError(
            f"the sequence {word!r} is not made of the letters A and B; give up to {LONGEST} with both among them, such as AABAB"
        )


def root(word: str) -> str:
    """The shortest word of which this one is a repetition."""
    return word[: (word + word).index(word, 1)]


@dataclass(frozen=True)
class Forced:
    """A word's steps as one rule of x, the map's parameters, of which that at `index` is its value at A, and its value at B."""

    rule: Rule
    index: int
    word: str

    def __call__(self, x: Array, *parameters: Array) -> Array:
        """The state after all steps of the word."""
        for letter in self.word:
            x = self.rule(x, *self.values(letter, parameters))
        return x

    def values(self, letter: str, parameters: tuple[Any, ...]) -> tuple[Any, ...]:
        """The map's parameters at a letter."""
        *own, other = parameters
        return (*own[: self.index], own[self.index] if letter == "A" else other, *own[self.index + 1 :])

    @property
    def circumference(self) -> float | None:
        """The circumference of the circle that the states lie on; None where they lie on a line."""
        return circumference(self.rule)

    @property
    def cost(self) -> float:
        """Approximate cost relative to a typical map, by which the first calls are sized."""
        return len(self.word) * float(getattr(self.rule, "cost", 1.0))


@lru_cache(maxsize=8)
def forced(rule: Rule, index: int, word: str) -> Forced:
    """The rule of a word's root, the same object for the same arguments, by which calls are measured."""
    return Forced(rule, index, root(word))


class ForcedOrbits(StateOrbits):
    """Orbits of a forced map; each step of its rule is a whole word. What is found is of single steps."""

    rule: Forced

    def _passes(self, steps: int) -> int:
        return -(-steps // len(self.rule.word))

    def _parts(self, transient: int, samples: int) -> list[tuple[int, Any]]:
        return super()._parts(self._passes(transient), self._passes(samples))

    def found(self, samples: int) -> Found:
        """The exponents and periods, once it has run."""
        found, letters = super().found(self._passes(samples)), len(self.rule.word)
        return Found(found.lyapunov / letters, np.where(found.period > 0, found.period * letters, found.period), None)

    def _has_no_value(self, start: tuple[Floats, ...]) -> Bools:
        return escape.has_no_value(self.rule.rule, start[0], self.rule.values(self.rule.word[0], self.values))

    def _may_be_lost(self) -> Bools:
        return escape.may_be_lost(self.rule.rule, self.gather(self.state[0]))

    def _exits(self, start: State, times: Any, lost: Bools, values: tuple[Floats, ...]) -> NDArray[Any]:
        """As that of the base class, from the one of the word's steps that leaves the finite numbers."""
        last = escape.last_finite(self.rule, self.layout, start[0], self.parameters, times)[0]
        x = self.gather(last)[lost]
        kinds = np.full(x.shape, escape.Exit.DIVERGED, np.int8)
        for letter in self.rule.word:
            of_letter = self.rule.values(letter, values)
            image = np.asarray(self.rule.rule(x, *of_letter))
            out = np.isfinite(x) & ~np.isfinite(image)
            kinds[out] = escape.exits(self.rule.rule, x[out], image[out], tuple(value[out] for value in of_letter))
            x = image
        return kinds
