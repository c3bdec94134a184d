"""Sentences about a run of the Newton solver: how it ended, and remarks on unusual steps."""

import math
from typing import Any

from kernels.newton.solvers import ACCEPT, BOUNDARY, LIMIT, MOST_HALVINGS, NEGATIVE
from kernels.objectives import DEGENERATE, SADDLE, UNDECIDED
from kernels.types import Floats
from kernels.validation import grouped


def number(value: float) -> str:
    """A number with four significant digits."""
    return f"{value:.4g}".replace("-", "−")


def vector(values: Floats) -> str:
    """A vector as text; only the first four coordinates of a longer one."""
    if len(values) == 1:
        return number(values[0])
    listed = ", ".join(number(v) for v in values[:4])
    return f"({listed}{', …' if len(values) > 4 else ''})"


def article(kind: str | None) -> str:
    """The kind of stationary point with its article."""
    if kind == UNDECIDED:
        return "a stationary point of a kind that is not decided (the sign of an eigenvalue of the Hessian is open)"
    return "a degenerate stationary point" if kind == DEGENERATE else f"a {kind}" if kind else "a stationary point"


def steps_taken(count: int) -> str:
    """A number of steps as text."""
    return "1 step" if count == 1 else f"{grouped(count)} steps"


def sentence(status: str, facts: dict[str, Any]) -> str:
    """Sentence about the status of a run. `facts`: steps, norm, tolerance, kind, goal, wanted, x, direction, cycle, n, most steps."""
    return _SENTENCES[status](facts)


def _running(facts: dict[str, Any]) -> str:
    return f"Running: {steps_taken(facts['steps'])}, |g| = {number(facts['norm'])}."


def _converged(facts: dict[str, Any]) -> str:
    kind, goal = facts["kind"], facts["goal"]
    if facts["steps"] == 0:
        sentence = f"The initial point is {article(kind)}: |g| = {number(facts['norm'])}; no step is needed."
    else:
        sentence = f"Converged to {article(kind)} in {steps_taken(facts['steps'])}: |g| = {number(facts['norm'])}."
    if goal in ("stationary", kind) or kind in (DEGENERATE, UNDECIDED, None):
        return sentence
    return f"{sentence} The goal was a {goal}: this method converges to any stationary point."


def _max_steps(facts: dict[str, Any]) -> str:
    if facts["cycle"]:
        return (
            f"Not converged: the iterates repeat with period {facts['cycle']};"
            f" |g| = {number(facts['norm'])}. Damp the steps or move the initial point."
        )
    return (
        f"Not converged in {steps_taken(facts['steps'])}: |g| = {number(facts['norm'])},"
        f" tolerance {number(facts['tolerance'])}. {_remedy(facts)}."
    )


def _remedy(facts: dict[str, Any]) -> str:
    if facts["steps"] < facts["most steps"]:
        return "Allow more steps or move the initial point"
    return f"No more steps than {grouped(facts['most steps'])} are allowed: move the initial point, or take fewer variables"


def _singular(facts: dict[str, Any]) -> str:
    along = f" along {vector(facts['direction'])}" if facts["direction"] is not None else ""
    return (
        f"The Hessian is singular at {vector(facts['x'])}{along}: there is no Newton step. Move the initial point, or try damped-newton"
        " or trust-region."
    )


def _negative(facts: dict[str, Any]) -> str:
    along = f" along {vector(facts['direction'])}" if facts["direction"] is not None else ""
    if facts["norm"] <= facts["tolerance"]:
        return (
            f"Stopped at {article(facts['kind'])}, {vector(facts['x'])}: the gradient vanishes, but the curvature has the wrong"
            f" sign{along}, so it is not a {facts['wanted']}. Move the initial point a little."
        )
    return (
        f"Conjugate gradients broke down at {vector(facts['x'])}: the curvature is 0 along the gradient and indefinite across it."
        " Use newton, or give a minimum or maximum as the goal."
    )


def _diverged(facts: dict[str, Any]) -> str:
    after = f"Diverged after {steps_taken(facts['steps'])}, at {vector(facts['x'])}"
    if facts["norm"] <= facts["tolerance"]:
        return (
            f"{after}: |g| = {number(facts['norm'])} is below the tolerance, but Newton's steps from here do not shrink, so no stationary"
            " point is near. Move the initial point, or use a smaller tolerance."
        )
    return f"{after}: a coordinate exceeds 10¹², or the objective overflows. Move the initial point, or damp the steps."


def _line_search(facts: dict[str, Any]) -> str:
    return (
        f"Line search failed at {vector(facts['x'])} after {MOST_HALVINGS} halvings: |g| = {number(facts['norm'])}, and no step along the"
        " direction improves the objective enough. It may not be smooth there, or the tolerance may be below rounding."
    )


def _stalled(facts: dict[str, Any]) -> str:
    near = f" near {article(facts['kind'])}" if facts["kind"] else ""
    return (
        f"Stalled{near} after {steps_taken(facts['steps'])}: the next step is below float64 rounding at"
        f" |g| = {number(facts['norm'])}. Use a tolerance above {number(facts['tolerance'])}."
    )


def _undefined(facts: dict[str, Any]) -> str:
    if not facts["steps"]:
        return (
            f"Undefined: at the initial point {vector(facts['x'])}, or after its first step, the objective or a derivative is not a finite"
            " number. Move it into the domain."
        )
    return (
        f"Undefined after {steps_taken(facts['steps'])}: at {vector(facts['x'])}, or after the next step, the objective or a"
        " derivative is not a finite number. Move the initial point, or use damped-newton or trust-region, which stay inside its domain."
    )


_SENTENCES = {
    "running": _running,
    "converged": _converged,
    "max-steps": _max_steps,
    "singular": _singular,
    "negative-curvature": _negative,
    "diverged": _diverged,
    "line-search-failed": _line_search,
    "stalled": _stalled,
    "undefined": _undefined,
}


def notes(history: Any, kinds: tuple[str | None, ...], first_factor: float) -> tuple[str, ...]:
    """A remark on each step of a History, empty for an ordinary one. `kinds[k]`: kind of the model's stationary point at iterate k."""
    return tuple(_note(history, k, kinds[k] if k < len(kinds) else None, first_factor) for k in range(len(history.value)))


def _note(history: Any, k: int, kind: str | None, first_factor: float) -> str:
    outcome, factor, notes = history.inner_outcome[k], history.factor[k], []
    if kind == SADDLE:
        notes.append("the Hessian is indefinite")
    if history.shift[k] > 0 and math.isfinite(history.ratio[k]):
        notes.append(f"{number(history.shift[k])} added to the diagonal")
    elif history.shift[k] > 0:
        notes.append(f"Newton's direction may not be a descent direction: {number(history.shift[k])} added to the Hessian's diagonal")
    if outcome == NEGATIVE:
        notes.append(f"conjugate gradients stopped at curvature {number(history.lowest[k])}")
    if outcome == BOUNDARY:
        notes.append("the step ends on the trust region's boundary")
    if outcome == LIMIT:
        notes.append(f"conjugate gradients stopped at their limit of {steps_taken(int(history.inner_steps[k]))}: an inexact step")
    if factor == 0:
        notes.append(f"rejected: only {number(history.ratio[k])} of the predicted change, {ACCEPT:g} required")
    elif factor < first_factor:
        notes.append(f"line search cut the step to {number(factor)}")
    return "; ".join(notes)
