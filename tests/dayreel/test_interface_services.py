"""What the interface is given by the front door, over a real store."""

from __future__ import annotations

import pytest

from dayreel.services import HomeServices
from dayreel.settings import Settings, load_settings
from tests.support.stores import NOON_US, StoreUnderTest
from timeline.clock import FixedClock
from timeline.errors import NothingFound
from timeline.model import ALL_TIME, Interval, Window
from tui.services import Forgetting


@pytest.fixture
def services(store: StoreUnderTest) -> HomeServices:
    """Services over two moments."""
    store.frame(0, ["The churn report is due on Friday"], Window("Chromium", "Reports"), end_s=60)
    store.frame(60, ["make test"], Window("xterm", "shell"), end_s=90)
    return HomeServices(store.home, Settings(), FixedClock(NOON_US + 90_000_000))


def test_a_moment_is_shown_forgotten_and_gone(services: HomeServices, store: StoreUnderTest) -> None:
    """What was told before is what goes, and nothing else."""
    [first, second] = store.reader.moments(ALL_TIME)
    seen = services.forget_preview(Forgetting(moment_id=first.id))
    assert seen is not None
    assert (seen.frames, seen.minutes) == (1, 1.0)
    assert services.forget(Forgetting(moment_id=first.id))
    assert [one.id for one in store.reader.moments(ALL_TIME)] == [second.id]


def test_an_application_is_forgotten_in_an_interval(services: HomeServices, store: StoreUnderTest) -> None:
    """As `dayreel forget --between --app` does."""
    within = Interval(NOON_US, NOON_US + 3_600_000_000)
    assert services.forget(Forgetting(app="xterm", interval=within))
    assert [one.window.app for one in store.reader.moments(ALL_TIME)] == ["Chromium"]


def test_what_is_not_there_is_not_forgotten(services: HomeServices) -> None:
    """Before: nothing to show; at once: an error of one sentence."""
    later = Forgetting(interval=Interval(NOON_US * 2, NOON_US * 2 + 1))
    assert services.forget_preview(later) is None
    with pytest.raises(NothingFound):
        services.forget(later)


def test_a_pause_holds_until_it_is_ended(services: HomeServices) -> None:
    """By the clock of the machine, as recorders go by it."""
    services.pause()
    assert services.paused()
    services.resume()
    assert not services.paused()


def test_settings_are_listed_and_written(services: HomeServices, store: StoreUnderTest) -> None:
    """With their choices; the key of the endpoint is never to be edited here."""
    every = {one.name: one for one in services.settings()}
    assert every["tui.picture"].choices[0] == "auto"
    assert not every["assistant.api_key"].editable
    services.change_setting("tui.picture", "off")
    assert load_settings(store.home.settings, {}).tui.picture == "off"


def test_a_digest_is_corrected(services: HomeServices) -> None:
    """The window is counted under what the user said."""
    found, categories = services.digest(Interval(NOON_US, NOON_US + 3_600_000_000))
    assert found.active_us == 90_000_000
    services.correct(Window("Chromium", "Reports"), "writing", whole_app=False)
    _, categories = services.digest(Interval(NOON_US, NOON_US + 3_600_000_000))
    assert categories.of(Window("Chromium", "Reports")) == "writing"


def test_a_question_follows_the_one_before(services: HomeServices, store: StoreUnderTest) -> None:
    """What the second leaves out is taken from the first."""
    store.index_text()
    with services.assistant() as assistant:
        first = assistant.ask("what did I do on 22 November 2025?", lambda _: None)
        second = assistant.ask("how long was that?", lambda _: None)
    assert first.interval is not None
    assert second.asked is not None
    assert second.asked.interval == first.interval
    assert second.asked.kind == "how_long"
