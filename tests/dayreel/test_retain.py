"""Retention by age: nothing goes before somebody has looked, then what is too old goes without a trace."""

from __future__ import annotations

import json

import pytest

from dayreel.ages import age_s
from dayreel.cli import main
from dayreel.retaining import agree, agreed, let_go_agreed, too_old
from dayreel.settings import RetentionSettings, load_settings
from dayreel.trusted_time import Sight
from tests.support.forgetting import film
from tests.support.stores import NOON_US, SECOND_US
from timeline.errors import SettingsWrong
from timeline.model import ALL_TIME, Window

DAY_US = 86_400 * SECOND_US
PAGES = [["morning mail arrived"], ["a chat about nothing"], ["evening news came"]]
WINDOWS = [Window("Mail", "Inbox"), Window("Slack", "general"), Window("News", "Page")]


@pytest.fixture
def day(store):
    """Three frames of three applications."""
    film(store, PAGES, WINDOWS)
    return store


def retain(store, rules: str, *arguments: str, days: int = 0) -> int:
    """Run the command so many days later, with these settings."""
    (store.home.root / "config.toml").write_text(f'[index]\nembedder = "none"\n[retention]\n{rules}\n', "utf-8")
    now = f"2025-11-{22 + days}T13:00:00+00:00"
    return main(["retain", "--home", str(store.home.root), "--now", now, "--json", *arguments])


def test_a_dry_run_lets_nothing_go(day, capsys):
    """It says what would, and nobody has agreed by that."""
    assert retain(day, 'text = "1 day"', "--dry-run", days=3) == 0
    assert json.loads(capsys.readouterr().out)["frames"] == 3
    assert day.reader.counts().frames == 3
    assert not agreed(day.home, RetentionSettings(text="1 day"))


def test_what_is_too_old_goes(day):
    """With its text, its video and its names, and without a gap."""
    assert retain(day, 'text = "1 day"', "--yes", days=3) == 0
    assert (day.reader.counts().frames, day.reader.counts().passages) == (0, 0)
    assert day.reader.gaps(ALL_TIME) == []
    assert list(day.home.video.rglob("*.sealed")) == []
    assert agreed(day.home, RetentionSettings(text="1 day"))


def test_what_is_young_stays(day):
    """An hour is no day."""
    assert retain(day, 'text = "1 day"', "--yes") == 0
    assert day.reader.counts().frames == 3


def test_an_application_has_an_age_of_its_own(day):
    """Others stay."""
    assert retain(day, 'apps = ["slack: 1 day"]', "--yes", days=3) == 0
    assert [frame.window.app for frame in day.reader.frames(ALL_TIME)] == ["Mail", "News"]


def test_pictures_go_before_their_text(day):
    """The text is still searchable."""
    assert retain(day, 'pixels = "1 day"', "--yes", days=3) == 0
    assert day.reader.counts().frames == 3
    assert list(day.home.video.rglob("*.sealed")) == []


def test_a_changed_age_is_not_agreed_to(day):
    """Neither a shorter nor another one; no age at all needs no consent."""
    agree(day.home, RetentionSettings(text="1 year"), Sight(NOON_US, 1000, "a"))
    assert agreed(day.home, RetentionSettings(text="1 year"))
    assert not agreed(day.home, RetentionSettings(text="1 day"))
    assert agreed(day.home, RetentionSettings())


def test_the_worker_acts_only_on_what_was_agreed_to(day):
    """Once a day, by the same rules."""
    rules, later_us = RetentionSettings(text="1 day"), NOON_US + 3 * DAY_US
    assert not let_go_agreed(day.home, day.key, day.writer, rules, later_us)
    assert day.reader.counts().frames == 3
    now = Sight(later_us, 1000, "a")
    agree(day.home, rules, now)
    assert let_go_agreed(day.home, day.key, day.writer, rules, later_us, now)
    assert day.reader.counts().frames == 0


def test_a_clock_set_to_2099_for_a_moment_lets_nothing_go(day):
    """Neither once nor again, and once it is put right, ages count as before."""
    rules, far_us = RetentionSettings(text="1 day", pixels="1 day", apps=("Slack: 1 day",)), NOON_US + 27_000 * DAY_US
    agree(day.home, rules, Sight(NOON_US, 1000, "a"))
    for at_us, boot_s in ((far_us, 1060), (far_us + SECOND_US, 1061), (NOON_US + 3600 * SECOND_US, 4600)):
        assert let_go_agreed(day.home, day.key, day.writer, rules, at_us, Sight(at_us, boot_s, "a"))
        assert day.reader.counts().frames == 3
        assert [path for path in day.home.video.rglob("*") if path.is_file()]
    later = Sight(NOON_US + 2 * DAY_US, 1000 + 2 * 86_400, "a")
    assert let_go_agreed(day.home, day.key, day.writer, rules, later.at_us, later)
    assert day.reader.counts().frames == 0


def test_the_clock_of_the_first_consent_is_kept_unlooked_at_too(day):
    """A clock that goes forward right after it has something to be compared with."""
    assert retain(day, 'text = "1 week"', "--yes") == 0
    far = Sight(NOON_US + 3000 * DAY_US, 5, "z")
    assert let_go_agreed(day.home, day.key, day.writer, RetentionSettings(text="1 week"), far.at_us, far)
    assert day.reader.counts().frames == 3


def test_yes_does_not_believe_a_clock_that_leapt(day, capsys):
    """Nobody looks at the preview then; without --yes somebody does, and sees as of when ages count."""
    assert retain(day, 'text = "1 week"', "--yes") == 0
    rules = RetentionSettings(text="1 week")
    agree(day.home, rules, Sight(NOON_US, 1000, "a"))
    assert retain(day, 'text = "1 week"', "--yes", days=8) == 0
    assert day.reader.counts().frames == 3
    assert "The clock went forward: ages are counted as of 2025-11-22" in capsys.readouterr().err


def test_what_goes_is_what_was_shown(day, capsys):
    """Pictures by one age, one application by another: the preview counts what is gone afterwards."""
    rules = 'pixels = "1 day"\napps = ["slack: 1 day"]'
    assert retain(day, rules, "--dry-run", days=3) == 0
    seen = json.loads(capsys.readouterr().out)
    assert retain(day, rules, "--yes", days=3) == 0
    assert json.loads(capsys.readouterr().out) == seen
    assert (seen["frames"], seen["segments"]) == (1, 1)
    assert day.reader.counts().frames == 2
    assert retain(day, rules, "--dry-run", days=3) == 0
    assert json.loads(capsys.readouterr().out) == {"frames": 0, "covered_frames": 0, "segments": 0, "video_bytes": 0}


def test_a_damaged_consent_is_none(day):
    """Whatever stands in the file."""
    (day.home.root / "retention.agreed").write_bytes(b"\xff\xfe clock = x")
    assert not agreed(day.home, RetentionSettings(text="1 day"))
    assert not let_go_agreed(day.home, day.key, day.writer, RetentionSettings(text="1 day"), NOON_US)


def test_nothing_is_too_old_without_an_age(day):
    """All is kept unless it is said otherwise."""
    assert too_old(day.home, day.reader.db, RetentionSettings(), NOON_US + 9999 * DAY_US).empty


@pytest.mark.parametrize(("text", "seconds"), [("1 day", 86_400), ("12 hours", 43_200), ("2 Weeks", 1_209_600)])
def test_ages_are_understood(text, seconds):
    """In words, one or many."""
    assert age_s(text) == seconds


@pytest.mark.parametrize(
    "rules", ['text = "soon"', 'pixels = "0 days"', 'apps = ["Slack"]', 'apps = [": 1 day"]', 'apps = ["Slack: "]']
)
def test_an_age_that_is_none_is_refused(tmp_path, rules):
    """The message names the setting."""
    (tmp_path / "config.toml").write_text(f"[retention]\n{rules}\n", "utf-8")
    with pytest.raises(SettingsWrong, match="retention"):
        load_settings(tmp_path / "config.toml", {})
