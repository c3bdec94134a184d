"""The window's colours, dark and light."""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Colours:
    """One theme: each colour as "#rrggbb".

    `accent` marks what is chosen (pin, rubber band, cobweb), `accent2` draws curves, `line` separates areas, and
    `edge` outlines controls. The contrast of text with its background is at least 4.5 to 1, that of `edge` 3 to 1.
    """

    background: str
    panel: str
    text: str
    muted: str
    line: str
    edge: str
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
    edge="#6b727d",
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
    edge="#858783",
    accent="#a85300",
    accent2="#3f60d6",
    good="#1a774b",
    bad="#c0322c",
    dark=False,
)

WHITE = replace(LIGHT, background="#ffffff", panel="#ffffff", muted="#3d4248", line="#3d4248")
"""For paper: the light theme on the paper's own white, with axes and labels as dark as in a journal's figures."""

THEMES: Mapping[str, Colours] = {"white": WHITE, "light": LIGHT, "dark": DARK}
"""The colours of each theme, by its name. A window is light or dark, an exported picture any of these."""
