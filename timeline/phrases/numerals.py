"""Numbers as Chinese writes them: 十一, 二十三, 一百二, 两, 半, 几, and figures.

Pure.  Called by chinese.py, and by the assistant when it compares the numbers of an answer with the record.
"""

from __future__ import annotations

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_LARGE_UNITS = {"万": 10_000, "亿": 100_000_000}
_VAGUE = {"半": 0.5, "几": 3.0, "数": 3.0}  # "a few" is three in both languages

SPOKEN = r"[零〇一二两三四五六七八九十百]"
"""One numeral of a number as it is said in times, as a pattern."""

NUMERAL_CHARS = "".join(_DIGITS) + "".join(_UNITS) + "".join(_LARGE_UNITS)


def number(text: str) -> float:
    """Return the value of a number in figures or numerals.  Raises ValueError when it is none."""
    if text in _VAGUE:
        return _VAGUE[text]
    if text[:1].isdecimal():
        return float(text)
    if all(char in _DIGITS for char in text) and text:
        return float("".join(str(_DIGITS[char]) for char in text))
    return float(_spoken(text))


def _spoken(text: str) -> int:
    total, section, digit = 0, 0, None
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _UNITS:
            section += (1 if digit is None else digit) * _UNITS[char]
            digit = None
        elif char in _LARGE_UNITS:
            total += (section + (digit or 0)) * _LARGE_UNITS[char]
            section, digit = 0, None
        else:
            raise ValueError("no numeral")
    return total + section + (digit or 0)
