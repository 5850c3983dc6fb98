"""The recorder's decisions on a painted desktop, with the real gate, spool, segments and timeline."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from recorder.desktop import Grab, ScreenWindow
from recorder.exclusions import DEFAULT_APPS, DEFAULT_TITLES
from recorder.keeper import Keeper
from recorder.leaps import HELD_UP_AFTER_S
from recorder.lingering import LINGER_S
from recorder.polling import Polling
from recorder.presence import IDLE
from recorder.privacy import FLAT_COLOUR, Gate
from recorder.recorder import Recorder
from recorder.segments import Segments
from recorder.sights import MOST_TITLE
from tests.support.painted_desktop import SIZE, ListedWindows, PaintedScreen, ToldDamage, grey, window
from timeline.clock import FixedClock
from timeline.errors import DiskFull, NoScreen
from timeline.home import DISK_FULL_WAIT_S, Home
from timeline.keys import Key
from timeline.model import Box, Frame, Gap, Interval, Window
from timeline.pictures import Pictures
from timeline.reader import Reader
from timeline.spool import Spool
from timeline.writer import Writer

SECOND_US = 1_000_000
START_US = 1_795_312_800_000_000
ALL_TIME = Interval(0, 2 * START_US)
KEY = Key(bytes(range(32)), "file")
EDITOR = window(1, "Editor", "notes.txt", active=True)
VAULT = window(2, "KeePassXC", "vault", active=True)


@dataclass(slots=True)
class Desk:
    """A recorder at work on a painted desktop."""

    home: Home
    clock: FixedClock
    screen: PaintedScreen
    windows: ListedWindows
    writer: Writer
    recorder: Recorder

    def poll(self, seconds: float = 1.0) -> None:
        """Let time pass, then look once."""
        self.clock.advance(seconds)
        self.recorder.step()

    def frames(self, monitor: int | None = None) -> list[Frame]:
        """All committed frames, in time order."""
        with Reader.open(self.home, KEY) as reader:
            return reader.frames(ALL_TIME, monitor)

    def gaps(self) -> list[Gap]:
        """All gaps, in time order."""
        with Reader.open(self.home, KEY) as reader:
            return reader.gaps(ALL_TIME)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """One grey monitor with an editor on it, not looked at yet."""
    home = Home(tmp_path / "home")
    clock, screen, windows = FixedClock(START_US), PaintedScreen([grey(40)]), ListedWindows((EDITOR,))
    gate = Gate(DEFAULT_APPS, DEFAULT_TITLES)
    with Writer.open(home, KEY) as writer:
        keeper = Keeper(writer, Spool(home, KEY), Segments(home, KEY, writer))
        recorder = Recorder(screen, windows, Polling(), gate, keeper, clock, interval_s=1.0)
        yield Desk(home, clock, screen, windows, writer, recorder)
        recorder.close()


def seconds(at_us: int) -> float:
    """Seconds since the test's start."""
    return (at_us - START_US) / SECOND_US


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
    stop = threading.Event()
    thread = threading.Thread(target=desk.recorder.run, args=(stop,))
    thread.start()
    while not desk.frames():
        thread.join(0.02)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert desk.writer.open_segments() == []


def test_a_display_that_does_not_tell_of_changes_is_polled(tmp_path: Path) -> None:
    """Changes that were not told are kept from then on as well."""
    home = Home(tmp_path / "home")
    clock, screen, windows = FixedClock(START_US), PaintedScreen([grey(40)]), ListedWindows((EDITOR,))
    with Writer.open(home, KEY) as writer:
        keeper = Keeper(writer, Spool(home, KEY), Segments(home, KEY, writer))
        recorder = Recorder(screen, windows, ToldDamage(), Gate([], []), keeper, clock)
        desk = Desk(home, clock, screen, windows, writer, recorder)
        desk.poll()
        screen.pictures[0] = grey(99)
        windows.desktop = (window(3, "Browser", "page", active=True),)
        for _ in range(6):
            desk.poll(0.5)
        screen.pictures[0] = grey(7)
        desk.poll(2)
        recorder.close()
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
    home, documents = Home(tmp_path / "home"), KnownDocuments()
    vault = window(2, "KeePassXC", "vault", Box(10, 10, 50, 50))
    windows = ListedWindows((window(3, "Browser", "page", active=True), vault))
    gate = Gate(DEFAULT_APPS, DEFAULT_TITLES)
    with Writer.open(home, KEY) as writer:
        keeper = Keeper(writer, Spool(home, KEY), Segments(home, KEY, writer))
        clock = FixedClock(START_US)
        screen = PaintedScreen([grey(40)])
        recorder = Recorder(screen, windows, Polling(), gate, keeper, clock, documents=documents)
        recorder.step()
        recorder.close()
    with Reader.open(home, KEY) as reader:
        [frame] = reader.frames(ALL_TIME)
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
    stop = threading.Event()
    thread = threading.Thread(target=desk.recorder.run, args=(stop,))
    thread.start()
    while not desk.frames():
        thread.join(0.02)
    stop.set()
    thread.join(10)
    assert len(tries) == 2


def test_waiting_for_room_is_no_leap_of_time() -> None:
    """Else a full disk would be told as a recorder that was held up."""
    assert 2 * DISK_FULL_WAIT_S < HELD_UP_AFTER_S


def test_the_segments_of_an_import_beside_it_stay_open(desk: Desk) -> None:
    """They were not left by a recorder that is gone."""
    segment_id = desk.writer.open_segment("2026-11-22/1.mp4.sealed", 0, START_US, 64, 48)
    keeper = desk.recorder._keeper
    recorder = Recorder(desk.screen, desk.windows, Polling(), Gate([], []), keeper, desk.clock, alone=False)
    stop = threading.Event()
    stop.set()
    recorder.run(stop)
    assert [segment.id for segment in desk.writer.open_segments()] == [segment_id]


class BusyUser:
    """Somebody who presses keys all the time."""

    idle_s = 0.5
    unattended = False

    def look(self, playing: bool = False) -> str | None:
        return None


def test_a_display_that_never_tells_anything_is_found_out(tmp_path: Path) -> None:
    """Keys are pressed and nothing is drawn for half a minute: that is looked into, without any window's help."""
    home = Home(tmp_path / "home")
    clock, screen, windows = FixedClock(START_US), PaintedScreen([grey(40)]), ListedWindows((EDITOR,))
    with Writer.open(home, KEY) as writer:
        keeper = Keeper(writer, Spool(home, KEY), Segments(home, KEY, writer))
        recorder = Recorder(screen, windows, ToldDamage(), Gate([], []), keeper, clock, presence=BusyUser())
        desk = Desk(home, clock, screen, windows, writer, recorder)
        desk.poll()
        screen.pictures[0] = grey(99)
        for _ in range(10):
            desk.poll(5)
        recorder.close()
    assert len(desk.frames()) == 2


def test_a_screen_that_stands_still_is_not_grabbed_while_nobody_types(desk: Desk) -> None:
    """Doubt needs a reason."""
    recorder = Recorder(desk.screen, desk.windows, ToldDamage(), Gate([], []), desk.recorder._keeper, desk.clock)
    recorder.step()
    grabs = desk.screen.grabs
    for _ in range(20):
        desk.clock.advance(5)
        recorder.step()
    recorder.close()
    assert desk.screen.grabs == grabs


class LeftDesk:
    """Nobody is there, as long as nothing happens."""

    idle_s = 3600.0
    unattended = True

    def look(self, playing: bool = False) -> str | None:
        return None if playing else IDLE


def test_what_happens_by_itself_is_kept_before_nobody(tmp_path: Path) -> None:
    """A message or a log that comes while nobody is there is worth keeping; a clock that ticks is not."""
    home = Home(tmp_path / "home")
    clock, screen, windows, damage = (
        FixedClock(START_US),
        PaintedScreen([grey(40)]),
        ListedWindows((EDITOR,)),
        ToldDamage(),
    )
    with Writer.open(home, KEY) as writer:
        keeper = Keeper(writer, Spool(home, KEY), Segments(home, KEY, writer))
        recorder = Recorder(screen, windows, damage, Gate([], []), keeper, clock, presence=LeftDesk())
        desk = Desk(home, clock, screen, windows, writer, recorder)
        desk.poll()
        damage.boxes = [Box(300, 0, 320, 20)]
        desk.poll()
        assert desk.frames() == []
        damage.boxes = [Box(0, 0, 320, 200)]
        desk.poll()
        recorder.close()
    assert len(desk.frames()) == 1


def test_a_still_frame_stands_until_the_pause_begins(tmp_path: Path) -> None:
    """Between the last look and the pause there is no hole: nothing has changed there."""
    home, desk_left = Home(tmp_path / "home"), LeftDesk()
    clock, screen, windows = FixedClock(START_US), PaintedScreen([grey(40)]), ListedWindows((EDITOR,))
    with Writer.open(home, KEY) as writer:
        keeper = Keeper(writer, Spool(home, KEY), Segments(home, KEY, writer))
        recorder = Recorder(screen, windows, ToldDamage(), Gate([], []), keeper, clock)
        desk = Desk(home, clock, screen, windows, writer, recorder)
        desk.poll()
        recorder._presence = desk_left
        desk.poll(5)
        desk.poll(5)
        recorder.close()
    [frame], [gap] = desk.frames(), desk.gaps()
    assert (seconds(frame.end_us), seconds(gap.start_us)) == (6, 6)
