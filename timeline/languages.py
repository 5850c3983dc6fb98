"""The language that a person's system speaks, of the two that dayreel does.  Pure.

Called by the commands that tell in sentences and by the terminal interface.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts, as for every program


def language_named(name: str | None, environment: Mapping[str, str]) -> Literal["en", "zh"]:
    """Return the language that a name stands for, without one that of the locale; English where it is another."""
    locale = next((environment[one] for one in _LOCALE if environment.get(one)), "")
    return "zh" if (name or locale).startswith("zh") else "en"
