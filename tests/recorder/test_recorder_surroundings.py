"""The recorder among displays that tell nothing, users who leave, full disks, imports and windows that turn secret."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from recorder.desktop import Grab, ScreenWindow
from recorder.leaps import HELD_UP_AFTER_S
from recorder.lingering import LINGER_S
from recorder.presence import IDLE
from recorder.sights import MOST_TITLE
from tests.support.desk import EDITOR, KEY, START_US, Desk, open_desk, seconds
from tests.support.painted_desktop import ToldDamage, grey, window
from timeline.errors import DiskFull
from timeline.home import DISK_FULL_WAIT_S
from timeline.model import Box, Window
from timeline.reader import Reader
from timeline.spool import Spool


def test_a_display_that_does_not_tell_of_changes_is_polled(tmp_path: Path) -> None:
    """Changes that were not told are kept from then on as well."""
    with open_desk(tmp_path, ToldDamage()) as desk:
        desk.poll()
        desk.screen.pictures[0] = grey(99)
        desk.windows.desktop = (window(3, "Browser", "page", active=True),)
        for _ in range(6):
            desk.poll(0.5)
        desk.screen.pictures[0] = grey(7)
        desk.poll(2)
    assert [frame.window.app for frame in desk.frames()][-2:] == ["Browser", "Browser"]


class KnownDocuments:
    """Knows the page of one window, and was asked about these."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []

    def document(self, one: ScreenWindow) -> str | None:
        self.asked.append(one.window.app)
        return "https://example.org/page" if one.window.app == "Browser" else None


def test_the_page_of_a_window_is_kept_with_it(tmp_path: Path) -> None:
    """The frame and the window on it both bear the URL; an excluded window is never asked about."""
    documents = KnownDocuments()
    with open_desk(tmp_path, documents=documents) as desk:
        vault = window(2, "KeePassXC", "vault", Box(10, 10, 50, 50))
        desk.windows.desktop = (window(3, "Browser", "page", active=True), vault)
        desk.poll()
    [frame] = desk.frames()
    with Reader.open(desk.home, KEY) as reader:
        [placed] = reader.windows_of(frame.id)
    page = Window("Browser", "page", "https://example.org/page")
    assert (frame.window, placed.window) == (page, page)
    assert "KeePassXC" not in documents.asked


def kept_pictures(desk: Desk) -> list[Grab]:
    """The raw pictures of all frames, in time order."""
    pictures = [Spool(desk.home, KEY).get(frame.spool_name or "") for frame in desk.frames()]
    return [picture for picture in pictures if picture is not None]


@pytest.mark.parametrize("focused", [True, False])
def test_what_was_secret_is_hidden_until_its_pixels_are_gone(desk: Desk, focused: bool) -> None:
    """A window says that it is another one before its page is painted over."""
    place = Box(100, 50, 200, 150)
    desk.screen.pictures[0][50:150, 100:200] = 222
    secret = window(2, "KeePassXC", "vault", place, active=focused)
    desk.windows.desktop = (window(1, "Editor", "notes.txt", active=not focused), secret)
    desk.poll(0.4)
    desk.clock.advance(4)  # nothing stirs, so nobody looks
    desk.windows.desktop = (EDITOR,)
    for _ in range(3):
        desk.poll(0.4)
    desk.screen.pictures[0][50:150, 100:200] = 40
    for _ in range(6):
        desk.poll(0.4)
    pictures = kept_pictures(desk)
    assert [int((picture == 222).sum()) for picture in pictures] == [0] * len(pictures)
    assert (pictures[-1] == 40).all()


def test_the_loop_wakes_when_a_hidden_place_may_be_seen_again(desk: Desk) -> None:
    """On a screen that stands still nothing else would."""
    desk.windows.desktop = (EDITOR, window(2, "KeePassXC", "vault", Box(100, 50, 200, 150)))
    desk.poll(0.4)
    desk.windows.desktop = (EDITOR,)
    desk.poll(0.4)
    assert 0 < desk.recorder._lingering.due_in_s(desk.clock.monotonic_s()) <= LINGER_S


def test_a_window_whose_title_cannot_be_read_whole_is_not_kept(desk: Desk) -> None:
    """The mark of a private window stands at the end of a title that its page chose."""
    desk.windows.desktop = (replace(EDITOR, unclear=True),)
    desk.poll()
    assert desk.frames() == []


def test_a_long_title_is_cut_in_the_store(desk: Desk) -> None:
    """A page cannot fill the disk with its title."""
    desk.windows.desktop = (window(1, "Browser", "a" * 5000, active=True),)
    desk.poll()
    assert len(desk.frames()[0].window.title or "") == MOST_TITLE


def test_a_disk_that_is_full_at_the_start_is_waited_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recording begins by itself when there is room."""
    begin, tries = desk.writer.begin_recording, []

    def begin_at_the_second_try(at_us: int) -> int:
        tries.append(at_us)
        if len(tries) == 1:
            raise DiskFull("The disk is full.")
        return begin(at_us)

    monkeypatch.setattr(desk.writer, "begin_recording", begin_at_the_second_try)
    monkeypatch.setattr("recorder.recorder.DISK_FULL_WAIT_S", 0.05)
    desk.record_until_a_frame_is_kept()
    assert len(tries) == 2


def test_waiting_for_room_is_no_leap_of_time() -> None:
    """Else a full disk would be told as a recorder that was held up."""
    assert 2 * DISK_FULL_WAIT_S < HELD_UP_AFTER_S


@pytest.mark.parametrize("alone", [True, False])
def test_the_segments_of_an_import_beside_it_stay_open(tmp_path: Path, alone: bool) -> None:
    """They were not left by a recorder that is gone; without an import, what is open was."""
    with open_desk(tmp_path, alone=alone) as desk:
        desk.writer.open_segment("2026-11-22/1.mp4.sealed", 0, START_US, 64, 48)
        desk.record_until_a_frame_is_kept()
        left = [segment.name for segment in desk.writer.open_segments()]
    assert left == ([] if alone else ["2026-11-22/1.mp4.sealed"])


class BusyUser:
    """Somebody who presses keys all the time."""

    idle_s = 0.5
    unattended = False

    def look(self, playing: bool = False) -> str | None:
        return None


def test_a_display_that_never_tells_anything_is_found_out(tmp_path: Path) -> None:
    """Keys are pressed and nothing is drawn for half a minute: that is looked into, without any window's help."""
    with open_desk(tmp_path, ToldDamage(), presence=BusyUser()) as desk:
        desk.poll()
        desk.screen.pictures[0] = grey(99)
        for _ in range(10):
            desk.poll(5)
    assert len(desk.frames()) == 2


def test_a_screen_that_stands_still_is_not_grabbed_while_nobody_types(tmp_path: Path) -> None:
    """Doubt needs a reason."""
    with open_desk(tmp_path, ToldDamage()) as desk:
        desk.poll()
        grabs = desk.screen.grabs
        for _ in range(20):
            desk.poll(5)
        assert desk.screen.grabs == grabs == 1


class LeftDesk:
    """Nobody is there, as long as nothing happens."""

    idle_s = 3600.0
    unattended = True

    def look(self, playing: bool = False) -> str | None:
        return None if playing else IDLE


def test_what_happens_by_itself_is_kept_before_nobody(tmp_path: Path) -> None:
    """A message or a log that comes while nobody is there is worth keeping; a clock that ticks is not."""
    damage = ToldDamage()
    with open_desk(tmp_path, damage, presence=LeftDesk()) as desk:
        desk.poll()
        damage.boxes = [Box(300, 0, 320, 20)]
        desk.poll()
        assert desk.frames() == []
        damage.boxes = [Box(0, 0, 320, 200)]
        desk.poll()
    assert len(desk.frames()) == 1


def test_a_still_frame_stands_until_the_pause_begins(tmp_path: Path) -> None:
    """Between the last look and the pause there is no hole: nothing has changed there."""
    with open_desk(tmp_path, ToldDamage()) as desk:
        desk.poll()
        desk.recorder._presence = LeftDesk()
        desk.poll(5)
        desk.poll(5)
    [frame], [gap] = desk.frames(), desk.gaps()
    assert (seconds(frame.end_us), seconds(gap.start_us)) == (6, 6)
