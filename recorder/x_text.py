"""Text of X window properties, in the encodings that programs of four decades put there.

Pure.  Called by recorder.windows.
"""

from __future__ import annotations

import re

_UTF8_PART = re.compile(rb"\x1b%G(.*?)(?:\x1b%@|$)", re.DOTALL)  # how COMPOUND_TEXT wraps UTF-8
_DESIGNATION = re.compile(rb"\x1b[-().][\x20-\x7e]|\x9b[0-9]*[\]]")  # names of the one-byte sets, and of the direction
_TO_ISO_2022 = ((b"\x1b$(A", b"\x1b$A"), (b"\x1b$(B", b"\x1b$B"))  # Chinese and Japanese as Python's codec names them

# Programs in terminals turn a wheel before their title (braille, stars): ten titles a second of one task.
_WHEEL = re.compile(r"^[\u2800-\u28ff◐◓◑◒◴◷◶◵◜◝◞◟✢✳✶✻✽✺⏳⌛]\ufe0f?\s+(?=\S)")


def property_text(raw: bytes, kind: str) -> str | None:
    """Return the text of a property of type STRING, UTF8_STRING or COMPOUND_TEXT; None when it is empty.

    Bytes that are wrong for the type become U+FFFD: a title with a hole is better than none.
    """
    if kind == "UTF8_STRING":
        text = raw.decode("utf-8", "replace")
    elif kind == "COMPOUND_TEXT":
        text = _compound_text(raw)
    else:
        text = _string(raw)
    return text.strip("\0").strip() or None


def still_title(title: str | None) -> str | None:
    """Return a title without the wheel that some programs turn before it: a task that goes on is one title."""
    return None if title is None else _WHEEL.sub("", title)


def class_part(raw: bytes) -> str | None:
    """Return the class of a WM_CLASS property (instance, NUL, class, NUL); some programs set only one of them."""
    parts = [part for part in raw.split(b"\0") if part]
    return property_text(parts[-1], "UTF8_STRING") if parts else None


def _string(raw: bytes) -> str:
    """Return Latin-1 text, or the UTF-8 that many programs put there against the rule."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _compound_text(raw: bytes) -> str:
    """Return the text of ISO 2022 as X uses it: Latin-1 with runs of other sets.

    Source: Compound Text Encoding 1.1, X Consortium Standard.
    """
    text, end = [], 0
    for part in _UTF8_PART.finditer(raw):
        text += [_legacy(raw[end : part.start()]), part[1].decode("utf-8", "replace")]
        end = part.end()
    return "".join([*text, _legacy(raw[end:])])


def _legacy(raw: bytes) -> str:
    if b"\x1b$" not in raw:
        return _DESIGNATION.sub(b"", raw).decode("latin-1")
    for ours, pythons in _TO_ISO_2022:
        raw = raw.replace(ours, pythons)
    return raw.decode("iso2022_jp_2", "replace")
