"""Segments written anew: what is hidden or forgotten is gone from the file, all else is there, whole after any kill."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.room import little_room
from tests.support.segments import NAME, SIZE, files, page, record
from tests.support.stores import NOON_US, SECOND_US, StoreUnderTest
from timeline.database import transaction
from timeline.errors import DiskFull, UnreadableNow, UnreadablePicture
from timeline.forgetting.finishing import Finishing
from timeline.hidden import SHADE, HiddenBox, hide, want_rewrite
from timeline.keys import derive
from timeline.likeness import least_likeness
from timeline.model import Box, Picture, Segment
from timeline.pictures import Pictures
from timeline.reencoding import Reencoding
from timeline.rewriting import Rewriting
from timeline.video import SegmentReader, SegmentWriter

NEVER = threading.Event()
BOX = HiddenBox(Box(200, 100, 360, 140), "password")
INNER = np.s_[104:136, 206:354]


def rewriting(store: StoreUnderTest) -> Rewriting:
    """Return what writes the segments of a store anew."""
    return Rewriting(store.home, store.key, store.writer)


def opened(store: StoreUnderTest, segment: Segment) -> SegmentReader:
    """Return a reader of a segment's file."""
    return SegmentReader(store.home.video / segment.name, derive(store.key, "video"), *SIZE)


def hide_on(store: StoreUnderTest, frame_id: int, *, urgent: bool = True) -> None:
    """Hide a box of a frame."""
    with transaction(store.writer.db):
        hide(store.writer.db, frame_id, [BOX], urgent=urgent)


def drop(store: StoreUnderTest, frame_id: int) -> None:
    """Take a frame's row away, as forgetting does."""
    with transaction(store.writer.db):
        want_rewrite(store.writer.db, [frame_id], urgent=True)
        for table in ("jobs", "readings"):
            store.writer.db.conn.execute(f"DELETE FROM {table} WHERE frame_id = ?", [frame_id])
        store.writer.db.conn.execute("DELETE FROM frames WHERE id = ?", [frame_id])


def test_a_hidden_box_is_covered_for_readers_at_once(store):
    """Before the file is written anew its picture is handed out with a flat block."""
    record(store)
    hide_on(store, 2)
    with Pictures(store.home, store.key, store.reader) as pictures:
        assert (pictures.bgr(store.reader.frame(2))[INNER] == SHADE).all()
        assert not (pictures.bgr(store.reader.frame(3))[INNER] == SHADE).any()


def test_a_hidden_box_is_written_out_of_the_file(store):
    """The new file shows a flat block there and everything else as it was; the old file is gone."""
    segment = record(store)
    with opened(store, segment) as old:
        was = {at_us: old.picture(at_us) for at_us in old.times()}
    hide_on(store, 2)
    assert rewriting(store).step(NEVER)
    after = store.reader.segment(segment.id)
    assert files(store.home) == [after.name] != [NAME]
    with opened(store, after) as new:
        assert new.times() == list(was)
        shown = new.picture(SECOND_US)
        assert np.ptp(shown[INNER]) < 12
        was[SECOND_US][90:150, 190:370] = shown[90:150, 190:370]
        assert min(least_likeness(was[at_us], new.picture(at_us)) for at_us in was) > 0.5
    assert rewriting(store).waiting() == 0


def test_a_dropped_frame_is_written_out_of_the_file(store):
    """The others keep their times, and a reader finds each."""
    segment = record(store)
    drop(store, 3)
    assert rewriting(store).step(NEVER)
    with opened(store, store.reader.segment(segment.id)) as new:
        assert new.times() == [0, SECOND_US, 3 * SECOND_US, 4 * SECOND_US, 5 * SECOND_US]
    with Pictures(store.home, store.key, store.reader) as pictures:
        assert least_likeness(pictures.bgr(store.reader.frame(4)), page(3, *SIZE)) > 0.5


def test_a_segment_without_frames_goes_altogether(store):
    """File and row are gone when the last of its frames is forgotten."""
    segment = record(store, frames=2)
    drop(store, 1)
    drop(store, 2)
    assert rewriting(store).step(NEVER)
    assert files(store.home) == []
    assert segment.name not in store.reader.segment_pixels()


def test_a_small_segment_stays_small(store):
    """What was encoded again is written anew with that encoding's settings and keeps its kind of name."""
    segment = record(store)
    assert Reencoding(store.home, store.key, store.writer, store.reader).step(NOON_US + 3600 * SECOND_US, NEVER)
    drop(store, 3)
    assert rewriting(store).step(NEVER)
    after = store.reader.segment(segment.id)
    assert after.name.endswith("-small.mp4.sealed")
    assert after.pixels == "re-encoded"


def test_secrets_wait_until_the_segment_is_read(store):
    """A frame that is still to be read may hold more of them; what is to be forgotten does not wait."""
    segment = record(store)
    store.writer.add_frame(store.new_frame(9, segment_id=segment.id, pts_us=9 * SECOND_US))
    hide_on(store, 2, urgent=False)
    assert not rewriting(store).step(NEVER)
    hide_on(store, 1, urgent=True)
    assert rewriting(store).step(NEVER)


def test_an_open_segment_waits(store):
    """Its writer still adds to it."""
    segment = record(store)
    store.writer.db.conn.execute("UPDATE segments SET closed = 0 WHERE id = ?", [segment.id])
    hide_on(store, 2)
    assert not rewriting(store).step(NEVER)
    assert rewriting(store).waiting(urgent=True) == 1


def test_a_segment_is_not_encoded_again_before_it_is_written_anew(store):
    """That would be done twice."""
    record(store)
    hide_on(store, 2)
    assert not Reencoding(store.home, store.key, store.writer, store.reader).step(NOON_US + 3600 * SECOND_US, NEVER)


def test_what_is_hidden_meanwhile_is_not_lost(store, monkeypatch):
    """A box that is hidden while the copy is written makes that copy void; the next step makes another."""
    segment = record(store)
    hide_on(store, 2)
    chore = rewriting(store)
    copy = chore._copy

    def late(*arguments: object) -> bool:
        done = copy(*arguments)
        hide_on(store, 5)
        monkeypatch.setattr(chore, "_copy", copy)
        return done

    monkeypatch.setattr(chore, "_copy", late)
    assert chore.step(NEVER)
    assert files(store.home) == [segment.name]
    assert chore.waiting() == 1
    assert chore.step(NEVER)
    with opened(store, store.reader.segment(segment.id)) as new:
        assert np.ptp(new.picture(4 * SECOND_US)[INNER]) < 12


def test_a_file_that_another_process_swapped_is_no_fault(store, monkeypatch):
    """Two forgettings of the same frames: the slower one finds its source gone, and nothing is left to do."""
    segment = record(store)
    hide_on(store, 2)
    alike = Rewriting._alike

    def late(self: Rewriting, old: Segment, *rest: Any) -> bool:
        monkeypatch.setattr(Rewriting, "_alike", alike)
        assert rewriting(store).step(NEVER)
        return alike(self, old, *rest)

    monkeypatch.setattr(Rewriting, "_alike", late)
    chore = rewriting(store)
    assert chore.step(NEVER)
    assert files(store.home) == [store.reader.segment(segment.id).name]
    assert chore.waiting() == 0


def test_a_file_that_was_swapped_before_it_was_opened_keeps_the_next_wish(store, monkeypatch):
    """Its old name is no sign of damage: what was hidden meanwhile is still written out."""
    segment = record(store)
    hide_on(store, 2, urgent=False)
    copy = Rewriting._copy

    def late(self: Rewriting, *rest: Any) -> bool:
        monkeypatch.setattr(Rewriting, "_copy", copy)
        assert rewriting(store).step(NEVER)
        hide_on(store, 5, urgent=False)
        return copy(self, *rest)

    monkeypatch.setattr(Rewriting, "_copy", late)
    chore = rewriting(store)
    assert chore.step(NEVER)
    assert chore.waiting() == 1
    assert chore.step(NEVER)
    with opened(store, store.reader.segment(segment.id)) as new:
        assert np.ptp(new.picture(4 * SECOND_US)[INNER]) < 12


def test_a_missing_file_is_told_as_gone(store):
    """Nothing can be kept of it, and nothing is left to forget."""
    segment = record(store)
    hide_on(store, 2)
    (store.home.video / segment.name).unlink()
    assert rewriting(store).step(NEVER)
    assert store.reader.segment(segment.id).pixels == "gone"


def test_a_sound_file_that_cannot_be_read_now_stays(store, monkeypatch):
    """No file descriptor may be free, a share may be away: the file and the wish stay, and the next run does it."""
    segment = record(store)
    hide_on(store, 2)

    def refuse(*_: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr("timeline.segment_file.is_sealed", refuse)
        patch.setattr("timeline.segment_file._SoundPart", refuse)
        with pytest.raises(UnreadableNow):
            rewriting(store).step(NEVER)
    assert files(store.home) == [segment.name]
    assert rewriting(store).step(NEVER)
    assert store.reader.segment(segment.id).pixels == "recorded"


@pytest.mark.parametrize("at", ["open_encoder", "SegmentWriter._encoded"])
def test_an_encoder_that_fails_costs_no_frame(store, monkeypatch, at):
    """The fault is the machine's: file, row and wish stay, nothing half is left, and the next run does it."""
    segment = record(store)
    hide_on(store, 2)

    def fail(*_: object) -> None:
        raise UnreadablePicture("the encoder failed")

    with monkeypatch.context() as patch:
        patch.setattr(f"timeline.video.{at}", fail)
        with pytest.raises(UnreadableNow):
            rewriting(store).step(NEVER)
    assert files(store.home) == [segment.name]
    assert store.reader.segment(segment.id).pixels == "recorded"
    assert rewriting(store).step(NEVER)
    with opened(store, store.reader.segment(segment.id)) as new:
        assert len(new.times()) == 6


def test_a_copy_that_lacks_a_frame_takes_no_place(store, monkeypatch):
    """An encoder that swallows a frame would lose it for good: the old file and the wish stay."""
    segment = record(store)
    hide_on(store, 2)
    write = SegmentWriter.write

    def swallow(self: SegmentWriter, picture: Picture, at_us: int) -> int:
        return at_us if at_us == 4 * SECOND_US else write(self, picture, at_us)

    with monkeypatch.context() as patch:
        patch.setattr(SegmentWriter, "write", swallow)
        with pytest.raises(UnreadableNow):
            rewriting(store).step(NEVER)
    assert files(store.home) == [segment.name]
    assert rewriting(store).waiting() == 1


def test_a_copy_that_is_gone_takes_no_place(store, monkeypatch):
    """A row may only name a file that is there: else the segment would be lost with the old one."""
    segment = record(store)
    hide_on(store, 2)
    chore, swap = rewriting(store), Rewriting._swap

    def late(self: Rewriting, old: Segment, plan: Sequence[Any], new: Path | None) -> bool:
        assert new is not None
        new.unlink()
        return swap(self, old, plan, new)

    with monkeypatch.context() as patch:
        patch.setattr(Rewriting, "_swap", late)
        chore.step(NEVER)
    assert files(store.home) == [segment.name]
    assert store.reader.segment(segment.id) == segment
    assert chore.step(NEVER)
    assert files(store.home) == [store.reader.segment(segment.id).name] != [segment.name]


def test_a_copy_being_written_is_not_swept(store, monkeypatch):
    """Another forgetting that ends meanwhile takes it for no leftover of a kill."""
    segment = record(store)
    hide_on(store, 2)
    swap = Rewriting._swap

    def late(self: Rewriting, old: Segment, plan: Sequence[Any], new: Path | None) -> bool:
        assert not Finishing(store.home, store.key, store.writer).stray_files(alone=True)
        return swap(self, old, plan, new)

    monkeypatch.setattr(Rewriting, "_swap", late)
    assert rewriting(store).step(NEVER)
    assert files(store.home) == [store.reader.segment(segment.id).name] != [segment.name]


def test_a_damaged_segment_with_a_secret_stays_covered(store):
    """What cannot be read is not thrown away for a secret; readers get nothing of it uncovered."""
    segment = record(store)
    hide_on(store, 2, urgent=False)
    path = store.home.video / segment.name
    path.write_bytes(path.read_bytes()[:40] + bytes(500))
    rewriting(store).step(NEVER)
    assert files(store.home) == [segment.name]
    assert rewriting(store).waiting() == 0


def test_a_full_disk_leaves_all_as_it_was(store):
    """The old file, its row and the wish."""
    segment = record(store)
    hide_on(store, 2)
    with little_room(4096), pytest.raises(DiskFull):
        rewriting(store).step(NEVER)
    assert files(store.home) == [segment.name]
    assert rewriting(store).waiting() == 1


@pytest.mark.parametrize("where", ["_copy", "_swap"])
def test_killed_anywhere_the_next_run_finishes(store, where):
    """Killed before or after a step every frame is readable, and one more step ends it with one file."""
    segment = record(store)
    hide_on(store, 2)
    program = (
        "import os, signal, sys, threading\n"
        "from pathlib import Path\n"
        "from timeline.home import Home\nfrom timeline.keys import load_key\n"
        "from timeline.rewriting import Rewriting\nfrom timeline.writer import Writer\n"
        f"inner = Rewriting.{where}\n"
        "def die(self, *rest):\n    inner(self, *rest)\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        f"Rewriting.{where} = die\n"
        "home = Home(Path(sys.argv[1]))\nkey = load_key(home)\n"
        "Rewriting(home, key, Writer.open(home, key, durable=True)).step(threading.Event())\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(store.home.root)], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    with Pictures(store.home, store.key, store.reader) as pictures:
        for frame_id in store.reader.frame_ids(0, 10):
            pictures.bgr(store.reader.frame(frame_id))
    while rewriting(store).step(NEVER):
        pass
    for path in store.home.video.glob("*/*"):
        os.utime(path, (0, 0))  # left long ago
    rewriting(store).sweep()
    assert files(store.home) == [store.reader.segment(segment.id).name]
    assert rewriting(store).waiting() == 0
