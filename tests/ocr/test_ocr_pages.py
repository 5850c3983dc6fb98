"""Pages that were read: which of them explain a picture, and how many are kept."""

from __future__ import annotations

import numpy as np

from ocr.pages import MOST_PAGES, Page, Pages
from ocr.tiles import Hashes
from timeline.model import Box, Line

LINE = Line("a line", Box(2, 2, 30, 14), 0.9)


def test_a_page_that_was_read_explains_itself() -> None:
    """A page that is back tells all its tiles and its lines."""
    pages = _pages(1, 2)
    (source,) = pages.sources(_hashes(1), np.ones((4, 4), np.bool_))
    assert source.tiles.all()
    assert source.lines == [LINE]
    assert source.stands(LINE.box)


def test_a_line_stands_only_where_all_its_tiles_do() -> None:
    """One tile of the line that is other than it was makes it another line."""
    now = _hashes(1)
    now[0, 1] = 77
    (source,) = _pages(1).sources(now, np.ones((4, 4), np.bool_))
    assert not source.stands(LINE.box)
    assert source.stands(Box(2, 20, 30, 30))


def test_the_newest_of_equals_is_asked() -> None:
    """Of two pages that explain as much, the later reading counts."""
    pages = Pages()
    newer = Line("read later", LINE.box, 0.9)
    for line, corner in ((LINE, 8), (newer, 9)):
        hashes = _hashes(1)
        hashes[3, 3] = corner
        pages.add(Page(hashes, [line]))
    wanted = np.ones((4, 4), np.bool_)
    wanted[3, 3] = False
    assert pages.sources(_hashes(1), wanted)[0].lines == [newer]


def test_two_pages_explain_a_picture_together() -> None:
    """Half of one tab and half of another come from both."""
    now = _hashes(1)
    now[2:] = _hashes(2)[2:]
    assert len(_pages(1, 2).sources(now, np.ones((4, 4), np.bool_))) == 2


def test_a_single_tile_is_worth_a_page() -> None:
    """A caret may lie within one tile, and what it looked like before is known."""
    now = _hashes(1)
    wanted = np.zeros((4, 4), np.bool_)
    wanted[2, 2] = True
    assert len(_pages(1).sources(now, wanted)) == 1


def test_pages_of_another_size_tell_nothing() -> None:
    """A screen of another size has other tiles."""
    assert _pages(1).sources(np.full((4, 5), 1, np.uint64), np.ones((4, 5), np.bool_)) == []


def test_a_page_read_again_is_kept_once() -> None:
    """The later reading of the same page takes the place of the earlier."""
    pages = _pages(1)
    pages.add(Page(_hashes(1), []))
    (source,) = pages.sources(_hashes(1), np.ones((4, 4), np.bool_))
    assert source.lines == []


def test_the_oldest_page_is_forgotten() -> None:
    """No more pages are kept than there is memory for."""
    pages = _pages(*range(1, MOST_PAGES + 2))
    assert pages.sources(_hashes(1), np.ones((4, 4), np.bool_)) == []
    assert len(pages.sources(_hashes(2), np.ones((4, 4), np.bool_))) == 1


def test_forgotten_pages_tell_nothing() -> None:
    """After `forget` nothing is known."""
    pages = _pages(1)
    pages.forget()
    assert pages.sources(_hashes(1), np.ones((4, 4), np.bool_)) == []


def _pages(*kinds: int) -> Pages:
    pages = Pages()
    for kind in kinds:
        pages.add(Page(_hashes(kind), [LINE]))
    return pages


def _hashes(kind: int) -> Hashes:
    """Return the tiles of a page; no two kinds share one."""
    return np.arange(16, dtype=np.uint64).reshape(4, 4) + np.uint64(100 * kind)
