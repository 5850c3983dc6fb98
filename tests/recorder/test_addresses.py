"""Patterns of addresses: what they exclude and what they do not."""

from __future__ import annotations

import pytest

from recorder.addresses import Addresses
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
