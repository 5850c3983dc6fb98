"""What `dayreel status` tells of room: the budget, how long it lasts, and what is done without being asked."""

from __future__ import annotations

import json
import re
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import pytest

from dayreel.cli import main
from dayreel.conditions import Condition, warnings_of
from dayreel.locks import hold
from dayreel.sizes import size_text
from tests.support.segments import record
from tests.support.stores import NOON_US, StoreUnderTest
from timeline.clock import SECOND_US
from timeline.growth import DAY_US, daily_bytes, days_left
from timeline.model import Gap
from timeline.segment_rows import note_gone
from timeline.standing import Standing
from timeline.usage import HomeBytes, Usage

ROOMY = Condition(Path("/home"), Path("/home/dayreel.log"), 10_000_000, 50_000_000_000, 10**12, "500 MB")


def condition(**changes: object) -> Condition:
    """Return a home where all is well but for some changes."""
    return Condition(**{**{name: getattr(ROOMY, name) for name in Condition.__slots__}, **changes})


def lasted_us(gap: dict[str, str]) -> int:
    """How long a gap of the JSON is."""
    return round((datetime.fromisoformat(gap["end"]) - datetime.fromisoformat(gap["start"])).total_seconds() * 1e6)


def test_nothing_is_said_when_all_is_well():
    """Warnings are for what somebody may want to do something about."""
    assert warnings_of(ROOMY) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"used_bytes": 48_000_000_000},
            "48.0 GB of the budget of 50.0 GB are used: the oldest pictures are being",
        ),
        ({"used_bytes": 50_000_000_000}, "the oldest pictures are being let go, text stays. Raise storage.budget"),
        (
            {"used_bytes": 50_000_000_000, "text_only": True},
            "text is recorded without pictures. Raise storage.budget",
        ),
        ({"free_bytes": 15_000_000}, "Only 15.0 MB are free on the disk of /home"),
        ({"waits_for_room": True}, "The disk of /home is full: nothing is recorded or read."),
        ({"gone": 12}, "The pictures of 12 segments were let go"),
        ({"unspooled": 7}, r"7 frames wait to be read from the video: .* storage.spool \(500 MB\). Nothing is lost."),
        ({"free_bytes": 700_000_000}, "Only 700.0 MB are free on the disk of /home: free some or lower storage.budget"),
        ({"free_bytes": 0}, "The disk of /home is full: nothing is recorded or read. Free some space"),
        ({"plain": 3}, "3 video segments of an earlier version are not encrypted yet"),
        ({"failed": {"ValueError": 2}}, "2 frames could not be read and were set aside: ValueError"),
        ({"waits_for_power": 15}, "the battery is below 15 %"),
        ({"reads": False}, "does not run now; if this stays so, see /home/dayreel.log"),
        ({"key_in_file": Path("/home/key")}, "The key is kept in the file /home/key .readable by its owner only"),
        ({"unsafe": ("/home can be read by others.",)}, "can be read by others"),
    ],
)
def test_each_condition_is_told_in_one_sentence(changes, sentence):
    """It says what to do."""
    [said] = warnings_of(condition(**changes))
    assert re.search(sentence, said)


def test_without_a_budget_nothing_is_near_it():
    """An empty setting is no limit."""
    assert warnings_of(condition(budget_bytes=None, used_bytes=10**15)) == []


def test_status_tells_the_budget(store, capsys):
    """What is used, of how much, and for how many days."""
    record(store)
    store.home.settings.write_text('[storage]\nbudget = "20 GB"\n')
    assert main(["--home", str(store.home.root), "--json", "status"]) == 0
    told = json.loads(capsys.readouterr().out)["budget"]
    assert told["bytes"] == 20_000_000_000
    assert told["used"] == pytest.approx(Usage(store.home).measure().total, rel=0.2)
    assert main(["--home", str(store.home.root), "status"]) == 0
    assert "budget 20.0 GB: " in capsys.readouterr().out


def test_status_tells_of_a_key_that_others_may_read(store, capsys):
    """It is not called readable by its owner only."""
    record(store)
    store.home.key_file.chmod(0o644)
    main(["--home", str(store.home.root), "--json", "status"])
    said = " ".join(json.loads(capsys.readouterr().out)["warnings"])
    assert "can be read or changed by other users" in said
    assert "owner only" not in said


def test_status_of_an_empty_home_uses_nothing(tmp_path, capsys):
    """And lasts for ever."""
    assert main(["--home", str(tmp_path / "none"), "--json", "status"]) == 0
    assert json.loads(capsys.readouterr().out)["budget"] == {"bytes": 50 * 10**9, "used": 0, "days_left": None}


def test_status_tells_of_pixels_that_are_gone(store, capsys):
    """The text of these frames is found as before."""
    note_gone(store.writer, record(store).id)
    main(["--home", str(store.home.root), "--json", "status"])
    assert "The pictures of 1 segments were let go" in " ".join(json.loads(capsys.readouterr().out)["warnings"])


HOUR_US = 3600 * SECOND_US


def recorded(store: StoreUnderTest, hours: float, start_us: int = NOON_US) -> None:
    """Let a recorder have run, with one frame that stood to its end."""
    store.writer.begin_recording(start_us)
    at_s = (start_us - NOON_US) / SECOND_US
    store.frame(at_s, end_s=at_s + hours * 3600)


def test_a_day_adds_what_its_segments_and_its_share_of_the_text_take(store: StoreUnderTest):
    """After the first day the last week counts."""
    segment = record(store, frames=4)
    recorded(store, 2)
    video = (store.home.video / segment.name).stat().st_size
    used = HomeBytes(video, 800, 150, 0, 50)
    assert daily_bytes(store.home, store.reader, used, NOON_US + 4 * DAY_US) == (video + 1000) / 4
    assert daily_bytes(store.home, store.reader, used, NOON_US + 40 * DAY_US) is None


def test_on_the_first_day_the_recorded_hours_tell_what_a_day_adds(store: StoreUnderTest):
    """A day is taken to have eight; an hour in which nobody was there is none."""
    segment = record(store, frames=4)
    recorded(store, 5)
    store.writer.add_gap(Gap(NOON_US + HOUR_US, NOON_US + 2 * HOUR_US, "idle"))
    video = (store.home.video / segment.name).stat().st_size
    used = HomeBytes(video, 800, 150, 0, 50)
    assert daily_bytes(store.home, store.reader, used, NOON_US + 6 * HOUR_US) == (video + 1000) * 8 / 4


def test_nothing_is_said_of_days_before_an_hour_was_recorded(store: StoreUnderTest):
    """Whatever was taken in from files, whenever that was."""
    record(store, frames=4)
    used = HomeBytes(10**6, 800, 150, 0, 50)
    assert daily_bytes(store.home, store.reader, used, NOON_US + 4 * DAY_US) is None
    recorded(store, 0.9, NOON_US + 4 * DAY_US)
    assert daily_bytes(store.home, store.reader, used, NOON_US + 4 * DAY_US + HOUR_US) is None


@pytest.mark.parametrize(
    ("growth", "used", "budget", "free", "expected"),
    [(10.0, 40, 100, 1000, 6.0), (10.0, 40, 100, 20, 2.0), (10.0, 40, None, 500, 50.0), (0.0, 40, 100, 20, None),
     (None, 40, 100, 20, None),
     (10.0, 140, 100, 20, 0.0)],
)  # fmt: skip
def test_room_lasts_as_long_as_budget_and_disk_allow(growth, used, budget, free, expected):
    """Whichever ends first."""
    assert days_left(growth, used, budget, free) == expected


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (-2_500_000, "-2.5 MB"), (3e15, "3000.0 TB")]
)
def test_sizes_are_told_in_the_unit_that_suits_them(size, text):
    """Decimal, one digit."""
    assert size_text(size) == text


@pytest.mark.parametrize("recording", [True, False])
def test_a_full_disk_is_told_while_it_lasts(store, capsys, recording):
    """From when nothing was recorded any more up to now; a recorder that is gone has nothing to tell."""
    standing = Standing(store.home)
    standing.make()
    standing.tell(NOON_US, "disk full")
    with hold(store.home, "recorder") if recording else nullcontext():
        assert main(["--home", str(store.home.root), "--now", "2025-11-22T12:05Z", "--json", "status"]) == 0
    gaps = json.loads(capsys.readouterr().out)["gaps"]
    told = [(gap["reason"], lasted_us(gap)) for gap in gaps]
    assert told == ([("disk full", 300 * SECOND_US)] if recording else [])
