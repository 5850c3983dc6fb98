"""What is said of a secret: its kind and where it stands, never what it is.

Owns the two values that cross over to other rooms.  Called by all modules of this package and by who hides secrets.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret of a kind in a text, `end` exclusive, in characters."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of secret: its name in the settings, one line on what it is, whether it is looked for by default."""

    name: str
    meaning: str
    on: bool = True
