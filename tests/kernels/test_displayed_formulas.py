"""The formula shown for a map or an objective is the one that its rule computes: read as mathematics, compared at random points."""

import re

import numpy as np
import pytest

from kernels.catalog import find_map, find_objective
from kernels.maps.registry import LINE_MAPS
from kernels.objectives.registry import OBJECTIVES

FUNCTIONS = {"sin", "cos", "exp", "min", "sqrt"}
NAMES = FUNCTIONS | {"pi", "omega", "alpha", "beta", "kappa"}
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
LETTERS = {"−": "-", "·": "*", "/2π": "/(2*pi)", "Ω": " omega ", "α": " alpha ", "β": " beta ", "κ": " kappa ", "π": " pi ", "√": "sqrt"}
SUMS = {
    "rosenbrock": ("Σ b (xᵢ₊₁ − xᵢ²)² + (a − xᵢ)²", "b*(x2-x1^2)^2 + (a-x1)^2 + b*(x3-x2^2)^2 + (a-x2)^2"),
    "rastrigin": ("10 n + Σ xᵢ² − 10 cos 2πxᵢ", "30 + x1^2 - 10*cos(2*pi*x1) + x2^2 - 10*cos(2*pi*x2) + x3^2 - 10*cos(2*pi*x3)"),
    "ill-conditioned": ("½ Σ κⁱ⁄⁽ⁿ⁻¹⁾ xᵢ², i = 0 … n − 1", "(x1^2 + kappa^(1/2)*x2^2 + kappa*x3^2)/2"),
}
"""Sums: as displayed, and written out for three variables."""


def typed(shown: str) -> str:
    """A displayed formula with its products, powers and names as they are typed."""
    if shown.endswith("  mod 1"):
        return f"({typed(shown.removesuffix('  mod 1'))}) % 1"
    for letter, text in LETTERS.items():
        shown = shown.replace(letter, text)
    shown = re.sub("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: f"^({found[0].translate(RAISED)})", shown)
    tokens: list[str] = []
    for word in re.findall(r"[a-z]+|[0-9.]+|\S", shown):
        tokens += [word] if word in NAMES or not word.isalpha() else list(word)
    text = ""
    for before, token in zip(["", *tokens], tokens, strict=False):
        product = re.fullmatch(r"[a-z0-9.)]+", before) and before not in FUNCTIONS and re.fullmatch(r"[a-z0-9.(]+", token)
        text += f"*{token}" if product else token
    return text


def parameters(given: object) -> list[tuple[str, float]]:
    generator = np.random.default_rng(1)
    return [(p.name, float(generator.uniform(max(p.low, -5), min(p.high, 5)))) for p in given.parameters]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", LINE_MAPS)
def test_a_map_computes_the_formula_that_is_shown(name: str) -> None:
    shown = find_map(typed(LINE_MAPS[name].formula))
    values = parameters(LINE_MAPS[name])
    x = np.random.default_rng(2).uniform(*LINE_MAPS[name].state, 50)
    ours = LINE_MAPS[name].rule(x, *(np.float64(value) for _, value in values))
    theirs = shown.rule(x, *(np.float64(value) for value in shown.values(dict(values))))
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_an_objective_computes_the_formula_that_is_shown(name: str) -> None:
    objective = OBJECTIVES[name]
    if name in SUMS:
        displayed, text = SUMS[name]
        assert objective.formula == displayed
        n = 3
    else:
        text, n = typed(objective.formula), objective.dimension
        if n == 4:  # its coordinates are written a, b, c, d
            text = re.sub(r"\b[abcd]\b", lambda letter: f"x{'abcd'.index(letter[0]) + 1}", text)
    shown, values = find_objective(text), dict(parameters(objective))
    for point in np.random.default_rng(3).uniform(-2, 2, (20, n)):
        np.testing.assert_allclose(objective.at(values)(point), shown.at(values)(point), rtol=1e-9)
