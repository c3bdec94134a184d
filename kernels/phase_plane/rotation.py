"""The rotation number of an orbit of a map of the plane: of a coordinate that is an angle, or about a focus."""

import math
from dataclasses import dataclass

import numpy as np

from kernels.iteration import rotation
from kernels.phase_plane.plane import Point
from kernels.types import Floats


@dataclass(frozen=True)
class Rotation:
    """turns a step, with its error, both NaN where unresolved. about: the name of the coordinate that turns, or the point wound about.

    Of a coordinate it is in [0, 1). Of a point in [0, 1/2]: the sense in which an orbit winds about it depends on the axes' order.
    """

    turns: float = math.nan
    error: float = math.nan
    about: str | Point | None = None


def winding(states: Floats, centre: Point, jacobian: Floats, wraps: tuple[float, ...]) -> Rotation:
    """The rotation number of an orbit (2, steps) about a focus or centre, a fixed point with this Jacobian (2, 2)."""
    values, vectors = np.linalg.eig(jacobian)
    if abs(values[0].imag) < 1e-12:
        return Rotation()
    away = [x - c for x, c in zip(states, centre, strict=True)]
    away = [d - period * np.round(d / period) if period else d for d, period in zip(away, wraps, strict=True)]
    if max(np.abs(d).max() for d in away) <= 1e-9 * (1 + np.abs(states).max()):
        return Rotation()
    # In coordinates in which the linearised map turns circles.
    x, y = np.linalg.solve(np.stack([vectors[:, 0].real, vectors[:, 0].imag], axis=1), np.stack(away))
    angles = np.arctan2(y, x)[:, None] / (2 * math.pi)
    if not rotation.goes_round(angles)[0]:
        return Rotation()
    (turns,), (error,) = rotation.mean_turn(angles)
    return Rotation(min(float(turns), 1 - float(turns)), float(error), centre) if math.isfinite(turns) else Rotation()
