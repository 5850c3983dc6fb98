"""Categories: the user's word first, then the rules, then the nearest example."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.categories import Categories, category_by_rules
from assistant.category_rules import CATEGORIES, CHINESE_NAMES
from timeline.labels import Example, Labels
from timeline.model import Window

CHESS = Window("firefox", "Sicilian defence, main line")


@pytest.mark.parametrize(
    ("window", "category"),
    [
        (Window("Code", "main.py - dayreel - Visual Studio Code"), "coding"),
        (Window("XTerm", "deploy log"), "coding"),
        (Window("jetbrains-pycharm", "dayreel – main.py"), "coding"),
        (Window("firefox", "Pull request #7 · nora/dayreel · GitHub"), "coding"),
        (Window("XTerm", "notes.txt - editor"), "writing"),
        (Window("libreoffice-writer", "letter.odt"), "writing"),
        (Window("Chromium", "Q4 plan - Google Docs - Chromium"), "writing"),
        (Window("Chromium", "asyncio — Python 3.11 documentation - Chromium"), "reading"),
        (Window("Chromium", "第\xa01\xa0章\xa0GNU/Linux 教程 - Chromium"), "reading"),
        (Window("evince", "paper.pdf"), "reading"),
        (Window("firefox", "周报 - 维基百科"), "reading"),
        (Window("thunderbird", "Inbox"), "communication"),
        (Window("微信", "团队群"), "communication"),
        (Window("firefox", "Inbox (3) - Gmail"), "communication"),
        (Window("zoom", "Zoom Meeting"), "meetings"),
        (Window("chrome", "abc", "https://meet.google.com/abc-defg-hij"), "meetings"),
        (Window("Gimp-2.10", "logo.xcf"), "design"),
        (Window("chrome", "App icons – Figma"), "design"),
        (Window("mpv", "concert.mkv"), "media"),
        (Window("chrome", "Sourdough at home - YouTube"), "media"),
        (Window("org.gnome.Nautilus", "Downloads"), "admin"),
        (Window("libreoffice-calc", "budget.ods"), "admin"),
        (CHESS, None),
        (Window(), None),
    ],
)
def test_the_rules_know_usual_windows(window: Window, category: str | None) -> None:
    """By application, title and address."""
    assert category_by_rules(window) == category


def test_a_browser_without_a_rule_is_browsing_and_the_rest_is_other() -> None:
    """Every window has a category."""
    assert Categories().of(CHESS) == "browsing"
    assert Categories().of(Window("Frobnicator", "x")) == "other"


def test_every_category_has_a_chinese_name() -> None:
    """Answers are in both languages."""
    assert set(CHINESE_NAMES) == set(CATEGORIES)


def labelled(*examples: Example, names: dict[str, str] | None = None) -> Categories:
    return Categories(Labels(names or {}, examples))


def test_a_correction_beats_the_rules() -> None:
    """The user knows better."""
    log = Window("XTerm", "deploy log")
    assert labelled(Example(log, "admin", False)).of(log) == "admin"


def test_a_correction_counts_for_nearly_the_same_title() -> None:
    """The same file changed, the same page of another day."""
    categories = labelled(Example(Window("XTerm", "deploy log staging"), "admin", False))
    assert categories.of(Window("XTerm", "deploy log staging *")) == "admin"
    assert categories.of(Window("XTerm", "git log")) == "coding"


def test_a_whole_application_may_be_corrected() -> None:
    """A single window's correction goes before it."""
    one, other = Window("XTerm", "irc"), Window("XTerm", "anything")
    categories = labelled(Example(one, "communication", True), Example(Window("XTerm", "song"), "media", False))
    assert categories.of(other) == "communication"
    assert categories.of(Window("XTerm", "song")) == "media"


def test_the_nearest_example_decides_where_no_rule_does() -> None:
    """In the space of meanings; what is near to nothing stays as it was."""

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([[1, 0] if "defence" in text or "opening" in text else [0, 1] for text in texts], np.float32)

    labels = Labels({"chess": "chess"}, (Example(Window("chrome", "Opening theory: opening"), "chess", False),))
    categories = Categories(labels, embed)
    assert categories.of(CHESS) == "chess"
    assert categories.of(Window("firefox", "Rome in winter")) == "browsing"


def test_names_are_the_users_in_every_language() -> None:
    """Both languages and the new name mean the category."""
    categories = labelled(names={"coding": "hacking", "chess": "chess"})
    assert categories.name("coding", "zh") == "hacking"
    assert categories.name("reading", "zh") == "阅读"
    assert [categories.key(said) for said in ("Hacking", "coding", "编程", "chess", "nothing")] == [
        "coding", "coding", "coding", "chess", None,
    ]  # fmt: skip
