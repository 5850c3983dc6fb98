"""Retention by age: nothing goes before somebody has looked, then what is too old goes without a trace."""

from __future__ import annotations

import json

import pytest

from dayreel.ages import age_s
from dayreel.cli import main
from dayreel.retaining import agree, agreed, let_go_agreed, too_old
from dayreel.settings import RetentionSettings, load_settings
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
    agree(day.home, RetentionSettings(text="1 year"))
    assert agreed(day.home, RetentionSettings(text="1 year"))
    assert not agreed(day.home, RetentionSettings(text="1 day"))
    assert agreed(day.home, RetentionSettings())


def test_the_worker_acts_only_on_what_was_agreed_to(day):
    """Once a day, by the same rules."""
    rules, later_us = RetentionSettings(text="1 day"), NOON_US + 3 * DAY_US
    assert not let_go_agreed(day.home, day.key, day.writer, rules, later_us)
    assert day.reader.counts().frames == 3
    agree(day.home, rules)
    assert let_go_agreed(day.home, day.key, day.writer, rules, later_us)
    assert day.reader.counts().frames == 0


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
