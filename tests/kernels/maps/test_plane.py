"""Maps of the plane: rules against formulas in numpy, their inverses, Jacobian determinants and fixed points in closed form."""

import math
from collections.abc import Callable

import jax
import numpy as np
import pytest
from numpy.typing import NDArray

from kernels.catalog import find_line_map, find_map
from kernels.iteration import differences
from kernels.maps import MAPS, PLANE_MAPS, Map

EACH = pytest.mark.parametrize("each", PLANE_MAPS.values(), ids=PLANE_MAPS)
Any = Callable[..., tuple[object, object]]
TURN = 2 * math.pi
UNITS = (np.ones(5), np.zeros(5)), (np.zeros(5), np.ones(5))


def _standard(x: NDArray[np.float64], y: NDArray[np.float64], k: float) -> tuple[object, object]:
    y = (y + k * np.sin(x)) % TURN
    return (x + y) % TURN, y


def _ikeda(x: NDArray[np.float64], y: NDArray[np.float64], u: float) -> tuple[object, object]:
    z = x + 1j * y
    z = 1 + u * z * np.exp(1j * (0.4 - 6 / (1 + abs(z) ** 2)))
    return z.real, z.imag


def _newton(x: NDArray[np.float64], y: NDArray[np.float64], r: float) -> tuple[object, object]:
    z = x + 1j * y
    z = z - r * (z**3 - 1) / (3 * z**2)
    return z.real, z.imag


def _zaslavsky(x: NDArray[np.float64], y: NDArray[np.float64], epsilon: float, nu: float, r: float) -> tuple[object, object]:
    m, wave = (1 - np.exp(-r)) / r, np.cos(TURN * x)
    return (x + nu * (1 + m * y) + epsilon * nu * m * wave) % 1, np.exp(-r) * (y + epsilon * wave)


def _bogdanov(x: NDArray[np.float64], y: NDArray[np.float64], mu: float, k: float, epsilon: float) -> tuple[object, object]:
    y = (1 + epsilon + mu * x) * y + k * x * x - k * x
    return x + y, y


def _coupled(x: NDArray[np.float64], y: NDArray[np.float64], a: float, e: float) -> tuple[object, object]:
    f, g = a * x * (1 - x), a * y * (1 - y)
    return f + e * (g - f), g + e * (f - g)


def _square(x: NDArray[np.float64], y: NDArray[np.float64], a: float, b: float) -> tuple[object, object]:
    z = (x + 1j * y) ** 2 + (a + 1j * b)
    return z.real, z.imag


def _tinkerbell(x: NDArray[np.float64], y: NDArray[np.float64], a: float, b: float, c: float, d: float) -> tuple[object, object]:
    z = (x + 1j * y) ** 2
    return z.real + a * x + b * y, z.imag + c * x + d * y


RULES: dict[str, Any] = {
    "henon": lambda x, y, a, b: (1 - a * x**2 + y, b * x),
    "lozi": lambda x, y, a, b: (1 - a * abs(x) + y, b * x),
    "standard": _standard,
    "ikeda": _ikeda,
    "tinkerbell": _tinkerbell,
    "duffing": lambda x, y, a, b: (y, -b * x + a * y - y**3),
    "gingerbread": lambda x, y, a: (1 - y + a * abs(x), x),
    "delayed-logistic": lambda x, y, a: (a * x * (1 - y), x),
    "coupled-logistic": _coupled,
    "predator-prey": lambda x, y, a, b: (a * x * (1 - x - y), b * x * y),
    "bogdanov": _bogdanov,
    "cat": lambda x, y, k: ((x + y + k / TURN * np.sin(TURN * y)) % 1, (x + 2 * y + k / TURN * np.sin(TURN * y)) % 1),
    "zaslavsky": _zaslavsky,
    "burgers": lambda x, y, a, b: (a * x - y**2, b * y + x * y),
    "complex-quadratic": _square,
    "newton-cube": _newton,
}

DETERMINANTS: dict[str, Callable[..., float]] = {
    "henon": lambda x, y, a, b: -b,
    "lozi": lambda x, y, a, b: -b,
    "standard": lambda x, y, k: 1,
    "ikeda": lambda x, y, u: u * u,
    "tinkerbell": lambda x, y, a, b, c, d: (2 * x + a) * (2 * x + d) - (b - 2 * y) * (2 * y + c),
    "duffing": lambda x, y, a, b: b,
    "gingerbread": lambda x, y, a: 1,
    "delayed-logistic": lambda x, y, a: a * x,
    "coupled-logistic": lambda x, y, a, e: (1 - 2 * e) * a * a * (1 - 2 * x) * (1 - 2 * y),
    "predator-prey": lambda x, y, a, b: a * b * x * (1 - 2 * x),
    "bogdanov": lambda x, y, mu, k, epsilon: 1 + epsilon + mu * x,
    "cat": lambda x, y, k: 1,
    "zaslavsky": lambda x, y, epsilon, nu, r: math.exp(-r),
    "burgers": lambda x, y, a, b: a * (b + x) + 2 * y * y,
    "complex-quadratic": lambda x, y, a, b: 4 * (x * x + y * y),
    "newton-cube": lambda x, y, r: abs(1 - r * (1 + 2 / (x + 1j * y) ** 3) / 3) ** 2,
}

FIXED: dict[str, Callable[..., tuple[float, float]]] = {
    "henon": lambda a, b: (x := ((b - 1) + math.sqrt((1 - b) ** 2 + 4 * a)) / (2 * a), b * x),
    "lozi": lambda a, b: (1 / (1 + a - b), b / (1 + a - b)),
    "standard": lambda k: (math.pi, 0.0),
    "duffing": lambda a, b: (math.sqrt(a - b - 1),) * 2,
    "gingerbread": lambda a: (1 / (2 - a),) * 2,
    "delayed-logistic": lambda a: (1 - 1 / a,) * 2,
    "coupled-logistic": lambda a, e: (1 - 1 / a,) * 2,
    "predator-prey": lambda a, b: (1 / b, 1 - 1 / a - 1 / b),
    "bogdanov": lambda mu, k, epsilon: (1.0, 0.0),
    "cat": lambda k: (0.0, 0.0),
    "burgers": lambda a, b: (1 - b, math.sqrt((1 - a) * (b - 1))),
    "newton-cube": lambda r: (-0.5, math.sqrt(0.75)),
}


def points(each: Map, count: int = 40) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    assert each.plane is not None
    generator = np.random.default_rng(5)
    return generator.uniform(*map(float, each.plane.x_limits), count), generator.uniform(*map(float, each.plane.y_limits), count)


def other_values(each: Map) -> tuple[float, ...]:
    """Parameters that are not the defaults."""
    return tuple(about.low + 0.83 * (about.high - about.low) for about in each.parameters)


@EACH
def test_an_entry_is_whole(each: Map) -> None:
    assert find_map(each.name) is each is MAPS[each.name]
    assert all(p.low <= p.default <= p.high and p.meaning for p in each.parameters) and each.sweep == each.parameters[0].name
    assert each.title and each.formula.startswith("x′ = ") and "; y′ = " in each.formula and each.meaning and each.reference
    assert each.is_plane and len(each.origin) == len(each.periods) == 2
    assert each.plane is not None and each.view.y_limits == each.plane.x_limits
    with pytest.raises(ValueError, match=f"the map {each.name} has two coordinates; choose one of the line: logistic, "):
        find_line_map(each.name)


@EACH
def test_a_rule_computes_its_formula_also_in_float32(each: Map) -> None:
    for values in (each.values({}), other_values(each)):
        state = points(each)
        ours, theirs = each.rule(*state, *values), RULES[each.name](*state, *values)
        assert all(np.abs(away).max() < 1e-12 for away in map(np.asarray, differences(each.rule, ours, theirs)))
    short = each.rule(*(part.astype(np.float32) for part in state), *map(np.float32, values))
    assert all(part.dtype == np.float32 for part in short)
    assert all(np.abs(away).max() < 2e-3 for away in map(np.asarray, differences(each.rule, short, ours)))


@EACH
def test_an_inverse_takes_the_image_back(each: Map) -> None:
    if each.inverse is None:
        pytest.skip("it has none")
    for values in (each.values({}), other_values(each)):
        state = points(each)
        back = each.inverse(*each.rule(*state, *values), *values)
        assert all(np.abs(away).max() < 1e-9 for away in map(np.asarray, differences(each.rule, back, state)))


@EACH
def test_the_jacobian_has_the_determinant_in_closed_form(each: Map) -> None:
    for values in (each.values({}), other_values(each)):
        x, y = points(each, 5)
        (a, c), (b, d) = (jax.jvp(lambda *state: each.rule(*state, *values), (x, y), along)[1] for along in UNITS)  # noqa: B023
        found = np.asarray(a * d - b * c)
        truth = [DETERMINANTS[each.name](*state, *values) for state in zip(x, y, strict=True)]
        assert found == pytest.approx(np.array(truth), rel=1e-9, abs=1e-9)
        assert not each.area_preserving or found == pytest.approx(np.ones(5), abs=1e-12)


@pytest.mark.parametrize("name", FIXED)
def test_fixed_points_in_closed_form_are_fixed(name: str) -> None:
    each = MAPS[name]
    point, values = FIXED[name](*each.values({})), each.values({})
    away = differences(each.rule, each.rule(*map(np.float64, point), *values), tuple(map(np.float64, point)))
    assert all(abs(float(part)) < 1e-14 for part in away)


@EACH
def test_orbits_of_the_start_stay_in_the_first_view_and_angles_in_their_range(each: Map) -> None:
    assert each.plane is not None
    state, values, seen = tuple(map(np.float64, each.origin)), each.values({}), []
    for _ in range(400):
        state = RULES[each.name](*state, *values)  # type: ignore[arg-type]
        seen.append(state)
    low, high = np.min(seen, axis=0), np.max(seen, axis=0)
    for (left, right), least, most in zip((each.plane.x_limits, each.plane.y_limits), low[:2], high[:2], strict=True):
        assert float(left) <= least <= most <= float(right)


def test_an_angle_just_below_zero_is_in_its_range() -> None:
    x, y = MAPS["standard"].rule(np.float64(0.0), np.float64(-1e-17), 1.0)
    assert 0 <= float(x) < TURN and 0 <= float(y) < TURN
