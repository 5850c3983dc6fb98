"""Keeping within the budget: what goes first, what never goes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.segments import files, page, record
from tests.support.stores import NOON_US, StoreUnderTest
from timeline.clock import SECOND_US, FixedClock
from timeline.reencoding import sweep
from timeline.thinning import YOUNG_US, Thinning
from timeline.thumbnails import Thumbnails, ThumbnailWriter
from timeline.usage import Usage

OLD = "2025-11-22/120000-m0-0000000a.mp4.sealed"
NEWER = "2025-11-22/130000-m0-0000000b.mp4.sealed"
DAY_LATER_US = NOON_US + YOUNG_US + 1800 * SECOND_US  # the second segment is half an hour younger than a day


@pytest.fixture
def thumbnails(store: StoreUnderTest) -> Iterator[ThumbnailWriter]:
    """The thumbnails of a store with two segments, an hour apart."""
    record(store, name=OLD)
    record(store, name=NEWER, start_s=3600)
    with ThumbnailWriter(store.home, store.key) as opened:
        for frame_id in store.reader.frame_ids(0, 100):
            opened.note(store.reader.frame(frame_id), page(frame_id))
        yield opened


def thinning(
    store: StoreUnderTest, thumbnails: ThumbnailWriter, budget_bytes: int | None, now_us: int = DAY_LATER_US
) -> Thinning:
    """Return what keeps a store within a budget."""
    return Thinning(store.home, store.writer, store.reader, thumbnails, budget_bytes, FixedClock(now_us))


def test_nothing_goes_while_there_is_room(store, thumbnails):
    """Nor without a budget."""
    assert not thinning(store, thumbnails, 100_000_000).step()
    assert not thinning(store, thumbnails, None).step()
    assert files(store.home) == [OLD, NEWER]


def test_the_oldest_video_goes_first_and_its_text_and_thumbnails_stay(store, thumbnails):
    """Near the budget one segment goes; that makes room."""
    chore = thinning(store, thumbnails, Usage(store.home).measure().total)
    assert chore.step()
    assert files(store.home) == [NEWER]
    [first, *_] = store.reader.frame_ids(0, 100)
    frame = store.reader.frame(first)
    assert store.reader.segment(frame.segment_id).pixels == "gone"
    assert [line.text for line in store.reader.lines(first)] == ["text"]
    with Thumbnails(store.home, store.key) as reading:
        assert reading.of(frame) is not None


def test_pixels_of_the_last_day_never_go(store, thumbnails):
    """However small the budget: then the old thumbnails go, and then nothing more."""
    chore = thinning(store, thumbnails, 1000)
    assert [chore.step() for _ in range(4)] == [True, True, False, False]
    assert files(store.home) == [NEWER]
    shown = [frame_id for frame_id in store.reader.frame_ids(0, 100) if not thumbnails.missing([frame_id])]
    assert [store.reader.frame(one).start_us >= NOON_US + 3600 * SECOND_US for one in shown] == [True] * 6


def test_a_segment_with_unread_frames_stays(store, thumbnails):
    """Its text is still to be taken from it."""
    store.writer.db.execute("UPDATE jobs SET state = 'waiting' WHERE frame_id = 1")
    assert thinning(store, thumbnails, 1000).step()
    assert files(store.home) == [OLD, NEWER]


def test_a_kill_between_row_and_file_is_made_good(store, thumbnails, monkeypatch):
    """The row says gone, the file is removed by the next start."""
    chore = thinning(store, thumbnails, 1000)
    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.unlink", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            chore.step()
    assert files(store.home) == [OLD, NEWER]
    assert sweep(store.home, store.reader) == 1
    assert files(store.home) == [NEWER]
