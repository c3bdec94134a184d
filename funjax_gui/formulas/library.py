"""The saved formulas of the user, and maps, objectives and equations with their saved values.

Each user has a single file of saved formulas and each process a single `Library`, which all lists follow.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import cache

from PySide6.QtCore import QObject, Signal

from funjax_gui.formulas.saved_formula import EQUATION, MAP, OBJECTIVE, SavedFormula, SavedParameter, check_name, formula_of, free_name
from funjax_gui.formulas.store import Store
from kernels import catalog, equations
from kernels.equations import EQUATIONS, Equations
from kernels.formulas import map_with
from kernels.maps import MAPS, Map
from kernels.objectives import OBJECTIVES, Objective, Point
from kernels.parameters import Pairs, Parameter

BOTH, REPLACE, SKIP = CLASHES = ("both", "replace", "skip")
"""Treatment of an imported formula whose name exists."""


class Library(QObject):
    """The saved formulas. Methods that fail raise ValueError in one line and change nothing."""

    changed = Signal()

    def __init__(self, store: Store | None = None) -> None:
        super().__init__()
        self._store = store or Store()
        self._saved: tuple[SavedFormula, ...] = ()
        self._chosen: dict[tuple[str, str], str] = {}
        self._stamp: object = None
        self.refresh()

    @property
    def notice(self) -> str:
        """Error of the last reading of the file, in one line; empty if there was none."""
        return self._store.notice

    @property
    def saved(self) -> tuple[SavedFormula, ...]:
        """All formulas, sorted by kind and then by name."""
        return self._saved

    def of(self, kind: str) -> list[SavedFormula]:
        """Formulas of a kind, sorted by name."""
        return [saved for saved in self._saved if saved.kind == kind]

    def get(self, kind: str, name: str) -> SavedFormula | None:
        """The formula of that name."""
        return next((saved for saved in self.of(kind) if saved.name == name), None)

    def named(self, kind: str, formula: str) -> SavedFormula | None:
        """The saved formula with this text, of several the last chosen one; None if there is none."""
        found = [saved for saved in self.of(kind) if saved.formula == formula]
        return next((saved for saved in found if saved.name == self._chosen.get((kind, formula))), found[0] if found else None)

    def choose(self, saved: SavedFormula) -> None:
        """Prefer this one among saved formulas with the same text."""
        self._chosen[saved.kind, saved.formula] = saved.name

    def refresh(self) -> None:
        """Read the file again, if another window has changed it."""
        if self._store.stamp != self._stamp:
            self._set_formulas(self._store.read())

    def _set_formulas(self, saved: Iterable[SavedFormula]) -> None:
        self._stamp = self._store.stamp
        self._saved = tuple(sorted(saved, key=lambda one: (one.kind, one.name.casefold(), one.name)))
        self.changed.emit()

    # --- changes ---

    def keep(self, wanted: SavedFormula) -> None:
        """Save a formula, replacing the one of its name."""
        wanted = replace(wanted, name=check_name(wanted.name), formula=formula_of(wanted.kind, wanted.formula)[0])

        def edit(current: Sequence[SavedFormula]) -> list[SavedFormula]:
            earlier = next((saved for saved in current if _key(saved) == _key(wanted)), None)
            return [*(saved for saved in current if saved is not earlier), wanted.over(earlier) if earlier else wanted]

        changed = self._store.change(edit)
        self.choose(wanted)
        self._set_formulas(changed)

    def rename(self, saved: SavedFormula, name: str) -> None:
        """Rename a formula. Raises ValueError if the name exists."""
        renamed = replace(saved, name=check_name(name))

        def edit(current: Sequence[SavedFormula]) -> list[SavedFormula]:
            if _key(renamed) in map(_key, current):
                article = "a" if saved.kind == MAP else "an"
                raise ValueError(f"there is already {article} {saved.kind} called {renamed.name}; give another name")
            if _key(saved) not in map(_key, current):
                raise ValueError(f"{saved.name} no longer exists; another window has deleted or renamed it")
            return [replace(one, name=renamed.name) if _key(one) == _key(saved) else one for one in current]

        if renamed.name != saved.name:
            changed = self._store.change(edit)
            self.choose(renamed)
            self._set_formulas(changed)

    def remove(self, unwanted: Iterable[SavedFormula]) -> None:
        """Delete these formulas."""
        gone = set(map(_key, unwanted))
        self._set_formulas(self._store.change(lambda current: [saved for saved in current if _key(saved) not in gone]))

    def clashes(self, newcomers: Iterable[SavedFormula]) -> list[SavedFormula]:
        """Formulas whose name exists with another content."""
        names = set(map(_key, self._saved))
        return [saved for saved in newcomers if saved not in self._saved and _key(saved) in names]

    def take_in(self, newcomers: Sequence[SavedFormula], clash: str = BOTH) -> list[SavedFormula]:
        """Import formulas and return those added; `clash` decides on existing names. Identical formulas are left out."""
        added: list[SavedFormula] = []

        def edit(current: Sequence[SavedFormula]) -> list[SavedFormula]:
            added.clear()
            kept = {_key(saved): saved for saved in current}
            for saved in newcomers:
                if saved in kept.values() or (clash == SKIP and _key(saved) in kept):
                    continue
                if clash == BOTH:
                    saved = replace(saved, name=free_name(saved.name, _names(kept.values(), saved.kind)))
                kept[_key(saved)] = saved
                added.append(saved)
            return list(kept.values())

        self._set_formulas(self._store.change(edit))
        return added


def _key(saved: SavedFormula) -> tuple[str, str]:
    return saved.kind, saved.name


def _names(library: Iterable[SavedFormula], kind: str) -> Collection[str]:
    return {saved.name for saved in library if saved.kind == kind}


@cache
def saved_formulas() -> Library:
    """The library of this process; the file is read at first use."""
    return Library()


def saved_as(kind: str, formula: str) -> SavedFormula | None:
    """The saved formula with this text, apart from spaces; None if there is none."""
    if not saved_formulas().of(kind):
        return None
    try:
        return saved_formulas().named(kind, formula_of(kind, formula)[0])
    except ValueError:
        return None


# What a request's map, objective or equation is like in the window -----------------------------------------------------------------------


def find_map(name: str) -> Map:
    """The map with this name or formula; a saved formula has its saved title, values, ranges, view and initial condition."""
    found = catalog.find_map(name)
    saved = None if found.name in MAPS else saved_as(MAP, found.name)
    if saved is None:
        return found
    tried = map_with(found.name, _ranged(found.parameters, saved), saved.sweep or found.sweep)
    return replace(
        tried,
        title=saved.name,
        state=(float(saved.starts[0]), float(saved.starts[1])) if saved.starts else tried.state,
        start=saved.start[0] if saved.start else tried.start,
        rest=saved.start[1:] if saved.start else tried.rest,
        view=saved.view or tried.view,
        reference="one of my maps",
    )


def find_objective(name: str) -> Objective:
    """The objective with this name or formula; a saved formula has its saved title, values, ranges, view and initial point."""
    found = catalog.find_objective(name)
    saved = None if found.name in OBJECTIVES else saved_as(OBJECTIVE, found.name)
    if saved is None:
        return found
    own = saved.start

    def start(n: int) -> Point:
        return own if n == len(own) else found.start(n)

    return replace(
        found,
        title=saved.name,
        parameters=_ranged(found.parameters, saved),
        start=start,
        view=saved.view or found.view,
        reference="one of my objectives",
    )


def find_equations(name: str) -> Equations:
    """The equations with this name or text; saved ones have their saved title, values, ranges, view and initial point."""
    found = equations.find_equations(name)
    saved = None if found.name in EQUATIONS else saved_as(EQUATION, found.name)
    if saved is None:
        return found
    return replace(
        found,
        title=saved.name,
        parameters=_ranged(found.parameters, saved),
        start=saved.start or found.start,
        view=saved.view or found.view,
        reference="one of my equations",
    )


def first_start(objective: Objective) -> Point:
    """The first initial point of an objective, which also sets the number of variables."""
    saved = None if objective.name in OBJECTIVES else saved_as(OBJECTIVE, objective.name)
    return (saved and saved.start) or objective.start(objective.dimension)


def usual_start(name: str, n: int) -> Point:
    """The objective's own initial point with n coordinates, independent of a saved one."""
    return catalog.find_objective(name).start(n)


def completed(chosen: Map | Objective, given: Pairs, unless: str | None = None) -> Pairs:
    """The (name, value) pairs of `given`, by name; a saved formula's other parameters get the values it was saved with.

    `unless` names a parameter that gets no value, such as the one that is swept.
    """
    saved = {p.name: p.default for p in chosen.parameters if p.usual_range is not None and p.name != unless}
    return tuple(sorted((saved | dict(given)).items()))


def _ranged(parameters: Iterable[Parameter], saved: SavedFormula) -> tuple[Parameter, ...]:
    kept = {p.name: p for p in saved.parameters}
    return tuple(_own(p, kept[p.name]) if p.name in kept else p for p in parameters)


def _own(p: Parameter, kept: SavedParameter) -> Parameter:
    return replace(p, default=kept.value, low=kept.low, high=kept.high, usual_range=(p.low, p.high))
