"""The key `network` of the table [newton]: a network's training, as an inline table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from funjax_gui.sessions import checks, choice, nearest_word, shown_value
from kernels.network import ACTIVATIONS, DATA, MOST_EVALUATIONS, MOST_ROWS, NETWORK_METHODS, NetworkRequest, OwnData

OWN = "points"
"""The data's name where the points are in the session itself."""

_KEYS: Mapping[str, str] = {
    **{name: name for name in ("data", "samples", "noise")},
    **{"data-seed": "data_seed", "width": "width", "depth": "depth", "activation": "activation", "seed": "seed"},
    **{"methods": "methods", "evaluations": "evaluations", "step-size": "rate", "adam-step-size": "adam_rate"},
    **{"damping": "damping", "cg-steps": "cg_steps", "decay": "decay"},
}
"""Field of the request by key."""

_WHOLE = checks.whole(0, most=max(MOST_EVALUATIONS, 10**6))


def _number(value: Any) -> float:
    number = checks.point([value])[0]
    if number < 0:
        raise ValueError(f"is {shown_value(value)}; give a number, 0 at least")
    return number


_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "data": choice(*DATA, OWN),
    **dict.fromkeys(("samples", "data-seed", "width", "depth", "seed", "evaluations", "cg-steps"), _WHOLE),
    **dict.fromkeys(("noise", "step-size", "adam-step-size", "damping", "decay"), _number),
    "activation": choice(*ACTIVATIONS),
    "methods": checks.several(*NETWORK_METHODS),
    "method": choice(*NETWORK_METHODS),
    "name": checks.text,
}


@dataclass(frozen=True)
class Training:
    """A training and the method whose outputs are shown."""

    request: NetworkRequest = field(default_factory=NetworkRequest)
    method: str = next(iter(NETWORK_METHODS))

    def __post_init__(self) -> None:
        if self.method not in self.request.methods:
            object.__setattr__(self, "method", self.request.methods[0])

    def written(self) -> dict[str, Any]:
        """The keys with values that differ from the defaults, and always data, methods and evaluations."""
        usual = {f.name: f.default for f in type(self.request).__dataclass_fields__.values()}
        given = {key: getattr(self.request, name) for key, name in _KEYS.items()}
        always = ("data", "methods", "evaluations")
        found = {key: value for key, value in given.items() if key in always or value != usual[_KEYS[key]]}
        if isinstance(own := self.request.data, OwnData):
            rows = tuple((x, y, own.labels[int(label > 0)]) for x, y, label in own.rows.tolist())
            found |= {"data": OWN, "name": own.name, "points": rows}
        return found | {"method": self.method}


def training(value: Any) -> Training:
    """The training from its inline table. Raises ValueError in one line."""
    if not isinstance(value, Mapping):
        raise ValueError(f'is {shown_value(value)}; give a table such as {{ data = "moons", width = 16, depth = 2 }}')
    known = (*_CHECKS, "points")
    found: dict[str, Any] = {}
    for key, given in value.items():
        if key not in known:
            raise ValueError(f"has no key {shown_value(key)}{nearest_word(key, known)}; its keys are {', '.join(known)}")
        if key == "points":
            continue
        try:
            found[key] = _CHECKS[key](given)
        except ValueError as error:
            raise ValueError(f"gives {key}, which {error}") from None
    fields = {_KEYS[key]: given for key, given in found.items() if key in _KEYS}
    if found.get("data") == OWN:
        fields["data"] = _points(value.get("points"), found.get("name", "points.csv"))
    request = replace(NetworkRequest(), **fields)
    if (method := found.get("method", request.methods[0])) not in request.methods:
        raise ValueError(f"gives method, which is {method!r} and not among the methods; it may be {', '.join(request.methods)}")
    return Training(request, method)


def _points(value: Any, name: str) -> OwnData:
    """Points as rows [x, y, "label"] of two labels."""
    rows = value if isinstance(value, list) else []
    if not rows or len(rows) > MOST_ROWS or not all(isinstance(row, list) and len(row) == 3 for row in rows):
        raise ValueError(f'gives no valid points; give up to {MOST_ROWS} rows such as [0.5, -1.2, "a"]')
    labels = sorted({str(row[2]) for row in rows})
    if len(labels) != 2:
        raise ValueError(f"gives points with {len(labels)} label{'s' * (len(labels) != 1)}; give two")
    found = [(*checks.point(row[:2]), 1.0 if str(row[2]) == labels[1] else -1.0) for row in rows]
    return OwnData(name, (labels[0], labels[1]), np.array(found, np.float64).tobytes())
