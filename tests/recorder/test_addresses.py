"""Patterns of addresses: what they exclude and what they do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recorder.addresses import BEGINNING_S, MOST_PROCESSES, Addresses
from recorder.desktop import ScreenWindow
from recorder.privacy import Gate
from tests.support.painted_desktop import window
from timeline.errors import SettingsWrong


@pytest.mark.parametrize(
    ("pattern", "url"),
    [
        ("*://*.bank.com/*", "https://bank.com/"),
        ("*://*.bank.com/*", "https://online.bank.com/accounts?id=7"),
        ("*://*.bank.com/*", "http://ONLINE.Bank.com:8443"),
        ("bank.com", "https://bank.com/accounts"),
        ("https://bank.com/accounts/*", "https://bank.com/accounts/7#top"),
        ("*://*/*login*", "https://shop.example/user/login?next=/"),
        ("file:///home/me/private/*", "file:///home/me/private/letter.pdf"),
        ("*.health.example", "https://me.health.example/"),
    ],
)
def test_an_address_is_excluded(pattern: str, url: str) -> None:
    """Scheme, host and path are compared; port, query and fragment are not."""
    assert Addresses([pattern], None).excludes(url)


@pytest.mark.parametrize(
    ("pattern", "url"),
    [
        ("*://*.bank.com/*", "https://notbank.com/"),
        ("*://*.bank.com/*", "https://bank.com.evil.example/"),
        ("*://*.bank.com/*", "https://example.com/?to=bank.com"),
        ("https://bank.com/accounts/*", "https://bank.com/help"),
        ("bank.com", "https://www.bank.com/"),
        ("*://*.bank.com/*", "file:///bank.com/"),
    ],
)
def test_another_address_is_not(pattern: str, url: str) -> None:
    """A name inside of another name is no match."""
    assert not Addresses([pattern], None).excludes(url)


@pytest.mark.parametrize("pattern", ["", "://", "https://", "*://ba*nk.com/*"])
def test_what_is_no_pattern_is_a_wrong_setting(pattern: str) -> None:
    """It is named, with an example of a right one."""
    with pytest.raises(SettingsWrong, match="bank"):
        Addresses([pattern], None)


class Told:
    """Pages that a test knows."""

    def __init__(self, **urls: str) -> None:
        self.urls = urls
        self.waiting = False

    def privacy(self, window: ScreenWindow) -> None:
        """Nothing is said of privacy."""

    def document(self, window: ScreenWindow) -> str | None:
        return self.urls.get(window.window.title or "")

    def asking(self, window: ScreenWindow) -> bool:
        return self.waiting


def test_a_window_that_shows_an_excluded_page_is_hidden() -> None:
    """Another one of the same browser is not."""
    gate = Gate([], [], ["*.bank.com"], Told(Accounts="https://my.bank.com/", News="https://news.example/"))
    desktop = (window(1, "Firefox", "Accounts"), window(2, "Firefox", "News"))
    assert gate.hidden(desktop) == {1}


def test_a_page_that_is_still_asked_about_is_hidden() -> None:
    """It may be the excluded one; where nobody can tell, the titles decide."""
    told = Told()
    gate = Gate([], [], ["*.bank.com"], told)
    desktop = (window(1, "Firefox", "Accounts"),)
    assert gate.hidden(desktop) == frozenset()
    told.waiting = True
    assert gate.hidden(desktop) == {1}


NEWS = "https://news.example/"


def browser(number: int, title: str, pid: int | None = 7, **more: object) -> ScreenWindow:
    """A window of a browser's process."""
    return replace(window(number, "Chromium", title), pid=pid, **more)  # type: ignore[arg-type]  # fields of it


class Gated:
    """A gate over pages that a test knows, and a clock that it sets."""

    def __init__(self, **urls: str) -> None:
        self.now_s = 1000.0
        self.addresses = Addresses(["*.bank.com"], Told(**urls), lambda: self.now_s)

    def holds(self, *seen: ScreenWindow) -> list[bool]:
        return [self.addresses.hold(one) for one in seen]


def test_a_browser_that_tells_and_says_nothing_of_a_page_has_it_hidden() -> None:
    """It did not answer in time, or has two pages of one title: this may be the excluded one."""
    gated = Gated(News=NEWS)
    assert gated.holds(browser(1, "News"), browser(2, "Accounts")) == [False, True]
    gated.now_s += 3600
    assert gated.holds(browser(2, "Accounts"), browser(1, "News")) == [True, False]


def test_a_browser_that_has_just_been_seen_may_tell_soon() -> None:
    """Its first page is hidden until it is told, or it is plain that nobody tells; then the titles decide."""
    gated = Gated()
    assert gated.holds(browser(1, "Accounts")) == [True]
    gated.now_s += BEGINNING_S - 1
    assert gated.holds(browser(1, "Accounts"), browser(1, "Weather")) == [True, True]
    gated.now_s += 1
    assert gated.holds(browser(1, "Accounts"), browser(2, "Weather")) == [False, False]
    assert gated.holds(browser(3, "Weather", pid=8)) == [True]


@pytest.mark.parametrize(
    "seen",
    [
        browser(2, ""),
        browser(2, "Menu", popup=True),
        browser(2, "Open a file", dialog_of=1),
        browser(2, "Accounts", pid=None),
        replace(window(2, "Geany", "Accounts"), pid=7),
    ],
)
def test_what_nobody_would_tell_an_address_of_is_left_to_the_titles(seen: ScreenWindow) -> None:
    """Menus, dialogs, windows of other programs."""
    gated = Gated(News=NEWS)
    assert gated.holds(browser(1, "News"), seen) == [False, False]


def test_without_a_pattern_nothing_is_in_doubt() -> None:
    """Who excludes no address loses no page."""
    assert not Addresses([], Told(), lambda: 0.0).hold(browser(1, "Accounts"))


def test_what_is_remembered_of_browsers_is_bounded() -> None:
    """The oldest go, as a process that tells again is known again."""
    gated = Gated(News=NEWS)
    for pid in range(MOST_PROCESSES + 10):
        gated.holds(browser(1, "News", pid=pid), browser(2, "Accounts", pid=10_000 + pid))
    assert gated.addresses.remembered <= 2 * MOST_PROCESSES
