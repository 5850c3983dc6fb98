"""Private windows of browsers: what tells them, and for how long."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from recorder.desktop import ScreenWindow
from recorder.private_windows import Privacy, PrivateWindows
from tests.support.painted_desktop import window
from timeline.model import Window

NOWHERE = Path("/nonexistent")


def browser(title: str, app: str = "Chromium", number: int = 1, pid: int = 100) -> ScreenWindow:
    """A window of a browser."""
    return replace(window(number, app, title), pid=pid)


def command(proc: Path, *words: str, pid: int = 100) -> None:
    """Let a process have been started so."""
    (proc / str(pid)).mkdir()
    (proc / str(pid) / "cmdline").write_bytes("\0".join(words).encode() + b"\0")


@pytest.mark.parametrize(
    "title",
    [
        "Bank — Mozilla Firefox Private Browsing",
        "Bank — Mozilla Firefox Gizli Gezinti",
        "Bank — Mozilla Firefox duyệt web riêng tư",
        "Bank — Mozilla Firefox Merdeiñ prevez",
        "Bank - Mozilla Firefox (Գաղտնի Դիտարկում)",
        "Banque — Navigation privée de Mozilla Firefox",
        "Bank — Firefox Nightly Privater Modus",
        "Mozilla Firefox 隐私浏览",
    ],
)
def test_firefox_says_more_than_its_name_in_a_private_window(title: str) -> None:
    """In each of its languages, also those that nobody listed."""
    assert PrivateWindows(proc=NOWHERE).holds(browser(title, "firefox"))


@pytest.mark.parametrize(
    "title",
    [
        "Mozilla Firefox",
        "Private browsing — Mozilla Firefox",
        "Mozilla Firefox private browsing explained — Mozilla Firefox",
        "News — Firefox Developer Edition",
        "News — Mozilla Firefox Nightly",
        "Library",
    ],
)
def test_an_ordinary_window_of_firefox_ends_with_its_name(title: str) -> None:
    """Whatever the page is called."""
    assert not PrivateWindows(proc=NOWHERE).holds(browser(title, "firefox"))


@pytest.mark.parametrize("option", ["--incognito", "--inprivate", "--private", "--guest"])
def test_a_browser_that_was_started_private_is_private(tmp_path: Path, option: str) -> None:
    """Also where the process set a title of its own, parted by spaces."""
    command(tmp_path, "/usr/lib/chromium/chromium", option, "https://bank.example/")
    command(tmp_path, f"/opt/brave/brave --flag {option} x", pid=101)
    private = PrivateWindows(proc=tmp_path)
    assert private.holds(browser("Bank - Chromium"))
    assert private.holds(browser("Bank - Brave", "Brave-browser", 2, 101))


def test_a_terminal_in_which_a_private_browser_was_started_is_kept(tmp_path: Path) -> None:
    """The option is not its own."""
    command(tmp_path, "xterm", "-e", "chromium", "--incognito")
    assert not PrivateWindows(proc=tmp_path).holds(browser("shell", "XTerm"))


def test_a_window_that_once_was_private_stays_so() -> None:
    """A browser never turns one into the other; the other windows of the process stay as they are."""
    private = PrivateWindows(proc=NOWHERE)
    assert private.holds(browser("New Incognito Tab - Chromium"))
    assert private.holds(browser("Bank - Chromium"))
    assert not private.holds(browser("News - Chromium", number=2))


def test_a_film_lifted_out_of_a_private_window_is_hidden() -> None:
    """It has a window of its own without the browser's name; so have the tools of an ordinary window, then."""
    private = PrivateWindows(proc=NOWHERE)
    film = browser("Picture-in-Picture", "firefox", 3)
    assert not private.holds(film)
    assert private.holds(browser("Film — Mozilla Firefox Private Browsing", "firefox"))
    assert private.holds(film)
    assert not private.holds(browser("News — Mozilla Firefox", "firefox", 2))


class Told:
    """What a browser tells assistive technology."""

    def __init__(self) -> None:
        self.said: Privacy | None = None
        self.waiting = False

    def privacy(self, window: ScreenWindow) -> Privacy | None:
        return self.said

    def document(self, window: ScreenWindow) -> str | None:
        """No addresses are told here."""

    def asking(self, window: ScreenWindow) -> bool:
        return self.waiting


def test_what_the_browser_says_holds_for_good() -> None:
    """Once it has said what a window is, it is not asked again."""
    told = Told()
    told.said = "private"
    private = PrivateWindows(told, NOWHERE)
    assert private.holds(browser("Bank - Chromium"))
    told.said = "ordinary"
    assert private.holds(browser("Bank 2 - Chromium"))
    assert not private.holds(browser("News - Chromium", number=2))
    told.said = "private"
    assert not private.holds(browser("News 2 - Chromium", number=2))


def test_two_windows_with_one_title_are_hidden_until_they_differ() -> None:
    """Nobody can tell which of them is the private one."""
    told = Told()
    told.said = "either"
    private = PrivateWindows(told, NOWHERE)
    assert private.holds(browser("News - Chromium"))
    told.said = "ordinary"
    assert not private.holds(browser("Weather - Chromium"))


def test_a_window_is_hidden_while_the_browser_is_asked() -> None:
    """When no answer comes, its title decides."""
    told = Told()
    told.waiting = True
    private = PrivateWindows(told, NOWHERE)
    assert private.holds(browser("News - Chromium"))
    told.waiting = False
    assert not private.holds(browser("News - Chromium"))


def test_other_programs_are_never_asked_about() -> None:
    """An editor may write about private windows."""
    told = Told()
    told.said = "private"
    assert not PrivateWindows(told, NOWHERE).holds(replace(window(1, "Editor", "notes"), window=Window("Editor", "x")))
