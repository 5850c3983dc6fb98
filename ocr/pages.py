"""Pages that were read and may come back: tabs, windows behind others, the two states of a caret.

Owns the pages it was given, the newest last; holds hashes of their tiles and their lines, no pixels.  Never writes
anything.  Called by `ocr.incremental`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ocr.carrying import Source
from ocr.tiles import Hashes, Tiles, tiles_of
from timeline.model import Box, Line

MOST_PAGES = 48  # about 0.2 MB each
MOST_TELLING = 4  # pages of which one picture takes lines
LEAST_TILES = 1  # that a page must explain; a caret may lie within one


@dataclass(frozen=True, slots=True)
class Page:
    """A picture that was read: what its tiles looked like, and its lines."""

    hashes: Hashes
    lines: Sequence[Line]


class Pages:
    """The newest pages of one stream."""

    def __init__(self) -> None:
        self._pages: deque[Page] = deque(maxlen=MOST_PAGES)

    def add(self, page: Page) -> None:
        """Remember a page; the oldest is forgotten when there are too many, and one that looks the same."""
        for place, one in enumerate(self._pages):
            if one.hashes.shape == page.hashes.shape and np.array_equal(one.hashes, page.hashes):
                del self._pages[place]
                break
        self._pages.append(page)

    def forget(self) -> None:
        """Forget all pages."""
        self._pages.clear()

    def sources(self, hashes: Hashes, wanted: Tiles) -> list[Source]:
        """Return the pages that explain most of the tiles wanted, each with the tiles that look as they did then."""
        found: list[Source] = []
        wanted = wanted.copy()
        pages = [page for page in self._pages if page.hashes.shape == hashes.shape]
        same = [page.hashes == hashes for page in pages]
        while pages and len(found) < MOST_TELLING:
            told = [int(np.count_nonzero(one & wanted)) for one in same]
            best = len(told) - 1 - int(np.argmax(told[::-1]))  # of equals the newest
            if told[best] < LEAST_TILES:
                break
            found.append(_source(pages[best], same[best]))
            wanted &= ~same[best]
        return found


def _source(page: Page, same: Tiles) -> Source:
    def stands(box: Box) -> bool:
        return bool(same[tiles_of(box)].all())

    return Source(page.lines, same, stands)
