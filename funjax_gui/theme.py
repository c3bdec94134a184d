"""The window's colours, dark and light."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Colours:
    """One theme: each colour as "#rrggbb".

    `accent` marks what is chosen (pin, rubber band, cobweb), `accent2` draws curves, `line` thin borders and spines.
    """

    background: str
    panel: str
    text: str
    muted: str
    line: str
    accent: str
    accent2: str
    good: str
    bad: str
    dark: bool

    def shade(self, role: str) -> str:
        """The colour of a role by its name; a colour given as "#rrggbb" is itself."""
        return role if role.startswith("#") else str(getattr(self, role))


DARK = Colours(
    background="#14161a",
    panel="#1a1d23",
    text="#e4e6ea",
    muted="#8b9199",
    line="#3a404a",
    accent="#f1a239",
    accent2="#7c98f9",
    good="#5fbf8f",
    bad="#f0716c",
    dark=True,
)
LIGHT = Colours(
    background="#fafaf9",
    panel="#f1f1ee",
    text="#1c1e21",
    muted="#656b72",
    line="#c4c6c1",
    accent="#b85c00",
    accent2="#4a6ee0",
    good="#1d7f50",
    bad="#c0322c",
    dark=False,
)
