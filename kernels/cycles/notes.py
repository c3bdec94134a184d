"""Notes on what searches for periodic orbits could not resolve."""

from collections.abc import Mapping

from kernels.cycles.periodic_orbits import Found
from kernels.validation import grouped


def notes_of(found: Mapping[int, Found]) -> list[str]:
    """What the searches for these periods could not resolve, as sentences; what they have in common is said once."""
    stopped = {period: one for period, one in found.items() if one.left}
    notes = [one.note for one in found.values() if one.note]
    if stopped:
        *others, last = (grouped(period) for period in sorted(stopped))
        points, left = (grouped(max(numbers)) for numbers in zip(*((one.points, one.left) for one in stopped.values()), strict=True))
        which = f"periods {', '.join(others)} and {last}" if others else f"period {last}"
        most = "up to " if others else ""
        notes.append(
            f"the search for orbits of {which} stopped at {most}{points} points with {most}{left} intervals undecided:"
            " there may be more; narrow the range to find them"
        )
    return notes
