"""Documents of windows: asked in a thread, known at the next look, never a guess."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from recorder.desktop import ScreenWindow
from recorder.documents.accessibility import Accessibility
from recorder.documents.source import DocumentSource
from recorder.documents.titles import Who
from tests.support.message_bus import MessageBus, open_message_bus
from timeline.model import Window


@pytest.fixture
def source(tmp_path: Path) -> Iterator[DocumentSource]:
    """Documents of a user whose home is a temporary folder, without a bus."""
    with DocumentSource(Accessibility(f"unix:path={tmp_path / 'none'}"), Who(str(tmp_path), "mei", "studio")) as source:
        yield source


def window(title: str, number: int = 1, app: str = "XTerm", pid: int | None = None) -> ScreenWindow:
    """A window as the X server would tell of it."""
    return ScreenWindow(number, Window(app, title), None, pid=pid)


def known(source: DocumentSource, one: ScreenWindow, timeout_s: float = 10) -> str | None:
    """What is known of a window once it has been asked about."""
    shown = (one.id, one.window.title)
    source.document(one)
    until = time.monotonic() + timeout_s
    while shown not in source._known:
        assert time.monotonic() < until
        time.sleep(0.01)
    return source.document(one)


def test_a_file_that_a_title_names_is_its_document(source: DocumentSource, tmp_path: Path) -> None:
    """As a URL with the characters that a URL may have."""
    (tmp_path / "预算 2026.md").touch()
    assert known(source, window("预算 2026.md (~) - VIM")) == (tmp_path / "预算 2026.md").as_uri()


def test_a_file_that_is_not_there_is_no_document(source: DocumentSource) -> None:
    """A title may come from another machine."""
    assert known(source, window("plan.md (~) - VIM")) is None


def test_a_folder_that_nobody_may_look_into_is_no_error(source: DocumentSource) -> None:
    """Names that no file can have neither."""
    assert known(source, window("/" + "x" * 300 + " - Mousepad")) is None
    assert known(source, window("~nobody/\0x")) is None


def test_an_unknown_window_is_answered_at_once(source: DocumentSource) -> None:
    """None now; the answer is there at a later look."""
    assert source.document(window("~")) is None


def test_another_title_is_another_question(source: DocumentSource, tmp_path: Path) -> None:
    """The document of the title before is not the new one's."""
    (tmp_path / "a.md").touch()
    assert known(source, window("a.md (~) - VIM")) is not None
    assert source.document(window("b.md (~) - VIM")) is None


def test_a_password_in_an_address_is_not_kept(source: DocumentSource) -> None:
    """The page is found without it."""
    assert known(source, window("https://mei:secret@example.com/a - w3m")) == "https://example.com/a"


@pytest.mark.parametrize("title", ["https://example.com/" + "x" * 4000 + " - w3m", "https://[broken/a - w3m", ""])
def test_what_is_no_usable_address_is_none(source: DocumentSource, title: str) -> None:
    """Endless or broken ones."""
    one = window(title)
    assert (known(source, one) if title else source.document(one)) is None


def test_many_windows_at_once_are_not_all_asked_about(source: DocumentSource) -> None:
    """The newest are; what waits is bounded."""
    for number in range(1000):
        source.document(window("~", number))
        assert len(source._waiting) <= 8
    known(source, window("~", 999))


def test_closing_ends_the_thread(tmp_path: Path) -> None:
    """Also while something waits."""
    source = DocumentSource(Accessibility(f"unix:path={tmp_path / 'none'}"))
    for number in range(8):
        source.document(window("~", number))
    source.close()
    assert not source._thread.is_alive()


# Programs that tell assistive technology

DESKTOP = "/org/a11y/atspi/accessible"
PROGRAM = {
    ("org.a11y.atspi.Accessible", "GetChildren"): ("a(so)", ([("org.example.Editor", f"{DESKTOP}/1")],)),
    ("org.a11y.atspi.Accessible", "GetRelationSet"): ("a(ua(so))", ([(13, [("org.example.Editor", f"{DESKTOP}/2")])],)),
    ("org.a11y.atspi.Document", "GetAttributes"): ("a{ss}", ({"DocURL": "file:///srv/plan.odt", "Title": "plan"},)),
}


@pytest.fixture
def message_bus(tmp_path: Path) -> Iterator[MessageBus]:
    """A bus that is the session's and the accessibility's at once."""
    with open_message_bus(tmp_path) as bus:
        yield bus


def enabled(bus: MessageBus, on: bool) -> dict[str, dict[tuple[str, str], tuple[str, object]]]:
    """What the launcher of the accessibility bus answers."""
    return {
        "methods": {("org.a11y.Bus", "GetAddress"): ("s", (bus.address,))},
        "properties": {("org.a11y.Status", "IsEnabled"): ("b", on)},
    }


@pytest.mark.parametrize(
    ("title", "on", "expected"),
    [("plan.odt", True, "file:///srv/plan.odt"), ("other.odt", True, None), ("plan.odt", False, None)],
)
def test_the_window_with_the_title_tells_its_document(
    message_bus: MessageBus, title: str, on: bool, expected: str | None
) -> None:
    """Another window's document is not taken, and where accessibility is off nobody is asked."""
    registry = {("org.a11y.atspi.Accessible", "GetChildren"): ("a(so)", ([("org.example.Editor", f"{DESKTOP}/root")],))}
    names = {("org.a11y.atspi.Accessible", "Name"): ("s", "plan.odt")}
    with (
        message_bus.service("org.a11y.Bus", **enabled(message_bus, on)),
        message_bus.service("org.a11y.atspi.Registry", methods=registry),
        message_bus.service("org.example.Editor", methods=PROGRAM, properties=names) as editor,
        Accessibility(message_bus.address) as accessibility,
    ):
        assert accessibility.document_of(os.getpid(), title) == expected
        assert ("GetAttributes" in editor.asked) == (expected is not None)


def test_another_process_is_not_asked(message_bus: MessageBus) -> None:
    """A window of the same title in another program."""
    registry = {("org.a11y.atspi.Accessible", "GetChildren"): ("a(so)", ([("org.example.Editor", f"{DESKTOP}/root")],))}
    with (
        message_bus.service("org.a11y.Bus", **enabled(message_bus, True)),
        message_bus.service("org.a11y.atspi.Registry", methods=registry),
        message_bus.service("org.example.Editor", methods=PROGRAM) as editor,
        Accessibility(message_bus.address) as accessibility,
    ):
        assert accessibility.document_of(1, "plan.odt") is None
        assert editor.asked == []
