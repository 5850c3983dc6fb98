"""The recorder's decisions on a painted desktop, with the real gate, spool, segments and timeline."""

from __future__ import annotations

import threading

import pytest

from recorder.privacy import FLAT_COLOUR
from tests.support.desk import EDITOR, KEY, SECOND_US, START_US, VAULT, Desk, seconds
from tests.support.painted_desktop import SIZE, grey, window
from timeline.errors import DiskFull, NoScreen
from timeline.home import DISK_FULL_WAIT_S
from timeline.model import Box, Window
from timeline.pictures import Pictures
from timeline.reader import Reader
from timeline.spool import Spool


def test_the_first_look_keeps_a_frame(desk: Desk) -> None:
    """Window, size and instant are those of the look."""
    desk.poll()
    (frame,) = desk.frames()
    assert (seconds(frame.start_us), frame.width, frame.height) == (1, *SIZE)
    assert frame.window == Window("Editor", "notes.txt")
    assert frame.active


def test_a_still_screen_stores_nothing_more(desk: Desk) -> None:
    """Ten looks at the same picture are one frame that stood for as long."""
    for _ in range(10):
        desk.poll()
    desk.recorder.close()
    (frame,) = desk.frames()
    assert (seconds(frame.start_us), seconds(frame.end_us)) == (1, 10)


def test_the_end_of_a_still_frame_is_written_every_five_seconds(desk: Desk) -> None:
    """A crash costs at most five seconds of a frame's time, and most looks write nothing."""
    ends = []
    for _ in range(8):
        desk.poll()
        ends.append(seconds(desk.frames()[0].end_us))
    assert ends == [2, 2, 2, 2, 2, 6, 6, 6]


def test_a_changed_picture_is_a_new_frame(desk: Desk) -> None:
    """The frame before stood until the change was seen."""
    desk.poll()
    desk.poll()
    desk.screen.pictures[0][10, 10] = 200
    desk.poll()
    desk.recorder.close()
    assert [(seconds(frame.start_us), seconds(frame.end_us)) for frame in desk.frames()] == [(1, 3), (3, 4)]


def test_another_window_is_a_new_frame_though_no_pixel_changed(desk: Desk) -> None:
    """A moment begins where its window got the focus."""
    desk.poll()
    desk.windows.desktop = (window(1, "Editor", "notes.txt"), window(3, "Browser", "page", active=True))
    desk.poll()
    desk.poll()
    assert [frame.window.app for frame in desk.frames()] == ["Editor", "Browser"]


def test_a_new_title_waits_for_what_it_names(desk: Desk) -> None:
    """A browser says the next page's title before it paints that page: the old text never gets the new title."""
    desk.poll()
    desk.windows.desktop = (window(1, "Editor", "notes.txt"), window(3, "Browser", "page", active=True))
    desk.poll()
    assert [frame.window.app for frame in desk.frames()] == ["Editor"]


def test_a_title_that_never_stands_still_is_kept_all_the_same(desk: Desk) -> None:
    """A clock in the title must not keep the recorder from keeping anything."""
    for number in range(7):
        desk.windows.desktop = (window(1, "Player", f"0:0{number}", active=True),)
        desk.poll()
    assert [frame.window.title for frame in desk.frames()] == ["0:00", "0:03", "0:06"]


def test_the_picture_can_be_had_from_spool_and_video(desk: Desk) -> None:
    """What was on the screen is there exactly while it waits to be read, and as video afterwards."""
    desk.poll()
    (frame,) = desk.frames()
    with Reader.open(desk.home, KEY) as reader, Pictures(desk.home, KEY, reader) as pictures:
        assert (pictures.bgr(frame) == 40).all()
        Spool(desk.home, KEY).remove(frame.spool_name or "")
        assert pictures.bgr(frame).mean() == pytest.approx(40, abs=2)


def test_nothing_is_grabbed_while_an_excluded_window_has_the_focus(desk: Desk) -> None:
    """The pixels of a focused password manager are not even asked for."""
    desk.windows.desktop = (VAULT,)
    desk.poll()
    assert desk.screen.grabs == 0
    assert desk.frames() == []


def test_an_excluded_window_is_not_even_named(desk: Desk) -> None:
    """The windows that lie on a frame are kept with their titles, but for the excluded ones."""
    desk.windows.desktop = (window(1, "Editor", "notes.txt", active=True), window(2, "keepassxc", "vault"))
    desk.poll()
    named = desk.writer.db.execute("SELECT app FROM windows").fetchall()
    assert named == [("Editor",)]


def test_a_stretch_of_exclusion_is_one_gap(desk: Desk) -> None:
    """Three looks at a password manager make one gap, and the screen after it is a new frame."""
    desk.poll()
    desk.windows.desktop = (VAULT,)
    for _ in range(3):
        desk.poll()
    desk.windows.desktop = (EDITOR,)
    desk.poll()
    assert [(seconds(gap.start_us), seconds(gap.end_us), gap.reason) for gap in desk.gaps()] == [(2, 5, "excluded")]
    assert [(seconds(frame.start_us), seconds(frame.end_us)) for frame in desk.frames()] == [(1, 2), (5, 6)]


def test_a_gap_that_lasts_to_the_end_is_written_at_the_end(desk: Desk) -> None:
    """Stopping in front of a password manager tells what was not recorded."""
    desk.windows.desktop = (VAULT,)
    desk.poll()
    desk.clock.advance(9)
    desk.recorder.close()
    assert [(seconds(gap.start_us), seconds(gap.end_us)) for gap in desk.gaps()] == [(1, 10)]


def test_an_excluded_window_without_focus_is_painted_over(desk: Desk) -> None:
    """Its rectangle and a margin are flat in spool and video, the rest is as it was."""
    desk.windows.desktop = (EDITOR, window(2, "KeePassXC", "vault", Box(100, 50, 200, 150)))
    desk.poll()
    (frame,) = desk.frames()
    kept = Spool(desk.home, KEY).get(frame.spool_name or "")
    assert kept is not None
    assert (kept[42:158, 92:208] == FLAT_COLOUR).all()
    assert (kept[:, :92] == 40).all()
    assert (kept[:, 208:] == 40).all()


def test_a_focus_that_moves_during_the_grab_is_looked_at_again(desk: Desk) -> None:
    """The frame bears the window that had the focus before and after its grab."""
    browser = window(3, "Browser", "page", active=True)
    desk.windows.upcoming = [(EDITOR,), (browser,), (browser,), (browser,)]
    desk.poll()
    assert [frame.window.app for frame in desk.frames()] == ["Browser"]
    assert desk.screen.grabs == 2


def test_windows_that_never_stand_still_are_left_to_the_next_poll(desk: Desk) -> None:
    """After three tries nothing is kept rather than a picture under a wrong name."""
    browser = window(3, "Browser", "page", active=True)
    desk.windows.upcoming = [(EDITOR,), (browser,)] * 3
    desk.poll()
    assert desk.frames() == []
    desk.poll()
    assert [frame.window.app for frame in desk.frames()] == ["Editor"]


def test_each_monitor_has_frames_of_its_own(desk: Desk) -> None:
    """The active window names its monitor's frame, the topmost ordinary window that of the other."""
    desk.screen.pictures = [grey(40), grey(90)]
    below, above = (window(n, "Player", title, Box(320, 0, 640, 200)) for n, title in ((5, "below"), (6, "above")))
    panel = window(7, "Panel", "panel", Box(320, 0, 640, 20), furniture=True)
    secret = window(8, "KeePassXC", "vault", Box(330, 0, 640, 200))
    desk.windows.desktop = (below, above, secret, EDITOR, panel)
    desk.poll()
    shown = [(frame.monitor, frame.window.title, frame.active) for frame in desk.frames()]
    assert shown == [(0, "notes.txt", True), (1, "above", False)]


def test_a_still_monitor_stores_nothing_beside_a_busy_one(desk: Desk) -> None:
    """Changes on one monitor make frames of that monitor only."""
    desk.screen.pictures = [grey(40), grey(90)]
    for shade in (1, 2, 3):
        desk.screen.pictures[1] = grey(shade)
        desk.poll()
    assert (len(desk.frames(0)), len(desk.frames(1))) == (1, 3)


def test_a_monitor_that_is_unplugged_ends_its_frame(desk: Desk) -> None:
    """Its last frame stood until it was last seen; when it comes back, a new one begins."""
    both = [grey(40), grey(90)]
    for pictures in (both, both, both[:1], both[:1], both):
        desk.screen.pictures = pictures
        desk.poll()
    desk.recorder.close()
    assert [(seconds(frame.start_us), seconds(frame.end_us)) for frame in desk.frames(1)] == [(1, 2), (5, 6)]


def test_the_time_of_a_sleeping_machine_is_a_gap(desk: Desk) -> None:
    """A frame does not seem to have stood for the night in which the lid was closed."""
    desk.poll()
    desk.poll()
    desk.clock.sleep(8 * 3600)
    desk.poll()
    assert [(seconds(gap.start_us), seconds(gap.end_us), gap.reason) for gap in desk.gaps()] == [
        (2, 8 * 3600 + 3, "suspended")
    ]
    assert seconds(desk.frames()[0].end_us) == 2


def test_a_screen_that_goes_away_ends_the_recording_with_its_reason(desk: Desk) -> None:
    """The error reaches the caller, and the next start notes the gap as what it was."""
    desk.screen.gone = True
    with pytest.raises(NoScreen):
        desk.recorder.run(threading.Event())
    desk.writer.begin_recording(START_US + 60 * SECOND_US)
    assert [gap.reason for gap in desk.gaps()] == ["no screen"]


def test_a_failed_commit_leaves_no_entry_in_the_spool(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was put away for a frame that could not be committed is taken back."""

    def no_room(*_: object, **__: object) -> int:
        raise DiskFull("no room")

    monkeypatch.setattr(desk.writer, "add_frame", no_room)
    with pytest.raises(DiskFull):
        desk.poll()
    assert list(desk.home.spool.iterdir()) == []


def test_a_full_disk_is_a_gap_and_recording_resumes_by_itself(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One warning, one gap with its reason, whole frames before and after."""
    desk.poll()
    full = threading.Event()
    put = Spool.put

    def put_if_there_is_room(spool: Spool, picture: object, **how: bool) -> str:
        if full.is_set():
            raise DiskFull("The disk is full.")
        return put(spool, picture, **how)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(Spool, "put", put_if_there_is_room)
    full.set()
    for shade in (1, 2, 3):
        desk.clock.advance(1)
        desk.screen.pictures[0] = grey(shade)
        assert desk.recorder._step_or_wait_for_room() == DISK_FULL_WAIT_S
    full.clear()
    desk.clock.advance(30)
    assert desk.recorder._step_or_wait_for_room() == 1.0
    assert [(seconds(gap.start_us), seconds(gap.end_us), gap.reason) for gap in desk.gaps()] == [(2, 34, "disk full")]
    assert [seconds(frame.start_us) for frame in desk.frames()] == [1, 34]
    assert len(caplog.records) == 1


def test_stopping_ends_the_run_and_closes_everything(desk: Desk) -> None:
    """After `stop` the segment is closed and the last frame's end is written."""
    assert desk.record_until_a_frame_is_kept()
    assert desk.writer.open_segments() == []
