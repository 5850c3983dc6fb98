"""When a text holds another: case, width and runs of white space do not count, nor any beside Chinese characters.

Pure.  Called by the selection of texts and by the check afterwards.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_CJK = "\u3000-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_SPACE_BESIDE_CJK = re.compile(f"(?<=[{_CJK}]) | (?=[{_CJK}])")
_CHINESE = re.compile(f"[{_CJK}]")
LEAST_TYPED = 4  # letters of a half-typed text: fewer begin too many others
LEAST_TYPED_CHINESE = 2


def fold(text: str) -> str:
    """Return a text as it is compared."""
    return _SPACE_BESIDE_CJK.sub("", " ".join(unicodedata.normalize("NFKC", text).casefold().split()))


def half_typed(wanted: str) -> str | None:
    """Return the beginning of a folded text that gives it away, half of it; None where that would be too short."""
    half = wanted[: (len(wanted) + 1) // 2].strip()
    least = LEAST_TYPED_CHINESE if _CHINESE.search(half) else LEAST_TYPED
    if len(half) >= least:
        return half
    return wanted[:least] if len(wanted) >= least else None


def may_begin(line: str, wanted: str) -> bool:
    """Tell whether a folded line ends with the beginning of a folded text, or could be its first part."""
    if not line:
        return False
    return any(line.endswith(wanted[:end]) for end in range(1, len(wanted)) if wanted[end - 1] == line[-1])


def spread(lines: Sequence[str], wanted: str) -> int:
    """Return over how many folded lines, from the first, a folded text goes that begins in the first; 0: it does not.

    A text that stands wholly in one line is not looked for.
    """
    text, first = lines[0], len(lines[0])
    for number, line in enumerate(lines[1:], 2):
        text = _SPACE_BESIDE_CJK.sub("", f"{text} {line}")
        if 0 <= text.find(wanted, max(0, first - len(wanted))) < first:
            return number
        if len(text) > first + len(wanted):
            break
    return 0
