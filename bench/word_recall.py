"""How many words and Chinese characters of known texts an engine has read, wherever they stand.

Pure.  For truths without boxes; where a truth has boxes, bench/known_screens.py is stricter.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from bench.known_screens import Found

_UNIT = re.compile(r"[\u4e00-\u9fff]|[0-9a-z]+")


def words_found(shown: Iterable[str], read: Iterable[str]) -> Found:
    """Return how many words and characters were shown, and how many of them were read, each as often as it was."""
    there, seen = _counted(shown), _counted(read)
    return Found(there.total(), (there & seen).total())


def _counted(texts: Iterable[str]) -> Counter[str]:
    return Counter(unit for text in texts for unit in _UNIT.findall(unicodedata.normalize("NFKC", text).casefold()))
