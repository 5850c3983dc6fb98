"""Text of the screen made safe to show: nothing in it is a command to the terminal.

A window's title can hold any character; an escape code among them would reach the terminal as it stands.  Markup
is no danger here, since every widget gets Content or is built with markup=False.
"""

from __future__ import annotations

_CONTROL = (*range(0x20), *range(0x7F, 0xA0))
_DIRECTION = (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_UNSAFE = dict.fromkeys((*_CONTROL, *_DIRECTION), " ")
_UNSAFE_BUT_LINES = {code: to for code, to in _UNSAFE.items() if code != 0x0A}


def literal(text: str) -> str:
    """Return the text on one line, control and direction codes as spaces; the length stays."""
    return text.translate(_UNSAFE)


def literal_lines(text: str) -> str:
    """Return the text with its line breaks, other control and direction codes as spaces; the length stays."""
    return text.translate(_UNSAFE_BUT_LINES)
