"""Thumbnails: when one is made, when it is shared, and that the file can be lost."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tests.support.room import little_room
from tests.support.segments import page, record
from tests.support.stores import StoreUnderTest
from timeline.errors import DiskFull, StoreUnusable
from timeline.missing_thumbnails import MissingThumbnails
from timeline.model import Frame, Picture
from timeline.pictures import Pictures
from timeline.thumbnails import Thumbnails, ThumbnailWriter


@pytest.fixture
def thumbnails(store: StoreUnderTest) -> Iterator[Thumbnails]:
    """The thumbnails of the store, as a reader sees them."""
    with Thumbnails(store.home, store.key) as opened:
        yield opened


@pytest.fixture
def making(store: StoreUnderTest) -> Iterator[ThumbnailWriter]:
    """What makes the thumbnails of the store."""
    with ThumbnailWriter(store.home, store.key) as opened:
        yield opened


def frames(store: StoreUnderTest, count: int, **changes: object) -> list[Frame]:
    """Commit frames a second apart."""
    made = [store.writer.add_frame(store.new_frame(second, **changes)) for second in range(count)]
    return [frame for one in made if (frame := store.reader.frame(one)) is not None]


def kept(making: ThumbnailWriter) -> int:
    """Return how many thumbnails there are."""
    return int(making._db.execute("SELECT count(*) FROM thumbnails").fetchone()[0])


def distance(small: Picture | None, picture: Picture) -> float:
    """Return how far a thumbnail is from a picture: mean levels at its own size."""
    assert small is not None
    rows = np.linspace(0, picture.shape[0], small.shape[0], endpoint=False).astype(int)
    columns = np.linspace(0, picture.shape[1], small.shape[1], endpoint=False).astype(int)
    return float(np.abs(small.astype(int) - picture[rows][:, columns]).mean())


def test_a_thumbnail_is_a_small_picture_of_its_frame(store, making, thumbnails):
    """A quarter as wide and as high as a screen of 1080p, of its colours."""
    [frame] = frames(store, 1)
    picture = np.full((1080, 1920, 3), (200, 120, 40), np.uint8)
    making.note(frame, picture)
    small = thumbnails.of(frame)
    assert small.shape == (270, 480, 3)
    assert np.abs(small.astype(int) - (200, 120, 40)).max() <= 12


@pytest.mark.parametrize(
    ("size", "expected"), [((3840, 2160), (480, 270)), ((1080, 1920), (270, 480)), ((300, 200), (300, 200))]
)
def test_a_thumbnail_keeps_the_shape_of_its_frame(store, making, thumbnails, size, expected):
    """As many pixels whatever the shape; a small picture is not enlarged."""
    [frame] = frames(store, 1, width=size[0], height=size[1])
    making.note(frame, page(1, *size))
    assert thumbnails.of(frame).shape[1::-1] == expected


def test_a_typed_word_needs_no_thumbnail(store, making, thumbnails):
    """Frames that look alike share one."""
    first, second = frames(store, 2)
    picture = page(1)
    making.note(first, picture)
    typed = picture.copy()
    typed[1000:1020, 100:260] = 0
    making.note(second, typed)
    assert kept(making) == 1
    assert np.array_equal(thumbnails.of(first), thumbnails.of(second))


def test_slow_changes_make_a_thumbnail_in_the_end(store, making):
    """A frame is compared with the thumbnail, not with the frame before."""
    picture = page(1)
    for frame in frames(store, 12):
        picture = picture.copy()
        picture[80 * (frame.id % 12) :][:40] = 128
        making.note(frame, picture)
    assert kept(making) > 1


def test_coming_back_to_a_page_shares_its_thumbnail(store, making, thumbnails):
    """Whoever switches between two windows needs two."""
    pages = [page(1), page(2)]
    made = frames(store, 6)
    for frame in made:
        making.note(frame, pages[frame.id % 2])
    assert kept(making) == 2
    for frame in made:
        near, far = pages[frame.id % 2], pages[1 - frame.id % 2]
        assert distance(thumbnails.of(frame), near) < distance(thumbnails.of(frame), far)


def test_monitors_share_nothing(store, making):
    """Forgetting one screen must not touch the other's."""
    for monitor in (0, 1):
        for frame in frames(store, 1, monitor=monitor):
            making.note(frame, page(1))
    assert kept(making) == 2


def test_a_frame_without_a_thumbnail_has_none(store, making, thumbnails):
    """The one before may have looked otherwise."""
    first, second = frames(store, 2)
    making.note(first, page(1))
    assert thumbnails.of(second) is None
    assert making.missing([first.id, second.id]) == [second.id]


def test_a_home_without_thumbnails_has_none(store, thumbnails):
    """They come when the worker has been there; looking makes no file."""
    assert thumbnails.of(frames(store, 1)[0]) is None
    assert not store.home.thumbnails.exists()


def test_forgotten_frames_take_their_thumbnail_from_all_that_share_it(store, making, thumbnails):
    """It shows the pixels of the forgotten frame; the others get their own anew."""
    first, second = frames(store, 2)
    for frame in (first, second):
        making.note(frame, page(1))
    making.forget([first.id])
    assert thumbnails.of(second) is None
    making.note(second, page(1))
    assert thumbnails.of(second) is not None


def test_a_damaged_file_is_made_anew(store, thumbnails):
    """Thumbnails are derived: nothing is lost but the work."""
    [frame] = frames(store, 1)
    with ThumbnailWriter(store.home, store.key) as making:
        making.note(frame, page(1))
    store.home.thumbnails.write_bytes(b"no database at all" * 500)
    assert thumbnails.of(frame) is None
    with ThumbnailWriter(store.home, store.key) as making:
        making.note(frame, page(1))
    assert thumbnails.of(frame) is not None


def test_a_file_that_breaks_while_it_is_written_is_made_anew(store, thumbnails):
    """No thumbnail may keep a frame from being read."""
    first, second = frames(store, 2)
    with ThumbnailWriter(store.home, store.key) as making:
        making.note(first, page(1))
        making._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        making._db.execute("PRAGMA cache_size = 0")
        whole = store.home.thumbnails.read_bytes()
        with store.home.thumbnails.open("r+b") as file:
            file.seek(4096)
            file.write(bytes(len(whole) - 4096))
        making.note(second, page(2))
    assert thumbnails.of(second) is not None
    assert thumbnails.of(first) is None


def test_missing_thumbnails_are_made_from_the_video(store, making, thumbnails):
    """Of every frame that has a picture; those that have one already are left."""
    record(store, frames=3)
    framed = [store.reader.frame(one) for one in store.reader.frame_ids(0, 10)]
    making.note(framed[0], page(0, 640, 360))
    with Pictures(store.home, store.key, store.reader) as pictures:
        chore = MissingThumbnails(store.reader, pictures, making)
        while chore.step():
            pass
    assert chore.made == 2
    assert all(thumbnails.of(frame) is not None for frame in framed)


def test_a_newer_file_is_left_alone(store):
    """What cannot be made again, of segments that are gone, is not thrown away."""
    with ThumbnailWriter(store.home, store.key) as making:
        making._db.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreUnusable, match="newer version"):
        ThumbnailWriter(store.home, store.key)
    assert store.home.thumbnails.exists()


def test_removing_the_oldest_gives_room_back(store, making, thumbnails):
    """The file shrinks; the newest stay."""
    made = frames(store, 30)
    for frame in made:
        making.note(frame, page(frame.id))
    making._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = store.home.thumbnails.stat().st_size
    assert making.remove_oldest(25) == 25
    assert store.home.thumbnails.stat().st_size < before / 2
    assert [thumbnails.of(frame) is None for frame in made] == [True] * 25 + [False] * 5


def test_the_file_is_encrypted_and_private(store, making):
    """Small pictures are of the screen as well."""
    making.note(frames(store, 1)[0], page(1))
    making._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert store.home.thumbnails.stat().st_mode & 0o777 == 0o600
    assert b"WEBP" not in store.home.thumbnails.read_bytes()
    assert not store.home.thumbnails.read_bytes().startswith(b"SQLite")


def test_a_full_disk_costs_no_thumbnail_that_was_kept(store, making, thumbnails):
    """It is told, the file stays whole, and the next one is kept when there is room."""
    first, second = frames(store, 2)
    making.note(first, page(1))
    with little_room(store.home.thumbnails.stat().st_size), pytest.raises(DiskFull):
        making.note(second, page(2))
    making.note(second, page(2))
    assert making._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert thumbnails.of(first) is not None
    assert thumbnails.of(second) is not None
