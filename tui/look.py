"""How the interface looks and behaves on this terminal, as the settings say.  Values only."""

from __future__ import annotations

from dataclasses import dataclass

DARK, LIGHT, TERMINAL = "dayreel", "dayreel-light", "terminal"


@dataclass(frozen=True, slots=True)
class Look:
    """What the settings of the interface say."""

    theme: str = DARK
    """One of ours, `terminal` for the terminal's own colours, or the name of one of Textual's."""
    still: bool = False
    """Nothing moves by itself."""
    plain: bool = False
    """Plain lists without borders, bars and pictures, for screen readers."""


DEFAULT_LOOK = Look()


def theme_of(name: str) -> str:
    """Return Textual's name of a theme."""
    return "ansi-dark" if name == TERMINAL else name
