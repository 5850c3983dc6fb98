"""What of a video becomes a frame: each page that settled, one an interval of what keeps moving, no noise."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recorder.clip_frames import ClipFrames
from tests.support.clips import Making, frames_of, page, spans_s, with_text, write_clip, write_frames
from timeline.clip import Clip
from timeline.model import Picture

BASE = page(1)
RATE = 15


def noisy(picture: Picture, deviation: float, random: np.random.Generator) -> Picture:
    """Return what a camera makes of a page."""
    return np.clip(picture + random.normal(0, deviation, picture.shape), 0, 255).astype(np.uint8)


def spinner(state: int) -> Picture:
    """Return the page with a spinner in one of its twelve states."""
    image = Image.fromarray(np.ascontiguousarray(BASE[:, :, ::-1]))
    angle = state * math.pi / 6
    end = (290 + 14 * math.cos(angle), 170 + 14 * math.sin(angle))
    ImageDraw.Draw(image).line(((290, 170), end), fill="red", width=4)
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])


def test_each_page_is_a_frame_until_the_next(tmp_path: Path) -> None:
    """The last one until the video's end."""
    path = write_clip(tmp_path / "a.mp4", [(page(1), 1.5), (page(2), 1.5), (page(3), 1.0)])
    assert spans_s(path) == pytest.approx(np.array([(0, 1.5), (1.5, 3), (3, 4)]), abs=0.11)


@pytest.mark.parametrize(("text", "fill"), [("hello", "black"), ("i", "#777777"), ("hello", "#bbbbbb")])
def test_what_was_typed_is_a_frame(tmp_path: Path, text: str, fill: str) -> None:
    """A word, a single letter, a word in light grey."""
    typed = with_text(BASE, text, (10, 150), fill)
    path = write_clip(tmp_path / "a.mp4", [(BASE, 3.0), (typed, 2.0)])
    assert spans_s(path) == pytest.approx(np.array([(0, 3), (3, 5)]), abs=0.11)


def test_a_change_of_colour_alone_is_a_frame(tmp_path: Path) -> None:
    """Red becomes a green that is as bright."""
    red, green = BASE.copy(), BASE.copy()
    red[150:170, 10:60], green[150:170, 10:60] = (40, 40, 200), (40, 115, 40)
    assert len(frames_of(write_clip(tmp_path / "a.mp4", [(red, 2.0), (green, 2.0)]))) == 2


@pytest.mark.parametrize("deviation", [4.0, 8.0, 14.0])
def test_noise_is_no_change_and_hides_none(tmp_path: Path, deviation: float) -> None:
    """A screen filmed by a camera: one frame before a word was typed, one after."""
    random = np.random.default_rng(1)
    typed = with_text(BASE, "typed", (10, 150))
    shown = [(noisy(BASE if at < 75 else typed, deviation, random), at / RATE) for at in range(150)]
    assert spans_s(write_frames(tmp_path / "a.mp4", shown)) == pytest.approx(np.array([(0, 5), (5, 10)]), abs=0.11)


def test_key_frames_of_a_poor_encoding_are_no_change(tmp_path: Path) -> None:
    """Each second all edges shift by some levels; one frame more at most, where the first picture is sharpened."""
    making = Making(options={"preset": "veryfast", "crf": "34", "g": "15"})
    assert len(frames_of(write_clip(tmp_path / "a.mp4", [(page(1), 6.0), (page(2), 6.0)], making))) in (2, 3)


def test_a_blinking_caret_is_two_frames(tmp_path: Path) -> None:
    """With it and without it, then nothing new for the whole half minute."""
    lit = BASE.copy()
    lit[150:166, 40:42] = 0
    shown = [((BASE, lit)[int(at / RATE / 0.53) % 2], at / RATE) for at in range(RATE * 30)]
    assert len(frames_of(write_frames(tmp_path / "a.mp4", shown))) == 2


def test_a_spinner_is_one_frame_an_interval_until_it_is_known(tmp_path: Path) -> None:
    """Twelve states, seen one by one every two seconds: then nothing new, however long it turns."""
    shown = [(spinner(at % 12), at / 12) for at in range(12 * 60)]
    assert len(frames_of(write_frames(tmp_path / "a.mp4", shown))) <= 14


def test_smooth_scrolling_is_one_frame_an_interval_and_where_it_came_to_rest(tmp_path: Path) -> None:
    """Eight seconds of scrolling: the page before, one each two seconds, the page after."""
    long = np.vstack([page(number) for number in range(14)])
    tops = [0 if at < 30 else min(2000, (at - 30) * 8) for at in range(30 * 14)]
    shown = [(np.ascontiguousarray(long[top : top + 192]), at / 30) for at, top in enumerate(tops)]
    frames = frames_of(write_frames(tmp_path / "a.mp4", shown, Making(rate=30)))
    assert 4 <= len(frames) <= 6
    assert np.abs(frames[-1].shot.bgr().astype(np.int16) - long[2000:2192]).mean() < 4


def test_typing_is_one_frame_an_interval_and_what_was_typed(tmp_path: Path) -> None:
    """Five letters a second for six seconds."""
    text = "the quick brown fox jumps over"
    shown = [(with_text(BASE, text[: max(0, at // 3 - 5)], (10, 150)), at / RATE) for at in range(RATE * 12)]
    frames = frames_of(write_frames(tmp_path / "a.mp4", shown))
    assert 3 <= len(frames) <= 6
    assert np.abs(frames[-1].shot.bgr().astype(np.int16) - with_text(BASE, text, (10, 150))).mean() < 4


def test_pictures_at_uneven_times_keep_their_spans(tmp_path: Path) -> None:
    """A screen recorder that writes only what changed: nothing for nine seconds."""
    shown = [(page(1), 0.0), (page(2), 0.5), (page(2), 9.0), (page(3), 9.5), (page(3), 20.0)]
    path = write_frames(tmp_path / "a.mkv", shown)
    assert spans_s(path)[:2] == pytest.approx(np.array([(0, 0.5), (0.5, 9.5)]), abs=0.11)


def test_the_frames_from_an_instant_on_are_those_of_the_whole(tmp_path: Path) -> None:
    """What goes on after a kill gives the same frames."""
    path = write_clip(tmp_path / "a.mp4", [(page(number), 1.5) for number in range(5)])
    whole = frames_of(path)
    rest = frames_of(path, whole[2].start_us)
    assert [(one.start_us, one.end_us) for one in rest] == [(one.start_us, one.end_us) for one in whole[2:]]


def test_only_a_few_pictures_are_in_memory(tmp_path: Path) -> None:
    """However long the clip: those compared with, and what the decoder holds."""
    path = write_clip(tmp_path / "a.mp4", [(page(number), 1.0) for number in range(20)])
    with Clip.open(path) as clip:
        alive = [_video_frames() for _ in ClipFrames(clip).frames()]
    assert max(alive[5:]) <= max(alive[:5]) + 2


def _video_frames() -> int:
    import gc

    from av.video.frame import VideoFrame

    return sum(type(one) is VideoFrame for one in gc.get_objects())
