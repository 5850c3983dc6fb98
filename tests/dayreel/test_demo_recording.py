"""The bundled recording: small, whole, and in step with its tour."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
from PIL import Image

from dayreel.demo.tour import TOUR
from recorder.screenshot_files import list_files
from timeline.clock import to_us


def test_it_is_small() -> None:
    """At most thirty distinct frames and three megabytes come with the program."""
    files = _files()
    assert len({path.read_bytes() for path in files}) <= 30
    assert sum(path.stat().st_size for path in files) <= 3_000_000


def test_every_picture_has_its_window() -> None:
    """The sidecar beside the folder names application and title for each."""
    pictures = list_files([TOUR.recording]).pictures
    assert len(pictures) == len(_files())
    assert all(shot.window.app and shot.window.title for shot in pictures)


def test_every_picture_is_a_screen_and_not_a_blank_page() -> None:
    """All have the size of the screen and more than one colour in their middle."""
    for path in _files():
        with Image.open(path) as picture:
            assert picture.size == (1280, 800)
            assert np.asarray(picture.convert("L"))[150:350].std() > 5


def test_it_spans_two_days_before_the_tour() -> None:
    """Questions about yesterday and today have something to find."""
    starts = [shot.start_us for shot in list_files([TOUR.recording]).pictures]
    now_us = to_us(TOUR.now)
    today_us, yesterday_us = (to_us(TOUR.now.replace(hour=0) - timedelta(days=days)) for days in (0, 1))
    assert yesterday_us <= min(starts) < today_us <= max(starts) < now_us


def test_the_tour_has_three_searches_and_two_questions() -> None:
    """As many as are shown, in both languages."""
    assert (len(TOUR.searches), len(TOUR.questions)) == (3, 2)
    assert any("\u4e00" <= character <= "\u9fff" for character in "".join(TOUR.questions))


def _files() -> list[Path]:
    return sorted(TOUR.recording.glob("*.png"))
