"""Which looks at a monitor are worth a frame, on painted pictures and a clock of the test's own."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from recorder.desktop import Grab, Monitor
from recorder.stream import SWITCH_MOST_S, SWITCH_S, Sight, Stream
from recorder.tiles import SETTLE_S
from tests.support.painted_desktop import grey
from timeline.model import Box, Window

MONITOR = Monitor(0, 0, 0, 640, 448)
EDITOR = Sight(Window("Editor", "notes.txt"), 1, active=True)
BROWSER = Sight(Window("Browser", "first page"), 2, active=True)
CARET = Box(100, 100, 102, 116)


@dataclass
class Watched:
    """A stream, the screen it looks at, and how many frames it thought worth keeping."""

    stream: Stream = field(default_factory=lambda: Stream(MONITOR, 2.0, polled=False))
    screen: Grab = field(default_factory=lambda: grey(40, 640, 448), repr=False)
    sight: Sight = EDITOR
    now_s: float = 100.0
    kept: int = 0
    masks: tuple[Box, ...] = ()
    parts: list[Box] = field(default_factory=list)

    def shows_the_screen(self) -> bool:
        """Whether the frame kept last is what the screen shows."""
        return self.stream.kept is not None and np.array_equal(self.stream.kept.picture, self.screen)

    def draw(self, box: Box, shade: int) -> None:
        """Draw a flat rectangle, as the display would tell of it."""
        self.screen[box.y0 : box.y1, box.x0 : box.x1] = shade
        self.stream.stir((box,), self.now_s)

    def pass_time(self, seconds: float, step_s: float = 0.05) -> None:
        """Let time pass, looking whenever the stream wants to."""
        until_s = self.now_s + seconds
        while self.now_s < until_s - 1e-9:
            self.now_s = min(until_s, self.now_s + step_s)
            self.look()

    def look(self) -> None:
        """Look once, if the stream wants to."""
        self.stream.turn_to(self.sight, self.now_s)
        part = self.stream.wants(self.masks, self.now_s)
        if part is None:
            return
        self.parts.append(part)
        grab = self.screen[part.y0 : part.y1, part.x0 : part.x1].copy()
        if self.stream.see(grab, part, self.masks, self.now_s):
            self.kept += 1
            self.stream.keep(self.kept, self.sight, 0, self.now_s)


@pytest.fixture
def watched() -> Watched:
    """A monitor with an editor on it, kept once."""
    watched = Watched()
    watched.look()
    assert watched.kept == 1
    watched.parts.clear()
    return watched


def test_a_still_monitor_is_not_looked_at(watched: Watched) -> None:
    """Without news there is no grab."""
    watched.pass_time(60, step_s=1)
    assert watched.parts == []


def test_a_drawn_line_is_kept_once_it_stands(watched: Watched) -> None:
    """One change, one frame."""
    watched.draw(Box(50, 50, 300, 70), 200)
    watched.pass_time(5)
    assert watched.kept == 2


def test_only_what_was_drawn_on_is_grabbed(watched: Watched) -> None:
    """The part holds the tiles of the change and no more."""
    watched.draw(Box(70, 70, 80, 80), 200)
    watched.pass_time(1)
    assert watched.parts == [Box(64, 64, 128, 128)]


def test_a_large_change_is_grabbed_whole(watched: Watched) -> None:
    """A part of most of the screen is dearer than the whole."""
    watched.draw(Box(0, 0, 640, 400), 200)
    watched.pass_time(1)
    assert watched.parts == [Box(0, 0, 640, 448)]


def test_a_part_is_kept_in_the_whole(watched: Watched) -> None:
    """The frame shows the whole monitor as it is now."""
    watched.draw(Box(70, 70, 80, 80), 200)
    watched.pass_time(1)
    assert watched.shows_the_screen()


def test_drawing_the_same_again_is_no_frame(watched: Watched) -> None:
    """Browsers repaint what has not changed."""
    watched.draw(Box(50, 50, 300, 70), 40)
    watched.pass_time(5)
    assert watched.kept == 1


def test_a_film_is_kept_once_an_interval(watched: Watched) -> None:
    """Ten seconds of 20 pictures a second are four or five frames."""
    for number in range(200):
        watched.draw(Box(200, 100, 500, 300), 50 + number)
        watched.pass_time(0.05)
    assert 4 <= watched.kept - 1 <= 5


def test_a_page_beside_a_film_is_kept_at_once(watched: Watched) -> None:
    """What moves all the time does not delay the rest."""
    for number in range(10):
        watched.draw(Box(400, 300, 500, 400), number)
        watched.pass_time(0.05)
    watched.draw(Box(10, 10, 200, 200), 99)
    before = watched.kept
    for number in range(10, 16):
        watched.draw(Box(400, 300, 500, 400), number)
        watched.pass_time(0.05)
    assert watched.kept == before + 1


def test_a_caret_that_blinks_is_kept_a_few_times_only(watched: Watched) -> None:
    """Two minutes of blinking are no more frames than it takes to see that it blinks."""
    for number in range(240):
        watched.draw(CARET, 0 if number % 2 else 40)
        watched.pass_time(0.5)
    assert watched.kept <= 5


def test_what_the_caret_leaves_is_kept(watched: Watched) -> None:
    """When it stops, the state that stays is the one that is kept last."""
    for number in range(21):
        watched.draw(CARET, 0 if number % 2 else 40)
        watched.pass_time(0.5)
    watched.draw(CARET, 0)
    watched.pass_time(3)
    assert watched.shows_the_screen()


def test_a_word_beside_a_blinking_caret_is_kept(watched: Watched) -> None:
    """Typing goes on being kept however long the caret has blinked."""
    for number in range(40):
        watched.draw(CARET, 0 if number % 2 else 40)
        watched.pass_time(0.5)
    before = watched.kept
    watched.draw(Box(104, 100, 120, 116), 7)
    watched.pass_time(1.2)
    assert watched.kept == before + 1


def test_an_undone_change_that_stands_is_kept(watched: Watched) -> None:
    """A screen that was there before and stands for a second is no flicker."""
    for shade in (200, 40, 200, 40, 200):
        watched.draw(Box(50, 50, 300, 70), shade)
        watched.pass_time(1.2)
    assert watched.kept == 6


def test_typing_is_kept_about_once_a_second(watched: Watched) -> None:
    """Ten seconds of three keys a second are not thirty frames, and the last word is there."""
    for key in range(30):
        watched.draw(Box(50 + 8 * key, 50, 58 + 8 * key, 66), 200)
        watched.pass_time(1 / 3)
    watched.pass_time(1)
    assert 8 <= watched.kept <= 22
    assert watched.shows_the_screen()


def test_steady_typing_is_kept_about_once_an_interval(watched: Watched) -> None:
    """Text that grows without a pause keeps moving as a whole, though each letter stands as soon as it is there."""
    for key in range(160):
        row, column = divmod(key, 70)
        watched.draw(Box(40 + 8 * column, 50 + 20 * row, 48 + 8 * column, 66 + 20 * row), 200)
        watched.pass_time(1 / 16, step_s=1 / 32)
    watched.pass_time(0.4)
    assert watched.kept - 1 <= 10
    assert watched.shows_the_screen()


def test_typing_beside_a_film_is_not_delayed_by_it(watched: Watched) -> None:
    """Two regions that move are two: a word that stands is kept though the film goes on."""
    for number in range(120):
        watched.draw(Box(320, 200, 640, 448), 50 + number)
        watched.pass_time(0.05)
    watched.draw(Box(20, 20, 28, 36), 200)
    for number in range(120, 140):
        watched.draw(Box(320, 200, 640, 448), 50 + number)
        watched.pass_time(0.05)
    assert watched.stream.kept is not None
    assert (watched.stream.kept.picture[20:36, 20:28] == 200).all()


def test_another_window_is_kept_though_nothing_was_drawn(watched: Watched) -> None:
    """The focus alone begins another moment."""
    watched.sight = BROWSER
    watched.pass_time(2)
    assert watched.kept == 2


def test_a_window_that_is_painted_already_is_kept_as_soon_as_it_stands(watched: Watched) -> None:
    """A window that is brought to the front says its title and shows its page together."""
    watched.sight = BROWSER
    watched.look()
    watched.draw(Box(0, 0, 640, 448), 90)
    watched.pass_time(2 * SETTLE_S)
    assert watched.kept == 2


def test_the_old_page_never_bears_the_new_title(watched: Watched) -> None:
    """A title that changes before its page is painted waits for the page."""
    watched.sight = Sight(Window("Editor", "other.txt"), 1, active=True)
    watched.pass_time(0.4)
    watched.draw(Box(300, 20, 340, 40), 3)  # a spinner
    watched.pass_time(0.2)
    assert watched.kept == 1
    watched.draw(Box(0, 0, 640, 448), 90)
    watched.pass_time(2 * SETTLE_S)
    assert watched.kept == 2


def test_a_title_without_a_page_is_kept_after_a_second(watched: Watched) -> None:
    """A counter of unread mail in the title paints nothing."""
    watched.sight = Sight(Window("Editor", "(3) notes.txt"), 1, active=True)
    watched.pass_time(SWITCH_S + 0.1)
    assert watched.kept == 2


def test_a_title_that_never_stands_still_is_kept_all_the_same(watched: Watched) -> None:
    """Some programs turn a wheel in their title."""
    for number in range(round(SWITCH_MOST_S / 0.1) + 2):
        watched.sight = Sight(Window("Editor", f"busy {number}"), 1, active=True)
        watched.pass_time(0.1)
    assert watched.kept == 2


def test_a_window_that_was_left_again_at_once_is_no_frame(watched: Watched) -> None:
    """A pointer that passes over a window with focus follows mouse shows nothing new."""
    watched.sight = BROWSER
    watched.look()
    watched.sight = EDITOR
    watched.pass_time(3)
    assert watched.kept == 1


def test_other_masks_are_a_reason_to_look_at_all(watched: Watched) -> None:
    """What was hidden may be seen now, and the other way round: nothing old is kept under a mask."""
    watched.masks = (Box(0, 0, 50, 50),)
    watched.look()
    assert watched.parts == [Box(0, 0, 640, 448)]


def test_after_an_absence_everything_is_new(watched: Watched) -> None:
    """The first look after a gap is a frame, though no pixel differs."""
    watched.stream.leave()
    watched.look()
    assert watched.kept == 2


def test_a_change_that_nobody_told_is_seen(watched: Watched) -> None:
    """Some compositors paint past what the X server tells of; a whole look finds out."""
    watched.screen[200:300, 200:300] = 9
    watched.sight = BROWSER
    watched.pass_time(3)
    assert watched.stream.blind(watched.now_s)


def test_a_change_that_was_told_late_is_no_blindness(watched: Watched) -> None:
    """What is drawn between the asking and the grab is told by the next asking."""
    watched.screen[200:300, 200:300] = 9
    watched.sight = BROWSER
    watched.pass_time(1.05)
    watched.draw(Box(200, 200, 300, 300), 9)
    watched.pass_time(3)
    assert not watched.stream.blind(watched.now_s)
