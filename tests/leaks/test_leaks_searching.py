"""The search for leaks finds what is there, in every place it looks at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.leaks.searching import Finding, in_bytes, in_colours, search_files, search_pixels, search_stored
from tests.leaks.secrets_shown import SECRETS
from tests.support.stores import StoreUnderTest
from timeline.home import write_private
from timeline.keys import derive, seal
from timeline.model import Picture, Window
from timeline.spool import Spool
from timeline.video import SegmentWriter

FIRST, SECOND = SECRETS[:2]


def shown(colour: tuple[int, int, int], side_px: int = 40) -> Picture:
    """A white picture with a square of a colour."""
    picture = np.full((200, 320, 3), 255, np.uint8)
    picture[60 : 60 + side_px, 80 : 80 + side_px] = colour[::-1]
    return picture


@pytest.mark.parametrize("how", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_word_is_found_in_bytes(how: str) -> None:
    """In any case and encoding, also cut at its end; another word is not."""
    data = b"\x00\xff" + FIRST.word.capitalize()[:7].encode(how) + b"\xff"
    assert list(in_bytes(data, SECRETS)) == [FIRST.word]


def test_a_colour_is_found_in_a_picture() -> None:
    """A square of five pixels is enough, one of four is taken for noise."""
    assert list(in_colours(shown(SECOND.colour, 5), SECRETS)) == [SECOND.word]
    assert list(in_colours(shown(SECOND.colour, 4), SECRETS)) == []


def test_no_two_secrets_can_be_taken_for_each_other() -> None:
    """Each colour is found as itself alone, each word as itself alone."""
    for secret in SECRETS:
        assert list(in_colours(shown(secret.colour), SECRETS)) == [secret.word]
        assert list(in_bytes(secret.word.encode(), SECRETS)) == [secret.word]


def test_what_was_removed_is_found_in_the_free_pages(store: StoreUnderTest) -> None:
    """A database that does not wipe what it removes is found out, in its write-ahead log too."""
    run = store.writer.db.conn.execute
    run("PRAGMA secure_delete = OFF")
    run("CREATE TABLE notes (text TEXT)")
    run("INSERT INTO notes VALUES (?)", [f"{FIRST.word} " * 2000])
    run("DELETE FROM notes")
    assert Finding(FIRST.word, "timeline.db", "page") in search_stored(store.home.root, SECRETS)
    run("PRAGMA wal_checkpoint(TRUNCATE)")
    assert Finding(FIRST.word, "timeline.db", "page") in search_stored(store.home.root, SECRETS)


def test_a_row_and_a_packed_value_are_found(store: StoreUnderTest) -> None:
    """A title in its table; text that was packed."""
    import zlib

    store.frame(1, window=Window("Editor", f"my {FIRST.word}"))
    run = store.writer.db.conn.execute
    run("CREATE TABLE packed (value BLOB)")
    run("INSERT INTO packed VALUES (?)", [zlib.compress(f"a {SECOND.word} b".encode())])
    found = search_stored(store.home.root, SECRETS)
    assert Finding(FIRST.word, "timeline.db", "table windows") in found
    assert Finding(SECOND.word, "timeline.db", "table packed") in found


def test_the_vector_cache_and_plain_files_are_found(store: StoreUnderTest, tmp_path: Path) -> None:
    """The cache is sealed; a log and a file's name are as they are."""
    write_private(store.home.vectors, seal(derive(store.key, "vectors.index"), f"x{FIRST.word}".encode()))
    store.home.log.write_text(f"12:00 saw {SECOND.word}\n")
    (tmp_path / SECOND.word).touch()
    found = search_stored(store.home.root, SECRETS)
    assert Finding(FIRST.word, "vectors.index", "unsealed") in found
    assert Finding(SECOND.word, "dayreel.log", "file") in found
    assert search_files([tmp_path / SECOND.word], SECRETS) == [Finding(SECOND.word, SECOND.word, "file")]


def test_spool_and_video_are_found_without_a_row(store: StoreUnderTest) -> None:
    """What a killed recorder left behind before its frame was committed."""
    Spool(store.home, store.key).put(shown(FIRST.colour))
    (store.home.video / "day").mkdir()
    path = store.home.video / "day" / "one.mp4.sealed"
    with SegmentWriter.create(path, derive(store.key, "video"), 320, 200, 0) as writer:
        writer.write(shown((255, 255, 255)), 0)
        writer.write(shown(SECOND.colour), 1_000_000)
    found = search_pixels(store.home.root, SECRETS)
    assert found == [Finding(FIRST.word, "spool", "colour"), Finding(SECOND.word, "video", "colour")]
