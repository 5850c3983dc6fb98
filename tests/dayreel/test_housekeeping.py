"""What the worker does when nothing waits to be read."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dayreel.cli import main
from dayreel.housekeeping import LOOK_AGAIN_S, REENCODE_AFTER_S, TAKE_OVER_S, Housekeeping, Parts
from dayreel.quietness import is_quiet
from dayreel.settings import Settings, StorageSettings
from tests.support.segments import NAME, files, record
from tests.support.stores import NOON_US, SECOND_US, StoreUnderTest
from timeline.clock import FixedClock
from timeline.database import transaction
from timeline.hidden import HiddenBox, hide
from timeline.model import Box
from timeline.pictures import Pictures
from timeline.reencoding import small_name
from timeline.rewriting import Rewriting
from timeline.thumbnails import Thumbnails, ThumbnailWriter

TWO_HOURS_LATER_US = NOON_US + 7200 * SECOND_US


@pytest.fixture
def parts(store: StoreUnderTest) -> Iterator[Parts]:
    """What the chores of the store work with."""
    with (
        Pictures(store.home, store.key, store.reader) as pictures,
        ThumbnailWriter(store.home, store.key) as thumbnails,
    ):
        yield Parts(store.home, store.key, store.writer, store.reader, pictures, thumbnails)


@pytest.fixture
def clock() -> FixedClock:
    """Two hours after the first frame."""
    return FixedClock(TWO_HOURS_LATER_US)


def settings(**storage: str) -> Settings:
    """Return settings with some of [storage]."""
    return Settings(storage=replace(StorageSettings(), **storage))


def let_work(house: Housekeeping, clock: FixedClock, until: Callable[[], bool]) -> None:
    """Let the time pass in which nothing is to be read, until something is so."""
    for _ in range(600):
        while house.step(REENCODE_AFTER_S):
            pass
        if until():
            return
        clock.advance(LOOK_AGAIN_S)
        time.sleep(0.1)
    pytest.fail("it did not come to that")


def test_old_segments_become_smaller_while_the_machine_is_quiet(store, parts, clock):
    """In a process of its own, which ends when it is done."""
    segment = record(store)
    with Housekeeping(parts, Settings(), clock, quiet=lambda: True) as house:
        let_work(house, clock, lambda: store.reader.segment(segment.id).pixels == "re-encoded")
        let_work(house, clock, lambda: house._encoding is None)
    assert files(store.home) == [small_name(NAME)]


def test_a_machine_that_is_wanted_has_the_encoding_ended(store, parts, clock):
    """At once; the segment stays as it was."""
    record(store, frames=200)
    quiet = [True]
    with Housekeeping(parts, Settings(), clock, quiet=lambda: quiet[0]) as house:
        let_work(house, clock, lambda: house._encoding is not None)
        process = house._encoding
        quiet[0] = False
        let_work(house, clock, lambda: house._encoding is None)
        assert process is not None
        assert process.poll() is not None
    assert files(store.home)[0] in (NAME, f"{small_name(NAME)}.new")


@pytest.mark.parametrize(("quiet", "reencode", "quiet_s"), [(False, "auto", 99), (True, "off", 99), (True, "auto", 9)])
def test_nothing_is_encoded_otherwise(store, parts, clock, quiet, reencode, quiet_s):
    """Not on a busy machine, not when it was switched off, not between two frames."""
    record(store)
    with Housekeeping(parts, settings(reencode=reencode), clock, quiet=lambda: quiet) as house:
        for _ in range(20):
            house.step(quiet_s)
            clock.advance(LOOK_AGAIN_S)
            assert house._encoding is None


def test_an_encoding_that_fails_is_left_for_an_hour(store, parts, clock, monkeypatch):
    """It does not begin again and again."""
    record(store)
    store.home.settings.write_text("[nothing]\n")  # the process ends with a mistake in the settings
    with Housekeeping(parts, Settings(), clock, quiet=lambda: True) as house:
        let_work(house, clock, lambda: house._encoding is not None)
        let_work(house, clock, lambda: house._encoding is None)
        for _ in range(10):
            house.step(REENCODE_AFTER_S)
            clock.advance(LOOK_AGAIN_S)
            assert house._encoding is None


def test_missing_thumbnails_are_made(store, parts, clock):
    """For a store of the first version, one frame a step."""
    record(store, frames=3)
    with (
        Housekeeping(parts, settings(reencode="off"), clock, quiet=lambda: True) as house,
        Thumbnails(store.home, store.key) as shown,
    ):
        frames = [store.reader.frame(one) for one in store.reader.frame_ids(0, 10)]
        let_work(house, clock, lambda: all(shown.of(frame) is not None for frame in frames))


def test_a_chore_that_fails_does_not_end_the_worker(store, parts, clock, caplog):
    """Only its kind and place are logged."""
    record(store)
    with Housekeeping(parts, settings(reencode="off"), clock, quiet=lambda: True) as house:
        house._once[0] = lambda: (_ for _ in ()).throw(ValueError("the text of the screen"))
        let_work(house, clock, lambda: not house._once)
    assert "ValueError" in caplog.text
    assert "the text of the screen" not in caplog.text


def test_tidy_does_all_now_and_says_what_it_saved(store, capsys):
    """Whatever the age of the segments."""
    record(store)
    store.home.settings.write_text('[index]\nembedder = "none"\n')
    assert main(["--home", str(store.home.root), "--json", "work", "--tidy"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["read"], told["thumbnails"]) == (0, 6)
    assert told["reencoded_bytes"] > 0
    assert files(store.home) == [small_name(NAME)]


def test_tidy_can_be_stopped(store, parts, clock):
    """Nothing is half done then."""
    record(store)
    stop = threading.Event()
    stop.set()
    with Housekeeping(parts, Settings(), clock) as house:
        assert house.tidy(stop).reencoded_bytes == 0
    assert files(store.home) == [NAME]


@pytest.mark.parametrize(
    ("pressure", "battery", "quiet"),
    [
        ("some avg10=0.55 avg60=0.31 avg300=0.35 total=1729789564\n", "Full", True),
        ("some avg10=41.20 avg60=9.31 avg300=0.35 total=1729789564\n", "Full", False),
        ("some avg10=0.00 avg60=0.00 avg300=0.00 total=1\n", "Discharging", False),
        ("some avg10=0.00 avg60=0.00 avg300=0.00 total=1\n", None, True),
    ],
)
def test_a_machine_is_quiet_when_nobody_waits_for_it_and_no_battery_is_emptied(tmp_path, pressure, battery, quiet):
    """As Linux tells it."""
    told = {"proc/pressure/cpu": pressure}
    if battery:
        told["sys/class/power_supply/BAT0/status"] = f"{battery}\n"
    for name, text in told.items():
        path = Path(tmp_path, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert is_quiet(tmp_path) is quiet


def hide_on(store: StoreUnderTest, frame_id: int, *, urgent: bool) -> None:
    """Hide a box of a frame, to be written out of its segment."""
    with transaction(store.writer.db):
        hide(store.writer.db, frame_id, [HiddenBox(Box(200, 100, 360, 140), "password")], urgent=urgent)


def test_what_is_hidden_is_written_out_of_the_video_though_nothing_is_made_smaller(store, parts, clock):
    """While the machine is quiet, in the same process; the segment stays as large as it was recorded."""
    segment = record(store)
    store.home.settings.write_text('[storage]\nreencode = "off"\n')
    hide_on(store, 2, urgent=False)
    with Housekeeping(parts, settings(reencode="off"), clock, quiet=lambda: True) as house:
        let_work(house, clock, lambda: files(store.home) != [NAME] and house._encoding is None)
    assert store.reader.segment(segment.id).pixels == "recorded"
    assert Rewriting(store.home, store.key, store.writer).waiting() == 0


def test_what_is_to_be_forgotten_does_not_wait_for_a_quiet_machine(store, parts, clock):
    """At the start of a worker nobody else is at it."""
    segment = record(store)
    hide_on(store, 2, urgent=True)
    with Housekeeping(parts, settings(), clock, quiet=lambda: False) as house:
        for _ in range(300):
            house.step(0.0)
            if store.reader.segment(segment.id).name != NAME:
                break
            time.sleep(0.1)
    assert store.reader.segment(segment.id).name != NAME


def test_no_copy_that_is_being_written_is_swept(store, parts, clock):
    """What a kill left is swept before the process that writes such copies starts."""
    record(store)
    left = store.home.video / "2025-11-22/120000-m0-0000000d-small.mp4.sealed.new"
    left.write_bytes(b"left")
    hide_on(store, 2, urgent=True)
    with Housekeeping(parts, settings(), clock, quiet=lambda: False) as house:
        house.step(0.0)
        assert house._encoding is not None
        assert not left.exists()
        left.write_bytes(b"being written")
        house.seal_old()
        assert left.exists()


def test_who_forgets_is_given_time_to_do_it(store, parts, clock):
    """A wish that comes while the worker runs is taken over when nothing has come of it for a minute."""
    record(store)
    with Housekeeping(parts, settings(), clock, quiet=lambda: False) as house:
        clock.advance(LOOK_AGAIN_S)
        house.step(0.0)
        hide_on(store, 2, urgent=True)
        house.step(0.0)
        assert house._encoding is None
        clock.advance(TAKE_OVER_S)
        house.step(0.0)
        assert house._encoding is not None


def test_what_cannot_be_written_yet_does_not_start_the_process_again_and_again(store, parts, clock):
    """A segment that is still being written waits until it is closed."""
    segment = record(store)
    store.writer.db.conn.execute("UPDATE segments SET closed = 0 WHERE id = ?", [segment.id])
    hide_on(store, 2, urgent=False)
    started = 0
    with Housekeeping(parts, settings(reencode="off"), clock, quiet=lambda: True) as house:
        for _ in range(4):
            while house.step(REENCODE_AFTER_S):
                pass
            if house._encoding is not None:
                started += 1
                house._encoding.wait(60)
                house.step(REENCODE_AFTER_S)
            clock.advance(LOOK_AGAIN_S)
        assert started == 1
        store.writer.close_segment(segment.id)
        let_work(house, clock, lambda: store.reader.segment(segment.id).name != NAME)


def test_tidy_writes_out_what_is_hidden(store, parts, clock):
    """Before anything is made smaller."""
    segment = record(store)
    hide_on(store, 2, urgent=False)
    with Housekeeping(parts, Settings(), clock) as house:
        house.tidy(threading.Event())
    assert Rewriting(store.home, store.key, store.writer).waiting() == 0
    assert store.reader.segment(segment.id).name not in (NAME, small_name(NAME))
