"""The privacy gate: what may be kept, decided from the windows alone."""

from __future__ import annotations

import numpy as np
import pytest

from recorder.desktop import Desktop
from recorder.exclusions import DEFAULT_APPS, DEFAULT_TITLES
from recorder.privacy import FLAT_COLOUR, Decision, Gate, paint
from tests.support.painted_desktop import grey, window
from timeline.errors import SettingsWrong
from timeline.model import Box, Window

EDITOR = window(1, "Editor", "notes", Box(0, 0, 300, 200), active=True)
VAULT = window(2, "KeePassXC", "vault", Box(100, 50, 200, 150), opaque=True)
GATE = Gate(DEFAULT_APPS, DEFAULT_TITLES)


@pytest.mark.parametrize(
    ("app", "title"),
    [
        ("KeePassXC", "anything"),
        ("keepassxc", None),
        ("org.keepassxc.KeePassXC", None),
        ("Bitwarden", "Bitwarden"),
        ("1Password", None),
        ("org.gnome.seahorse.Application", None),
        ("Pinentry-gtk-2", None),
        ("gcr-prompter", None),
        ("Polkit-gnome-authentication-agent-1", "Authenticate"),
        ("kwalletmanager5", None),
        ("Proton Pass", None),
        ("XTerm", "Passwords - KeePassXC"),
        ("XTerm", "work.kdbx [Locked] - KeePassXC"),
        ("firefox", "My bank — Mozilla Firefox Private Browsing"),
        ("firefox", "Mozilla Firefox (Private Browsing)"),
        ("firefox", "网上银行 — Mozilla Firefox 隐私浏览"),
        ("firefox", "Meine Bank — Mozilla Firefox Privater Modus"),
        ("firefox", "Navigation privée de Mozilla Firefox"),
        ("firefox", "Banque — Mozilla Firefox (navigation privée)"),
        ("firefox", "Banco — Mozilla Firefox Navegación privada"),
        ("firefox", "銀行 — Mozilla Firefox プライベートブラウジング"),
        ("firefox", "Банк — Mozilla Firefox Приватный просмотр"),
        ("Google-chrome", "My bank - Google Chrome (Incognito)"),
        ("Google-chrome", "网上银行 - Google Chrome（无痕模式）"),
        ("Google-chrome", "New Incognito Tab - Google Chrome"),
        ("Google-chrome", "打开新的无痕式标签页 - Google Chrome"),
        ("Google-chrome", "Meine Bank - Google Chrome (Inkognito)"),
        ("Chromium", "My bank - Chromium (Incognito)"),
        ("Microsoft-edge", "My bank - [InPrivate] - Microsoft\u200b Edge"),
        ("Microsoft-edge", "My bank - Microsoft Edge (InPrivate)"),
        ("Brave-browser", "My bank - Brave (Private)"),
        ("Opera", "My bank - Opera (Private)"),
        ("Vivaldi-stable", "My bank - Vivaldi (Private)"),
    ],
)
def test_secrets_are_excluded_by_default(app: str, title: str | None) -> None:
    """Password managers, password prompts and private windows of the known browsers are never kept."""
    assert GATE.excludes(Window(app, title))


@pytest.mark.parametrize(
    ("app", "title"),
    [
        ("firefox", "How private browsing works — Mozilla Firefox"),
        ("firefox", "Private browsing - Wikipedia — Mozilla Firefox"),
        ("firefox", "KeePassXC User Guide — Mozilla Firefox"),
        ("firefox", "隐私浏览模式怎么用 — Mozilla Firefox"),
        ("Google-chrome", "What incognito mode does - Google Chrome"),
        ("Google-chrome", "Incognito (film) - Google Chrome"),
        ("Google-chrome", "Private equity firms - Google Chrome"),
        ("Microsoft-edge", "InPrivate explained - Microsoft Edge"),
        ("libreoffice-writer", "Private browsing and the law.odt - LibreOffice Writer"),
        ("XTerm", "private"),
        ("Slack", "Private channel - Slack"),
        (None, None),
    ],
)
def test_pages_that_speak_of_secrets_are_kept(app: str | None, title: str | None) -> None:
    """A document about private browsing or about a password manager is an ordinary document."""
    assert not GATE.excludes(Window(app, title))


def test_application_patterns_are_equal_but_for_case_or_globs() -> None:
    """`signal` is not `signal-desktop`, `signal*` is."""
    gate = Gate(["Signal"], [])
    assert gate.excludes(Window("SIGNAL"))
    assert not gate.excludes(Window("signal-desktop"))
    assert Gate(["signal*"], []).excludes(Window("Signal-Desktop"))


def test_a_bad_title_pattern_is_a_wrong_setting() -> None:
    """The pattern is named, so that it can be found in the settings."""
    with pytest.raises(SettingsWrong, match=r"'\(bank'"):
        Gate([], ["(bank"])


def test_a_focused_excluded_window_keeps_nothing() -> None:
    """Nothing of the screen is kept while a password manager has the focus, before or after the grab."""
    focused = window(2, "KeePassXC", "vault", VAULT.box, active=True)
    assert GATE.decide((focused,), (focused,)) == Decision("skip", reason="excluded")
    assert GATE.decide((EDITOR,), (focused,)) == Decision("skip", reason="excluded")
    assert GATE.decide((focused,), (EDITOR,)) == Decision("skip", reason="excluded")


def test_a_visible_excluded_window_is_masked_with_a_margin() -> None:
    """A password manager above the editor gives its rectangle, 8 px wider on each side."""
    desktop: Desktop = (EDITOR, VAULT)
    assert GATE.decide(desktop, desktop) == Decision("keep", masks=(Box(92, 42, 208, 158),))


def test_a_hidden_excluded_window_costs_nothing() -> None:
    """Wholly below an opaque window it cannot be seen, so nothing is painted over."""
    desktop: Desktop = (VAULT, EDITOR)
    assert GATE.decide(desktop, desktop) == Decision("keep")


def test_only_the_part_that_shows_is_masked() -> None:
    """Half below the editor, the other half is masked."""
    cover = window(1, "Editor", "notes", Box(0, 0, 150, 200), active=True)
    desktop: Desktop = (VAULT, cover)
    assert GATE.decide(desktop, desktop).masks == (Box(142, 42, 208, 158),)


def test_a_see_through_window_hides_nothing() -> None:
    """Below a window that may be transparent the whole rectangle is masked."""
    glass = window(1, "Editor", "notes", Box(0, 0, 300, 200), active=True, opaque=False)
    desktop: Desktop = (VAULT, glass)
    assert GATE.decide(desktop, desktop).masks == (Box(92, 42, 208, 158),)


def test_an_excluded_window_at_an_unknown_place_keeps_nothing() -> None:
    """What cannot be masked must not be kept."""
    desktop: Desktop = (EDITOR, window(2, "KeePassXC", "vault", None))
    assert GATE.decide(desktop, desktop) == Decision("skip", reason="excluded")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((EDITOR,), (EDITOR, VAULT)),
        ((EDITOR, VAULT), (EDITOR,)),
        ((EDITOR, VAULT), (EDITOR, window(2, "KeePassXC", "vault", Box(10, 50, 110, 150)))),
    ],
)
def test_an_excluded_window_that_came_went_or_moved_asks_for_another_grab(before: Desktop, after: Desktop) -> None:
    """Where it was at the very moment of the grab is not known."""
    assert GATE.decide(before, after) == Decision("again")


def test_a_focus_that_moved_asks_for_another_grab() -> None:
    """Otherwise the picture of one window would bear the name of another."""
    other = window(3, "Browser", "page", active=True)
    assert GATE.decide((EDITOR,), (other,)) == Decision("again")


def test_an_ordinary_window_that_moved_is_kept() -> None:
    """Dragging a window that is no secret does not hold up the recording."""
    moved = window(1, "Editor", "notes", Box(20, 0, 320, 200), active=True)
    assert GATE.decide((EDITOR,), (moved,)) == Decision("keep")


def test_painting_covers_exactly_the_boxes() -> None:
    """Boxes are painted flat, cut at the edges of the picture, and nothing else is touched."""
    picture = grey(7, 40, 30)
    paint(picture, [Box(-5, -5, 4, 3), Box(30, 20, 90, 90), Box(-20, -20, -10, -10)])
    expected = np.full((30, 40), 7, np.uint8)
    expected[:3, :4] = expected[20:, 30:] = FLAT_COLOUR
    assert np.array_equal(picture[:, :, 0], expected)
