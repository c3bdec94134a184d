"""Rules of maps of the plane, and of their inverses: elementwise, in JAX, of the state's coordinates and then the parameters.

A rule returns the next state as a pair; of an inverse the arguments are the next state. Angles are marked by `on_torus`.
"""

import math

from kernels.execution import jnp
from kernels.iteration import cospi, on_torus, sinpi
from kernels.types import Array

Pair = tuple[Array, Array]

TURN = 2 * math.pi


def henon(x: Array, y: Array, a: Array, b: Array) -> Pair:
    return 1 - a * x * x + y, b * x


def henon_inverse(x: Array, y: Array, a: Array, b: Array) -> Pair:
    before = y / b
    return before, x - 1 + a * before * before


def lozi(x: Array, y: Array, a: Array, b: Array) -> Pair:
    return 1 - a * jnp.abs(x) + y, b * x


def lozi_inverse(x: Array, y: Array, a: Array, b: Array) -> Pair:
    before = y / b
    return before, x - 1 + a * jnp.abs(before)


def _wrapped(x: Array, turn: float) -> Array:
    """An angle as a number from 0 to below `turn`."""
    rest = x - turn * jnp.floor(x / turn)
    # A number just below 0 is rounded up to `turn`, from where it goes on to 0 with its derivative.
    return jnp.where(rest < turn, rest, rest - turn)


@on_torus(TURN, TURN)
def standard(x: Array, y: Array, k: Array) -> Pair:
    y = _wrapped(y + k * sinpi(x * (1 / math.pi)), TURN)
    return _wrapped(x + y, TURN), y


def standard_inverse(x: Array, y: Array, k: Array) -> Pair:
    before = _wrapped(x - y, TURN)
    return before, _wrapped(y - k * sinpi(before * (1 / math.pi)), TURN)


def _turned(x: Array, y: Array, angle: Array) -> Pair:
    cosine, sine = cospi(angle * (1 / math.pi)), sinpi(angle * (1 / math.pi))
    return x * cosine - y * sine, x * sine + y * cosine


def ikeda(x: Array, y: Array, u: Array) -> Pair:
    real, imaginary = _turned(x, y, 0.4 - 6 / (1 + x * x + y * y))
    return 1 + u * real, u * imaginary


def ikeda_inverse(x: Array, y: Array, u: Array) -> Pair:
    real, imaginary = (x - 1) / u, y / u
    return _turned(real, imaginary, 6 / (1 + real * real + imaginary * imaginary) - 0.4)


def tinkerbell(x: Array, y: Array, a: Array, b: Array, c: Array, d: Array) -> Pair:
    return x * x - y * y + a * x + b * y, 2 * x * y + c * x + d * y


def duffing(x: Array, y: Array, a: Array, b: Array) -> Pair:
    return y, a * y - b * x - y * y * y


def duffing_inverse(x: Array, y: Array, a: Array, b: Array) -> Pair:
    return (a * x - x * x * x - y) / b, x


def gingerbread(x: Array, y: Array, a: Array) -> Pair:
    return 1 - y + a * jnp.abs(x), x


def gingerbread_inverse(x: Array, y: Array, a: Array) -> Pair:
    return y, 1 - x + a * jnp.abs(y)


def delayed_logistic(x: Array, y: Array, a: Array) -> Pair:
    return a * x * (1 - y), x


def delayed_logistic_inverse(x: Array, y: Array, a: Array) -> Pair:
    return y, 1 - x / (a * y)


def coupled_logistic(x: Array, y: Array, a: Array, epsilon: Array) -> Pair:
    one, other = a * x * (1 - x), a * y * (1 - y)
    return (1 - epsilon) * one + epsilon * other, (1 - epsilon) * other + epsilon * one


def predator_prey(x: Array, y: Array, a: Array, b: Array) -> Pair:
    return a * x * (1 - x - y), b * x * y


def bogdanov(x: Array, y: Array, mu: Array, k: Array, epsilon: Array) -> Pair:
    y = y + epsilon * y + k * x * (x - 1) + mu * x * y
    return x + y, y


def bogdanov_inverse(x: Array, y: Array, mu: Array, k: Array, epsilon: Array) -> Pair:
    before = x - y
    return before, (y - k * before * (before - 1)) / (1 + epsilon + mu * before)


@on_torus(1.0, 1.0)
def cat(x: Array, y: Array, k: Array) -> Pair:
    x = _wrapped(x + y + k / TURN * sinpi(2 * y), 1.0)
    return x, _wrapped(x + y, 1.0)


def cat_inverse(x: Array, y: Array, k: Array) -> Pair:
    before = _wrapped(y - x, 1.0)
    return _wrapped(x - before - k / TURN * sinpi(2 * before), 1.0), before


def _zaslavsky_share(r: Array) -> Array:
    """(1 - exp(-r)) / r, 1 at r = 0."""
    flat = r == 0
    return jnp.where(flat, 1.0, -jnp.expm1(-r) / jnp.where(flat, 1.0, r))


@on_torus(1.0, None)
def zaslavsky(x: Array, y: Array, epsilon: Array, nu: Array, r: Array) -> Pair:
    kicked = y + epsilon * cospi(2 * x)
    return _wrapped(x + nu * (1 + _zaslavsky_share(r) * kicked), 1.0), jnp.exp(-r) * kicked


def zaslavsky_inverse(x: Array, y: Array, epsilon: Array, nu: Array, r: Array) -> Pair:
    kicked = jnp.exp(r) * y
    before = _wrapped(x - nu * (1 + _zaslavsky_share(r) * kicked), 1.0)
    return before, kicked - epsilon * cospi(2 * before)


def burgers(x: Array, y: Array, a: Array, b: Array) -> Pair:
    return a * x - y * y, (b + x) * y


def complex_quadratic(x: Array, y: Array, a: Array, b: Array) -> Pair:
    return x * x - y * y + a, 2 * x * y + b


def newton_cube(x: Array, y: Array, r: Array) -> Pair:
    # z - r (z³ - 1) / (3 z²), where 1 / z² is the conjugate of z² over |z|⁴.
    size = x * x + y * y
    inverse = 1 / (size * size)
    real, imaginary = (x * x - y * y) * inverse, -2 * x * y * inverse
    return x - r / 3 * (x - real), y - r / 3 * (y - imaginary)
