"""What tells a token from a word, a name of a program's variable, a placeholder of a manual.

Pure.  Called by the rules of tokens and labels.
"""

from __future__ import annotations

import re

_LEAST_CHANGE = 6  # a random token changes between letters and digits, or to capitals, every two to four characters
_LEAST_CAPITALS = 5  # without any digit: words of CamelCase are longer than this on average
_CHANGE = re.compile(r"(?<=[0-9])(?=[A-Za-z])|(?<=[A-Za-z])(?=[0-9])|(?<=[a-z])(?=[A-Z])")
_PLACEHOLDER = re.compile(
    r"your|example|xxxx|placeholder|change_?me|dummy|redacted|sample|insert|replace|1234567890|abcdef|qwerty|\.\.\."
    r"|0000000|<|>|\*\*|\{\{|\$\{|…|•",
    re.IGNORECASE,
)
_ODD = re.compile(r"[0-9][A-Za-z]|[A-Za-z][0-9]|[a-z][A-Z]")


def is_placeholder(value: str) -> bool:
    """Tell whether a manual wrote it in the place of a secret."""
    return _PLACEHOLDER.search(value) is not None


def is_odd(value: str) -> bool:
    """Tell whether letters, digits and capitals are mixed as no word of a language mixes them."""
    return _ODD.search(value) is not None


def is_various(value: str) -> bool:
    """Tell whether what follows a long prefix can be a token: no placeholder, no row of the same character."""
    return len(set(value)) * 3 >= min(len(value), 30) and not is_placeholder(value)


def is_mixed(value: str) -> bool:
    """Tell whether what follows an issuer's prefix can be a token: many characters, of more than one class."""
    classes = (str.isdigit, str.islower, str.isupper)
    mixed = sum(any(map(each, value)) for each in classes) > 1
    return mixed and is_various(value)


def is_random(value: str) -> bool:
    """Tell whether characters look drawn by lot: no word, no CamelCase name, no path, no placeholder."""
    if not is_various(value):
        return False
    changes = len(_CHANGE.findall(value))
    if any(character.isdigit() for character in value):
        return changes * _LEAST_CHANGE >= len(value)
    return changes * _LEAST_CAPITALS >= len(value) and len(value) >= 16
